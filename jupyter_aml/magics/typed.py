"""From a magic's parsed line to the keywords of a verb: numbers, choices, names. Nothing is run here."""

from collections.abc import Mapping
from typing import Final

from jupyter_aml.exceptions import UserErrorException
from jupyter_aml.magics.parser import Line
from jupyter_aml.verbs.option import LABEL, VERSION, Option, read
from jupyter_aml.verbs.table import NAME, Verb

NEWEST: Final = "latest"


def values(verb: Verb, line: Line, word: str) -> dict[str, object]:
    """The keywords that were typed after `word`, the magic's name.

    UserErrorException for a value that cannot be, or a name that is missing.
    """
    said: dict[str, object] = {option.key: True for option in verb.options if option.name in line.flags}
    for option in verb.options:
        if option.name in line.values:
            said[option.key] = _value(option, line)
    if line.words:
        said |= _referred(verb, line.words[0], said)
    _complete(verb, said, word)
    return said


def _value(option: Option, line: Line) -> object:
    if option.pair:
        return line.pairs(option.name)
    found = tuple(read(option, text) for text in line.values[option.name])
    return found if option.many else found[-1]


def _referred(verb: Verb, word: str, said: Mapping[str, object]) -> dict[str, object]:
    """A bare word: a name, with `:version` or `@label` where the verb has them."""
    if NAME.removeprefix("--") in said:
        raise UserErrorException(f"Two names were given: '{said['name']}' and '{word}'.")
    if not verb.takes(VERSION):
        return {"name": word}
    name, colon, version = word.partition(":")
    name, at, label = (name, "", "") if colon else word.partition("@")
    found: dict[str, object] = {"name": name}
    return found | ({"version": version} if colon else {}) | ({"label": label} if at else {})


def _complete(verb: Verb, said: dict[str, object], word: str) -> None:
    """What was left out: a bare name means its newest version where one is needed."""
    for option in verb.options:
        if option.required and option.key not in said:
            form = f"{word} {verb.name} NAME" if option is verb.by_name else f"{option.name} {option.value}"
            raise UserErrorException(f"{verb.name} needs {option.help}.", resolution=form)
    if verb.newest and "version" not in said and LABEL.key not in said:
        said[LABEL.key] = NEWEST

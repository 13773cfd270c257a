"""`%aml_data`, `%aml_compute`, …: the verbs of the table, typed in a cell. Parses, makes one call, gives the value."""

import sys
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Final

from jupyter_aml.exceptions import UserErrorException, did_you_mean
from jupyter_aml.magics.outcry import plain
from jupyter_aml.magics.parser import parse, split, usage
from jupyter_aml.magics.session import SESSION
from jupyter_aml.magics.typed import values
from jupyter_aml.verbs import MAGICS
from jupyter_aml.verbs.drafts import Cell
from jupyter_aml.verbs.option import FILE, LABEL, VERSION, YES, Option
from jupyter_aml.verbs.table import Noun, Verb, never_said, paged, typed
from jupyter_aml.verbs.value import cells, filled, plain_one, several

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

Magic = Callable[[str, str | None], object]
CLEAR: Final = "If the line holds one, clear the cell: notebooks and histories keep what was typed."
LIST: Final = "list"
CREATE: Final = "create"


def register(ip: "InteractiveShell") -> None:
    """Make a magic of every noun that has none of its own."""
    for name in MAGICS:
        noun: Noun = import_module(f"jupyter_aml.verbs.{name}").NOUN
        ip.magics_manager.register_function(magic(noun), "line_cell", f"aml_{name}")


def magic(noun: Noun) -> Magic:
    """The magic of a noun: `%aml_NOUN VERB …`, and `%%aml_NOUN` with a YAML below."""

    def run(line: str, cell: str | None = None) -> object:
        return carried_out(noun, line, cell)

    run.__name__ = f"aml_{noun.name}"
    run.__doc__ = help_of(noun)
    return plain(run)


def carried_out(noun: Noun, line: str, cell: str | None) -> object:
    """What the line asks for, done; its value."""
    words = split(line)
    verb = verb_of(noun, words, cell)
    said = _said(verb, words, f"%aml_{noun.name}")
    if cell is not None:
        said[FILE.key] = _body(cell)
    _ask(noun, verb, said)
    found = verb.run(SESSION.client, **typed(verb.options, said))
    return _shown(verb, said, found)


def _body(cell: str) -> Cell:
    if not cell.strip():
        raise UserErrorException("The cell is empty.", resolution="Its body is the YAML: name: …")
    return Cell(cell)


def _said(verb: Verb, words: list[str], magic: str) -> dict[str, object]:
    """What was typed; a line that may hold a secret is refused without a word of it."""
    try:
        return values(verb, parse(words, verb.options, most_words=1 if verb.by_name else 0), magic)
    except UserErrorException:
        if verb.hides:
            raise UserErrorException(never_said(verb, f"{magic} {verb.name} NAME"), resolution=CLEAR) from None
        raise


def verb_of(noun: Noun, words: list[str], cell: str | None) -> Verb:
    """The verb that the line begins with, taken off it; `list`, or `create` above a cell, when it names none."""
    while words and words[0] in noun.nouns:
        noun = noun.nouns[words.pop(0)]
    name = words.pop(0) if words and (cell is None or words[0] in noun.verbs) and not words[0].startswith("-") else ""
    name = name or (LIST if cell is None else CREATE)
    if name not in noun.verbs:
        noun.refuse(name)
        message = f"%aml_{noun.name}: '{name}' is not something to do with it."
        raise UserErrorException(message, resolution=did_you_mean(name, [*noun.verbs, *noun.nouns]))
    if cell is not None and not noun.verbs[name].takes_yaml:
        raise UserErrorException(f"%%aml_{noun.name} {name} takes no cell.", resolution=f"%aml_{noun.name} {name} …")
    return noun.verbs[name]


def help_of(noun: Noun) -> str:
    """The docstring of a magic, made of the table."""
    return f"{noun.help}\n\n{verbs_of(noun)}\n\nExamples\n--------\n%aml_{noun.name} list"


def verbs_of(noun: Noun) -> str:
    """What may follow the magic's name: its verbs, then the options of each."""
    word, every = f"%aml_{noun.name}", list(noun.verbs.values())
    parts = ["\n".join(f"{f'{word} {_form(verb)}':<44}{verb.help}" for verb in every)]
    parts += [f"{word} {below.name} {'|'.join(below.verbs)}\n  {below.help}" for below in noun.nouns.values()]
    if any(verb.takes_yaml for verb in every):
        parts.append(f"%{word} [create] [options]  with its YAML as the cell's body")
    parts.append(f"What it gives is a value: found = {word} list")
    if any(verb.newest for verb in every):
        parts.append("NAME may be NAME:VERSION or NAME@latest; alone, show and update take the newest version.")
    parts += [f"{word} {verb.name}\n{usage(shown)}" for verb in every if (shown := _options(verb))]
    return "\n\n".join(parts)


def _form(verb: Verb) -> str:
    name = "" if verb.by_name is None else ("NAME" if verb.by_name.required else "[NAME]")
    return " ".join(filter(None, (verb.name, name, "[options]" if _options(verb) else "")))


def _options(verb: Verb) -> list[Option]:
    return [option for option in verb.options if option is not verb.by_name and not option.hidden]


def _ask(noun: Noun, verb: Verb, said: dict[str, object]) -> None:
    """A cell that is run again must not surprise: what cannot be undone is said twice."""
    if verb.asks and not said.get(YES.key):
        message = f"%aml_{noun.name} {verb.name} cannot be undone. {verb.help}"
        raise UserErrorException(message, resolution="Add --yes if that is meant.")


def _meant(said: dict[str, object]) -> str:
    """What it was done to: a name, with its version or label where one was typed."""
    version, label = said.get(VERSION.removeprefix("--")), said.get(LABEL.key)
    return f"{said.get('name', '')}" + (f":{version}" if version else f"@{label}" if label else "")


def _shown(verb: Verb, said: dict[str, object], found: object) -> object:
    if found is None:
        if verb.done:
            sys.stdout.write(verb.done.format(**said | {"name": _meant(said)}) + "\n")
        return None
    if not several(found):
        return found
    things, more = paged(verb, found, said)
    things = things if isinstance(things, list) else list(things)  # pyright: ignore[reportArgumentType]
    if more:
        sys.stderr.write(more + "\n")
    from jupyter_aml.widgets.listing import Listing  # %load_ext waits for no widget

    rows = [cells(plain_one(thing), verb.columns) for thing in things]
    return Listing(verb.many, things, *filled([title for title, _ in verb.columns], rows))

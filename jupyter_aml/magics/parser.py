"""A magic's line: options and words, split like a shell. Mistakes are errors with the nearest option."""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from jupyter_aml.exceptions import UserErrorException, did_you_mean
from jupyter_aml.verbs.option import Option

_PAIR: Final = "="
_FORM: Final = 22
"""How wide the column of options is at least."""


@dataclass(frozen=True, slots=True)
class Line:
    """What a line said: words in order, options by name, flags."""

    words: tuple[str, ...] = ()
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    flags: frozenset[str] = frozenset()

    def one(self, name: str) -> str | None:
        """The value of an option, or None."""
        return self.values[name][-1] if name in self.values else None

    def pairs(self, name: str) -> dict[str, str]:
        """The `k=v` values of an option, as a mapping."""
        return dict(_pair(name, text) for text in self.values.get(name, ()))

    def number(self, name: str) -> float | None:
        """The value of an option as a number, or None. UserErrorException when it is none."""
        text = self.one(name)
        try:
            return None if text is None else float(text)
        except ValueError:
            raise UserErrorException(f"{name}: a number is expected, found '{text}'.") from None


def parse(line: str | Sequence[str], options: Sequence[Option], *, most_words: int = 0) -> Line:
    """The options and words of a magic's line. `--name VALUE` and `--name=VALUE` are the same.

    More `k=v` may follow an option that takes several. Raises UserErrorException for an unknown option (with the
    nearest one), a missing value, a word too many.
    """
    known = {spelt: option for option in options for spelt in option.spellings}
    words: list[str] = []
    values: dict[str, tuple[str, ...]] = {}
    flags: set[str] = set()
    parts = iter(split(line) if isinstance(line, str) else line)
    last: Option | None = None
    for part in parts:
        if not _is_option(part, known):
            if last and _PAIR in part:
                values[last.name] = _added(last, values[last.name], part)
            else:
                words.append(part)
            continue
        name, equals, value = part.partition(_PAIR)
        option = _known(name, known)
        if not option.value:
            flags.add(_plain_flag(option.name, equals))
            continue
        value = value if equals else _next(name, option, next(parts, None))
        values[option.name] = _added(option, values.get(option.name, ()), value)
        last = option if option.many and option.pair else None
    _few(words, most_words)
    return Line(tuple(words), values, frozenset(flags))


def whole(line: str, cell: str) -> tuple[str, str]:
    """The magic's line and the cell below it: a line that ends with a backslash goes on in the next one."""
    while line.rstrip().endswith("\\") and cell:
        more, _, cell = cell.partition("\n")
        line = f"{line.rstrip()[:-1]} {more}"
    return line, cell


def split(line: str) -> list[str]:
    """The parts of a line, as a shell would split it."""
    try:
        return shlex.split(line)
    except ValueError as error:
        raise UserErrorException(f"The line cannot be split: {error}.", resolution=f"Found: {line}") from None


def usage(options: Sequence[Option]) -> str:
    """The options, one a line, for a magic's help."""
    forms = [f"{option.name} {option.value}".strip() for option in options]
    wide = max(map(len, [*forms, " " * _FORM]))
    return "\n".join(f"  {form:<{wide}}  {option.help}" for form, option in zip(forms, options, strict=True))


def _is_option(part: str, known: Mapping[str, Option]) -> bool:
    return part.startswith("--") or part.partition(_PAIR)[0] in known


def _known(name: str, known: Mapping[str, Option]) -> Option:
    """The option of that name; `--min_instances` is `--min-instances`, as on the command line."""
    spelt = name.replace("_", "-")
    if spelt not in known:
        raise UserErrorException(f"There is no option {name}.", resolution=did_you_mean(spelt, known))
    return known[spelt]


def _plain_flag(name: str, equals: str) -> str:
    if equals:
        raise UserErrorException(f"{name} takes no value.")
    return name


def _next(name: str, option: Option, value: str | None) -> str:
    if value is None or value.startswith("--"):
        raise UserErrorException(f"{name} needs a value: {name} {option.value}.", resolution=option.help)
    return value


def _added(option: Option, before: tuple[str, ...], value: str) -> tuple[str, ...]:
    if before and not option.many:
        raise UserErrorException(f"{option.name} was given twice: '{before[0]}' and '{value}'.")
    if option.pair:
        _pair(option.name, value)
    return (*before, value)


def _pair(name: str, text: str) -> tuple[str, str]:
    key, equals, value = text.partition(_PAIR)
    if not key or not equals:
        raise UserErrorException(f"{name}: k=v is expected, found '{text}'.", resolution=f"E.g. {name} rate=0.1")
    return key, value


def _few(words: Sequence[str], most: int) -> None:
    if len(words) > most:
        raise UserErrorException(f"Not expected here: '{words[most]}'.", resolution="Options begin with --.")

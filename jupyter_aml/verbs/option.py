"""One option of a verb: how it is spelt, what it takes, whose names complete it. Values only."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from jupyter_aml.exceptions import UserErrorException, did_you_mean

Kind: TypeAlias = type[str] | type[int] | type[float] | type[bool] | type[Path]


@dataclass(frozen=True, slots=True)
class Option:
    """`--name VALUE`; a flag when `value` is empty.

    `many`: it may be given again, and several values may follow it. `pair`: VALUE is `k=v`; `blank`: v may be empty.
    `kind`: what VALUE is; a Path is made absolute, unless it is a URI. `least`: of a number. `known`: whose names
    complete it (`version` `of` a kind). `field`: where a draft keeps it.
    `body`: a notebook's cell may be the file. `bare`: VALUE may stand on the command line without the option; it is how
    such a word ends (`.ipynb`), by which it is told from a further value of another option.
    """

    name: str
    value: str = ""
    help: str = ""
    many: bool = False
    pair: bool = False
    short: str = ""
    kind: Kind = str
    choices: tuple[str, ...] = ()
    required: bool = False
    known: str = ""
    of: str = ""
    field: str = ""
    also: tuple[str, ...] = ()
    hidden: bool = False
    least: int = 0
    blank: bool = False
    body: bool = False
    bare: str = ""

    @property
    def key(self) -> str:
        """The keyword of the verb's function: `min_instances` for `--min-instances`."""
        return self.name.removeprefix("--").replace("-", "_")

    @property
    def spellings(self) -> tuple[str, ...]:
        """Every way to write it, the short one first."""
        return tuple(filter(None, (self.short, self.name, *self.also)))


VERSION: Final = "--version"
FILE: Final = Option("--file", "FILE", "its YAML", short="-f", known="file", body=True)
SET: Final = Option("--set", "KEY=VALUE", "change a field by its path: --set tags.who=me", many=True, pair=True)
LABEL: Final = Option("--label", "LABEL", "the label, in place of a version: latest", short="-l", choices=("latest",))
NO_WAIT: Final = Option("--no-wait", help="return at once")
ARCHIVED_ONLY: Final = Option("--archived-only", help="the archived ones")
INCLUDE_ARCHIVED: Final = Option("--include-archived", help="the archived ones too")
MAX_RESULTS: Final = Option("--max-results", "N", "at most so many", short="-r", kind=int, least=1)
ALL_RESULTS: Final = Option("--all-results", help="all of them (the default)", hidden=True)
DESCRIPTION: Final = Option("--description", "TEXT", "what it is for")
TAGS: Final = Option("--tags", "k=v", "its tags", many=True, pair=True, also=("--tag",))
YES: Final = Option("--yes", help="do not ask", short="-y")


def version_of(kind: str) -> Option:
    """The option that names one version of it."""
    return Option(VERSION, "VERSION", "the version", short="-v", known="version", of=kind)


def name_of(known: str, help_text: str, *, required: bool = True) -> Option:
    """The option that names one thing; in a magic, its bare word."""
    return Option("--name", "NAME", help_text, short="-n", required=required, known=known)


def read(option: Option, text: str) -> str | int:
    """The value that was typed. UserErrorException when it cannot be one, with the nearest that can."""
    if option.choices:
        return _chosen(option, text)
    if option.kind is int:
        return _number(option, text)
    return located(text) if option.kind is Path and option.known != "file" else text


def located(text: str) -> str:
    """A path as it was typed, made absolute from here; a URI stays as it is."""
    return text if ":" in text.split("/", 1)[0] else str(Path(text).expanduser().absolute())


def _chosen(option: Option, text: str) -> str:
    """The choice, in any of Azure's spellings: AmlCompute, low-priority, azure_blob."""
    found = next((choice for choice in option.choices if _plain(choice) == _plain(text)), None)
    if found is None:
        message = f"{option.name}: there is no '{text}'."
        raise UserErrorException(message, resolution=did_you_mean(text.lower(), option.choices))
    return found


def _plain(word: str) -> str:
    return word.lower().replace("_", "").replace("-", "")


def _number(option: Option, text: str) -> int:
    if not text.isdecimal() or int(text) < option.least:
        raise UserErrorException(f"{option.name}: a number from {option.least} on is expected, found '{text}'.")
    return int(text)

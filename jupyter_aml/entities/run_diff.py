"""What sets a run apart from another one, from a folder or from a cell. Values only; nothing is compared here."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

Change: TypeAlias = Literal["added", "removed", "changed", "same"]
"""Of a file, seen from the run: it alone has it, the other alone has it, both have it."""
Sign: TypeAlias = Literal["+", "-", " ", "@"]
"""Of a line: the run's, the other's, both's; '@': lines were left out, and the text says where the next ones stand."""


@dataclass(frozen=True, slots=True)
class Against:
    """With what a run is compared: its `parent`, the job `name`, the folder `path` ('': where its code came from), or
    the `text` of a cell.
    """

    kind: Literal["parent", "job", "folder", "cell"]
    name: str = ""
    path: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class FileDiff:
    """A file of the code. `lines`: what differs, with a little around it; none of what is no text."""

    name: str
    change: Change
    lines: tuple[tuple[Sign, str], ...] = ()
    is_text: bool = True
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class Difference:
    """A value that is not the same; '' where one has none."""

    key: str
    mine: str
    theirs: str


@dataclass(frozen=True, slots=True)
class RunDiff:
    """A run against something. `against` says what that was, for a person."""

    run: str
    against: str
    files: tuple[FileDiff, ...] = ()
    params: tuple[Difference, ...] = ()
    inputs: tuple[Difference, ...] = ()
    environment: tuple[Difference, ...] = ()
    command: tuple[Difference, ...] = ()

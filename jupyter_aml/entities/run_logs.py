"""A run's logs as a viewer asks for them: files, windows of lines, what a search found. Nothing is read."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

Level: TypeAlias = Literal["", "warning", "error"]
"""How bad a line is at least; '': any."""


@dataclass(frozen=True, slots=True)
class LogFile:
    """A log: its name below the run's folder, its size in bytes."""

    name: str
    size: int


@dataclass(frozen=True, slots=True)
class LogLines:
    """Some lines of a log. `first` is the number of the first of them (from 0), `total` how many there are."""

    file: str
    first: int
    total: int
    size: int
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LogMatches:
    """The numbers of the first lines that were found; `total` of all that match."""

    file: str
    total: int
    lines: tuple[int, ...]

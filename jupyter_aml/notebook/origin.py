"""A cell and what was captured with it: plain frozen values. Nothing is analysed, pickled or written here."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["module", "function", "class", "value"]


@dataclass(frozen=True, slots=True)
class CellOrigin:
    """Where a cell's body stands: its first line is line `first_line` of the notebook's cell."""

    notebook: str
    execution_count: int
    first_line: int = 2

    @property
    def label(self) -> str:
        """The file name under which the cell is compiled: what tracebacks show."""
        return self.other(self.execution_count)

    def other(self, execution_count: int) -> str:
        """The same for another cell of this notebook."""
        return f"<notebook {self.notebook} In [{execution_count}]>"


@dataclass(frozen=True, slots=True)
class Captured:
    """One name that travels with a cell. `size` in bytes as pickled; 0 for a module, which is imported."""

    name: str
    kind: Kind
    type: str
    size: int


@dataclass(frozen=True, slots=True)
class LocalFile:
    """A module's file beside the notebook that the job needs too."""

    path: str
    found: Path


@dataclass(frozen=True, slots=True)
class CapturedCell:
    """A cell that can run without its notebook.

    `imports` are the import statements that bind its modules, `preloads` those that only must have
    happened; `values` are the pickles of the non-modules in the order of `captured`, after a header.
    """

    source: str
    origin: CellOrigin
    captured: tuple[Captured, ...]
    imports: tuple[str, ...]
    preloads: tuple[str, ...]
    values: bytes
    files: tuple[LocalFile, ...] = ()

    def table(self) -> tuple[Captured, ...]:
        """What to show before the run: a row per captured name."""
        return self.captured

    @property
    def size(self) -> int:
        """Bytes that travel with the cell."""
        return len(self.values)

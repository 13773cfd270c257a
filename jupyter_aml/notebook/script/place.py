"""Where in a notebook something stands, for messages that point there. Nothing is read here."""

from collections.abc import Collection
from dataclasses import dataclass

from jupyter_aml.exceptions import CaptureError, did_you_mean
from jupyter_aml.notebook.script.cells import Cell


@dataclass(frozen=True, slots=True)
class Place:
    """A cell of a notebook; its lines count from 1, magic lines too."""

    notebook: str
    cell: Cell

    def refuse(self, line: int, what: str, way_out: str = "") -> CaptureError:
        """The error that names cell and line and shows the line."""
        lines = self.cell.source.split("\n")
        text = lines[line - 1].strip() if 0 < line <= len(lines) else ""
        shown = f"\n    {text}" if text else ""
        return CaptureError(f"{self.notebook}, cell {self.cell.number}, line {line}: {what}{shown}", resolution=way_out)

    def lacks(self, line: int, name: str, known: Collection[str], way_out: str) -> CaptureError:
        """The error for a name that nothing binds."""
        if name in known:
            return self.refuse(line, f"name '{name}' is not defined yet.", way_out)
        near = did_you_mean(name, known)
        hint = near if near.startswith("Did you mean") else way_out
        return self.refuse(line, f"name '{name}' is not defined.", hint)

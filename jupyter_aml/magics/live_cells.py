"""The cells that ran in this kernel: the notebook as it is now, and what of it is not saved. Nothing is run here."""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from IPython.core.interactiveshell import ExecutionInfo, InteractiveShell

_CODE: Final = "code"


@dataclass(frozen=True, slots=True)
class RunCell:
    """A cell as it last ran. `id`: as the front end names it, '' when it names none; `at`: when, in seconds."""

    id: str
    text: str
    at: float


@dataclass(slots=True)
class CellsRun:
    """The cells that ran, each once, in the order in which they first did."""

    by_key: dict[str, RunCell] = field(default_factory=dict[str, RunCell])

    def note(self, info: "ExecutionInfo") -> None:
        """What IPython calls before a cell. A cell within a cell (%%capture) is none of the notebook's."""
        if info.store_history:
            self._add(str(info.cell_id or ""), str(info.raw_cell or ""), time.time())

    def begin(self, shell: "InteractiveShell") -> None:
        """Note cells from here on; those before are known by their text only."""
        for text in shell.history_manager.input_hist_raw[1:] if shell.history_manager else ():
            self._add("", text, 0.0)
        shell.events.register("pre_run_cell", self.note)

    def end(self, shell: "InteractiveShell") -> None:
        """Note no more."""
        if self.note in shell.events.callbacks["pre_run_cell"]:
            shell.events.unregister("pre_run_cell", self.note)
        self.by_key.clear()

    def cells(self) -> tuple[RunCell, ...]:
        """All of them."""
        return tuple(self.by_key.values())

    def _add(self, cell: str, text: str, at: float) -> None:
        if text.strip():
            self.by_key[cell or text] = RunCell(cell, text, at)


RUN: Final = CellsRun()
"""The cells of this kernel."""


def live(saved: Mapping[str, Any], run: Sequence[RunCell]) -> dict[str, Any]:
    """The notebook with its cells as they last ran, new ones behind the one that ran before them.

    A front end that does not name cells as the file does (VS Code) leaves what ran, in that order.
    """
    kept: list[dict[str, Any]] = [dict(cell) for cell in saved.get("cells") or ()]
    by_id = {str(cell["id"]): cell for cell in kept if "id" in cell}
    if by_id.keys().isdisjoint(cell.id for cell in run):
        return {**_plain(saved), "cells": _as_run(kept, run)}
    before: dict[str, Any] | None = None
    for cell in run:
        if cell.id in by_id:
            before = by_id[cell.id]
            before["source"] = cell.text
        elif cell.id:
            new = _new(cell, {})
            kept.insert(kept.index(before) + 1 if before else 0, new)
            before = new
    return {**saved, "cells": kept}


def unsaved(saved: Iterable[str], saved_at: float, run: Sequence[RunCell]) -> list[str]:
    """The first lines of cells that ran after the file was saved and are not in it; also of the one that runs now."""
    texts = {text.rstrip() for text in saved}
    now = max((cell.at for cell in run), default=0.0)
    fresh = (cell for cell in run if cell.at > saved_at or (cell.at == now and now))
    return [cell.text.strip().split("\n")[0] for cell in fresh if cell.text.rstrip() not in texts]


def _plain(saved: Mapping[str, Any]) -> dict[str, Any]:
    about = {key: value for key, value in saved.items() if key in {"metadata", "nbformat_minor"}}
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, **about}


def _as_run(saved: Iterable[Mapping[str, Any]], run: Sequence[RunCell]) -> list[dict[str, Any]]:
    """What ran, with the tags of the saved cell that says the same."""
    about = {_text(cell).rstrip(): cell.get("metadata") or {} for cell in saved if cell.get("cell_type") == _CODE}
    return [_new(cell, about.get(cell.text.rstrip(), {})) for cell in run]


def _text(cell: Mapping[str, Any]) -> str:
    source = cell.get("source", "")
    return source if isinstance(source, str) else "".join(source)


def _new(cell: RunCell, about: Mapping[str, Any]) -> dict[str, Any]:
    return {"cell_type": _CODE, "metadata": dict(about), "source": cell.text, "outputs": [], "execution_count": None}

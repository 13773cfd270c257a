"""A table cut into mini-batches, by a process that does only this: pandas makes threads, and the driver forks.

Each mini-batch's rows lie pickled one behind the other in one file, written and read by this job alone.
"""

from __future__ import annotations

import json
import os
import pickle
import sys
import traceback
from collections.abc import Callable, Iterator
from dataclasses import asdict
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from jupyter_aml.entities.parallel_plan import ParallelPlan
from jupyter_aml.runner.parallel.batches import Batch, CutError, of_files, of_rows, rows_each, size_of

ROWS: Final = "rows.pkl"
_BATCHES: Final = "batches.json"
_ERROR: Final = "error.txt"
_PATH: Final = "Path"
_NOT_FOR_THIS_PYTHON: Final = (ImportError, SyntaxError, TypeError, AttributeError)
"""How a module ends that is not there, or is written for a newer Python."""
Frame = Any  # pandas publishes no types
Untyped = Any


def cut(plan: ParallelPlan, place: str, scratch: Path) -> list[Batch]:
    """The mini-batches of the table at `place`, read and written by a process of its own. Raises CutError."""
    pid = os.fork()
    if pid == 0:
        _leave(plan, place, scratch)
    os.waitpid(pid, 0)
    try:
        found = json.loads((scratch / _BATCHES).read_text())
    except FileNotFoundError:
        raise CutError(_reason(scratch)) from None
    return [Batch(one["count"], tuple(one["files"]), one["place"], one["key"]) for one in found]


def rows_at(scratch: Path, place: int) -> Frame:
    """The rows of one mini-batch."""
    with (scratch / ROWS).open("rb") as stream:
        stream.seek(place)
        return pickle.load(stream)  # noqa: S301 - this job's own file


def _reason(scratch: Path) -> str:
    try:
        return (scratch / _ERROR).read_text()
    except FileNotFoundError:
        return "The process that cut the table ended (killed: was there too little memory?)."


def _leave(plan: ParallelPlan, place: str, scratch: Path) -> None:
    """Be the process that cuts, and end."""
    try:
        batches = _Cut(plan, place, scratch).batches()
        text = json.dumps([asdict(batch) for batch in batches], default=str)
        (scratch / _BATCHES).write_text(text)
    except CutError as error:
        (scratch / _ERROR).write_text(str(error))
    except BaseException as error:  # noqa: BLE001 - the edge of a process: its parent says why the job failed
        traceback.print_exc()
        (scratch / _ERROR).write_text(f"The table could not be read: {type(error).__name__}: {error}")
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)


class _Cut:
    """The table, read, and how it is to be cut."""

    def __init__(self, plan: ParallelPlan, place: str, scratch: Path) -> None:
        self.plan, self.place, self.scratch = plan, place, scratch
        self.table = _reader(plan)(place)
        self.frame: Frame = self.table.to_pandas_dataframe()

    def batches(self) -> list[Batch]:
        if not len(self.frame):
            raise CutError(f"The table '{self.plan.input}' has no rows: {self.place}")
        return self._files() if self._is_list() else list(self._rows())

    def _is_list(self) -> bool:
        """Whether the table only names files: it has no column but their paths and what was taken from these."""
        others = {*self.frame.columns} - {_PATH, *(getattr(self.table, "partition_keys", None) or ())}
        return _PATH in self.frame.columns and not others and not isinstance(self.frame[_PATH].iloc[0], str)

    def _files(self) -> list[Batch]:
        files = [_local(cell) for cell in self.frame[_PATH]]
        if not self.plan.partition_keys:
            return of_files(files, size_of(self.plan.mini_batch_size), lambda file: Path(file).stat().st_size)
        return [Batch(len(rows), tuple(files[row] for row in rows), key=key) for key, rows in self._groups()]

    def _rows(self) -> Iterator[Batch]:
        groups = self._groups() if self.plan.partition_keys else ((None, rows) for rows in self._ranges())
        with (self.scratch / ROWS).open("wb") as stream:
            for key, rows in groups:
                place = stream.tell()
                pickle.dump(self.frame.iloc[rows].reset_index(drop=True), stream, pickle.HIGHEST_PROTOCOL)
                yield Batch(len(rows), place=place, key=key)

    def _ranges(self) -> list[Any]:
        rows = len(self.frame)
        return of_rows(rows, rows_each(size_of(self.plan.mini_batch_size), rows, self._length()))

    def _length(self) -> int:
        """The bytes of the table's files; of the rows in memory where the files are elsewhere."""
        folder = Path(self.place)
        sizes = [path.stat().st_size for path in folder.rglob("*") if path.is_file() and path.name != "MLTable"]
        return sum(sizes) or int(self.frame.memory_usage(deep=True).sum())

    def _groups(self) -> Iterator[tuple[dict[str, object], list[int]]]:
        """The rows of equal keys, in the order in which the keys are first seen."""
        keys = [*self.plan.partition_keys]
        for key in keys:
            if key not in self.frame.columns:
                raise CutError(_no_column(key, [str(name) for name in self.frame.columns]))
        for rows in self.frame.groupby(keys, sort=False, dropna=False).indices.values():
            values = self.frame[keys].iloc[rows[0]]
            yield {key: _python(values[key]) for key in keys}, [int(row) for row in rows]


def _reader(plan: ParallelPlan) -> Callable[[str], Untyped]:
    """The `load` of the first reader that this environment has."""
    missing: list[str] = []
    for name in plan.readers:
        try:
            return import_module(name).load
        except _NOT_FOR_THIS_PYTHON as error:
            missing.append(f"{name}: {error}")
    raise CutError(
        f"The input '{plan.input}' is a table that nothing in this step's environment can read: {'; '.join(missing)}. "
        "Add mltable, or pandas, pyarrow and pyyaml, to the environment."
    )


def _local(cell: object) -> str:
    place = str(getattr(cell, "resource_identifier", cell))
    if not Path(place).is_absolute():
        raise CutError(f"The table names the file {cell!r}, which is not here. Give the files as a uri_folder.")
    return place


def _python(value: Untyped) -> object:
    """A value as Python has it, without numpy."""
    return value.item() if hasattr(value, "item") else value


def _no_column(key: str, columns: list[str]) -> str:
    near = get_close_matches(key, columns, 1)
    hint = f" Did you mean '{near[0]}'?" if near else ""
    return f"partition_keys: the table has no column '{key}', but {', '.join(columns)}.{hint}"

"""The rows that run() returned: text as Azure ML writes it, in the order of the mini-batches. Nothing is run here."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any, Final

from jupyter_aml.entities.parallel_plan import ROWS_FILE

_KEPT: Final = 1 << 22
_MLTABLE: Final = f"""type: mltable
paths:
  - file: ./{ROWS_FILE}
transformations:
  - read_delimited:
      delimiter: ' '
      header: no_header
      encoding: utf8
"""
Returned = Any  # what a person's function gives back


def counted(returned: Returned) -> int:
    """How many results these are. TypeError when it is no list, tuple or DataFrame."""
    if _is_some(returned):
        return len(returned)
    one_each = "a list, a tuple or a DataFrame with one result for each item"
    message = f"run() must return {one_each} (it returned {_kind(returned)})"
    raise TypeError(message)


def text_of(returned: Returned) -> str:
    """One line each; of a DataFrame its values, separated by spaces, without header and index."""
    if hasattr(returned, "to_csv"):
        return str(returned.to_csv(sep=" ", header=False, index=False))
    return "".join(f"{row}\n" for row in returned)


def _is_some(returned: object) -> bool:
    """Lists, tuples, DataFrames; series and arrays too, which only Azure's older documents name."""
    return isinstance(returned, (list, tuple)) or hasattr(returned, "to_csv") or hasattr(returned, "tolist")


def _kind(returned: Returned) -> str:
    return "nothing" if returned is None else type(returned).__name__


class Rows:
    """Rows by mini-batch, kept aside until all are there, then written in order; the file appears whole."""

    def __init__(self) -> None:
        self._aside = tempfile.SpooledTemporaryFile(_KEPT, "w+b")  # noqa: SIM115 - open as long as the driver
        self._places: dict[int, tuple[int, int]] = {}

    def put(self, number: int, text: str) -> None:
        """The rows of a mini-batch."""
        data = text.encode("utf-8", "surrogateescape")
        self._places[number] = (self._aside.tell(), len(data))
        self._aside.write(data)

    def write(self, place: str, kind: str) -> Path:
        """Write all rows into an output: the file itself, or Azure's file in its folder; where they are."""
        target = Path(place) if kind == "uri_file" else Path(place, ROWS_FILE)
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = target.with_name(f".{target.name}.{os.getpid()}")
        with beside.open("wb") as stream:
            for number in sorted(self._places):
                start, length = self._places[number]
                self._aside.seek(start)
                stream.write(self._aside.read(length))
        beside.replace(target)
        if kind == "mltable" and not target.with_name("MLTable").exists():
            target.with_name("MLTable").write_text(_MLTABLE)
        return target

    def close(self) -> None:
        self._aside.close()

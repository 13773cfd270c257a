"""Which line of a notebook each line of its script is: `train.cells.json`, beside `train.py` in a job's code. Pure.

One JSON object; more than 8 MB are not read:

    {"notebook": "train.ipynb",          a plain file name, for people
     "script": "train.py",               a plain file name: the script in the same folder
     "main": "main",                     the script's function that holds the cells' top-level code; "" if none
     "lines": [[17, 4, 5, 1], …],        runs: lines 17–20 of the script are lines 1–4 of cell 5
     "cells": {"5": "import …"}}         the cells' sources as the notebook has them, by number

All numbers count from 1, cells count the code cells. The runs are in the script's order and do not overlap.
`CellLines.of(...)` makes it of a map line by line and `to_json` writes it; the runner reads it when such a job fails.
"""

import json
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias, cast

SUFFIX: Final = ".cells.json"
LONGEST: Final = 8_000_000
"""Bytes of such a file that are read; a longer one is nobody's notebook."""

Run: TypeAlias = tuple[int, int, int, int]

_RUN: Final = 4
_NEVER_IN_A_NAME: Final = frozenset('/\\"\0')


@dataclass(frozen=True, slots=True)
class CellLines:
    """Where the lines of a script come from."""

    notebook: str
    script: str
    runs: tuple[Run, ...] = ()
    cells: Mapping[int, str] = field(default_factory=dict[int, str])
    main: str = ""

    @classmethod
    def of(
        cls, notebook: str, script: str, lines: Mapping[int, tuple[int, int]], cells: Mapping[int, str], main: str = ""
    ) -> "CellLines":
        """From a map of the script's lines to (cell, line)."""
        runs: list[Run] = []
        for number, (cell, line) in sorted(lines.items()):
            first, count, of, begin = runs[-1] if runs else (0, 0, 0, 0)
            if count and (number, cell, line) == (first + count, of, begin + count):
                runs[-1] = (first, count + 1, of, begin)
            else:
                runs.append((number, 1, cell, line))
        return cls(notebook, script, tuple(runs), cells, main)

    @property
    def file(self) -> str:
        """The name of the file that it is written to."""
        return self.script.removesuffix(".py") + SUFFIX

    def place(self, number: int) -> tuple[int, int] | None:
        """Cell and line of a line of the script; None for a line that no cell has."""
        found = bisect_right(self.runs, number, key=lambda run: run[0]) - 1
        if found < 0:
            return None
        first, count, cell, line = self.runs[found]
        return (cell, line + number - first) if number < first + count else None

    def text(self, cell: int, line: int) -> str:
        """A line of a cell, without the blanks around it; "" when there is none."""
        lines = self.cells.get(cell, "").split("\n")
        return lines[line - 1].strip() if 0 < line <= len(lines) else ""

    def to_json(self) -> str:
        return json.dumps(
            {"notebook": self.notebook, "script": self.script, "main": self.main, "lines": self.runs,
             "cells": {str(number): source for number, source in self.cells.items()}},
            separators=(",", ":"),
        )  # fmt: skip


def cell_lines_from_json(text: str) -> CellLines | None:
    """What `to_json` wrote; None for anything else: a job can write such a file itself."""
    try:
        raw: object = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(raw, dict):
        return None
    said = cast("dict[str, Any]", raw)  # Any: checked one by one below
    notebook, script, main = said.get("notebook"), said.get("script"), said.get("main", "")
    lines, cells = said.get("lines"), said.get("cells")
    if not (_is_name(notebook) and _is_name(script) and isinstance(main, str)):
        return None
    if not isinstance(lines, list) or not isinstance(cells, dict):
        return None
    runs = [_run(one) for one in cast("list[object]", lines)]
    sources = [(_number(key), value) for key, value in cast("dict[str, object]", cells).items()]
    if None in runs or not all(number and isinstance(source, str) for number, source in sources):
        return None
    kept = sorted(cast("list[Run]", runs))
    return CellLines(str(notebook), str(script), tuple(kept), cast("dict[int, str]", dict(sources)), main)


def _is_name(value: object) -> bool:
    """A plain, printable name of a file."""
    return isinstance(value, str) and value.isprintable() and value[:1] not in {"", "."} and not _hides(value)


def _hides(value: str) -> bool:
    return not _NEVER_IN_A_NAME.isdisjoint(value)


def _run(value: object) -> Run | None:
    if not isinstance(value, list) or len(cast("list[object]", value)) != _RUN:
        return None
    numbers = tuple(cast("list[object]", value))
    return cast("Run", numbers) if all(type(one) is int and one > 0 for one in numbers) else None


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < len("1000000000") else 0

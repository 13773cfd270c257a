"""A notebook of 200 cells with magics, functions and drawing becomes a script; against Python's parser."""

import ast
import statistics
import time
from collections.abc import Callable
from typing import Any, Final

from tests.benchmarks.row import Row

CELLS: Final = 200
REPEATS: Final = 7
BAR: Final = 0.3
_FIRST: Final = "import pandas as pd\nimport matplotlib.pyplot as plt"
_FOUR: Final = (
    "%time df{i} = pd.DataFrame({{'a': [1, 2, 3]}})",
    "# a comment\ndef f{i}(x):\n    '''doc'''\n    return x * {i} + df{i}['a'].sum()",
    "total{i} = f{i}(3)\nfor k in range(3):\n    total{i} += k\ndf{i}.head()",
    "!echo {{total{i}}}\nplt.plot(df{i}['a'])\nplt.show()",
)


def rows() -> list[Row]:
    """The median of seven."""
    from jupyter_aml.notebook.script import convert

    made = [{"cell_type": "code", "metadata": {}, "source": source} for source in cells(CELLS)]
    notebook: dict[str, Any] = {"nbformat": 4, "metadata": {}, "cells": made}
    script = convert(notebook)
    took = _seconds(lambda: convert(notebook))
    bare = _seconds(lambda: ast.parse(script.text))
    name = f"a notebook of {CELLS} cells made a script; against Python's parser reading that script"
    return [Row(name, took * 1000, bare * 1000, "ms", took / bare, f"≤ {BAR * 1000:.0f} ms", took <= BAR)]


def cells(count: int) -> list[str]:
    """The sources of a notebook of so many cells."""
    return [_FIRST, *(one.format(i=i) for i in range(count // 4 + 1) for one in _FOUR)][:count]


def _seconds(act: Callable[[], object]) -> float:
    took: list[float] = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        act()
        took.append(time.perf_counter() - began)
    return statistics.median(took)

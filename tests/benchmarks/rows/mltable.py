"""How long a million rows of delimited text take as an MLTable, beside plain pandas.read_csv on the same file."""

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from jupyter_aml.data.mltable import from_delimited_files
from tests.benchmarks.row import Row

ROWS = 1_000_000
ROUNDS = 7
MOST = 2.0


def rows() -> list[Row]:
    """Seven columns of numbers, two of text, one of booleans; medians of rounds taken in turn.

    pandas keeps text in arrow; MLTable owes its callers Python's strings, as Azure gives. The second row asks the same
    of pandas, so it compares like with like.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "million.csv")
        _table().to_csv(path, index=False)
        table = from_delimited_files([{"file": str(path)}])
        works = (
            table.to_pandas_dataframe,
            lambda: pd.read_csv(path),
            lambda: pd.read_csv(path, dtype={"word": object, "name": object}),
        )
        rounds = [[_seconds(work) for work in works] for _ in range(ROUNDS)]
    ours, *peers = (statistics.median(of_one) for of_one in zip(*rounds, strict=True))
    return [_row(what, ours, peer) for what, peer in zip(("plain", "text as objects"), peers, strict=True)]


def _row(what: str, ours: float, peer: float) -> Row:
    ratio = ours / peer
    name = f"MLTable: 1,000,000 × 10 CSV vs pandas.read_csv, {what}"
    return Row(name, ours, peer, "s", ratio, f"≤ {MOST} ×", ratio <= MOST)


def _table() -> pd.DataFrame:
    draw = np.random.default_rng(0)
    numbers = {f"n{k}": draw.integers(0, 1000, ROWS) if k % 2 else draw.random(ROWS).round(6) for k in range(7)}
    words, names = ["alpha", "beta", "gamma"], [f"name {k}" for k in range(50_000)]
    return pd.DataFrame(
        {**numbers, "word": draw.choice(words, ROWS), "name": draw.choice(names, ROWS), "flag": draw.random(ROWS) > 0.5}
    )


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start

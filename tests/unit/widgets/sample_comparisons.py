"""Runs side by side to paint. Nothing is read."""

from jupyter_aml.entities.run_comparison import ComparedRow, RunComparison, RunHead, side_by_side
from jupyter_aml.entities.run_diff import FileDiff, RunDiff, Sign
from jupyter_aml.entities.status import JobStatus
from tests.unit.widgets.sample_runs import CREATED


def head(name: str, display_name: str = "") -> RunHead:
    return RunHead(
        name, display_name or name, "command", "demo", JobStatus.COMPLETED, CREATED, CREATED + 1, CREATED + 6
    )


def rows(*columns: dict[str, str]) -> tuple[ComparedRow, ...]:
    return side_by_side(columns)


def two() -> tuple[RunComparison, list[RunDiff]]:
    """Two runs: one param, one metric and one file differ."""
    lines: tuple[tuple[Sign, str], ...] = (
        ("@", "line 1"),
        (" ", "import sys"),
        ("-", "print('old')"),
        ("+", "print('new')"),
    )
    found = RunComparison(
        (head("calm_oak", "First try"), head("brave_fig")),
        params=rows({"depth": "3", "seed": "1"}, {"depth": "4", "seed": "1"}),
        metrics=rows({"auc": "0.9"}, {"auc": "0.95"}),
        tags=rows({"team": "x"}, {"team": "x"}),
        inputs=(),
        environment=rows({"command": "python train.py"}, {"command": "python train.py"}),
        code=rows({"snapshot": "aa", "train.py": "11"}, {"snapshot": "bb", "train.py": "22"}),
    )
    return found, [RunDiff("brave_fig", "calm_oak", (FileDiff("train.py", "changed", lines), FileDiff("a.py", "same")))]


def hostile(bad: str) -> tuple[RunComparison, list[RunDiff]]:
    """Somebody else's text in every place."""
    every = rows({bad: bad, "x": bad}, {bad: "1", "x": bad})
    found = RunComparison((head(bad, bad), head(f"{bad}2", bad)), every, every, every, every, every, every)
    return found, [RunDiff(bad, bad, (FileDiff(bad, "changed", (("+", bad), ("-", bad), ("@", bad))),))]


def large(runs: int, keys: int) -> tuple[RunComparison, list[RunDiff]]:
    """So many runs with so many params, tags and lines of code, half of them the same."""
    columns = [{f"key-{k}": f"{k % 2 and run} value of some length" for k in range(keys)} for run in range(runs)]
    every = side_by_side(columns)
    found = RunComparison(tuple(head(f"run_{n}") for n in range(runs)), every, every, every, every, every, every)
    lines: tuple[tuple[Sign, str], ...] = tuple(("+", f"line {n} of some length") for n in range(5_000))
    return found, [RunDiff(f"run_{n}", "run_0", (FileDiff("big.py", "changed", lines),)) for n in range(1, 5)]

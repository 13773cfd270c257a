"""A log of 1,000,000 lines (82 MB): counted, shown, searched; against `wc -l`, a bare seek and read, and `grep`."""

import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeAlias

from jupyter_aml import command
from jupyter_aml.entities.workspace import DEFAULT_WORKSPACE, WorkspaceFolder
from jupyter_aml.operations import jobs, log_reader
from jupyter_aml.operations.log_index import index_of
from jupyter_aml.operations.log_search import search_of
from jupyter_aml.operations.workspaces import Workspace
from tests.benchmarks.row import Row

LINES: Final = 1_000_000
LOG: Final = "user_logs/std_log.txt"
REPEATS: Final = 5
Searches: TypeAlias = tuple[tuple[str, tuple[str, str]], ...]
SEARCHED: Final[Searches] = (
    ("seldom", ("LOSS=0.0001", "")),
    ("in every line", ("epoch", "")),
    ("lines that warn", ("", "warning")),
)


def rows() -> list[Row]:
    """Each of them, median of five."""
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(DEFAULT_WORKSPACE, WorkspaceFolder(Path(folder)))
        jobs.submit(workspace, command(command="echo", name="bench"))
        path = _written(workspace)
        found = [_counted(workspace, path), _window(workspace, path), *_searched(workspace, path)]
        path = _written(workspace, "mean_squared_error")
        found += _searched(workspace, path, (("lines that warn where each has an `_error=`", ("", "warning")),))
        workspace.database.close()
        workspace.runs.close()
        return found


def _written(workspace: Workspace, metric: str = "loss") -> Path:
    path = workspace.folder.artifacts("bench") / LOG
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        for number in range(LINES):
            level = "INFO" if number % 1_000 else "ERROR"
            loss = 1 / (number + 1)
            file.write(
                f"2026-11-26 03:30:01,123 {level} trainer: epoch {number} {metric}={loss:.6f} accuracy=0.91234\n"
            )
    return path


def _counted(workspace: Workspace, path: Path) -> Row:
    def count() -> None:
        index_of.cache_clear()
        assert log_reader.lines(workspace, "bench", LOG, 0, 0).total == LINES

    return _row("counted the first time; against wc -l", count, ["wc", "-l", str(path)], 0.3)


def _window(workspace: Workspace, path: Path) -> Row:
    ours = _seconds(lambda: log_reader.lines(workspace, "bench", LOG, 700_000, 200))
    with path.open("rb") as file:
        peer = _seconds(lambda: (file.seek(57_000_000), file.read(16_000).decode().split("\n")))
    name = "a log of 1,000,000 lines: 200 of them; against a bare read of as much"
    return Row(name, ours * 1000, peer * 1000, "ms", ours / peer, "≤ 5 ms", ours <= 0.005)


def _searched(workspace: Workspace, path: Path, searched: Searches = SEARCHED) -> list[Row]:
    found = list[Row]()
    for what, (text, level) in searched:

        def search(text: str = text, level: str = level) -> None:
            search_of.cache_clear()
            log_reader.search(workspace, "bench", LOG, text, level=level)  # pyright: ignore[reportArgumentType] - of the table

        words = ["grep", "-c", "-i", text or "warn\\|error\\|exception\\|traceback\\|critical\\|fatal", str(path)]
        found.append(_row(f"searched, {what}; against grep -c -i", search, words, 0.5))
    return found


def _row(what: str, ours: Callable[[], object], words: list[str], bar: float) -> Row:
    mine = _seconds(ours)
    peer = _seconds(lambda: subprocess.run(words, check=True, capture_output=True))
    name = f"a log of 1,000,000 lines: {what}"
    return Row(name, mine * 1000, peer * 1000, "ms", mine / peer, f"≤ {bar * 1000:.0f} ms", mine <= bar)


def _seconds(act: Callable[[], object]) -> float:
    taken = list[float]()
    for _ in range(REPEATS):
        began = time.perf_counter()
        act()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)

"""What a run view asks: a million points, summaries of a hundred runs, whether anything is new of a large sweep."""

import statistics
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from jupyter_aml.entities.job_record import JobRecord
from jupyter_aml.entities.names import ComputeName, JobName
from jupyter_aml.entities.run_changes import Cursor
from jupyter_aml.entities.run_series import Curve
from jupyter_aml.entities.status import JobStatus
from jupyter_aml.entities.workspace import DEFAULT_WORKSPACE, WorkspaceFolder
from jupyter_aml.operations.metric_columns import Columns
from jupyter_aml.operations.run_changes import changes, version
from jupyter_aml.operations.run_series import series, summaries
from jupyter_aml.operations.workspaces import Workspace
from jupyter_aml.store import jobs
from tests.benchmarks.row import Row
from tests.unit.operations import stored_sweeps

POINTS: Final = 1_000_000
RUNS: Final = 100
METRICS: Final = 50
VALUES: Final = 20
REPEATS: Final = 5


def rows() -> list[Row]:
    """Every row of the view's questions."""
    with _opened() as workspace:
        return [*_points(workspace), _summaries(workspace), *_sweep(workspace)]


@contextmanager
def _opened() -> Iterator[Workspace]:
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(DEFAULT_WORKSPACE, WorkspaceFolder(Path(folder)))
        yield workspace
        workspace.database.close()
        workspace.runs.close()


def _run(workspace: Workspace, name: str, keys: int, values: int) -> None:
    job = JobRecord(JobName(name), "command", JobStatus.NOT_STARTED, "e", name, ComputeName("local"), {}, 1e9)
    workspace.runs.create(name, "e", display_name=name, artifact_uri="file:///x", tags={}, start_ms=0)
    with workspace.database.transaction() as connection:
        jobs.insert(connection, job, "{}")
    logged = ((f"metric {key}", step * 0.37 % 1, step, name, step) for step in range(values) for key in range(keys))
    with workspace.runs._connections.writing() as connection:  # noqa: SLF001 - a million points, as MLflow stores them
        connection.executemany("INSERT INTO metrics VALUES (?, ?, ?, ?, ?, 0)", logged)
        connection.execute(
            "INSERT INTO latest_metrics (key, value, timestamp, run_uuid, step, is_nan) "
            "SELECT key, value, timestamp, run_uuid, step, 0 FROM metrics WHERE run_uuid = ? AND step = ?",
            (name, values - 1),
        )


def _points(workspace: Workspace) -> list[Row]:
    _run(workspace, "long", 1, POINTS)
    bare = _seconds(lambda: deque(workspace.runs.rows("long"), 0), 2)
    first = _seconds(lambda: Columns().refresh(workspace.runs, "long"), 2)
    series(workspace, "long", [Curve("metric 0")])
    window = _seconds(lambda: series(workspace, "long", [Curve("metric 0")]))
    part = Curve("metric 0", low=POINTS / 2, high=0.6 * POINTS)
    near = _seconds(lambda: series(workspace, "long", [part]))
    what = "1e6 points of a metric, first read; against the bare query"
    return [
        Row(what, first, bare, "s", first / bare, "≤ 2 ×", first <= 2 * bare),
        _limit("1e6 points thinned to 1,000 pixels, all CPU", window * 1e3, 15),
        _limit("a tenth of them, zoomed in", near * 1e3, 15),
    ]


def _summaries(workspace: Workspace) -> Row:
    names = [f"run {number}" for number in range(RUNS)]
    for name in names:
        _run(workspace, name, METRICS, VALUES)
    took = _seconds(lambda: summaries(workspace, names))
    return _limit(f"summaries of {RUNS} runs × {METRICS} metrics × {VALUES} values", took * 1e3, 300)


def _sweep(workspace: Workspace) -> list[Row]:
    stored_sweeps.many(workspace, 1000)
    cursor = changes(workspace, stored_sweeps.NAME, Cursor()).cursor
    nothing = _seconds(lambda: changes(workspace, stored_sweeps.NAME, cursor))
    look = _seconds(lambda: version(workspace, stored_sweeps.NAME))
    return [
        _limit("whether anything is new of a sweep of 1,000 trials, when nothing is", nothing * 1e3, 100),
        _limit("a look at whether to ask", look * 1e3, 1),
    ]


def _limit(name: str, ours: float, limit: float) -> Row:
    return Row(name, ours, limit, "ms", ours / limit, f"≤ {limit:g} ms", ours <= limit)


def _seconds(act: Callable[[], object], repeats: int = REPEATS) -> float:
    """Of this process's time: what else the machine does is not counted."""
    taken = list[float]()
    for _ in range(repeats):
        began = time.process_time()
        act()
        taken.append(time.process_time() - began)
    return statistics.median(taken)

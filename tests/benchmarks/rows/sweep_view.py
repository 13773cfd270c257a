"""The view of a sweep: a thousand trials gathered from a real store and painted; a repaint while 500 go on."""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from jupyter_aml.entities.workspace import DEFAULT_WORKSPACE, WorkspaceFolder
from jupyter_aml.operations import run_details
from jupyter_aml.operations.workspaces import Workspace
from jupyter_aml.widgets.detail import Look
from jupyter_aml.widgets.html import page
from jupyter_aml.widgets.live import POLL, bundle
from jupyter_aml.widgets.markup import saved_bytes
from tests.benchmarks.row import Row
from tests.unit.operations import stored_sweeps

LOOK: Final = Look("aml1", stored_sweeps.BEGAN + 1200)
OPENED: Final = 0.5
REPAINTED: Final = 0.5  # of the time between two repaints; the refresher waits four times as long as one took
LIMIT: Final = 60_000
REPEATS: Final = 7


def rows() -> list[Row]:
    """A thousand trials open; what they weigh; a repaint of 500."""
    with _stored(1000, running=0) as thousand, _stored(500, running=4) as running:
        return [*_opened(thousand), _repainted(running)]


@contextmanager
def _stored(count: int, *, running: int) -> Iterator[Workspace]:
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(DEFAULT_WORKSPACE, WorkspaceFolder(Path(folder)))
        workspace.runs.experiment_id("bench")
        stored_sweeps.many(workspace, count, running=running)
        if not running:
            stored_sweeps.end(workspace, best=1, importance={"rate": 0.7, "depth": 0.2, "drop": 0.1})
        yield workspace
        workspace.database.close()
        workspace.runs.close()


def _opened(workspace: Workspace) -> list[Row]:
    shown = [""]

    def open_it() -> None:
        shown[0] = page(run_details.details(workspace, stored_sweeps.NAME), LOOK)

    took = _seconds(open_it)
    weight = saved_bytes(shown[0])
    what = "sweep view of 1,000 trials (20 values each)"
    return [
        Row(f"{what} opens: gathered and painted", took, OPENED, "s", took / OPENED, "≤ 0.5 s", took <= OPENED),
        Row(f"{what}, saved", weight / 1000, LIMIT / 1000, "kB", weight / LIMIT, "≤ 1 × 60 kB", weight <= LIMIT),
    ]


def _repainted(workspace: Workspace) -> Row:
    took = _seconds(lambda: bundle(run_details.details(workspace, stored_sweeps.NAME), LOOK))
    what = "a repaint of a running sweep of 500 trials, against the 0.25 s between repaints"
    return Row(what, took, POLL, "s", took / POLL, f"≤ {REPAINTED} ×", took <= REPAINTED * POLL)


def _seconds(act: Callable[[], object]) -> float:
    taken = list[float]()
    for _ in range(REPEATS):
        began = time.perf_counter()
        act()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)

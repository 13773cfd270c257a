"""The store under a long history and a large code folder: a submit stays as quick as the first."""

import gc
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import quantiles
from typing import Final

from jupyter_aml import command
from jupyter_aml.entities.job_record import JobRecord
from jupyter_aml.entities.names import ComputeName, JobName
from jupyter_aml.entities.status import JobStatus
from jupyter_aml.entities.workspace import DEFAULT_WORKSPACE, WorkspaceFolder
from jupyter_aml.operations import jobs
from jupyter_aml.operations.workspaces import Workspace
from jupyter_aml.store import facts
from jupyter_aml.store import jobs as job_rows
from tests.benchmarks.row import Row

HISTORY: Final = 10_000
FILES: Final = 10_000
SUBMITS: Final = 300


def rows() -> list[Row]:
    """Every row of the store."""
    with tempfile.TemporaryDirectory() as folder:
        return [_history(Path(folder)), *_large_folder(Path(folder))]


def _history(folder: Path) -> Row:
    """The same submits, taken in turn from an empty store and from one with 10,000 finished jobs."""
    empty, full = _workspace(folder / "empty"), _workspace(folder / "full")
    _fill(full)
    code = _code(folder / "small", 3)
    times: dict[str, list[float]] = {"empty": [], "full": []}
    for turn in range(SUBMITS):
        pair = [("empty", empty), ("full", full)]
        for name, workspace in pair if turn % 2 else reversed(pair):
            times[name].append(_milliseconds(lambda workspace=workspace: _submit(workspace, code)))
    # The quiet quarter: what the machine does beside this is the same for both, and not asked about.
    ours, peer = (quantiles(times[name])[0] for name in ("full", "empty"))
    what = f"Submit with {HISTORY:,} finished jobs, against an empty store"
    return Row(what, ours, peer, "ms", ours / peer, "≤ 1.2", ours / peer <= 1.2)


def _large_folder(folder: Path) -> list[Row]:
    """The first freeze of a large folder, then the same folder again."""
    workspace, code = _workspace(folder / "large"), _code(folder / "code", FILES)
    first = _milliseconds(lambda: _submit(workspace, code)) / 1000
    _submit(workspace, code)  # the first look back: times within the last clock tick are trusted from here on
    before = _kept(workspace)
    again = min(_milliseconds(lambda: _submit(workspace, code)) / 1000 for _ in range(5))
    added = _kept(workspace) - before
    what = f"Submit an unchanged {FILES:,}-file folder again"
    return [
        Row(f"{what} (best of 5), against the first time", again, first, "s", again / first, "≤ 0.5 s", again <= 0.5),
        Row(f"{what}: files stored", added, FILES, "files", added / FILES, "0", added == 0),
    ]


def _workspace(folder: Path) -> Workspace:
    workspace = Workspace(DEFAULT_WORKSPACE, WorkspaceFolder(folder))
    workspace.runs.experiment_id("bench")
    assert workspace.database
    return workspace


def _submit(workspace: Workspace, code: Path) -> JobRecord:
    draft = command(command="python m0/f0.py", code=code, experiment_name="bench", environment="sklearn-1.5@latest")
    return jobs.submit(workspace, draft)


def _fill(workspace: Workspace) -> None:
    """Finished jobs with their facts and runs, as years of work would leave them."""
    job = JobRecord(
        JobName("x"), "command", JobStatus.NOT_STARTED, "bench", "x", ComputeName("serverless"),
        {"command": "python train.py", "inputs": {"rate": 0.1}}, time.time(), tags={"a": "b"},
    )  # fmt: skip
    for number in range(HISTORY):
        name = JobName(f"old-{number}")
        workspace.runs.create(
            name,
            "bench",
            display_name=name,
            artifact_uri="file:///x",
            tags={"a": "b"},
            start_ms=number,
            status="FINISHED",
        )
    with workspace.database.transaction() as connection:
        for number in range(HISTORY):
            name = JobName(f"old-{number}")
            job_rows.insert(connection, replace(job, name=name), "{}")
            for kind in ("job.wished", "job.status", "job.status", "job.status"):
                facts.append(connection, at=job.created_at, kind=kind, subject=name, status="Completed")
            job_rows.set_status(connection, name, JobStatus.COMPLETED)


def _code(folder: Path, files: int) -> Path:
    for number in range(files):
        path = folder / f"m{number % 100}" / f"f{number}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"value = {number}\n" * 20)
    (folder / ".gitignore").write_text("*.log\nbuild/\n.venv\n/data/*.csv\n")
    return folder


def _kept(workspace: Workspace) -> int:
    roots = (workspace.folder.blobs, workspace.folder.snapshots)
    return sum(path.is_file() for root in roots for path in root.rglob("*"))


def _milliseconds(act: Callable[[], object]) -> float:
    gc.collect()
    start = time.perf_counter()
    act()
    return (time.perf_counter() - start) * 1000

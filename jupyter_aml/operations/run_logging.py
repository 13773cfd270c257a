"""What a run logs by SDK v1: numbers to MLflow's metrics, and what is no number to a file of the run's own.

That file is a line a call, in the order of the calls: a run that is killed has kept all that it logged.
"""

import json
import os
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final, TypeAlias

from jupyter_aml.operations import access
from jupyter_aml.operations.workspaces import Workspace
from jupyter_aml.store import jobs
from jupyter_aml.tracking import schema
from jupyter_aml.tracking.metric_writing import MetricWriting

Note: TypeAlias = Mapping[str, Any]  # Any: what was logged, as JSON

NOTES: Final = "azureml-metrics/metrics.jsonl"
"""Where the values lie that MLflow has no column for, among the run's files."""


def add(workspace: Workspace, run: str, key: str, values: Sequence[float], step: int | None = None) -> None:
    """Log numbers under one key. ResourceNotFoundError when there is no such run."""
    _check(workspace, run)
    schema.ensure(workspace.folder.tracking_database, workspace.folder.artifact_root)
    with closing(MetricWriting(workspace.folder.tracking_database)) as metrics:
        metrics.add(run, key, values, step)


def note(workspace: Workspace, run: str, said: Note) -> None:
    """Keep what was logged and is no plain number. ResourceNotFoundError when there is no such run."""
    _check(workspace, run)
    path = _notes(workspace, run)
    path.parent.mkdir(parents=True, exist_ok=True)
    line = f"{json.dumps(said, ensure_ascii=False)}\n".encode()
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644)
    try:
        os.write(file, line)  # one write: the lines of several processes do not mix
    finally:
        os.close(file)


def notes(workspace: Workspace, run: str) -> list[Note]:
    """All that was kept, in the order in which it was logged."""
    access.require(workspace, "jobs/read", f"jobs/{run}")
    try:
        lines = _notes(workspace, run).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
    return [json.loads(line) for line in lines]


def _notes(workspace: Workspace, run: str) -> Path:
    return workspace.folder.artifacts(run) / NOTES


def _check(workspace: Workspace, run: str) -> None:
    access.require(workspace, "jobs/write", f"jobs/{run}")
    jobs.get(workspace.database, run)

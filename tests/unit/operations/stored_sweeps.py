"""Sweeps as their program leaves them in a store: rows, facts and MLflow's runs, written straight there."""

import json
import random
import sqlite3
from collections.abc import Mapping
from typing import Any, Final

from jupyter_aml.entities.job_record import JobRecord
from jupyter_aml.entities.names import ComputeName, JobName
from jupyter_aml.entities.status import FINISHED, MLFLOW_STATUS, JobStatus
from jupyter_aml.entities.sweep_plan import BEST_CHILD, HYPERPARAMETERS
from jupyter_aml.operations.workspaces import Workspace
from jupyter_aml.store import facts, jobs

NAME: Final = JobName("brave_fox")
BEGAN: Final = 1_790_000_000.0
SPEC: Final[Mapping[str, Any]] = {
    "type": "sweep",
    "sampling_algorithm": {"type": "random", "seed": 7},
    "search_space": {
        "rate": {"type": "loguniform", "min_value": -9.2, "max_value": -1.2},
        "depth": {"type": "choice", "values": [3, 5, 8]},
        "drop": {"type": "uniform", "min_value": 0.0, "max_value": 0.5},
    },
    "objective": {"goal": "maximize", "primary_metric": "accuracy"},
    "limits": {"max_total_trials": 1000, "max_concurrent_trials": 4},
    "early_termination": {"type": "bandit", "slack_factor": 0.1, "evaluation_interval": 1},
}


def begin(workspace: Workspace, **changes: Any) -> None:
    """A running sweep without a trial."""
    job = JobRecord(
        NAME, "sweep", JobStatus.NOT_STARTED, "bench", "tuned", ComputeName("local"), {**SPEC, **changes}, BEGAN
    )
    with workspace.database.transaction() as connection:
        jobs.insert(connection, job, "{}")
        jobs.set_status(connection, NAME, JobStatus.RUNNING, started_at=BEGAN + 1)
    workspace.runs.create(NAME, "bench", display_name="tuned", artifact_uri="file:///x", tags={}, start_ms=0)


def end(workspace: Workspace, best: int, importance: Mapping[str, float]) -> None:
    """The sweep is over."""
    with workspace.database.transaction() as connection:
        facts.append(
            connection, at=BEGAN + 90, kind="sweep.importance", subject=NAME, values=json.dumps(dict(importance))
        )
        jobs.describe(connection, NAME, {"properties": json.dumps({BEST_CHILD: f"{NAME}_{best}"})})
        jobs.set_status(connection, NAME, JobStatus.COMPLETED, ended_at=BEGAN + 90)


def trial(
    workspace: Workspace, number: int, params: Mapping[str, Any], status: JobStatus, values: list[float | str]
) -> JobName:
    """One trial and what it logged, as MLflow's own columns hold it: 'nan' is a zero that is marked."""
    name, tags = JobName(f"{NAME}_{number}"), {HYPERPARAMETERS: json.dumps(params)}
    workspace.runs.create(
        name, "bench", display_name=name, artifact_uri="file:///x", tags=tags, start_ms=number, parent=NAME,
        status=MLFLOW_STATUS[status],
    )  # fmt: skip
    with workspace.database.transaction() as connection:
        _insert(connection, name, number, tags, status)
    log(workspace, {name: values})
    return name


def _insert(
    connection: sqlite3.Connection, name: JobName, number: int, tags: dict[str, str], status: JobStatus
) -> None:
    began = BEGAN + 2 + number
    record = JobRecord(
        name, "command", JobStatus.NOT_STARTED, "bench", name, ComputeName("local"), {"command": "python train.py"},
        began, parent=NAME, tags=tags,
    )  # fmt: skip
    jobs.insert(connection, record, "{}")
    facts.append(connection, at=began, kind="sweep.trial", subject=NAME, child=name, number=number, params="{}")
    over = {"ended_at": began + 8} if status in FINISHED else {}
    jobs.set_status(connection, name, status, started_at=began + 0.5, **over)
    if status is JobStatus.CANCELED:
        facts.append(
            connection, at=began + 7, kind="sweep.terminated", subject=NAME, child=name, policy="bandit", interval=6,
            value=0.61, bound=0.683,
        )  # fmt: skip


def log(workspace: Workspace, values: Mapping[str, list[float | str]]) -> None:
    """Values of the primary metric, by trial."""
    rows = [
        ("accuracy", 0.0 if value == "nan" else value, n, name, n, value == "nan")
        for name, logged in values.items()
        for n, value in enumerate(logged)
    ]
    database = sqlite3.connect(workspace.folder.tracking_database)
    with database:
        database.executemany(
            "INSERT INTO metrics (key, value, timestamp, run_uuid, step, is_nan) VALUES (?, ?, ?, ?, ?, ?)", rows
        )
    database.close()


def many(workspace: Workspace, count: int, *, points: int = 20, running: int = 0) -> None:
    """So many trials, each with a learning curve; every fifth was stopped early."""
    rng = random.Random(3)
    begin(workspace)
    curves = dict[str, list[float | str]]()
    for number in range(count):
        params = {"rate": rng.uniform(1e-4, 0.3), "depth": rng.choice([3, 5, 8]), "drop": rng.random() / 2}
        status = JobStatus.CANCELED if number % 5 == 0 else JobStatus.COMPLETED
        name = trial(workspace, number, params, JobStatus.RUNNING if number >= count - running else status, [])
        top = rng.uniform(0.7, 0.95)
        curves[name] = [top * (1 - 0.5 ** (n + 1)) for n in range(points)]
    log(workspace, curves)

"""Interactive runs: jobs that are a part of this very process. Their wish and their end are written, never a status.

Which process that is stands in the attempt's folder from before the wish on: so the supervisor sees whether it lives.
A process that goes on with the run is named there too. The run's outcome appears there when it ends.
"""

import os
import sys
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Final

from jupyter_aml.entities import begun
from jupyter_aml.entities.job_folder import AttemptFolder, attempt_folder
from jupyter_aml.entities.job_record import INTERACTIVE, JobRecord
from jupyter_aml.entities.launch import Launch, Outcome
from jupyter_aml.entities.names import ComputeName, JobName
from jupyter_aml.entities.status import JobStatus
from jupyter_aml.entities.workspace import WorkspaceFolder
from jupyter_aml.store import facts, jobs
from jupyter_aml.store.database import Database
from jupyter_aml.tracking.runs import DESCRIPTION_TAG, JOB_TAG
from jupyter_aml.tracking.schema import place_first

LOCAL: Final = ComputeName("local")
"""Azure's own word for where such a run is."""
_SERVER: Final = "_MLFLOW_SERVER_FILE_STORE"
_NOT_OURS: Final = ("JUPYTER_AML_ATTEMPT", "AZUREML_RUN_ID", _SERVER)
"""Variables of a process inside a job, whose runs are that job's; and of a server, whose runs are its clients'."""
OTHERS: Final = "mlflow."
"""How tags begin that are MLflow's own."""
_ENGINE: Final = "jupyter_aml.engine.lifecycle"
_ENDS: Final = {
    "FINISHED": Outcome("exited", 0),
    "FAILED": Outcome("exited", 1, "The run was ended as FAILED."),
    "KILLED": Outcome("canceled", error="The run was ended as KILLED."),
}


def is_own() -> bool:
    """Whether a run that begins in this process is a job of its own."""
    return not any(name in os.environ for name in _NOT_OURS)


def record(
    name: str,
    experiment: str,
    *,
    display_name: str,
    parent: str = "",
    tags: Mapping[str, str] | None = None,
    properties: Mapping[str, str] | None = None,
    at: float | None = None,
) -> JobRecord:
    """The job that such a run is. It runs already: that is so before a supervisor writes it down."""
    return JobRecord(
        JobName(name), INTERACTIVE, JobStatus.RUNNING, experiment, display_name or name, LOCAL,
        {"experiment_name": experiment, "compute": LOCAL}, time.time() if at is None else at,
        parent=parent, nodes=0, tags=tags or {}, properties=properties or {},
    )  # fmt: skip


def begin(folder: WorkspaceFolder, database: Database, job: JobRecord, experiment_id: str) -> None:
    """The job is there from now on, as a part of this process. ResourceExistsError when its name is taken."""
    attempt = attempt_folder(folder.jobs, job.name, 1)
    launch = Launch(
        job.name, "", sys.executable, str(folder.artifacts(job.name)), job.experiment, experiment_id, tracking_uri=""
    )
    with database.transaction() as connection:
        jobs.insert(connection, job, launch.to_json())
        attempt.root.mkdir(parents=True, exist_ok=True)
        attempt.attached.write_bytes(begun.own(job.created_at).line)
        facts.append(
            connection, at=job.created_at, kind="job.wished", subject=job.name,
            experiment=job.experiment, compute=job.compute,
        )  # fmt: skip


def hold(folder: AttemptFolder) -> None:
    """This process goes on with the run: it lives while one of those does that began it or went on with it.

    Nothing for a run that it holds already, for one that is no such run, and in a server, which goes on for others.
    """
    own, known = begun.own(time.time()), begun.read_holders(folder.attached)
    if known is None or _SERVER in os.environ or any((own.pid, own.birth) == (one.pid, one.birth) for one in known):
        return
    with folder.attached.open("ab", buffering=0) as file:  # in one write: others may do so now
        file.write(own.line)


def settle(folder: AttemptFolder, outcome: Outcome) -> bool:
    """Say how the run ended; False when that was said before, by whomever, or when it is no such run."""
    if not folder.attached.exists() or folder.outcome.exists():
        return False
    ended = replace(outcome, ended_at=outcome.ended_at or time.time())
    beside = folder.root / f"outcome.{os.getpid()}.{os.urandom(4).hex()}"
    beside.write_text(ended.to_json())
    place_first(beside, folder.outcome)
    is_first = not beside.exists() or beside.samefile(folder.outcome)
    beside.unlink(missing_ok=True)
    return is_first


def wake(folder: WorkspaceFolder) -> None:
    """Let the supervisor look, and live. By its name: the engine lies above this room."""
    import_module(_ENGINE).ensure(folder)


class RunsAsJobs:
    """What MLflow's store tells the workspace beside it of the runs that it makes."""

    def __init__(self, tracking_database: Path) -> None:
        self._folder = WorkspaceFolder(tracking_database.parent)

    @property
    def are_due(self) -> bool:
        """Whether a run that begins now is a job."""
        return is_own() and self._folder.database.exists()

    def begin(self, job: JobRecord, experiment_id: str) -> None:
        """The run has begun; its parent is kept where that is a job too."""
        with closing(Database(self._folder.database)) as database:
            is_below = bool(job.parent) and jobs.find(database, job.parent) is not None
            begin(self._folder, database, job if is_below else replace(job, parent=""), experiment_id)
        wake(self._folder)

    def hold(self, name: str) -> None:
        """This process goes on with the run."""
        hold(self._attempt(name))

    def is_over(self, name: str) -> bool:
        """Whether the job of that run has ended, and so its run for good."""
        has_outcome = self._attempt(name).outcome.exists()
        if has_outcome or not self._folder.database.exists():
            return has_outcome
        with closing(Database(self._folder.database)) as database:
            job = jobs.find(database, name)
        return job is not None and job.is_finished

    def settle(self, name: str, status: str, end_ms: int | None) -> bool:
        """The run ended, in MLflow's words; whether that is news."""
        outcome = replace(_ENDS[status], ended_at=(end_ms or 0) / 1000)
        if status == "FAILED" and (reason := sys.exc_info()[1]) is not None:
            outcome = replace(outcome, error=f"{type(reason).__name__}: {reason}")
        return settle(self._attempt(name), outcome)

    def wake(self) -> None:
        """Let the supervisor look."""
        wake(self._folder)

    def describe(self, name: str, **changes: str | int) -> None:
        """What the job is called, or whether lists hide it; nothing for a run that is no job."""
        self._tell(name, changes, {})

    def tag(self, name: str, tags: Mapping[str, str | None]) -> None:
        """What the job is tagged with, in MLflow's words, None: no more; nothing for a run that is no job.

        MLflow's own tags are not the job's, but for the one that is its description.
        """
        own = {key: text for key, text in tags.items() if not key.startswith(OTHERS) and key != JOB_TAG}
        changes = {"description": tags[DESCRIPTION_TAG] or ""} if DESCRIPTION_TAG in tags else {}
        if own or changes:
            self._tell(name, changes, own)

    def _tell(self, name: str, changes: Mapping[str, str | int], tags: Mapping[str, str | None]) -> None:
        if not self._folder.database.exists():
            return
        with closing(Database(self._folder.database)) as database, database.transaction() as connection:
            if jobs.find(database, name) is None:
                return
            jobs.describe(connection, name, changes)
            said = {**changes, **({"tags": jobs.retag(connection, name, tags)} if tags else {})}
            facts.append(connection, at=time.time(), kind="job.described", subject=name, **said)

    def _attempt(self, name: str) -> AttemptFolder:
        return attempt_folder(self._folder.jobs, name, 1)

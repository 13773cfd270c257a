"""The supervisor's pen: the only place from which a job's status is written. Decides nothing."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Final

from jupyter_aml.engine.machine import Cluster, Record
from jupyter_aml.entities.launch import Outcome
from jupyter_aml.entities.names import JobName
from jupyter_aml.entities.status import FINISHED, MLFLOW_STATUS, JobStatus
from jupyter_aml.exceptions import ResourceNotFoundError
from jupyter_aml.store import computes, facts, jobs
from jupyter_aml.store.database import Transaction
from jupyter_aml.tracking.runs import Runs

LOST: Final = Outcome(
    "lost",
    error="The job's runner disappeared before it could say how the job ended (killed, out of memory, or the "
    "machine went down). What it wrote is kept. Submit it again to run it once more.",
)


class Journal:
    """Writes what the machine decided: our rows inside the caller's transaction, MLflow's run state beside it."""

    def __init__(self, runs: Runs) -> None:
        self._runs = runs

    def write(
        self,
        connection: Transaction,
        at: float,
        records: Iterable[Record],
        outcomes: Mapping[JobName, Outcome],
    ) -> None:
        """Each record as a fact, and as the job's row."""
        for record in records:
            outcome = outcomes.get(record.job, LOST)
            facts.append(
                connection, at=at, kind="job.status", subject=record.job,
                status=record.status, attempt=record.attempt, **_said(record.status, outcome),
            )  # fmt: skip
            changes = {"attempt": record.attempt, **_changes(record.status, at, outcome)}
            jobs.set_status(connection, record.job, record.status, **changes)
            self._tell_mlflow(record, at)

    def nodes(self, connection: Transaction, at: float, cluster: Cluster) -> None:
        """What the cluster's nodes are doing."""
        computes.set_nodes(connection, cluster.name, cluster.node_counts)
        facts.append(connection, at=at, kind="compute.nodes", subject=cluster.name, **cluster.node_counts)

    def _tell_mlflow(self, record: Record, at: float) -> None:
        with suppress(ResourceNotFoundError):  # its run may have been deleted in MLflow's own UI
            if record.status == JobStatus.RUNNING:
                self._runs.set_status(record.job, "RUNNING", None)
            elif record.status in FINISHED:
                self._runs.set_status(record.job, MLFLOW_STATUS[record.status], int(at * 1000))


def _said(status: JobStatus, outcome: Outcome) -> dict[str, str | int | None]:
    """What a fact adds about the end: the reason, the exit code, and whether a warm worker ran it."""
    if status not in FINISHED:
        return {}
    started = "warm" if outcome.warm else f"cold: {outcome.cold_because}" if outcome.cold_because else ""
    return {"why": outcome.why, "exit_code": outcome.exit_code, "start": started}


def _changes(status: JobStatus, at: float, outcome: Outcome) -> dict[str, float | str | None]:
    if status == JobStatus.RUNNING:
        return {"started_at": at}
    if status in FINISHED:
        error = "" if status == JobStatus.COMPLETED else outcome.error
        return {"ended_at": at, "exit_code": outcome.exit_code, "error": error}
    return {}

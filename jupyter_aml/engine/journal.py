"""The supervisor's pen: the only place from which a job's status is written. Decides nothing."""

from collections.abc import Iterable, Mapping
from typing import Final

from jupyter_aml.engine.machine import Became, Cluster, ClusterFact, Command, Leaving, NodePreempted, Record
from jupyter_aml.entities.compute_record import Provisioning
from jupyter_aml.entities.job_record import INTERACTIVE
from jupyter_aml.entities.launch import Outcome
from jupyter_aml.entities.names import ComputeName, JobName
from jupyter_aml.entities.status import FINISHED, MLFLOW_STATUS, JobStatus
from jupyter_aml.exceptions import ResourceNotFoundError
from jupyter_aml.store import computes, facts, jobs
from jupyter_aml.store.database import Transaction
from jupyter_aml.tracking.runs import Runs

_UNSAID: Final = {
    JobStatus.FAILED: Outcome(
        "lost",
        error="The job's runner disappeared before it could say how the job ended (killed, out of memory, or the "
        "machine went down). What it wrote is kept. Submit it again to run it once more.",
    ),
    JobStatus.CANCELED: Outcome("canceled", error="Canceled before its process started."),
}
"""What is said of an attempt that did not say it itself."""
_HALTED: Final = Outcome(
    "canceled",
    error="Its compute instance was stopped while the job ran. Start the instance and submit the job again.",
)


class Journal:
    """Writes what the machine decided: MLflow's run state first, then our rows inside the caller's transaction."""

    def __init__(self, runs: Runs) -> None:
        self._runs = runs

    def tell_mlflow(self, at: float, records: Iterable[Record]) -> dict[JobName, str]:
        """Set the runs' states; for each job of which MLflow could not be told, why.

        Before our own transaction: so whoever sees the job finished sees its run finished too, a supervisor that is
        killed in between says it again, and nobody waits for our file while MLflow's is locked.
        """
        untold: dict[JobName, str] = {}
        for record in records:
            status = MLFLOW_STATUS[record.status]
            if record.status != JobStatus.RUNNING and record.status not in FINISHED:
                continue
            try:
                self._runs.set_status(record.job, status, round(at * 1000) if record.status in FINISHED else None)
            except ResourceNotFoundError:
                continue  # the run was deleted in MLflow's own UI
            except Exception as error:  # noqa: BLE001  the edge of a process: a broken tracking file stops no job
                untold[record.job] = repr(error)
        return untold

    def write(
        self, connection: Transaction, at: float, records: Iterable[Record], outcomes: Mapping[JobName, Outcome]
    ) -> None:
        """Each record as a fact, and what they come to as the job's row."""
        last, changes = dict[JobName, Record](), dict[JobName, dict[str, float | str | None]]()
        for record in records:
            outcome = outcomes.get(record.job) or _UNSAID.get(record.status) or _UNSAID[JobStatus.FAILED]
            outcome = _HALTED if record.why is Leaving.HALTED else outcome
            facts.append(
                connection, at=at, kind="job.status", subject=record.job,
                status=record.status, attempt=record.attempt, **_said(record, outcome),
            )  # fmt: skip
            last[record.job] = record
            changes.setdefault(record.job, {}).update(_changes(record.status, at, outcome))
        for job, record in last.items():
            jobs.set_status(connection, job, record.status, attempt=record.attempt, **changes[job])

    def untold(self, connection: Transaction, at: float, untold: Mapping[JobName, str]) -> None:
        """That MLflow could not be told."""
        for job, error in untold.items():
            facts.append(connection, at=at, kind="tracking.failed", subject=job, error=error)

    def orphans(self, connection: Transaction, at: float, ended: Mapping[JobName, JobStatus]) -> None:
        """What still goes on below a job that is over: somebody wishes its end.

        Interactive runs end themselves, in any order: only who cancels one means those below it too.
        """
        for parent, status in ended.items():
            left_alone = "" if status == JobStatus.CANCELED else INTERACTIVE
            for child in jobs.unfinished_children(connection, parent, but=left_alone):
                facts.append(connection, at=at, kind="job.cancel.wished", subject=child, parent=parent)

    def compute(
        self, connection: Transaction, fact: ClusterFact, before: Cluster, after: Cluster, commands: Iterable[Command]
    ) -> None:
        """What changed of the compute itself: a node that was taken, how many do what, an instance's state."""
        name, at = after.name, fact.at
        if isinstance(fact, NodePreempted) and after != before:
            job = next((node.job for node in before.each if node.number == fact.number), "")
            facts.append(connection, at=at, kind="compute.node.preempted", subject=name, node=fact.number, job=job)
        if after.node_counts != before.node_counts:
            facts.append(connection, at=at, kind="compute.nodes", subject=name, **after.node_counts)
        for became in commands:
            if isinstance(became, Became):
                self._became(connection, at, name, became)

    def _became(self, connection: Transaction, at: float, name: ComputeName, became: Became) -> None:
        operation = became.operation
        computes.set_instance(connection, name, became.state, operation)
        facts.append(
            connection, at=at, kind="compute.state", subject=name,
            state=became.state, operation=operation.name, status=operation.status, trigger=operation.trigger,
        )  # fmt: skip

    def seats(self, connection: Transaction, clusters: Iterable[Cluster]) -> None:
        """Which nodes there are, and which job is on which."""
        for cluster in clusters:
            computes.set_nodes(connection, cluster.name, cluster.node_counts, cluster.each)

    def settled(self, connection: Transaction, at: float, computes_: Mapping[ComputeName, Provisioning]) -> None:
        """That computes were made, or are gone."""
        for name, state in computes_.items():
            if state == Provisioning.DELETING:
                computes.delete(connection, name)
            else:
                computes.set_state(connection, name, state)
            kind = "compute.deleted" if state == Provisioning.DELETING else "compute.created"
            facts.append(connection, at=at, kind=kind, subject=name)


def _said(record: Record, outcome: Outcome) -> dict[str, str | int | None]:
    """What a fact adds about the end: the reason, the exit code, and whether a warm worker ran it."""
    if record.why:
        return {"why": record.why}
    if record.status not in FINISHED:
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

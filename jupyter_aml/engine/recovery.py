"""Which clusters there are, and what the wishes say of them. Reads the store; writes nothing, decides nothing."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from typing import Final, TypeAlias, cast

from jupyter_aml.engine import machine
from jupyter_aml.engine.clock import Clock
from jupyter_aml.engine.machine import Cluster, ClusterFact, Instance, Leaving, recovered
from jupyter_aml.entities.compute_record import ComputeRecord, InstanceState, Power, Provisioning
from jupyter_aml.entities.job_record import INTERACTIVE, ORCHESTRATORS, JobRecord
from jupyter_aml.entities.names import ComputeName
from jupyter_aml.entities.status import JobStatus
from jupyter_aml.exceptions import ResourceNotFoundError
from jupyter_aml.store import computes, facts, jobs
from jupyter_aml.store.database import Database
from jupyter_aml.store.facts import Fact

News: TypeAlias = tuple[ComputeName, ClusterFact]
"""A fact, and the cluster that it is about."""

_POWER: Final[dict[str, Power]] = {
    "compute.start.wished": "start",
    "compute.stop.wished": "stop",
    "compute.restart.wished": "restart",
}


_ORCHESTRATORS: Final = ComputeRecord(
    ORCHESTRATORS, "orchestrators", 0, 1000, 0.0, hidden=True, created_at=0.0, spec={}
)
"""No row: it is nobody's, and always there."""


class Places:
    """The clusters, as far as anything is known of them; `unsettled` are computes to be told made, or gone."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock
        self.clusters: dict[ComputeName, Cluster] = {}
        self.computes: dict[ComputeName, ComputeRecord] = {}
        self.unsettled: dict[ComputeName, Provisioning] = {}

    # ── what was wished ──

    def news(self, fact: Fact) -> Iterator[News]:
        """What a wish says, and of which cluster."""
        match fact.kind:
            case "job.wished" | "job.cancel.wished":
                yield from self._of_job(fact)
            case "compute.wished":
                yield self._resized(fact)
            case "compute.preempt.wished":
                yield self.cluster(ComputeName(fact.subject)).name, _preempted(fact)
            case kind if kind in _POWER:
                yield self.cluster(ComputeName(fact.subject)).name, machine.PowerWished(fact.at, _POWER[kind])
            case _:
                pass

    def _of_job(self, fact: Fact) -> Iterator[News]:
        if job := jobs.find(self._database, fact.subject):
            name = self.cluster(job.runs_on).name
            if fact.kind == "job.wished" and job.type == INTERACTIVE:
                yield name, machine.JobBegun(job.created_at, job.name)
            elif fact.kind == "job.wished":
                yield name, machine.JobWished(fact.at, job.name, job.nodes, job.max_attempts)
            else:
                yield name, machine.CancelWished(fact.at, job.name)

    def _resized(self, fact: Fact) -> News:
        """The compute as it is by now; one that was deleted, or is to be, has no nodes."""
        wished = find(self._database, fact.subject)
        if wished is None or wished.state == Provisioning.DELETING:
            name = self.cluster(ComputeName(fact.subject)).name
            self.computes.pop(name, None)
            if wished:
                self.unsettled[name] = Provisioning.DELETING
            return name, machine.Resized(fact.at, 0, 0, 0.0)
        self._known(wished)
        return wished.name, machine.Resized(
            fact.at, wished.min_nodes, wished.max_nodes, wished.idle_seconds, wished.low_priority, _shutdown(wished)
        )

    def _known(self, wished: ComputeRecord) -> None:
        before = self.clusters.get(wished.name)
        if before is None:
            self.clusters[wished.name] = recovered(_cluster(wished), (), wished.each)
        elif wished.name not in self.computes:  # made again, under the name of one that was deleted
            self.clusters[wished.name] = replace(before, instance=_cluster(wished).instance)
        self.computes[wished.name] = wished
        if wished.state == Provisioning.CREATING and not wished.is_instance:
            self.unsettled[wished.name] = Provisioning.SUCCEEDED

    # ── what is there ──

    def cluster(self, name: ComputeName) -> Cluster:
        """The cluster of that name, with the nodes that were recorded last; one without nodes for a deleted compute."""
        if name not in self.clusters:
            self.clusters[name] = Cluster(name, 0, 0, 0.0)
            compute = _ORCHESTRATORS if name == ORCHESTRATORS else find(self._database, name)
            if compute and compute.state != Provisioning.DELETING:
                self.computes[name] = compute
                self.clusters[name] = recovered(_cluster(compute), (), compute.each)
        return self.clusters[name]

    def recover(self) -> None:
        """What the supervisor before left: its nodes, and its unfinished jobs with the status it wrote last."""
        unfinished: dict[ComputeName, list[JobRecord]] = defaultdict(list)
        for job in jobs.unfinished(self._database):
            if _was_read(job):
                unfinished[job.runs_on].append(job)
        there = {compute.name: compute for compute in computes.select(self._database, hidden=True)}
        for name in {*unfinished, *(name for name, compute in there.items() if _is_alive(compute))}:
            made = self.cluster(name)
            tasks = [self._task(job) for job in unfinished[name]]
            each = there[name].each if name in there else ()
            self.clusters[name] = recovered(made, tasks, each)

    def _task(self, job: JobRecord) -> machine.Task:
        leaving = Leaving.CANCELED if job.status == JobStatus.CANCEL_REQUESTED else Leaving.NOT
        spared = self._spared(job) if job.attempt else 0
        return machine.Task(
            job.name, job.nodes, job.max_attempts, job.attempt, job.status, spared=spared, leaving=leaving
        )

    def _spared(self, job: JobRecord) -> int:
        """How often a node was taken from it."""
        told = facts.story(self._database, job.name)
        return sum(fact.kind == "job.status" and fact.body.get("why") == Leaving.PREEMPTED for fact in told)


def find(database: Database, name: str) -> ComputeRecord | None:
    """The compute of that name, or None."""
    try:
        return computes.get(database, name)
    except ResourceNotFoundError:
        return None


def _was_read(job: JobRecord) -> bool:
    """Whether a supervisor knew it: until then a job has not started, and one that runs already has no attempt."""
    return job.status not in {JobStatus.NOT_STARTED, JobStatus.RUNNING} or job.attempt > 0


def _is_alive(compute: ComputeRecord) -> bool:
    return compute.is_instance or any(compute.nodes.values())


def _cluster(compute: ComputeRecord) -> Cluster:
    instance = Instance(_state(compute), compute.operation, _shutdown(compute)) if compute.is_instance else None
    return Cluster(
        compute.name, compute.min_nodes, compute.max_nodes, compute.idle_seconds,
        low_priority=compute.low_priority, instance=instance,
    )  # fmt: skip


def _state(compute: ComputeRecord) -> InstanceState:
    return InstanceState(compute.state) if compute.state else InstanceState.CREATING


def _shutdown(compute: ComputeRecord) -> float:
    return compute.idle_seconds if compute.is_instance else 0.0


def _preempted(fact: Fact) -> machine.NodePreempted:
    return machine.NodePreempted(fact.at, cast("int", fact.body.get("node", 0)))

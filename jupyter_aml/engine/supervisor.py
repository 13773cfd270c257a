"""The supervisor, a turn at a time: wishes become attempts, attempts become facts. No policy here, no waiting.

A turn looks (facts, folders), lets `machine.advance` decide, writes the decision down in one transaction and only
then acts. Killed at any point, the next supervisor finds everything in the store and in the attempts' folders.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from jupyter_aml.engine import machine
from jupyter_aml.engine.clock import Clock, system_clock
from jupyter_aml.engine.executors.base import Executor, State
from jupyter_aml.engine.journal import Journal
from jupyter_aml.engine.machine import Cluster, ClusterFact, Command
from jupyter_aml.entities.compute_record import ComputeRecord
from jupyter_aml.entities.job_folder import AttemptFolder, attempt_folder
from jupyter_aml.entities.job_record import JobRecord
from jupyter_aml.entities.launch import Launch, Outcome, WarmPlan, launch_from_json
from jupyter_aml.entities.names import ComputeName, JobName
from jupyter_aml.entities.status import FINISHED, JobStatus
from jupyter_aml.entities.workspace import WorkspaceFolder
from jupyter_aml.exceptions import ResourceNotFoundError
from jupyter_aml.store import computes, facts, jobs
from jupyter_aml.store.database import Database
from jupyter_aml.store.facts import Fact
from jupyter_aml.tracking.runs import Runs

READER: Final = "supervisor"
_STOPPED: Final = frozenset({"canceled", "timeout"})
_LOW_PRIORITY_NICE: Final = 10


class Supervisor:
    """One workspace's supervisor."""

    def __init__(self, folder: WorkspaceFolder, executor: Executor, clock: Clock = system_clock) -> None:
        self.folder, self.executor, self.clock = folder, executor, clock
        self.database = Database(folder.database)
        self.journal = Journal(Runs(folder.tracking_database))
        self.clusters: dict[ComputeName, Cluster] = {}
        self.computes: dict[ComputeName, ComputeRecord] = {}
        self._outcomes: dict[JobName, Outcome] = {}
        self._seen = facts.cursor(self.database, READER)
        self._recover()

    @property
    def is_idle(self) -> bool:
        """Whether no job is unfinished."""
        return not any(cluster.tasks for cluster in self.clusters.values())

    def turn(self) -> bool:
        """Look once and do what follows; whether anything was new."""
        self.executor.reap()
        read = facts.wishes(self.database, self._seen)
        news = [*self._wishes(read), *self._sightings(), *self._timers()]
        if read or news:
            self._carry_out(self._write(read, news))
        return bool(news)

    # ── looking ──

    def _wishes(self, read: list[Fact]) -> Iterator[tuple[ComputeName, ClusterFact]]:
        for fact in read:
            match fact.kind:
                case "job.wished":
                    job = jobs.find(self.database, fact.subject)
                    if job and self._cluster(job.compute):
                        yield job.compute, machine.JobWished(fact.at, job.name, job.nodes, job.max_attempts)
                case "job.cancel.wished":
                    job = jobs.find(self.database, fact.subject)
                    if job and self._cluster(job.compute):
                        yield job.compute, machine.CancelWished(fact.at, job.name)
                case "compute.wished":
                    yield from self._resized(fact)
                case _:
                    pass

    def _resized(self, fact: Fact) -> Iterator[tuple[ComputeName, ClusterFact]]:
        name = ComputeName(fact.subject)
        known = self.clusters.get(name)
        try:
            wished = computes.get(self.database, name)
        except ResourceNotFoundError:
            self.clusters.pop(name, None)
            return
        self.computes[wished.name] = wished
        if known is None:
            self._cluster(wished.name)
        yield wished.name, machine.Resized(fact.at, wished.min_nodes, wished.max_nodes, wished.idle_seconds)

    def _sightings(self) -> Iterator[tuple[ComputeName, ClusterFact]]:
        for cluster in self.clusters.values():
            for task in cluster.tasks.values():
                if task.holds_nodes:
                    yield from ((cluster.name, fact) for fact in self._look(task))

    def _look(self, task: machine.Task) -> Iterator[ClusterFact]:
        folder = self._attempt(task.name, task.attempt)
        seen = self.executor.look(folder)
        now = self.clock()
        if seen.state == State.ORPHANED:
            self.executor.end_orphans(folder)
        if seen.started_at and task.status == JobStatus.STARTING:
            yield machine.AttemptStarted(now, task.name, task.attempt)
        if seen.ended_at and task.status in {JobStatus.STARTING, JobStatus.RUNNING}:
            yield machine.AttemptFinishing(now, task.name, task.attempt)
        if seen.outcome:
            self._outcomes[task.name] = seen.outcome
            yield machine.AttemptEnded(now, task.name, task.attempt, _result(seen.outcome))
        elif seen.state in {State.ABSENT, State.LOST}:
            yield machine.AttemptLost(now, task.name, task.attempt, begun=seen.state == State.LOST)

    def _timers(self) -> Iterator[tuple[ComputeName, ClusterFact]]:
        now = self.clock()
        for cluster in self.clusters.values():
            if cluster.next_scale_down is not None and cluster.next_scale_down <= now:
                yield cluster.name, machine.Ticked(now)

    # ── writing ──

    def _write(
        self, read: list[Fact], news: list[tuple[ComputeName, ClusterFact]]
    ) -> list[tuple[ComputeName, Command]]:
        """Decide and write down, all in one transaction; what is left to do."""
        to_do: list[tuple[ComputeName, Command]] = []
        with self.database.transaction() as connection:
            for name, fact in news:
                before = self.clusters[name]
                after, commands = machine.advance(before, fact)
                self.clusters[name] = after
                records = [command for command in commands if isinstance(command, machine.Record)]
                self.journal.write(connection, fact.at, records, self._outcomes)
                if after.node_counts != before.node_counts:
                    self.journal.nodes(connection, fact.at, after)
                to_do += [(name, command) for command in commands]
            if read:
                self._seen = read[-1].seq
                facts.move_cursor(connection, READER, self._seen)
        return to_do

    # ── acting ──

    def _carry_out(self, to_do: list[tuple[ComputeName, Command]]) -> None:
        for name, command in to_do:
            match command:
                case machine.Launch(job=job, attempt=attempt):
                    launch = launch_from_json(jobs.launch_text(self.database, job))
                    self.executor.launch(self._attempt(job, attempt), self._on(name, launch))
                case machine.Stop(job=job, attempt=attempt):
                    self.executor.stop(self._attempt(job, attempt), "canceled")
                case machine.Record():
                    if command.status in FINISHED:
                        self._outcomes.pop(command.job, None)

    def _on(self, name: ComputeName, launch: Launch) -> Launch:
        """The launch as this compute wants it: low priority yields to others, `warm` may be switched off."""
        compute = self.computes[name]
        nice = _LOW_PRIORITY_NICE if compute.low_priority else 0
        warm = launch.warm if compute.warm else WarmPlan(cold_because=f"compute {name} has warm workers switched off")
        return replace(launch, nice=nice, warm=warm)

    def _attempt(self, job: JobName, attempt: int) -> AttemptFolder:
        return attempt_folder(self.folder.jobs, job, attempt)

    # ── finding one's place ──

    def _cluster(self, name: ComputeName) -> Cluster | None:
        if name not in self.clusters:
            try:
                compute = computes.get(self.database, name)
            except ResourceNotFoundError:
                return None
            self.computes[name] = compute
            self.clusters[name] = Cluster(name, compute.min_nodes, compute.max_nodes, compute.idle_seconds)
        return self.clusters[name]

    def _recover(self) -> None:
        """What the one before left: its unfinished jobs, with the status it wrote last."""
        for job in jobs.unfinished(self.database):
            if job.status != JobStatus.NOT_STARTED and (cluster := self._cluster(job.compute)):
                task = _task(job)
                self.clusters[job.compute] = replace(cluster, tasks={**cluster.tasks, job.name: task})
                if task.cancel:
                    self.executor.stop(self._attempt(job.name, job.attempt), "canceled")


def _task(job: JobRecord) -> machine.Task:
    cancel = job.status == JobStatus.CANCEL_REQUESTED
    return machine.Task(job.name, job.nodes, job.max_attempts, job.attempt, job.status, cancel)


def _result(outcome: Outcome) -> machine.Result:
    if outcome.why == "exited":
        return "completed" if outcome.exit_code == 0 else "failed"
    return "canceled" if outcome.why in _STOPPED else "failed"

"""The supervisor, a turn at a time: wishes become attempts, attempts become facts. No policy here, no waiting.

A turn looks (facts, folders), lets `machine.advance` decide, writes the decision down in one transaction and only
then acts. Killed at any point, the next supervisor finds everything in the store and in the attempts' folders.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from jupyter_aml.engine import machine
from jupyter_aml.engine.clock import Clock, system_clock
from jupyter_aml.engine.executors.base import Executor, Sighting, State
from jupyter_aml.engine.journal import Journal
from jupyter_aml.engine.machine import Cluster, ClusterFact, Command
from jupyter_aml.entities.compute_record import ComputeRecord
from jupyter_aml.entities.job_folder import AttemptFolder, attempt_folder
from jupyter_aml.entities.job_record import JobRecord
from jupyter_aml.entities.launch import Launch, Outcome, WarmPlan, launch_from_json
from jupyter_aml.entities.names import ComputeName, JobName
from jupyter_aml.entities.status import JobStatus, NodeState
from jupyter_aml.entities.workspace import WorkspaceFolder
from jupyter_aml.exceptions import ResourceNotFoundError, StoreError
from jupyter_aml.store import computes, facts, jobs
from jupyter_aml.store.database import Database
from jupyter_aml.store.facts import Fact
from jupyter_aml.tracking.runs import Runs

READER: Final = "supervisor"
_STOPPED: Final = frozenset({"canceled", "timeout"})
_LOW_PRIORITY_NICE: Final = 10
_PATIENCE: Final = 5
"""Looks in a row that may go wrong before an attempt is given up."""
_SPOILED: Final = (OSError, ValueError, TypeError, KeyError)
"""What reading and writing one job's files raises, when somebody or a power cut spoiled them."""
LOCKED: Final = StoreError
"""What our database raises while another program holds it: nothing was written, all of it may be tried again."""

News: TypeAlias = tuple[ComputeName, ClusterFact]
"""A fact, and the cluster that it is about."""


class Supervisor:
    """One workspace's supervisor."""

    def __init__(self, folder: WorkspaceFolder, executor: Executor, clock: Clock = system_clock) -> None:
        self.folder, self.executor, self.clock = folder, executor, clock
        self.database = Database(folder.database)
        self.journal = Journal(Runs(folder.tracking_database))
        self.clusters: dict[ComputeName, Cluster] = {}
        self.computes: dict[ComputeName, ComputeRecord] = {}
        self._outcomes: dict[JobName, Outcome] = {}
        self._unlaunched: dict[AttemptFolder, Outcome] = {}
        self._unreadable: dict[AttemptFolder, int] = {}
        self._untold: dict[JobName, str] = {}
        self._unstopped: set[AttemptFolder] = set()
        self._seen = facts.cursor(self.database, READER)
        self._recover()

    @property
    def is_idle(self) -> bool:
        """Whether no job is unfinished and no idle node has yet to leave."""
        return not any(cluster.tasks or cluster.next_scale_down is not None for cluster in self.clusters.values())

    def turn(self) -> bool:
        """Look once and do what follows; whether anything was new.

        Raises:
            StoreError: the workspace is locked; nothing was written or done, and the next turn sees the same again.
        """
        self.executor.reap()
        self._outcomes.clear()
        before = dict(self.clusters)
        try:
            steps = self._decided()
        except BaseException:
            self.clusters = before
            raise
        self._carry_out(steps)
        return bool(steps)

    def _decided(self) -> list["_Decided"]:
        """What follows from what there is to see, written down."""
        read = facts.wishes(self.database, self._seen)
        news = [*self._wishes(read), *self._sightings(), *self._refusals(), *self._timers()]
        steps = [self._advance(name, fact) for name, fact in news]
        if read or news or self._untold:
            self._write(read, steps)
        return steps

    # ── looking ──

    def _wishes(self, read: list[Fact]) -> Iterator[News]:
        for fact in read:
            match fact.kind:
                case "job.wished":
                    if job := jobs.find(self.database, fact.subject):
                        wished = machine.JobWished(fact.at, job.name, job.nodes, job.max_attempts)
                        yield self._cluster(job.compute).name, wished
                case "job.cancel.wished":
                    if job := jobs.find(self.database, fact.subject):
                        yield self._cluster(job.compute).name, machine.CancelWished(fact.at, job.name)
                case "compute.wished":
                    yield self._resized(fact)
                case _:
                    pass

    def _resized(self, fact: Fact) -> News:
        """The compute as it is by now; one that was deleted has no nodes."""
        wished = _find(self.database, fact.subject)
        if wished is None:
            name = self._cluster(ComputeName(fact.subject)).name
            self.computes.pop(name, None)
            return name, machine.Resized(fact.at, 0, 0, 0.0)
        self._cluster(wished.name)
        self.computes[wished.name] = wished
        return wished.name, machine.Resized(fact.at, wished.min_nodes, wished.max_nodes, wished.idle_seconds)

    def _sightings(self) -> Iterator[News]:
        for cluster in self.clusters.values():
            for task in cluster.tasks.values():
                if task.holds_nodes:
                    seen = self._see(task.name, self._attempt(task.name, task.attempt))
                    yield from ((cluster.name, fact) for fact in self._look(task, seen))

    def _look(self, task: machine.Task, seen: Sighting) -> Iterator[ClusterFact]:
        now = self.clock()
        if seen.started_at and task.status == JobStatus.STARTING:
            yield machine.AttemptStarted(seen.started_at, task.name, task.attempt)
        if seen.ended_at and task.status in {JobStatus.STARTING, JobStatus.RUNNING}:
            yield machine.AttemptFinishing(seen.ended_at, task.name, task.attempt)
        if seen.outcome:
            self._outcomes[task.name] = seen.outcome
        if seen.outcome and seen.outcome.why != "lost":
            ended = seen.outcome.ended_at or now
            yield machine.AttemptEnded(ended, task.name, task.attempt, _result(seen.outcome))
        elif seen.state not in {State.RUNNING, State.ORPHANED}:
            yield machine.AttemptLost(now, task.name, task.attempt, begun=seen.state != State.ABSENT)

    def _see(self, job: JobName, folder: AttemptFolder) -> Sighting:
        """The attempt; one that cannot be looked at still runs for a few looks, then it failed, by itself alone."""
        if refused := self._unlaunched.get(folder):
            return Sighting(State.ENDED, outcome=refused)
        if folder in self._unstopped:
            self._stop(folder)
        try:
            seen = self.executor.look(folder)
            if seen.state == State.ORPHANED:
                self.executor.end_orphans(folder)
        except _SPOILED as error:
            return self._not_seen(job, folder, f"{type(error).__name__}: {error}")
        self._unreadable.pop(folder, None)
        return seen

    def _not_seen(self, job: JobName, folder: AttemptFolder, error: str) -> Sighting:
        looks = self._unreadable[folder] = self._unreadable.get(folder, 0) + 1
        if looks == 1:
            self._untold[job] = error
        if looks < _PATIENCE:
            return Sighting(State.RUNNING)
        with suppress(*_SPOILED):
            self.executor.stop(folder, "its files could not be read")
        said = f"The files of its attempt in '{folder.root}' could not be read: {error}"
        return Sighting(State.ENDED, outcome=Outcome("refused", error=said))

    def _refusals(self) -> Iterator[News]:
        """Jobs that wait for a compute that is gone."""
        for cluster in self.clusters.values():
            if cluster.name not in self.computes:
                for job in cluster.waiting:
                    self._outcomes[job] = Outcome("refused", error=f"Its compute '{cluster.name}' was deleted.")
                    yield cluster.name, machine.JobRefused(self.clock(), job)

    def _timers(self) -> Iterator[News]:
        now = self.clock()
        for cluster in self.clusters.values():
            if cluster.next_scale_down is not None and cluster.next_scale_down <= now:
                yield cluster.name, machine.Ticked(now)

    # ── writing ──

    def _advance(self, name: ComputeName, fact: ClusterFact) -> "_Decided":
        before = self.clusters[name]
        self.clusters[name], commands = machine.advance(before, fact)
        changed = self.clusters[name].node_counts != before.node_counts
        return _Decided(fact.at, self.clusters[name], commands, has_new_nodes=changed)

    def _write(self, read: list[Fact], steps: list["_Decided"]) -> None:
        """Everything that this turn decided, in one transaction."""
        untold: dict[JobName, str] = {}
        for step in steps:
            untold |= self.journal.tell_mlflow(step.at, step.records)
        with self.database.transaction() as connection:
            for step in steps:
                self.journal.write(connection, step.at, step.records, self._outcomes)
                if step.has_new_nodes:
                    self.journal.nodes(connection, step.at, step.cluster)
            self.journal.untold(connection, self.clock(), untold)
            for job, error in self._untold.items():
                facts.append(connection, at=self.clock(), kind="attempt.unreadable", subject=job, error=error)
            if read:
                facts.move_cursor(connection, READER, read[-1].seq)
        self._forget(read)

    def _forget(self, read: list[Fact]) -> None:
        """What is written down need not be said again."""
        self._seen = read[-1].seq if read else self._seen
        self._unlaunched.clear()
        self._untold.clear()

    # ── acting ──

    def _carry_out(self, steps: list["_Decided"]) -> None:
        for step in steps:
            for command in step.commands:
                match command:
                    case machine.Launch(job=job, attempt=attempt):
                        self._launch(step.cluster.name, job, self._attempt(job, attempt))
                    case machine.Stop(job=job, attempt=attempt):
                        self._stop(self._attempt(job, attempt))
                    case machine.Record():
                        pass

    def _launch(self, name: ComputeName, job: JobName, folder: AttemptFolder) -> None:
        """Start it; what cannot be started (a full disk, a launch that a newer version wrote) fails by itself alone."""
        try:
            launch = launch_from_json(jobs.launch_text(self.database, job))
            self.executor.launch(folder, self._on(name, launch))
        except LOCKED:
            return  # it is seen ABSENT then, given back, and launched again
        except _SPOILED as error:
            said = f"The job could not be started: {type(error).__name__}: {error}"
            self._unlaunched[folder] = Outcome("refused", error=said)

    def _stop(self, folder: AttemptFolder) -> None:
        """Ask it to end; where that cannot be written (a full disk), again at the next look."""
        self._unstopped.discard(folder)
        try:
            self.executor.stop(folder, "canceled")
        except _SPOILED:
            self._unstopped.add(folder)

    def _on(self, name: ComputeName, launch: Launch) -> Launch:
        """The launch as this compute wants it: low priority yields to others, `warm` may be switched off."""
        compute = self.computes[name]
        nice = _LOW_PRIORITY_NICE if compute.low_priority else 0
        warm = launch.warm if compute.warm else WarmPlan(cold_because=f"compute {name} has warm workers switched off")
        return replace(launch, nice=nice, warm=warm)

    def _attempt(self, job: JobName, attempt: int) -> AttemptFolder:
        return attempt_folder(self.folder.jobs, job, attempt)

    # ── finding one's place ──

    def _cluster(self, name: ComputeName) -> Cluster:
        """The cluster of that name, with the nodes that were recorded last; one without nodes for a deleted compute."""
        if name not in self.clusters:
            self.clusters[name] = Cluster(name, 0, 0, 0.0)
            if compute := _find(self.database, name):
                self.computes[name] = compute
                idle = (self.clock(),) * compute.nodes.get(NodeState.IDLE, 0)
                sizes = (compute.min_nodes, compute.max_nodes, compute.idle_seconds)
                self.clusters[name] = Cluster(name, *sizes, idle_since=idle)
        return self.clusters[name]

    def _recover(self) -> None:
        """What the one before left: its nodes, and its unfinished jobs with the status it wrote last."""
        for compute in computes.select(self.database, hidden=True):
            if any(compute.nodes.values()):
                self._cluster(compute.name)
        for job in jobs.unfinished(self.database):
            if job.status != JobStatus.NOT_STARTED:
                cluster, task = self._cluster(job.compute), _task(job)
                self.clusters[job.compute] = replace(cluster, tasks={**cluster.tasks, job.name: task})
                if task.cancel:
                    self._stop(self._attempt(job.name, job.attempt))


@dataclass(frozen=True, slots=True)
class _Decided:
    """What one fact led to."""

    at: float
    cluster: Cluster
    commands: tuple[Command, ...]
    has_new_nodes: bool

    @property
    def records(self) -> list[machine.Record]:
        return [command for command in self.commands if isinstance(command, machine.Record)]


def _find(database: Database, name: str) -> ComputeRecord | None:
    try:
        return computes.get(database, name)
    except ResourceNotFoundError:
        return None


def _task(job: JobRecord) -> machine.Task:
    cancel = job.status == JobStatus.CANCEL_REQUESTED
    return machine.Task(job.name, job.nodes, job.max_attempts, job.attempt, job.status, cancel)


def _result(outcome: Outcome) -> machine.Result:
    if outcome.why == "exited":
        return "completed" if outcome.exit_code == 0 else "failed"
    return "canceled" if outcome.why in _STOPPED else "failed"

"""The supervisor, a turn at a time: wishes become attempts, attempts become facts. No policy here, no waiting.

A turn looks (facts, folders), lets `machine.advance` decide, writes the decision down in one transaction and only
then acts. Killed at any point, the next supervisor finds everything in the store and in the attempts' folders.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

from jupyter_aml.engine import machine
from jupyter_aml.engine.alarms import Alarms
from jupyter_aml.engine.clock import Clock, system_clock
from jupyter_aml.engine.executors.attached import Attached
from jupyter_aml.engine.executors.base import Executor, Sighting, State
from jupyter_aml.engine.hooks import Hooks
from jupyter_aml.engine.journal import Journal
from jupyter_aml.engine.machine import Cluster, ClusterFact, Command
from jupyter_aml.engine.recovery import News, Places
from jupyter_aml.engine.schedules import Timetable
from jupyter_aml.entities.job_folder import AttemptFolder, attempt_folder, orchestrator_bell
from jupyter_aml.entities.job_record import ORCHESTRATORS, JobRecord
from jupyter_aml.entities.launch import Launch, Outcome, WarmPlan, launch_from_json
from jupyter_aml.entities.names import ComputeName, JobName
from jupyter_aml.entities.status import FINISHED, ON_THE_WAY, JobStatus
from jupyter_aml.entities.workspace import WorkspaceFolder
from jupyter_aml.exceptions import StoreError
from jupyter_aml.runner.doorbell import ring
from jupyter_aml.store import facts, jobs
from jupyter_aml.store.database import Database
from jupyter_aml.store.facts import Fact
from jupyter_aml.tracking.runs import Runs

if TYPE_CHECKING:
    from jupyter_aml.engine.registration import Registrar

READER: Final = facts.SUPERVISOR
_ENDED: Final[dict[str, machine.Result]] = {"canceled": "canceled", "timeout": "expired"}
_LOW_PRIORITY_NICE: Final = 10
_KILLED: Final = 128
"""Exit codes above it say which signal ended a process."""
_PATIENCE: Final = 5
"""Looks in a row that may go wrong before an attempt is given up."""
_SPOILED: Final = (OSError, ValueError, TypeError, KeyError)
"""What reading and writing one job's files raises, when somebody or a power cut spoiled them."""
LOCKED: Final = StoreError
"""What our database raises while another program holds it: nothing was written, all of it may be tried again."""


class Supervisor:
    """One workspace's supervisor."""

    def __init__(self, folder: WorkspaceFolder, executor: Executor, clock: Clock = system_clock) -> None:
        self.folder, self.executor, self.clock = folder, Attached(executor), clock
        self.database = Database(folder.database)
        runs = Runs(folder.tracking_database)
        self.journal = Journal(runs)
        self.timetable = Timetable(folder, self.database, runs)
        self.places = Places(self.database, clock)
        self.alarms = Alarms(self.database)
        self.hooks = Hooks(folder, self.database)
        self._outcomes: dict[JobName, Outcome] = {}
        self._unlaunched: dict[AttemptFolder, Outcome] = {}
        self._unreadable: dict[AttemptFolder, int] = {}
        self._untold: dict[JobName, str] = {}
        self._unstopped: dict[AttemptFolder, str] = {}
        self._seen = facts.cursor(self.database, READER)
        self._recover()

    @property
    def is_idle(self) -> bool:
        """Whether no job is unfinished, no idle node has to leave, no instance or schedule waits, no hook runs."""
        waits = (
            cluster.held or cluster.queue or cluster.next_scale_down is not None or cluster.next_shutdown is not None
            for cluster in self.clusters.values()
        )  # fmt: skip
        return not any(waits) and not (self.alarms.are_set or self.timetable.are_set or self.hooks.are_set)

    @property
    def clusters(self) -> dict[ComputeName, Cluster]:
        """The clusters that anything is known of."""
        return self.places.clusters

    def turn(self) -> bool:
        """Look once and do what follows; whether anything was new.

        Raises:
            StoreError: the workspace is locked; nothing was written or done, and the next turn sees the same again.
        """
        self.executor.reap()
        self.hooks.look()
        self._outcomes.clear()
        before = dict(self.clusters)
        try:
            steps = self._decided()
        except BaseException:
            self.places.clusters = before
            raise
        self._carry_out(steps)
        return bool(steps)

    def _decided(self) -> list["_Decided"]:
        """What follows from what there is to see, written down."""
        now = self.clock()
        self.timetable.fire(now)
        read = facts.wishes(self.database, self._seen)
        news = [*self._wishes(read), *self._sightings(), *self._refusals(), *self._timers(now)]
        steps = [self._advance(name, fact) for name, fact in news]
        if read or news or self._untold:
            self._write(read, steps)
        self.alarms.rang(now)
        return steps

    # ── looking ──

    def _wishes(self, read: list[Fact]) -> Iterator[News]:
        for fact in read:
            yield from self.places.news(fact)
            if fact.kind == "compute.wished":
                name = ComputeName(fact.subject)
                self.alarms.set(name, self.places.computes.get(name))
            if fact.kind == "schedule.wished":
                self.timetable.set(fact.subject)

    def _sightings(self) -> Iterator[News]:
        for cluster in self.clusters.values():
            for task in cluster.held.values():
                seen = self._see(task.name, self._attempt(task.name, task.attempt))
                seen = _survived(seen) if cluster.name == ORCHESTRATORS else seen
                yield from ((cluster.name, fact) for fact in self._look(task, seen))

    def _look(self, task: machine.Task, seen: Sighting) -> Iterator[ClusterFact]:
        now = self.clock()
        if seen.started_at and task.status in ON_THE_WAY:
            yield machine.AttemptStarted(seen.started_at, task.name, task.attempt)
        if seen.ended_at and task.status in {*ON_THE_WAY, JobStatus.RUNNING}:
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
        if reason := self._unstopped.get(folder):
            self._stop(folder, reason)
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
            if cluster.queue and cluster.name not in self.places.computes:
                for job in cluster.waiting:
                    self._outcomes[job] = Outcome("refused", error=f"Its compute '{cluster.name}' was deleted.")
                    yield cluster.name, machine.JobRefused(self.clock(), job)

    def _timers(self, now: float) -> Iterator[News]:
        yield from self.alarms.due(now)
        for cluster in self.clusters.values():
            due = [at for at in (cluster.next_scale_down, cluster.next_shutdown) if at is not None]
            if due and min(due) <= now:
                yield cluster.name, machine.Ticked(now)

    # ── writing ──

    def _advance(self, name: ComputeName, fact: ClusterFact) -> "_Decided":
        before = self.clusters[name]
        after, commands = machine.advance(before, fact)
        self.clusters[name] = after
        return _Decided(fact, before, after, commands)

    def _write(self, read: list[Fact], steps: list["_Decided"]) -> None:
        """Everything that this turn decided, in one transaction."""
        untold: dict[JobName, str] = {}
        for step in steps:
            if not isinstance(step.fact, machine.JobBegun):  # MLflow knew it first, and may know its end by now
                untold |= self.journal.tell_mlflow(step.at, step.records)
        ended = jobs.several(self.database, over) if (over := _over(steps)) else []
        makers = [job for job in ended if job.named_outputs and over[job.name] == JobStatus.COMPLETED]
        made = self._registrar.told(makers) if makers else []
        with self.database.transaction() as connection:
            for step in steps:
                self.journal.write(connection, step.at, step.records, self._outcomes)
                self.journal.compute(connection, step.fact, step.before, step.cluster, step.commands)
            self.journal.seats(connection, {step.cluster.name: step.cluster for step in steps if step.moved}.values())
            self.journal.settled(connection, self.clock(), self.places.unsettled)
            self.journal.untold(connection, self.clock(), untold)
            if made:
                self._registrar.write(connection, made, self.clock())
            self.journal.orphans(connection, self.clock(), over)
            for job, error in self._untold.items():
                facts.append(connection, at=self.clock(), kind="attempt.unreadable", subject=job, error=error)
            if read:
                facts.move_cursor(connection, READER, read[-1].seq)
        self._forget(read)
        self._tell_parents(ended)
        self.hooks.ended(ended, over)

    @cached_property
    def _registrar(self) -> "Registrar":
        from jupyter_aml.engine.registration import Registrar  # for jobs that name what they make

        return Registrar(self.database, self.folder)

    def _tell_parents(self, ended: list[JobRecord]) -> None:
        """Wake the orchestrators of jobs that are over; and ourselves, where that left wishes about children."""
        for job in ended:
            if job.parent:
                ring(str(orchestrator_bell(self.folder.jobs, job.parent)))
            if job.runs_on == ORCHESTRATORS:
                ring(str(self.folder.doorbell))

    def _forget(self, read: list[Fact]) -> None:
        """What is written down need not be said again."""
        self._seen = read[-1].seq if read else self._seen
        self._unlaunched.clear()
        self._untold.clear()
        self.places.unsettled.clear()

    # ── acting ──

    def _carry_out(self, steps: list["_Decided"]) -> None:
        for step in steps:
            for command in step.commands:
                match command:
                    case machine.Launch(job=job, attempt=attempt):
                        self._launch(step.cluster.name, job, self._attempt(job, attempt))
                    case machine.Stop(job=job, attempt=attempt, why=why):
                        self._stop(self._attempt(job, attempt), why)
                    case machine.Record() | machine.Became():
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

    def _stop(self, folder: AttemptFolder, why: str) -> None:
        """Ask it to end; where that cannot be written (a full disk), again at the next look."""
        self._unstopped.pop(folder, None)
        try:
            self.executor.stop(folder, why)
        except _SPOILED:
            self._unstopped[folder] = why

    def _on(self, name: ComputeName, launch: Launch) -> Launch:
        """The launch as this compute wants it: low priority yields to others, `warm` may be switched off."""
        compute = self.places.computes[name]
        nice = _LOW_PRIORITY_NICE if compute.low_priority else 0
        warm = launch.warm if compute.warm else WarmPlan(cold_because=f"compute {name} has warm workers switched off")
        return replace(launch, nice=nice, warm=warm)

    def _attempt(self, job: JobName, attempt: int) -> AttemptFolder:
        return attempt_folder(self.folder.jobs, job, attempt)

    # ── finding one's place ──

    def _recover(self) -> None:
        """What the one before left: its nodes, its unfinished jobs, and what it had told to end and may not have."""
        self.places.recover()
        self.timetable.recover()
        for name, compute in self.places.computes.items():
            self.alarms.set(name, compute)
        for cluster in self.clusters.values():
            for task in cluster.held.values():
                if task.leaving:
                    self._stop(self._attempt(task.name, task.attempt), task.leaving)


@dataclass(frozen=True, slots=True)
class _Decided:
    """What one fact led to."""

    fact: ClusterFact
    before: Cluster
    cluster: Cluster
    commands: tuple[Command, ...]

    @property
    def at(self) -> float:
        return self.fact.at

    @property
    def moved(self) -> bool:
        """Whether other nodes are there, or other jobs on them."""
        return self.cluster.each != self.before.each

    @property
    def records(self) -> list[machine.Record]:
        return [command for command in self.commands if isinstance(command, machine.Record)]


def _over(steps: list[_Decided]) -> dict[JobName, JobStatus]:
    """The jobs that these steps ended, and how."""
    return {record.job: record.status for step in steps for record in step.records if record.status in FINISHED}


def _survived(seen: Sighting) -> Sighting:
    """An orchestrator that was killed is lost, not failed: all that it knew is in the store, and it begins again."""
    outcome = seen.outcome
    if outcome and outcome.why == "exited" and (outcome.exit_code or 0) > _KILLED:
        return replace(seen, outcome=replace(outcome, why="lost"))
    return seen


def _result(outcome: Outcome) -> machine.Result:
    if outcome.why == "exited":
        return "completed" if outcome.exit_code == 0 else "failed"
    return _ENDED.get(outcome.why, "failed")

"""A world around the machine: carries its commands out, or forgets them, and checks every law after each fact."""

from dataclasses import dataclass, field, replace
from itertools import count

from jupyter_aml.engine import machine
from jupyter_aml.engine.machine import Cluster, ClusterFact, Command
from jupyter_aml.entities.names import ComputeName, JobName
from jupyter_aml.entities.status import FINISHED, WAITING, JobStatus

S = JobStatus
OVER = (S.COMPLETED, S.FAILED, S.CANCELED)
LEGAL = {
    S.NOT_STARTED: {S.QUEUED},
    S.QUEUED: {S.PREPARING, S.CANCEL_REQUESTED, S.FAILED},
    S.PREPARING: {S.PROVISIONING},
    S.PROVISIONING: {S.STARTING},
    S.STARTING: {S.RUNNING, S.FINALIZING, S.CANCEL_REQUESTED, S.QUEUED, *OVER},
    S.RUNNING: {S.FINALIZING, S.CANCEL_REQUESTED, S.QUEUED, *OVER},
    S.FINALIZING: {S.CANCEL_REQUESTED, S.QUEUED, *OVER},
    S.CANCEL_REQUESTED: set(OVER),
}
RESULTS: tuple[machine.Result, ...] = ("completed", "failed", "canceled")


@dataclass
class Job:
    """What the store says of a job, and what its attempts came to."""

    name: JobName
    nodes: int
    max_attempts: int
    statuses: list[JobStatus] = field(default_factory=lambda: [S.NOT_STARTED])
    attempt: int = 0
    alive: int | None = None
    begun: set[int] = field(default_factory=set[int])
    launched: list[int] = field(default_factory=list[int])
    canceled: bool = False

    @property
    def status(self) -> JobStatus:
        return self.statuses[-1]

    @property
    def is_over(self) -> bool:
        return self.status in FINISHED


class World:
    """One cluster, its jobs, and the hand that carries out what the machine says."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.cluster = Cluster(ComputeName("c"), 0, 2, 60.0)
        self.jobs: dict[JobName, Job] = {}
        self.names = count()
        self.events = 0

    # ── what can happen ──

    def wish(self, nodes: int, max_attempts: int) -> None:
        job = Job(JobName(f"job{next(self.names)}"), nodes, max_attempts)
        self.jobs[job.name] = job
        self.tell(machine.JobWished(self.now, job.name, nodes, max_attempts))

    def cancel(self, name: JobName) -> None:
        if job := self.jobs.get(name):
            job.canceled = True
        self.tell(machine.CancelWished(self.now, name))

    def start(self, job: Job) -> None:
        self._begin(job)
        self.tell(machine.AttemptStarted(self.now, job.name, job.attempt))

    def finish(self, job: Job) -> None:
        self._begin(job)
        self.tell(machine.AttemptFinishing(self.now, job.name, job.attempt))

    def end(self, job: Job, result: machine.Result) -> None:
        self._begin(job)
        job.alive = None
        self.tell(machine.AttemptEnded(self.now, job.name, job.attempt, result))

    def lose(self, job: Job) -> None:
        """The executor no longer sees it: given back when nothing of it ever ran."""
        job.alive = None
        self.tell(machine.AttemptLost(self.now, job.name, job.attempt, begun=job.attempt in job.begun))

    def refuse(self, name: JobName) -> None:
        job, before = self.jobs.get(name), self.cluster.tasks
        waits = job is not None and job.status in WAITING
        self.tell(machine.JobRefused(self.now, name))
        assert waits or self.cluster.tasks == before

    def resize(self, low: int, high: int, idle_seconds: float) -> None:
        self.tell(machine.Resized(self.now, low, high, idle_seconds))

    def tick(self, seconds: float) -> None:
        self.now += seconds
        self.tell(machine.Ticked(self.now))

    def restart(self) -> None:
        """A new supervisor: it knows what was recorded, and looks at each attempt afresh."""
        tasks = {
            job.name: machine.Task(
                job.name, job.nodes, job.max_attempts, job.attempt, job.status, job.status == S.CANCEL_REQUESTED
            )
            for job in self.jobs.values()
            if not job.is_over
        }
        self.cluster = replace(self.cluster, tasks=tasks)
        for job in [job for job in self.holding() if job.alive is None]:
            self.lose(job)

    def crash_before_acting(self, pick: int, nodes: int) -> None:
        """A wish or an end, and the supervisor killed after writing the decision down, before any deed."""
        alive = self.alive()
        if alive and pick % 2:
            job = alive[pick % len(alive)]
            job.begun.add(job.attempt)
            job.alive = None
            fact = machine.AttemptEnded(self.now, job.name, job.attempt, "failed")
        else:
            name = JobName(f"job{next(self.names)}")
            self.jobs[name] = Job(name, nodes, max_attempts=1)
            fact = machine.JobWished(self.now, name, nodes)
        self.tell(fact, is_done=False)
        self.restart()

    def stale(self, name: JobName, attempt: int, kind: int) -> None:
        """Word of an attempt that ended long ago, or that never was: nothing follows."""
        job = self.jobs.get(name)
        if job and not job.is_over and job.attempt == attempt:
            return
        facts: tuple[ClusterFact, ...] = (
            machine.AttemptLost(self.now, name, attempt, begun=True),
            machine.AttemptLost(self.now, name, attempt, begun=False),
            machine.AttemptStarted(self.now, name, attempt),
            machine.AttemptFinishing(self.now, name, attempt),
            machine.AttemptEnded(self.now, name, attempt, "completed"),
        )
        before = self.cluster.tasks
        self.tell(facts[kind])
        assert self.cluster.tasks == before

    # ── who is there ──

    def holding(self) -> list[Job]:
        return [job for job in self.jobs.values() if job.status not in {*WAITING, *FINISHED}]

    def alive(self) -> list[Job]:
        return [job for job in self.jobs.values() if job.alive is not None]

    def waiting(self) -> list[Job]:
        return [job for job in self.jobs.values() if job.status == S.QUEUED]

    def _begin(self, job: Job) -> None:
        assert job.alive == job.attempt
        job.begun.add(job.attempt)

    # ── the laws ──

    def tell(self, fact: ClusterFact, *, is_done: bool = True) -> None:
        """Advance by one fact, carry the commands out (unless killed before), and check everything."""
        self.events += 1
        before = self.cluster
        self.cluster, commands = machine.advance(before, fact)
        for command in commands:
            self._obey(command, is_done=is_done)
        self._check(before)
        self._check_queue({command.job for command in commands if isinstance(command, machine.Launch)})

    def _obey(self, command: Command, *, is_done: bool) -> None:
        job = self.jobs[command.job]
        match command:
            case machine.Record():
                assert command.status in LEGAL[job.status], (job.statuses, command)
                job.statuses.append(command.status)
                job.attempt = command.attempt
            case machine.Launch():
                self._launch(job, command.attempt, is_done=is_done)
            case machine.Stop():
                assert job.status == S.CANCEL_REQUESTED
                assert command.attempt == job.attempt

    def _launch(self, job: Job, attempt: int, *, is_done: bool) -> None:
        assert job.status == S.STARTING
        assert attempt == job.attempt <= job.max_attempts
        assert attempt not in job.begun, "an attempt that began is never launched again"
        assert job.alive is None, "one attempt at a time"
        if is_done:
            job.alive = attempt
            job.launched.append(attempt)

    def _check(self, before: Cluster) -> None:
        cluster = self.cluster
        unfinished = {job.name: job.status for job in self.jobs.values() if not job.is_over}
        assert {task.name: task.status for task in cluster.tasks.values()} == unfinished
        assert cluster.busy_nodes == sum(job.nodes for job in self.holding())
        grew = cluster.busy_nodes > before.busy_nodes
        assert cluster.busy_nodes <= cluster.max_nodes or not grew, "launched beyond the maximum"
        assert len(cluster.idle_since) <= max(cluster.max_nodes - cluster.busy_nodes, 0)
        assert len(cluster.idle_since) + cluster.busy_nodes >= min(cluster.min_nodes, cluster.max_nodes)
        assert cluster.next_scale_down is None or cluster.next_scale_down > self.now, "a node overstayed"

    def _check_queue(self, launched: set[JobName]) -> None:
        """The first that can ever fit does not wait for nothing, and none behind it was launched."""
        first = next((job for job in self.waiting() if job.nodes <= self.cluster.max_nodes), None)
        if first is None:
            return
        assert first.nodes > self.cluster.max_nodes - self.cluster.busy_nodes, "it fits, and it waits"
        order = list(self.jobs)
        behind = set(order[order.index(first.name) :])
        assert not launched & behind, "overtaken"

    # ── the end ──

    def drain(self) -> None:
        """Nothing is stuck: with room, and when what runs ends, every job comes to its end."""
        self.resize(0, 4, 0.0)
        while unfinished := [job for job in self.jobs.values() if not job.is_over]:
            alive = [job for job in unfinished if job.alive is not None]
            assert alive, f"stuck: {unfinished}"
            job = alive[0]
            self.end(job, "canceled" if job.canceled else "completed")
        self.tick(0.0)
        assert not self.cluster.tasks
        assert not self.cluster.idle_since
        assert all(len(set(job.launched) & job.begun) == len(job.begun) for job in self.jobs.values())

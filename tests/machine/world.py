"""A world around the machine: carries its commands out, or forgets them, and checks every law after each fact."""

from dataclasses import dataclass, field, replace
from itertools import count

from jupyter_aml.engine import machine
from jupyter_aml.engine.machine import Cluster, ClusterFact, Command, Instance, Leaving, recovered
from jupyter_aml.entities.compute_record import InstanceState, NodeRecord, Operation, Power, Trigger
from jupyter_aml.entities.names import ComputeName, JobName
from jupyter_aml.entities.status import FINISHED, WAITING, JobStatus

S = JobStatus
OVER = (S.COMPLETED, S.FAILED, S.CANCELED)
LEGAL = {
    S.NOT_STARTED: {S.QUEUED, S.RUNNING},
    S.QUEUED: {S.PREPARING, S.CANCEL_REQUESTED, S.FAILED},
    S.PREPARING: {S.PROVISIONING, S.CANCEL_REQUESTED, S.QUEUED, *OVER},
    S.PROVISIONING: {S.STARTING},
    S.STARTING: {S.RUNNING, S.FINALIZING},
    S.RUNNING: {S.FINALIZING, S.CANCEL_REQUESTED, S.QUEUED, *OVER},
    S.FINALIZING: {S.CANCEL_REQUESTED, S.QUEUED, *OVER},
    S.CANCEL_REQUESTED: set(OVER),
}
RESULTS: tuple[machine.Result, ...] = ("completed", "failed", "canceled", "expired")
Is = InstanceState
MOVES = {
    Is.CREATING: {Is.RUNNING},
    Is.RUNNING: {Is.JOB_RUNNING, Is.STOPPING, Is.RESTARTING},
    Is.JOB_RUNNING: {Is.RUNNING, Is.STOPPING, Is.RESTARTING},
    Is.STOPPING: {Is.STOPPED, Is.STARTING},
    Is.STARTING: {Is.RUNNING, Is.STOPPING, Is.RESTARTING},
    Is.RESTARTING: {Is.RUNNING, Is.STOPPING},
    Is.STOPPED: {Is.STARTING},
}


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
    told: set[int] = field(default_factory=set[int])
    spared: int = 0
    canceled: bool = False

    @property
    def status(self) -> JobStatus:
        return self.statuses[-1]

    @property
    def is_over(self) -> bool:
        return self.status in FINISHED


class World:
    """One cluster, its jobs, and the hand that carries out what the machine says."""

    def __init__(self, *, low_priority: bool = False, is_instance: bool = False) -> None:
        self.now = 1000.0
        self.events = 0
        self.instance, self.operation = Is.CREATING, Operation()
        self.made = Cluster(ComputeName("c"), 0, 2, 60.0, low_priority=low_priority)
        if is_instance:
            self.made = replace(self.made, min_nodes=1, max_nodes=1, instance=Instance(Is.CREATING))
        self.cluster = self.made
        self.seats: tuple[NodeRecord, ...] = ()
        self.jobs: dict[JobName, Job] = {}
        self.names = count()
        self.tick(0.0)

    # ── what can happen ──

    def wish(self, nodes: int, max_attempts: int) -> None:
        job = Job(JobName(f"job{next(self.names)}"), nodes, max_attempts)
        self.jobs[job.name] = job
        self.tell(machine.JobWished(self.now, job.name, nodes, max_attempts))

    def take_up(self) -> None:
        """A job that is a part of somebody's own process: it runs already."""
        job = Job(JobName(f"job{next(self.names)}"), 0, 1, alive=1, begun={1}, launched=[1])
        self.jobs[job.name] = job
        self.tell(machine.JobBegun(self.now, job.name))
        assert job.statuses == [S.NOT_STARTED, S.RUNNING], "it did not wait"

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
        """An instance has one node whatever is said; how long it may idle is its to change."""
        low, high = (1, 1) if self.made.instance else (low, high)
        self.made = replace(self.made, min_nodes=low, max_nodes=high, idle_seconds=idle_seconds)
        low_priority, shutdown = self.made.low_priority, idle_seconds if self.made.instance else 0.0
        self.tell(machine.Resized(self.now, low, high, idle_seconds, low_priority, shutdown))

    def power(self, power: Power, trigger: Trigger) -> None:
        self.tell(machine.PowerWished(self.now, power, trigger))

    def preempt(self, number: int) -> None:
        before = self.cluster
        self.tell(machine.NodePreempted(self.now, number))
        assert before.low_priority or self.cluster == before, "capacity that is paid for is not taken back"

    def tick(self, seconds: float) -> None:
        self.now += seconds
        self.tell(machine.Ticked(self.now))

    def restart(self) -> None:
        """A new supervisor: it knows what was recorded, and looks at each attempt afresh."""
        tasks = [
            machine.Task(
                job.name, job.nodes, job.max_attempts, job.attempt, job.status, spared=job.spared,
                leaving=Leaving.CANCELED if job.status == S.CANCEL_REQUESTED else Leaving.NOT,
            )
            for job in self.jobs.values()
            if not job.is_over
        ]  # fmt: skip
        before, shutdown = self.cluster, self.cluster.instance and self.cluster.instance.idle_seconds
        instance = self.made.instance and Instance(self.instance, self.operation, shutdown or 0.0)
        self.cluster = recovered(replace(self.made, instance=instance), tasks, self.seats)
        self._check_recovered(before)
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
        self.seats = self.cluster.each
        self._check(before)
        self._check_nodes(before)
        self._check_queue({command.job for command in commands if isinstance(command, machine.Launch)})

    def _obey(self, command: Command, *, is_done: bool) -> None:
        match command:
            case machine.Record():
                self._record(self.jobs[command.job], command)
            case machine.Launch():
                self._launch(self.jobs[command.job], command.attempt, is_done=is_done)
            case machine.Stop():
                self._stop(self.jobs[command.job], command)
            case machine.Became():
                assert command.state in MOVES[self.instance], (self.instance, command)
                self.instance, self.operation = command.state, command.operation

    def _record(self, job: Job, command: machine.Record) -> None:
        assert command.status in LEGAL[job.status], (job.statuses, command)
        assert not command.why or command.why in self._reasons(), "a reason that this compute does not have"
        job.statuses.append(command.status)
        job.attempt = command.attempt
        job.spared += command.why is Leaving.PREEMPTED

    def _stop(self, job: Job, command: machine.Stop) -> None:
        assert command.attempt == job.attempt
        assert (job.status == S.CANCEL_REQUESTED) == (command.why is Leaving.CANCELED)
        assert command.why in {Leaving.CANCELED, *self._reasons()}
        job.told.add(command.attempt)

    def _reasons(self) -> set[Leaving]:
        return {Leaving.HALTED} if self.made.instance else {Leaving.PREEMPTED} if self.made.low_priority else set()

    def _launch(self, job: Job, attempt: int, *, is_done: bool) -> None:
        assert job.status == S.PREPARING
        assert attempt == job.attempt
        assert attempt - job.spared <= job.max_attempts, "tried more often than the job allows"
        assert attempt not in job.begun, "an attempt that began is never launched again"
        assert attempt not in job.told, "an attempt that was told to end is never launched again"
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
        assert cluster.busy_nodes <= cluster.most or not grew, "launched beyond the maximum"
        assert len(cluster.idle) <= max(cluster.most - cluster.busy_nodes, 0)
        assert len(cluster.idle) + cluster.busy_nodes >= min(cluster.least, cluster.most)
        assert cluster.next_scale_down is None or cluster.next_scale_down > self.now, "a node overstayed"
        assert cluster.next_shutdown is None or cluster.next_shutdown > self.now, "an instance overstayed"

    def _check_nodes(self, before: Cluster) -> None:
        """A node has one job at most, and its number for life; an instance is open when, and as, it says."""
        numbers = [node.number for node in self.cluster.each]
        assert len(numbers) == len(set(numbers)) == len(self.cluster.idle) + self.cluster.busy_nodes
        assert not [number for number in numbers if before.born >= number and number not in _numbers(before)]
        assert [len(task.on) for task in self.cluster.held.values()] == [job.nodes for job in self._held()]
        if instance := self.cluster.instance:
            assert instance.state == self.instance
            assert instance.operation == self.operation
            assert not instance.is_open or (instance.state == Is.JOB_RUNNING) == bool(self.cluster.held)
            assert instance.state != Is.STOPPED or not self.cluster.held

    def _held(self) -> list[Job]:
        return [self.jobs[name] for name in self.cluster.held]

    def _check_recovered(self, before: Cluster) -> None:
        """The next supervisor knows all that the one before did, but for how many nodes and jobs there ever were."""
        assert self.cluster.each == before.each
        assert list(self.cluster.queue) == [replace(task, place=here.place) for task, here in self._pairs(before)]
        remembered = {name: replace(task, place=0) for name, task in before.held.items()}
        assert {name: replace(task, place=0) for name, task in self.cluster.held.items()} == remembered

    def _pairs(self, before: Cluster) -> list[tuple[machine.Task, machine.Task]]:
        return list(zip(before.queue, self.cluster.queue, strict=True))

    def _check_queue(self, launched: set[JobName]) -> None:
        """The first that can ever fit does not wait for nothing, and none behind it was launched."""
        first = next((job for job in self.waiting() if job.nodes <= self.cluster.max_nodes), None)
        if first is None:
            return
        assert first.nodes > self.cluster.most - self.cluster.busy_nodes, "it fits, and it waits"
        order = list(self.jobs)
        behind = set(order[order.index(first.name) :])
        assert not launched & behind, "overtaken"

    # ── the end ──

    def drain(self) -> None:
        """Nothing is stuck: with room, and when what runs ends, every job comes to its end."""
        self.resize(0, 4, 0.0)
        while unfinished := [job for job in self.jobs.values() if not job.is_over]:
            if self.made.instance and self._opened():
                continue
            alive = self.alive()
            assert alive, f"stuck: {unfinished}"
            job = alive[0]
            self.end(job, "canceled" if job.attempt in job.told else "completed")
        self.tick(0.0)
        assert self.cluster.is_empty
        assert len(self.cluster.idle) == self.cluster.least
        assert all(len(set(job.launched) & job.begun) == len(job.begun) for job in self.jobs.values())

    def _opened(self) -> bool:
        """Whether that did it: an instance is started, or a job that asks for more than its one node is canceled."""
        if too_large := [job for job in self.waiting() if job.nodes > 1]:
            self.cancel(too_large[0].name)
        elif self.instance == Is.STOPPED:
            self.power("start", "User")
        else:
            return False
        return True


def _numbers(cluster: Cluster) -> set[int]:
    return {node.number for node in cluster.each}

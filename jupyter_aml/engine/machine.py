"""One cluster's decisions, pure: a fact goes in, the cluster that follows and the commands come out. No effect here.

    advance(cluster, fact) -> (cluster, commands)

Time enters only inside facts. The supervisor carries the commands out, in order, and writes down what they say.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal, TypeAlias

from jupyter_aml.entities.names import ComputeName, JobName
from jupyter_aml.entities.status import JobStatus, NodeState

# ── what a cluster is ────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Task:
    """A job that is not finished. `cancel` is set once somebody wished its end."""

    name: JobName
    nodes: int = 1
    max_attempts: int = 1
    attempt: int = 0
    status: JobStatus = JobStatus.NOT_STARTED
    cancel: bool = False

    @property
    def holds_nodes(self) -> bool:
        """Whether an attempt of it may be alive."""
        # Asked for every waiting job at every fact: by identity, for an enum's hash is ten times as slow.
        return self.status is not JobStatus.QUEUED and self.status is not JobStatus.NOT_STARTED


@dataclass(frozen=True, slots=True)
class Cluster:
    """One compute and its unfinished jobs. `idle_since` holds, for each idle node, when it became idle."""

    name: ComputeName
    min_nodes: int
    max_nodes: int
    idle_seconds: float
    tasks: Mapping[JobName, Task] = field(default_factory=dict[JobName, Task])
    idle_since: tuple[float, ...] = ()

    @property
    def busy_nodes(self) -> int:
        return sum(task.nodes for task in self.tasks.values() if task.holds_nodes)

    @property
    def waiting(self) -> list[JobName]:
        """The jobs without nodes, in the order of the wishes."""
        return [task.name for task in self.tasks.values() if not task.holds_nodes]

    @property
    def node_counts(self) -> dict[str, int]:
        """Azure's `node_state_counts`, of the states that exist here."""
        return {NodeState.IDLE: len(self.idle_since), NodeState.RUNNING: self.busy_nodes}

    @property
    def next_scale_down(self) -> float | None:
        """When the next idle node leaves, if none does before."""
        spare = len(self.idle_since) + self.busy_nodes > self.min_nodes
        return self.idle_since[0] + self.idle_seconds if spare and self.idle_since else None


Result: TypeAlias = Literal["completed", "failed", "canceled"]

# ── what can happen ──────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class JobWished:
    """Somebody submitted a job."""

    at: float
    job: JobName
    nodes: int = 1
    max_attempts: int = 1


@dataclass(frozen=True, slots=True)
class CancelWished:
    """Somebody asked for the end of a job."""

    at: float
    job: JobName


@dataclass(frozen=True, slots=True)
class JobRefused:
    """A waiting job can never start: its compute is gone."""

    at: float
    job: JobName


@dataclass(frozen=True, slots=True)
class Resized:
    """The compute has new sizes."""

    at: float
    min_nodes: int
    max_nodes: int
    idle_seconds: float


@dataclass(frozen=True, slots=True)
class Ticked:
    """Time went by."""

    at: float


@dataclass(frozen=True, slots=True)
class AttemptStarted:
    """The user's process exists."""

    at: float
    job: JobName
    attempt: int


@dataclass(frozen=True, slots=True)
class AttemptFinishing:
    """The user's process is gone; its outputs are being collected."""

    at: float
    job: JobName
    attempt: int


@dataclass(frozen=True, slots=True)
class AttemptEnded:
    """The attempt wrote its outcome."""

    at: float
    job: JobName
    attempt: int
    result: Result


@dataclass(frozen=True, slots=True)
class AttemptLost:
    """The attempt is gone without an outcome. `begun`: it may have run some of the user's code."""

    at: float
    job: JobName
    attempt: int
    begun: bool


ClusterFact: TypeAlias = (
    JobWished
    | CancelWished
    | JobRefused
    | Resized
    | Ticked
    | AttemptStarted
    | AttemptFinishing
    | AttemptEnded
    | AttemptLost
)


# ── what is to be done ───────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Record:
    """Write this status down; the one place from which a job's status comes."""

    job: JobName
    status: JobStatus
    attempt: int


@dataclass(frozen=True, slots=True)
class Launch:
    """Start this attempt."""

    job: JobName
    attempt: int


@dataclass(frozen=True, slots=True)
class Stop:
    """End this attempt's processes; its outcome will say when they are gone."""

    job: JobName
    attempt: int


Command: TypeAlias = Record | Launch | Stop
Step: TypeAlias = tuple[Cluster, tuple[Command, ...]]

_ON_THE_WAY: Final = (JobStatus.PREPARING, JobStatus.PROVISIONING, JobStatus.STARTING)
_RESULT: Final = {
    "completed": JobStatus.COMPLETED,
    "failed": JobStatus.FAILED,
    "canceled": JobStatus.CANCELED,
}


def advance(cluster: Cluster, fact: ClusterFact) -> Step:
    """What follows from one fact. Facts about jobs or attempts that are over change nothing."""
    match fact:
        case JobWished():
            cluster, commands = _wish(cluster, fact)
        case CancelWished(job=job):
            cluster, commands = _cancel(cluster, job)
        case JobRefused(job=job):
            cluster, commands = _refuse(cluster, job)
        case Resized():
            cluster, commands = _resize(cluster, fact), ()
        case Ticked():
            commands = ()
        case AttemptStarted(job=job, attempt=attempt):
            cluster, commands = _progress(cluster, job, attempt, JobStatus.RUNNING)
        case AttemptFinishing(job=job, attempt=attempt):
            cluster, commands = _progress(cluster, job, attempt, JobStatus.FINALIZING)
        case AttemptEnded():
            cluster, commands = _end(cluster, fact)
        case AttemptLost():
            cluster, commands = _lose(cluster, fact)
    cluster, launches = _start_what_fits(cluster)
    return _scale(cluster, fact.at), (*commands, *launches)


def _wish(cluster: Cluster, fact: JobWished) -> Step:
    if fact.job in cluster.tasks:
        return cluster, ()
    task = Task(fact.job, fact.nodes, fact.max_attempts, status=JobStatus.QUEUED)
    return _with(cluster, task), (Record(task.name, JobStatus.QUEUED, 0),)


def _cancel(cluster: Cluster, job: JobName) -> Step:
    task = cluster.tasks.get(job)
    if task is None or task.cancel:
        return cluster, ()
    asked = Record(job, JobStatus.CANCEL_REQUESTED, task.attempt)
    if not task.holds_nodes:
        return _without(cluster, task), (asked, Record(job, JobStatus.CANCELED, task.attempt))
    canceling = replace(task, cancel=True, status=JobStatus.CANCEL_REQUESTED)
    return _with(cluster, canceling), (asked, Stop(job, task.attempt))


def _refuse(cluster: Cluster, job: JobName) -> Step:
    task = cluster.tasks.get(job)
    if task is None or task.holds_nodes:
        return cluster, ()
    return _without(cluster, task), (Record(job, JobStatus.FAILED, task.attempt),)


def _resize(cluster: Cluster, fact: Resized) -> Cluster:
    return replace(cluster, min_nodes=fact.min_nodes, max_nodes=fact.max_nodes, idle_seconds=fact.idle_seconds)


def _progress(cluster: Cluster, job: JobName, attempt: int, status: JobStatus) -> Step:
    task = _attempted(cluster, job, attempt)
    expected = {JobStatus.RUNNING: {JobStatus.STARTING}, JobStatus.FINALIZING: {JobStatus.STARTING, JobStatus.RUNNING}}
    if task is None or task.status not in expected[status]:
        return cluster, ()
    return _with(cluster, replace(task, status=status)), (Record(job, status, attempt),)


def _end(cluster: Cluster, fact: AttemptEnded) -> Step:
    task = _attempted(cluster, fact.job, fact.attempt)
    if task is None:
        return cluster, ()
    freed = _freed(cluster, task, fact.at)
    return _without(freed, task), (Record(task.name, _RESULT[fact.result], task.attempt),)


def _lose(cluster: Cluster, fact: AttemptLost) -> Step:
    """An attempt that never began is given back; one that began is repeated only if the job allows it."""
    task = _attempted(cluster, fact.job, fact.attempt)
    if task is None:
        return cluster, ()
    freed = _freed(cluster, task, fact.at)
    if task.cancel:
        return _without(freed, task), (Record(task.name, JobStatus.CANCELED, task.attempt),)
    if fact.begun and task.attempt >= task.max_attempts:
        return _without(freed, task), (Record(task.name, JobStatus.FAILED, task.attempt),)
    attempt = task.attempt if fact.begun else task.attempt - 1
    waiting = replace(task, status=JobStatus.QUEUED, attempt=attempt)
    return _with(freed, waiting), (Record(task.name, JobStatus.QUEUED, attempt),)


def _start_what_fits(cluster: Cluster) -> Step:
    """In the order of the wishes; a job that needs more nodes than are free makes those behind it wait.

    Not so one that needs more than there may ever be: it waits for a larger cluster, alone.
    """
    commands: list[Command] = []
    free = cluster.max_nodes - cluster.busy_nodes
    for task in tuple(cluster.tasks.values()) if free > 0 else ():
        if task.holds_nodes or task.nodes > cluster.max_nodes:
            continue
        if task.nodes > free:
            break
        free -= task.nodes
        cluster, new = _start(cluster, task)
        commands += new
    return cluster, tuple(commands)


def _start(cluster: Cluster, task: Task) -> Step:
    """On the newest idle nodes, as far as there are any."""
    started = replace(task, status=JobStatus.STARTING, attempt=task.attempt + 1)
    records = [Record(task.name, status, started.attempt) for status in _ON_THE_WAY]
    cluster = replace(_with(cluster, started), idle_since=cluster.idle_since[: -task.nodes])
    return cluster, (*records, Launch(task.name, started.attempt))


def _scale(cluster: Cluster, at: float) -> Cluster:
    """Idle nodes leave when their time is over, never below the minimum; missing ones come at once."""
    busy = cluster.busy_nodes
    wanted, room = max(cluster.min_nodes - busy, 0), max(cluster.max_nodes - busy, 0)
    newest_first = sorted(cluster.idle_since, reverse=True)
    idle = [since for since in newest_first if since + cluster.idle_seconds > at]
    if len(idle) < wanted:
        idle = newest_first[:wanted] + [at] * (wanted - len(newest_first))
    return replace(cluster, idle_since=tuple(sorted(idle[:room])))


def _attempted(cluster: Cluster, job: JobName, attempt: int) -> Task | None:
    task = cluster.tasks.get(job)
    return task if task and task.holds_nodes and task.attempt == attempt else None


def _freed(cluster: Cluster, task: Task, at: float) -> Cluster:
    return replace(cluster, idle_since=(*cluster.idle_since, *[at] * task.nodes))


def _with(cluster: Cluster, task: Task) -> Cluster:
    return replace(cluster, tasks={**cluster.tasks, task.name: task})


def _without(cluster: Cluster, task: Task) -> Cluster:
    return replace(cluster, tasks={name: other for name, other in cluster.tasks.items() if name != task.name})

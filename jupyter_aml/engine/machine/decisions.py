"""`advance`: what follows from one fact. Pure: nothing is opened, started or timed here."""

from dataclasses import replace
from typing import Final, TypeAlias

from jupyter_aml.engine.machine import power
from jupyter_aml.engine.machine.cluster import Cluster, IdleNode
from jupyter_aml.engine.machine.task import Leaving, Task
from jupyter_aml.engine.machine.words import (
    AttemptEnded,
    AttemptFinishing,
    AttemptLost,
    AttemptStarted,
    CancelWished,
    ClusterFact,
    Command,
    JobBegun,
    JobRefused,
    JobWished,
    Launch,
    NodePreempted,
    PowerWished,
    Record,
    Resized,
    Stop,
    Ticked,
)
from jupyter_aml.entities.names import JobName
from jupyter_aml.entities.status import ON_THE_WAY, JobStatus

Step: TypeAlias = tuple[Cluster, tuple[Command, ...]]

_RESULT: Final = {
    "completed": JobStatus.COMPLETED,
    "failed": JobStatus.FAILED,
    "canceled": JobStatus.CANCELED,
    "expired": JobStatus.CANCELED,
}
_BEFORE: Final = {
    JobStatus.RUNNING: ON_THE_WAY,
    JobStatus.FINALIZING: (*ON_THE_WAY, JobStatus.RUNNING),
}


def advance(cluster: Cluster, fact: ClusterFact) -> Step:
    """What follows from one fact. Facts about jobs or attempts that are over change nothing."""
    cluster, commands = _follow(cluster, fact)
    cluster, settled = power.settle(cluster, fact.at)
    cluster, launches = _start_what_fits(cluster)
    cluster, shown = power.show_job(cluster)
    cluster, stopped = power.shut_down_when_idle(_scale(cluster, fact.at), fact.at)
    return cluster, (*commands, *settled, *launches, *shown, *stopped)


def _follow(cluster: Cluster, fact: ClusterFact) -> Step:  # noqa: PLR0911 - a table, one line for each fact
    match fact:
        case JobWished():
            return _wish(cluster, fact)
        case JobBegun(job=job):
            return _take_up(cluster, job)
        case CancelWished(job=job):
            return _cancel(cluster, job)
        case JobRefused(job=job):
            return _refuse(cluster, job)
        case Resized():
            return _resize(cluster, fact), ()
        case PowerWished():
            return power.wish(cluster, fact)
        case NodePreempted(number=number):
            return _preempt(cluster, number)
        case Ticked():
            return cluster, ()
        case _:
            return _of_attempt(cluster, fact)


def _of_attempt(cluster: Cluster, fact: AttemptStarted | AttemptFinishing | AttemptEnded | AttemptLost) -> Step:
    match fact:
        case AttemptStarted(job=job, attempt=attempt):
            return _progress(cluster, job, attempt, JobStatus.RUNNING)
        case AttemptFinishing(job=job, attempt=attempt):
            return _progress(cluster, job, attempt, JobStatus.FINALIZING)
        case AttemptEnded():
            return _end(cluster, fact)
        case AttemptLost():
            return _lose(cluster, fact)


# ── wishes ──


def _wish(cluster: Cluster, fact: JobWished) -> Step:
    if cluster.task(fact.job):
        return cluster, ()
    task = Task(fact.job, fact.nodes, fact.max_attempts, status=JobStatus.QUEUED, place=cluster.wished)
    cluster = replace(cluster.having(task), wished=cluster.wished + 1)
    return cluster, (Record(task.name, JobStatus.QUEUED, 0),)


def _take_up(cluster: Cluster, job: JobName) -> Step:
    if cluster.task(job):
        return cluster, ()
    task = Task(job, nodes=0, attempt=1, status=JobStatus.RUNNING, place=cluster.wished)
    cluster = replace(cluster.having(task), wished=cluster.wished + 1)
    return cluster, (Record(job, task.status, task.attempt),)


def _cancel(cluster: Cluster, job: JobName) -> Step:
    task = cluster.task(job)
    if task is None or task.leaving is Leaving.CANCELED:
        return cluster, ()
    asked = Record(job, JobStatus.CANCEL_REQUESTED, task.attempt)
    if not task.holds_nodes:
        return cluster.without(task), (asked, Record(job, JobStatus.CANCELED, task.attempt))
    canceling = replace(task, leaving=Leaving.CANCELED, status=JobStatus.CANCEL_REQUESTED)
    return cluster.having(canceling), (asked, Stop(job, task.attempt))


def _refuse(cluster: Cluster, job: JobName) -> Step:
    task = cluster.queue.get(job)
    if task is None:
        return cluster, ()
    return cluster.without(task), (Record(job, JobStatus.FAILED, task.attempt),)


def _resize(cluster: Cluster, fact: Resized) -> Cluster:
    instance = cluster.instance and replace(cluster.instance, idle_seconds=fact.shutdown_seconds)
    return replace(
        cluster, min_nodes=fact.min_nodes, max_nodes=fact.max_nodes, idle_seconds=fact.idle_seconds,
        low_priority=fact.low_priority, instance=instance,
    )  # fmt: skip


def _preempt(cluster: Cluster, number: int) -> Step:
    """The node goes; the job on it is stopped, all of it. Only where capacity may be taken back."""
    if not cluster.low_priority:
        return cluster, ()
    task = next((task for task in cluster.held.values() if number in task.on), None)
    if task is None:
        return replace(cluster, idle=tuple(node for node in cluster.idle if node.number != number)), ()
    if task.taken is not None:
        return cluster, ()
    if task.leaving:  # it ends for another reason already
        return cluster.having(replace(task, taken=number)), ()
    stopping = replace(task, taken=number, leaving=Leaving.PREEMPTED)
    return cluster.having(stopping), (Stop(task.name, task.attempt, Leaving.PREEMPTED),)


# ── what attempts come to ──


def _progress(cluster: Cluster, job: JobName, attempt: int, status: JobStatus) -> Step:
    task = _attempted(cluster, job, attempt)
    if task is None or task.status not in _BEFORE[status]:
        return cluster, ()
    passed = ON_THE_WAY[ON_THE_WAY.index(task.status) + 1 :] if task.status in ON_THE_WAY else ()
    records = tuple(Record(job, each, attempt) for each in (*passed, status))
    return cluster.having(replace(task, status=status)), records


def _end(cluster: Cluster, fact: AttemptEnded) -> Step:
    """Its own end is its outcome; an end that we made is what we made it for."""
    task = _attempted(cluster, fact.job, fact.attempt)
    if task is None:
        return cluster, ()
    freed = _freed(cluster, task, fact.at)
    if fact.result == "canceled" and task.leaving in {Leaving.PREEMPTED, Leaving.HALTED}:
        return _evicted(freed, task)
    return freed.without(task), (Record(task.name, _RESULT[fact.result], task.attempt),)


def _evicted(cluster: Cluster, task: Task) -> Step:
    """A preempted job waits again, at its old place; one whose instance was stopped failed.

    The attempt's number is used up, even if it never began: the order to end lies in its folder. It costs the job none.
    """
    if task.leaving is Leaving.HALTED:
        return cluster.without(task), (Record(task.name, JobStatus.FAILED, task.attempt, Leaving.HALTED),)
    waiting = _waiting(replace(task, spared=task.spared + 1))
    return cluster.having(waiting), (Record(task.name, JobStatus.QUEUED, task.attempt, Leaving.PREEMPTED),)


def _lose(cluster: Cluster, fact: AttemptLost) -> Step:
    """An attempt that never began is given back; one that began is repeated only if the job allows it."""
    task = _attempted(cluster, fact.job, fact.attempt)
    if task is None:
        return cluster, ()
    freed = _freed(cluster, task, fact.at)
    if task.leaving is Leaving.CANCELED:
        return freed.without(task), (Record(task.name, JobStatus.CANCELED, task.attempt),)
    if task.leaving:
        return _evicted(freed, task)
    if task.is_used_up and (fact.begun or task.is_attached):
        return freed.without(task), (Record(task.name, JobStatus.FAILED, task.attempt),)
    attempt = task.attempt if fact.begun else task.attempt - 1
    return freed.having(_waiting(replace(task, attempt=attempt))), (Record(task.name, JobStatus.QUEUED, attempt),)


def _waiting(task: Task) -> Task:
    return replace(task, status=JobStatus.QUEUED, leaving=Leaving.NOT, taken=None, on=())


def _attempted(cluster: Cluster, job: JobName, attempt: int) -> Task | None:
    task = cluster.held.get(job)
    return task if task and task.attempt == attempt else None


# ── nodes ──


def _start_what_fits(cluster: Cluster) -> Step:
    """In the order of the wishes; a job that needs more nodes than are free makes those behind it wait.

    Not so one that needs more than there may ever be: it waits for a larger cluster, alone.
    """
    commands: list[Command] = []
    free = cluster.most - cluster.busy_nodes
    for task in cluster.queue if free > 0 else ():
        if task.nodes > cluster.max_nodes:
            continue
        if task.nodes > free:
            break
        free -= task.nodes
        cluster, new = _start(cluster, task)
        commands += new
    return cluster, tuple(commands)


def _start(cluster: Cluster, task: Task) -> Step:
    """On the newest idle nodes, as far as there are any."""
    kept, used = cluster.idle[: -task.nodes], cluster.idle[-task.nodes :]
    born = cluster.born + task.nodes - len(used)
    on = (*sorted(node.number for node in used), *range(cluster.born + 1, born + 1))
    started = replace(task, status=JobStatus.PREPARING, attempt=task.attempt + 1, on=on)
    cluster = replace(cluster.having(started), idle=kept, born=born)
    return cluster, (Record(task.name, started.status, started.attempt), Launch(task.name, started.attempt))


def _scale(cluster: Cluster, at: float) -> Cluster:
    """Idle nodes leave when their time is over, never below the minimum; missing ones come at once."""
    busy = cluster.busy_nodes
    wanted, room = max(cluster.least - busy, 0), max(cluster.most - busy, 0)
    newest_first = sorted(cluster.idle, key=lambda node: (node.since, node.number), reverse=True)
    stay = [node for node in newest_first if node.since + cluster.idle_seconds > at]
    if len(stay) < wanted:
        stay = newest_first[:wanted]
    new = [IdleNode(at, cluster.born + count) for count in range(1, min(wanted, room) - len(stay) + 1)]
    idle = sorted((*stay[:room], *new), key=lambda node: (node.since, node.number))
    return replace(cluster, idle=tuple(idle), born=cluster.born + len(new))


def _freed(cluster: Cluster, task: Task, at: float) -> Cluster:
    """Its nodes are idle, but for the one that was taken away."""
    idle = [IdleNode(at, number) for number in task.on if number != task.taken]
    return replace(cluster, idle=(*cluster.idle, *idle))

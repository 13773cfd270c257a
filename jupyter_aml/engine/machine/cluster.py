"""A compute as the machine sees it: nodes, tasks, what an instance is doing. Values only; nothing is decided here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from jupyter_aml.engine.machine.task import Leaving, Queue, Task
from jupyter_aml.entities.compute_record import InstanceState, NodeRecord, Operation
from jupyter_aml.entities.names import ComputeName, JobName
from jupyter_aml.entities.status import NodeState


@dataclass(frozen=True, slots=True)
class IdleNode:
    """A node without a job, and since when."""

    since: float
    number: int


@dataclass(frozen=True, slots=True)
class Instance:
    """What makes a cluster of one node a compute instance. `idle_seconds`: until it is shut down, 0: never."""

    state: InstanceState
    operation: Operation = field(default_factory=Operation)
    idle_seconds: float = 0.0

    @property
    def is_open(self) -> bool:
        """Whether it may run a job."""
        return self.state in {InstanceState.RUNNING, InstanceState.JOB_RUNNING}


@dataclass(frozen=True, slots=True)
class Cluster:
    """One compute and its unfinished jobs: those that hold nodes, and those that wait. `idle` has the oldest first.

    `born` and `wished` count the nodes and the jobs there ever were: so each node has a number, each job a place.
    """

    name: ComputeName
    min_nodes: int
    max_nodes: int
    idle_seconds: float
    held: Mapping[JobName, Task] = field(default_factory=dict[JobName, Task])
    queue: Queue = field(default_factory=Queue)
    idle: tuple[IdleNode, ...] = ()
    born: int = 0
    wished: int = 0
    low_priority: bool = False
    instance: Instance | None = None

    # ── its jobs ──

    @property
    def tasks(self) -> dict[JobName, Task]:
        """Every unfinished job. For looking: decisions ask `task`, which costs the same however many wait."""
        return {task.name: task for task in sorted((*self.held.values(), *self.queue), key=lambda task: task.place)}

    @property
    def is_empty(self) -> bool:
        """Whether it has no unfinished job."""
        return not self.held and not self.queue

    @property
    def waiting(self) -> list[JobName]:
        """The jobs without nodes, in the order of the wishes."""
        return [task.name for task in self.queue]

    def task(self, name: JobName) -> Task | None:
        """The unfinished job of that name."""
        return self.held.get(name) or self.queue.get(name)

    def having(self, task: Task) -> "Cluster":
        """With `task` where it belongs now: with those that hold nodes, or new in the queue."""
        if task.holds_nodes:
            queue = self.queue if task.name in self.held else self.queue.without(task.name)
            return replace(self, held={**self.held, task.name: task}, queue=queue)
        held = {name: one for name, one in self.held.items() if name != task.name}
        return replace(self, held=held, queue=self.queue.add(task))

    def without(self, task: Task) -> "Cluster":
        """With `task` no more."""
        if task.name in self.held:
            return replace(self, held={name: one for name, one in self.held.items() if name != task.name})
        return replace(self, queue=self.queue.without(task.name))

    # ── its nodes ──

    @property
    def is_open(self) -> bool:
        """Whether it may run jobs: an instance only while it is started."""
        return self.instance is None or self.instance.is_open

    @property
    def most(self) -> int:
        """How many nodes there may be now."""
        return self.max_nodes if self.is_open else 0

    @property
    def least(self) -> int:
        """How many nodes there are at least."""
        return self.min_nodes if self.is_open else 0

    @property
    def busy_nodes(self) -> int:
        return sum(task.nodes for task in self.held.values())

    @property
    def node_counts(self) -> dict[str, int]:
        """Azure's `node_state_counts`, of the states that exist here."""
        gone = sum(task.taken is not None for task in self.held.values())
        counts = {NodeState.IDLE: len(self.idle), NodeState.RUNNING: self.busy_nodes - gone}
        return {**counts, NodeState.PREEMPTED: gone} if gone else {**counts}

    @property
    def each(self) -> tuple[NodeRecord, ...]:
        """Every node, by its number."""
        idle = [NodeRecord(node.number, NodeState.IDLE, since=node.since) for node in self.idle]
        busy = [NodeRecord(on, _state(task, on), task.name) for task in self.held.values() for on in task.on]
        return tuple(sorted((*idle, *busy), key=lambda node: node.number))

    @property
    def next_scale_down(self) -> float | None:
        """When the next idle node leaves, if none does before."""
        spare = len(self.idle) + self.busy_nodes > self.least
        return self.idle[0].since + self.idle_seconds if spare and self.idle else None

    @property
    def next_shutdown(self) -> float | None:
        """When the instance is shut down, if no job comes before."""
        if self.instance is None or not self.instance.idle_seconds or not self.instance.is_open or not self.idle:
            return None
        return self.idle[0].since + self.instance.idle_seconds


def recovered(cluster: Cluster, tasks: Iterable[Task], nodes: Iterable[NodeRecord]) -> Cluster:
    """The cluster as it was written down: its unfinished tasks, oldest first, on the nodes that they had."""
    there = tuple(nodes)
    idle = tuple(IdleNode(node.since, node.number) for node in there if node.state == NodeState.IDLE)
    cluster = replace(cluster, idle=tuple(sorted(idle, key=_age)), born=max((node.number for node in there), default=0))
    for task in tasks:
        if task.holds_nodes:
            cluster = _seated(cluster, task, [node for node in there if node.job == task.name])
        else:
            cluster = cluster.having(replace(task, place=cluster.wished))
        cluster = replace(cluster, wished=cluster.wished + 1)
    return cluster


def _seated(cluster: Cluster, task: Task, nodes: list[NodeRecord]) -> Cluster:
    on = tuple(node.number for node in nodes)
    new = tuple(range(cluster.born + 1, cluster.born + 1 + task.nodes - len(on)))  # a job older than node numbers
    taken = next((node.number for node in nodes if node.state == NodeState.PREEMPTED), None)
    leaving = task.leaving or _leaving(cluster, taken)
    seated = replace(task, place=cluster.wished, on=on + new, taken=taken, leaving=leaving)
    return replace(cluster.having(seated), born=cluster.born + len(new))


def _leaving(cluster: Cluster, taken: int | None) -> Leaving:
    if taken is not None:
        return Leaving.PREEMPTED
    return Leaving.NOT if cluster.is_open else Leaving.HALTED


def _state(task: Task, number: int) -> NodeState:
    return NodeState.PREEMPTED if number == task.taken else NodeState.RUNNING


def _age(node: IdleNode) -> float:
    return node.since

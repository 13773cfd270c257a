"""What a compute instance does when it is started, stopped, restarted or left idle. Pure, like all of the machine."""

from dataclasses import replace
from typing import Final, TypeAlias

from jupyter_aml.engine.machine.cluster import Cluster, Instance
from jupyter_aml.engine.machine.task import Leaving
from jupyter_aml.engine.machine.words import Became, Command, PowerWished, Stop
from jupyter_aml.entities.compute_record import InstanceState, Operation, Power

Step: TypeAlias = tuple[Cluster, tuple[Command, ...]]

_UP: Final = {InstanceState.RUNNING, InstanceState.JOB_RUNNING, InstanceState.STARTING, InstanceState.RESTARTING}
_OBEYS: Final[dict[Power, set[InstanceState]]] = {
    "start": {InstanceState.STOPPED, InstanceState.STOPPING},
    "stop": _UP,
    "restart": _UP - {InstanceState.RESTARTING},
}
_ON_THE_WAY: Final[dict[Power, InstanceState]] = {
    "start": InstanceState.STARTING,
    "stop": InstanceState.STOPPING,
    "restart": InstanceState.RESTARTING,
}
_SETTLES: Final = {
    InstanceState.CREATING: InstanceState.RUNNING,
    InstanceState.STARTING: InstanceState.RUNNING,
    InstanceState.RESTARTING: InstanceState.RUNNING,
    InstanceState.STOPPING: InstanceState.STOPPED,
}
"""What it becomes once no attempt is left on it."""


def wish(cluster: Cluster, fact: PowerWished) -> Step:
    """On its way to the state that was wished; what runs on it is told to end. Nothing, where that says nothing new."""
    instance = cluster.instance
    if instance is None or instance.state not in _OBEYS[fact.power]:
        return cluster, ()
    name = fact.power.capitalize()
    operation = Operation(name, "InProgress", fact.trigger, fact.at)
    cluster, became = _become(cluster, _ON_THE_WAY[fact.power], operation)
    cluster, stops = _halt(replace(cluster, idle=()))
    return cluster, (became, *stops)


def _halt(cluster: Cluster) -> Step:
    commands: list[Command] = []
    for task in cluster.held.values():
        if not task.leaving:
            cluster = cluster.having(replace(task, leaving=Leaving.HALTED))
            commands.append(Stop(task.name, task.attempt, Leaving.HALTED))
    return cluster, tuple(commands)


def settle(cluster: Cluster, at: float) -> Step:
    """Arrived, once nothing is left on it."""
    instance = cluster.instance
    if instance is None or cluster.held or instance.state not in _SETTLES:
        return cluster, ()
    done = replace(instance.operation, name=instance.operation.name or "Create", status="Succeeded", at=at)
    if not done.trigger:
        done = replace(done, trigger="User")
    cluster, became = _become(cluster, _SETTLES[instance.state], done)
    return cluster, (became,)


def show_job(cluster: Cluster) -> Step:
    """JobRunning while a job is on it, else Running."""
    instance = cluster.instance
    wanted = InstanceState.JOB_RUNNING if cluster.held else InstanceState.RUNNING
    if instance is None or not instance.is_open or instance.state == wanted:
        return cluster, ()
    cluster, became = _become(cluster, wanted, instance.operation)
    return cluster, (became,)


def shut_down_when_idle(cluster: Cluster, at: float) -> Step:
    """Stopped, once it has been idle for as long as it may."""
    due = cluster.next_shutdown
    if due is None or due > at:
        return cluster, ()
    cluster, stopping = wish(cluster, PowerWished(at, "stop", "IdleShutdown"))
    cluster, stopped = settle(cluster, at)
    return cluster, (*stopping, *stopped)


def _become(cluster: Cluster, state: InstanceState, operation: Operation) -> tuple[Cluster, Became]:
    seconds = cluster.instance.idle_seconds if cluster.instance else 0.0
    return replace(cluster, instance=Instance(state, operation, seconds)), Became(state, operation)

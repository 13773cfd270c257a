"""The nodes of a cluster: listed, and, where they may be, taken away. A wish; nodes go in `engine`."""

import time
from hashlib import sha256

from jupyter_aml.entities.compute import AmlComputeNodeInfo
from jupyter_aml.entities.compute_record import ATTACHED, ComputeRecord, NodeRecord
from jupyter_aml.entities.status import NodeState
from jupyter_aml.exceptions import ResourceNotFoundError, UserErrorException, did_you_mean
from jupyter_aml.operations import access, computes
from jupyter_aml.operations.workspaces import Workspace
from jupyter_aml.store import facts


def every(workspace: Workspace, name: str) -> list[AmlComputeNodeInfo]:
    """The nodes that there are now. UserErrorException for a compute that is only attached."""
    access.require(workspace, "computes/listNodes/action", f"computes/{name}")
    compute = computes.get(workspace, name)
    if compute.type in ATTACHED:
        raise UserErrorException(f"Compute '{compute.name}' is attached ({compute.type}): its nodes are not ours.")
    return [_shown(compute, node) for node in compute.each]


def preempt(workspace: Workspace, name: str, *, node: str | None = None, job: str | None = None) -> AmlComputeNodeInfo:
    """Take a node of a low-priority cluster away, as Azure does when it needs the capacity; which node that was.

    The node of that id, or the one on which `job` runs; with neither, one that runs a job if there is any. Its job
    is stopped and waits for another node, with a new attempt that does not count.
    Raises UserErrorException for a cluster that is not low priority, or has no node; ResourceNotFoundError.
    """
    access.require(workspace, "computes/preempt/action", f"computes/{name}")
    compute = computes.get(workspace, name)
    if not compute.low_priority:
        message = f"Compute '{compute.name}' is not low priority: its nodes are never preempted."
        raise UserErrorException(message, resolution="Create a cluster with tier='low_priority'.")
    taken = _chosen(compute, node, job)
    with workspace.database.transaction() as connection:
        facts.append(connection, at=time.time(), kind="compute.preempt.wished", subject=compute.name, node=taken.number)
    return _shown(compute, taken)


def _chosen(compute: ComputeRecord, node: str | None, job: str | None) -> NodeRecord:
    there = [one for one in compute.each if one.state != NodeState.PREEMPTED]
    if node:
        return _named(f"node '{node}'", node, {node_id(compute, one.number): one for one in there})
    if job:
        return _named(f"job '{job}'", job, {one.job: one for one in there if one.job})
    if not there:
        message = f"Compute '{compute.name}' has no node that could be preempted."
        raise UserErrorException(message, resolution="Submit a job to it, or give it min_instances.")
    # The newest of those that work: it has the least to lose.
    return max(there, key=lambda one: (one.state == NodeState.RUNNING, one.number))


def _named(what: str, name: str, known: dict[str, NodeRecord]) -> NodeRecord:
    if name in known:
        return known[name]
    raise ResourceNotFoundError(f"There is no {what} on this compute.", resolution=did_you_mean(name, known))


def node_id(compute: ComputeRecord, number: int) -> str:
    """A node's name in Azure's shape; the same for the same node, and never another's."""
    letters = sha256(f"{compute.name}/{compute.created_at}/{number}".encode()).hexdigest()
    return f"tvmps_{letters}_{'p' if compute.low_priority else 'd'}"


def _shown(compute: ComputeRecord, node: NodeRecord) -> AmlComputeNodeInfo:
    return AmlComputeNodeInfo(node_id(compute, node.number), node.state, node.job or None)

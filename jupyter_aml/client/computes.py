"""`ml_client.compute`: SDK v2's operations. Translates; decides nothing."""

from collections.abc import Iterator
from datetime import UTC, datetime

from jupyter_aml.client import waiting
from jupyter_aml.client.poller import LROPoller
from jupyter_aml.engine import lifecycle
from jupyter_aml.entities.attached_compute import compute_of
from jupyter_aml.entities.compute import AmlComputeNodeInfo, Compute, Usage, VmSize
from jupyter_aml.entities.compute_record import CLUSTER, ComputeRecord, Operation
from jupyter_aml.entities.status import NodeState
from jupyter_aml.operations import computes, instances, nodes, vm_sizes
from jupyter_aml.operations.workspaces import Workspace


class ComputeOperations:
    """Computes: clusters of nodes, each running one job at a time; instances of one person; what is attached."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    # ── looking ──

    def get(self, name: str) -> Compute:
        """The compute as it is now. ResourceNotFoundError when there is none of that name."""
        record = computes.get(self._workspace, name)
        if record.is_instance:
            self._wake()  # after a reboot nobody would keep its hours
        return self._shown(record)

    def list(self, *, compute_type: str | None = None) -> Iterator[Compute]:
        """Every compute by name, of one type if asked."""
        return (self._shown(record) for record in computes.every(self._workspace, compute_type))

    def list_nodes(self, name: str) -> Iterator[AmlComputeNodeInfo]:
        """The nodes of a cluster, with what they do and for which job."""
        return iter(nodes.every(self._workspace, name))

    def list_sizes(self, *, location: str | None = None, compute_type: str | None = None) -> Iterator[VmSize]:  # noqa: ARG002 - SDK v2's keyword
        """The sizes of virtual machines that a compute may name; here they are names."""
        return iter(vm_sizes.sizes(self._workspace, compute_type))

    def list_usage(self, *, location: str | None = None) -> Iterator[Usage]:
        """How many nodes and cores there are now, and how many there may be."""
        return iter(vm_sizes.usage(self._workspace, location))

    # ── making and changing ──

    def begin_create_or_update(self, compute: Compute) -> LROPoller[Compute]:
        """Create a compute, or change what may change of it; it goes on whether or not you wait."""
        return self._begun(computes.create_or_update(self._workspace, compute))

    def begin_update(self, compute: Compute) -> LROPoller[Compute]:
        """Change what may change of a compute that exists."""
        return self._begun(computes.update(self._workspace, compute))

    def begin_attach(self, compute: Compute) -> LROPoller[Compute]:
        """Keep a record of a compute that is elsewhere: Kubernetes, a virtual machine, Synapse Spark."""
        return self._begun(computes.create_or_update(self._workspace, compute))

    def begin_delete(self, name: str, *, action: str = "Delete") -> LROPoller[bool]:
        """Delete a compute, or 'Detach' one that is attached; its jobs stay.

        UserErrorException while some are unfinished.
        """
        computes.delete(self._workspace, name, action=action)
        self._wake()
        return waiting.begun(lambda: computes.has_settled(self._workspace, name) or None, wake=self._wake)

    # ── compute instances ──

    def begin_start(self, name: str) -> LROPoller[Compute]:
        """Start an instance; jobs that wait for it run."""
        return self._begun(instances.start(self._workspace, name))

    def begin_stop(self, name: str) -> LROPoller[Compute]:
        """Stop an instance. The job that runs on it fails; those that wait go on waiting."""
        return self._begun(instances.stop(self._workspace, name))

    def begin_restart(self, name: str) -> LROPoller[Compute]:
        """Restart an instance. The job that runs on it fails; those that wait run afterwards."""
        return self._begun(instances.restart(self._workspace, name))

    def enable_sso(self, *, name: str, enable_sso: bool = True) -> None:
        """Keep whether single sign-on is enabled for an instance."""
        instances.enable_sso(self._workspace, name, enable_sso=enable_sso)

    # ── ours ──

    def preempt(self, name: str, *, node: str | None = None, job: str | None = None) -> AmlComputeNodeInfo:
        """Take a node of a low-priority cluster away (ours, to see what Azure may do at any time); which one it was.

        Its job is stopped, waits again and runs on another node.
        """
        taken = nodes.preempt(self._workspace, name, node=node, job=job)
        self._wake()
        return taken

    def _begun(self, record: ComputeRecord) -> LROPoller[Compute]:
        def look() -> Compute | None:
            return self.get(record.name) if computes.has_settled(self._workspace, record.name) else None

        self._wake()
        return waiting.begun(look, wake=self._wake)

    def _wake(self) -> None:
        lifecycle.ensure(self._workspace.folder)

    def _shown(self, record: ComputeRecord) -> Compute:
        fields = {
            **record.spec,
            "name": record.name,
            "id": f"{self._workspace.id.arm}/computes/{record.name}",
            "provisioning_state": record.provisioning,
            "created_on": _time(record.created_at),
            **(_cluster(record) if record.type == CLUSTER else {}),
            **(_instance(record) if record.is_instance else {}),
        }
        return compute_of(fields, stored=True)


def _cluster(record: ComputeRecord) -> dict[str, object]:
    """What a cluster's nodes do, in every state that Azure counts."""
    counts = {str(state): record.nodes.get(state, 0) for state in NodeState}
    there = sum(counts.values())
    moved = max((node.since for node in record.each), default=record.created_at) or record.created_at
    return {
        "tier": "low_priority" if record.low_priority else "dedicated",
        "node_state_counts": counts,
        "current_node_count": there,
        "target_node_count": there,
        "allocation_state": "Steady",
        "allocation_state_transition_time": _time(moved),
        "errors": [],
    }


def _instance(record: ComputeRecord) -> dict[str, object]:
    return {"state": record.state, "last_operation": _operation(record.operation), "services": []}


def _operation(operation: Operation) -> dict[str, str] | None:
    if not operation.name:
        return None
    return {
        "operation_name": operation.name,
        "operation_time": _time(operation.at),
        "operation_status": operation.status,
        "operation_trigger": operation.trigger,
    }


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")

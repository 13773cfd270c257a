"""`ml_client.compute`, `.facts`: SDK v2's operations. Translates; decides nothing."""

import builtins
from collections.abc import Iterator

from jupyter_aml.client.poller import LROPoller
from jupyter_aml.engine import lifecycle
from jupyter_aml.entities.compute import AmlCompute, VmSize
from jupyter_aml.entities.compute_record import ComputeRecord
from jupyter_aml.operations import computes, history
from jupyter_aml.operations.workspaces import Workspace
from jupyter_aml.store import computes as compute_rows
from jupyter_aml.store.facts import Fact


class ComputeOperations:
    """Clusters: slots that jobs run on."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def get(self, name: str) -> AmlCompute:
        """The compute as it is now, with its nodes. ResourceNotFoundError when there is none of that name."""
        return _compute(compute_rows.get(self._workspace.database, name))

    def list(self, *, compute_type: str | None = None) -> Iterator[AmlCompute]:
        """Every compute by name, of one type if asked."""
        found = compute_rows.select(self._workspace.database)
        return (_compute(record) for record in found if compute_type in {None, record.type})

    def list_sizes(self, *, location: str | None = None, compute_type: str | None = None) -> builtins.list[VmSize]:  # noqa: ARG002 - SDK v2's keywords
        """The sizes there are: this machine, under each name in use."""
        return computes.sizes(self._workspace)

    def begin_create_or_update(self, compute: AmlCompute) -> LROPoller[AmlCompute]:
        """Create a cluster or change its scaling; done at once, polled as in the cloud."""
        record = computes.create_or_update(self._workspace, compute)
        lifecycle.ensure(self._workspace.folder)
        return LROPoller(lambda: self.get(record.name))

    begin_update = begin_create_or_update

    def begin_delete(self, name: str, *, action: str = "Delete") -> LROPoller[bool]:  # noqa: ARG002 - SDK v2's keyword
        """Delete a cluster; its jobs stay. UserErrorException while some are unfinished."""
        computes.delete(self._workspace, name)
        lifecycle.ensure(self._workspace.folder)
        return LROPoller(lambda: True)


class FactOperations:
    """The numbered facts (ours): what happened, in order."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def since(self, seq: int = 0) -> builtins.list[Fact]:
        """The facts after number `seq`."""
        return history.since(self._workspace, seq)

    def story(self, subject: str) -> builtins.list[Fact]:
        """Everything that happened to one job or compute."""
        return history.story(self._workspace, subject)


def _compute(record: ComputeRecord) -> AmlCompute:
    counts = dict(record.nodes)
    current = {
        "provisioning_state": "Succeeded",
        "node_state_counts": counts,
        "current_node_count": sum(counts.values()),
    }
    return AmlCompute.of({**record.spec, "name": record.name, **current})

"""`ml_client.compute`, `.environments`, `.workspaces`, `.facts`: SDK v2's operations. Translates; decides nothing."""

import builtins
from collections.abc import Iterator

from jupyter_aml.client.poller import LROPoller
from jupyter_aml.engine import lifecycle
from jupyter_aml.entities.asset_record import AssetRecord
from jupyter_aml.entities.compute import AmlCompute, VmSize
from jupyter_aml.entities.compute_record import ComputeRecord
from jupyter_aml.entities.environment import Environment
from jupyter_aml.exceptions import ResourceNotFoundError, ValidationException
from jupyter_aml.operations import computes, environments, history
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


class EnvironmentOperations:
    """Environments: the user's own and the curated ones."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def get(self, name: str, version: str | int | None = None, label: str | None = None) -> Environment:
        """One version, by number or by the label 'latest'."""
        if version is None and label is None:
            raise ValidationException("Must provide either version or label.")
        if version is not None and label is not None:
            raise ValidationException("Cannot specify both version and label.")
        if version is not None:
            return self._shown(environments.get(self._workspace, name, str(version)))
        return self._shown(environments.find(self._workspace, f"{name}@{label}"))

    def list(self, name: str | None = None) -> Iterator[Environment]:
        """The versions of `name`, newest first; without a name, one container for each environment."""
        if name is not None:
            return (self._shown(record) for record in environments.versions(self._workspace, name))
        return (self._container(found) for found in environments.all_names(self._workspace))

    def create_or_update(self, environment: Environment) -> Environment:
        """Register a version; equal content is the equal version."""
        return self._shown(environments.create(self._workspace, environment))

    def _container(self, name: str) -> Environment:
        newest = environments.find(self._workspace, f"{name}@latest")
        return Environment(name=name, latest_version=newest.version)

    def _shown(self, record: AssetRecord) -> Environment:
        own = f"{self._workspace.id.arm}/environments/{record.name}/versions/{record.version}"
        return Environment.of({**record.spec, "name": record.name, "version": record.version, "id": own})


class WorkspaceOperations:
    """The workspace itself."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def get(self, name: str | None = None) -> "WorkspaceInfo":
        """This workspace. ResourceNotFoundError for another name."""
        if name not in {None, self._workspace.id.name}:
            message = f"Not found workspace with name '{name}'; this client is of '{self._workspace.id.name}'."
            raise ResourceNotFoundError(
                message, resolution="Make a client of it: MLClient(credential, …, workspace_name)."
            )
        return WorkspaceInfo(self._workspace)


class WorkspaceInfo:
    """A workspace as SDK v2 shows it; `folder` is ours: where its files lie."""

    def __init__(self, workspace: Workspace) -> None:
        self.name = workspace.id.name
        self.display_name = workspace.id.name
        self.resource_group = workspace.id.resource_group
        self.subscription_id = workspace.id.subscription_id
        self.id = workspace.id.arm
        self.location = "local"
        self.mlflow_tracking_uri = workspace.tracking_uri
        self.folder = workspace.folder.root

    def __repr__(self) -> str:
        """Its fields, readable."""
        return f"Workspace({vars(self)})"


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

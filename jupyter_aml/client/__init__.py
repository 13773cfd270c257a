"""MLClient, SDK v2's front door: wires store, operations and engine together. The one composition root."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self, TypeVar, Unpack, overload

from jupyter_aml.client.poller import LROPoller
from jupyter_aml.engine import lifecycle
from jupyter_aml.entities.role import LocalCredential
from jupyter_aml.entities.workspace import WorkspaceId
from jupyter_aml.exceptions import NotAvailableError, ValidationException, did_you_mean
from jupyter_aml.operations.workspaces import Workspace as OpenWorkspace
from jupyter_aml.operations.workspaces import config_or_error, current, filled, open_workspace

if TYPE_CHECKING:
    from jupyter_aml.client.assets import ComponentOperations, DataOperations, EnvironmentOperations, ModelOperations
    from jupyter_aml.client.computes import ComputeOperations
    from jupyter_aml.client.datastores import ConnectionOperations, DatastoreOperations
    from jupyter_aml.client.jobs import JobOperations, Overrides
    from jupyter_aml.client.resources import FactOperations
    from jupyter_aml.client.roles import RoleOperations
    from jupyter_aml.client.run_views import RunViewOperations
    from jupyter_aml.client.schedules import ScheduleOperations
    from jupyter_aml.client.secrets import SecretOperations
    from jupyter_aml.client.workspaces import WorkspaceOperations
    from jupyter_aml.entities.component import Component
    from jupyter_aml.entities.compute import Compute
    from jupyter_aml.entities.datastore import Datastore
    from jupyter_aml.entities.environment import Environment
    from jupyter_aml.entities.job import Job
    from jupyter_aml.entities.job_draft import JobDraft
    from jupyter_aml.entities.model import Model
    from jupyter_aml.entities.schedule import JobSchedule
    from jupyter_aml.entities.step import Node
    from jupyter_aml.entities.workspace_resource import Workspace

__all__ = ["LROPoller", "MLClient"]

_NO_CREDENTIAL: Final = "local"
_Made = TypeVar("_Made", "Environment", "Model", "Component", "Datastore")
_ROOMS: Final = {
    "jobs": "jobs.JobOperations",
    "compute": "computes.ComputeOperations",
    "data": "assets.DataOperations",
    "datastores": "datastores.DatastoreOperations",
    "environments": "assets.EnvironmentOperations",
    "models": "assets.ModelOperations",
    "components": "assets.ComponentOperations",
    "connections": "datastores.ConnectionOperations",
    "schedules": "schedules.ScheduleOperations",
    "run_views": "run_views.RunViewOperations",
    "workspaces": "workspaces.WorkspaceOperations",
    "facts": "resources.FactOperations",
    "roles": "roles.RoleOperations",
    "secrets": "secrets.SecretOperations",
}
"""The groups of operations, each opened when it is first used: whoever lists jobs waits for no schedule."""


class MLClient:
    """A client of one workspace. Nothing is read or written before the first call.

    `MLClient(credential, subscription_id, resource_group_name, workspace_name)` as in SDK v2 (any credential
    but None; a name still to be filled in, such as `<WORKSPACE_NAME>`, is the current workspace's),
    `MLClient.from_config()` by Azure's search for config.json, or `MLClient.default()`: the config's workspace if
    there is one, else the default workspace.

    >>> MLClient.default().workspace_name
    'default'
    """

    jobs: JobOperations
    compute: ComputeOperations
    data: DataOperations
    datastores: DatastoreOperations
    environments: EnvironmentOperations
    models: ModelOperations
    components: ComponentOperations
    connections: ConnectionOperations
    schedules: ScheduleOperations
    run_views: RunViewOperations
    workspaces: WorkspaceOperations
    facts: FactOperations
    roles: RoleOperations
    secrets: SecretOperations

    def __init__(
        self,
        credential: object,
        subscription_id: str | None = None,
        resource_group_name: str | None = None,
        workspace_name: str | None = None,
        registry_name: str | None = None,
        **_options: object,
    ) -> None:
        if credential is None:
            message = "credential can not be None"
            raise ValueError(message)
        if workspace_name and registry_name:
            raise ValidationException("Both workspace_name and registry_name cannot be used together.")
        if registry_name:
            raise NotAvailableError.of(f"registry_name={registry_name!r}", "registries")
        identity = filled(WorkspaceId(subscription_id or "", resource_group_name or "", workspace_name or ""))
        principal = credential.principal if isinstance(credential, LocalCredential) else ""
        self._workspace = open_workspace(identity, principal=principal, keeper=lifecycle.ensure)

    @classmethod
    def of(cls, workspace: WorkspaceId, credential: object = _NO_CREDENTIAL) -> Self:
        """A client of that workspace (ours)."""
        return cls(credential, workspace.subscription_id, workspace.resource_group, workspace.name)

    @classmethod
    def default(cls) -> Self:
        """A client of the nearest config.json's workspace, else of the default one (ours)."""
        return cls.of(current())

    @classmethod
    def from_config(
        cls,
        credential: object = None,
        *,
        path: str | Path | None = None,
        file_name: str | None = None,
        **_options: object,
    ) -> Self:
        """A client of the workspace in config.json, found by Azure's rules (§1.2).

        ValidationException when there is none, or when it lacks a name. No credential is needed here.
        """
        found = config_or_error(Path(path) if path else Path.cwd(), file_name)
        return cls.of(found, credential or _NO_CREDENTIAL)

    @property
    def subscription_id(self) -> str:
        """The subscription's id."""
        return self._workspace.id.subscription_id

    @property
    def resource_group_name(self) -> str:
        """The resource group's name."""
        return self._workspace.id.resource_group

    @property
    def workspace_name(self) -> str:
        """The workspace's name."""
        return self._workspace.id.name

    @property
    def workspace(self) -> OpenWorkspace:
        """The open workspace (ours): its folder and rooms."""
        return self._workspace

    @overload
    def create_or_update(self, entity: JobDraft | Node, **options: Unpack[Overrides]) -> Job: ...
    @overload
    def create_or_update(self, entity: _Made, **options: Unpack[Overrides]) -> _Made: ...
    def create_or_update(self, entity: object, **options: Unpack[Overrides]) -> object:
        """Create a job (keywords as in `jobs.create_or_update`), model, environment, component or datastore.

        TypeError for anything else, data assets included: Azure's own rule (§1.3). Data goes to `ml_client.data`.
        """
        from jupyter_aml.entities.component import Component
        from jupyter_aml.entities.datastore import Datastore
        from jupyter_aml.entities.environment import Environment
        from jupyter_aml.entities.job_draft import JobDraft
        from jupyter_aml.entities.model import Model
        from jupyter_aml.entities.step import Node

        match entity:
            case JobDraft() | Node():
                return self.jobs.create_or_update(entity, **options)
            case Environment():
                return self.environments.create_or_update(entity)
            case Model():
                return self.models.create_or_update(entity)
            case Component():
                return self.components.create_or_update(entity)
            case Datastore():
                return self.datastores.create_or_update(entity)
            case _:
                message = "Please refer to create_or_update docstring for valid input types."
                raise TypeError(message)

    @overload
    def begin_create_or_update(self, entity: Compute) -> LROPoller[Compute]: ...
    @overload
    def begin_create_or_update(self, entity: Workspace) -> LROPoller[Workspace]: ...
    @overload
    def begin_create_or_update(self, entity: JobSchedule) -> LROPoller[JobSchedule]: ...
    def begin_create_or_update(self, entity: object) -> object:
        """Create a compute, a workspace or a schedule. TypeError for anything else, as in SDK v2."""
        from jupyter_aml.entities.compute import Compute
        from jupyter_aml.entities.schedule import JobSchedule
        from jupyter_aml.entities.workspace_resource import Workspace

        match entity:
            case Compute():
                return self.compute.begin_create_or_update(entity)
            case Workspace():
                return self.workspaces.begin_create(entity)
            case JobSchedule():
                return self.schedules.begin_create_or_update(entity)
            case _:
                message = "Please refer to begin_create_or_update docstring for valid input types."
                raise TypeError(message)

    def __getattr__(self, name: str) -> object:
        """A group of operations, its room opened now; one of Azure's that is not built says so when it is called.

        AttributeError with the nearest group for any other name.
        """
        if name not in _ROOMS:
            from jupyter_aml.client import absent

            if name in absent.ABSENT:
                return absent.AbsentOperations(name)
            raise AttributeError(f"MLClient has no '{name}'. {did_you_mean(name, _ROOMS)}")
        room, _, kind = _ROOMS[name].partition(".")
        group = getattr(import_module(f"jupyter_aml.client.{room}"), kind)(self._workspace)
        setattr(self, name, group)
        return group

    def __dir__(self) -> list[str]:
        """The groups too, for tab completion."""
        return sorted({*super().__dir__(), *_ROOMS})

    def __repr__(self) -> str:
        """Who it is a client of, as SDK v2 prints it."""
        return (
            f"MLClient(subscription_id={self.subscription_id},\n"
            f"         resource_group_name={self.resource_group_name},\n"
            f"         workspace_name={self.workspace_name})"
        )

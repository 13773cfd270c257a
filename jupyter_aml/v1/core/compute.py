"""SDK v1's compute targets: the workspace's computes by their names. Asks for changes; nothing is decided here."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Self, cast

from jupyter_aml.entities import compute as v2
from jupyter_aml.entities.compute_instance import ComputeInstance as InstanceDraft
from jupyter_aml.exceptions import MlException, NotAvailableError, ResourceNotFoundError
from jupyter_aml.v1.arguments import meaningless
from jupyter_aml.v1.core.compute_status import AmlComputeStatus, ComputeInstanceStatus, ScaleSettings, priority_of
from jupyter_aml.v1.core.exceptions import ComputeTargetException

if TYPE_CHECKING:
    from jupyter_aml.v1.core.workspace import Workspace

__all__ = ["AmlCompute", "ComputeInstance", "ComputeTarget", "ComputeTargetException"]

_IDLE: Final = 1800
_PATIENCE: Final = 25.0
"""Minutes that `wait_for_completion` waits unless somebody says how long."""
_EVERY: Final = 0.2
_NO_LOGIN: Final = "nobody signs in to a node here, and no network lies between"
_SETTLED: Final = ("Succeeded", "Failed", "Canceled")
_OTHERS: Final = {"kubernetes": "Kubernetes", "virtualmachine": "VirtualMachine", "synapsespark": "SynapseSpark"}


@dataclass
class AmlComputeProvisioningConfiguration:
    """What a cluster is to be: `vm_size`, `min_nodes`, `max_nodes` and so on."""

    vm_size: str = ""
    vm_priority: str = "dedicated"
    min_nodes: int = 0
    max_nodes: int | None = None
    idle_seconds_before_scaledown: int = _IDLE
    tags: Mapping[str, str] | None = None
    description: str | None = None

    def draft(self, name: str) -> v2.Compute:
        """SDK v2's cluster of that name (ours)."""
        said = {
            "size": self.vm_size or None, "max_instances": self.max_nodes, "tags": self.tags,
            "description": self.description,
        }  # fmt: skip
        return v2.AmlCompute.of({
            "name": name, "min_instances": self.min_nodes, "tier": priority_of(self.vm_priority),
            "idle_time_before_scale_down": self.idle_seconds_before_scaledown,
            **{key: value for key, value in said.items() if value is not None},
        })  # fmt: skip


@dataclass
class ComputeInstanceProvisioningConfiguration:
    """What a compute instance is to be."""

    vm_size: str = ""
    tags: Mapping[str, str] | None = None
    description: str | None = None

    def draft(self, name: str) -> v2.Compute:
        """SDK v2's instance of that name (ours)."""
        said = {"size": self.vm_size or None, "tags": self.tags, "description": self.description}
        return InstanceDraft.of({"name": name, **{key: value for key, value in said.items() if value is not None}})


class ComputeTarget:
    """A compute by its name: an AmlCompute, a ComputeInstance, or what is attached.

    ComputeTargetException, with the nearest name, when there is none.
    """

    type: str = ""

    def __new__(cls, workspace: "Workspace", name: str) -> Self:
        """Of its own kind."""
        if cls is not ComputeTarget:
            return super().__new__(cls)
        return cast("Self", object.__new__(_KINDS.get(_shown(workspace, name).type, ComputeTarget)))

    def __init__(self, workspace: "Workspace", name: str) -> None:
        self.workspace, self.name = workspace, name
        self._entity: Any = _shown(workspace, name)
        self.type = self.type or _OTHERS.get(str(self._entity.type), str(self._entity.type))

    # ── which ones there are ──

    @staticmethod
    def create(
        workspace: "Workspace",
        name: str,
        provisioning_configuration: AmlComputeProvisioningConfiguration | ComputeInstanceProvisioningConfiguration,
    ) -> "ComputeTarget":
        """Begin to make one; it goes on whether or not somebody waits. ComputeTargetException for what cannot be."""
        try:
            workspace.client.compute.begin_create_or_update(provisioning_configuration.draft(name))
        except MlException as error:
            raise ComputeTargetException(error.message, resolution=error.resolution) from None
        return ComputeTarget(workspace, name)

    @staticmethod
    def attach(workspace: "Workspace", name: str, attach_configuration: object) -> "ComputeTarget":
        """Refused: SDK v1 attaches machines and services that are not here. NotAvailableError."""
        meaningless("nothing is attached", workspace=workspace, name=name, attach_configuration=attach_configuration)
        raise NotAvailableError.of("ComputeTarget.attach", "attached computes of SDK v1")

    @staticmethod
    def list(workspace: "Workspace") -> "list[ComputeTarget]":
        """All of them, by name."""
        return [ComputeTarget(workspace, one.name) for one in workspace.client.compute.list()]

    # ── what it is ──

    @property
    def id(self) -> str | None:
        """Its id in Azure's form."""
        return self._entity.id

    @property
    def location(self) -> str | None:
        """Where it would be."""
        return self._entity.location

    @property
    def tags(self) -> dict[str, str]:
        """Its tags."""
        return dict(self._entity.tags)

    @property
    def description(self) -> str | None:
        """What was said of it."""
        return self._entity.description

    @property
    def vm_size(self) -> str:
        """The size that was asked for. Here every node shares this machine."""
        return str(getattr(self._entity, "size", "")).upper()

    @property
    def provisioning_state(self) -> str:
        """`Succeeded` once it is there."""
        return str(self._entity.provisioning_state)

    @property
    def provisioning_errors(self) -> "Sequence[str] | None":
        """What went wrong while it was made."""
        found = self._entity.provisioning_errors
        return [found] if found else None

    def refresh_state(self) -> None:
        """Look again."""
        self._entity = _shown(self.workspace, self.name)

    def get_status(self) -> Any:  # noqa: ANN401 - each kind has its own
        """How it stands now."""
        self.refresh_state()
        return self.provisioning_state

    def serialize(self) -> dict[str, Any]:
        """It as plain data."""
        return {
            "id": self.id, "name": self.name, "location": self.location, "tags": self.tags,
            "provisioningState": self.provisioning_state, "properties": {"computeType": self.type},
        }  # fmt: skip

    # ── what can be done ──

    def wait_for_completion(
        self,
        show_output: bool = False,
        min_node_count: int | None = None,
        timeout_in_minutes: float | None = None,
        is_delete_operation: bool = False,
    ) -> None:
        """Return when it is there, or was not made. `show_output`: say so meanwhile.

        `timeout_in_minutes`: how long to wait; `min_node_count`: for so many nodes too; `is_delete_operation`: until
        it is gone.
        """
        deadline = time.monotonic() + 60 * (_PATIENCE if timeout_in_minutes is None else timeout_in_minutes)
        is_done = self._is_gone if is_delete_operation else lambda: self._is_settled(min_node_count or 0)
        while not is_done() and time.monotonic() < deadline:
            time.sleep(_EVERY)
        if show_output:
            self._say("wait for completion finished")

    def delete(self) -> None:
        """Delete it; its jobs stay. ComputeTargetException while some are unfinished."""
        self._end("Delete")

    def detach(self) -> None:
        """Forget an attached one."""
        self._end("Detach")

    # ── inside ──

    def _end(self, action: str) -> None:
        try:
            self.workspace.client.compute.begin_delete(self.name, action=action)
        except MlException as error:
            raise ComputeTargetException(error.message, resolution=error.resolution) from None

    def _say(self, what: str) -> None:
        print(f"{self.provisioning_state}\n{self.type} {what}\n")

    def _is_gone(self) -> bool:
        return all(one.name != self.name for one in self.workspace.client.compute.list())

    def _is_settled(self, nodes: int) -> bool:
        self.refresh_state()
        there = getattr(self._entity, "current_node_count", None) or 0
        return self.provisioning_state in _SETTLED and there >= nodes

    def __repr__(self) -> str:
        """As SDK v1 prints it."""
        return (
            f"{type(self).__name__}(workspace={self.workspace!r}, name={self.name}, id={self.id}, type={self.type}, "
            f"provisioning_state={self.provisioning_state}, location={self.location}, tags={self.tags})"
        )


class AmlCompute(ComputeTarget):
    """A cluster: each node runs one job at a time."""

    type = "AmlCompute"

    @staticmethod
    def provisioning_configuration(
        vm_size: str = "",
        vm_priority: str = "dedicated",
        min_nodes: int = 0,
        max_nodes: int | None = None,
        idle_seconds_before_scaledown: int | None = None,
        admin_username: str | None = None,
        admin_user_password: str | None = None,
        admin_user_ssh_key: str | None = None,
        vnet_resourcegroup_name: str | None = None,
        vnet_name: str | None = None,
        subnet_name: str | None = None,
        tags: Mapping[str, str] | None = None,
        description: str | None = None,
        remote_login_port_public_access: str | None = None,
        identity_type: str | None = None,
        identity_id: object = None,
        location: str | None = None,
        enable_node_public_ip: bool = True,
    ) -> AmlComputeProvisioningConfiguration:
        """What a cluster is to be. ComputeTargetException for fewer nodes at most than at least.

        Administrators, networks, identities and `location` have no meaning here: each node is this machine.
        """
        meaningless(
            _NO_LOGIN,
            admin=(admin_username, admin_user_password, admin_user_ssh_key, remote_login_port_public_access),
            vnet=(vnet_resourcegroup_name, vnet_name, subnet_name, enable_node_public_ip),
            identity=(identity_type, identity_id, location),
        )
        if max_nodes is not None and min_nodes > max_nodes:
            raise ComputeTargetException(f"min_nodes: {min_nodes} is more than max_nodes: {max_nodes}.")
        idle = _IDLE if idle_seconds_before_scaledown is None else idle_seconds_before_scaledown
        return AmlComputeProvisioningConfiguration(vm_size, vm_priority, min_nodes, max_nodes, idle, tags, description)

    @staticmethod
    def supported_vmsizes(workspace: "Workspace", location: str | None = None) -> "list[dict[str, Any]]":
        """The sizes that a cluster may name; here they are names, and the same at every `location`."""
        meaningless("there is one place", location=location)
        return [
            {"name": one.name, "vCPUs": one.v_cp_us, "gpus": one.gpus, "memoryGB": one.memory_gb}
            for one in workspace.client.compute.list_sizes()
        ]  # fmt: skip

    @property
    def scale_settings(self) -> ScaleSettings:
        """How many nodes it may have, and when an idle one leaves."""
        return ScaleSettings.of(self._entity)

    @property
    def vm_priority(self) -> str:
        """`Dedicated` or `LowPriority`."""
        return "LowPriority" if self._entity.tier == "low_priority" else "Dedicated"

    def get_status(self) -> AmlComputeStatus:
        """How it stands now: `allocation_state`, `current_node_count` and so on."""
        self.refresh_state()
        return AmlComputeStatus.of(self._entity)

    def list_nodes(self) -> "list[dict[str, Any]]":
        """Its nodes, with what they do and for which run."""
        return [
            {"nodeId": one.node_id, "nodeState": one.node_state, "runId": one.run_id, "port": one.port,
             "privateIpAddress": one.private_ip_address, "publicIpAddress": one.public_ip_address}
            for one in self.workspace.client.compute.list_nodes(self.name)
        ]  # fmt: skip

    def update(
        self,
        min_nodes: int | None = None,
        max_nodes: int | None = None,
        idle_seconds_before_scaledown: int | None = None,
    ) -> None:
        """Change how many nodes it may have, and when an idle one leaves."""
        said = {
            "min_instances": min_nodes, "max_instances": max_nodes,
            "idle_time_before_scale_down": idle_seconds_before_scaledown,
        }  # fmt: skip
        for name, value in said.items():
            if value is not None:
                setattr(self._entity, name, value)
        try:
            self.workspace.client.compute.begin_update(self._entity)
        except MlException as error:
            raise ComputeTargetException(error.message, resolution=error.resolution) from None
        self.refresh_state()


class ComputeInstance(ComputeTarget):
    """A machine of one person."""

    type = "ComputeInstance"

    @staticmethod
    def provisioning_configuration(
        vm_size: str = "",
        ssh_public_access: bool = False,
        admin_user_ssh_public_key: str | None = None,
        vnet_resourcegroup_name: str | None = None,
        vnet_name: str | None = None,
        subnet_name: str | None = None,
        tags: Mapping[str, str] | None = None,
        description: str | None = None,
        assigned_user_object_id: str | None = None,
        assigned_user_tenant_id: str | None = None,
        location: str | None = None,
        enable_node_public_ip: bool = True,
    ) -> ComputeInstanceProvisioningConfiguration:
        """What an instance is to be. SSH, networks, `location` and whose it is have no meaning here: it is yours."""
        meaningless(
            _NO_LOGIN,
            ssh=(ssh_public_access, admin_user_ssh_public_key),
            vnet=(vnet_resourcegroup_name, vnet_name, subnet_name, enable_node_public_ip, location),
            user=(assigned_user_object_id, assigned_user_tenant_id),
        )
        return ComputeInstanceProvisioningConfiguration(vm_size, tags, description)

    def get_status(self) -> ComputeInstanceStatus:
        """How it stands now: `state` and so on."""
        self.refresh_state()
        return ComputeInstanceStatus.of(self._entity)

    def start(self, wait_for_completion: bool = False, show_output: bool = False) -> None:
        """Start it; jobs that wait for it run. `show_output`: say how it stands then."""
        self._asked("start", wait=wait_for_completion, show=show_output)

    def stop(self, wait_for_completion: bool = False, show_output: bool = False) -> None:
        """Stop it. `show_output`: say how it stands then."""
        self._asked("stop", wait=wait_for_completion, show=show_output)

    def restart(self, wait_for_completion: bool = False, show_output: bool = False) -> None:
        """Restart it. `show_output`: say how it stands then."""
        self._asked("restart", wait=wait_for_completion, show=show_output)

    def _asked(self, what: str, *, wait: bool, show: bool) -> None:
        try:
            poller = getattr(self.workspace.client.compute, f"begin_{what}")(self.name)
        except MlException as error:
            raise ComputeTargetException(error.message, resolution=error.resolution) from None
        if wait:
            poller.result()
        self.refresh_state()
        if show:
            print(f"{self.get_status().state}\n{self.type} {what} {'finished' if wait else 'requested'}\n")


_KINDS: Final[Mapping[str, type[ComputeTarget]]] = {"amlcompute": AmlCompute, "computeinstance": ComputeInstance}


def _shown(workspace: "Workspace", name: str) -> v2.Compute:
    try:
        return workspace.client.compute.get(name)
    except ResourceNotFoundError as error:
        raise ComputeTargetException(
            f"ComputeTargetNotFound: Compute Target with name {name} not found in provided workspace",
            resolution=error.resolution,
        ) from None

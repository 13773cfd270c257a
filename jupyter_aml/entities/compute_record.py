"""A compute as the store keeps it: what was wished of it, and the supervisor's word on what it does. Values only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, Literal, TypeAlias

from jupyter_aml.entities.names import ComputeName

ComputeSpec: TypeAlias = Mapping[str, Any]  # Any: a compute as its YAML says it
Power: TypeAlias = Literal["start", "stop", "restart"]
Trigger: TypeAlias = Literal["User", "Schedule", "IdleShutdown"]

CLUSTER: Final = "amlcompute"
INSTANCE: Final = "computeinstance"
ATTACHED: Final = ("kubernetes", "virtualmachine", "synapsespark")


class Provisioning(StrEnum):
    """Azure's `provisioning_state`."""

    UNKNOWN = "Unknown"
    UPDATING = "Updating"
    CREATING = "Creating"
    DELETING = "Deleting"
    SUCCEEDED = "Succeeded"
    FAILED = "Failed"
    CANCELED = "Canceled"


class InstanceState(StrEnum):
    """Azure's states of a compute instance. Here it is one of the first eight."""

    CREATING = "Creating"
    RUNNING = "Running"
    JOB_RUNNING = "JobRunning"
    STARTING = "Starting"
    STOPPING = "Stopping"
    STOPPED = "Stopped"
    RESTARTING = "Restarting"
    DELETING = "Deleting"
    CREATE_FAILED = "CreateFailed"
    RESIZING = "Resizing"
    SETTING_UP = "SettingUp"
    SETUP_FAILED = "SetupFailed"
    USER_SETTING_UP = "UserSettingUp"
    USER_SETUP_FAILED = "UserSetupFailed"
    UNKNOWN = "Unknown"
    UNUSABLE = "Unusable"


@dataclass(frozen=True, slots=True)
class Operation:
    """An instance's `last_operation`: Create, Start, Stop or Restart; InProgress or Succeeded; by whom; when."""

    name: str = ""
    status: str = ""
    trigger: str = ""
    at: float = 0.0


@dataclass(frozen=True, slots=True)
class NodeRecord:
    """One node: its number (never given twice in a compute's life), what it does, for which job, since when."""

    number: int
    state: str
    job: str = ""
    since: float = 0.0


@dataclass(frozen=True, slots=True)
class ComputeRecord:
    """One compute. A node is a slot: it runs one job at a time.

    `idle_seconds`: until an idle node leaves; of an instance, until it is shut down, 0: never. `state`: of an
    instance its `InstanceState`, of others `Provisioning`. `owner`: the one user that an instance is assigned to.
    """

    name: ComputeName
    type: str
    min_nodes: int
    max_nodes: int
    idle_seconds: float
    low_priority: bool = False
    warm: bool = True
    hidden: bool = False
    spec: ComputeSpec = field(default_factory=dict[str, Any])
    nodes: Mapping[str, int] = field(default_factory=dict[str, int])
    each: tuple[NodeRecord, ...] = ()
    created_at: float = 0.0
    state: str = ""
    operation: Operation = Operation()
    owner: str = ""

    @property
    def is_instance(self) -> bool:
        return self.type == INSTANCE

    @property
    def provisioning(self) -> Provisioning:
        """Azure's `provisioning_state`: an instance that was made stays Succeeded while it is stopped or started."""
        known = {Provisioning.CREATING, Provisioning.DELETING, Provisioning.FAILED}
        return Provisioning(self.state) if self.state in known else Provisioning.SUCCEEDED

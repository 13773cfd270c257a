"""Compute instances, as the SDK v2 writes them: one person's machine with hours. Values only; nothing is started."""

from typing import Annotated

from pydantic import Field, SerializeAsAny, field_validator

from jupyter_aml.entities.compute import Compute, NetworkSettings
from jupyter_aml.entities.credentials import IdentityConfiguration
from jupyter_aml.entities.draft import Draft
from jupyter_aml.entities.fields import Choice, Loose, ReadOnly
from jupyter_aml.entities.trigger import Trigger, trigger_of

_Port = Annotated[int, Field(ge=1025, le=65535)]


class ComputeInstanceSshSettings(Draft):
    """The public key that may log in: kept and shown."""

    ssh_key_value: str | None = None
    ssh_port: ReadOnly[str] = None
    admin_username: ReadOnly[str] = None


class AssignedUserConfiguration(Draft):
    """The one person an instance is for (`create_on_behalf_of`)."""

    user_tenant_id: str
    user_object_id: str


class ComputeStartStopSchedule(Draft):
    """Start or stop an instance when `trigger` says."""

    trigger: SerializeAsAny[Trigger]
    action: Annotated[str, Choice("start", "stop")]
    state: Annotated[str, Choice("enabled", "disabled")] = "enabled"
    schedule_id: ReadOnly[str] = None
    provisioning_state: ReadOnly[str] = None

    @field_validator("trigger", mode="before")
    @classmethod
    def _trigger(cls, value: object) -> Trigger:
        return trigger_of(value)


class ComputeSchedules(Draft):
    """The schedules of an instance."""

    compute_start_stop: list[ComputeStartStopSchedule] | None = None


class ImageSettings(Draft):
    """A container's image."""

    reference: str


class EndpointsSettings(Draft):
    """A port of a container, and where it is published."""

    target: _Port
    published: _Port


class VolumeSettings(Draft):
    """A folder that a container sees."""

    source: str
    target: str


class CustomApplications(Draft):
    """A container that an instance would run: kept and shown."""

    name: str
    type: Annotated[str, Choice("docker")] = "docker"
    image: ImageSettings
    endpoints: list[EndpointsSettings]
    environment_variables: Loose | None = None
    bind_mounts: list[VolumeSettings] | None = None


class ScriptReference(Draft):
    """A script in the workspace's file store, with its arguments."""

    path: str | None = None
    command: str | None = None
    timeout_minutes: int | None = None


class SetupScripts(Draft):
    """Scripts that an instance would run when created and at each start: kept and shown."""

    startup_script: ScriptReference | None = None
    creation_script: ScriptReference | None = None


class ImageMetadata(Draft):
    """Which image of the operating system an instance has."""

    is_latest_os_image_version: bool | None = None
    current_image_version: str | None = None
    latest_image_version: str | None = None


class ComputeInstance(Compute):
    """One machine for one person. It runs jobs one at a time while it is started.

    `idle_time_before_shutdown` is an ISO 8601 duration ("PT30M"), `idle_time_before_shutdown_minutes` a number.
    """

    type: Annotated[str, Choice("computeinstance")] = "computeinstance"
    size: str | None = None
    create_on_behalf_of: AssignedUserConfiguration | None = None
    schedules: ComputeSchedules | None = None
    idle_time_before_shutdown: str | None = None
    idle_time_before_shutdown_minutes: int | None = None
    setup_scripts: SetupScripts | None = None
    custom_applications: list[CustomApplications] | None = None
    enable_sso: bool = True
    enable_root_access: bool = True
    enable_os_patching: bool = False
    release_quota_on_stop: bool = False
    enable_node_public_ip: bool = True
    ssh_public_access_enabled: bool | None = None
    ssh_settings: ComputeInstanceSshSettings | None = None
    network_settings: NetworkSettings | None = None
    identity: IdentityConfiguration | None = None
    state: ReadOnly[str] = None
    last_operation: ReadOnly[dict[str, str]] = None
    services: ReadOnly[list[dict[str, str]]] = None
    os_image_metadata: ReadOnly[ImageMetadata] = None

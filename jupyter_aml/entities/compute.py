"""Computes, as the SDK v2 writes them. Values only; the engine knows them as slots."""

from dataclasses import dataclass, field
from typing import Annotated, Any

from pydantic import Field

from jupyter_aml.entities.asset import SystemData
from jupyter_aml.entities.credentials import IdentityConfiguration
from jupyter_aml.entities.draft import Draft
from jupyter_aml.entities.fields import Choice, Loose, ReadOnly, Secret, StrictTexts


@dataclass(frozen=True, slots=True)
class VmSize:
    """A machine's size (`ml_client.compute.list_sizes()`): its cores, memory in GiB and graphics processors."""

    name: str
    v_cp_us: int
    memory_gb: float
    gpus: int = 0
    low_priority_capable: bool = True
    supported_compute_types: tuple[str, ...] = ("amlcompute",)
    family: str = ""
    os_vhd_size_mb: int = 0
    max_resource_volume_mb: int = 0
    premium_io: bool = False


@dataclass(frozen=True, slots=True)
class UsageName:
    """What is counted, for a program and for a person."""

    value: str
    localized_value: str = ""


@dataclass(frozen=True, slots=True)
class Usage:
    """How much of a limit is in use (`ml_client.compute.list_usage()`)."""

    id: str
    name: UsageName
    current_value: int
    limit: int
    type: str = "Microsoft.MachineLearningServices/usages"
    unit: str = "Count"
    aml_workspace_location: str | None = None


@dataclass(frozen=True, slots=True)
class AmlComputeNodeInfo:
    """One node of a cluster (`ml_client.compute.list_nodes(name)`); `run_id` is the job that it runs."""

    node_id: str
    node_state: str
    run_id: str | None = None
    private_ip_address: str | None = "127.0.0.1"
    public_ip_address: str | None = None
    port: int | None = None
    other: dict[str, Any] = field(default_factory=dict[str, Any])

    @property
    def current_job_name(self) -> str | None:
        """The job that runs on it (Azure's other name for `run_id`)."""
        return self.run_id


class NetworkSettings(Draft):
    """A virtual network: kept and shown."""

    vnet_name: str | None = None
    subnet: str | None = None
    public_ip_address: ReadOnly[str] = None
    private_ip_address: ReadOnly[str] = None


class AmlComputeSshSettings(Draft):
    """Who may log in to a node: kept and shown; no node is logged in to here."""

    admin_username: str
    admin_password: Secret = None
    ssh_key_value: str | None = None


class Compute(Draft):
    """What every kind of compute has; `provisioning_state` and the like are set on what the workspace returned."""

    name: str
    type: str
    description: str | None = None
    tags: StrictTexts = Field(default_factory=dict[str, str])
    location: str | None = None
    resource_id: str | None = None
    id: ReadOnly[str] = None
    created_on: ReadOnly[str] = None
    provisioning_state: ReadOnly[str] = None
    provisioning_errors: ReadOnly[str] = None
    creation_context: ReadOnly[SystemData] = None


class AmlCompute(Compute):
    """A cluster: between `min_instances` and `max_instances` slots, each running one job at a time.

    `idle_time_before_scale_down` is in seconds; None is Azure's own 1800. `tier` 'low_priority' yields the
    processor to other work. `size` is kept and shown; on one machine every slot shares its cores.
    `warm_workers=False` (ours) gives every job of this cluster a fresh interpreter.
    """

    type: Annotated[str, Choice("amlcompute")] = "amlcompute"
    size: str = "STANDARD_DS3_V2"
    min_instances: int = 0
    max_instances: int = 4
    idle_time_before_scale_down: int | None = 120
    tier: str = "dedicated"
    warm_workers: bool = True
    ssh_public_access_enabled: bool | None = None
    ssh_settings: AmlComputeSshSettings | None = None
    network_settings: NetworkSettings | None = None
    identity: IdentityConfiguration | None = None
    enable_node_public_ip: bool = True
    node_state_counts: ReadOnly[dict[str, int]] = None
    current_node_count: ReadOnly[int] = None
    target_node_count: ReadOnly[int] = None
    allocation_state: ReadOnly[str] = None
    allocation_state_transition_time: ReadOnly[str] = None
    errors: ReadOnly[list[Loose]] = None


class UnsupportedCompute(Compute):
    """A compute that Azure ML lists and does not make: Databricks, HDInsight, AKS and so on."""

    properties: Loose | None = None

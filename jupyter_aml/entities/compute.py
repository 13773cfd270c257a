"""Computes, as the SDK v2 writes them. Values only; the engine knows them as slots."""

from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field, field_validator

from jupyter_aml.entities.draft import Draft


@dataclass(frozen=True, slots=True)
class VmSize:
    """A machine's size (`ml_client.compute.list_sizes()`): its cores, memory in GiB and graphics processors."""

    name: str
    v_cp_us: int
    memory_gb: float
    gpus: int = 0
    low_priority_capable: bool = True
    supported_compute_types: tuple[str, ...] = ("amlcompute",)


class AmlCompute(Draft):
    """A cluster: between `min_instances` and `max_instances` slots, each running one job at a time.

    `idle_time_before_scale_down` is in seconds; None is Azure's own 1800. `tier` 'low_priority' yields the
    processor to other work. `size` is kept and shown; on one machine every slot shares its cores.
    `warm_workers=False` (ours) gives every job of this cluster a fresh interpreter.
    """

    name: str
    type: Literal["amlcompute"] = "amlcompute"
    size: str = "STANDARD_DS3_V2"
    min_instances: int = 0
    max_instances: int = 4
    idle_time_before_scale_down: int | None = 120
    tier: str = "dedicated"
    warm_workers: bool = True
    description: str | None = None
    tags: dict[str, str] = Field(default_factory=dict[str, str])
    location: str | None = None
    ssh_public_access_enabled: bool | None = None
    ssh_settings: dict[str, Any] | None = None
    network_settings: dict[str, Any] | None = None
    identity: dict[str, Any] | None = None
    enable_node_public_ip: bool = True
    provisioning_state: str | None = None
    node_state_counts: dict[str, int] | None = None
    current_node_count: int | None = None

    @field_validator("type", mode="before")
    @classmethod
    def _lower(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value

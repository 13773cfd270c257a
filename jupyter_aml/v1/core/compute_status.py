"""How a compute stands, as SDK v1 says it. Values only."""

from dataclasses import asdict, dataclass, field
from typing import Any, Self

_TIERS = {"dedicated": "dedicated", "lowpriority": "low_priority", "low_priority": "low_priority"}


def priority_of(word: str) -> str:
    """SDK v2's tier for SDK v1's priority, in any spelling; another word as it is, for SDK v2 to refuse."""
    return _TIERS.get(word.lower(), word)


@dataclass(frozen=True, slots=True)
class ScaleSettings:
    """How many nodes a cluster may have; how many seconds an idle one stays."""

    minimum_node_count: int
    maximum_node_count: int
    idle_seconds_before_scaledown: float

    @classmethod
    def of(cls, cluster: Any) -> Self:  # noqa: ANN401 - SDK v2's cluster as it came
        """Of SDK v2's cluster."""
        return cls(cluster.min_instances, cluster.max_instances, cluster.idle_time_before_scale_down or 0)


@dataclass(frozen=True, slots=True)
class AmlComputeStatus:
    """How a cluster stands."""

    allocation_state: str
    current_node_count: int
    target_node_count: int
    node_state_counts: dict[str, int]
    provisioning_state: str
    vm_size: str
    vm_priority: str
    scale_settings: ScaleSettings
    allocation_state_transition_time: str | None = None
    creation_time: str | None = None
    modified_time: str | None = None
    errors: list[Any] = field(default_factory=list[Any])
    provisioning_errors: list[Any] = field(default_factory=list[Any])

    @classmethod
    def of(cls, cluster: Any) -> Self:  # noqa: ANN401 - SDK v2's cluster as it came
        """Of SDK v2's cluster."""
        return cls(
            cluster.allocation_state, cluster.current_node_count, cluster.target_node_count,
            dict(cluster.node_state_counts or {}), str(cluster.provisioning_state), str(cluster.size).upper(),
            str(cluster.tier), ScaleSettings.of(cluster), cluster.allocation_state_transition_time,
            cluster.created_on, cluster.allocation_state_transition_time,
        )  # fmt: skip

    def serialize(self) -> dict[str, Any]:
        """It as plain data, by Azure's names."""
        scale = self.scale_settings
        return {
            "allocationState": self.allocation_state, "currentNodeCount": self.current_node_count,
            "targetNodeCount": self.target_node_count, "nodeStateCounts": self.node_state_counts,
            "provisioningState": self.provisioning_state, "vmSize": self.vm_size, "vmPriority": self.vm_priority,
            "errors": self.errors, "creationTime": self.creation_time, "modifiedTime": self.modified_time,
            "allocationStateTransitionTime": self.allocation_state_transition_time,
            "scaleSettings": {
                "minNodeCount": scale.minimum_node_count, "maxNodeCount": scale.maximum_node_count,
                "nodeIdleTimeBeforeScaleDown": f"PT{int(scale.idle_seconds_before_scaledown)}S",
            },
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class ComputeInstanceStatus:
    """How an instance stands."""

    state: str
    provisioning_state: str
    vm_size: str
    creation_time: str | None = None
    errors: list[Any] = field(default_factory=list[Any])

    @classmethod
    def of(cls, instance: Any) -> Self:  # noqa: ANN401 - SDK v2's instance as it came
        """Of SDK v2's instance."""
        return cls(
            str(instance.state), str(instance.provisioning_state), str(instance.size).upper(), instance.created_on
        )

    def serialize(self) -> dict[str, Any]:
        """It as plain data."""
        return asdict(self)

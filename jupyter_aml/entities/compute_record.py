"""A compute as the store keeps it: the numbers that decide how many jobs run side by side."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from jupyter_aml.entities.names import ComputeName

ComputeSpec: TypeAlias = Mapping[str, Any]  # Any: a compute as its YAML says it


@dataclass(frozen=True, slots=True)
class ComputeRecord:
    """One compute. A node is a slot: it runs one job at a time. `idle_seconds` is the wait before scale-down."""

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
    created_at: float = 0.0

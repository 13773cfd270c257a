"""A resource without versions as the store keeps it: a datastore, a connection, the workspace. Never a secret."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from jupyter_aml.entities.job_record import Spec

ResourceKind: TypeAlias = Literal[
    "datastore", "connection", "workspace", "schedule", "schedule template", "pipeline endpoint"
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class ResourceRecord:
    """One resource. `spec` is it as its YAML says it, without its credentials. Times are seconds since the epoch."""

    kind: ResourceKind
    name: str
    spec: Spec
    created_at: float
    modified_at: float
    created_by: str = ""

"""An asset's version as the store keeps it and everyone reads it: frozen, and free of any framework."""

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

from jupyter_aml.entities.job_record import Spec

AssetKind: TypeAlias = Literal["data", "environment", "model", "component"]


def number(version: str) -> int | None:
    """The version as a number when it is written as one: '7', and not '07', 'v7' or more than SQLite can count."""
    return int(version) if re.fullmatch(r"0|[1-9][0-9]{0,17}", version) else None


@dataclass(frozen=True, slots=True)
class AssetRecord:
    """One version. `spec` is the asset as its YAML says it; equal `content` means the same version.

    Times are seconds since the epoch. `archived` hides the version, or all of them with the name.
    """

    kind: AssetKind
    name: str
    version: str
    spec: Spec
    created_at: float
    modified_at: float
    content: str = ""
    created_by: str = ""
    archived: bool = False


@dataclass(frozen=True, slots=True)
class AssetName:
    """All versions of one name (Azure's container). `latest` is '' when every version is archived.

    `type` is that of the newest one; '' for what has none (environments).
    """

    kind: AssetKind
    name: str
    latest: str
    next_version: int
    archived: bool = False
    type: str = ""

"""Computes that are attached, not made: Kubernetes, virtual machines, Synapse Spark. Values only, kept as records."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Final

from pydantic import Field

from jupyter_aml.entities.compute import AmlCompute, Compute, UnsupportedCompute
from jupyter_aml.entities.compute_instance import ComputeInstance
from jupyter_aml.entities.credentials import IdentityConfiguration
from jupyter_aml.entities.draft import Draft
from jupyter_aml.entities.fields import Choice, Loose, PathText, ReadOnly, Secret
from jupyter_aml.exceptions import ValidationException, did_you_mean


class KubernetesCompute(Compute):
    """A Kubernetes cluster by its ARM id: kept as a record."""

    type: Annotated[str, Choice("kubernetes")] = "kubernetes"
    namespace: str = "default"
    properties: Loose = Field(default_factory=dict[str, Any])
    identity: IdentityConfiguration | None = None


class VirtualMachineSshSettings(Draft):
    """Who logs in to the machine, and how."""

    admin_username: str | None
    admin_password: Secret = None
    ssh_port: int = 22
    ssh_private_key_file: PathText | None = None


class VirtualMachineCompute(Compute):
    """A virtual machine by its ARM id: kept as a record."""

    type: Annotated[str, Choice("virtualmachine")] = "virtualmachine"
    resource_id: str  # pyright: ignore[reportIncompatibleVariableOverride, reportGeneralTypeIssues] - required of this kind
    ssh_settings: VirtualMachineSshSettings | None = None
    compute_location: ReadOnly[str] = None


class AutoScaleSettings(Draft):
    """Between how many nodes a Spark pool scales."""

    min_node_count: int | None = None
    max_node_count: int | None = None
    enabled: bool | None = None


class AutoPauseSettings(Draft):
    """After how many idle minutes a Spark pool pauses."""

    delay_in_minutes: int | None = None
    enabled: bool | None = None


class SynapseSparkCompute(Compute):
    """A Synapse Spark pool by its ARM id: kept as a record."""

    yaml_requires: ClassVar[tuple[str, ...]] = ("resource_id",)

    type: Annotated[str, Choice("synapsespark")] = "synapsespark"
    identity: IdentityConfiguration | None = None
    node_count: ReadOnly[int] = None
    node_family: ReadOnly[str] = None
    node_size: ReadOnly[str] = None
    spark_version: ReadOnly[str] = None
    scale_settings: ReadOnly[AutoScaleSettings] = None
    auto_pause_settings: ReadOnly[AutoPauseSettings] = None


COMPUTES: Final[Mapping[str, type[Compute]]] = {
    "amlcompute": AmlCompute,
    "computeinstance": ComputeInstance,
    "kubernetes": KubernetesCompute,
    "virtualmachine": VirtualMachineCompute,
    "synapsespark": SynapseSparkCompute,
}


def compute_kind(fields: Mapping[str, Any]) -> type[Compute]:
    """The class for a `type`. ValidationException for an unknown one."""
    kind = fields.get("type")
    if str(kind).lower() not in COMPUTES:
        said = f"type: Unknown compute type: {kind}" if kind else "type: required, and not given."
        raise ValidationException(said, resolution=did_you_mean(str(kind), COMPUTES))
    return COMPUTES[str(kind).lower()]


def compute_of(fields: Mapping[str, Any], *, stored: bool = False) -> Compute:
    """The compute of its `type`. ValidationException for an unknown type, unless it was `stored` as unsupported."""
    if stored and str(fields.get("type")).lower() not in COMPUTES:
        return UnsupportedCompute.of(fields)
    return compute_kind(fields).of(fields)

"""A workspace's networks and keys, as the SDK v2 writes them: kept and shown. Values only; no network is touched."""

from collections.abc import Mapping
from typing import Annotated, Any, Final, cast

from pydantic import BeforeValidator, Field, SerializeAsAny, field_validator, model_validator

from jupyter_aml.entities.draft import Draft, mapping
from jupyter_aml.entities.fields import Choice, ReadOnly
from jupyter_aml.exceptions import did_you_mean

_Blank = Annotated[str | None, BeforeValidator(lambda value: value or None)]
"""Azure writes '' for what is not there."""


class OutboundRule(Draft):
    """Where a workspace's network may reach."""

    name: str
    type: str
    parent_rule_names: ReadOnly[list[str]] = None
    category: ReadOnly[str] = "user_defined"
    status: ReadOnly[str] = None


class FqdnDestination(OutboundRule):
    """A host by its name."""

    type: Annotated[str, Choice("fqdn")] = "fqdn"
    destination: str


class _Nested(OutboundRule):
    """A rule whose YAML says its fields under `destination`, and whose constructor takes them plain."""

    @model_validator(mode="before")
    @classmethod
    def _unfolded(cls, given: object) -> object:
        if not isinstance(given, Mapping) or "destination" not in given:
            return cast("object", given)
        fields = mapping(cast("Mapping[object, object]", given))
        return fields | mapping(fields.pop("destination"))

    @classmethod
    def shaped(cls, fields: dict[str, Any]) -> dict[str, Any]:
        """Its own fields under `destination`."""
        outer = {name: fields.pop(name) for name in (*OutboundRule.model_fields, "fqdns") if name in fields}
        return outer | {"destination": fields}


class PrivateEndpointDestination(_Nested):
    """A resource by a private endpoint."""

    type: Annotated[str, Choice("private_endpoint")] = "private_endpoint"
    service_resource_id: str
    subresource_target: str
    spark_enabled: bool | None = False
    fqdns: list[str] | None = None


class ServiceTagDestination(_Nested):
    """A service by its tag."""

    type: Annotated[str, Choice("service_tag")] = "service_tag"
    service_tag: str | None = None
    protocol: str
    port_ranges: str
    address_prefixes: list[str] | None = None


_RULES: Final[Mapping[str, type[OutboundRule]]] = {
    "fqdn": FqdnDestination,
    "private_endpoint": PrivateEndpointDestination,
    "service_tag": ServiceTagDestination,
}


class ManagedNetworkProvisionStatus(Draft):
    """How far a network is made."""

    status: str | None = None
    spark_ready: bool | None = None


class ManagedNetwork(Draft):
    """How far a workspace is closed off."""

    isolation_mode: Annotated[str, Choice("disabled", "allow_internet_outbound", "allow_only_approved_outbound")] = (
        "disabled"
    )
    outbound_rules: list[SerializeAsAny[OutboundRule]] = Field(default_factory=list[OutboundRule])
    firewall_sku: str = "standard"
    network_id: ReadOnly[str] = None
    status: ReadOnly[ManagedNetworkProvisionStatus] = None

    @field_validator("outbound_rules", mode="before")
    @classmethod
    def _rules(cls, value: object) -> object:
        if not isinstance(value, list):
            return [] if value is None else value
        return [_rule(one) for one in cast("list[object]", value)]


class CustomerManagedKey(Draft):
    """A key of one's own."""

    key_vault: str | None = None
    key_uri: str | None = None
    cosmosdb_id: _Blank = None
    storage_id: _Blank = None
    search_id: _Blank = None


class IPRule(Draft):
    """An address or a range of addresses."""

    value: str


class NetworkAcls(Draft):
    """Who may reach a workspace."""

    default_action: Annotated[str, Choice("Allow", "Deny")] = "Allow"
    ip_rules: list[IPRule] = Field(default_factory=list[IPRule])


class ServerlessComputeSettings(Draft):
    """Where serverless computes stand."""

    custom_subnet: str | None = None
    no_public_ip: bool = False


def _rule(value: object) -> OutboundRule:
    if isinstance(value, OutboundRule):
        return value
    fields = mapping(cast("Mapping[object, object]", value))
    kind = str(fields.get("type"))
    if kind not in _RULES:
        raise ValueError(f"type: {kind!r} is none of its values. {did_you_mean(kind, _RULES)}")
    return _RULES[kind].of(fields)

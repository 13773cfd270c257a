"""A workspace's networks and keys, as the SDK v2 writes them: kept and shown. Values only; no network is touched."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Final, Self, cast

from pydantic import BeforeValidator, Field, SerializeAsAny, field_validator, model_validator

from jupyter_aml.entities.draft import Draft, DraftError, each, mapping
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

    inner: ClassVar[frozenset[str]] = frozenset()

    @model_validator(mode="before")
    @classmethod
    def _folded(cls, given: object) -> object:
        if not isinstance(given, Mapping) or "destination" in given:
            return cast("object", given)
        fields = mapping(cast("Mapping[object, object]", given))
        return fields | {"destination": {name: fields.pop(name) for name in cls.inner & fields.keys()}}


class PrivateEndpointTarget(Draft):
    """Which part of which resource."""

    yaml_requires: ClassVar[tuple[str, ...]] = ("spark_enabled",)

    service_resource_id: str
    subresource_target: str
    spark_enabled: bool = False


class PrivateEndpointDestination(_Nested):
    """A resource by a private endpoint: `service_resource_id`, `subresource_target`, `spark_enabled`."""

    type: Annotated[str, Choice("private_endpoint")] = "private_endpoint"
    destination: PrivateEndpointTarget
    fqdns: list[str] | None = None
    inner = frozenset(PrivateEndpointTarget.model_fields)


class ServiceTagTarget(Draft):
    """Which service, by which protocol and ports."""

    yaml_requires: ClassVar[tuple[str, ...]] = ("service_tag",)

    service_tag: str | None = None
    protocol: str
    port_ranges: str
    address_prefixes: list[str] | None = None


class ServiceTagDestination(_Nested):
    """A service by its tag: `service_tag`, `protocol`, `port_ranges`, `address_prefixes`."""

    type: Annotated[str, Choice("service_tag")] = "service_tag"
    destination: ServiceTagTarget
    inner = frozenset(ServiceTagTarget.model_fields)


RULES: Final[Mapping[str, type[OutboundRule]]] = {
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

    yaml_requires: ClassVar[tuple[str, ...]] = ("isolation_mode",)

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
        named = {str(place): one for place, one in enumerate(cast("list[object]", value))}
        return list(each("outbound_rules", named, _rule).values())


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

    yaml_requires: ClassVar[tuple[str, ...]] = ("default_action",)

    default_action: Annotated[str, Choice("Allow", "Deny")] = "Allow"
    ip_rules: list[IPRule] = Field(default_factory=list[IPRule])

    @model_validator(mode="after")
    def _closed_but_to_some(self) -> Self:
        if self.default_action == "Deny" and not self.ip_rules:
            raise DraftError("NetworkAcls", (("ip_rules", "must be provided when default_action is 'Deny'."),))
        return self


class ServerlessComputeSettings(Draft):
    """Where serverless computes stand."""

    custom_subnet: str | None = None
    no_public_ip: bool = False


def _rule(value: object) -> OutboundRule:
    if isinstance(value, OutboundRule):
        return value
    fields = mapping(cast("Mapping[object, object]", value))
    kind = str(fields.get("type"))
    if kind not in RULES:
        told = f"{kind!r} is none of its values." if "type" in fields else "required, and not given."
        raise DraftError("rule", (("type", f"{told} {did_you_mean(kind, RULES)}"),))
    return RULES[kind].of(fields)

"""Credentials and identities, as the SDK v2 writes them. A secret is never shown; no vault is opened here."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Final, TypeAlias, cast

from pydantic import Field, field_validator

from jupyter_aml.entities.draft import Draft, DraftError, mapping
from jupyter_aml.entities.fields import Choice, ReadOnly, Secret
from jupyter_aml.exceptions import did_you_mean


class Credentials(Draft):
    """What opens a storage or a service. `type` says which kind; the secret itself lies in the vault."""

    type: str

    needs: ClassVar[tuple[str, ...]] = ()
    """The fields by which YAML without a `type` tells this kind."""


Kinds: TypeAlias = tuple[type[Credentials], ...]


class AccountKeyConfiguration(Credentials):
    """The key of a storage account."""

    yaml_requires: ClassVar[tuple[str, ...]] = ("account_key",)

    type: Annotated[str, Choice("account_key")] = "account_key"
    account_key: Secret = None
    needs = ("account_key",)


class SasTokenConfiguration(Credentials):
    """A shared access signature."""

    yaml_requires: ClassVar[tuple[str, ...]] = ("sas_token",)

    type: Annotated[str, Choice("sas")] = "sas"
    sas_token: Secret = None
    needs = ("sas_token",)


class _OfTenant(Credentials):
    authority_url: str = "https://login.microsoftonline.com"
    resource_url: str | None = None
    tenant_id: str | None = None
    client_id: str | None = None


class ServicePrincipalConfiguration(_OfTenant):
    """An application of a tenant, by its secret."""

    yaml_requires: ClassVar[tuple[str, ...]] = ("client_secret",)

    type: Annotated[str, Choice("service_principal")] = "service_principal"
    client_secret: Secret = None
    needs = ("tenant_id", "client_id", "client_secret")


class CertificateConfiguration(_OfTenant):
    """An application of a tenant, by its certificate."""

    type: Annotated[str, Choice("certificate")] = "certificate"
    certificate: Secret = None
    thumbprint: str | None = None
    needs = ("tenant_id", "client_id", "thumbprint")


class PatTokenConfiguration(Credentials):
    """A personal access token."""

    yaml_requires: ClassVar[tuple[str, ...]] = ("pat",)

    type: Annotated[str, Choice("pat")] = "pat"
    pat: Secret = None


class UsernamePasswordConfiguration(Credentials):
    """A user's name and password."""

    yaml_requires: ClassVar[tuple[str, ...]] = ("username", "password")

    type: Annotated[str, Choice("username_password")] = "username_password"
    username: str | None = None
    password: Secret = None


class AccessKeyConfiguration(Credentials):
    """An access key with its id (S3)."""

    yaml_requires: ClassVar[tuple[str, ...]] = ("access_key_id", "secret_access_key")

    type: Annotated[str, Choice("access_key")] = "access_key"
    access_key_id: str | None = None
    secret_access_key: Secret = None
    needs = ("access_key_id", "secret_access_key")


class ApiKeyConfiguration(Credentials):
    """The key of a service."""

    yaml_requires: ClassVar[tuple[str, ...]] = ("key",)

    type: Annotated[str, Choice("api_key")] = "api_key"
    key: Secret = None


class ManagedIdentityConfiguration(Credentials):
    """A managed identity, by one of its ids."""

    type: Annotated[str, Choice("managed_identity", "managed")] = "managed_identity"
    client_id: str | None = None
    resource_id: str | None = None
    object_id: str | None = None
    principal_id: str | None = None


class UserIdentityConfiguration(Credentials):
    """The identity of the person who submits."""

    type: Annotated[str, Choice("user_identity")] = "user_identity"


class AmlTokenConfiguration(Credentials):
    """Azure ML's own token."""

    type: Annotated[str, Choice("aml_token")] = "aml_token"


class AadCredentialConfiguration(Credentials):
    """The identity of whoever connects."""

    type: Annotated[str, Choice("aad")] = "aad"


class NoneCredentialConfiguration(Credentials):
    """No secret: the identity of whoever reads."""

    type: Annotated[str, Choice("none")] = "none"


class IdentityConfiguration(Draft):
    """The managed identities of a compute or a workspace: kept and shown."""

    type: Annotated[str, Choice("system_assigned", "user_assigned", "none", "system_assigned,user_assigned")]
    user_assigned_identities: list[ManagedIdentityConfiguration] | None = Field(
        default=None, json_schema_extra={"type": ["array", "object"]}
    )
    principal_id: ReadOnly[str] = None
    tenant_id: ReadOnly[str] = None

    @field_validator("user_assigned_identities", mode="before")
    @classmethod
    def _listed(cls, value: object) -> object:
        """A workspace's YAML has them as a mapping from their ids, a compute's as a list."""
        if not isinstance(value, Mapping):
            return value
        identities = mapping(cast("Mapping[object, object]", value)).items()
        return [{"resource_id": name, **mapping(ids)} for name, ids in identities]

    @classmethod
    def shaped(cls, fields: dict[str, Any]) -> dict[str, Any]:
        """The identities below need no type."""
        for identity in fields.get("user_assigned_identities", ()):
            identity.pop("type")
        return fields


EVERY_KIND: Final[Kinds] = (
    AccountKeyConfiguration, SasTokenConfiguration, ServicePrincipalConfiguration, CertificateConfiguration,
    PatTokenConfiguration, UsernamePasswordConfiguration, AccessKeyConfiguration, ApiKeyConfiguration,
    ManagedIdentityConfiguration, UserIdentityConfiguration, AmlTokenConfiguration, AadCredentialConfiguration,
    NoneCredentialConfiguration,
)  # fmt: skip

OF_JOBS: Final[Kinds] = (ManagedIdentityConfiguration, UserIdentityConfiguration, AmlTokenConfiguration)


def credentials_of(value: object, kinds: Kinds = EVERY_KIND, *, typed: bool = False) -> Credentials:
    """Credentials from what a person may give, one of `kinds`; nothing is none.

    A mapping without `type` is told by its fields, as Azure's datastore YAML is, unless it must be `typed`.
    ValueError that shows no value.
    """
    if value is None or value == {}:
        return NoneCredentialConfiguration()
    if isinstance(value, Credentials):
        _check_kind(value.type, kinds)
        return value
    if not isinstance(value, Mapping):
        raise ValueError(f"a mapping or a …Configuration is expected (found {type(value).__name__})")  # noqa: TRY004 - as in mapping()
    fields = mapping(cast("Mapping[object, object]", value))
    if typed and "type" not in fields:
        raise DraftError("credentials", (("type", "required, and not given."),))
    return _kind_of(fields, kinds).of(fields)


def _kind_of(fields: Mapping[str, object], kinds: Kinds) -> type[Credentials]:
    if "type" in fields:
        return _check_kind(str(fields["type"]), kinds)
    told = [kind for kind in kinds if kind.needs]
    for kind in told:
        if set(kind.needs) <= fields.keys():
            return kind
    unknown = fields.keys() - {name for kind in kinds for name in kind.model_fields}
    names = {name for kind in told for name in kind.model_fields}
    if unknown:
        raise DraftError(
            "credentials", tuple((name, f"unknown field. {did_you_mean(name, names)}") for name in sorted(unknown))
        )
    ways = "; or ".join(", ".join(kind.needs) for kind in told)
    raise ValueError(f"they are not complete. Give {ways} (found {', '.join(sorted(fields))}).")


def _check_kind(name: str, kinds: Kinds) -> type[Credentials]:
    legal = {str(kind.model_fields["type"].default): kind for kind in kinds}
    found = next((kind for word, kind in legal.items() if word == name.lower()), None)
    if found is None:
        raise DraftError("credentials", (("type", f"{name!r} is none of its values. {did_you_mean(name, legal)}"),))
    return found

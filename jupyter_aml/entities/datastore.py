"""Datastores, as the SDK v2 writes them, and three of ours: local, s3, gcs. Values only; no storage is opened here."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Final

from pydantic import Field, SerializeAsAny, field_validator

from jupyter_aml.entities.asset import SystemData
from jupyter_aml.entities.credentials import (
    AccessKeyConfiguration,
    AccountKeyConfiguration,
    CertificateConfiguration,
    Credentials,
    Kinds,
    NoneCredentialConfiguration,
    SasTokenConfiguration,
    ServicePrincipalConfiguration,
    credentials_of,
)
from jupyter_aml.entities.draft import Draft
from jupyter_aml.entities.fields import Choice, PathText, ReadOnly, Secret, StrictTexts, Texts
from jupyter_aml.exceptions import ValidationException, did_you_mean

_AZURES_OWN: Final = (
    AccountKeyConfiguration, SasTokenConfiguration, ServicePrincipalConfiguration, CertificateConfiguration,
)  # fmt: skip
_STORAGE: Final = (AccountKeyConfiguration, SasTokenConfiguration, NoneCredentialConfiguration)
_TENANT: Final = (ServicePrincipalConfiguration, CertificateConfiguration, NoneCredentialConfiguration)
_LAKE: Final = (ServicePrincipalConfiguration, NoneCredentialConfiguration)
_ACCESS: Final = (AccessKeyConfiguration, NoneCredentialConfiguration)


class TokenConfiguration(Credentials):
    """Ours: the JSON of a Google service account."""

    type: Annotated[str, Choice("token")] = "token"
    token: Secret = None
    needs = ("token",)


_GOOGLE: Final = (TokenConfiguration, NoneCredentialConfiguration)


class Datastore(Draft):
    """A storage by name. `credentials` are kept in the vault and shown only when asked for."""

    type: str
    name: str
    description: str | None = None
    tags: StrictTexts = Field(default_factory=dict[str, str])
    properties: Texts = Field(default_factory=dict[str, str])
    credentials: SerializeAsAny[Credentials] = Field(default_factory=NoneCredentialConfiguration)
    id: ReadOnly[str] = None
    creation_context: ReadOnly[SystemData] = None

    takes: ClassVar[Kinds] = (NoneCredentialConfiguration,)
    """The kinds of credentials that open it."""

    @field_validator("credentials", mode="before")
    @classmethod
    def _credentials(cls, value: object) -> Credentials:
        return credentials_of(value, cls.takes)

    def whole(self) -> dict[str, Any]:
        """As Azure's YAML has it: its credentials are told by their fields, and say no type."""
        fields = super().whole()
        if self.secrets() and type(self.credentials) in _AZURES_OWN:
            fields["credentials"].pop("type")
        return fields

    @classmethod
    def shaped(cls, fields: dict[str, Any]) -> dict[str, Any]:
        """No credentials where there are none."""
        return {name: value for name, value in fields.items() if (name, value) != ("credentials", {"type": "none"})}


class AzureBlobDatastore(Datastore):
    """A container of a storage account, or of a server that speaks as one (Azurite: `endpoint`, `protocol`)."""

    type: Annotated[str, Choice("azure_blob")] = "azure_blob"
    account_name: str
    container_name: str
    endpoint: str = "core.windows.net"
    protocol: str = "https"
    takes = _STORAGE


class AzureFileDatastore(Datastore):
    """A file share of a storage account."""

    type: Annotated[str, Choice("azure_file")] = "azure_file"
    account_name: str
    file_share_name: str
    endpoint: str = "core.windows.net"
    protocol: str = "https"
    takes = _STORAGE


class AzureDataLakeGen1Datastore(Datastore):
    """A Data Lake Store of the first generation."""

    type: Annotated[str, Choice("azure_data_lake_gen1")] = "azure_data_lake_gen1"
    store_name: str
    takes = _TENANT


class AzureDataLakeGen2Datastore(Datastore):
    """A file system of a Data Lake Store of the second generation."""

    type: Annotated[str, Choice("azure_data_lake_gen2")] = "azure_data_lake_gen2"
    account_name: str
    filesystem: str
    endpoint: str = "core.windows.net"
    protocol: str = "https"
    takes = _TENANT


class OneLakeArtifact(Draft):
    """A lake house of OneLake."""

    name: str
    type: Annotated[str, Choice("lake_house")] | None = None


class OneLakeDatastore(Datastore):
    """A lake house of Microsoft OneLake."""

    yaml_requires: ClassVar[tuple[str, ...]] = ("endpoint",)

    type: Annotated[str, Choice("one_lake")] = "one_lake"
    artifact: OneLakeArtifact
    one_lake_workspace_name: str
    endpoint: str | None = None
    takes = _LAKE


class LocalDatastore(Datastore):
    """Ours: a folder of this machine."""

    type: Annotated[str, Choice("local")] = "local"
    path: PathText


class S3Datastore(Datastore):
    """Ours: a bucket of S3, or of a server that speaks as S3 (`endpoint_url`)."""

    type: Annotated[str, Choice("s3")] = "s3"
    bucket: str
    prefix: str | None = None
    endpoint_url: str | None = None
    region: str | None = None
    takes = _ACCESS


class GCSDatastore(Datastore):
    """Ours: a bucket of Google Cloud Storage."""

    type: Annotated[str, Choice("gcs")] = "gcs"
    bucket: str
    prefix: str | None = None
    endpoint_url: str | None = None
    project: str | None = None
    takes = _GOOGLE


DATASTORES: Final[Mapping[str, type[Datastore]]] = {
    str(kind.model_fields["type"].default): kind
    for kind in (
        AzureBlobDatastore, AzureFileDatastore, AzureDataLakeGen1Datastore, AzureDataLakeGen2Datastore,
        OneLakeDatastore, LocalDatastore, S3Datastore, GCSDatastore,
    )
}  # fmt: skip


def datastore_of(fields: Mapping[str, Any]) -> Datastore:
    """The datastore of its `type` (azure_blob when there is none). ValidationException for an unknown type."""
    return datastore_kind(fields).of(fields)


def datastore_kind(fields: Mapping[str, Any]) -> type[Datastore]:
    """The class for a `type`. ValidationException for an unknown one."""
    kind = fields.get("type", "azure_blob")
    if str(kind).lower() not in DATASTORES:
        raise ValidationException(
            f"type: Unsupported datastore type: {kind}.", resolution=did_you_mean(str(kind), DATASTORES)
        )
    return DATASTORES[str(kind).lower()]

"""Connections to other services, as the SDK v2 writes them. Values only; nothing is connected to here."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Final, Self, cast

from pydantic import Field, SerializeAsAny, field_validator, model_validator

from jupyter_aml.entities.asset import SystemData
from jupyter_aml.entities.credentials import (
    EVERY_KIND,
    AadCredentialConfiguration,
    AccountKeyConfiguration,
    ApiKeyConfiguration,
    Credentials,
    Kinds,
    NoneCredentialConfiguration,
    SasTokenConfiguration,
    ServicePrincipalConfiguration,
    credentials_of,
)
from jupyter_aml.entities.datastore import OneLakeArtifact
from jupyter_aml.entities.draft import Draft, DraftError, Mark, mapping
from jupyter_aml.entities.fields import Choice, Loose, ReadOnly, Secret
from jupyter_aml.exceptions import ValidationException, did_you_mean

PLAIN_TYPES: Final = (
    "git", "container_registry", "python_feed", "s3", "snowflake", "azure_sql_db", "azure_synapse_analytics",
    "azure_my_sql_db", "azure_postgres_db", "custom", "azure_data_lake_gen2",
)  # fmt: skip
"""What a WorkspaceConnection itself may be; the others have a class of their own."""
_TARGETS: Final = ("target", "api_base", "url", "azure_endpoint", "endpoint")


class WorkspaceConnection(Draft):
    """A service by its `type`, `target` (URL or ARM id) and `credentials`, which are kept in the vault.

    >>> WorkspaceConnection(name="data", type="s3", target="my-bucket").is_shared
    True
    """

    name: str | None = None
    type: str
    description: str | None = None
    target: str | None = None
    credentials: SerializeAsAny[Credentials] = Field(default_factory=NoneCredentialConfiguration)
    is_shared: bool = True
    metadata: Loose = Field(default_factory=dict[str, Any])
    id: ReadOnly[str] = None
    creation_context: ReadOnly[SystemData] = None

    yaml_requires: ClassVar[tuple[str, ...]] = ("name",)

    at: ClassVar[str] = "target"
    """The name under which this kind says its target; '' when it has none."""
    takes: ClassVar[Kinds | None] = None
    in_metadata: ClassVar[Mapping[str, str]] = {}
    """What Azure also writes into the metadata, and the field that it says again."""

    @model_validator(mode="before")
    @classmethod
    def _folded(cls, given: object) -> object:
        """One name for each thing: Azure takes a target by five names, and metadata as `tags` too."""
        if not isinstance(given, Mapping):
            return given
        fields = mapping(cast("Mapping[object, object]", given))
        metadata = {**_metadata(fields, "tags"), **_metadata(fields, "metadata")}
        again = {cls.in_metadata[name]: value for name, value in metadata.items() if name in cls.in_metadata}
        kept = {name: value for name, value in metadata.items() if name not in cls.in_metadata}
        targets = [fields.pop(name) for name in _TARGETS if name in fields]
        said = {cls.at: targets[-1]} if targets and cls.at else {}
        repeated = {name: value for name, value in again.items() if name in cls.model_fields and value is not None}
        return cls.told(repeated | fields | said | {"metadata": kept})

    @classmethod
    def told(cls, fields: dict[str, object]) -> dict[str, object]:
        """The fields as this kind says them."""
        return fields

    @field_validator("type")
    @classmethod
    def _type(cls, value: str) -> str:
        return Choice(*PLAIN_TYPES)(value) if cls is WorkspaceConnection else value

    @field_validator("credentials", mode="before")
    @classmethod
    def _credentials(cls, value: object) -> Credentials:
        return credentials_of(value, cls.takes or EVERY_KIND, typed=True)

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.at and getattr(self, self.at) is None:
            raise DraftError("connection", ((self.at, "required, and not given."),))
        if self.type == "azure_data_lake_gen2" and self.credentials.type == "none":
            vars(self)["credentials"] = AadCredentialConfiguration()
        return self

    @property
    def tags(self) -> Loose:
        """Azure's old name for the metadata."""
        return self.metadata

    @classmethod
    def shaped(cls, fields: dict[str, Any]) -> dict[str, Any]:
        """No credentials where there are none."""
        return {name: value for name, value in fields.items() if (name, value) != ("credentials", {"type": "none"})}


class _Placed(WorkspaceConnection):
    """A connection whose target has a name of its own."""

    target: Annotated[str | None, Mark.DERIVED] = None

    @model_validator(mode="after")
    def _aimed(self) -> Self:
        vars(self)["target"] = getattr(self, self.at) if self.at else None
        return self


class _Keyed(_Placed):
    """A connection opened by an `api_key`, or by the caller's identity without one."""

    api_key: Secret = None
    credentials: Annotated[SerializeAsAny[Credentials], Mark.DERIVED] = Field(
        default_factory=NoneCredentialConfiguration
    )
    takes = (ApiKeyConfiguration, AadCredentialConfiguration, NoneCredentialConfiguration)

    @classmethod
    def told(cls, fields: dict[str, object]) -> dict[str, object]:
        """The key, wherever it was written."""
        credentials = fields.get("credentials")
        if credentials is None or "api_key" in fields:
            return fields
        return fields | {"api_key": getattr(credentials_of(credentials, cls.takes or (), typed=True), "key", None)}

    @model_validator(mode="after")
    def _keyed(self) -> Self:
        key = self.api_key
        vars(self)["credentials"] = ApiKeyConfiguration(key=key) if key else AadCredentialConfiguration()
        return self


class AzureOpenAIConnection(_Keyed):
    """Azure OpenAI."""

    type: Annotated[str, Choice("azure_open_ai")] = "azure_open_ai"
    azure_endpoint: str
    api_version: str | None = None
    api_type: str = "Azure"
    open_ai_resource_id: str | None = None
    at = "azure_endpoint"
    in_metadata: ClassVar[Mapping[str, str]] = {
        "ApiType": "api_type",
        "ApiVersion": "api_version",
        "ResourceId": "open_ai_resource_id",
    }


class AzureAIServicesConnection(_Keyed):
    """Azure AI services."""

    type: Annotated[str, Choice("azure_ai_services")] = "azure_ai_services"
    endpoint: str
    ai_services_resource_id: str
    at = "endpoint"
    in_metadata: ClassVar[Mapping[str, str]] = {"ResourceId": "ai_services_resource_id"}


class AzureAISearchConnection(_Keyed):
    """Azure AI search."""

    type: Annotated[str, Choice("azure_ai_search")] = "azure_ai_search"
    endpoint: str
    at = "endpoint"


class AzureContentSafetyConnection(_Keyed):
    """Azure content safety."""

    type: Annotated[str, Choice("azure_content_safety")] = "azure_content_safety"
    endpoint: str
    at = "endpoint"
    in_metadata: ClassVar[Mapping[str, str]] = {"Kind": ""}


class AzureSpeechServicesConnection(_Keyed):
    """Azure speech services."""

    type: Annotated[str, Choice("azure_speech_services")] = "azure_speech_services"
    endpoint: str
    at = "endpoint"
    in_metadata: ClassVar[Mapping[str, str]] = {"Kind": ""}


class APIKeyConnection(_Keyed):
    """Any service with a key."""

    yaml_requires: ClassVar[tuple[str, ...]] = ("name", "api_key")

    type: Annotated[str, Choice("api_key")] = "api_key"
    api_base: str
    at = "api_base"


class OpenAIConnection(_Keyed):
    """OpenAI."""

    yaml_requires: ClassVar[tuple[str, ...]] = ("name", "api_key")

    type: Annotated[str, Choice("open_ai")] = "open_ai"
    at = ""


class SerpConnection(_Keyed):
    """Serp."""

    yaml_requires: ClassVar[tuple[str, ...]] = ("name", "api_key")

    type: Annotated[str, Choice("serp")] = "serp"
    at = ""


class ServerlessConnection(_Keyed):
    """A serverless endpoint."""

    yaml_requires: ClassVar[tuple[str, ...]] = ("name", "api_key")

    type: Annotated[str, Choice("serverless")] = "serverless"
    endpoint: str
    at = "endpoint"


class AzureBlobStoreConnection(_Placed):
    """A container of a storage account."""

    type: Annotated[str, Choice("azure_blob")] = "azure_blob"
    url: str
    account_name: str
    container_name: str
    credentials: SerializeAsAny[Credentials] = Field(default_factory=AadCredentialConfiguration)
    at = "url"
    takes = (SasTokenConfiguration, AccountKeyConfiguration, AadCredentialConfiguration, NoneCredentialConfiguration)
    in_metadata: ClassVar[Mapping[str, str]] = {"AccountName": "account_name", "ContainerName": "container_name"}


class MicrosoftOneLakeConnection(_Placed):
    """A lake house of Microsoft OneLake."""

    type: Annotated[str, Choice("azure_one_lake")] = "azure_one_lake"
    endpoint: str
    artifact: OneLakeArtifact | None = None
    one_lake_workspace_name: str | None = None
    credentials: SerializeAsAny[Credentials] = Field(default_factory=AadCredentialConfiguration)
    at = "endpoint"
    takes = (ServicePrincipalConfiguration, AadCredentialConfiguration, NoneCredentialConfiguration)


CONNECTIONS: Final[Mapping[str, type[WorkspaceConnection]]] = {
    **dict.fromkeys(PLAIN_TYPES, WorkspaceConnection),
    **{
        str(kind.model_fields["type"].default): kind
        for kind in (
            AzureOpenAIConnection, AzureAIServicesConnection, AzureAISearchConnection, AzureContentSafetyConnection,
            AzureSpeechServicesConnection, APIKeyConnection, OpenAIConnection, SerpConnection, ServerlessConnection,
            AzureBlobStoreConnection, MicrosoftOneLakeConnection,
        )
    },
}  # fmt: skip


def _metadata(fields: dict[str, object], name: str) -> dict[str, object]:
    try:
        return mapping(fields.pop(name, None))
    except ValueError as error:
        raise DraftError("connection", ((name, str(error)),)) from None


def connection_kind(fields: Mapping[str, Any]) -> type[WorkspaceConnection]:
    """The class for a `type`. ValidationException for an unknown one."""
    if "type" not in fields:
        raise ValidationException("type: required, and not given.", resolution=did_you_mean("", CONNECTIONS))
    kind = str(fields["type"])
    try:
        return CONNECTIONS[Choice(*CONNECTIONS)(kind)]
    except ValueError as error:
        raise ValidationException(f"type: {error}") from None


def connection_of(fields: Mapping[str, Any]) -> WorkspaceConnection:
    """The connection of its `type`. ValidationException for an unknown one."""
    return connection_kind(fields).of(fields)

"""Credentials by the names of `azure.identity`: any of them opens the workspace on this machine. No network, no cloud.

A token that one of them gives is a text that only looks like one: nothing here checks it, no service would take it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Final, NamedTuple, Protocol, Self

from jupyter_aml.exceptions import HttpResponseError

__version__ = "1.25.1"
"""That of the real package whose names these are."""
_HOUR: Final = 3600
_TOKEN: Final = "local-only"  # noqa: S105 - what it says: no secret


class AccessToken(NamedTuple):
    """A token and when it ends, in seconds since the epoch."""

    token: str
    expires_on: int


class AccessTokenInfo(NamedTuple):
    """A token, when it ends, and how it is to be sent."""

    token: str
    expires_on: int
    token_type: str = "Bearer"  # noqa: S105 - HTTP's word
    refresh_on: int | None = None


class TokenCredential(Protocol):
    """Whatever gives tokens."""

    def get_token(self, *scopes: str, **options: Any) -> AccessToken:  # noqa: ANN401 - Azure's own signature
        """A token for these scopes."""
        ...


class ClientAuthenticationError(HttpResponseError):
    """A sign-in that failed. Raised by Azure, not here."""

    status_code = 401


class CredentialUnavailableError(ClientAuthenticationError):
    """A credential that is not set up. Raised by Azure, not here."""


class AuthenticationRequiredError(CredentialUnavailableError):
    """A sign-in that somebody must do. Raised by Azure, not here."""


class _Local:
    """A credential: every argument is taken, none is looked at or kept."""

    def __init__(self, *_: object, **__: object) -> None: ...

    def get_token(self, *scopes: str, **_: object) -> AccessToken:
        """A token of an hour. ValueError without a scope, as in the SDK."""
        if not scopes:
            message = '"get_token" requires at least one scope'
            raise ValueError(message)
        return AccessToken(_TOKEN, int(time.time()) + _HOUR)

    def get_token_info(self, *scopes: str, options: Mapping[str, object] | None = None) -> AccessTokenInfo:  # noqa: ARG002 - the SDK's signature
        """A token of an hour, and its type."""
        return AccessTokenInfo(*self.get_token(*scopes))

    def close(self) -> None:
        """Nothing is open."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Nothing is open."""


_NAMES: Final = (
    "AuthorizationCodeCredential AzureCliCredential AzureDeveloperCliCredential AzurePipelinesCredential "
    "AzurePowerShellCredential CertificateCredential ChainedTokenCredential ClientAssertionCredential "
    "ClientSecretCredential DefaultAzureCredential DeviceCodeCredential EnvironmentCredential "
    "InteractiveBrowserCredential ManagedIdentityCredential OnBehalfOfCredential SharedTokenCacheCredential "
    "UsernamePasswordCredential VisualStudioCodeCredential WorkloadIdentityCredential AzureMLOnBehalfOfCredential "
    "AuthenticationRecord TokenCachePersistenceOptions AzureKeyCredential AzureNamedKeyCredential AzureSasCredential"
).split()
for _name in _NAMES:
    globals()[_name] = type(
        _name, (_Local,), {"__module__": __name__, "__doc__": "A credential of this machine; any argument is taken."}
    )


class AzureAuthorityHosts:
    """Where Azure signs people in; kept by whoever is given one."""

    AZURE_CHINA = "login.chinacloudapi.cn"
    AZURE_GERMANY = "login.microsoftonline.de"
    AZURE_GOVERNMENT = "login.microsoftonline.us"
    AZURE_PUBLIC_CLOUD = "login.microsoftonline.com"


KnownAuthorities = AzureAuthorityHosts


def get_bearer_token_provider(credential: TokenCredential, *scopes: str) -> Callable[[], str]:
    """A function that gives a token's text, for clients that ask for one."""
    return lambda: credential.get_token(*scopes).token


def __dir__() -> list[str]:
    """The public names, for tab completion."""
    return [
        *_NAMES, "AccessToken", "AccessTokenInfo", "AuthenticationRequiredError", "AzureAuthorityHosts",
        "CredentialUnavailableError", "KnownAuthorities", "TokenCredential", "get_bearer_token_provider",
    ]  # fmt: skip

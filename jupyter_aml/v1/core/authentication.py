"""SDK v1's ways to sign in: there is nobody to sign in to, so each of them is a name. No network, no token."""

from typing import Final

_HEADER: Final = {"Authorization": "Bearer local"}


class AbstractAuthentication:
    """Whoever signs in so is the user of this machine."""

    def get_authentication_header(self) -> dict[str, str]:
        """A header that says no more than that."""
        return dict(_HEADER)

    def get_token(self, *_: object, **__: object) -> str:
        """The word in that header."""
        return "local"


class InteractiveLoginAuthentication(AbstractAuthentication):
    """In the cloud: a page in the browser."""

    def __init__(
        self, force: bool = False, tenant_id: str | None = None, cloud: str | None = None, **_: object
    ) -> None:
        self.tenant_id = tenant_id


class ServicePrincipalAuthentication(AbstractAuthentication):
    """In the cloud: an application with a password, which is not kept here."""

    def __init__(self, tenant_id: str, service_principal_id: str, service_principal_password: str, **_: object) -> None:
        self.tenant_id, self.service_principal_id = tenant_id, service_principal_id


class MsiAuthentication(AbstractAuthentication):
    """In the cloud: the identity of the machine."""

    def __init__(self, identity_config: object = None, **_: object) -> None:
        """Nothing is kept."""


class AzureCliAuthentication(AbstractAuthentication):
    """In the cloud: whoever ran `az login`."""

    def __init__(self, cloud: str | None = None, **_: object) -> None:
        """Nothing is kept."""


class TokenAuthentication(AbstractAuthentication):
    """In the cloud: a function that gives a token, which is never called here."""

    def __init__(self, get_token_for_audience: object, **_: object) -> None:
        """Nothing is kept."""


AzureMLTokenAuthentication = ArcTokenAuthentication = TokenAuthentication

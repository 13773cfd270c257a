"""SDK v1's ways to sign in: there is nobody to sign in to, so each is a name. No network, no token, no secret."""

from typing import Final, NamedTuple

from jupyter_aml.v1.arguments import meaningless, refuse_others

_HEADER: Final = {"Authorization": "Bearer local"}
_NOBODY: Final = "nobody asks who signs in: it is the user of this machine"
_NEVER: Final = 4_102_444_800  # 2100-01-01


class AccessToken(NamedTuple):
    """A word in a token's place, and when it ends, in seconds since the epoch."""

    token: str
    expires_on: int


class AbstractAuthentication:
    """Whoever signs in so is the user of this machine. Tenants, clouds and the rest have no meaning here."""

    def get_authentication_header(self) -> dict[str, str]:
        """A header that says no more than that."""
        return dict(_HEADER)

    def get_token(self, *scopes: str, **options: object) -> AccessToken:
        """The word in that header, as `azure.core`'s credentials give theirs; the same for every scope."""
        meaningless(_NOBODY, scopes=scopes, options=options)
        return AccessToken("local", _NEVER)

    def __repr__(self) -> str:
        """What it is called: nothing of it is told."""
        return f"{type(self).__name__}()"


class InteractiveLoginAuthentication(AbstractAuthentication):
    """In the cloud: a page in the browser. `force` and `cloud` have no meaning here."""

    def __init__(
        self, force: bool = False, tenant_id: str | None = None, cloud: str | None = None, **others: object
    ) -> None:
        refuse_others(type(self).__name__, others, "force", "tenant_id", "cloud")
        meaningless(_NOBODY, force=force, cloud=cloud)
        self.tenant_id = tenant_id


class ServicePrincipalAuthentication(AbstractAuthentication):
    """In the cloud: an application with a password, which is not kept here; `cloud` has no meaning."""

    def __init__(
        self,
        tenant_id: str,
        service_principal_id: str,
        service_principal_password: str,
        cloud: str | None = None,
        **others: object,
    ) -> None:
        refuse_others(type(self).__name__, others, "tenant_id", "service_principal_id", "service_principal_password")
        meaningless(_NOBODY, service_principal_password=service_principal_password, cloud=cloud)
        self.tenant_id, self.service_principal_id = tenant_id, service_principal_id


class MsiAuthentication(AbstractAuthentication):
    """In the cloud: the identity of the machine. `identity_config` and `cloud` have no meaning here."""

    def __init__(self, identity_config: object = None, cloud: str | None = None, **others: object) -> None:
        refuse_others(type(self).__name__, others, "identity_config", "cloud")
        meaningless(_NOBODY, identity_config=identity_config, cloud=cloud)


class AzureCliAuthentication(AbstractAuthentication):
    """In the cloud: whoever ran `az login`. `cloud` has no meaning here."""

    def __init__(self, cloud: str | None = None, **others: object) -> None:
        refuse_others(type(self).__name__, others, "cloud")
        meaningless(_NOBODY, cloud=cloud)


class TokenAuthentication(AbstractAuthentication):
    """In the cloud: a function that gives a token, which is never called here; `cloud` has no meaning."""

    def __init__(self, get_token_for_audience: object = None, cloud: str | None = None, **others: object) -> None:
        refuse_others(type(self).__name__, others, "get_token_for_audience", "cloud")
        meaningless(_NOBODY, get_token_for_audience=get_token_for_audience, cloud=cloud)


AzureMLTokenAuthentication = ArcTokenAuthentication = TokenAuthentication

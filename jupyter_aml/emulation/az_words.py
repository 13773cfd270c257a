"""What scripts say to `az` before they come to machine learning: a login, a provider. Answered; nothing is done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jupyter_aml.verbs import account
from jupyter_aml.verbs.option import Option
from jupyter_aml.verbs.table import Noun, Verb

if TYPE_CHECKING:
    from jupyter_aml import MLClient

_KEPT: Final = ("--use-device-code", "--identity", "--service-principal", "--allow-no-subscriptions")
_NAMESPACE: Final = Option("--namespace", "NAME", "the provider's name", short="-n", required=True)
_COLUMNS: Final = (("Namespace", "namespace"), ("RegistrationState", "registrationState"))


def login(ml: MLClient, **_: object) -> object:
    """Answer with the one account there is: nobody logs in to their own machine."""
    return account.list_(ml)


def logout(ml: MLClient, **_: object) -> None:
    """Do nothing: nobody is logged in."""
    del ml


def version(ml: MLClient) -> dict[str, object]:
    """The version of this package, which stands for az and its extension ml."""
    from jupyter_aml import __version__

    del ml
    return {"azure-cli": f"{__version__} (jupyter_aml)", "extensions": {"ml": __version__}}


LOGIN: Final = Verb(
    "login",
    login,
    (
        *(Option(name, hidden=True) for name in _KEPT),
        Option("--username", "NAME", short="-u", hidden=True),
        Option("--password", "SECRET", short="-p", hidden=True),
        Option("--tenant", "ID", short="-t", hidden=True),
    ),
    account.COLUMNS,
    hides=True,
)
LOGOUT: Final = Verb("logout", logout, (Option("--username", "NAME", hidden=True),))
VERSION: Final = Verb("version", version)
PROVIDER: Final = Noun("provider", "Resource providers: all that is needed is there.", "providers")


@PROVIDER.verb("register", _NAMESPACE, Option("--wait", hidden=True))
def register(ml: MLClient, **_: object) -> None:
    """Do nothing: a workspace of this machine needs none."""
    del ml


@PROVIDER.verb("show", _NAMESPACE, columns=_COLUMNS)
def show(ml: MLClient, namespace: str) -> dict[str, str]:
    """Answer that a provider is registered."""
    del ml
    return {"namespace": namespace, "registrationState": "Registered"}

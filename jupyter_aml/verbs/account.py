"""`account`: whose machine this is, and under which subscription its workspaces lie. Nobody is logged in or out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jupyter_aml.verbs.option import Option
from jupyter_aml.verbs.table import Noun

if TYPE_CHECKING:
    from jupyter_aml import MLClient

NOUN: Final = Noun("account", "The subscription that workspaces lie under; no account is needed.", "accounts")
COLUMNS: Final = (("Name", "name"), ("SubscriptionId", "id"), ("User", "user.name"), ("State", "state"))
SUBSCRIPTION: Final = Option(
    "--subscription", "ID", "the subscription", short="-s", required=True, also=("-n", "--name")
)


@NOUN.verb("show", columns=COLUMNS)
def show(ml: MLClient) -> dict[str, object]:
    """The subscription that commands use, and who acts."""
    return _account(ml)


@NOUN.verb("list", columns=COLUMNS)
def list_(ml: MLClient) -> list[dict[str, object]]:
    """The one subscription that commands use."""
    return [_account(ml)]


@NOUN.verb("set", SUBSCRIPTION, examples=("aml account set -s my-subscription",))
def set_(ml: MLClient, subscription: str) -> None:
    """Let commands use another subscription: a name that workspaces lie under."""
    from jupyter_aml.operations import groups

    groups.set_defaults(ml.workspace, {"subscription": subscription})


def _account(ml: MLClient) -> dict[str, object]:
    who = ml.roles.who()
    return {
        "environmentName": "Local",
        "id": ml.subscription_id,
        "isDefault": True,
        "name": "This machine",
        "state": "Enabled",
        "tenantId": who.object_id,
        "user": {"name": who.principal, "type": "user"},
    }

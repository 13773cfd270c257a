"""SDK v1's ways to sign in: each is taken, none asks, and none keeps or shows a secret."""

import pickle
from collections.abc import Callable

import pytest

from jupyter_aml import MLClient
from jupyter_aml.v1.core import authentication as ways
from jupyter_aml.v1.core.workspace import Workspace

SECRET = "hunter2"  # noqa: S105 - of nobody


def never(audience: str) -> str:
    raise AssertionError(audience)


EVERY: list[Callable[[], ways.AbstractAuthentication]] = [
    lambda: ways.InteractiveLoginAuthentication(force=True, tenant_id="t", cloud="AzureCloud"),
    lambda: ways.ServicePrincipalAuthentication("t", "id", SECRET, cloud="AzureCloud", _enable_caching=True),
    lambda: ways.MsiAuthentication({"client_id": SECRET}),
    lambda: ways.AzureCliAuthentication(cloud="AzureCloud"),
    lambda: ways.TokenAuthentication(never),
    ways.ArcTokenAuthentication,
    lambda: ways.AzureMLTokenAuthentication(never),
]


@pytest.mark.parametrize("way", EVERY)
def test_each_signs_in_as_the_user_of_this_machine(ml_client: MLClient, way: Callable[[], object]) -> None:
    here = ml_client.workspace.id
    assert Workspace(here.subscription_id, here.resource_group, here.name, auth=way()).name == here.name
    assert Workspace.get(here.name, auth=way()).name == here.name


@pytest.mark.parametrize("way", EVERY)
def test_its_token_is_a_word_that_says_nothing(way: Callable[[], ways.AbstractAuthentication]) -> None:
    made = way()
    assert made.get_authentication_header() == {"Authorization": "Bearer local"}
    found = made.get_token("https://management.azure.com/.default", claims="x")
    assert (found.token, found.expires_on > 2**31) == ("local", True)


@pytest.mark.parametrize("way", EVERY)
def test_no_secret_is_kept_or_shown(way: Callable[[], ways.AbstractAuthentication]) -> None:
    made = way()
    assert repr(made) == f"{type(made).__name__}()"
    assert SECRET not in f"{vars(made)}"
    assert SECRET.encode() not in pickle.dumps(made)


def test_a_typo_is_told() -> None:
    with pytest.raises(TypeError, match="Did you mean 'tenant_id'"):
        ways.InteractiveLoginAuthentication(tenantid="t")

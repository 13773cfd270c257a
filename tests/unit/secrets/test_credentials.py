"""Credentials of datastores and connections: in the vault, shown to who asks and may, nowhere else."""

from pathlib import Path

import pytest

from jupyter_aml import MLClient
from jupyter_aml.entities import (
    AccountKeyConfiguration,
    ApiKeyConfiguration,
    AzureBlobDatastore,
    SasTokenConfiguration,
    WorkspaceConnection,
)
from jupyter_aml.entities.role import LocalCredential
from jupyter_aml.exceptions import AuthorizationError, UserErrorException
from tests.unit.secrets.leaks import found_in, frames_of, shown_with_variables

KEY = "c2VjcmV0LWtleS1vZi1hLXN0b3JhZ2U="
SAS = "?sv=2024&sig=secret%2Fsignature"


def a_datastore(credentials: AccountKeyConfiguration | SasTokenConfiguration | None = None) -> AzureBlobDatastore:
    given = credentials or AccountKeyConfiguration(account_key=KEY)
    return AzureBlobDatastore(name="blobs", account_name="acc", container_name="c", credentials=given)


def a_connection() -> WorkspaceConnection:
    return WorkspaceConnection(
        name="search", type="custom", target="https://x", credentials=ApiKeyConfiguration(key=KEY)
    )


def test_a_key_is_shown_to_who_asks_for_it_and_to_nobody_else(ml_client: MLClient) -> None:
    drafts = (a_datastore(), ml_client.datastores.create_or_update(a_datastore()), ml_client.datastores.get("blobs"))
    for one in drafts:
        assert KEY not in f"{one}{one!r}{one.credentials!r}"
    assert all(KEY not in repr(one) for one in ml_client.datastores.list())
    asked = ml_client.datastores.get("blobs", include_secrets=True)
    assert isinstance(asked.credentials, AccountKeyConfiguration)
    assert asked.credentials.account_key == KEY
    assert KEY not in f"{asked}{asked!r}"


def test_a_credential_lies_nowhere_in_plain_text(ml_client: MLClient, home: Path) -> None:
    ml_client.datastores.create_or_update(a_datastore())
    ml_client.datastores.create_or_update(a_datastore(SasTokenConfiguration(sas_token=SAS)))
    ml_client.connections.create_or_update(a_connection())
    assert [path for text in (KEY, SAS) for path in found_in(home, text)] == []
    assert not any(text in str(fact) for fact in ml_client.facts.since() for text in (KEY, SAS))
    assert ml_client.secrets.list() == []


def test_who_may_see_a_datastore_may_not_see_its_key(ml_client: MLClient) -> None:
    ml_client.datastores.create_or_update(a_datastore())
    ml_client.connections.create_or_update(a_connection())
    ml_client.roles.assign("Reader", "ann")
    ann = MLClient.of(ml_client.workspace.id, LocalCredential("ann"))
    assert ann.datastores.get("blobs").name == "blobs"
    with pytest.raises(AuthorizationError, match="datastores/listsecrets/action"):
        ann.datastores.get("blobs", include_secrets=True)
    with pytest.raises(AuthorizationError, match="connections/listsecrets/action"):
        ann.connections.get("search", populate_secrets=True)


def test_a_credential_that_was_replaced_or_deleted_is_gone(ml_client: MLClient) -> None:
    ml_client.datastores.create_or_update(a_datastore())
    ml_client.datastores.create_or_update(a_datastore(SasTokenConfiguration(sas_token=SAS)))
    found = ml_client.datastores.get("BLOBS", include_secrets=True).credentials
    assert isinstance(found, SasTokenConfiguration)
    assert found.sas_token == SAS
    ml_client.datastores.delete("blobs")
    rows = ml_client.workspace.database.connection.execute("SELECT count(*) FROM secrets").fetchone()
    assert rows[0] == 0


@pytest.mark.parametrize("kind", ["datastore", "connection"])
def test_a_traceback_that_shows_variables_shows_no_key(ml_client: MLClient, home: Path, kind: str) -> None:
    ml_client.secrets.set("any", "thing")
    (home / "vault.key").write_text("not a key")
    blobs, search = a_datastore(), a_connection()
    with frames_of("jupyter_aml") as frames:
        if kind == "datastore":
            ml_client.datastores.create_or_update(blobs)
        else:
            ml_client.connections.create_or_update(search)
    assert len(frames) >= 3
    assert KEY not in shown_with_variables(frames)


def test_what_was_shown_without_its_key_is_described_anew_and_keeps_it(ml_client: MLClient) -> None:
    ml_client.datastores.create_or_update(a_datastore())
    ml_client.connections.create_or_update(a_connection())
    shown, other = ml_client.datastores.get("blobs"), ml_client.connections.get("search")
    shown.description = other.description = "described"
    ml_client.datastores.create_or_update(shown)
    ml_client.connections.create_or_update(other)
    assert ml_client.datastores.get("blobs", include_secrets=True).secrets() == {"credentials.account_key": KEY}
    assert ml_client.connections.get("search", populate_secrets=True).secrets() == {"credentials.key": KEY}
    assert ml_client.datastores.get("blobs").description == "described"


def test_a_key_is_not_taken_to_another_place_by_who_does_not_say_it(ml_client: MLClient) -> None:
    ml_client.datastores.create_or_update(a_datastore())
    ml_client.connections.create_or_update(a_connection())
    shown, other = ml_client.datastores.get("blobs"), ml_client.connections.get("search")
    assert isinstance(shown, AzureBlobDatastore)
    shown.endpoint, other.target = "core.example.org", "https://y"
    with pytest.raises(UserErrorException, match="'blobs' is to be at another place"):
        ml_client.datastores.create_or_update(shown)
    with pytest.raises(UserErrorException, match="'search' is to be at another place"):
        ml_client.connections.create_or_update(other)
    assert ml_client.datastores.get("blobs", include_secrets=True).secrets() == {"credentials.account_key": KEY}


def test_credentials_that_are_taken_away_are_forgotten(ml_client: MLClient) -> None:
    ml_client.datastores.create_or_update(a_datastore())
    ml_client.datastores.create_or_update(AzureBlobDatastore(name="blobs", account_name="acc", container_name="c"))
    assert ml_client.workspace.vault.get("datastore/blobs") is None

"""The vault: what goes in comes out for whoever may ask, and lies nowhere in plain text."""

import io
import logging
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from jupyter_aml import MLClient
from jupyter_aml.entities.role import LocalCredential
from jupyter_aml.entities.secret import SHOWN, Secret
from jupyter_aml.exceptions import (
    AuthorizationError,
    ResourceNotFoundError,
    StoreError,
    ValidationException,
)
from jupyter_aml.operations import secrets
from jupyter_aml.operations.workspaces import Workspace
from tests.unit.secrets.leaks import found_in, frames_of, shown_with_variables

PLAIN = "hunter2-Ünïcode-and-a-tail"
KEEP = Path(__file__).parent / "scripts" / "keep.py"


def put(workspace: Workspace, name: str, text: str = PLAIN) -> None:
    secrets.put(workspace, name, Secret(text))


def key_of(home: Path) -> Path:
    return home / "vault.key"


def test_what_was_kept_is_given_back(ml_client: MLClient) -> None:
    assert ml_client.secrets.get("api-key") is None
    ml_client.secrets.set("api-key", PLAIN, content_type="text/plain")
    assert ml_client.secrets.get("api-key") == PLAIN == MLClient.default().secrets.get("API-KEY")
    ml_client.secrets.set("Api-Key", "")
    assert (ml_client.secrets.get("api-key"), ml_client.secrets.list()) == ("", ["api-key"])
    ml_client.secrets.set("another", "x" * 100_000)
    assert ml_client.secrets.list() == ["another", "api-key"]
    ml_client.secrets.delete("api-key")
    assert (ml_client.secrets.get("api-key"), ml_client.secrets.list()) == (None, ["another"])
    with pytest.raises(ResourceNotFoundError, match="Did you mean 'another'"):
        ml_client.secrets.delete("anoter")


def test_what_may_be_seen_of_a_secret_is_all_but_its_value(ml_client: MLClient) -> None:
    ml_client.secrets.set("api-key", PLAIN, content_type="text/plain")
    [seen] = ml_client.secrets.show()
    assert (seen.name, seen.content_type) == ("api-key", "text/plain")
    assert PLAIN not in repr(seen)


@pytest.mark.parametrize("name", ["", "a_b", "a b", "a/b", "datastore/x", "é", "a" * 128, "a\n"])
def test_a_name_that_key_vault_would_not_take_is_refused(workspace: Workspace, name: str) -> None:
    for act in (lambda: put(workspace, name), lambda: secrets.get(workspace, name)):
        with pytest.raises(ValidationException, match=r"(?s)is not a valid secret name.*letters, digits and '-'"):
            act()
    with pytest.raises(ValidationException, match=r"e\.g\. 'my-key'"):
        put(workspace, "my_key")


def test_names_with_a_familiar_beginning_are_names_like_any_other(workspace: Workspace) -> None:
    for name in ("connection-string", "datastore-key", "a" * 127, "0"):
        put(workspace, name)
    assert len(secrets.records(workspace)) == 4


def test_what_belongs_to_a_datastore_is_out_of_a_users_reach(workspace: Workspace) -> None:
    with workspace.database.transaction() as connection:
        workspace.vault.put(connection, "datastore/blobs", PLAIN)
    assert secrets.records(workspace) == []
    with pytest.raises(ValidationException):
        secrets.get(workspace, "datastore/blobs")
    assert workspace.vault.get("datastore/BLOBS") == PLAIN
    with workspace.database.transaction() as connection:
        workspace.vault.replace(connection, "datastore/blobs", None)
    assert workspace.vault.get("datastore/blobs") is None


def test_a_value_lies_nowhere_in_plain_text(workspace: Workspace, home: Path) -> None:
    log = io.StringIO()
    handler = logging.StreamHandler(log)
    logging.getLogger().addHandler(handler)
    try:
        put(workspace, "api-key")
        put(workspace, "api-key", f"{PLAIN}-2")
        secrets.delete(workspace, "api-key")
        put(workspace, "other")
        assert secrets.get(workspace, "other") == PLAIN
    finally:
        logging.getLogger().removeHandler(handler)
    assert key_of(home).exists()
    assert found_in(home, PLAIN) == []
    assert PLAIN not in log.getvalue()
    assert not any(PLAIN in str(fact) for fact in MLClient.default().facts.since())


def test_the_same_value_twice_is_kept_in_two_ways(workspace: Workspace) -> None:
    put(workspace, "a")
    put(workspace, "b")
    rows = workspace.database.connection.execute("SELECT value FROM secrets").fetchall()
    assert rows[0]["value"][-40:] != rows[1]["value"][-40:]


def test_the_key_and_the_database_are_their_owners_alone(workspace: Workspace, home: Path) -> None:
    put(workspace, "api-key")
    modes = {path.name: path.stat().st_mode & 0o777 for path in (key_of(home), workspace.folder.database)}
    assert modes == {"vault.key": 0o600, "workspace.db": 0o600}
    assert [path.name for path in home.iterdir() if path.name.startswith(".")] == []


def test_one_key_serves_every_workspace_of_a_home(home: Path) -> None:
    first, second = (MLClient("mine", "S", "R", name) for name in ("first", "second"))
    first.secrets.set("a", "1")
    key = key_of(home).read_bytes()
    second.secrets.set("a", "2")
    assert (first.secrets.get("a"), second.secrets.get("a"), key_of(home).read_bytes()) == ("1", "2", key)


def test_without_its_key_a_value_is_lost_and_says_so(workspace: Workspace, home: Path) -> None:
    put(workspace, "api-key")
    kept = key_of(home).read_bytes()
    key_of(home).unlink()
    with pytest.raises(StoreError, match=r"(?s)key of this vault is lost: there is no .*vault\.key.*Restore that file"):
        secrets.get(workspace, "api-key")
    assert [record.name for record in secrets.records(workspace)] == ["api-key"]
    key_of(home).write_bytes(kept)
    assert secrets.get(workspace, "api-key") == PLAIN
    key_of(home).unlink()
    secrets.delete(workspace, "api-key")


def test_a_value_under_another_key_names_both(workspace: Workspace, home: Path) -> None:
    put(workspace, "old")
    key_of(home).unlink()
    put(workspace, "new", "fresh")
    assert secrets.get(workspace, "new") == "fresh"
    with pytest.raises(StoreError, match=r"'old' needs the key [0-9a-f]{8}, .* the vault's key is [0-9a-f]{8}"):
        secrets.get(workspace, "old")
    put(workspace, "old", "set again")
    assert secrets.get(workspace, "old") == "set again"


@pytest.mark.parametrize("text", ["", "not a key", "QUJD\n", "keyring of somebody\n"])
def test_a_file_that_holds_no_key_is_never_taken_for_one(workspace: Workspace, home: Path, text: str) -> None:
    put(workspace, "api-key")
    key_of(home).write_text(text)
    for act in (lambda: secrets.get(workspace, "api-key"), lambda: put(workspace, "b")):
        with pytest.raises(StoreError, match="holds no key of a vault"):
            act()
    assert key_of(home).read_text() == text


def test_a_row_that_was_changed_or_swapped_is_damaged(workspace: Workspace) -> None:
    put(workspace, "mine", "my value")
    put(workspace, "yours", "your value")
    with workspace.database.transaction() as connection:
        connection.execute(
            "UPDATE secrets SET value = (SELECT value FROM secrets WHERE name = 'yours') WHERE name = 'mine'"
        )
        connection.execute("UPDATE secrets SET value = substr(value, 1, length(value) - 1) WHERE name = 'yours'")
    for name in ("mine", "yours"):
        with pytest.raises(StoreError, match=f"Secret '{name}' is damaged"):
            secrets.get(workspace, name)


def test_many_first_users_at_once_make_one_key(ml_client: MLClient) -> None:
    names = [f"number-{number}" for number in range(4)]
    keepers = [
        subprocess.Popen([sys.executable, KEEP, name], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for name in names
    ]
    for keeper in keepers:
        assert keeper.stdout
        assert keeper.stdout.readline() == "ready\n"
    for keeper in keepers:
        keeper.communicate("go\n")
    assert [keeper.returncode for keeper in keepers] == [0] * 4
    assert {name: ml_client.secrets.get(name) for name in names} == {name: f"value of {name}" for name in names}


def test_a_secret_shows_itself_to_nobody() -> None:
    hidden = Secret(PLAIN)
    assert {repr(hidden), str(hidden), f"{hidden}", repr([hidden])} == {SHOWN, f"[{SHOWN}]"}
    with pytest.raises(TypeError, match="not pickled"):
        pickle.dumps(hidden)
    assert hidden == Secret(PLAIN) != Secret("else")
    assert len({hidden, Secret(PLAIN)}) == 1
    assert hidden.reveal() == PLAIN


@pytest.mark.parametrize("why", ["denied", "a bad name", "no key"])
def test_a_traceback_that_shows_variables_shows_no_value(ml_client: MLClient, home: Path, why: str) -> None:
    ml_client.secrets.set("api-key", "something")
    if why == "no key":
        key_of(home).write_text("not a key")
    client = MLClient.of(ml_client.workspace.id, LocalCredential("ann")) if why == "denied" else ml_client
    value = PLAIN
    with frames_of("jupyter_aml") as frames:
        client.secrets.set("a_b" if why == "a bad name" else "api-key", value)
    assert len(frames) >= 2
    assert PLAIN not in shown_with_variables(frames)


def test_a_reader_sees_names_and_no_values(ml_client: MLClient) -> None:
    ml_client.secrets.set("api-key", PLAIN)
    ml_client.roles.assign("Reader", "ann")
    ann = MLClient.of(ml_client.workspace.id, LocalCredential("ann"))
    assert ann.secrets.list() == ["api-key"]
    with pytest.raises(AuthorizationError, match="connections/listsecrets/action"):
        ann.secrets.get("api-key")

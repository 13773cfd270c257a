"""The vault's key in the system's keyring: when it is asked for, through the real `keyring` and a backend of ours."""

from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import null
from keyring.compat import properties

from jupyter_aml.exceptions import StoreError
from jupyter_aml.operations.workspaces import Workspace
from jupyter_aml.store.secrets import WISH


class Drawer(KeyringBackend):
    """A keyring in memory."""

    @properties.classproperty
    def priority(cls) -> float:  # noqa: N805 - keyring's own way to say it
        return 1.0

    def __init__(self) -> None:
        super().__init__()
        self.held: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.held.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.held[service, username] = password


@pytest.fixture
def drawer() -> Iterator[Drawer]:
    """The keyring of this process, for the time of a test."""
    before, drawer = keyring.get_keyring(), Drawer()
    keyring.set_keyring(drawer)
    yield drawer
    keyring.set_keyring(before)


def keep(workspace: Workspace, name: str) -> None:
    with workspace.database.transaction() as connection:
        workspace.vault.put(connection, name, f"value of {name}")


def test_the_key_lies_in_the_keyring_when_that_is_asked_for(
    workspace: Workspace, home: Path, drawer: Drawer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(WISH, "keyring")
    keep(workspace, "a")
    assert (home / "vault.key").read_text() == "keyring\n"
    assert list(drawer.held) == [("jupyter_aml", f"vault of {home}")]
    monkeypatch.delenv(WISH)  # said once: the file knows from here on, in jobs too
    assert workspace.vault.get("a") == "value of a"
    keep(workspace, "b")
    assert (home / "vault.key").read_text() == "keyring\n"


def test_a_key_moves_to_where_it_is_wished_and_every_value_stays_readable(
    workspace: Workspace, home: Path, drawer: Drawer, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(workspace, "a")
    for place, name in (("keyring", "b"), ("file", "c")):
        monkeypatch.setenv(WISH, place)
        keep(workspace, name)
        assert ((home / "vault.key").read_text() == "keyring\n") is (place == "keyring")
    assert [workspace.vault.get(name) for name in "abc"] == ["value of a", "value of b", "value of c"]


def test_a_keyring_without_the_key_says_whose_it_is(
    workspace: Workspace, home: Path, drawer: Drawer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(WISH, "keyring")
    keep(workspace, "a")
    drawer.held.clear()
    with pytest.raises(StoreError, match=r"(?s)the system's keyring has none.*for the home /"):
        workspace.vault.get("a")


def test_a_keyring_that_keeps_nothing_is_refused_and_nothing_is_stored(
    workspace: Workspace, home: Path, drawer: Drawer, monkeypatch: pytest.MonkeyPatch
) -> None:
    keyring.set_keyring(null.Keyring())
    monkeypatch.setenv(WISH, "keyring")
    with pytest.raises(StoreError, match="the keyring here keeps nothing"):
        keep(workspace, "a")
    assert not (home / "vault.key").exists()
    assert workspace.vault.records() == []


def test_a_place_that_is_none_is_refused(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(WISH, "cloud")
    with pytest.raises(StoreError, match="'cloud' is no place for a key"):
        keep(workspace, "a")

"""The key vault: values encrypted at rest, in the workspace's file; their key is not. Nobody is asked who may see them.

AES-256-GCM. A value is bound to its name, so that rows cannot be swapped, and says which key it needs. The key lies in
`<home>/vault.key` (0600), or in the system's keyring when `JUPYTER_AML_VAULT_KEY=keyring` asks for that; the file then
says so. Copies of a workspace are worthless without it, and so are its secrets when it is lost.
"""

import base64
import binascii
import fcntl
import hashlib
import os
import secrets
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from jupyter_aml.entities.secret import Secret, SecretRecord
from jupyter_aml.exceptions import StoreError
from jupyter_aml.store.database import Database, Transaction

WISH: Final = "JUPYTER_AML_VAULT_KEY"
"""Where the key is to be: `file` or `keyring`. Said once; from then on the key's file knows."""
KEYRING: Final = "keyring"
_FORMAT: Final = b"\x01"
_KEY_BYTES: Final = 32
_ID_BYTES: Final = 4
_NONCE_BYTES: Final = 12
_OWNED: Final = "/"
"""No user's secret has one in its name. `datastore/NAME` and `connection/NAME` do: out of reach, and not listed."""


class Vault:
    """The secrets of one workspace."""

    def __init__(self, database: Database, home: Path) -> None:
        self._database, self._key = database, VaultKey(home)

    def put(self, connection: Transaction, name: str, value: str | Secret, content_type: str = "") -> None:
        """Keep a value, in place of an older one, inside the caller's transaction. Makes the key if there is none."""
        value = Secret(value) if isinstance(value, str) else value  # a traceback that shows variables shows no text
        connection.execute(
            "INSERT INTO secrets (name, value, content_type, modified_at) VALUES (:name, :value, :type, :at) "
            "ON CONFLICT (name) DO UPDATE SET value = :value, content_type = :type, modified_at = :at",
            {"name": name, "value": _sealed(self._key.made(), name, value), "type": content_type, "at": time.time()},
        )

    def replace(self, connection: Transaction, name: str, value: str | Secret | None) -> None:
        """Keep a value, or forget what there was when it is None."""
        if value is None:
            self.delete(connection, name)
        else:
            self.put(connection, name, value)

    def get(self, name: str) -> str | None:
        """The value, or None. StoreError when the key is lost, is another one, or the row was damaged."""
        row = self._database.connection.execute(
            "SELECT value FROM secrets WHERE name = :name", {"name": name}
        ).fetchone()
        return _opened(self._key, name, row["value"]) if row else None

    def holds(self, name: str) -> bool:
        """Whether there is a value of that name. No key is needed for that."""
        query = "SELECT 1 FROM secrets WHERE name = :name"
        return self._database.connection.execute(query, {"name": name}).fetchone() is not None

    def records(self) -> list[SecretRecord]:
        """What may be seen of the user's secrets, by name."""
        rows = self._database.connection.execute(
            "SELECT name, content_type, modified_at FROM secrets WHERE instr(name, :owned) = 0 ORDER BY name",
            {"owned": _OWNED},
        )
        return [SecretRecord(row["name"], row["content_type"], row["modified_at"]) for row in rows]

    def delete(self, connection: Transaction, name: str) -> bool:
        """Forget a value; False when there was none. No key is needed for that."""
        return connection.execute("DELETE FROM secrets WHERE name = :name", {"name": name}).rowcount > 0


class VaultKey:
    """The key of a home's vaults, read anew each time: it may be taken away or restored while we live."""

    def __init__(self, home: Path) -> None:
        self._home, self._path = home, home / "vault.key"

    def found(self) -> bytes:
        """The key. StoreError when it is lost."""
        text = self._text()
        if text is None:
            raise StoreError(
                f"The key of this vault is lost: there is no {self._path}.",
                resolution="Restore that file from a copy, or set the secrets again: ml_client.secrets.set(name, …).",
            )
        return _decoded(_from_keyring(self._home) if text == KEYRING else text, self._path)

    def made(self) -> bytes:
        """The key; a new one if there is none. It moves to where it is wished to be."""
        wish = os.environ.get(WISH, "")
        if wish not in {"", "file", KEYRING}:
            raise StoreError(f"{WISH}: '{wish}' is no place for a key.", resolution="Use 'file' or 'keyring'.")
        if self._is_elsewhere(wish):
            with _alone(self._home):
                if self._is_elsewhere(wish):  # another process may have been first
                    self._move(wish)
        return self.found()

    def _is_elsewhere(self, wish: str) -> bool:
        """Whether there is no key yet, or one that is not where it is wished to be."""
        text = self._text()
        return text is None or bool(wish and (text == KEYRING) != (wish == KEYRING))

    def _move(self, wish: str) -> None:
        is_new = self._text() is None
        key = base64.b64encode(secrets.token_bytes(_KEY_BYTES) if is_new else self.found()).decode()
        if wish == KEYRING:
            _to_keyring(self._home, key)
        _write_private(self._path, wish if wish == KEYRING else key)

    def _text(self) -> str | None:
        try:
            return self._path.read_text(encoding="ascii", errors="replace").strip()
        except FileNotFoundError:
            return None


def _sealed(key: bytes, name: str, value: Secret) -> bytes:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = secrets.token_bytes(_NONCE_BYTES)
    sealed = AESGCM(key).encrypt(nonce, value.reveal().encode(), _bound_to(name))
    return _FORMAT + _key_id(key) + nonce + sealed


def _opened(kept: VaultKey, name: str, sealed: bytes) -> str:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    key, needs, body = kept.found(), sealed[1 : 1 + _ID_BYTES], sealed[1 + _ID_BYTES :]
    if needs != (has := _key_id(key)):
        raise StoreError(
            f"Secret '{name}' needs the key {needs.hex()}, with which it was written; the vault's key is {has.hex()}.",
            resolution="Restore the home's vault.key of that time, or set it again: ml_client.secrets.set(name, …).",
        )
    try:
        return AESGCM(key).decrypt(body[:_NONCE_BYTES], body[_NONCE_BYTES:], _bound_to(name)).decode()
    except (InvalidTag, ValueError):
        raise StoreError(
            f"Secret '{name}' is damaged: its row is not what was written.",
            resolution="Restore workspace.db from a copy, or set it again: ml_client.secrets.set(name, …).",
        ) from None


def _bound_to(name: str) -> bytes:
    return _FORMAT + name.lower().encode()


def _key_id(key: bytes) -> bytes:
    """Tells keys apart, and nothing about them."""
    return hashlib.sha256(b"jupyter_aml vault key" + key).digest()[:_ID_BYTES]


def _decoded(text: str, path: Path) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except binascii.Error:
        key = b""
    if len(key) == _KEY_BYTES:
        return key
    raise StoreError(f"{path} holds no key of a vault.", resolution="Restore that file from a copy.")


def _write_private(path: Path, text: str) -> None:
    """A file for its owner alone, whole and on the disk before anything depends on it."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(f"{text}\n")
        file.flush()
        os.fsync(descriptor)
    beside.replace(path)


@contextmanager
def _alone(home: Path) -> Generator[None]:
    """One process at a time: two that make a key at once would each lose the other's secrets."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(home, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _from_keyring(home: Path) -> str:
    import keyring

    found = keyring.get_password("jupyter_aml", f"vault of {home}")
    if found is None:
        raise StoreError(
            "The key of this vault is lost: the system's keyring has none.",
            resolution=f"Unlock the keyring of the user who made it, for the home {home}.",
        )
    return found


def _to_keyring(home: Path, key: str) -> None:
    import keyring

    keyring.set_password("jupyter_aml", f"vault of {home}", key)
    if keyring.get_password("jupyter_aml", f"vault of {home}") != key:  # a backend that keeps nothing
        raise StoreError(f"{WISH}: the keyring here keeps nothing.", resolution=f"Leave it out, or use {WISH}=file.")

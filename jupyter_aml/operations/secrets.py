"""Secrets of a workspace: kept, given out, forgotten. A value never appears in a fact, an error or a log.

Reading a value needs the action that reads a connection's secrets: a Reader sees names only.
"""

import re
import time
from typing import Final

from jupyter_aml.entities.secret import Secret, SecretRecord
from jupyter_aml.exceptions import ResourceNotFoundError, ValidationException, did_you_mean
from jupyter_aml.operations import access
from jupyter_aml.operations.workspaces import Workspace
from jupyter_aml.store import facts

READ_VALUE: Final = "connections/listsecrets/action"
READ_NAMES: Final = "metadata/secrets/read"
WRITE: Final = "metadata/secrets/write"
DELETE: Final = "metadata/secrets/delete"


def put(workspace: Workspace, name: str, value: Secret, content_type: str = "") -> SecretRecord:
    """Keep a value, in place of an older one of that name (any case)."""
    access.require(workspace, WRITE, _target(name))
    checked(name)
    with workspace.database.transaction() as connection:
        workspace.vault.put(connection, name, value, content_type)
        facts.append(connection, at=time.time(), kind="secret.set", subject=name)
    return SecretRecord(name, content_type, time.time())


def get(workspace: Workspace, name: str) -> str | None:
    """The value, or None when there is no secret of that name."""
    access.require(workspace, READ_VALUE, _target(name))
    return workspace.vault.get(checked(name))


def records(workspace: Workspace) -> list[SecretRecord]:
    """What may be seen of every secret of the user's, by name; those of datastores and connections are not listed."""
    access.require(workspace, READ_NAMES)
    return workspace.vault.records()


def delete(workspace: Workspace, name: str) -> None:
    """Forget a secret. ResourceNotFoundError when there is none of that name."""
    access.require(workspace, DELETE, _target(name))
    checked(name)
    with workspace.database.transaction() as connection:
        if not workspace.vault.delete(connection, name):
            known = [found.name for found in workspace.vault.records()]
            raise ResourceNotFoundError(f"There is no secret '{name}'.", resolution=did_you_mean(name, known))
        facts.append(connection, at=time.time(), kind="secret.deleted", subject=name)


def checked(name: str) -> str:
    """`name` when it is a legal name of a secret (Key Vault's rule); ValidationException otherwise."""
    if re.fullmatch(r"[A-Za-z0-9-]{1,127}", name):
        return name
    mended = re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-")[:127] or "my-secret"
    raise ValidationException(
        f"'{name}' is not a valid secret name.", resolution=f"Use letters, digits and '-', 1 to 127, e.g. '{mended}'."
    )


def _target(name: str) -> str:
    return f"metadata/secrets/{name}"

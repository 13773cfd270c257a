"""Connections to other services: registered and listed; their credentials go to the vault. Nothing is connected to."""

import json
import time
from collections.abc import Mapping
from typing import Final

from jupyter_aml.entities.connection import WorkspaceConnection
from jupyter_aml.entities.names import checked
from jupyter_aml.entities.resource_record import ResourceRecord
from jupyter_aml.exceptions import ResourceNotFoundError, did_you_mean
from jupyter_aml.operations import access
from jupyter_aml.operations.credentials import register
from jupyter_aml.operations.workspaces import Workspace
from jupyter_aml.store import facts, resources

_OWNED: Final = "connection/"
"""The vault's names for what is a connection's own."""


def create(workspace: Workspace, draft: WorkspaceConnection) -> ResourceRecord:
    """Register a connection, or replace what is said of it. ValidationException for a name that cannot be."""
    access.require(workspace, "connections/write", f"connections/{draft.name}")
    name = checked("connection", draft.name or "")
    return register(workspace, "connection", name, draft)


def get(workspace: Workspace, name: str) -> ResourceRecord:
    """The connection of that name (any case). ResourceNotFoundError with the nearest name."""
    access.require(workspace, "connections/read", f"connections/{name}")
    if found := resources.get(workspace.database, "connection", name):
        return found
    known = [record.name for record in resources.select(workspace.database, "connection")]
    message = f"Not found connection with name '{name}' in workspace {workspace.id.name}."
    raise ResourceNotFoundError(message, resolution=did_you_mean(name, known))


def every(workspace: Workspace, kind: str | None = None) -> list[ResourceRecord]:
    """All connections, newest first; of one type if asked."""
    access.require(workspace, "connections/read", "connections")
    found = resources.select(workspace.database, "connection")
    return [record for record in found if kind is None or str(record.spec.get("type")).lower() == kind.lower()]


def delete(workspace: Workspace, name: str) -> None:
    """Forget a connection and its credentials."""
    access.require(workspace, "connections/delete", f"connections/{name}")
    found = get(workspace, name)
    with workspace.database.transaction() as connection:
        resources.delete(connection, "connection", found.name)
        workspace.vault.replace(connection, _OWNED + found.name, None)
        facts.append(connection, at=time.time(), kind="connection.deleted", subject=found.name)


def credentials(workspace: Workspace, name: str) -> Mapping[str, str]:
    """The secret values of a connection by their dotted path (`credentials.key` …); empty for one without."""
    access.require(workspace, "connections/listsecrets/action", f"connections/{name}")
    kept = workspace.vault.get(_OWNED + get(workspace, name).name)
    return json.loads(kept) if kept else {}

"""Datastores: registered, listed, chosen as default; their credentials go to the vault. No storage is reached here."""

import json
import time
from collections.abc import Mapping
from typing import Any, Final

from jupyter_aml.entities.datastore import Datastore
from jupyter_aml.entities.names import checked
from jupyter_aml.entities.resource_record import ResourceRecord
from jupyter_aml.entities.workspace import BUILT_IN_DATASTORES
from jupyter_aml.exceptions import ResourceNotFoundError, UserErrorException, did_you_mean
from jupyter_aml.operations import access
from jupyter_aml.operations.credentials import register
from jupyter_aml.operations.workspaces import Workspace
from jupyter_aml.store import facts, resources

DEFAULT: Final = "workspaceblobstore"
RESERVED: Final = "workspacemanageddatastore"
_OWNED: Final = "datastore/"
"""The vault's names for what is a datastore's own."""
CHOSEN: Final = "default_datastore"
"""Where the workspace's own row names the default, once somebody chose one."""
_CONTAINERS: Final = {
    "workspaceblobstore": {"type": "azure_blob", "container_name": "azureml-blobstore-{guid}"},
    "workspaceartifactstore": {"type": "azure_blob", "container_name": "azureml"},
    "workspacefilestore": {"type": "azure_file", "file_share_name": "azureml-filestore-{guid}"},
    "workspaceworkingdirectory": {"type": "azure_file", "file_share_name": "code-{guid}"},
}
"""The four that every workspace has (§3.3): Azure's shapes, backed by folders of the workspace."""


def create(workspace: Workspace, draft: Datastore) -> ResourceRecord:
    """Register a datastore, or replace what is said of it. Its storage is neither made nor looked at (§3.2).

    ValidationException for a name that cannot be, UserErrorException for one of the four built-in ones.
    """
    access.require(workspace, "datastores/write", f"datastores/{draft.name}")
    name = checked("datastore", draft.name)
    if name.lower() in {*BUILT_IN_DATASTORES, RESERVED}:
        raise UserErrorException(f"'{name}' is part of every workspace and cannot be changed.")
    return register(workspace, "datastore", name, draft)


def get(workspace: Workspace, name: str) -> ResourceRecord:
    """The datastore of that name (any case), built-in ones too. ResourceNotFoundError with the nearest name."""
    access.require(workspace, "datastores/read", f"datastores/{name}")
    if found := resources.get(workspace.database, "datastore", name) or _built_in(workspace, name.lower()):
        return found
    message = f"Not found datastore with name '{name}' in workspace {workspace.id.name}."
    raise ResourceNotFoundError(message, resolution=did_you_mean(name, names(workspace)))


def every(workspace: Workspace) -> list[ResourceRecord]:
    """The user's own, newest first, then the four built-in ones in Azure's order (§3.3)."""
    access.require(workspace, "datastores/read", "datastores")
    own = resources.select(workspace.database, "datastore")
    return [*own, *(found for name in BUILT_IN_DATASTORES if (found := _built_in(workspace, name)))]


def names(workspace: Workspace) -> list[str]:
    """The names of all datastores."""
    return [found.name for found in every(workspace)]


def delete(workspace: Workspace, name: str) -> None:
    """Forget a datastore and its credentials; what it points to stays. UserErrorException for a built-in one."""
    access.require(workspace, "datastores/delete", f"datastores/{name}")
    found = get(workspace, name)
    if found.name in BUILT_IN_DATASTORES:
        raise UserErrorException(f"'{found.name}' is part of every workspace and cannot be deleted.")
    if default(workspace) == found.name:
        raise UserErrorException(
            f"'{found.name}' is the default datastore and cannot be deleted.",
            resolution="Choose another default first.",
        )
    with workspace.database.transaction() as connection:
        resources.delete(connection, "datastore", found.name)
        workspace.vault.replace(connection, _OWNED + found.name, None)
        facts.append(connection, at=time.time(), kind="datastore.deleted", subject=found.name)


def default(workspace: Workspace) -> str:
    """The name of the default datastore: where uploads and outputs without a path go."""
    access.require(workspace, "datastores/read", "datastores")
    known = resources.get(workspace.database, "workspace", workspace.id.name)
    return str(known.spec.get(CHOSEN, DEFAULT)) if known else DEFAULT


def set_default(workspace: Workspace, name: str) -> None:
    """Let uploads and outputs without a path go to another datastore."""
    access.require(workspace, "write")
    found, now = get(workspace, name), time.time()
    with workspace.database.transaction() as connection:
        known = resources.get(workspace.database, "workspace", workspace.id.name)
        spec = {**(known.spec if known else {"location": "local"}), CHOSEN: found.name}
        resources.put(connection, ResourceRecord("workspace", workspace.id.name, spec, now, now, workspace.principal))
        facts.append(connection, at=now, kind="datastore.chosen", subject=found.name)


def credentials(workspace: Workspace, name: str) -> Mapping[str, str]:
    """The secret values of a datastore's credentials by field (`account_key` …); empty for one without."""
    access.require(workspace, "datastores/listsecrets/action", f"datastores/{name}")
    kept = workspace.vault.get(_OWNED + get(workspace, name).name)
    found: dict[str, str] = json.loads(kept) if kept else {}
    return {path.rpartition(".")[2]: text for path, text in found.items()}


def _built_in(workspace: Workspace, name: str) -> ResourceRecord | None:
    if name not in _CONTAINERS:
        return None
    spec: dict[str, Any] = {
        key: value.format(guid=workspace.id.guid) for key, value in _CONTAINERS[name].items()
    } | {"name": name, "account_name": "local", "endpoint": "core.windows.net", "protocol": "https"}  # fmt: skip
    return ResourceRecord("datastore", name, spec, 0.0, 0.0)

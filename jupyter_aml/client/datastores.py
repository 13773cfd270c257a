"""`ml_client.datastores`, `.connections`: SDK v2's operations. Translates; decides nothing."""

from collections.abc import Iterator
from typing import Any

from jupyter_aml.client.absent import AbsentCall
from jupyter_aml.client.assets import context
from jupyter_aml.entities.connection import WorkspaceConnection, connection_of
from jupyter_aml.entities.datastore import Datastore, datastore_of
from jupyter_aml.entities.draft import with_secrets
from jupyter_aml.entities.resource_record import ResourceRecord
from jupyter_aml.operations import connections, datastores
from jupyter_aml.operations.workspaces import Workspace


class DatastoreOperations:
    """Datastores: where data lies, and what it takes to get there."""

    mount = AbsentCall("datastores", "mounts outside of jobs")

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def create_or_update(self, datastore: Datastore) -> Datastore:
        """Register a datastore; its storage is neither made nor looked at. Credentials go to the vault."""
        return self._shown(datastores.create(self._workspace, datastore))

    def get(self, name: str, *, include_secrets: bool = False) -> Datastore:
        """The datastore of that name. ResourceNotFoundError with the nearest name."""
        return self._shown(datastores.get(self._workspace, name), include_secrets=include_secrets)

    def get_default(self, *, include_secrets: bool = False) -> Datastore:
        """The datastore that uploads and outputs go to."""
        return self.get(datastores.default(self._workspace), include_secrets=include_secrets)

    def list(self, *, include_secrets: bool = False) -> Iterator[Datastore]:
        """The user's own, newest first, then the four that every workspace has."""
        found = datastores.every(self._workspace)
        return (self._shown(record, include_secrets=include_secrets) for record in found)

    def delete(self, name: str) -> None:
        """Forget a datastore; what it points to stays."""
        datastores.delete(self._workspace, name)

    def _shown(self, record: ResourceRecord, *, include_secrets: bool = False) -> Datastore:
        fields = _fields(self._workspace, record, "datastores")
        if include_secrets:
            found = datastores.credentials(self._workspace, record.name)
            fields = with_secrets(fields, {f"credentials.{field}": text for field, text in found.items()})
        return datastore_of(fields)


class ConnectionOperations:
    """Connections: other services and what it takes to use them."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def create_or_update(
        self, workspace_connection: WorkspaceConnection, *, populate_secrets: bool = False
    ) -> WorkspaceConnection:
        """Register a connection. Credentials go to the vault."""
        record = connections.create(self._workspace, workspace_connection)
        return self._shown(record, populate_secrets=populate_secrets)

    def get(self, name: str, *, populate_secrets: bool = False) -> WorkspaceConnection:
        """The connection of that name. ResourceNotFoundError with the nearest name."""
        return self._shown(connections.get(self._workspace, name), populate_secrets=populate_secrets)

    def list(
        self, connection_type: str | None = None, *, populate_secrets: bool = False, **_: object
    ) -> Iterator[WorkspaceConnection]:
        """All connections, newest first; of one type if asked."""
        found = connections.every(self._workspace, connection_type)
        return (self._shown(record, populate_secrets=populate_secrets) for record in found)

    def delete(self, name: str) -> None:
        """Forget a connection and its credentials."""
        connections.delete(self._workspace, name)

    def _shown(self, record: ResourceRecord, *, populate_secrets: bool = False) -> WorkspaceConnection:
        fields = _fields(self._workspace, record, "connections")
        if populate_secrets:
            fields = with_secrets(fields, connections.credentials(self._workspace, record.name))
        return connection_of(fields)


def _fields(workspace: Workspace, record: ResourceRecord, collection: str) -> dict[str, Any]:
    identity = f"{workspace.id.arm}/{collection}/{record.name}"
    return {**record.spec, "name": record.name, "id": identity, "creation_context": context(record)}

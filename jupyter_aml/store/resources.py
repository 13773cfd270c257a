"""Resources without versions in the store: datastores, connections, the workspace. Rows in, rows out; no secret."""

import json
import sqlite3

from jupyter_aml.entities.resource_record import ResourceKind, ResourceRecord
from jupyter_aml.store.database import Database, Transaction


def put(connection: Transaction, resource: ResourceRecord) -> None:
    """Create the resource, or replace what is said of it; inside the caller's transaction."""
    connection.execute(
        "INSERT INTO resources (kind, name, spec, created_at, modified_at, created_by) "
        "VALUES (:kind, :name, :spec, :created, :modified, :by) ON CONFLICT (kind, name) "
        "DO UPDATE SET spec = :spec, modified_at = :modified",
        {
            "kind": resource.kind, "name": resource.name, "spec": json.dumps(resource.spec),
            "created": resource.created_at, "modified": resource.modified_at, "by": resource.created_by,
        },
    )  # fmt: skip


def get(database: Database, kind: ResourceKind, name: str) -> ResourceRecord | None:
    """The resource of that name (any case), or None."""
    row = database.connection.execute(
        "SELECT * FROM resources WHERE kind = :kind AND name = :name", {"kind": kind, "name": name}
    ).fetchone()
    return _record(row) if row else None


def select(database: Database, kind: ResourceKind) -> list[ResourceRecord]:
    """All of one kind, newest first."""
    rows = database.connection.execute("SELECT * FROM resources WHERE kind = :kind ORDER BY seq DESC", {"kind": kind})
    return [_record(row) for row in rows]


def delete(connection: Transaction, kind: ResourceKind, name: str) -> None:
    """Forget the resource."""
    connection.execute("DELETE FROM resources WHERE kind = :kind AND name = :name", {"kind": kind, "name": name})


def _record(row: sqlite3.Row) -> ResourceRecord:
    return ResourceRecord(
        kind=row["kind"], name=row["name"], spec=json.loads(row["spec"]), created_at=row["created_at"],
        modified_at=row["modified_at"], created_by=row["created_by"],
    )  # fmt: skip

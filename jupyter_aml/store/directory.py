"""What lies above the workspaces of one home: resource groups, roles, defaults. Rows in, rows out; nobody is judged."""

import json
import sqlite3
import threading
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final

from jupyter_aml.entities.resource_group import ResourceGroup
from jupyter_aml.entities.role import BUILT_IN, Assignment, Role, role_from_json
from jupyter_aml.exceptions import StoreError
from jupyter_aml.store.database import Database, Transaction

DIRECTORY: Final = "directory.db"
"""Its file in a home; there is none before the first write."""
_SCHEMA: Final = Path(__file__).with_suffix(".sql")
_VERSION: Final = 1


class Directory:
    """`directory.db` of a home. What roles say is kept in memory until somebody writes."""

    def __init__(self, home: Path) -> None:
        self.database = Database(home / DIRECTORY, migrate=_migrate)
        self._known = threading.local()

    def granted(self, principal: str) -> Sequence[tuple[Assignment, Role]]:
        """What somebody was given, and the role that it is; read again only after a write (a look costs 3 µs)."""
        # SQLite's own number tells of others' writes, the other one of ours.
        version = self.database.version, self.database.connection.total_changes
        if getattr(self._known, "version", None) != version:
            self._known.granted, self._known.version = self._granted(), version
        return self._known.granted.get(principal.lower(), ())

    def transaction(self) -> AbstractContextManager[Transaction]:
        """All of it or nothing."""
        return self.database.transaction()

    def custom_roles(self) -> list[Role]:
        """The roles that were made here, by name."""
        rows = self.database.connection.execute("SELECT body FROM role_definitions ORDER BY name")
        return [role_from_json(json.loads(row["body"])) for row in rows]

    def assignments(self) -> list[Assignment]:
        """Every assignment, oldest first."""
        rows = self.database.connection.execute("SELECT * FROM role_assignments ORDER BY created_at, id")
        return [Assignment(row["id"], row["principal"], row["role"], row["scope"]) for row in rows]

    def groups(self, subscription: str) -> list[ResourceGroup]:
        """The resource groups of a subscription, by name."""
        rows = self.database.connection.execute(
            "SELECT * FROM resource_groups WHERE subscription = :subscription ORDER BY name",
            {"subscription": subscription},
        )
        return [_group(row) for row in rows]

    def defaults(self) -> dict[str, str]:
        """What the command line takes where nothing is said, by name."""
        rows = self.database.connection.execute("SELECT name, value FROM defaults ORDER BY name")
        return {row["name"]: row["value"] for row in rows}

    def _granted(self) -> Mapping[str, Sequence[tuple[Assignment, Role]]]:
        roles = {role.name.lower(): role for role in (*BUILT_IN, *self.custom_roles())}
        granted: dict[str, list[tuple[Assignment, Role]]] = {}
        for given in self.assignments():
            granted.setdefault(given.principal.lower(), []).append((given, roles[given.role.lower()]))
        return granted


def put_role(connection: Transaction, role: Role) -> None:
    """Make a custom role, or say anew what it permits."""
    connection.execute(
        "INSERT INTO role_definitions (name, body) VALUES (:name, :body) "
        "ON CONFLICT (name) DO UPDATE SET name = :name, body = :body",
        {"name": role.name, "body": json.dumps(role.json())},
    )


def delete_role(connection: Transaction, name: str) -> None:
    """Forget a custom role."""
    connection.execute("DELETE FROM role_definitions WHERE name = :name", {"name": name})


def put_assignment(connection: Transaction, given: Assignment, at: float) -> None:
    """Give a role; giving it again changes nothing."""
    connection.execute(
        "INSERT INTO role_assignments (id, principal, role, scope, created_at) "
        "VALUES (:id, :principal, :role, :scope, :at) ON CONFLICT (principal, role, scope) DO NOTHING",
        {"id": given.id, "principal": given.principal, "role": given.role, "scope": given.scope, "at": at},
    )


def delete_assignment(connection: Transaction, given: Assignment) -> None:
    """Take a role back."""
    connection.execute("DELETE FROM role_assignments WHERE id = :id", {"id": given.id})


def delete_assignments_below(connection: Transaction, scope: str) -> None:
    """Take every role back that was given at a scope or below it."""
    connection.execute(
        "DELETE FROM role_assignments WHERE scope = :scope OR substr(scope, 1, length(:below)) = :below COLLATE NOCASE",
        {"scope": scope, "below": f"{scope}/"},
    )


def put_group(connection: Transaction, group: ResourceGroup) -> None:
    """Make a resource group, or describe it anew."""
    connection.execute(
        "INSERT INTO resource_groups (subscription, name, location, tags, created_at) "
        "VALUES (:subscription, :name, :location, :tags, :at) "
        "ON CONFLICT (subscription, name) DO UPDATE SET location = :location, tags = :tags",
        {
            "subscription": group.subscription, "name": group.name, "location": group.location,
            "tags": json.dumps(dict(group.tags)), "at": group.created_at,
        },
    )  # fmt: skip


def delete_group(connection: Transaction, subscription: str, name: str) -> None:
    """Forget a resource group; the workspaces under it stay where they are."""
    connection.execute(
        "DELETE FROM resource_groups WHERE subscription = :subscription AND name = :name",
        {"subscription": subscription, "name": name},
    )


def put_default(connection: Transaction, name: str, value: str) -> None:
    """Remember a default; an empty one is forgotten."""
    connection.execute("DELETE FROM defaults WHERE name = :name", {"name": name})
    if value:
        connection.execute("INSERT INTO defaults (name, value) VALUES (:name, :value)", {"name": name, "value": value})


def _group(row: sqlite3.Row) -> ResourceGroup:
    return ResourceGroup(row["subscription"], row["name"], row["location"], json.loads(row["tags"]), row["created_at"])


def _migrate(connection: sqlite3.Connection) -> None:
    """A new file gets its tables, once, whoever comes first; a newer one is refused."""
    if (found := _version(connection)) == _VERSION:
        return
    if found > _VERSION:
        message = f"The directory was written by a newer jupyter_aml: schema {found}, this one knows {_VERSION}."
        raise StoreError(message, resolution="Upgrade: pip install --upgrade jupyter_aml")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("BEGIN IMMEDIATE")
    try:
        if _version(connection) == 0:
            _create(connection)
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
    Path(connection.execute("PRAGMA database_list").fetchone()["file"]).chmod(0o600)


def _create(connection: sqlite3.Connection) -> None:
    for statement in _SCHEMA.read_text(encoding="utf-8").split(";\n"):
        if statement.strip():
            connection.execute(statement)
    connection.execute(f"PRAGMA user_version={_VERSION}")


def _version(connection: sqlite3.Connection) -> int:
    return connection.execute("PRAGMA user_version").fetchone()[0]

"""The schema's versions, one small function a step. Old workspaces are brought forward, newer ones are refused."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Final

from jupyter_aml.exceptions import StoreError

SCHEMA: Final = Path(__file__).with_name("schema.sql")


def migrate(connection: sqlite3.Connection) -> None:
    """Bring the file to the newest version, once, whoever comes first."""
    if _version(connection) == len(STEPS):
        return
    _refuse_newer(connection)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("BEGIN IMMEDIATE")
    try:
        for step in STEPS[_version(connection) :]:
            step(connection)
        connection.execute(f"PRAGMA user_version={len(STEPS)}")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
    _close_to_others(connection)


def _new(connection: sqlite3.Connection) -> None:
    """A new file: the schema as it is now. The steps that follow find their work done."""
    for statement in SCHEMA.read_text(encoding="utf-8").split(";\n"):
        if statement.strip():
            connection.execute(statement)


def _assets(connection: sqlite3.Connection) -> None:
    """Version 2: environments become one kind of asset among others; datastores, connections, secrets."""
    if not _has_table(connection, "environments"):
        return
    for table in ("assets", "asset_names", "resources", "secrets"):
        _make(connection, table)
    connection.execute("ALTER TABLE computes ADD COLUMN state TEXT NOT NULL DEFAULT ''")
    connection.execute("ALTER TABLE computes ADD COLUMN operation TEXT NOT NULL DEFAULT '{}'")
    connection.execute("ALTER TABLE computes ADD COLUMN owner TEXT NOT NULL DEFAULT ''")
    connection.execute(
        "INSERT INTO assets (kind, name, version, spec, content, archived, created_at, modified_at) "
        "SELECT 'environment', name, version, spec, content, archived, created_at, created_at "
        "FROM environments ORDER BY seq"
    )
    connection.execute(
        "INSERT INTO asset_names (kind, name, newest, next_version) "
        "SELECT kind, name, max(seq), max(CAST(version AS INTEGER)) + 1 FROM assets GROUP BY kind, name"
    )
    connection.execute("DROP TABLE environments")


STEPS: Final[tuple[Callable[[sqlite3.Connection], None], ...]] = (_new, _assets)


def _make(connection: sqlite3.Connection, table: str) -> None:
    """One table of the schema, with its indexes."""
    for statement in SCHEMA.read_text(encoding="utf-8").split(";\n"):
        if f"CREATE TABLE {table} " in statement or f" ON {table} (" in statement:
            connection.execute(statement)


def _has_table(connection: sqlite3.Connection, name: str) -> bool:
    found = connection.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = :name", {"name": name})
    return found.fetchone() is not None


def _version(connection: sqlite3.Connection) -> int:
    return connection.execute("PRAGMA user_version").fetchone()[0]


def _refuse_newer(connection: sqlite3.Connection) -> None:
    if (found := _version(connection)) > len(STEPS):
        message = f"This workspace was written by a newer jupyter_aml: schema {found}, this one knows {len(STEPS)}."
        raise StoreError(message, resolution="Upgrade: pip install --upgrade jupyter_aml")


def _close_to_others(connection: sqlite3.Connection) -> None:
    path = connection.execute("PRAGMA database_list").fetchone()["file"]
    Path(path).chmod(0o600)

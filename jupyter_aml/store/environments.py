"""Environments in the store: versions that never change. What a specification means is said in `operations`."""

import json
import sqlite3
from dataclasses import dataclass

from jupyter_aml.entities.job_record import Spec
from jupyter_aml.store.database import Database, Transaction


@dataclass(frozen=True, slots=True)
class EnvironmentRecord:
    """One version of an environment. `content` is the hash of what decides the result."""

    name: str
    version: str
    spec: Spec
    content: str
    created_at: float
    archived: bool = False


def put(connection: Transaction, environment: EnvironmentRecord) -> None:
    """A new version, or another description of one that is there; inside the caller's transaction."""
    connection.execute(
        "INSERT INTO environments (name, version, spec, content, created_at) "
        "VALUES (:name, :version, :spec, :content, :at) ON CONFLICT (name, version) DO UPDATE SET spec = :spec",
        {
            "name": environment.name, "version": environment.version, "spec": json.dumps(environment.spec),
            "content": environment.content, "at": environment.created_at,
        },
    )  # fmt: skip


def get(database: Database, name: str, version: str) -> EnvironmentRecord | None:
    """That version, or None."""
    row = database.connection.execute(
        "SELECT * FROM environments WHERE name = :name AND version = :version", {"name": name, "version": version}
    ).fetchone()
    return _record(row) if row else None


def latest(database: Database, name: str) -> EnvironmentRecord | None:
    """The version created last (Azure's `@latest`: by time, not by number), or None."""
    versions = select(database, name)
    return versions[0] if versions else None


def select(database: Database, name: str) -> list[EnvironmentRecord]:
    """All versions of one name, newest first."""
    rows = database.connection.execute(
        "SELECT * FROM environments WHERE name = :name ORDER BY seq DESC", {"name": name}
    )
    return [_record(row) for row in rows]


def names(database: Database) -> list[str]:
    """Every name, the newest first."""
    rows = database.connection.execute(
        "SELECT name, max(seq) AS newest FROM environments GROUP BY name ORDER BY newest DESC"
    )
    return [row["name"] for row in rows]


def _record(row: sqlite3.Row) -> EnvironmentRecord:
    return EnvironmentRecord(
        name=row["name"], version=row["version"], spec=json.loads(row["spec"]), content=row["content"],
        created_at=row["created_at"], archived=bool(row["archived"]),
    )  # fmt: skip

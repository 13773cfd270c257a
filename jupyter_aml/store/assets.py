"""Assets in the store: versions that never change, and the names that hold them. What they mean is said elsewhere."""

import json
import sqlite3
from collections.abc import Iterator
from typing import Final

from jupyter_aml.entities.asset_record import AssetKind, AssetName, AssetRecord, number
from jupyter_aml.store.database import Database, Transaction

_PAGE: Final = 50
"""Rows of the first look at a list: what a person sees of it. Later ones take more."""
_LONGEST_PAGE: Final = 1000
_LATEST: Final = (
    "SELECT version FROM assets AS one WHERE one.kind = names.kind AND one.name = names.name AND one.archived = 0 "
    "ORDER BY one.seq DESC LIMIT 1"
)
_TYPE: Final = "SELECT json_extract(one.spec, '$.type') FROM assets AS one WHERE one.seq = names.newest"
_NAME: Final = f"SELECT *, ({_LATEST}) AS latest, ({_TYPE}) AS type FROM asset_names AS names"


def put(connection: Transaction, asset: AssetRecord, *, anonymous: bool = False) -> None:
    """A new version, inside the caller's transaction; sqlite3.IntegrityError when it is there already."""
    seq = connection.execute(
        "INSERT INTO assets (kind, name, version, spec, content, created_at, modified_at, created_by) "
        "VALUES (:kind, :name, :version, :spec, :content, :created, :modified, :by)",
        {
            "kind": asset.kind, "name": asset.name, "version": asset.version, "spec": json.dumps(asset.spec),
            "content": asset.content, "created": asset.created_at, "modified": asset.modified_at,
            "by": asset.created_by,
        },
    ).lastrowid  # fmt: skip
    following = (number(asset.version) or 0) + 1
    connection.execute(
        "INSERT INTO asset_names (kind, name, newest, next_version, anonymous) "
        "VALUES (:kind, :name, :seq, :next, :anonymous) ON CONFLICT (kind, name) "
        "DO UPDATE SET newest = :seq, next_version = max(next_version, :next)",
        {"kind": asset.kind, "name": asset.name, "seq": seq, "next": following, "anonymous": anonymous},
    )


def describe(connection: Transaction, asset: AssetRecord) -> None:
    """Another description of a version that is there; its content stays what it was."""
    connection.execute(
        "UPDATE assets SET spec = :spec, modified_at = :at WHERE kind = :kind AND name = :name AND version = :version",
        {
            "spec": json.dumps(asset.spec), "at": asset.modified_at,
            "kind": asset.kind, "name": asset.name, "version": asset.version,
        },
    )  # fmt: skip


def get(database: Database, kind: AssetKind, name: str, version: str) -> AssetRecord | None:
    """That version, archived or not, or None."""
    row = database.connection.execute(
        "SELECT * FROM assets WHERE kind = :kind AND name = :name AND version = :version",
        {"kind": kind, "name": name, "version": version},
    ).fetchone()
    return _record(row) if row else None


def latest(database: Database, kind: AssetKind, name: str) -> AssetRecord | None:
    """The version created last (Azure's `@latest`: by time, not by number) of those not archived, or None."""
    return next(select(database, kind, name, page=1), None)


def select(
    database: Database, kind: AssetKind, name: str, *, archived: bool | None = False, page: int = _PAGE
) -> Iterator[AssetRecord]:
    """The versions of one name, newest first, read a page at a time; `archived` None means all of them."""
    shown = "" if archived is None else f"AND archived = {int(archived)}"
    query = (
        f"SELECT * FROM assets WHERE kind = :kind AND name = :name {shown} AND seq < :before "
        "ORDER BY seq DESC LIMIT :page"
    )
    return (_record(row) for row in _pages(database, query, {"kind": kind, "name": name}, "seq", page))


def names(database: Database, kind: AssetKind, *, archived: bool | None = False) -> Iterator[AssetName]:
    """Every name, the one with the newest version first, without those made for one use; read a page at a time."""
    shown = "" if archived is None else f"AND archived = {int(archived)}"
    query = (
        f"{_NAME} WHERE kind = :kind AND anonymous = 0 {shown} AND newest < :before ORDER BY newest DESC LIMIT :page"
    )
    return (_name(row) for row in _pages(database, query, {"kind": kind}, "newest", _PAGE))


def _pages(database: Database, query: str, which: dict[str, str], by: str, page: int) -> Iterator[sqlite3.Row]:
    """The rows of a query that is ordered by a falling number, read as far as somebody looks."""
    before = 1 << 62
    while True:
        rows = database.connection.execute(query, {**which, "before": before, "page": page}).fetchall()
        yield from rows
        if len(rows) < page:
            return
        before, page = rows[-1][by], min(2 * page, _LONGEST_PAGE)


def name(database: Database, kind: AssetKind, named: str) -> AssetName | None:
    """One name, or None."""
    row = database.connection.execute(
        f"{_NAME} WHERE kind = :kind AND name = :name",
        {"kind": kind, "name": named},
    ).fetchone()
    return _name(row) if row else None


def archive(connection: Transaction, kind: AssetKind, name: str, version: str | None, *, archived: bool) -> None:
    """Hide or show one version; without a version, the whole name."""
    table, which = ("asset_names", "") if version is None else ("assets", "AND version = :version")
    connection.execute(
        f"UPDATE {table} SET archived = :archived WHERE kind = :kind AND name = :name {which}",
        {"archived": archived, "kind": kind, "name": name, "version": version},
    )


def remove(connection: Transaction, kind: AssetKind, name: str, version: str) -> None:
    """Take a version away; a name without versions goes too."""
    which = {"kind": kind, "name": name, "version": version}
    connection.execute("DELETE FROM assets WHERE kind = :kind AND name = :name AND version = :version", which)
    connection.execute(
        "DELETE FROM asset_names WHERE kind = :kind AND name = :name "
        "AND NOT EXISTS (SELECT 1 FROM assets WHERE kind = :kind AND name = :name)",
        which,
    )


def _record(row: sqlite3.Row) -> AssetRecord:
    return AssetRecord(
        kind=row["kind"], name=row["name"], version=row["version"], spec=json.loads(row["spec"]),
        created_at=row["created_at"], modified_at=row["modified_at"], content=row["content"],
        created_by=row["created_by"], archived=bool(row["archived"]),
    )  # fmt: skip


def _name(row: sqlite3.Row) -> AssetName:
    return AssetName(
        row["kind"], row["name"], row["latest"] or "", row["next_version"], archived=bool(row["archived"]),
        type=row["type"] or "",
    )  # fmt: skip

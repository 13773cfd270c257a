"""Facts in the store: numbered lines, appended and read, never changed."""

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from jupyter_aml.entities.names import Seq
from jupyter_aml.store.database import Database, Transaction

FactValue: TypeAlias = str | int | float | bool | None
SUPERVISOR: Final = "supervisor"
"""The reader of the wishes."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One change of the world. `at` is in seconds since the epoch."""

    seq: Seq
    at: float
    kind: str
    subject: str
    body: Mapping[str, FactValue]


def append(connection: Transaction, *, at: float, kind: str, subject: str, **body: FactValue) -> Seq:
    """Write one line inside the caller's transaction; its number."""
    cursor = connection.execute(
        "INSERT INTO facts (at, kind, subject, body) VALUES (:at, :kind, :subject, :body)",
        {"at": at, "kind": kind, "subject": subject, "body": json.dumps(body)},
    )
    return Seq(cursor.lastrowid or 0)


def since(database: Database, seq: Seq, *, limit: int = 10_000) -> list[Fact]:
    """The lines after number `seq`, oldest first."""
    rows = database.connection.execute(
        "SELECT * FROM facts WHERE seq > :seq ORDER BY seq LIMIT :limit", {"seq": seq, "limit": limit}
    )
    return [_fact(row) for row in rows]


def wishes(database: Database, seq: Seq, *, limit: int = 10_000) -> list[Fact]:
    """The wishes after number `seq`, oldest first: what the supervisor has yet to read."""
    rows = database.connection.execute(
        "SELECT * FROM facts WHERE seq > :seq AND kind GLOB '*.wished' ORDER BY seq LIMIT :limit",
        {"seq": seq, "limit": limit},
    )
    return [_fact(row) for row in rows]


def story(database: Database, subject: str) -> list[Fact]:
    """Everything that ever happened to one job or compute, oldest first."""
    rows = database.connection.execute(
        "SELECT * FROM facts WHERE subject = :subject ORDER BY seq", {"subject": subject}
    )
    return [_fact(row) for row in rows]


def of_kinds(database: Database, subject: str, kinds: Iterable[str]) -> list[Fact]:
    """The lines of these kinds about one job or compute, oldest first: a few among its thousands."""
    rows = database.connection.execute(
        "SELECT * FROM facts WHERE subject = :subject AND kind IN (SELECT value FROM json_each(:kinds)) ORDER BY seq",
        {"subject": subject, "kinds": json.dumps(list(kinds))},
    )
    return [_fact(row) for row in rows]


def last(database: Database, subject: str, kind: str) -> Fact | None:
    """The newest line of that kind about one job or compute, or None."""
    row = database.connection.execute(
        "SELECT * FROM facts WHERE subject = :subject AND kind = :kind ORDER BY seq DESC LIMIT 1",
        {"subject": subject, "kind": kind},
    ).fetchone()
    return _fact(row) if row else None


def last_of(database: Database, subject: str, kinds: Iterable[str]) -> Fact | None:
    """The newest line of any of these kinds about one subject, or None: found from the end, however long its story."""
    row = database.connection.execute(
        "SELECT * FROM facts WHERE subject = :subject AND kind IN (SELECT value FROM json_each(:kinds)) "
        "ORDER BY seq DESC LIMIT 1",
        {"subject": subject, "kinds": json.dumps(list(kinds))},
    ).fetchone()
    return _fact(row) if row else None


def last_wish(database: Database, subject: str) -> Fact | None:
    """The newest wish about one job or compute, or None."""
    row = database.connection.execute(
        "SELECT * FROM facts WHERE subject = :subject AND kind GLOB '*.wished' ORDER BY seq DESC LIMIT 1",
        {"subject": subject},
    ).fetchone()
    return _fact(row) if row else None


def _fact(row: sqlite3.Row) -> Fact:
    return Fact(Seq(row["seq"]), row["at"], row["kind"], row["subject"], json.loads(row["body"]))


def cursor(database: Database, reader: str) -> Seq:
    """The last number that `reader` has dealt with."""
    row = database.connection.execute("SELECT seq FROM cursors WHERE reader = :r", {"r": reader}).fetchone()
    return Seq(row["seq"] if row else 0)


def move_cursor(connection: Transaction, reader: str, seq: Seq) -> None:
    """Remember, inside the caller's transaction, that `reader` has dealt with everything up to `seq`."""
    connection.execute(
        "INSERT INTO cursors (reader, seq) VALUES (:r, :seq) ON CONFLICT (reader) DO UPDATE SET seq = :seq",
        {"r": reader, "seq": seq},
    )

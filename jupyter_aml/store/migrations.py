"""The schema's versions, one small function a step. Old workspaces are brought forward, newer ones are refused."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Final

from jupyter_aml.exceptions import StoreError

SCHEMA: Final = Path(__file__).with_name("schema.sql")


def _version_1(connection: sqlite3.Connection) -> None:
    for statement in SCHEMA.read_text(encoding="utf-8").split(";\n"):
        if statement.strip():
            connection.execute(statement)


STEPS: Final[tuple[Callable[[sqlite3.Connection], None], ...]] = (_version_1,)


def migrate(connection: sqlite3.Connection) -> None:
    """Bring the file to the newest version, once, whoever comes first."""
    if _version(connection) == len(STEPS):
        return
    _refuse_newer(connection)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("BEGIN IMMEDIATE")
    try:
        for number in range(_version(connection), len(STEPS)):
            STEPS[number](connection)
            connection.execute(f"PRAGMA user_version={number + 1}")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
    _close_to_others(connection)


def _version(connection: sqlite3.Connection) -> int:
    return connection.execute("PRAGMA user_version").fetchone()[0]


def _refuse_newer(connection: sqlite3.Connection) -> None:
    if (found := _version(connection)) > len(STEPS):
        message = f"This workspace was written by a newer jupyter_aml: schema {found}, this one knows {len(STEPS)}."
        raise StoreError(message, resolution="Upgrade: pip install --upgrade jupyter_aml")


def _close_to_others(connection: sqlite3.Connection) -> None:
    path = connection.execute("PRAGMA database_list").fetchone()["file"]
    Path(path).chmod(0o600)

"""The workspace's SQLite file: connections and transactions. What the rows mean is said elsewhere."""

import os
import sqlite3
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TypeAlias

from jupyter_aml.exceptions import StoreError
from jupyter_aml.store.migrations import migrate

Transaction: TypeAlias = sqlite3.Connection
"""A connection inside `transaction`: what is written through it is written all or not at all."""


class Database:
    """One file, one connection for each thread and process. WAL: it must stay on one host."""

    def __init__(self, path: Path, *, migrate: Callable[[sqlite3.Connection], None] = migrate) -> None:
        self.path = path
        self._own, self._is_made = threading.local(), False
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            migrate(self.connection)
        except sqlite3.DatabaseError as error:
            raise _unusable(path, error) from error
        self._is_made = True

    @property
    def connection(self) -> sqlite3.Connection:
        """This thread's connection; after a fork a new one, as SQLite demands.

        StoreError when the file is gone: SQLite would go on writing into what nobody can open any more.
        """
        if getattr(self._own, "pid", None) != os.getpid():
            if hasattr(self._own, "connection"):
                _INHERITED.append(self._own.connection)
            self._open()
        elif not self._own.connection.in_transaction and _identity(self.path) != self._own.file:
            self.close()  # another file of that name is another workspace
            self._open()
        return self._own.connection

    def _open(self) -> None:
        if self._is_made and not self.path.exists():
            message = f"'{self.path}' is gone: the workspace was deleted after it was opened here."
            raise StoreError(message, resolution="Create it again, or make a client of another one.")
        self._own.connection, self._own.pid = _connect(self.path), os.getpid()
        self._own.file = _identity(self.path)

    @contextmanager
    def transaction(self) -> Generator[sqlite3.Connection]:
        """All of it or nothing: one wish, or the facts of one turn of the supervisor."""
        connection = self.connection
        try:
            connection.execute("BEGIN IMMEDIATE")
            yield connection
            connection.execute("COMMIT")
        except sqlite3.OperationalError as error:
            connection.rollback()
            raise _unusable(self.path, error) from error
        except BaseException:
            connection.rollback()
            raise

    @property
    def version(self) -> int:
        """Changes whenever another connection has written: the portable doorbell (3 µs a look)."""
        return self.connection.execute("PRAGMA data_version").fetchone()[0]

    def close(self) -> None:
        """Give this thread's connection back."""
        if getattr(self._own, "pid", None) == os.getpid():
            self._own.connection.close()
            self._own.pid = None


_INHERITED: Final[list[sqlite3.Connection]] = []
"""A parent's connections, in a forked child: SQLite forbids to close them there, so they stay referenced."""


def _identity(path: Path) -> tuple[int, int]:
    """Which file lies there now. The number of one that is open is given to no other."""
    try:
        found = os.stat(path)  # noqa: PTH116 - on the way of every read: 1 µs, Path.stat takes 3
    except FileNotFoundError:
        return 0, 0
    return found.st_dev, found.st_ino


def _unusable(path: Path, error: sqlite3.DatabaseError) -> StoreError:
    return StoreError(
        f"'{path}' cannot be used as the workspace's database: {error}.",
        resolution="If it is locked, close what holds it; if it is damaged, restore the file from a copy.",
    )


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    # NORMAL in WAL: a killed process loses nothing, a power cut may lose the last commits but never the order.
    connection.execute("PRAGMA synchronous=NORMAL")
    return connection

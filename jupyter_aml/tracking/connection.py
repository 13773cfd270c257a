"""Connections to the tracking database: one per thread and process. Nothing about runs is known here."""

import os
import random
import sqlite3
import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

from jupyter_aml.exceptions import StoreError

T = TypeVar("T")

PATIENCE_S: Final = 60.0
# SQLite's own busy handler backs off to naps of 100 ms and lets a waiter starve: of 8 writers the slowest
# call took 1.3-2.0 s, with these short random naps 0.1-0.2 s. Shorter ones make the writers' caches useless.
NAPS_S: Final = (0.001, 0.010)
# NORMAL in WAL: a commit outlives the process that made it; only a power cut may take the last ones.
# 4000 pages of our 1 kB (`schema.PAGE`) are the 4 MB after which SQLite tidies up by default.
TUNING: Final = ("PRAGMA synchronous = NORMAL", "PRAGMA wal_autocheckpoint = 4000")


class Connections:
    """SQLite connections to `db`; a forked child and every thread get their own."""

    def __init__(self, db: Path) -> None:
        self.db = db
        # Those of a parent process stay referenced and are never closed here: closing an inherited
        # connection is what SQLite forbids after a fork.
        self._open: dict[tuple[int, int], sqlite3.Connection] = {}

    def get(self) -> sqlite3.Connection:
        """This thread's connection, in autocommit mode."""
        owner = (os.getpid(), threading.get_ident())
        return self._open.get(owner) or self._open.setdefault(owner, _connect(self.db))

    @contextmanager
    def writing(self) -> Generator[sqlite3.Connection]:
        """One transaction that holds the write lock from its first line; all of it is kept or none."""
        connection = self.get()
        try:
            patiently(lambda: connection.execute("BEGIN IMMEDIATE"))
            yield connection
            connection.execute("COMMIT")
        except BaseException:
            connection.rollback()
            raise

    def read(self, query: str, *values: object) -> list[tuple[object, ...]]:
        """The rows of one query."""
        connection = self.get()
        return patiently(lambda: connection.execute(query, values).fetchall())

    def stream(self, query: str, *values: object) -> Iterator[tuple[object, ...]]:
        """The same rows one by one, however many there are; those that come to be meanwhile are not among them."""
        connection = self.get()
        return patiently(lambda: connection.execute(query, values))

    def close(self) -> None:
        """Close what this process opened; the next use opens anew."""
        for owner in [owner for owner in list(self._open) if owner[0] == os.getpid()]:
            self._open.pop(owner).close()


def patiently(call: Callable[[], T]) -> T:
    """What `call` returns, asked again while another connection holds the lock it needs.

    Raises: sqlite3.OperationalError when the lock is still held after a minute, or for any other reason.
    """
    until = time.monotonic() + PATIENCE_S
    while True:
        try:
            return call()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
        time.sleep(random.uniform(*NAPS_S))


def _connect(db: Path) -> sqlite3.Connection:
    if not db.exists():
        raise StoreError(f"There is no tracking database '{db}'.", resolution="Open the workspace: that makes one.")
    # mode=rw: a file that vanishes just now is an error too, not a new and empty one.
    connection = sqlite3.connect(
        f"{db.absolute().as_uri()}?mode=rw", uri=True, timeout=0, isolation_level=None, check_same_thread=False
    )
    for pragma in TUNING:
        patiently(partial(connection.execute, pragma))  # it reads the file: whoever opens or recovers it may hold it
    return connection

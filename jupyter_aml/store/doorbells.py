"""Has anybody written to a database file? Asked for microseconds, from any thread; no row is read here."""

import os
import sqlite3
from collections import OrderedDict
from pathlib import Path
from threading import Lock
from typing import Final, TypeAlias

Ring: TypeAlias = tuple[int, int, int]
_MOST: Final = 16
_NOBODY: Final = (0, 0, 0)
_LOCK: Final = Lock()
_OPEN: Final[OrderedDict[tuple[int, int, int], sqlite3.Connection]] = OrderedDict()
_INHERITED: Final[list[sqlite3.Connection]] = []
"""A parent's, in a forked child: SQLite forbids to close them there, so they stay referenced."""


def ring(path: Path) -> Ring:
    """Changes whenever somebody has written to the file, or put another in its place; the same for one that is gone.

    Within one process. One connection is asked, whichever thread asks: the numbers of two do not compare.
    """
    try:
        found = os.stat(path)  # noqa: PTH116 - asked many times a second: 1 µs, Path.stat takes 3
    except FileNotFoundError:
        return _NOBODY
    with _LOCK:
        version = _connection(path, found).execute("PRAGMA data_version").fetchone()[0]
    return found.st_dev, found.st_ino, version


def _connection(path: Path, found: os.stat_result) -> sqlite3.Connection:
    which = (os.getpid(), found.st_dev, found.st_ino)
    if which not in _OPEN:
        _make_room()
        uri = f"{path.absolute().as_uri()}?mode=rw"
        _OPEN[which] = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
    _OPEN.move_to_end(which)
    return _OPEN[which]


def _make_room() -> None:
    while len(_OPEN) >= _MOST:
        (owner, *_), oldest = _OPEN.popitem(last=False)
        if owner == os.getpid():
            oldest.close()
        else:
            _INHERITED.append(oldest)

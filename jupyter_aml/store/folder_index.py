"""What folders looked like when their files were last read, so that unchanged ones are not read again. No content."""

import json
import os
from pathlib import Path
from typing import Final, TypeAlias, cast

from jupyter_aml.store.database import Database

Index: TypeAlias = dict[str, list[str | int]]
"""What is known of a folder's files: their marks, then the SHA-256 of their content."""

_COARSE: Final = 2_000_000_000
"""Nanoseconds: file systems with whole-second times (FAT, some network mounts) are trusted only after two."""
_FINE: Final = 20_000_000
"""Nanoseconds: a file changed within one kernel tick of the look may change again with the same time."""


class FolderIndex:
    """The workspace's memory of folders, by their real path."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def known(self, folder: Path) -> Index:
        """What was known of the folder's files when they were last read."""
        row = self._database.connection.execute(
            "SELECT body FROM folder_index WHERE path = :path", {"path": _key(folder)}
        ).fetchone()
        return cast("Index", json.loads(row["body"])) if row else {}

    def remember(self, folder: Path, index: Index) -> None:
        """Keep what is known now, instead of what was."""
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO folder_index VALUES (:path, :body) ON CONFLICT (path) DO UPDATE SET body = :body",
                {"path": _key(folder), "body": json.dumps(index, separators=(",", ":"))},
            )


def mark(stat: os.stat_result) -> list[str | int]:
    """What changes when a file does. `cp -p` and `touch -d` set the first time back; nobody sets the second."""
    return [stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino]


def settled(stat: os.stat_result, looked_at: int) -> bool:
    """Whether a file that was looked at then (ns) can be known again by its mark."""
    changed = max(stat.st_mtime_ns, stat.st_ctime_ns)
    return looked_at - changed > (_COARSE if changed % 1_000_000_000 == 0 else _FINE)


def _key(folder: Path) -> bytes:
    """The folder's own path as SQLite can hold it, whatever bytes it is made of."""
    return os.fsencode(os.path.realpath(folder))

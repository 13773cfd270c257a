"""Frozen folders: a manifest of names and hashes over content kept once. Folders in, ids out; nothing is run."""

import hashlib
import json
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

from jupyter_aml.entities.names import BlobHash, SnapshotId
from jupyter_aml.exceptions import AssetPathException, EmptyDirectoryError
from jupyter_aml.store import ignore
from jupyter_aml.store.blobs import Blobs, write_whole
from jupyter_aml.store.database import Database

_COARSE: Final = 2_000_000_000
"""Nanoseconds: file systems with whole-second times (FAT, some network mounts) are trusted only after two."""
_FINE: Final = 20_000_000
"""Nanoseconds: a file changed within one kernel tick of the look may change again with the same time."""


@dataclass(frozen=True, slots=True)
class SnapshotFile:
    """One file of a snapshot: its path with '/', the hash of its content, its mode bits and its size in bytes."""

    path: str
    blob: BlobHash
    mode: int
    size: int


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A folder as it was. Equal content gives an equal id."""

    id: SnapshotId
    files: tuple[SnapshotFile, ...]


class Snapshots:
    """The workspace's frozen folders."""

    def __init__(self, database: Database, blobs: Blobs, root: Path) -> None:
        self._database, self.blobs, self._root = database, blobs, root

    def manifest(self, snapshot: SnapshotId) -> Path:
        """The file that lists a snapshot; the runner reads it."""
        return self._root / f"{snapshot}.json"

    def freeze(self, folder: Path) -> Snapshot:
        """Keep `folder` as it is now. Unchanged files are recognised by size, time and inode and not read again.

        AssetPathException: no such folder. EmptyDirectoryError: nothing in it after its ignore file.
        """
        known = self._index(folder)
        index: dict[str, list[str | int]] = {}
        frozen: list[SnapshotFile] = []
        looked_at = time.time_ns()
        for path, stat in _files(folder):
            mark = [stat.st_size, stat.st_mtime_ns, stat.st_ino]
            entry = known.get(path)
            blob = entry[3] if entry and entry[:3] == mark else self.blobs.keep(folder / path)
            frozen.append(SnapshotFile(path, BlobHash(str(blob)), stat.st_mode & 0o777, stat.st_size))
            if _settled(stat.st_mtime_ns, looked_at):
                index[path] = [*mark, str(blob)]
        if not frozen:
            raise EmptyDirectoryError(
                f"Directory {folder} is empty. path or local_path must be a non-empty directory.",
                resolution="Put the code there, or look at its .amlignore / .gitignore.",
            )
        if index != known:
            self._remember(folder, index)
        return self._keep(tuple(frozen))

    def read(self, snapshot: SnapshotId) -> Snapshot:
        """The files of a snapshot."""
        rows = cast("dict[str, list[list[str | int]]]", json.loads(self.manifest(snapshot).read_text()))["files"]
        files = (SnapshotFile(str(p), BlobHash(str(h)), int(m), int(s)) for p, h, m, s in rows)
        return Snapshot(snapshot, tuple(files))

    def text(self, snapshot: Snapshot, path: str) -> str | None:
        """One file's text, or None when the snapshot has no such file."""
        found = next((file for file in snapshot.files if file.path == path), None)
        return self.blobs.path(found.blob).read_text(encoding="utf-8", errors="replace") if found else None

    def _keep(self, files: tuple[SnapshotFile, ...]) -> Snapshot:
        rows = [[file.path, file.blob, file.mode, file.size] for file in sorted(files, key=lambda file: file.path)]
        text = json.dumps({"files": rows}, separators=(",", ":")).encode()
        snapshot = SnapshotId(hashlib.sha256(text).hexdigest()[:40])
        if not self.manifest(snapshot).exists():
            write_whole(self.manifest(snapshot), text)
        return Snapshot(snapshot, files)

    def _index(self, folder: Path) -> Mapping[str, list[str | int]]:
        row = self._database.connection.execute(
            "SELECT body FROM folder_index WHERE path = :path", {"path": os.path.realpath(folder)}
        ).fetchone()
        return cast("dict[str, list[str | int]]", json.loads(row["body"])) if row else {}

    def _remember(self, folder: Path, index: Mapping[str, list[str | int]]) -> None:
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO folder_index VALUES (:path, :body) ON CONFLICT (path) DO UPDATE SET body = :body",
                {"path": os.path.realpath(folder), "body": json.dumps(index, separators=(",", ":"))},
            )


def _files(folder: Path) -> list[tuple[str, os.stat_result]]:
    if not folder.is_dir():
        raise AssetPathException(
            f"No such file or directory: {folder}", resolution=f"Paths are taken from {Path.cwd()}."
        )
    return list(ignore.files(folder))


def _settled(changed: int, looked_at: int) -> bool:
    return looked_at - changed > (_COARSE if changed % 1_000_000_000 == 0 else _FINE)

"""Frozen folders: a manifest of names and hashes over content kept once. Folders in, ids out; nothing is run."""

import hashlib
import json
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias, cast

from jupyter_aml.entities.names import BlobHash, SnapshotId
from jupyter_aml.exceptions import AssetPathException, EmptyDirectoryError
from jupyter_aml.store import ignore
from jupyter_aml.store.blobs import Blobs, write_whole
from jupyter_aml.store.database import Database

Index: TypeAlias = dict[str, list[str | int]]
"""What is known of a folder's files: their marks, then the hash of their content."""

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
        """Keep `folder` as it is now. Unchanged files are recognised by size, times and inode and not read again.

        A file that vanishes meanwhile is left out; so is the workspace itself, when it lies in the folder.

        AssetPathException: no such folder, or a file that cannot be read.
        EmptyDirectoryError: nothing in it after its ignore file.
        """
        self.check(folder)
        known = self._index(folder)
        look = _Look(self.blobs, known, time.time_ns())
        listed = list(self._files(folder))
        frozen = [file for path, stat in listed if (file := look.at(folder, path, stat))]
        if look.index != known:
            self._remember(folder, look.index)
        return self._keep(tuple(frozen))

    def check(self, folder: Path) -> None:
        """Raise what `freeze` would raise of a folder that is missing or empty; nothing is kept or read."""
        if not folder.is_dir():
            raise AssetPathException(
                f"No such file or directory: {folder}", resolution=f"Paths are taken from {Path.cwd()}."
            )
        if next(self._files(folder), None) is None:
            raise EmptyDirectoryError(
                f"Directory {folder} is empty. path or local_path must be a non-empty directory.",
                resolution="Put the code there, or look at its .amlignore / .gitignore.",
            )

    def _files(self, folder: Path) -> Iterator[tuple[str, os.stat_result]]:
        try:
            yield from ignore.files(folder, left_out=self._root.parent)
        except OSError as error:
            raise _unreadable(folder, error) from error

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
        manifest = self.manifest(snapshot)
        if not (manifest.exists() and manifest.stat().st_size == len(text)):
            write_whole(manifest, text)
        return Snapshot(snapshot, files)

    def _index(self, folder: Path) -> Index:
        row = self._database.connection.execute(
            "SELECT body FROM folder_index WHERE path = :path", {"path": _key(folder)}
        ).fetchone()
        return cast("Index", json.loads(row["body"])) if row else {}

    def _remember(self, folder: Path, index: Index) -> None:
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO folder_index VALUES (:path, :body) ON CONFLICT (path) DO UPDATE SET body = :body",
                {"path": _key(folder), "body": json.dumps(index, separators=(",", ":"))},
            )


class _Look:
    """One look at a folder: what was known of its files before, and what will be known after."""

    def __init__(self, blobs: Blobs, known: Index, at: int) -> None:
        self._blobs, self._known, self._at = blobs, known, at
        self.index: Index = {}

    def at(self, folder: Path, path: str, stat: os.stat_result) -> SnapshotFile | None:
        """The file as it is kept now; None when it has vanished."""
        mark = _mark(stat)
        entry = self._known.get(path)
        if entry and entry[:-1] == mark and self._blobs.holds(str(entry[-1]), stat.st_size):
            blob, size = BlobHash(str(entry[-1])), stat.st_size
        else:
            try:
                kept = self._blobs.keep(folder / path)
            except FileNotFoundError:
                return None
            except OSError as error:
                raise _unreadable(folder / path, error) from error
            blob, size, mark, stat = kept.blob, kept.size, _mark(kept.stat), kept.stat
        if size == stat.st_size and _settled(stat, self._at):
            self.index[path] = [*mark, blob]
        return SnapshotFile(path, blob, stat.st_mode & 0o777, size)


def _mark(stat: os.stat_result) -> list[str | int]:
    """What changes when a file does. `cp -p` and `touch -d` set the first time back; nobody sets the second."""
    return [stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino]


def _key(folder: Path) -> bytes:
    """The folder's own path as SQLite can hold it, whatever bytes it is made of."""
    return os.fsencode(os.path.realpath(folder))


def _unreadable(path: Path, error: OSError) -> AssetPathException:
    return AssetPathException(
        f"{error.filename or path} cannot be read: {error.strerror}.",
        resolution="Make it readable, or leave it out with .amlignore.",
    )


def _settled(stat: os.stat_result, looked_at: int) -> bool:
    changed = max(stat.st_mtime_ns, stat.st_ctime_ns)
    return looked_at - changed > (_COARSE if changed % 1_000_000_000 == 0 else _FINE)

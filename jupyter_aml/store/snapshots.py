"""Frozen folders: a manifest of names and hashes over content kept once. Folders in, ids out; nothing is run."""

import hashlib
import json
import os
import re
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

from jupyter_aml.entities.names import BlobHash, SnapshotId
from jupyter_aml.exceptions import AssetPathException, EmptyDirectoryError
from jupyter_aml.store import ignore
from jupyter_aml.store.blobs import Blobs, write_whole
from jupyter_aml.store.database import Database
from jupyter_aml.store.folder_index import FolderIndex, Index, mark, settled

_ID: Final = re.compile(r"[0-9a-f]{40}")


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
        self._index, self.blobs, self._root = FolderIndex(database), blobs, root

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
        known = self._index.known(folder)
        look = _Look(self.blobs, known, time.time_ns())
        listed = list(self._files(folder))
        frozen = [file for path, stat in listed if (file := look.at(folder, path, stat))]
        if look.index != known:
            self._index.remember(folder, look.index)
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

    def holds(self, snapshot: str) -> bool:
        """Whether a snapshot has that id."""
        return _ID.fullmatch(snapshot) is not None and self.manifest(SnapshotId(snapshot)).is_file()

    def read(self, snapshot: SnapshotId) -> Snapshot:
        """The files of a snapshot."""
        rows = cast("dict[str, list[list[str | int]]]", json.loads(self.manifest(snapshot).read_text()))["files"]
        files = (SnapshotFile(str(p), BlobHash(str(h)), int(m), int(s)) for p, h, m, s in rows)
        return Snapshot(snapshot, tuple(files))

    def text(self, snapshot: Snapshot, path: str) -> str | None:
        """One file's text, or None when the snapshot has no such file."""
        found = next((file for file in snapshot.files if file.path == path), None)
        return self.blobs.path(found.blob).read_text(encoding="utf-8", errors="replace") if found else None

    def restore(self, snapshot: SnapshotId, folder: Path) -> None:
        """A writable copy of a snapshot's files in `folder`."""
        for file in self.read(snapshot).files:
            target = folder / file.path
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(self.blobs.path(file.blob), target)
            target.chmod(file.mode | 0o600)

    def _keep(self, files: tuple[SnapshotFile, ...]) -> Snapshot:
        rows = [[file.path, file.blob, file.mode, file.size] for file in sorted(files, key=lambda file: file.path)]
        text = json.dumps({"files": rows}, separators=(",", ":")).encode()
        snapshot = SnapshotId(hashlib.sha256(text).hexdigest()[:40])
        manifest = self.manifest(snapshot)
        if not (manifest.exists() and manifest.stat().st_size == len(text)):
            write_whole(manifest, text)
        return Snapshot(snapshot, files)


class _Look:
    """One look at a folder: what was known of its files before, and what will be known after."""

    def __init__(self, blobs: Blobs, known: Index, at: int) -> None:
        self._blobs, self._known, self._at = blobs, known, at
        self.index: Index = {}

    def at(self, folder: Path, path: str, stat: os.stat_result) -> SnapshotFile | None:
        """The file as it is kept now; None when it has vanished."""
        seen = mark(stat)
        entry = self._known.get(path)
        if entry and entry[:-1] == seen and self._blobs.holds(str(entry[-1]), stat.st_size):
            blob, size = BlobHash(str(entry[-1])), stat.st_size
        else:
            try:
                kept = self._blobs.keep(folder / path)
            except FileNotFoundError:
                return None
            except OSError as error:
                raise _unreadable(folder / path, error) from error
            blob, size, seen, stat = kept.blob, kept.size, mark(kept.stat), kept.stat
        if size == stat.st_size and settled(stat, self._at):
            self.index[path] = [*seen, blob]
        return SnapshotFile(path, blob, stat.st_mode & 0o777, size)


def _unreadable(path: Path, error: OSError) -> AssetPathException:
    return AssetPathException(
        f"{error.filename or path} cannot be read: {error.strerror}.",
        resolution="Make it readable, or leave it out with .amlignore.",
    )

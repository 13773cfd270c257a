"""Local files into a datastore, once for each content (§3.5). Nothing is registered here."""

import hashlib
import os
import secrets
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from jupyter_aml.data.progress import Bar, warn_of_size
from jupyter_aml.data.storage import Progress, Storage, below
from jupyter_aml.exceptions import AssetPathException, EmptyDirectoryError
from jupyter_aml.store import ignore
from jupyter_aml.store.folder_index import FolderIndex, Index, mark, settled

Show: TypeAlias = Callable[[str, str, int], Progress]
"""From a verb, a name and a number of bytes to what is told of the progress."""

_FOLDER: Final = "LocalUpload"
_READ_ONLY: Final = 0o444


def check(source: Path) -> None:
    """Accept a file, or a folder that holds something.

    Raises AssetPathException for a missing path, EmptyDirectoryError for a folder with nothing in it.
    """
    if source.is_file():
        return
    if not source.is_dir():
        raise AssetPathException(
            f"No such file or directory: {source}", resolution=f"Paths are taken from {Path.cwd()}."
        )
    if next(ignore.files(source), None) is None:
        message = f"Directory {source} is empty. path or local_path must be a non-empty directory."
        raise EmptyDirectoryError(message)


@dataclass(frozen=True, slots=True)
class Uploader:
    """Uploads of one workspace: its folder, which no upload contains, and what is known of folders read before."""

    workspace: Path
    index: FolderIndex | None = None
    show: Show = Bar

    def upload(self, source: Path, store: Path | Storage) -> str:
        """Copy a file or folder to `LocalUpload/<hash>/<name>` in a datastore; that path, a folder's with a final '/'.

        Equal names and bytes give the equal path and are copied once; files that did not change since they were
        uploaded are not read again. Raises what `check` and `Storage` raise.
        """
        check(source)
        name = source.resolve().name if source.name in {"", ".."} else source.name
        try:
            target = self._stored(_Content(source, name, self.workspace), store)
        except OSError as error:
            message = f"{error.filename or source} cannot be uploaded: {error.strerror}."
            resolution = "Make it readable, or leave it out with .amlignore."
            raise AssetPathException(message, resolution=resolution) from error
        return target + "/" if source.is_dir() else target

    def _stored(self, content: "_Content", store: Path | Storage) -> str:
        target = content.target(self.index)
        if isinstance(store, Storage):
            self._send(content, target, store)
        elif not (store / target).exists():
            target = self._copy_whole(content, store)
        return target

    def _copy_whole(self, content: "_Content", store: Path) -> str:
        """The target appears complete or not at all; whoever comes second finds it.

        It is named by the hash of the copy: the source may have changed since it was looked at.
        """
        beside = store / _FOLDER / f".{secrets.token_hex(8)}"
        told, done = self._told(content, "Make a datastore of type 'local' of its folder, to read it where it is."), 0
        try:
            for count, (path, stat) in enumerate(content.files.items(), 1):
                destination = below(beside / content.name, path)
                destination.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(below(content.source, path), destination)
                destination.chmod(_READ_ONLY)
                done += stat.st_size
                told(done, count)
            copy = _Content(beside / content.name, content.name, self.workspace, content.files)
            target = copy.target(None)
            if not (store / target).exists():
                _rename(beside, (store / target).parent)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
        return target

    def _send(self, content: "_Content", target: str, store: Storage) -> None:
        """What is not there yet, or not whole, so that an upload that was cut off is completed by the next."""
        files = store.open()
        there = {file.path: file.size for file in files.found(target)}
        missing = [path for path, stat in content.files.items() if there.get(path) != stat.st_size]
        if not missing:
            return
        told = self._told(content, "If it is slow, use AzCopy: https://aka.ms/downloadazcopy.")
        start = content.size - sum(content.files[path].st_size for path in missing)
        pairs = [(f"{target}/{path}".rstrip("/"), below(content.source, path)) for path in missing]
        files.send(pairs, lambda done, count: told(start + done, count))
        if _Content(content.source, content.name, self.workspace).target(self.index) != target:
            raise AssetPathException(
                f"{content.source} changed while it was uploaded.", resolution="Upload it again when it is complete."
            )

    def _told(self, content: "_Content", advice: str) -> Progress:
        warn_of_size(content.size, advice)
        return self.show("Uploading", content.name, content.size)


class _Content:
    """A file or folder as it was looked at: its files by path ('' for a file itself), and the place that they give."""

    def __init__(
        self, source: Path, name: str, workspace: Path, files: dict[str, os.stat_result] | None = None
    ) -> None:
        self.source, self.name = source, name
        self._looked_at = time.time_ns()
        self.files = _files(source, workspace) if files is None else files
        self.size = sum(stat.st_size for stat in self.files.values())

    def target(self, index: FolderIndex | None) -> str:
        """`LocalUpload/<hash>/<name>`; files that `index` knows are not read."""
        # The name and the kind count too: a file `d.csv` is not a folder that holds only `d.csv`.
        digest = hashlib.sha256(os.fsencode(self.name) + (b"\0" if "" in self.files else b"/\0"))
        known = index.known(self.source) if index else {}
        now: Index = {}
        for path, stat in self.files.items():
            content = self._hash(path, stat, known.get(path), now)
            digest.update(os.fsencode(path) + b"\0" + bytes.fromhex(content))
        if index and now != known:
            index.remember(self.source, now)
        return f"{_FOLDER}/{digest.hexdigest()[:32]}/{self.name}"

    def _hash(self, path: str, stat: os.stat_result, known: list[str | int] | None, now: Index) -> str:
        seen = mark(stat)
        if known and known[:-1] == seen:
            content = str(known[-1])
        else:
            with below(self.source, path).open("rb") as file:
                content = hashlib.file_digest(file, "sha256").hexdigest()
        if settled(stat, self._looked_at):
            now[path] = [*seen, content]
        return content


def _files(source: Path, workspace: Path) -> dict[str, os.stat_result]:
    """The files below a folder, sorted whatever their case; of a file, itself under the empty path."""
    if source.is_file():
        return {"": source.stat()}
    return dict(sorted(ignore.files(source, left_out=workspace), key=lambda file: file[0].lower()))


def _rename(beside: Path, target: Path) -> None:
    try:
        beside.rename(target)
    except OSError:
        if not target.exists():
            raise

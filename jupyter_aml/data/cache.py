"""Copies of what lies elsewhere: each state of a remote file or folder once, whole and read-only. Nothing is chosen."""

import fcntl
import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol, cast

from jupyter_aml.data.storage import Progress, RemoteFile, below

_READ_ONLY: Final = 0o444
_LISTING: Final = "files.json"


class Source(Protocol):
    """A file or folder elsewhere: its address, its name, what is in it now, and its bytes."""

    @property
    def address(self) -> str: ...
    @property
    def name(self) -> str: ...
    def files(self) -> Sequence[RemoteFile]: ...
    def bring(self, files: Sequence[RemoteFile], folder: Path, progress: Progress) -> None: ...


@dataclass(frozen=True, slots=True)
class Cache:
    """`<root>/<address>/<state>/<name>`: a state is never changed, so a job that reads one is not disturbed."""

    root: Path

    def fetch(self, source: Source, show: Callable[[str, int], Progress]) -> Path | None:
        """The copy of `source` as it is now; what an earlier copy has is not brought again. None: nothing is there.

        `show` is asked, by name and bytes, for whom to tell of the progress, and only when something is brought.
        """
        files = source.files()
        if not files:
            return None
        place = self.root / _hash(source.address)
        state = place / _hash(json.dumps([[file.path, file.size, file.mark] for file in files]))
        target = state / source.name
        if not target.exists():
            with _alone(place):
                if not target.exists():  # another may have been first
                    _bring(source, files, state, show)
        return target


def _bring(source: Source, files: Sequence[RemoteFile], state: Path, show: Callable[[str, int], Progress]) -> None:
    beside = state.parent / f".{secrets.token_hex(8)}"
    try:
        (beside / source.name).parent.mkdir(parents=True)
        missing = _linked(files, state.parent, beside, source.name)
        if missing:
            source.bring(missing, beside / source.name, show(source.name, sum(file.size for file in missing)))
        for file in files:
            below(beside / source.name, file.path).chmod(_READ_ONLY)
        rows = [[file.path, file.size, file.mark] for file in files]
        (beside / _LISTING).write_text(json.dumps({"address": source.address, "name": source.name, "files": rows}))
        beside.rename(state)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _linked(files: Sequence[RemoteFile], place: Path, beside: Path, name: str) -> list[RemoteFile]:
    """Share what an older state already has; the files that are still missing."""
    known = {row: folder for folder in place.glob("[!.]*") if folder.is_dir() for row in _listing(folder)}
    missing: list[RemoteFile] = []
    for file in files:
        older = known.get((file.path, file.size, file.mark)) if file.mark else None
        if older is None or not _link(below(older / name, file.path), below(beside / name, file.path)):
            missing.append(file)
    return missing


def _listing(state: Path) -> list[tuple[str, int, str]]:
    try:
        rows = cast("list[tuple[str, int, str]]", json.loads((state / _LISTING).read_text())["files"])
    except (OSError, ValueError):
        return []
    return [(row[0], row[1], row[2]) for row in rows]


def _link(old: Path, new: Path) -> bool:
    new.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(old, new)
    except OSError:
        return False
    return True


@contextmanager
def _alone(place: Path) -> Generator[None]:
    """Only one process brings a place at a time; the others wait and find it."""
    place.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(place / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogateescape")).hexdigest()[:20]

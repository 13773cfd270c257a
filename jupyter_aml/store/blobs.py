"""Content by its hash: each distinct file is kept once. Bytes in, bytes out; what they are for is said elsewhere."""

import hashlib
import os
import secrets
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from jupyter_aml.entities.names import BlobHash

_CHUNK: Final = 1 << 22
"""Bytes: a smaller file is read at once, a larger one is never in memory as a whole."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A file's content as it was kept: its hash, its size in bytes, and the file's stat before it was read."""

    blob: BlobHash
    size: int
    stat: os.stat_result


class Blobs:
    """A folder of files named by the SHA-256 of their content: `<first two digits>/<hash>`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._prefix = f"{root}{os.sep}"

    def path(self, blob: BlobHash) -> Path:
        """Where that content lies, or would lie."""
        return Path(self._path(blob))

    def holds(self, blob: str, size: int) -> bool:
        """Whether that content is here, whole: a power cut may leave a file shorter than it was written."""
        try:
            return os.stat(self._path(blob)).st_size == size  # noqa: PTH116 - a Path would double the time of 10,000 looks
        except OSError:
            return False

    def keep(self, source: Path) -> Kept:
        """Copy a file in, unless its content is here already."""
        with source.open("rb") as file:
            stat = os.fstat(file.fileno())
            first = file.read(_CHUNK)
            if len(first) < _CHUNK:
                return Kept(self._keep_bytes(first), len(first), stat)
            return self._keep_stream(first, file, stat)

    def _keep_bytes(self, data: bytes) -> BlobHash:
        blob = BlobHash(hashlib.sha256(data).hexdigest())
        if not self.holds(blob, len(data)):
            write_whole(self.path(blob), data, mode=0o444)
        return blob

    def _keep_stream(self, chunk: bytes, file: IO[bytes], stat: os.stat_result) -> Kept:
        digest, size = hashlib.sha256(), 0
        with _beside(self.root / "large", 0o444) as (beside, copy):
            while chunk:
                copy.write(chunk)
                digest.update(chunk)
                size += len(chunk)
                chunk = file.read(_CHUNK)
            copy.close()
            blob = BlobHash(digest.hexdigest())
            if not self.holds(blob, size):
                self.path(blob).parent.mkdir(parents=True, exist_ok=True)
                beside.replace(self.path(blob))
        return Kept(blob, size, stat)

    def _path(self, blob: str) -> str:
        return f"{self._prefix}{blob[:2]}{os.sep}{blob}"


def write_whole(path: Path, data: bytes, *, mode: int = 0o644) -> None:
    """A file that appears at once and complete, or not at all: written beside, then renamed."""
    with _beside(path, mode) as (beside, file):
        file.write(data)
        file.close()
        beside.replace(path)


@contextmanager
def _beside(path: Path, mode: int) -> Generator[tuple[Path, IO[bytes]]]:
    """A new file beside `path`; gone at the end, unless it was renamed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name[:200]}.{secrets.token_hex(4)}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield beside, file
    finally:
        beside.unlink(missing_ok=True)

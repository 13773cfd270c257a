"""Content by its hash: each distinct file is kept once. Bytes in, bytes out; what they are for is said elsewhere."""

import hashlib
import os
import secrets
from pathlib import Path

from jupyter_aml.entities.names import BlobHash


class Blobs:
    """A folder of files named by the SHA-256 of their content: `<first two digits>/<hash>`."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, blob: BlobHash) -> Path:
        """Where that content lies, or would lie."""
        return self.root / blob[:2] / blob

    def keep(self, source: Path) -> BlobHash:
        """Copy a file in, unless its content is here already; its hash."""
        data = source.read_bytes()
        blob = BlobHash(hashlib.sha256(data).hexdigest())
        if not self.path(blob).exists():
            write_whole(self.path(blob), data, mode=0o444)
        return blob


def write_whole(path: Path, data: bytes, *, mode: int = 0o644) -> None:
    """A file that appears at once and complete, or not at all: written beside, then renamed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
    beside.replace(path)

"""The working directory of an attempt: a writable copy of the snapshot. Nothing is linked in: users write here."""

import errno
import json
import os
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Final, cast

from jupyter_aml.exceptions import ValidationException

STREAMED: Final = ("outputs", "logs")
"""Folders of the working directory that are the job's artifacts themselves (§7.4)."""
_CHUNK: Final = 1 << 24
_NO_COPY_RANGE: Final = frozenset({errno.EXDEV, errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP, errno.EPERM})
_WRITABLE: Final = 0o600


def make(folder: Path, artifacts: str, manifest: str, blobs: str, look_up: Callable[[], None]) -> None:
    """Fill `folder`: `outputs` and `logs` lead to the artifacts, then the snapshot's files go in.

    `look_up` is called between files and may raise to stop.

    Raises:
        ValidationException: the snapshot names a file outside the folder, or one where a folder must be.
    """
    folder.mkdir()
    for name in STREAMED:
        folder.joinpath(name).symlink_to(Path(artifacts, name))
    for path, blob, mode in _files(manifest):
        look_up()
        target = folder / _inside(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        copy(f"{blobs}/{blob[:2]}/{blob}", str(target), mode)


def _files(manifest: str) -> list[tuple[str, str, int]]:
    if not manifest:
        return []
    rows = cast("dict[str, list[tuple[str, str, int]]]", json.loads(Path(manifest).read_bytes()))["files"]
    return [(row[0], row[1], row[2]) for row in rows]


def _inside(path: str) -> str:
    """`path` when it stays inside the folder and leaves room for what must be there."""
    parts = PurePosixPath(path).parts
    if not parts or parts[0] == "/" or ".." in parts or "\0" in path:
        raise ValidationException(
            f"The snapshot holds the path '{path}', which leads out of the job's working directory.",
            resolution="Submit the code again from a plain folder.",
        )
    if path in STREAMED:
        raise ValidationException(
            f"The code holds a file named '{path}'; a job's folder of that name is made for it (§7.4).",
            resolution="Rename the file, or leave it out with .amlignore.",
        )
    return path


def copy(source: str, target: str, mode: int) -> None:
    """Copy one file's content, shared on disk where the file system can do that."""
    reader = os.open(source, os.O_RDONLY | os.O_CLOEXEC)
    try:
        writer = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, mode | _WRITABLE)
        try:
            _pour(reader, writer)
        finally:
            os.close(writer)
    finally:
        os.close(reader)


def _pour(reader: int, writer: int) -> None:
    try:
        while os.copy_file_range(reader, writer, _CHUNK):
            pass
    except (OSError, AttributeError) as error:
        if isinstance(error, OSError) and error.errno not in _NO_COPY_RANGE:
            raise
        while data := os.read(reader, _CHUNK):
            os.write(writer, data)

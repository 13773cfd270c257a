"""Local files into the workspace's blob store, once for each content (§3.5). Nothing is registered here."""

import hashlib
import os
import secrets
import shutil
from pathlib import Path

from jupyter_aml.exceptions import AssetPathException, EmptyDirectoryError
from jupyter_aml.store import ignore

_CHUNK = 1 << 20


def upload(source: Path, store: Path) -> str:
    """Copy a file or folder to `LocalUpload/<hash>/<name>` under `store`; that path, a folder's with a final '/'.

    Equal names and bytes give the equal path and are copied once.
    Raises AssetPathException for a missing path, EmptyDirectoryError for a folder with nothing in it.
    """
    files = _files(source)
    target = f"LocalUpload/{_content_hash(source, files)}/{source.resolve().name}"
    if not (store / target).exists():
        _copy_whole(source, files, store / target)
    return target + "/" if source.is_dir() else target


def _files(source: Path) -> list[str]:
    if source.is_file():
        return [""]
    if not source.is_dir():
        raise AssetPathException(
            f"No such file or directory: {source}", resolution=f"Paths are taken from {Path.cwd()}."
        )
    files = sorted((path for path, _ in ignore.files(source)), key=str.lower)
    if not files:
        message = f"Directory {source} is empty. path or local_path must be a non-empty directory."
        raise EmptyDirectoryError(message)
    return files


def _content_hash(source: Path, files: list[str]) -> str:
    digest = hashlib.sha256()
    for name in files:
        digest.update((name or source.name).encode() + b"\0")
        with (source / name if name else source).open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
    return digest.hexdigest()[:32]


def _copy_whole(source: Path, files: list[str], target: Path) -> None:
    """The target appears complete or not at all; whoever comes second finds it."""
    beside = target.parent.with_name(f".{target.parent.name}.{secrets.token_hex(4)}")
    for name in files:
        destination = beside / target.name / name if name else beside / target.name
        destination.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / name if name else source, destination)
    try:
        beside.rename(target.parent)
    except OSError:
        shutil.rmtree(beside)
        if not os.path.lexists(target):
            raise

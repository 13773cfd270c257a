"""Local files into the workspace's blob store, once for each content (§3.5). Nothing is registered here."""

import hashlib
import os
import secrets
import shutil
from pathlib import Path

from jupyter_aml.exceptions import AssetPathException, EmptyDirectoryError
from jupyter_aml.store import ignore


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


def upload(source: Path, store: Path) -> str:
    """Copy a file or folder to `LocalUpload/<hash>/<name>` under `store`; that path, a folder's with a final '/'.

    Equal names and bytes give the equal path and are copied once. `store` is a datastore's folder; the workspace
    that it belongs to is left out, should it lie in `source`. Raises what `check` raises.
    """
    check(source)
    name = source.resolve().name if source.name in {"", ".."} else source.name
    try:
        paths = _paths(source, store)
        target = f"LocalUpload/{_content_hash(source, name, paths)}/{name}"
        if not (store / target).exists():
            target = _copy_whole(source, name, paths, store)
    except OSError as error:
        message = f"{error.filename or source} cannot be uploaded: {error.strerror}."
        raise AssetPathException(message, resolution="Make it readable, or leave it out with .amlignore.") from error
    return target + "/" if source.is_dir() else target


def _paths(source: Path, store: Path) -> list[str]:
    """The files below a folder, sorted whatever their case; of a file, the one empty path."""
    if source.is_file():
        return [""]
    return sorted((path for path, _ in ignore.files(source, left_out=store.parents[1])), key=str.lower)


def _content_hash(source: Path, name: str, paths: list[str]) -> str:
    # The name and the kind count too: a file `d.csv` is not a folder that holds only `d.csv`.
    digest = hashlib.sha256(os.fsencode(name) + (b"\0" if paths == [""] else b"/\0"))
    for path in paths:
        with _at(source, path).open("rb") as file:
            digest.update(os.fsencode(path) + b"\0" + hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()[:32]


def _copy_whole(source: Path, name: str, paths: list[str], store: Path) -> str:
    """The target appears complete or not at all; whoever comes second finds it.

    It is named by the hash of the copy: the source may have changed since it was looked at.
    """
    beside = store / "LocalUpload" / f".{secrets.token_hex(8)}"
    try:
        for path in paths:
            destination = _at(beside / name, path)
            destination.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(_at(source, path), destination)
        target = f"LocalUpload/{_content_hash(beside / name, name, paths)}"
        if not (store / target).exists():
            _rename(beside, store / target)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return f"{target}/{name}"


def _rename(beside: Path, target: Path) -> None:
    try:
        beside.rename(target)
    except OSError:
        if not target.exists():
            raise


def _at(root: Path, path: str) -> Path:
    return root / path if path else root

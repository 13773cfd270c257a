"""A table into a folder: its MLTable file, and its data when colocated. Nothing is written outside the folder."""

import io
import os
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from jupyter_aml.data.mltable.document import FILE_NAME, Document
from jupyter_aml.data.mltable.paths import Location, Resolver, has_scheme, location, opened, split_wild, streams
from jupyter_aml.exceptions import AssetPathException, UserErrorException

Conflict: TypeAlias = Literal["overwrite", "fail", "skip"]


@dataclass(frozen=True, slots=True)
class Order:
    """Where to save and how; `tidy`: after an error, remove what was written."""

    folder: Path
    conflict: Conflict
    colocated: bool
    tidy: bool

    @classmethod
    def of(cls, path: str | None, overwrite: object, *, colocated: bool, tidy: bool) -> "Order":
        """The order that `MLTable.save`'s arguments give. Raises UserErrorException."""
        if path and has_scheme(path):
            raise AssetPathException(
                f"{path} lies in storage that a table is not saved to from here.",
                resolution="Save to a local folder and register that: ml.data.create_or_update.",
            )
        kinds: dict[object, Conflict] = {
            True: "overwrite", "overwrite": "overwrite", False: "fail", "fail": "fail", "skip": "skip"
        }  # fmt: skip
        if overwrite not in kinds:
            raise UserErrorException(
                f"{overwrite} is not a supported overwrite option.",
                resolution="Give a boolean, or 'overwrite', 'fail' or 'skip'.",
            )
        folder = Path(location("folder", path or ".", Path.cwd()).local)
        return cls(folder, kinds[overwrite], colocated, tidy)


def save(document: Document, order: Order, resolver: Resolver) -> None:
    """Write the document's file, and its data files when the order says so. Raises UserErrorException."""
    if order.folder.exists() and not order.folder.is_dir():
        raise UserErrorException(
            f"Destination already exists or is not empty (AlreadyExists): {order.folder} is a file, not a folder."
        )
    paths = [_written(one, document, order) for one in document.paths]
    copies = [*_copies(document, order, resolver)] if order.colocated else []
    made: list[Path] = []
    try:
        for source, target in copies:
            _put(source, target, order, made)
        _put(document.dumped(paths).encode(), order.folder / FILE_NAME, order, made)
    except BaseException:
        for path in made if order.tidy else []:
            path.unlink(missing_ok=True)
        raise


def _written(one: Location, document: Document, order: Order) -> dict[str, str]:
    """How a path stands in the saved file."""
    if order.colocated:
        return {one.kind: one.given if _is_inside(one, document) else _place(one)[1]}
    if not one.is_local:
        return {one.kind: one.where}
    relative = os.path.relpath(one.local, order.folder)
    return {one.kind: one.local if relative.endswith(one.local) else relative}


def _is_inside(one: Location, document: Document) -> bool:
    """Whether a path was given relative to the table's own folder, and stays in it."""
    given = one.given
    plain = one.is_local and not given.lower().startswith("file:") and not Path(given).is_absolute()
    return plain and Path(one.local).is_relative_to(document.base) and ".." not in Path(given).parts


def _place(one: Location) -> tuple[str, str]:
    """A path from elsewhere as the folder to copy from, and what remains of the path in the copy."""
    where = one.local if one.is_local else one.where
    fixed, wild = split_wild(where.rstrip("/")) if one.kind == "pattern" else (where.rstrip("/"), "")
    base, _slash, name = fixed.rpartition("/")
    return (fixed, wild) if wild else (base, name)


def _copies(document: Document, order: Order, resolver: Resolver) -> Iterator[tuple[Path, Path]]:
    """Each data file and where its copy goes."""
    for one in document.paths:
        inside = _is_inside(one, document)
        base = document.base if inside else _local_base(one, resolver)
        for stream in streams([one], resolver):
            source = opened(stream, resolver)
            if not source.resolve().is_relative_to(base.resolve()):
                raise AssetPathException(
                    f"{source} is a link to {source.resolve()}, outside the folder that is saved.",
                    resolution="Copy the file itself into the folder, or save without colocated=True.",
                )
            yield source, order.folder / source.relative_to(base)


def _local_base(one: Location, resolver: Resolver) -> Path:
    if one.is_local:
        return Path(_place(one)[0] or "/")
    fixed = split_wild(one.where)[0] if one.kind == "pattern" else one.where
    found = resolver(fixed)
    return found if one.kind == "pattern" else found.parent


def _put(source: Path | bytes, target: Path, order: Order, made: list[Path]) -> None:
    """One whole file at `target`; existing ones as the order says."""
    if isinstance(source, Path) and target.exists() and target.samefile(source):
        return
    exists = target.exists() or target.is_symlink()
    if exists and order.conflict == "skip":
        return
    if exists and order.conflict == "fail":
        raise UserErrorException(
            f"Destination already exists or is not empty (AlreadyExists): {target}.",
            resolution="Save elsewhere, or with overwrite=True.",
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    if not target.parent.resolve().is_relative_to(order.folder.resolve()):
        raise AssetPathException(f"{target.parent} is a link out of {order.folder}: nothing is written through it.")
    made += [] if exists else [target]
    _write_whole(source, target)


def _write_whole(source: Path | bytes, target: Path) -> None:
    """Written aside, then renamed: a link at the target is replaced, never followed."""
    aside = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        with aside.open("xb") as file, source.open("rb") if isinstance(source, Path) else io.BytesIO(source) as data:
            shutil.copyfileobj(data, file)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(target)
    finally:
        aside.unlink(missing_ok=True)

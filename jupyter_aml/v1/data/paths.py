"""Where a dataset's files are, as SDK v1 says it: text, a datastore and a path, or several. No content is read here."""

import os
import secrets
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from jupyter_aml.data import uri
from jupyter_aml.data.mltable.paths import has_scheme, split_wild
from jupyter_aml.exceptions import AssetPathException, UserErrorException
from jupyter_aml.operations import inputs, places
from jupyter_aml.operations.workspaces import Workspace as OpenWorkspace
from jupyter_aml.v1.data.datapath import DataPath, DataReference, stays_inside

if TYPE_CHECKING:
    from jupyter_aml.v1.core.workspace import Workspace

Given: TypeAlias = Any  # Any: a text, (datastore, path), a DataPath, or a list of them, as SDK v1 takes it


@dataclass(frozen=True, slots=True)
class Paths:
    """Addresses, which may hold wildcards, and the workspace that they are read through."""

    workspace: "Workspace"
    addresses: tuple[str, ...]

    def check(self) -> None:
        """UserErrorException for an address where nothing is."""
        for address in self.addresses:
            if not matched(self.workspace.client.workspace, address).files:
                raise UserErrorException(
                    f"The requested stream was not found (StreamAccess.NotFound): {address}.",
                    resolution="Upload the files first, or say validate=False.",
                )


@dataclass(frozen=True, slots=True)
class Found:
    """The files of an address on this machine, and the folder that they are named from."""

    root: Path
    files: tuple[Path, ...]

    def names(self) -> list[str]:
        """Each file as SDK v1 names it: `/a.csv`."""
        return [f"/{file.relative_to(self.root).as_posix()}" for file in self.files]


def paths_of(given: Given, workspace: "Workspace | None" = None) -> Paths:
    """The addresses of what a person gave; its datastore says the workspace, else it is the current one.

    UserErrorException for what is no path.
    """
    addresses, stores = list[str](), list["Workspace"]()
    for one in _several(given):
        if isinstance(one, str | Path):
            stays_inside(split_wild(str(one))[1])
            addresses.append(_absolute(str(one)))
        else:
            place = _in_datastore(one)
            addresses.append(place.address)
            stores.append(place.datastore.workspace)
    if not addresses:
        raise UserErrorException("path: at least one path is expected.")
    return Paths(workspace or (stores[0] if stores else _current()), tuple(addresses))


def kind_of(workspace: OpenWorkspace, address: str) -> str:
    """What MLTable calls an address: pattern, file or folder."""
    if split_wild(address)[1]:
        return "pattern"
    return "file" if inputs.type_at(workspace, address) == "uri_file" else "folder"


def matched(workspace: OpenWorkspace, address: str) -> Found:
    """The files of an address now, by name; none where nothing is.

    AssetPathException for a pattern that leads out of its folder.
    """
    fixed, wild = split_wild(address)
    stays_inside(wild)
    try:
        here = places.fetch(workspace, fixed)
    except AssetPathException:
        return Found(Path(), ())
    if here.is_file():
        return Found(here.parent, (here,))
    return Found(here, tuple(sorted(one for one in here.glob(_within(wild or "**/*")) if one.is_file())))


def bring(source: Path, target: Path) -> None:
    """Copy a file; the copy appears whole, in place of what has its name: a link is replaced, never followed."""
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f".{secrets.token_hex(8)}")
    try:
        shutil.copyfile(source, beside)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)


def is_taken(target: Path) -> bool:
    """Whether something has that name, were it a link to nowhere."""
    return os.path.lexists(target)


def root_of(addresses: Sequence[str]) -> str | None:
    """The folder that holds all of them, without wildcards; None when they lie in different places."""
    places_ = [uri.datastore_path(split_wild(one)[0] or "/") for one in addresses]
    if not all(places_) or len({place.datastore for place in places_ if place}) != 1:
        return None
    parts = [_folders(place.path, address) for place, address in zip(places_, addresses, strict=True) if place]
    shared = [part[0] for part in zip(*parts, strict=False) if len(set(part)) == 1]
    first = places_[0]
    return str(uri.DatastorePath(first.datastore, "".join(f"{part}/" for part in shared))) if first else None


def _folders(path: str, address: str) -> list[str]:
    """The folders of an address that names files: a plain one's last part is a file."""
    parts = path.strip("/").split("/")
    return parts if split_wild(address)[1] or address.endswith("/") else parts[:-1]


def _within(wild: str) -> str:
    """`**` alone means folders to Python, and every file to Azure."""
    return f"{wild}/*" if wild.endswith("**") else wild


def _several(given: Given) -> Iterable[Given]:
    if isinstance(given, list):
        return cast("list[Any]", given)
    return [given]


def _in_datastore(given: Given) -> DataPath:
    if isinstance(given, DataReference):
        return given.place
    if isinstance(given, DataPath):
        return given
    if isinstance(given, tuple) and len(cast("tuple[Any, ...]", given)) == 2:  # noqa: PLR2004 - (datastore, path)
        datastore, path = cast("tuple[Any, Any]", given)
        if hasattr(datastore, "workspace"):
            return DataPath(datastore, str(path))
    raise UserErrorException(
        f"path: {given!r} is none.", resolution="Give (datastore, 'folder/*.csv'), a list of such, or an address."
    )


def _absolute(text: str) -> str:
    return text if has_scheme(text) or text.startswith("file:") else str(Path(text).absolute())


def _current() -> "Workspace":
    from jupyter_aml.v1.core.workspace import Workspace

    return Workspace.default()

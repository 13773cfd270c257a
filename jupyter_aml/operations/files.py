"""The files below a URI, wherever they are: listed, read, written, removed. What they mean is not known here."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from jupyter_aml.exceptions import UserErrorException
from jupyter_aml.operations import access, places
from jupyter_aml.operations.places import Here, OnTheWeb, There
from jupyter_aml.operations.workspaces import Workspace

Entry: TypeAlias = dict[str, Any]
"""What fsspec says of a file: `name` below the tree, `size`, `type`, and what the storage adds."""


@dataclass(frozen=True, slots=True)
class Tree:
    """The files below a place. Paths are relative, with '/'; none leads out."""

    workspace: Workspace
    place: Here | There | OnTheWeb

    def listed(self, path: str) -> list[Entry]:
        """What is directly in a folder; a file itself. FileNotFoundError when nothing is there."""
        found = self._at(path)
        match found:
            case Here(local):
                inner = sorted(local.iterdir()) if local.is_dir() else [local]
                return [self._entry(one) for one in inner]
            case There(storage, inside):
                return sorted(map(self._below, storage.open().listed(inside)), key=lambda entry: entry["name"])
            case _:
                raise self._alone(path)

    def described(self, path: str) -> Entry:
        """Name, size and type of what is there. FileNotFoundError when nothing is."""
        found = self._at(path)
        match found:
            case Here(local):
                return self._entry(local)
            case There(storage, inside):
                return self._below(storage.open().described(inside))
            case _:
                raise self._alone(path)

    def local(self, path: str) -> Path:
        """The file on this machine, a read-only copy of what lies elsewhere. FileNotFoundError when there is none."""
        copy = places.copied(self.workspace, self._at(path))
        if copy is None:
            raise FileNotFoundError(path)
        return copy

    def own(self, path: str) -> Path | None:
        """Where a file of this machine is written, in a folder that is there; None when it must be sent elsewhere."""
        access.require(self.workspace, "data/versions/write", "data")
        found = self._at(path)
        if not isinstance(found, Here):
            return None
        found.path.parent.mkdir(parents=True, exist_ok=True)
        return found.path

    def write(self, path: str, source: Path) -> None:
        """Copy a local file there, over what is there."""
        access.require(self.workspace, "data/versions/write", "data")
        found = self._at(path)
        match found:
            case Here(local):
                local.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source, local)
            case There(storage, inside):
                storage.open().send([(inside, source)], lambda _done, _files: None)
            case _:
                raise self._alone(path)

    def remove(self, path: str) -> None:
        """Delete a file, or a folder with all that is in it. FileNotFoundError when nothing is there."""
        access.require(self.workspace, "data/versions/write", "data")
        found = self._at(path)
        match found:
            case Here(local) if local.is_dir():
                shutil.rmtree(local)
            case Here(local):
                local.unlink()
            case There(storage, inside):
                storage.open().remove(inside)
            case _:
                raise self._alone(path)

    def _at(self, path: str) -> Here | There | OnTheWeb:
        places.within(Path(), path, "folder")
        match self.place:
            case Here(root):
                return Here(places.within(root, path, "folder"))
            case There(storage, root):
                return There(storage, f"{root.rstrip('/')}/{path}".strip("/"))
            case web:
                return web

    def _entry(self, local: Path) -> Entry:
        stat = local.stat()
        is_folder = local.is_dir()
        root = self.place.path if isinstance(self.place, Here) else Path()
        name = "" if local == root else local.relative_to(root).as_posix()
        kind = "directory" if is_folder else "file"
        return {"name": name, "size": None if is_folder else stat.st_size, "type": kind, "mtime": stat.st_mtime}

    def _below(self, entry: Mapping[str, Any]) -> Entry:
        root = self.place.path.strip("/") if isinstance(self.place, There) else ""
        return {**entry, "name": str(entry["name"])[len(root) :].strip("/")}

    def _alone(self, path: str) -> UserErrorException:
        return UserErrorException(f"'{path}': a web address is one file, which can only be read.")


def tree(workspace: Workspace, text: str) -> Tree:
    """The files below a URI. Raises what `places.locate` raises."""
    return Tree(workspace, places.locate(workspace, text))

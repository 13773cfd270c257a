"""Where a table's files lie: a path as written, made absolute, and its files. No file's content is read here."""

import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, TypeAlias
from urllib.parse import unquote

from jupyter_aml.data.mltable.streams import StreamInfo, stream_of
from jupyter_aml.exceptions import AssetPathException, UserErrorException

Resolver: TypeAlias = Callable[[str], Path]
"""From a URI with a scheme to the local file or folder that holds its bytes."""
Kind: TypeAlias = Literal["file", "folder", "pattern"]

KINDS: Final[tuple[Kind, ...]] = ("file", "folder", "pattern")
_FILE: Final = "file://"
_SCHEME: Final = re.compile(r"^[a-zA-Z][a-zA-Z0-9+.-]+:(//|(?=[^/\\]))")
_WILD: Final = re.compile(r"[*?\[]")


def refuse(uri: str) -> Path:
    """The resolver of a table that was given none."""
    raise AssetPathException(
        f"{uri} lies in storage that this table cannot reach.",
        resolution="Load the table through a workspace, or use a path on this machine.",
    )


@dataclass(frozen=True, slots=True)
class Location:
    """One entry of `paths`: its kind, the path as it was given, and that path made absolute (`file://…` or a URI)."""

    kind: Kind
    given: str
    where: str

    @property
    def is_local(self) -> bool:
        return self.where.startswith(_FILE)

    @property
    def local(self) -> str:
        """The absolute path on this machine, of a location that is local."""
        return self.where[len(_FILE) :]

    def written(self) -> dict[str, str]:
        return {self.kind: self.given}


def has_scheme(path: str) -> bool:
    """Whether a path is a URI of storage elsewhere (`file:` is not)."""
    return bool(_SCHEME.match(path)) and not path.lower().startswith("file:")


def location(kind: Kind, given: str, base: Path) -> Location:
    """A path of a file in `base`, made absolute. AssetPathException for a pattern with '..' after a wildcard."""
    if kind == "pattern":
        stays_below(given)
    if has_scheme(given):
        return Location(kind, given, given)
    path = unquote(given[len(_FILE) :]) if given.lower().startswith(_FILE) else given
    return Location(kind, given, _FILE + os.path.normpath(base / path))  # `..` is text here: links are not followed


def streams(locations: Iterable[Location], resolver: Resolver) -> Iterator[StreamInfo]:
    """The streams of all locations, in their order; of one folder or pattern, by path.

    A `file` need not exist; a folder or pattern without a file raises UserErrorException.
    """
    for one in locations:
        if one.kind == "file":
            yield _file(one)
            continue
        paths = _matches(one.kind, _here(one, resolver))
        if not paths:
            raise _missing(one.where)
        yield from (StreamInfo("Local", path) for path in paths)


def opened(stream: StreamInfo, resolver: Resolver) -> Path:
    """The local file of a stream. Raises UserErrorException when there is none."""
    path = Path(stream.resource_identifier) if stream.handler == "Local" else resolver(stream.resource_identifier)
    if path.is_dir():
        raise UserErrorException(
            f"{path} is a folder, where a file is wanted.", resolution="Write `folder:` instead of `file:`."
        )
    if not path.is_file():
        raise _missing(str(stream))
    return path


def _file(one: Location) -> StreamInfo:
    if _WILD.search(one.where.removeprefix(_FILE)) and "://" not in one.given:
        raise UserErrorException(
            f"File path must point to an individual file and can't contain globbing: {one.given}.",
            resolution="Write `pattern:` instead of `file:`.",
        )
    if one.is_local:
        return StreamInfo("Local", one.local)
    known = stream_of(one.where)
    return StreamInfo(known.handler if known else "Uri", one.where, known.arguments if known else {})


def _here(one: Location, resolver: Resolver) -> str:
    """The local path, still with its wildcards, of a folder or pattern."""
    if one.is_local:
        return one.local
    fixed, wild = split_wild(one.where) if one.kind == "pattern" else (one.where, "")
    return str(resolver(fixed) / wild) if wild else str(resolver(fixed))


def split_wild(path: str) -> tuple[str, str]:
    """A pattern's folders without wildcards, and the rest."""
    parts = path.split("/")
    first = next((index for index, part in enumerate(parts) if _WILD.search(part)), len(parts))
    return "/".join(parts[:first]), "/".join(parts[first:])


def stays_below(pattern: str) -> None:
    """AssetPathException for a pattern whose wildcards would match what lies outside the folder that it names."""
    if ".." in split_wild(pattern)[1].split("/"):
        raise AssetPathException(f"'{pattern}': no '..' may follow a wildcard.", resolution="Leave '..' out.")


def _matches(kind: Kind, path: str) -> list[str]:
    if kind == "pattern" and _WILD.search(path):
        fixed, wild = split_wild(path)
        found = Path(fixed or "/").glob(wild) if not wild.endswith("**") else ()  # `**` alone means folders
        return sorted(str(one) for one in found if one.is_file())
    if kind == "pattern" and Path(path).is_file():
        return [path]
    if Path(path).is_file():
        raise UserErrorException(f"{path} is a file, where a folder is wanted.", resolution="Write `file:` instead.")
    return sorted(str(Path(parent) / name) for parent, _folders, names in os.walk(path) for name in names)


def _missing(where: str) -> UserErrorException:
    return UserErrorException(
        f"The requested stream was not found (StreamAccess.NotFound): {where}.",
        resolution="Paths are taken from the folder of the MLTable file, or from the current folder.",
    )


def kind_of(name: object) -> Kind | None:
    """The kind that a key names."""
    return next((kind for kind in KINDS if kind == name), None)

"""Storage elsewhere, by fsspec: what is there, brought here, sent there. Every refusal is one clear line, no secret."""

import posixpath
import secrets
import socket
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeAlias, cast

from jupyter_aml.exceptions import AssetPathException, UserErrorException

Progress: TypeAlias = Callable[[int, int], None]
"""Called with the bytes and the files that have come so far."""
Entry: TypeAlias = dict[str, Any]  # Any: what fsspec says of a file, the door

_AT_ONCE: Final = 64
"""Files asked for together; a cancel is heard between two such lots."""
_PATIENCE: Final = 5.0
"""Seconds within which a server must take a connection: the SDKs would try for a minute."""
_REFUSED: Final = frozenset({401, 403})
_SIGNING: Final = frozenset({"AzureSigningError"})
"""Errors of a key that is none, before it was ever sent."""
_MARKS: Final = ("etag", "ETag", "e_tag", "mtime", "last_modified", "LastModified", "updated")


@dataclass(frozen=True, slots=True)
class Storage:
    """A container of files elsewhere. `label` names it to a person, `identity` is its address; neither is secret."""

    label: str
    identity: str
    protocol: str
    root: str
    extra: str = ""
    """The optional dependency that has the protocol: `pip install jupyter_aml[extra]`."""
    server: tuple[str, int] | None = None
    options: Mapping[str, object] = field(default_factory=dict[str, object], repr=False, compare=False)

    def open(self) -> "Files":
        """The files, by the credentials; what they are worth is seen at the first use.

        UserErrorException when the library for it is not installed, or nobody answers there.
        """
        from urllib.request import getproxies  # 30 ms, which no submit needs

        if self.server and not getproxies():
            self._knock(*self.server)
        import fsspec  # pyright: ignore[reportMissingTypeStubs] - the door: it has no types

        library: Any = fsspec
        try:
            with _clearly(self, ""):
                return Files(self, library.filesystem(self.protocol, use_listings_cache=False, **self.options))
        except ImportError:
            raise UserErrorException(
                f"{self.label} needs a library that is not installed here.",
                resolution=f"pip install 'jupyter_aml[{self.extra}]'",
            ) from None

    def _knock(self, host: str, port: int) -> None:
        try:
            socket.create_connection((host, port), timeout=_PATIENCE).close()
        except OSError as error:
            raise UserErrorException(
                f"{self.label}: nobody answers at {host}:{port} ({error}).",
                resolution="Look at its account_name and endpoint, and at the network.",
            ) from None


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """One file: its path below what was listed ('' for that itself), bytes, and a mark that changes when it does."""

    path: str
    size: int
    mark: str


@dataclass(frozen=True, slots=True)
class Files:
    """An open storage. Paths are below its root, with '/'."""

    storage: Storage
    system: Any  # Any: fsspec has no types; what is wanted of it is written here

    def at(self, path: str) -> str:
        """The path as the file system wants it. AssetPathException for one that leads out of the root."""
        inner = posixpath.normpath(f"/{path}").lstrip("/")
        if "\0" in path or ".." in path.split("/"):
            raise AssetPathException(f"'{path}' leads out of {self.storage.label}.", resolution="Leave '..' out.")
        return f"{self.storage.root}/{inner}".rstrip("/")

    def found(self, path: str) -> list[RemoteFile]:
        """The file at `path`, or every file below it, by path; none when nothing is there."""
        place = self.at(path)
        try:
            one = self.described(path)
            if one["type"] == "file":
                return [RemoteFile("", one["size"] or 0, _mark(one))]
            with _clearly(self.storage, path):
                below: dict[str, Entry] = self.system.find(place, detail=True)
        except FileNotFoundError:
            return []
        files = [RemoteFile(name[len(place) + 1 :], entry["size"] or 0, _mark(entry)) for name, entry in below.items()]
        return sorted((file for file in files if file.path), key=lambda file: file.path)

    def listed(self, path: str) -> list[Entry]:
        """What is directly in a folder, with names below the root. FileNotFoundError when nothing is there."""
        with _clearly(self.storage, path):
            return [self._below_root(entry) for entry in self.system.ls(self.at(path), detail=True)]

    def described(self, path: str) -> Entry:
        """Name, size and type of what is there. FileNotFoundError when nothing is.

        The root is not asked for: a SAS token of a container does not permit it.
        """
        if not path.strip("/."):
            return {"name": "", "size": None, "type": "directory"}
        with _clearly(self.storage, path):
            return self._below_root(self.system.info(self.at(path)))

    def bring(self, pairs: Sequence[tuple[str, Path]], sizes: Sequence[int], progress: Progress) -> None:
        """Copy files here: each path to its local one, whose folder is made."""
        self._in_lots(pairs, sizes, progress, self._bring)

    def send(self, pairs: Sequence[tuple[str, Path]], progress: Progress) -> None:
        """Copy local files there, over what is there."""
        self._in_lots(pairs, [local.stat().st_size for _, local in pairs], progress, self._send)

    def _in_lots(
        self,
        pairs: Sequence[tuple[str, Path]],
        sizes: Sequence[int],
        progress: Progress,
        move: Callable[[list[str], list[str]], object],
    ) -> None:
        done = 0
        for first in range(0, len(pairs), _AT_ONCE):
            lot = pairs[first : first + _AT_ONCE]
            try:
                with _clearly(self.storage, lot[0][0]):
                    move([self.at(path) for path, _ in lot], [str(local) for _, local in lot])
            except FileNotFoundError as error:
                raise _gone(self.storage, error) from None
            done += sum(sizes[first : first + _AT_ONCE])
            progress(done, first + len(lot))

    def _bring(self, remote: list[str], local: list[str]) -> None:
        for folder in {Path(path).parent for path in local}:
            folder.mkdir(parents=True, exist_ok=True)
        self.system.get(remote, local)

    def _send(self, remote: list[str], local: list[str]) -> None:
        self.system.put(local, remote)

    def remove(self, path: str) -> None:
        """Delete what is there, with everything below it."""
        with _clearly(self.storage, path):
            self.system.rm(self.at(path), recursive=True)

    def _below_root(self, entry: Entry) -> Entry:
        return {**entry, "name": entry["name"][len(self.storage.root) :].strip("/")}


def below(root: Path, path: str) -> Path:
    """The path of a file below a root, or the root itself for ''."""
    return root / path if path else root


def _gone(storage: Storage, error: FileNotFoundError) -> AssetPathException:
    what = error.filename or str(error)
    return AssetPathException(f"{storage.label}: there is no '{what}'.", resolution=f"It is {storage.identity}.")


def _mark(entry: Entry) -> str:
    found = [str(entry[name]) for name in _MARKS if entry.get(name)]
    return found[0] if found else secrets.token_hex(8)  # without a mark, nothing says that it did not change


@contextmanager
def _clearly(storage: Storage, path: str) -> Generator[None]:
    """Whatever a library raises becomes one line that says who refused what; its own text may hold a signature."""
    try:
        yield
    except (FileNotFoundError, ImportError, UserErrorException):
        raise
    except Exception as error:  # noqa: BLE001  a door: every library has its own tree of errors
        raise _refusal(storage, path, error) from None


def _refusal(storage: Storage, path: str, error: BaseException) -> UserErrorException:
    status, code = _answer(error)
    place = f"{storage.label}, '{path}'" if path else storage.label
    said = f"{status or ''} {code}".strip() or type(error).__name__
    if status in _REFUSED or isinstance(error, PermissionError) or said in _SIGNING:
        return UserErrorException(
            f"{place}: the storage refused the credentials ({said}).",
            resolution="Look at the datastore's credentials and what they permit: ml_client.datastores.",
        )
    return UserErrorException(f"{place}: the storage answered {said}.", resolution=f"It is {storage.identity}.")


def _answer(error: BaseException | None) -> tuple[int | None, str]:
    """The HTTP status and the storage's own word for it, wherever in the chain of errors they are."""
    while error is not None:
        status: object = getattr(error, "status_code", None) or getattr(error, "status", None)
        if isinstance(status, int):
            return status, _word(error)
        response: object = getattr(error, "response", None)
        if isinstance(response, dict):  # botocore's
            said = cast("dict[str, dict[str, Any]]", response)
            return said["ResponseMetadata"]["HTTPStatusCode"], str(said["Error"]["Code"])
        error = error.__cause__ or error.__context__
    return None, ""


def _word(error: BaseException) -> str:
    code: object = getattr(error, "error_code", None) or getattr(error, "reason", None) or ""
    return str(getattr(code, "value", code))

"""What the cache can fetch: a path in storage, a file on the web. Nothing is kept here."""

import posixpath
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from jupyter_aml.data import web
from jupyter_aml.data.storage import Files, Progress, RemoteFile, Storage, below


@dataclass(slots=True)
class StorageSource:
    """A file or folder at a path of a storage, which is opened when it is first asked."""

    storage: Storage
    path: str
    _open: Files | None = None

    @property
    def address(self) -> str:
        return f"{self.storage.identity}/{self.path.strip('/')}"

    @property
    def name(self) -> str:
        return posixpath.basename(self.path.rstrip("/")) or "data"

    @property
    def _files(self) -> Files:
        self._open = self._open or self.storage.open()
        return self._open

    def files(self) -> Sequence[RemoteFile]:
        return self._files.found(self.path)

    def bring(self, files: Sequence[RemoteFile], folder: Path, progress: Progress) -> None:
        pairs = [(f"{self.path.rstrip('/')}/{file.path}".rstrip("/"), below(folder, file.path)) for file in files]
        self._files.bring(pairs, [file.size for file in files], progress)


@dataclass(frozen=True, slots=True)
class WebSource:
    """A public file on the web."""

    url: str

    @property
    def address(self) -> str:
        return self.url

    @property
    def name(self) -> str:
        return web.name_of(self.url)

    def files(self) -> Sequence[RemoteFile]:
        file = web.found(self.url)
        return [file] if file else []

    def bring(self, files: Sequence[RemoteFile], folder: Path, progress: Progress) -> None:
        del files
        web.bring(self.url, folder, progress)

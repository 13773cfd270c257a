"""`azureml://…` for fsspec, so that `pandas.read_csv("azureml://…")` reads. Translates; no credential is asked for.

It is Azure's `azureml.fsspec.AzureMachineLearningFileSystem`: made of the URI of a datastore, with paths below that.
The workspace is the one that the URI names, if it is here, else the current one: inside a job, the job's own.
"""

import io
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar, Final

from fsspec import AbstractFileSystem  # pyright: ignore[reportMissingTypeStubs] - fsspec has no types

from jupyter_aml.data import uri
from jupyter_aml.exceptions import AssetPathException, ValidationException, did_you_mean
from jupyter_aml.operations import files, workspaces
from jupyter_aml.operations.files import Entry

_Base: Any = AbstractFileSystem
_OVERWRITES: Final = ("MERGE_WITH_OVERWRITE", "APPEND", "FAIL_ON_FILE_CONFLICT")
_SCHEME: Final = "azureml://"


class AzureMachineLearningFileSystem(_Base):
    """The files of a datastore, a job's output or a data asset, by its `azureml://…` URI.

    >>> import pandas
    >>> pandas.read_csv("azureml://datastores/workspaceblobstore/paths/none.csv")
    Traceback (most recent call last):
    FileNotFoundError: none.csv
    """

    protocol: ClassVar[str] = "azureml"
    cachable: ClassVar[bool] = False
    """A datastore may be described anew meanwhile; and a workspace is not kept open by a cache."""

    def __init__(self, uri: str | None = None, **options: object) -> None:
        _Base.__init__(self, **options)
        if not uri:
            message = "uri: an azureml:// URI is required."
            raise ValidationException(message, resolution="azureml://datastores/<datastore>/paths/")
        self._tree = files.tree(workspaces.open_workspace(workspaces.current()), uri)

    @classmethod
    def _strip_protocol(cls, path: str | list[str]) -> str | list[str]:
        """The path below the datastore, of a URI or as it was given."""
        return [_inside(one) for one in path] if isinstance(path, list) else _inside(path)

    @staticmethod
    def _get_kwargs_from_urls(path: str) -> dict[str, str]:
        return {"uri": _split(path)[0]}

    def ls(self, path: str = "", detail: bool = False, **_: object) -> list[Any]:
        """What is in a folder: names below the datastore, or with `detail` what is known of each."""
        found = self._tree.listed(_inside(path))
        return found if detail else [entry["name"] for entry in found]

    def info(self, path: str, **_: object) -> Entry:
        """Name, size and type. FileNotFoundError when nothing is there."""
        return self._tree.described(_inside(path))

    def _open(self, path: str, mode: str = "rb", **_: object) -> io.IOBase:
        inside = _inside(path)
        if mode == "rb":
            return _local(self._tree.local(inside))
        local = self._tree.own(inside)
        if local:
            return local.open(mode)  # pyright: ignore[reportReturnType] - the mode is binary, as fsspec asks
        if mode != "wb":
            raise ValidationException(f"mode: '{mode}' is not possible there.", resolution="Use 'rb' or 'wb'.")
        return _Sent(self._tree, inside)

    def put_file(self, lpath: str, rpath: str, **_: object) -> None:
        """Copy one local file there."""
        if not Path(lpath).is_dir():
            self._tree.write(_inside(rpath), Path(lpath))

    def rm_file(self, path: str) -> None:
        """Delete one file."""
        self._tree.remove(_inside(path))

    def rm(self, path: str | list[str], recursive: bool = False, maxdepth: int | None = None) -> None:
        """Delete a file, or with `recursive` a folder and all that is in it."""
        del maxdepth
        for one in path if isinstance(path, list) else [path]:
            if not recursive and self.info(one)["type"] == "directory":
                raise IsADirectoryError(one)
            self._tree.remove(_inside(one))

    def mkdir(self, path: str, create_parents: bool = True, **_: object) -> None:
        """Nothing: a folder comes with its first file, as in blob storage."""

    def makedirs(self, path: str, exist_ok: bool = False) -> None:
        """Nothing, as `mkdir`."""

    def upload(self, lpath: str, rpath: str, recursive: bool = False, **options: object) -> None:
        """Copy a local file into the folder `rpath`, or with `recursive` what is in a folder.

        `overwrite`: MERGE_WITH_OVERWRITE (writes over), APPEND (leaves what is there), FAIL_ON_FILE_CONFLICT.
        """
        overwrite = options.pop("overwrite", _OVERWRITES[0])
        if overwrite not in _OVERWRITES:
            message = f"overwrite: '{overwrite}' is not a way."
            raise ValidationException(message, resolution=did_you_mean(str(overwrite), _OVERWRITES))
        source = Path(lpath)
        if not source.exists():
            raise AssetPathException(f"No such file or directory: {lpath}", resolution=f"Looked in {Path.cwd()}.")
        if source.is_dir() and not recursive:
            raise ValidationException(f"'{lpath}' is a folder.", resolution="Say recursive=True.")
        inside = _inside(rpath)
        for name, one in _files(source):
            target = f"{inside}/{name}".strip("/")
            if overwrite == _OVERWRITES[0] or not self._is_taken(target, str(overwrite)):
                self._tree.write(target, one)

    def _is_taken(self, path: str, overwrite: str) -> bool:
        if not self.exists(path):
            return False
        if overwrite == "FAIL_ON_FILE_CONFLICT":
            raise FileExistsError(path)
        return True

    def download(self, rpath: str, lpath: str, recursive: bool = False, **options: object) -> None:
        """Copy a file, or with `recursive` a folder, to this machine."""
        options.pop("overwrite", None)
        Path(lpath).mkdir(parents=True, exist_ok=True)
        self.get(rpath, lpath, recursive=recursive, **options)


class _Sent(io.FileIO):
    """A file that is written here and goes to its storage when it is closed."""

    def __init__(self, tree: files.Tree, path: str) -> None:
        self._tree, self._path = tree, path
        self._folder = tempfile.TemporaryDirectory()
        super().__init__(str(Path(self._folder.name) / "file"), "wb")

    def close(self) -> None:
        """Send it, once."""
        if self.closed:
            return
        super().close()
        try:
            self._tree.write(self._path, Path(self._folder.name) / "file")
        finally:
            self._folder.cleanup()


def _files(source: Path) -> Iterator[tuple[str, Path]]:
    if source.is_file():
        yield source.name, source
    else:
        yield from ((one.relative_to(source).as_posix(), one) for one in sorted(source.rglob("*")) if one.is_file())


def _local(path: Path) -> io.IOBase:
    """Open as fsspec does: pyarrow leaves files to the collector, and a plain one complains of that."""
    from fsspec.implementations.local import LocalFileSystem  # pyright: ignore[reportMissingTypeStubs] - as above

    system: Any = LocalFileSystem()
    return system.open(str(path), "rb")


def _inside(text: object) -> str:
    path = str(text)
    inside = _split(path)[1] if path.startswith(_SCHEME) else path
    return inside.removeprefix("./").strip("/")


def _split(text: str) -> tuple[str, str]:
    """The URI of what holds a path (a datastore, an output, an asset), and the path."""
    place = uri.parse(text)
    match place:
        case uri.DatastorePath(datastore, path, workspace):
            root = uri.DatastorePath(datastore, "", workspace)
            return (root.long(workspace) if workspace else str(root)), path
        case uri.JobOutputPath(job, output, path):
            return str(uri.JobOutputPath(job, output, "")), path
        case _:
            return text, ""

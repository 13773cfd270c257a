"""The URI grammar of §3.4. Text in, parts out; nothing is opened."""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

_DATASTORE: Final = re.compile(
    r"azureml://(?:subscriptions/[^/]+/resource[gG]roups/[^/]+/(?:providers/[^/]+/)?workspaces/[^/]+/)?"
    r"datastores/(?P<datastore>[^/]+)(?:/paths/(?P<path>.*))?"
)
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")


@dataclass(frozen=True, slots=True)
class DatastorePath:
    """A path in a datastore: `azureml://datastores/<datastore>/paths/<path>`."""

    datastore: str
    path: str

    def __str__(self) -> str:
        """The short form."""
        return f"azureml://datastores/{self.datastore}/paths/{self.path}"


def datastore_path(uri: str) -> DatastorePath | None:
    """The datastore and path of a short or long datastore URI; None for anything else."""
    found = _DATASTORE.fullmatch(uri)
    return DatastorePath(found["datastore"], (found["path"] or "").lstrip("/")) if found else None


def is_local(path: str) -> bool:
    """Whether it names a file or folder of this machine: no scheme, or `file:`."""
    return path.startswith("file:") or not _SCHEME.match(path)


def local_path(path: str) -> str:
    """A local path without its `file:` scheme; `%20` and its kin in a `file:` URI are the characters they stand for."""
    return unquote(re.sub(r"^file:(//)?", "", path)) if path.startswith("file:") else path

"""Where the bytes of a URI are, and a copy of them on this machine. What a job does with them is not decided here."""

import posixpath
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, TypeAlias

from jupyter_aml.data import filesystems, uri
from jupyter_aml.data.cache import Cache
from jupyter_aml.data.sources import StorageSource, WebSource
from jupyter_aml.data.storage import Progress, Storage
from jupyter_aml.data.uri import AssetReference, CloudPath, DatastorePath, JobOutputPath, LocalPath, RunArtifact
from jupyter_aml.entities.asset_record import AssetKind, AssetRecord
from jupyter_aml.entities.pipeline_plan import REUSED_RUN
from jupyter_aml.entities.sweep_plan import BEST_CHILD
from jupyter_aml.entities.workspace import BUILT_IN_DATASTORES
from jupyter_aml.exceptions import (
    AssetPathException,
    ResourceNotFoundError,
    UserErrorException,
    ValidationException,
    did_you_mean,
)
from jupyter_aml.operations import access, assets, datastores
from jupyter_aml.operations.workspaces import Workspace, folder_of, open_workspace
from jupyter_aml.store import jobs
from jupyter_aml.store.job_outputs import outputs_of
from jupyter_aml.tracking import models

Show: TypeAlias = Callable[[str, int], Progress]

_KINDS: Final[dict[str, AssetKind]] = {"": "data", "data": "data", "models": "model"}
_PATH: Final = "path"
_ARTIFACTS: Final = frozenset({"artifacts", "default"})


@dataclass(frozen=True, slots=True)
class Here:
    """A file or folder of this machine; it need not exist."""

    path: Path

    @property
    def address(self) -> str:
        return str(self.path)


@dataclass(frozen=True, slots=True)
class There:
    """A path in storage elsewhere."""

    storage: Storage
    path: str

    @property
    def address(self) -> str:
        """For a person: where that is."""
        return f"{self.storage.identity}/{self.path}"


@dataclass(frozen=True, slots=True)
class OnTheWeb:
    """A public file."""

    url: str

    @property
    def address(self) -> str:
        return self.url


Place: TypeAlias = Here | There | OnTheWeb
Followed: TypeAlias = LocalPath | DatastorePath | CloudPath | uri.WebAddress
"""A URI that names storage itself, not something that is kept in one."""


def locate(workspace: Workspace, text: str) -> Place:
    """Where the bytes of a URI are, whatever its form (§3.4). Nothing is read of them, and nothing need be there.

    Raises ValidationException for a URI that cannot be, ResourceNotFoundError for an asset, job or datastore that is
    not there, UserErrorException for storage that cannot be read here.
    """
    return opened(workspace, followed(workspace, text))


def opened(workspace: Workspace, place: Followed) -> Place:
    """Where a place is; raises as `locate` does."""
    match place:
        case LocalPath(path):
            return Here(Path(path).absolute())
        case DatastorePath():
            return _in_datastore(workspace, place)
        case CloudPath():
            return There(_storage_of(workspace, place), place.path)
        case uri.WebAddress(url):
            return OnTheWeb(url)


def followed(workspace: Workspace, text: str) -> Followed:
    """What an asset, a job's output or a run's artifact stands for, down to where it is kept; others as they are."""
    place = uri.parse(text)
    match place:
        case AssetReference():
            record = asset(workspace, place)
            return followed(_named(workspace, place), str(record.spec[_PATH]))
        case JobOutputPath():
            return _output(workspace, place)
        case RunArtifact(run, path):
            return _artifact(workspace, run, path)
        case _:
            return place


def asset(workspace: Workspace, reference: AssetReference) -> AssetRecord:
    """The data asset or model that a reference means. ResourceNotFoundError with the nearest name otherwise."""
    kind = _KINDS.get(reference.kind.lower())
    if kind is None:
        message = f"'{reference}' is not data: it is one of the workspace's {reference.kind}."
        raise ValidationException(message, resolution="Use azureml:<name>:<version> of a data asset or a model.")
    if reference.registry:
        message = f"'{reference}' is in the registry '{reference.registry}', which cannot be reached here."
        raise UserErrorException(message, resolution="Register it in this workspace.")
    collection, where = assets.COLLECTION[kind], _named(workspace, reference)
    access.require(where, f"{collection}/versions/read", f"{collection}/{reference.name}")
    wanted = assets.Reference(reference.name, reference.version or None, reference.label or None)
    try:
        return assets.one(where, kind, wanted)
    except ResourceNotFoundError:
        if reference.kind:
            raise
        return _a_model_then(where, reference)


def fetch(workspace: Workspace, text: str, show: Show | None = None) -> Path:
    """The file or folder of a URI on this machine: itself, or a read-only copy of what is there now.

    What was copied before and did not change is not brought again. Raises what `locate` raises, AssetPathException
    when nothing is there, and UserErrorException when the storage refuses, in one clear line.
    """
    place = locate(workspace, text)
    found = copied(workspace, place, show)
    if found is None:
        raise AssetPathException(f"There is nothing at '{text}'.", resolution=f"Looked at: {place.address}.")
    return found


def copied(workspace: Workspace, place: Place, show: Show | None = None) -> Path | None:
    """The same of a place; None when nothing is there."""
    if isinstance(place, Here):
        return place.path if place.path.exists() else None
    return _brought(workspace, place, show or _silent)


def resolver(workspace: Workspace) -> Callable[[str], Path]:
    """What an MLTable asks for the files of its URIs: `fetch`, and Azure's own `<datastore>/<path>` in a stream."""

    def resolve(text: str) -> Path:
        if uri.is_local(text):
            datastore, _, path = text.partition("/")
            return fetch(workspace, str(DatastorePath(datastore, path)))
        return fetch(workspace, text)

    return resolve


def storage_of(workspace: Workspace, name: str) -> Path | Storage:
    """The folder or storage of a datastore. ResourceNotFoundError with the nearest name when there is none."""
    if name in BUILT_IN_DATASTORES:
        access.require(workspace, "datastores/read", f"datastores/{name}")
        return workspace.folder.datastore(name)
    record = datastores.get(workspace, name)
    if record.name in BUILT_IN_DATASTORES:  # in another case
        return workspace.folder.datastore(record.name)
    return filesystems.of_datastore(record.spec, datastores.credentials(workspace, record.name))


def within(root: Path, path: str, label: str) -> Path:
    """A path below a folder. AssetPathException for one that leads out of it."""
    inner = posixpath.normpath(path or ".")
    if inner.startswith(("../", "/")) or inner == ".." or "\0" in path:
        raise AssetPathException(f"'{path}' leads out of its {label}.", resolution="Leave '..' out.")
    return root / inner


def _in_datastore(workspace: Workspace, place: DatastorePath) -> Place:
    store = storage_of(_named(workspace, place), place.datastore)
    if isinstance(store, Storage):
        within(Path(), place.path, "datastore")
        return There(store, place.path)
    return Here(within(store, place.path, "datastore"))


def _named(workspace: Workspace, place: AssetReference | DatastorePath) -> Workspace:
    """The workspace that a long form names, when there is one here; else this one.

    Text copied from elsewhere names a workspace that never was on this machine, and means the one at hand.
    """
    named = place.workspace
    if named is None or named == workspace.id or not folder_of(named).database.exists():
        return workspace
    return open_workspace(named, principal=workspace.named)


def _a_model_then(workspace: Workspace, reference: AssetReference) -> AssetRecord:
    """A reference that says no kind may mean a model; what is said of nothing is said of data."""
    wanted = assets.Reference(reference.name, reference.version or None, reference.label or None)
    access.require(workspace, "models/versions/read", f"models/{reference.name}")
    try:
        return assets.one(workspace, "model", wanted)
    except ResourceNotFoundError:
        return assets.one(workspace, "data", wanted)


def _output(workspace: Workspace, place: JobOutputPath) -> Followed:
    access.require(workspace, "jobs/read", f"jobs/{place.job}")
    job = jobs.get(workspace.database, place.job)
    if best := job.properties.get(BEST_CHILD):  # what a sweep came to
        return _output(workspace, replace(place, job=best))
    if place.output in _ARTIFACTS and place.output not in (job.spec.get("outputs") or {}):
        return _artifact(workspace, job.properties.get(REUSED_RUN, place.job), place.path)
    outputs = outputs_of(workspace.database, workspace.folder, place.job)
    if place.output not in outputs:
        message = f"Job '{place.job}' has no output named '{place.output}'."
        raise ResourceNotFoundError(message, resolution=did_you_mean(place.output, ["artifacts", *outputs]))
    within(Path(), place.path, "output")
    return _below(workspace, outputs[place.output].path, place.path)


def _below(workspace: Workspace, root: str, path: str) -> Followed:
    """A path below where an output is: a URI, or a folder of this machine, which may be one of a built-in datastore."""
    found = uri.parse(root) if "://" in root else None
    if isinstance(found, DatastorePath | CloudPath):
        return replace(found, path=posixpath.join(found.path, path).rstrip("/"))
    stores = workspace.folder.datastore("")
    if not Path(root).is_relative_to(stores):
        return LocalPath(str(Path(root) / path))
    datastore, _, inside = Path(root, path).relative_to(stores).as_posix().partition("/")
    return DatastorePath(datastore, inside)


def _artifact(workspace: Workspace, run: str, path: str) -> Followed:
    """A file or folder of a run, a model that it logged too, though MLflow keeps that elsewhere."""
    within(Path(), path, "run")
    name, _, inside = path.partition("/")
    is_here = not name or workspace.folder.artifacts(run).joinpath(name).exists()
    if not is_here and (found := workspace.runs.logged_model(run, name)):
        return _below(workspace, str(models.local_path(found)), inside)
    return DatastorePath("workspaceartifactstore", f"ExperimentRun/dcid.{run}/{path}".rstrip("/"))


def _storage_of(workspace: Workspace, place: CloudPath) -> Storage:
    """The storage of a URI that names no datastore: with the credentials of one that is the same container."""
    if place.account:
        for record in datastores.every(workspace):
            container = record.spec.get("container_name") or record.spec.get("filesystem")
            if (record.spec.get("account_name"), container) == (place.account, place.container):
                found = storage_of(workspace, record.name)
                if isinstance(found, Storage):
                    return found
    return filesystems.of_cloud(place)


def _brought(workspace: Workspace, place: There | OnTheWeb, show: Show) -> Path | None:
    cache = Cache(workspace.folder.root / "cache")
    if isinstance(place, There):
        return cache.fetch(StorageSource(place.storage, place.path), show)
    found = cache.fetch(WebSource(place.url), show)
    if found is None and (blob := _public_folder(place.url)):
        return cache.fetch(StorageSource(filesystems.of_cloud(blob), blob.path), show)
    return found


def _public_folder(url: str) -> CloudPath | None:
    """The container that a web address of Azure's blob storage names: there, a folder has no address of its own."""
    host, _, path = url.partition("://")[2].partition("/")
    if ".blob." not in host or "/" not in path:
        return None
    found = uri.parse(f"wasbs://{path.partition('/')[0]}@{host}/{path.partition('/')[2]}")
    return found if isinstance(found, CloudPath) else None


def _silent(name: str, size: int) -> Progress:
    del name, size
    return lambda _done, _files: None

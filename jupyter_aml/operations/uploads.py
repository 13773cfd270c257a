"""Local files on their way into a datastore. What they are registered as is said elsewhere."""

from pathlib import Path

from jupyter_aml.data import uri
from jupyter_aml.data.progress import Bar
from jupyter_aml.data.storage import Progress, Storage
from jupyter_aml.data.upload import Show, Uploader
from jupyter_aml.operations import datastores, places
from jupyter_aml.operations.workspaces import Workspace


def uploaded(workspace: Workspace, path: str, datastore: str | None = None, show: Show = Bar) -> str:
    """The URI of a path: a local one is uploaded first, to `datastore` or the default one; any other stays (§3.5).

    Raises what `upload` raises, and ResourceNotFoundError for a datastore that is not there.
    """
    if not uri.is_local(path):
        return _own(workspace, path)
    name, store = target(workspace, datastore)
    uploader = Uploader(workspace.folder.root, workspace.folder_index, show)
    return str(uri.DatastorePath(name, uploader.upload(Path(uri.local_path(path)), store)))


def target(workspace: Workspace, datastore: str | None) -> tuple[str, Path | Storage]:
    """The datastore that a field names, in any of its forms (the default one if none), and its folder or storage."""
    named = (datastore or datastores.default(workspace)).removeprefix("azureml:")
    place = uri.datastore_path(f"azureml:{named}") or uri.DatastorePath(named, "")
    name = datastores.get(workspace, place.datastore).name
    return name, places.storage_of(workspace, name)


def _own(workspace: Workspace, path: str) -> str:
    """A URI as it is kept: the long form of this workspace's is the short one, so that what was got can be put back."""
    place = uri.datastore_path(path)
    return str(place) if place and place.workspace == workspace.id else path


def unseen(verb: str, name: str, size: int) -> Progress:
    """A `show` for what nobody asked to upload: nothing is told of it."""
    del verb, name, size
    return lambda _done, _files: None

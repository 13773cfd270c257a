"""Local files on their way into a datastore. What they are registered as is said elsewhere."""

from pathlib import Path

from jupyter_aml.data import uri
from jupyter_aml.data.upload import Uploader
from jupyter_aml.operations import datastores, places
from jupyter_aml.operations.workspaces import Workspace


def uploaded(workspace: Workspace, path: str, datastore: str | None = None) -> str:
    """The URI of a path: a local one is uploaded first, to `datastore` or the default one; any other stays (§3.5).

    Raises what `upload` raises, and ResourceNotFoundError for a datastore that is not there.
    """
    if not uri.is_local(path):
        return path
    named = (datastore or datastores.default(workspace)).removeprefix("azureml:")
    store = uri.datastore_path(f"azureml:{named}") or uri.DatastorePath(named, "")
    name = datastores.get(workspace, store.datastore).name
    uploader = Uploader(workspace.folder.root, workspace.folder_index)
    target = uploader.upload(Path(uri.local_path(path)), places.storage_of(workspace, name))
    return str(uri.DatastorePath(name, target))

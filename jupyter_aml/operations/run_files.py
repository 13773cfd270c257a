"""A run's files: what is shown of one, and where it is read from. Never outside of its folder; nothing is written."""

from pathlib import Path
from typing import Final

from jupyter_aml.entities import file_preview
from jupyter_aml.entities.job_record import SNAPSHOT, JobRecord
from jupyter_aml.entities.names import SnapshotId
from jupyter_aml.entities.run_files import Area, FilePreview
from jupyter_aml.exceptions import ResourceNotFoundError, UserErrorException, did_you_mean
from jupyter_aml.operations import access
from jupyter_aml.operations.run_paths import artifacts, file_in
from jupyter_aml.operations.workspaces import Workspace
from jupyter_aml.store import jobs

_AREAS: Final = ("outputs", "snapshot")


def file(workspace: Workspace, name: str, area: Area, path: str) -> FilePreview:
    """The beginning of one of a run's files, or all of a small one; never more than a megabyte. Raises as `opened`."""
    where = opened(workspace, name, area, path)
    most = file_preview.most_of(path)
    with where.open("rb") as content:
        data, size = content.read(most), where.stat().st_size
    return file_preview.preview(file_preview.Beginning(path, area, max(size, len(data)), data))


def opened(workspace: Workspace, name: str, area: Area, path: str) -> Path:
    """Where the content of one of a run's files is read from; its own name says nothing of what it is called.

    AssetPathException for a path that leads out of the run's folder; ResourceNotFoundError for a file or run that is
    not there.
    """
    access.require(workspace, "jobs/read", f"jobs/{name}")
    job = jobs.get(workspace.database, name)
    match area:
        case "outputs":
            return file_in(artifacts(workspace, job), path)
        case "snapshot":
            return _frozen(workspace, job, path)
        case _:
            raise UserErrorException(f"'{area}' is no place of files.", resolution=did_you_mean(area, _AREAS))


def _frozen(workspace: Workspace, job: JobRecord, path: str) -> Path:
    """A file of the code that ran; only what the manifest names is there."""
    if SNAPSHOT not in job.properties:
        raise ResourceNotFoundError(f"'{job.name}' has no snapshot: it ran no code folder of its own.")
    frozen = workspace.snapshots.read(SnapshotId(job.properties[SNAPSHOT]))
    found = next((one for one in frozen.files if one.path == path), None)
    if found is None:
        known = did_you_mean(path, [one.path for one in frozen.files])
        raise ResourceNotFoundError(f"The snapshot of '{job.name}' has no file '{path}'.", resolution=known)
    return workspace.snapshots.blobs.path(found.blob)

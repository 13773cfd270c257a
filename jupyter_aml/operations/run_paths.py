"""Where a run's files lie, and which of them may be opened. Names in, paths out; nothing is read or written here."""

from pathlib import Path
from stat import S_ISREG

from jupyter_aml.entities.job_record import JobRecord
from jupyter_aml.entities.pipeline_plan import REUSED_RUN
from jupyter_aml.exceptions import AssetPathException, ResourceNotFoundError
from jupyter_aml.operations import places
from jupyter_aml.operations.workspaces import Workspace


def artifacts(workspace: Workspace, job: JobRecord) -> Path:
    """The folder of a job's logs and outputs; of a step that did not run again, of the run that did."""
    return workspace.folder.artifacts(job.properties.get(REUSED_RUN, job.name))


def file_in(root: Path, name: str) -> Path:
    """The regular file `name` below a folder, links followed.

    AssetPathException for a name that leads out of the folder, by `..` or by a link; ResourceNotFoundError when there
    is no such file: a pipe or a device, which may never end, is none.
    """
    try:
        path = places.within(root, name, "folder").resolve()
        if not path.is_relative_to(root.resolve()):
            raise AssetPathException(f"'{name}' is a link that leads out of its folder.")
        is_file = S_ISREG(path.stat().st_mode)
    except (OSError, RuntimeError, UnicodeError):  # not there, no right to look, a loop of links, no name of a file
        is_file = False
        path = root
    if not is_file:
        raise ResourceNotFoundError(f"The run has no file '{name}'.", resolution="It may have been renamed or removed.")
    return path

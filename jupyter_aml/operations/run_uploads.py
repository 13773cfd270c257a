"""Files that a run is given beside those that it writes itself: each appears whole, and none is replaced."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from jupyter_aml.exceptions import AssetPathException, ResourceExistsError, ResourceNotFoundError, did_you_mean
from jupyter_aml.operations import access
from jupyter_aml.operations.run_logging import NOTES
from jupyter_aml.operations.run_paths import artifacts, file_in
from jupyter_aml.operations.workspaces import Workspace
from jupyter_aml.store import jobs


def add(workspace: Workspace, run: str, name: str, source: Path | IO[bytes]) -> None:
    """Keep a copy of a file, or of what a stream holds, under that name.

    AssetPathException for a name that leads out of the run's folder or a file that is not there; ResourceExistsError
    for the name of another file. A file that is the run's own under that name already is left as it is.
    """
    access.require(workspace, "jobs/write", f"jobs/{run}")
    root = artifacts(workspace, jobs.get(workspace.database, run))
    target = _target(root, name)
    if isinstance(source, Path):
        _check(source)
    if target.exists():
        if isinstance(source, Path) and source.samefile(target):
            return
        raise ResourceExistsError(
            f"UserError: Resource Conflict: ArtifactId ExperimentRun/dcid.{run}/{name} already exists.",
            resolution="Give it another name: what a run has kept never changes.",
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    _place(source, target)


def names(workspace: Workspace, run: str) -> list[str]:
    """The names of the run's files, sorted; not the one that its logged tables lie in."""
    access.require(workspace, "jobs/read", f"jobs/{run}")
    root = artifacts(workspace, jobs.get(workspace.database, run))
    return sorted(name for path in _files(root) if (name := path.relative_to(root).as_posix()) != NOTES)


def path(workspace: Workspace, run: str, name: str) -> Path:
    """Where the run's file of that name lies. ResourceNotFoundError with the nearest one when there is none."""
    access.require(workspace, "jobs/read", f"jobs/{run}")
    known = names(workspace, run)
    if name not in known:
        raise ResourceNotFoundError(f"File with path {name} was not found.", resolution=did_you_mean(name, known))
    return file_in(artifacts(workspace, jobs.get(workspace.database, run)), name)


def _target(root: Path, name: str) -> Path:
    target = root / name
    if not name or not Path(os.path.normpath(target)).is_relative_to(root):
        raise AssetPathException(f"name: '{name}' leads out of the run's files.", resolution="Write outputs/model.pkl.")
    return target


def _check(source: Path) -> None:
    if not source.is_file():
        raise AssetPathException(
            f'File path "{source}" does not exist.', resolution=f"Paths are taken from {Path.cwd()}."
        )


def _place(source: Path | IO[bytes], target: Path) -> None:
    beside = target.with_name(f".{target.name}.{os.getpid()}.{os.urandom(4).hex()}")
    try:
        if isinstance(source, Path):
            shutil.copyfile(source, beside)
        else:
            with beside.open("wb") as file:
                shutil.copyfileobj(source, file)
        beside.rename(target)
    finally:
        beside.unlink(missing_ok=True)


def _files(root: Path) -> Iterator[Path]:
    return (path for path in root.rglob("*") if path.is_file())

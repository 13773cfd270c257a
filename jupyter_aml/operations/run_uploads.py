"""Files that a run is given beside those that it writes itself: each appears whole, and none is replaced."""

import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, TypeAlias

from jupyter_aml.exceptions import AssetPathException, ResourceExistsError, ResourceNotFoundError, did_you_mean
from jupyter_aml.operations import access
from jupyter_aml.operations.run_logging import NOTES
from jupyter_aml.operations.run_paths import artifacts, file_in
from jupyter_aml.operations.workspaces import Workspace
from jupyter_aml.store import jobs

Source: TypeAlias = Path | IO[bytes]


def add(workspace: Workspace, run: str, name: str, source: Source) -> None:
    """Keep a copy of a file, or of what a stream holds, under that name. It raises what `add_all` raises."""
    add_all(workspace, run, [(name, source)])


def add_all(workspace: Workspace, run: str, files: Iterable[tuple[str, Source]]) -> None:
    """Keep copies of files, or of what streams hold, under these names: all that is said against one is said first.

    AssetPathException for a name that leads out of the run's folder, by `..` or by a link, or a file that is not
    there; ResourceExistsError for the name of another file, or one given twice. A file that is the run's own under
    that name already is left as it is.
    """
    access.require(workspace, "jobs/write", f"jobs/{run}")
    root = artifacts(workspace, jobs.get(workspace.database, run))
    wanted: dict[Path, Source] = {}
    for name, source in files:
        target = _target(root, name)
        if isinstance(source, Path):
            _check(source)
        if _is_there(target, source):
            continue
        if target.exists() or target in wanted or target == root / NOTES:
            raise _taken(run, name)
        wanted[target] = source
    for target, source in wanted.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        _place(source, target)


def names(workspace: Workspace, run: str) -> list[str]:
    """The names of the run's files, sorted; not the one that its logged tables lie in."""
    access.require(workspace, "jobs/read", f"jobs/{run}")
    root = artifacts(workspace, jobs.get(workspace.database, run))
    return sorted(name for path in _files(root) if (name := path.relative_to(root).as_posix()) != NOTES)


def path(workspace: Workspace, run: str, name: str) -> Path:
    """Where the run's file of that name lies. ResourceNotFoundError with the nearest one when there is none.

    AssetPathException for a name that leads out of the run's folder, by `..` or by a link.
    """
    access.require(workspace, "jobs/read", f"jobs/{run}")
    try:
        return file_in(artifacts(workspace, jobs.get(workspace.database, run)), name)
    except ResourceNotFoundError:
        meant = did_you_mean(name, names(workspace, run))
        raise ResourceNotFoundError(f"File with path {name} was not found.", resolution=meant) from None


def _target(root: Path, name: str) -> Path:
    """Where a file of that name goes; a link on the way there leads nowhere else."""
    target = Path(os.path.normpath(root / name))
    is_inside = "\0" not in name and target != root and target.is_relative_to(root)
    if not is_inside or not target.parent.resolve().is_relative_to(root.resolve()):
        raise AssetPathException(f"name: {name!r} leads out of the run's files.", resolution="Write outputs/model.pkl.")
    return target


def _is_there(target: Path, source: Source) -> bool:
    return isinstance(source, Path) and target.exists() and source.samefile(target)


def _taken(run: str, name: str) -> ResourceExistsError:
    return ResourceExistsError(
        f"UserError: Resource Conflict: ArtifactId ExperimentRun/dcid.{run}/{name} already exists.",
        resolution="Give it another name: what a run has kept never changes.",
    )


def _check(source: Path) -> None:
    if not source.is_file():
        raise AssetPathException(
            f'File path "{source}" does not exist.', resolution=f"Paths are taken from {Path.cwd()}."
        )


def _place(source: Source, target: Path) -> None:
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

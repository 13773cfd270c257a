"""A finished job's files, copied to where a person wants them, in SDK v2's layout (§7.8)."""

import shutil
import stat
from pathlib import Path

from jupyter_aml.entities.pipeline_plan import REUSED_RUN
from jupyter_aml.exceptions import ResourceNotFoundError, did_you_mean
from jupyter_aml.operations import access, jobs, places, sweeps
from jupyter_aml.operations.workspaces import Workspace
from jupyter_aml.store.job_outputs import outputs_of


def download(
    workspace: Workspace, name: str, target: Path, *, output_name: str | None = None, everything: bool = False
) -> list[Path]:
    """Copy `artifacts/` (the default output), `named-outputs/<output>/`, or both; the folders that were written.

    Of a sweep, those of its best child.
    JobException while the job is not over; ResourceNotFoundError for an output that it does not have.
    """
    access.require(workspace, "jobs/read", f"jobs/{name}")
    job = jobs.finished(workspace, name)
    if job.type == "sweep":
        name = sweeps.best_child(workspace, name)
        job = jobs.finished(workspace, name)
    outputs: dict[str, object] = job.spec.get("outputs") or {}
    if output_name and output_name not in {"default", *outputs}:
        message = f"Job '{name}' has no output named '{output_name}'."
        raise ResourceNotFoundError(message, resolution=did_you_mean(output_name, ["default", *outputs]))
    wanted: dict[Path, Path | None] = {}
    if everything or output_name in {None, "default"}:
        wanted[target / "artifacts"] = workspace.folder.artifacts(job.properties.get(REUSED_RUN, name))
    for output in outputs if everything else [output_name] if output_name in outputs else []:
        place = places.locate(workspace, f"azureml://jobs/{name}/outputs/{output}")
        wanted[target / "named-outputs" / str(output)] = places.copied(workspace, place)
    return [copied(source, destination) for destination, source in wanted.items()]


def output_path(workspace: Workspace, name: str, output: str) -> str:
    """Where a job's named output lies: a path of this machine, or a URI; '' while there is none."""
    access.require(workspace, "jobs/read", f"jobs/{name}")
    found = outputs_of(workspace.database, workspace.folder, name).get(output)
    return found.path if found else ""


def copied(source: Path | None, destination: Path) -> Path:
    """The folder `destination`, with a writable copy of a file, or of what a folder holds, over whatever is there."""
    destination.mkdir(parents=True, exist_ok=True)
    if source and source.is_file():
        _replace(str(source), str(destination / source.name))
    elif source and source.is_dir():
        shutil.copytree(source, destination, dirs_exist_ok=True, ignore=_not_copied, copy_function=_replace)
    return destination


def _replace(source: str, destination: str) -> None:
    """Copy over whatever is there, also over a file that may not be written; the copy may be."""
    copy = Path(destination)
    copy.unlink(missing_ok=True)
    shutil.copy2(source, copy)
    copy.chmod(copy.stat().st_mode | stat.S_IWUSR)


def _not_copied(folder: str, names: list[str]) -> set[str]:
    """Links back to a folder that is being copied, links to nowhere, pipes and sockets."""
    return {name for name in names if not _is_copied(Path(folder), name)}


def _is_copied(folder: Path, name: str) -> bool:
    try:
        path = (folder / name).resolve(strict=True)
    except OSError:
        return False
    return path.is_file() or (path.is_dir() and not folder.resolve().is_relative_to(path))

"""A finished job's files, copied to where a person wants them, in SDK v2's layout (§7.8)."""

import shutil
import stat
from pathlib import Path
from typing import Final, TypeAlias

from jupyter_aml.entities.job_record import JobRecord
from jupyter_aml.entities.pipeline_plan import REUSED_RUN
from jupyter_aml.exceptions import ResourceNotFoundError, did_you_mean
from jupyter_aml.operations import access, jobs, places, sweeps
from jupyter_aml.operations.workspaces import Workspace
from jupyter_aml.store.job_outputs import outputs_of
from jupyter_aml.store.jobs import Filter

_DEFAULT: Final = "default"
_SCORE: Final = "score"
_Wanted: TypeAlias = dict[str, Path | None]


def download(
    workspace: Workspace, name: str, target: Path, *, output_name: str | None = None, everything: bool = False
) -> list[Path]:
    """Copy `artifacts/` (the default output), `named-outputs/<output>/`, or both; the folders that were written.

    Of a sweep, those of its best child, and the sweep's own logs as `hd-artifacts/` beside their `artifacts/`. Of a
    batch run (`_is_batch_run`), its scores, right in `target`: SDK v2's `jobs.download` knows it by its tags, too.
    JobException while the job is not over; ResourceNotFoundError for an output that it does not have.
    """
    access.require(workspace, "jobs/read", f"jobs/{name}")
    job = jobs.finished(workspace, name)
    if _is_batch_run(job):
        return [copied(_scores(workspace, job, output_name), target)]
    source = jobs.finished(workspace, sweeps.best_child(workspace, name)) if job.type == "sweep" else job
    wanted = _wanted(workspace, source, output_name, everything=everything)
    if job.type == "sweep" and not output_name:
        wanted["hd-artifacts"] = workspace.folder.artifacts(name)
    return [copied(files, target / folder) for folder, files in wanted.items()]


def _wanted(workspace: Workspace, job: JobRecord, output_name: str | None, *, everything: bool) -> _Wanted:
    """What is asked of a job's files, by the folder that it is to be in."""
    outputs: dict[str, object] = job.spec.get("outputs") or {}
    if output_name and output_name not in {_DEFAULT, *outputs}:
        raise _no_output(job.name, output_name, [_DEFAULT, *outputs])
    wanted: _Wanted = {}
    if everything or output_name in {None, _DEFAULT}:
        wanted |= _artifacts(workspace, job.properties.get(REUSED_RUN, job.name))
    for output in outputs if everything else [output_name] if output_name in outputs else []:
        wanted[f"named-outputs/{output}"] = _files(workspace, job.name, str(output))
    return wanted


def _artifacts(workspace: Workspace, run: str) -> _Wanted:
    """What a run left, and the models that it logged, which MLflow 3 keeps beside it."""
    models = {
        f"artifacts/{name}": places.copied(workspace, places.locate(workspace, f"runs:/{run}/{name}"))
        for name in workspace.runs.logged_models(run)
    }
    return {"artifacts": workspace.folder.artifacts(run), **models}


def _is_batch_run(job: JobRecord) -> bool:
    """Whether a batch endpoint's invocation made it, before such runs were pipeline jobs."""
    return job.tags.get("azureml.batchrun") == "true" and job.tags.get("azureml.jobtype") != "azureml.pipelinejob"


def _scores(workspace: Workspace, job: JobRecord, output_name: str | None) -> Path | None:
    """The output 'score' of the first child that has one."""
    children = jobs.select(workspace, Filter(parent=job.name))
    scorer = next((child for child in children if _SCORE in (child.spec.get("outputs") or {})), None)
    if not scorer or output_name not in {None, _SCORE}:
        raise _no_output(job.name, output_name or _SCORE, [_SCORE] if scorer else [])
    return _files(workspace, scorer.name, _SCORE)


def _files(workspace: Workspace, name: str, output: str) -> Path | None:
    return places.copied(workspace, places.locate(workspace, f"azureml://jobs/{name}/outputs/{output}"))


def _no_output(name: str, asked: str, there: list[str]) -> ResourceNotFoundError:
    return ResourceNotFoundError(f"Job '{name}' has no output named '{asked}'.", resolution=did_you_mean(asked, there))


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

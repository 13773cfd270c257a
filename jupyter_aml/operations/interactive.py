"""Interactive runs: jobs that are a part of the process that calls here. Begun and ended; nothing is started."""

import random
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from jupyter_aml.entities.job_folder import attempt_folder
from jupyter_aml.entities.job_record import INTERACTIVE, SNAPSHOT, JobRecord
from jupyter_aml.entities.launch import Outcome
from jupyter_aml.entities.names import JobName, checked, new_job_name
from jupyter_aml.exceptions import UserErrorException
from jupyter_aml.operations import access, git
from jupyter_aml.operations.jobs import describe
from jupyter_aml.operations.workspaces import Workspace
from jupyter_aml.store import jobs
from jupyter_aml.tracking import interactive
from jupyter_aml.tracking.runs import INTERACTIVE_TAG, JOB_TAG

_NAMES: Final = random.SystemRandom()


def begin(
    workspace: Workspace,
    experiment: str,
    *,
    name: str = "",
    display_name: str = "",
    parent: str = "",
    code: Path | None = None,
    tags: Mapping[str, str] | None = None,
) -> JobRecord:
    """A run that this process is from now on, until `end` or the process's own end. `code`: a folder to freeze.

    Of a run that was begun under this name before, what became of it; this process goes on with it. Raises
    ValidationException for a name that Azure would not take, ResourceExistsError for that of another job,
    ResourceNotFoundError for a parent that is none.
    """
    job = JobName(checked("job", name)) if name else new_job_name(_NAMES)
    access.require(workspace, "jobs/write", f"jobs/{job}")
    if code:
        access.require(workspace, "metadata/codes/versions/write", "codes")
    if before := jobs.find(workspace.database, job):
        return _again(workspace, before)
    if parent:
        jobs.get(workspace.database, parent)
    record = interactive.record(
        job, checked("experiment", experiment), display_name=display_name, parent=parent, tags=tags,
        properties=_frozen(workspace, code) if code else {},
    )  # fmt: skip
    _enter(workspace, record)
    return record


def freeze(workspace: Workspace, name: str, code: Path) -> str:
    """Keep a folder as the code of an interactive run; the snapshot's id.

    Raises UserErrorException for a run that has other code: what was kept of it never changes.
    """
    access.require(workspace, "jobs/write", f"jobs/{name}")
    access.require(workspace, "metadata/codes/versions/write", "codes")
    job = jobs.get(workspace.database, name)
    found = _frozen(workspace, code)
    if job.type != INTERACTIVE or job.properties.get(SNAPSHOT, found[SNAPSHOT]) != found[SNAPSHOT]:
        raise UserErrorException(
            f"'{name}' has its code already.", resolution="Begin another run: experiment.start_logging()."
        )
    if SNAPSHOT not in job.properties:
        describe(workspace, name, properties=found)
    return found[SNAPSHOT]


def end(workspace: Workspace, name: str, *, error: str = "", canceled: bool = False) -> None:
    """The run is over: completed, failed if there is an `error`, or canceled. Nothing for one that was over before.

    The supervisor writes it down, a moment later. Raises UserErrorException for a job that is no interactive run.
    """
    access.require(workspace, "jobs/write", f"jobs/{name}")
    job = jobs.get(workspace.database, name)
    if job.type != INTERACTIVE:
        raise UserErrorException(
            f"'{name}' is a {job.type} job: its own exit ends it.", resolution="To end it before: cancel it."
        )
    outcome = Outcome("exited", int(bool(error)), error)
    outcome = Outcome("canceled", error=error or "Canceled by its own process.") if canceled else outcome
    if interactive.settle(attempt_folder(workspace.folder.jobs, name, 1), outcome):
        interactive.wake(workspace.folder)


def _again(workspace: Workspace, before: JobRecord) -> JobRecord:
    if before.type != INTERACTIVE:
        raise jobs.name_taken(before.name)
    if not before.is_finished:
        interactive.hold(attempt_folder(workspace.folder.jobs, before.name, 1))
    return before


def _frozen(workspace: Workspace, code: Path) -> dict[str, str]:
    return {SNAPSHOT: workspace.snapshots.freeze(code).id, **git.properties(code.absolute())}


def _enter(workspace: Workspace, record: JobRecord) -> None:
    """MLflow's run first, as with every job."""
    workspace.runs.create(
        record.name, record.experiment, display_name=record.display_name, status="RUNNING",
        artifact_uri=workspace.runs.artifact_uri(record.name), start_ms=round(record.created_at * 1000),
        tags={**record.properties, **record.tags, JOB_TAG: INTERACTIVE_TAG}, parent=record.parent or None,
    )  # fmt: skip
    experiment_id = workspace.runs.experiment_id(record.experiment)
    interactive.begin(workspace.folder, workspace.database, record, experiment_id)
    interactive.wake(workspace.folder)

"""Jobs: wished, canceled, described, archived. Nothing is started here; that is `engine`."""

import json
import random
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from jupyter_aml.entities.job import Command
from jupyter_aml.entities.job_record import JobRecord
from jupyter_aml.entities.launch import Launch
from jupyter_aml.entities.names import JobName, new_job_name
from jupyter_aml.entities.properties import stay
from jupyter_aml.exceptions import JobException, UserErrorException
from jupyter_aml.operations import access
from jupyter_aml.operations.workspaces import Workspace
from jupyter_aml.store import facts, jobs
from jupyter_aml.tracking.runs import DESCRIPTION_TAG, JOB_TAG, NAME_TAG

_NAMES: Final = random.SystemRandom()


def submit(workspace: Workspace, draft: Command, again: JobRecord | None = None) -> JobRecord:
    """Freeze the job and wish it run; what is returned has only just been wished. `again`: with that one's code.

    Raises AuthorizationError first, then what `check` raises, and ResourceExistsError when the name is taken.
    """
    from jupyter_aml.operations import command_jobs  # a list of jobs need not know what a job may ask for

    name = named(workspace, draft.name, draft.code)
    before: Mapping[str, str] = again.properties if again else {}
    passed = command_jobs.check(workspace, draft, command_jobs.snapshot_of(before))
    free(workspace, name)
    return enter(workspace, *command_jobs.frozen(workspace, command_jobs.with_commit(passed, before), name))


def named(workspace: Workspace, name: str | None, code: str | None) -> JobName:
    """The name of a job that is about to be submitted, by somebody who may. AuthorizationError otherwise."""
    given = JobName(name) if name else new_job_name(_NAMES)
    access.require(workspace, "jobs/write", _target(given))
    if code:
        access.require(workspace, "metadata/codes/versions/write", "codes")
    return given


def free(workspace: Workspace, name: JobName) -> None:
    """Raises ResourceExistsError when a job has that name."""
    if jobs.find(workspace.database, name):
        raise jobs.name_taken(name)


def enter(workspace: Workspace, record: JobRecord, launch: Launch) -> JobRecord:
    """Keep a frozen job, and wish it run.

    MLflow's run first and outside of our transaction: nobody waits for one database while holding the other.
    """
    is_new = _create_run(workspace, record, launch)
    with workspace.database.transaction() as connection:
        jobs.insert(connection, record, launch.to_json())
        facts.append(
            connection, at=record.created_at, kind="job.wished", subject=record.name,
            experiment=record.experiment, compute=record.compute,
        )  # fmt: skip
    if not is_new:  # a submit that was killed half-way left it
        workspace.runs.set_tags(record.name, _run_tags(record))
    return record


def _run_tags(record: JobRecord) -> dict[str, str]:
    """What MLflow is told of it; the mark of a job's run is not a tag that somebody sets."""
    described = {DESCRIPTION_TAG: record.description} if record.description else {}
    told = {**record.properties, **described, **record.tags}
    return {key: text for key, text in told.items() if key != JOB_TAG}


def _create_run(workspace: Workspace, record: JobRecord, launch: Launch) -> bool:
    return workspace.runs.create(
        record.name,
        record.experiment,
        display_name=record.display_name,
        artifact_uri=Path(launch.artifacts).as_uri(),
        tags=_run_tags(record),
        start_ms=int(record.created_at * 1000),
        parent=record.parent or None,
    )


def get(workspace: Workspace, name: str) -> JobRecord:
    """The job as it is now. ResourceNotFoundError with the nearest name."""
    access.require(workspace, "jobs/read", _target(name))
    return jobs.get(workspace.database, name)


def exists(workspace: Workspace, name: str) -> bool:
    """Whether there is a job of that name."""
    access.require(workspace, "jobs/read", _target(name))
    return jobs.find(workspace.database, name) is not None


def select(workspace: Workspace, which: jobs.Filter, *, page: int = 200) -> Iterator[JobRecord]:
    """Jobs newest first, read a page at a time while they are walked. A denial comes at once."""
    access.require(workspace, "jobs/read", "jobs")
    return jobs.select(workspace.database, which, page=page)


def story(workspace: Workspace, name: str) -> list[facts.Fact]:
    """Everything that happened to a job, in order."""
    access.require(workspace, "jobs/read", _target(name))
    return facts.story(workspace.database, name)


def cancel(workspace: Workspace, name: str) -> JobRecord:
    """Wish a job's end. A finished job stays as it is: canceling it is no error."""
    access.require(workspace, "jobs/cancel/action", _target(name))
    job = jobs.get(workspace.database, name)
    if not job.is_finished:
        with workspace.database.transaction() as connection:
            facts.append(connection, at=time.time(), kind="job.cancel.wished", subject=job.name)
    return job


def describe(
    workspace: Workspace,
    name: str,
    *,
    display_name: str | None = None,
    description: str | None = None,
    tags: Mapping[str, str] | None = None,
    properties: Mapping[str, str] | None = None,
) -> JobRecord:
    """Change what a job is called; `tags` are merged in, `properties` are added.

    Raises UserErrorException when nothing is given, and for a property that is there with another value.
    """
    access.require(workspace, "jobs/write", _target(name))
    job = jobs.get(workspace.database, name)
    stay(job.properties, properties or {})
    texts = {"display_name": display_name, "description": description}
    changes: dict[str, str | int] = {field: text for field, text in texts.items() if text is not None}
    if not changes and tags is None and properties is None:
        raise UserErrorException(
            "Nothing to update was given.", resolution="Give display_name, description, tags or properties."
        )
    own = {NAME_TAG: display_name, DESCRIPTION_TAG: description}
    run_tags = {**(tags or {}), **{tag: text for tag, text in own.items() if text is not None}}
    _write(workspace, job, changes, run_tags, tags=tags, properties=properties)
    return jobs.get(workspace.database, name)


def archive(workspace: Workspace, name: str, *, archived: bool = True) -> None:
    """Hide a job from lists, or show it again."""
    access.require(workspace, "jobs/write", _target(name))
    _write(workspace, jobs.get(workspace.database, name), {"archived": int(archived)}, {})


def finished(workspace: Workspace, name: str) -> JobRecord:
    """The job, if it is over; JobException otherwise."""
    access.require(workspace, "jobs/read", _target(name))
    job = jobs.get(workspace.database, name)
    if not job.is_finished:
        message = f"This job is in state {job.status}. Download is allowed only in states Completed, Failed, Canceled."
        raise JobException(message, resolution=f"Wait for it: ml_client.jobs.stream('{name}').")
    return job


def _target(name: str) -> str:
    return f"jobs/{name}"


def _write(
    workspace: Workspace,
    job: JobRecord,
    changes: Mapping[str, str | int],
    run_tags: Mapping[str, str],
    *,
    tags: Mapping[str, str] | None = None,
    properties: Mapping[str, str] | None = None,
) -> None:
    """MLflow's run first, then our row: two databases, and nobody waits for one while holding the other."""
    workspace.runs.set_tags(job.name, run_tags)
    with workspace.database.transaction() as connection:
        jobs.describe(connection, job.name, changes)
        said = dict(changes)
        if properties is not None:
            said["properties"] = jobs.add_properties(connection, job.name, properties)
            stay(json.loads(said["properties"]), properties)  # others add them, too
        if tags is not None:
            said["tags"] = jobs.retag(connection, job.name, tags)
        facts.append(connection, at=time.time(), kind="job.described", subject=job.name, **said)

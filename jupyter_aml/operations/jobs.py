"""Command jobs: checked, frozen, wished; canceled, described, archived. Nothing is started here; that is `engine`."""

import json
import os
import random
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from jupyter_aml.entities import command_line, warm_rule
from jupyter_aml.entities.compute_record import ComputeRecord
from jupyter_aml.entities.job import Command, DistributionConfiguration
from jupyter_aml.entities.job_record import JobRecord, Spec
from jupyter_aml.entities.launch import Distribution, Launch, WarmPlan
from jupyter_aml.entities.names import JobName, checked, default_experiment, new_job_name
from jupyter_aml.entities.status import JobStatus
from jupyter_aml.entities.workspace import BUILT_IN_DATASTORES
from jupyter_aml.exceptions import (
    AssetPathException,
    JobException,
    UnsupportedFieldError,
    UserErrorException,
    ValidationException,
)
from jupyter_aml.operations import access, computes, environment_plans, environments, git, inputs, outputs
from jupyter_aml.operations.environments import Resolved
from jupyter_aml.operations.workspaces import Workspace
from jupyter_aml.runner.cell import LABEL as CELL
from jupyter_aml.store import facts, jobs
from jupyter_aml.store.snapshots import Snapshot
from jupyter_aml.tracking.runs import NAME_TAG

_NAMES: Final = random.SystemRandom()
_TRANSFER: Final = "jupyter_aml.operations.transfer"
_DESCRIPTION_TAG: Final = "mlflow.note.content"


@dataclass(frozen=True, slots=True)
class Checked:
    """A draft that passed: what it named, found."""

    draft: Command
    command: str
    experiment: str
    compute: ComputeRecord
    environment: Resolved
    code: Path | None


def check(workspace: Workspace, draft: Command) -> Checked:
    """Everything that can be said against a job, said before anything is stored.

    Raises ValidationException (by the field's path) or ResourceNotFoundError (with the nearest name).
    """
    access.require(workspace, "jobs/read")
    if draft.name is not None:
        checked("job", draft.name)
    experiment = checked("experiment", draft.experiment_name or default_experiment(Path.cwd().name))
    inputs.check_inputs(workspace, draft.inputs)
    draft = draft.model_copy(update={"inputs": inputs.pinned(workspace, draft.inputs)})
    outputs.check_outputs(workspace, draft.outputs)
    command = command_line.modernised(draft.command)
    if not command.strip():
        raise ValidationException("command: required, and empty.")
    command_line.check(command, draft.inputs, draft.outputs)
    compute = computes.for_job(workspace, draft.compute, draft.resources.instance_count)
    _check_distribution(draft.distribution)
    environment = environments.resolve(workspace, draft.environment)
    if CELL in draft.environment_variables:
        environment_plans.check_for_a_cell(environment.plan)
    if draft.parent_job_name:
        jobs.get(workspace.database, draft.parent_job_name)
    return Checked(draft, command, experiment, compute, environment, _code(workspace, draft))


def submit(workspace: Workspace, draft: Command) -> JobRecord:
    """Freeze the job and wish it run; what is returned has only just been wished.

    Raises AuthorizationError first, then what `check` raises, and ResourceExistsError when the name is taken.
    """
    name = JobName(draft.name) if draft.name else new_job_name(_NAMES)
    access.require(workspace, "jobs/write", _target(name))
    if draft.code:
        access.require(workspace, "metadata/codes/versions/write", "codes")
    passed = check(workspace, draft)
    if jobs.find(workspace.database, name):
        raise jobs.name_taken(name)
    experiment_id = workspace.runs.experiment_id(passed.experiment)
    snapshot = workspace.snapshots.freeze(passed.code) if passed.code else None
    launch = _launch(workspace, passed, name, snapshot, experiment_id)
    record = _record(passed, name, snapshot, launch)
    # MLflow's run first and outside of our transaction: nobody waits for one database while holding the other.
    is_new = _create_run(workspace, record, launch)
    with workspace.database.transaction() as connection:
        jobs.insert(connection, record, launch.to_json())
        facts.append(
            connection, at=record.created_at, kind="job.wished", subject=name,
            experiment=record.experiment, compute=record.compute,
        )  # fmt: skip
    if not is_new:  # a submit that was killed half-way left it
        workspace.runs.set_tags(name, _run_tags(record))
    return record


def _run_tags(record: JobRecord) -> dict[str, str]:
    described = {_DESCRIPTION_TAG: record.description} if record.description else {}
    return {**record.properties, **described, **record.tags}


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
    """Change what a job is called; `tags` are merged in, properties are written once and never changed."""
    access.require(workspace, "jobs/write", _target(name))
    job = jobs.get(workspace.database, name)
    texts = {"display_name": display_name, "description": description}
    changes: dict[str, str | int] = {field: text for field, text in texts.items() if text is not None}
    if tags is not None:
        changes["tags"] = json.dumps({**job.tags, **tags})
    if properties is not None:
        changes["properties"] = json.dumps({**properties, **job.properties})
    if not changes:
        raise UserErrorException(
            "Nothing to update was given.", resolution="Give display_name, description, tags or properties."
        )
    own = {NAME_TAG: display_name, _DESCRIPTION_TAG: description}
    run_tags = {**(tags or {}), **{tag: text for tag, text in own.items() if text is not None}}
    _write(workspace, job, changes, run_tags)
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


def _write(workspace: Workspace, job: JobRecord, changes: Mapping[str, str | int], run_tags: Mapping[str, str]) -> None:
    """MLflow's run first, then our row: two databases, and nobody waits for one while holding the other."""
    workspace.runs.set_tags(job.name, run_tags)
    with workspace.database.transaction() as connection:
        jobs.describe(connection, job.name, changes)
        facts.append(connection, at=time.time(), kind="job.described", subject=job.name, **changes)


def _check_distribution(distribution: DistributionConfiguration | None) -> None:
    if distribution and distribution.type == "ray":
        message = "distribution.type: 'ray' does not run here."
        raise UnsupportedFieldError(message, resolution="Use pytorch, mpi or tensorflow.")


def _code(workspace: Workspace, draft: Command) -> Path | None:
    """The folder to freeze; of a file, the folder around it (Azure's own rule). It holds something."""
    if draft.code is None:
        return None
    if draft.code.startswith(("azureml:", "http:", "https:", "git+", "git@")):
        raise UnsupportedFieldError(f"code: '{draft.code}' cannot be fetched here.", resolution="Give a local folder.")
    path = Path(draft.code)
    if not path.exists():
        raise AssetPathException(
            f"code: No such file or directory: {draft.code}", resolution=f"Paths are taken from {Path.cwd()}."
        )
    folder = path.parent if path.is_file() else path
    workspace.snapshots.check(folder)
    return folder


def _record(passed: Checked, name: JobName, snapshot: Snapshot | None, launch: Launch) -> JobRecord:
    draft = passed.draft
    found = {"_azureml.ComputeTargetType": passed.compute.type, "environment": passed.environment.reference}
    if passed.environment.note:
        found["environment.note"] = passed.environment.note
    if snapshot:
        found |= {
            "ContentSnapshotId": snapshot.id,
            **git.properties(passed.code.absolute() if passed.code else Path.cwd()),
        }
    return JobRecord(
        name, draft.type, JobStatus.NOT_STARTED, passed.experiment, draft.display_name or name, passed.compute.name,
        _spec(passed, launch), time.time(), description=draft.description or "", parent=draft.parent_job_name or "",
        nodes=draft.resources.instance_count, tags=dict(draft.tags), properties={**draft.properties, **found},
    )  # fmt: skip


def _spec(passed: Checked, launch: Launch) -> Spec:
    """The job as its YAML would say it, from wherever it is read: uploaded data by its URI, code by its full path."""
    fields: dict[str, Any] = passed.draft.spec() | {
        "experiment_name": passed.experiment,
        "compute": passed.compute.name,
    }
    if passed.code:
        fields["code"] = os.path.abspath(passed.code)  # noqa: PTH100 - a link stays a link, `..` goes
    for name, given in passed.draft.inputs.items():
        if given.path:
            fields["inputs"][name]["path"] = inputs.shown_path(given, launch.inputs[name])
    return fields


def _launch(
    workspace: Workspace, passed: Checked, name: JobName, snapshot: Snapshot | None, experiment_id: str
) -> Launch:
    draft, folder = passed.draft, workspace.folder
    return Launch(
        job=name,
        command=passed.command,
        interpreter=passed.environment.interpreter,
        environment=passed.environment.plan,
        artifacts=str(folder.artifacts(name)),
        experiment=passed.experiment,
        experiment_id=experiment_id,
        tracking_uri=workspace.tracking_uri,
        snapshot=str(workspace.snapshots.manifest(snapshot.id)) if snapshot else "",
        blobs=str(folder.blobs),
        inputs=inputs.input_specs(workspace, draft.inputs),
        outputs=outputs.output_specs(workspace, draft.outputs, name),
        transfer=(sys.executable, "-m", _TRANSFER, str(folder.root)),
        environment_variables={**passed.environment.variables, **draft.environment_variables},
        datastores={store: str(folder.datastore(store)) for store in BUILT_IN_DATASTORES},
        workspace={
            "subscription_id": workspace.id.subscription_id,
            "resource_group": workspace.id.resource_group,
            "name": workspace.id.name,
            "id": workspace.id.guid,
            "arm": workspace.id.arm,
            **_acting(workspace),
        },
        timeout=draft.limits.timeout,
        nodes=draft.resources.instance_count,
        distribution=_distribution(draft.distribution),
        doorbell=str(folder.doorbell),
        warm=_warm(workspace, passed, snapshot),
    )


def _acting(workspace: Workspace) -> dict[str, str]:
    """Who the job acts for: whoever submitted it, and nothing to say when that is the owner."""
    return {} if access.is_owner(workspace.principal) else {"principal": workspace.principal}


def _warm(workspace: Workspace, passed: Checked, snapshot: Snapshot | None) -> WarmPlan:
    files = [file.path for file in snapshot.files] if snapshot else []
    kind = passed.draft.distribution.type if passed.draft.distribution else "none"

    def read(path: str) -> str | None:
        return workspace.snapshots.text(snapshot, path) if snapshot else None

    return warm_rule.plan(passed.command, files, read, passed.draft.environment_variables, kind)


def _distribution(wanted: DistributionConfiguration | None) -> Distribution:
    if wanted is None or wanted.type == "ray":
        return Distribution()
    return Distribution(
        wanted.type, wanted.process_count_per_instance, wanted.worker_count, wanted.parameter_server_count
    )

"""A command job, checked and frozen: a draft in, a record and a launch out. Nothing is written to the database here."""

import os
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from jupyter_aml.entities import command_line, warm_rule
from jupyter_aml.entities.compute_record import ComputeRecord
from jupyter_aml.entities.emulation import MARK as EMULATED
from jupyter_aml.entities.emulation import OLD_NUMPY
from jupyter_aml.entities.job import Command, DistributionConfiguration
from jupyter_aml.entities.job_record import SNAPSHOT, JobRecord, Spec
from jupyter_aml.entities.launch import Distribution, Launch, WarmPlan
from jupyter_aml.entities.names import JobName, SnapshotId, checked, default_experiment
from jupyter_aml.entities.status import JobStatus
from jupyter_aml.entities.switches import is_on
from jupyter_aml.entities.workspace import BUILT_IN_DATASTORES
from jupyter_aml.exceptions import AssetPathException, UnsupportedFieldError, ValidationException
from jupyter_aml.operations import access, computes, environment_plans, environments, git, inputs, outputs
from jupyter_aml.operations.environments import Resolved
from jupyter_aml.operations.workspaces import Workspace
from jupyter_aml.runner.cell import FULL_TRACEBACK
from jupyter_aml.runner.cell import LABEL as CELL
from jupyter_aml.store import jobs
from jupyter_aml.store.snapshots import Snapshot

_TRANSFER: Final = "jupyter_aml.operations.transfer"
_SWITCHES: Final = (EMULATED, OLD_NUMPY, FULL_TRACEBACK, warm_rule.SWITCH)
"""What a job may switch on or off for itself."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A draft that passed: what it named, found."""

    draft: Command
    command: str
    experiment: str
    compute: ComputeRecord
    environment: Resolved
    code: Path | None
    snapshot: SnapshotId | None = None
    commit: Mapping[str, str] | None = None
    """Where its code was in git, when that was frozen before."""


def check(workspace: Workspace, draft: Command, snapshot: SnapshotId | None = None) -> Checked:
    """Everything that can be said against a job, said before anything is stored.

    `snapshot` is that of code that was frozen before, with a component.
    Raises ValidationException (by the field's path) or ResourceNotFoundError (with the nearest name).
    """
    access.require(workspace, "jobs/read")
    if draft.name is not None:
        checked("job", draft.name)
    for name in draft.swept:
        raise ValidationException(
            f"inputs.{name}: it is a distribution, and a job needs a value.",
            resolution="Make the job a sweep: job.sweep(primary_metric=…, goal=…, max_total_trials=…).",
        )
    _check_switches(draft)
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
    code = None if snapshot else _code(workspace, draft)
    return Checked(draft, command, experiment, compute, environment, code, snapshot)


def snapshot_of(before: Mapping[str, str]) -> SnapshotId | None:
    """The code that a job ran, by its properties; None when it had none."""
    return SnapshotId(before[SNAPSHOT]) if SNAPSHOT in before else None


def with_commit(passed: Checked, before: Mapping[str, str]) -> Checked:
    """What passed with the code of an earlier job: that was at the commit that its properties name."""
    return replace(passed, commit=git.kept(before)) if passed.snapshot else passed


def frozen(workspace: Workspace, passed: Checked, name: JobName) -> tuple[JobRecord, Launch]:
    """The job as it will be kept, and as a runner is told of it; its code and its data are kept from now on."""
    experiment_id = workspace.runs.experiment_id(passed.experiment)
    snapshot = workspace.snapshots.freeze(passed.code) if passed.code else None
    snapshot = workspace.snapshots.read(passed.snapshot) if passed.snapshot else snapshot
    launch = _launch(workspace, passed, name, snapshot, experiment_id)
    return _record(passed, name, snapshot, launch), launch


def _check_switches(draft: Command) -> None:
    is_on(EMULATED, os.environ)
    for name in _SWITCHES:
        is_on(name, draft.environment_variables, within="environment_variables.")


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
        commit = passed.commit
        if commit is None:
            commit = git.properties(passed.code.absolute() if passed.code else Path.cwd())
        found |= {SNAPSHOT: snapshot.id, **commit}
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
        workspace=identity(workspace),
        timeout=draft.limits.timeout,
        nodes=draft.resources.instance_count,
        distribution=_distribution(draft.distribution),
        doorbell=str(folder.doorbell),
        warm=_warm(workspace, passed, snapshot),
    )


def identity(workspace: Workspace) -> dict[str, str]:
    """What a job finds of its workspace in its environment."""
    return {
        "subscription_id": workspace.id.subscription_id,
        "resource_group": workspace.id.resource_group,
        "name": workspace.id.name,
        "id": workspace.id.guid,
        "arm": workspace.id.arm,
        **_acting(workspace),
        **_emulated(),
    }


def _emulated() -> dict[str, str]:
    """A job that is submitted where Azure's import names are answered finds them answered, and so do its own."""
    return {"emulation": "1"} if is_on(EMULATED, os.environ) else {}


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

"""Sweep jobs: wished, estimated, gone on with; their best child. No trial is drawn or started here."""

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import islice
from statistics import median
from typing import Final

from jupyter_aml.entities.job_folder import trial_template
from jupyter_aml.entities.job_record import JobRecord
from jupyter_aml.entities.launch import Launch
from jupyter_aml.entities.names import JobName
from jupyter_aml.entities.pipeline_plan import REUSED_RUN
from jupyter_aml.entities.status import JobStatus
from jupyter_aml.entities.sweep import SweepJob
from jupyter_aml.entities.sweep_plan import (
    ANY_TRIAL,
    BEST_CHILD,
    SweepPlan,
)
from jupyter_aml.exceptions import JobException, ValidationException
from jupyter_aml.operations import command_jobs, jobs, orchestrators
from jupyter_aml.operations.sweep_checks import CheckedSweep, check, of_type, part, plan
from jupyter_aml.operations.workspaces import Workspace
from jupyter_aml.store import jobs as rows

_ENOUGH: Final = 50
"""So many earlier jobs are looked at for an estimate."""
_TEN: Final = 10
_SEED: Final = "sampling.seed"


def submit(workspace: Workspace, draft: SweepJob, again: JobRecord | None = None) -> JobRecord:
    """Freeze the sweep and wish it run; what is returned has only just been wished. `again`: with that one's code.

    Raises AuthorizationError first, then what `check` raises, and ResourceExistsError when the name is taken.
    """
    name = jobs.named(workspace, draft.name, draft.spec().get("trial", {}).get("code"))
    before: Mapping[str, str] = again.properties if again else {}
    passed = check(workspace, draft, command_jobs.snapshot_of(before))
    passed = replace(passed, trial=command_jobs.with_commit(passed.trial, before))
    jobs.free(workspace, name)
    record, launch, plan = frozen(workspace, passed, name)
    orchestrators.keep(trial_template(workspace.folder.jobs, name), plan.to_json())
    return jobs.enter(workspace, record, launch)


def frozen(workspace: Workspace, passed: CheckedSweep, name: JobName) -> tuple[JobRecord, Launch, SweepPlan]:
    """The sweep as it will be kept, its program's launch, and what that is told. Code and data are kept from now on."""
    trial, launch = command_jobs.frozen(workspace, passed.trial, JobName(ANY_TRIAL))
    program = orchestrators.launch(workspace, name, "sweep", trial.experiment, passed.timeout)
    return _record(passed, name, trial), program, _whole(passed.plan, trial, launch)


def more(workspace: Workspace, name: str, trials: int | None = None) -> SweepJob:
    """A draft that goes on where a finished sweep ended, with so many trials more; else with those it did not begin.

    A finished job never changes: it is a new sweep, which knows the trials of the old one and repeats none.
    Raises JobException while the sweep goes on, and ValidationException when nothing would be left to try.
    """
    job = of_type(workspace, name)
    if not job.is_finished:
        raise JobException(
            f"Sweep '{name}' is {job.status}: it has trials to come.",
            resolution=f"Wait for it, or end it: ml_client.jobs.begin_cancel('{name}').",
        )
    name = job.properties.get(REUSED_RUN, name)  # whose trials they are, where a pipeline took it over
    limits = part(job.spec, "limits")
    left = plan(workspace, name).max_total_trials - len(rows.children(workspace.database, name))
    limits["max_total_trials"] = trials or left
    if limits["max_total_trials"] <= 0:
        raise ValidationException(f"Sweep '{name}' began all of its trials.", resolution="Say how many more to try.")
    return SweepJob.of({**job.spec, "limits": limits, "resume_from": name})


@dataclass(frozen=True, slots=True)
class Estimate:
    """What is to come: `each` are the seconds that such a trial took before, None when there was none."""

    trials: int
    at_once: int
    compute: str
    each: float | None

    @property
    def seconds(self) -> float | None:
        """How long the sweep may take."""
        return None if self.each is None else self.each * math.ceil(self.trials / self.at_once)

    def __str__(self) -> str:
        """In words."""
        trials = "1 trial" if self.trials == 1 else f"{self.trials} trials, {self.at_once} at once"
        said = f"{trials} on {self.compute}"
        if self.seconds is None:
            return f"{said}; how long that takes is known after the first ones."
        return f"{said}: about {_span(self.seconds)}, as earlier ones took {_span(self.each or 0)} each."


def _span(seconds: float) -> str:
    for size, unit in ((3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds / size:.1f} {unit}"
    return f"{seconds:.2g} s" if seconds < _TEN else f"{seconds:.0f} s"


def estimate(workspace: Workspace, draft: SweepJob) -> Estimate:
    """How many trials, how many at once, and how long, by what such trials took before. Raises what `check` raises."""
    passed = check(workspace, draft)
    slots = max(1, passed.trial.compute.max_nodes // passed.plan.template.nodes)
    at_once = min(slots, passed.plan.max_concurrent_trials, passed.plan.max_total_trials)
    which = rows.Filter(passed.trial.experiment, JobStatus.COMPLETED)
    before = islice(rows.select(workspace.database, which, page=_ENOUGH), _ENOUGH)
    code = None if passed.trial.code is None else str(passed.trial.code)  # every cell has the same command
    such = (job for job in before if (job.spec.get("command"), job.spec.get("code")) == (passed.trial.command, code))
    took = [job.ended_at - job.started_at for job in such if job.started_at and job.ended_at]
    each = median(took) if took else None
    return Estimate(passed.plan.max_total_trials, at_once, passed.trial.compute.name, each)


def best_child(workspace: Workspace, name: str) -> JobName:
    """The child of a sweep whose metric is the best so far. JobException while there is none."""
    job = of_type(workspace, name)
    if BEST_CHILD not in job.properties:
        objective = part(job.spec, "objective")
        raise JobException(
            f"Sweep '{name}' has no best trial: none has logged '{objective.get('primary_metric')}'.",
            resolution=f"It is {job.status}; its trials: ml_client.jobs.list(parent_job_name='{name}').",
        )
    return JobName(job.properties[BEST_CHILD])


# ── freezing ──


def _record(passed: CheckedSweep, name: JobName, trial: JobRecord) -> JobRecord:
    draft = passed.draft
    spec = {**draft.spec(), "experiment_name": trial.experiment, "compute": trial.compute}
    given, asked = part(trial.spec, "inputs"), part(spec, "inputs")
    if asked:
        spec["inputs"] = {key: given[key] for key in asked}
    spec["trial"] = {key: value for key, value in part(spec, "trial").items() if value}  # as its YAML would say it
    if "code" in trial.spec:
        spec["trial"]["code"] = trial.spec["code"]
    return replace(
        trial, name=name, type="sweep", display_name=draft.display_name or name, spec=spec, created_at=time.time(),
        description=draft.description or "", nodes=1, max_attempts=orchestrators.ATTEMPTS, tags=dict(draft.tags or {}),
        properties={**(draft.properties or {}), **trial.properties, _SEED: str(passed.plan.algorithm["seed"])},
    )  # fmt: skip


def _whole(plan: SweepPlan, trial: JobRecord, launch: Launch) -> SweepPlan:
    spec = {key: value for key, value in trial.spec.items() if key != "name"}
    spec["inputs"] = {key: value for key, value in trial.spec.get("inputs", {}).items() if key not in plan.space}
    template = replace(plan.template, launch=launch.to_json(), spec=spec, properties=dict(trial.properties))
    return replace(plan, template=template)

"""Sweep jobs: checked, frozen, wished; gone on with; their best child. No trial is drawn or started here."""

import random
import shlex
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, cast

from jupyter_aml.entities import command_line, distributions
from jupyter_aml.entities.job import Command
from jupyter_aml.entities.job_folder import trial_template
from jupyter_aml.entities.job_record import JobRecord
from jupyter_aml.entities.launch import Launch, WarmPlan
from jupyter_aml.entities.names import JobName
from jupyter_aml.entities.sweep import SweepJob
from jupyter_aml.entities.sweep_plan import (
    ANY_TRIAL,
    BEST_CHILD,
    MOST_TRIALS,
    Goal,
    Plain,
    SweepPlan,
    TrialTemplate,
    plan_from_json,
)
from jupyter_aml.exceptions import JobException, ValidationException, did_you_mean
from jupyter_aml.operations import command_jobs, jobs
from jupyter_aml.operations.command_jobs import CELL, Checked
from jupyter_aml.operations.workspaces import Workspace
from jupyter_aml.store import jobs as rows

_SEEDS: Final = random.SystemRandom()
_PROGRAM: Final = "python -m jupyter_aml.engine.orchestrators.sweep"
_GOALS: Final = ("maximize", "minimize")
_TRIAL_FIELDS: Final = ("command", "code", "environment", "environment_variables", "distribution", "resources")
_SHARED_FIELDS: Final = ("compute", "inputs", "outputs", "experiment_name", "identity", "queue_settings")
_LONGEST: Final = 5_184_000
"""Seconds that a sweep may take when nothing is said: sixty days, Azure's own."""

_ATTEMPTS: Final = 100
"""A program that is killed so often is killed for a reason."""
_SEED: Final = "sampling.seed"


@dataclass(frozen=True, slots=True)
class CheckedSweep:
    """A sweep that passed: its trial, checked as the command job that it is, and what varies."""

    draft: SweepJob
    trial: Checked
    plan: SweepPlan
    timeout: float


def check(workspace: Workspace, draft: SweepJob) -> CheckedSweep:
    """Everything that can be said against a sweep, said before anything is stored.

    Raises ValidationException (by the field's path) or ResourceNotFoundError (with the nearest name).
    """
    spec = draft.spec()
    space = _space(spec)
    metric, goal = _objective(spec)
    limits = _limits(spec)
    resumed = _resumed(workspace, spec)
    algorithm = _algorithm(spec, resumed)
    distributions.check(space, algorithm["type"])
    trial = _trial(workspace, spec)
    _check_use(trial.draft, space)
    plan = SweepPlan(
        metric=metric,
        goal=goal,
        algorithm=algorithm,
        space=spec["search_space"],
        template=TrialTemplate("", {}, trial.experiment, trial.compute.name, trial.draft.resources.instance_count),
        policy=_policy(spec, algorithm["type"]),
        max_total_trials=_most(space, algorithm["type"], limits),
        max_concurrent_trials=limits.get("max_concurrent_trials") or MOST_TRIALS,
        resumes=() if resumed is None else (*resumed.resumes, str(spec["resume_from"])),
    )
    return CheckedSweep(draft, trial, plan, float(limits.get("timeout") or _LONGEST))


def submit(workspace: Workspace, draft: SweepJob) -> JobRecord:
    """Freeze the sweep and wish it run; what is returned has only just been wished.

    Raises AuthorizationError first, then what `check` raises, and ResourceExistsError when the name is taken.
    """
    name = jobs.named(workspace, draft.name, draft.spec().get("trial", {}).get("code"))
    passed = check(workspace, draft)
    jobs.free(workspace, name)
    trial, launch = command_jobs.frozen(workspace, passed.trial, JobName(ANY_TRIAL))
    record = _record(passed, name, trial)
    _keep_template(workspace, name, _whole(passed.plan, trial, launch))
    return jobs.enter(workspace, record, _launch(workspace, name, launch, passed.timeout))


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
    limits: Plain = dict(job.spec.get("limits") or {})
    left = plan(workspace, name).max_total_trials - len(rows.children(workspace.database, name))
    limits["max_total_trials"] = trials or left
    if limits["max_total_trials"] <= 0:
        raise ValidationException(f"Sweep '{name}' began all of its trials.", resolution="Say how many more to try.")
    return SweepJob.of({**job.spec, "limits": limits, "resume_from": name})


def best_child(workspace: Workspace, name: str) -> JobName:
    """The child of a sweep whose metric is the best so far. JobException while there is none."""
    job = of_type(workspace, name)
    if BEST_CHILD not in job.properties:
        metric = (job.spec.get("objective") or {}).get("primary_metric", "")
        raise JobException(
            f"Sweep '{name}' has no best trial: none has logged '{metric}'.",
            resolution=f"It is {job.status}; its trials: ml_client.jobs.list(parent_job_name='{name}').",
        )
    return JobName(job.properties[BEST_CHILD])


def of_type(workspace: Workspace, name: str) -> JobRecord:
    """The sweep of that name. ValidationException when it is another kind of job."""
    job = jobs.get(workspace, name)
    if job.type != "sweep":
        raise ValidationException(f"'{name}' is no sweep, it is a {job.type} job.", resolution="Name a sweep job.")
    return job


def plan(workspace: Workspace, name: str) -> SweepPlan:
    """What a sweep's program was told."""
    return plan_from_json(trial_template(workspace.folder.jobs, name).read_text())


# ── checking ──


def _space(spec: Plain) -> distributions.Space:
    given = spec.get("search_space") or {}
    if not given:
        raise ValidationException(
            "search_space: required, and empty.",
            resolution="Give the job an input like Choice([1, 2]), or the YAML a search_space.",
        )
    return distributions.space(given)


def _objective(spec: Plain) -> tuple[str, Goal]:
    given: Plain = spec.get("objective") or {}
    metric, goal = given.get("primary_metric"), str(given.get("goal") or "").lower()
    if not metric:
        raise ValidationException(
            "objective.primary_metric: required, and not given.",
            resolution="Name the metric as the trial logs it: mlflow.log_metric('accuracy', …).",
        )
    if goal not in _GOALS:
        found = did_you_mean(goal, _GOALS) if goal else "Use maximize or minimize."
        raise ValidationException(f"objective.goal: '{goal}' is neither maximize nor minimize.", resolution=found)
    return str(metric), cast("Goal", goal)


def _limits(spec: Plain) -> Plain:
    given: Plain = spec.get("limits") or {}
    if not given.get("max_total_trials") and not given.get("timeout"):
        raise ValidationException(
            "limits: Missing data for required field.",
            resolution="Say how many trials: sweep_job.set_limits(max_total_trials=20, max_concurrent_trials=4).",
        )
    for field, most in (("max_total_trials", MOST_TRIALS), ("max_concurrent_trials", MOST_TRIALS)):
        value = given.get(field)
        if value is not None and not 1 <= value <= most:
            raise ValidationException(f"limits.{field}: {value} is not between 1 and {most}.")
    _check_concurrency(given)
    return given


def _check_concurrency(limits: Plain) -> None:
    total, at_once = limits.get("max_total_trials"), limits.get("max_concurrent_trials")
    if total and at_once and at_once > total:
        message = f"limits.max_concurrent_trials: {at_once} is more than max_total_trials, which is {total}."
        raise ValidationException(message, resolution=f"Use at most {total}.")


def _algorithm(spec: Plain, resumed: SweepPlan | None) -> Plain:
    """The algorithm with a seed, if the sweep names none, so that its program can be killed and draw the same again.

    A sweep that goes on from an earlier one goes on in its sequence.
    """
    given: Any = spec.get("sampling_algorithm") or "random"
    algorithm: Plain = {"type": given} if isinstance(given, str) else dict(given)
    if algorithm.get("seed") is None:
        is_same = resumed is not None and resumed.algorithm["type"] == algorithm["type"]
        algorithm["seed"] = resumed.algorithm["seed"] if is_same else _SEEDS.randrange(1 << 31)
    return algorithm


def _most(space: distributions.Space, algorithm: str, limits: Plain) -> int:
    most = int(limits.get("max_total_trials") or MOST_TRIALS)
    every = distributions.combinations(space) if algorithm == "grid" else None
    return most if every is None else min(most, every)


def _policy(spec: Plain, algorithm: str) -> Plain | None:
    given: Plain | None = spec.get("early_termination")
    if given and algorithm == "bayesian":
        raise ValidationException(
            f"early_termination: bayesian sampling learns from whole trials; '{given.get('type')}' would cut them.",
            resolution="Leave the policy out, or use random sampling.",
        )
    return given


def _resumed(workspace: Workspace, spec: Plain) -> SweepPlan | None:
    name = spec.get("resume_from")
    if not name:
        return None
    earlier = of_type(workspace, name)
    if not earlier.is_finished:
        raise ValidationException(f"resume_from: sweep '{name}' is {earlier.status}: it has trials to come.")
    if list(earlier.spec["search_space"]) != list(spec["search_space"]):
        found, asked = ", ".join(earlier.spec["search_space"]), ", ".join(spec["search_space"])
        raise ValidationException(f"resume_from: '{name}' searched {found}; this sweep searches {asked}.")
    return plan(workspace, name)


def _trial(workspace: Workspace, spec: Plain) -> Checked:
    """The trial as a command job, with the parameters among its inputs, checked like any other."""
    trial: Plain = spec.get("trial") or {}
    if not trial.get("command"):
        raise ValidationException("trial.command: required, and not given.")
    fields = {name: trial[name] for name in _TRIAL_FIELDS if name in trial}
    fields |= {name: spec[name] for name in _SHARED_FIELDS if name in spec}
    fields["command"] = command_line.swept(command_line.modernised(trial["command"]))
    fields["inputs"] = {**(spec.get("inputs") or {}), **dict.fromkeys(spec["search_space"], "")}
    if timeout := (spec.get("limits") or {}).get("trial_timeout"):
        fields["limits"] = {"timeout": timeout}
    return command_jobs.check(workspace, Command.of(fields))


def _check_use(trial: Command, space: Mapping[str, object]) -> None:
    """Every parameter reaches the trial. A notebook's cell has them as variables, and is looked at by its magic."""
    if CELL in trial.environment_variables:
        return
    used = command_line.references(trial.command).inputs
    for name in space:
        if name not in used:
            raise ValidationException(
                f"search_space.{name}: the command never uses it.",
                resolution=f"Write --{name} ${{{{search_space.{name}}}}} into the command, or leave '{name}' out.",
            )


# ── freezing ──


def _record(passed: CheckedSweep, name: JobName, trial: JobRecord) -> JobRecord:
    draft = passed.draft
    spec = {**draft.spec(), "experiment_name": trial.experiment, "compute": trial.compute}
    given: Plain = {
        key: value for key, value in trial.spec.get("inputs", {}).items() if key in (spec.get("inputs") or {})
    }
    if given:
        spec["inputs"] = given
    if "code" in trial.spec:
        spec["trial"] = {**spec["trial"], "code": trial.spec["code"]}
    return replace(
        trial, name=name, type="sweep", display_name=draft.display_name or name, spec=spec, created_at=time.time(),
        description=draft.description or "", nodes=1, max_attempts=_ATTEMPTS, tags=dict(draft.tags or {}),
        properties={**(draft.properties or {}), **trial.properties, _SEED: str(passed.plan.algorithm["seed"])},
    )  # fmt: skip


def _whole(plan: SweepPlan, trial: JobRecord, launch: Launch) -> SweepPlan:
    spec = {key: value for key, value in trial.spec.items() if key != "name"}
    spec["inputs"] = {key: value for key, value in trial.spec.get("inputs", {}).items() if key not in plan.space}
    template = replace(plan.template, launch=launch.to_json(), spec=spec, properties=dict(trial.properties))
    return replace(plan, template=template)


def _keep_template(workspace: Workspace, name: JobName, plan: SweepPlan) -> None:
    """Beside the sweep's attempts, and whole, before there is a row that needs it."""
    path = trial_template(workspace.folder.jobs, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".new")
    beside.write_text(plan.to_json())
    beside.rename(path)


def _launch(workspace: Workspace, name: JobName, trial: Launch, timeout: float) -> Launch:
    """The sweep's own program: in this interpreter, beside the trials' compute, with none of their environment."""
    return Launch(
        job=name,
        command=f"{_PROGRAM} {shlex.quote(str(workspace.folder.root))}",
        interpreter=sys.executable,
        artifacts=str(workspace.folder.artifacts(name)),
        experiment=trial.experiment,
        experiment_id=trial.experiment_id,
        tracking_uri="",
        workspace=trial.workspace,
        timeout=timeout,
        doorbell=trial.doorbell,
        warm=WarmPlan(cold_because="it is the program of a sweep"),
    )

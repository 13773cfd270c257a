"""What can be said against a sweep, said before anything is stored. A draft in, a plan out; nothing is written here."""

import math
import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from jupyter_aml.entities import command_line, distributions
from jupyter_aml.entities.job import Command
from jupyter_aml.entities.job_folder import trial_template
from jupyter_aml.entities.job_record import JobRecord, Spec
from jupyter_aml.entities.names import SnapshotId
from jupyter_aml.entities.sweep import SweepJob
from jupyter_aml.entities.sweep_plan import MOST_TRIALS, Goal, Plain, SweepPlan, TrialTemplate, plan_from_json
from jupyter_aml.exceptions import ValidationException, did_you_mean
from jupyter_aml.operations import command_jobs, jobs
from jupyter_aml.operations.command_jobs import CELL, Checked
from jupyter_aml.operations.workspaces import Workspace

_SEEDS: Final = random.SystemRandom()
_GOALS: Final = ("maximize", "minimize")
_TRIAL_FIELDS: Final = ("command", "code", "environment", "environment_variables", "distribution", "resources")
_SHARED_FIELDS: Final = ("compute", "inputs", "outputs", "experiment_name", "identity", "queue_settings")
_MOST_OF_POLICY: Final = dict.fromkeys(
    ("evaluation_interval", "delay_evaluation", "slack_factor", "slack_amount"), math.inf
) | {"truncation_percentage": 99}
_LONGEST: Final = 5_184_000
"""Seconds that a sweep may take when nothing is said: sixty days, Azure's own."""


@dataclass(frozen=True, slots=True)
class CheckedSweep:
    """A sweep that passed: its trial, checked as the command job that it is, and what varies."""

    draft: SweepJob
    trial: Checked
    plan: SweepPlan
    timeout: float


def check(workspace: Workspace, draft: SweepJob, snapshot: SnapshotId | None = None) -> CheckedSweep:
    """Everything that can be said against a sweep, said before anything is stored.

    `snapshot` is that of code that was frozen before, with a component.
    Raises ValidationException (by the field's path) or ResourceNotFoundError (with the nearest name).
    """
    spec = draft.spec()
    space = _space(spec)
    metric, goal = _objective(spec)
    limits = _limits(spec)
    resumed = _resumed(workspace, spec)
    algorithm = _algorithm(spec, resumed)
    distributions.check(space, algorithm)
    trial = _trial(workspace, spec, snapshot)
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


def of_type(workspace: Workspace, name: str) -> JobRecord:
    """The sweep of that name. ValidationException when it is another kind of job."""
    job = jobs.get(workspace, name)
    if job.type != "sweep":
        raise ValidationException(f"'{name}' is no sweep, it is a {job.type} job.", resolution="Name a sweep job.")
    return job


def plan(workspace: Workspace, name: str) -> SweepPlan:
    """What a sweep's program was told."""
    return plan_from_json(trial_template(workspace.folder.jobs, name).read_text())


def part(spec: Spec, name: str) -> Plain:
    """A mapping in a YAML; an empty one, where it says nothing."""
    return dict(spec.get(name) or {})


def _space(spec: Plain) -> distributions.Space:
    given = part(spec, "search_space")
    if not given:
        raise ValidationException(
            "search_space: required, and empty.",
            resolution="Give the job an input like Choice([1, 2]), or the YAML a search_space.",
        )
    return distributions.space(given)


def _objective(spec: Plain) -> tuple[str, Goal]:
    given = part(spec, "objective")
    metric, word = given.get("primary_metric"), str(given.get("goal") or "").lower()
    if not metric:
        raise ValidationException(
            "objective.primary_metric: required, and not given.",
            resolution="Name the metric as the trial logs it: mlflow.log_metric('accuracy', …).",
        )
    if word not in _GOALS:
        found = did_you_mean(word, _GOALS) if word else "Use maximize or minimize."
        raise ValidationException(f"objective.goal: '{word}' is neither maximize nor minimize.", resolution=found)
    return str(metric), "minimize" if word == "minimize" else "maximize"


def _limits(spec: Plain) -> Plain:
    given = part(spec, "limits")
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
        algorithm["seed"] = _SEEDS.randrange(1 << 31)
        if resumed and resumed.algorithm["type"] == algorithm["type"]:
            algorithm["seed"] = resumed.algorithm["seed"]
    return algorithm


def _most(space: distributions.Space, algorithm: str, limits: Plain) -> int:
    most = int(limits.get("max_total_trials") or MOST_TRIALS)
    every = distributions.combinations(space) if algorithm == "grid" else None
    return most if every is None else min(most, every)


def _policy(spec: Plain, algorithm: str) -> Plain | None:
    given = part(spec, "early_termination")
    if not given:
        return None
    if algorithm == "bayesian":
        raise ValidationException(
            f"early_termination: bayesian sampling learns from whole trials; '{given.get('type')}' would cut them.",
            resolution="Leave the policy out, or use random sampling.",
        )
    for field, most in _MOST_OF_POLICY.items():
        if not 0 <= given.get(field, 0) <= most:
            bounds = "0 or more" if math.isinf(most) else f"1 to {most}"
            raise ValidationException(f"early_termination.{field}: {given[field]} is not {bounds}.")
    if given["type"] == "truncation_selection" and not given.get("truncation_percentage"):
        message = "early_termination.truncation_percentage: required, and not given."
        raise ValidationException(message, resolution="Say which part of the trials ends, in percent: 1 to 99.")
    if given.get("slack_factor") and given.get("slack_amount"):
        message = "early_termination.slack_amount: slack_factor is given too."
        raise ValidationException(message, resolution="Give one of them.")
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


def _trial(workspace: Workspace, spec: Plain, snapshot: SnapshotId | None) -> Checked:
    """The trial as a command job, with the parameters among its inputs, checked like any other."""
    trial = part(spec, "trial")
    if not trial.get("command"):
        raise ValidationException("trial.command: required, and not given.")
    fields = {name: trial[name] for name in _TRIAL_FIELDS if name in trial}
    if "resources" in spec:  # set for the whole sweep: it is each trial's
        fields["resources"] = {**part(trial, "resources"), **part(spec, "resources")}
    fields |= {name: spec[name] for name in _SHARED_FIELDS if name in spec}
    fields["command"] = command_line.swept(command_line.modernised(trial["command"]))
    fields["inputs"] = {**part(spec, "inputs"), **dict.fromkeys(spec["search_space"], "")}
    if timeout := part(spec, "limits").get("trial_timeout"):
        fields["limits"] = {"timeout": timeout}
    return command_jobs.check(workspace, Command.of(fields), snapshot)


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

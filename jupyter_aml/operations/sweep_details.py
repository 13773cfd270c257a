"""A sweep's trials, gathered for a view: a few queries for all of them, none for each. Nothing is painted here."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, cast

from jupyter_aml.entities.distributions import combinations
from jupyter_aml.entities.distributions import space as space_of
from jupyter_aml.entities.job_record import ChildRecord, JobRecord
from jupyter_aml.entities.status import FINISHED
from jupyter_aml.entities.sweep_details import JsonValue, Parameter, Scale, SweepDetails, Trial, best_of
from jupyter_aml.entities.sweep_plan import (
    BEST_CHILD,
    MOST_TRIALS,
    Goal,
    Plain,
    hyperparameters,
    trial_number,
)
from jupyter_aml.operations.workspaces import Workspace
from jupyter_aml.store import facts, jobs

SWEEP: Final = "sweep"
_ENDED: Final = "sweep.terminated"
_IMPORTANCE: Final = "sweep.importance"
_WARNING: Final = "sweep.warning"
_CHOICE: Final = "choice"
_NUMBER: Final = (int, float)


def gathered(workspace: Workspace, job: JobRecord) -> SweepDetails:
    """The sweep as it is now: three queries, however many trials it has."""
    metric, goal = _objective(job)
    told = facts.of_kinds(workspace.database, job.name, (_ENDED, _IMPORTANCE, _WARNING))
    trials = _trials(workspace, job, told, metric, goal)
    limits: Plain = job.spec.get("limits") or {}
    return SweepDetails(
        metric=metric,
        goal=goal,
        algorithm=said(job.spec.get("sampling_algorithm") or "random"),
        policy=said(job.spec.get("early_termination")),
        max_total_trials=_most(job, limits),
        max_concurrent_trials=limits.get("max_concurrent_trials"),
        parameters=tuple(_parameters(job.spec.get("search_space") or {})),
        trials=trials,
        best=_best(job, trials, goal),
        importance=_importance(told),
        warnings=tuple(str(one.body.get("text", "")) for one in told if one.kind == _WARNING),
    )


def own_tags(job: JobRecord) -> dict[str, str]:
    """The tags that people gave the sweep: not those that hold the values of its trials."""
    return {key: value for key, value in job.tags.items() if trial_number(job.name, key) is None}


def said(rule: object) -> str:
    """A sampling algorithm or a policy in words: its type, then what else was said."""
    if not isinstance(rule, Mapping):
        return "" if rule is None else str(rule)
    given = cast("Mapping[str, object]", rule)
    rest = [f"{key.replace('_', ' ')} {value}" for key, value in given.items() if key != "type" and value is not None]
    return ", ".join([str(given.get("type", "")).replace("_", " "), *rest])


def _objective(job: JobRecord) -> tuple[str, Goal]:
    objective: Plain = job.spec.get("objective") or {}
    goal: Goal = "minimize" if str(objective.get("goal")).lower() == "minimize" else "maximize"
    return str(objective.get("primary_metric", "")), goal


def _trials(
    workspace: Workspace, job: JobRecord, told: Iterable[facts.Fact], metric: str, goal: Goal
) -> tuple[Trial, ...]:
    children = jobs.children(workspace.database, job.name)
    values = workspace.runs.best(metric, [child.name for child in children], highest=goal == "maximize")
    stopped = {str(one.body.get("child")): _reason(one.body) for one in told if one.kind == _ENDED}
    found = (_trial(job, child, values, stopped) for child in children)
    return tuple(sorted((trial for trial in found if trial), key=lambda trial: trial.number))


def _trial(job: JobRecord, child: ChildRecord, values: Mapping[str, float], stopped: Mapping[str, str]) -> Trial | None:
    number = trial_number(job.name, child.name)
    if number is None:
        return None
    return Trial(
        number, child.name, child.status, hyperparameters(child.tags), values.get(child.name),
        child.started_at, child.ended_at, stopped.get(child.name, ""),
    )  # fmt: skip


def _reason(verdict: Mapping[str, Any]) -> str:
    """Why a policy ended a trial, in its own numbers: `bandit at interval 6: 0.61, bound 0.683`."""
    at = f" at interval {verdict['interval']}" if "interval" in verdict else ""
    value, bound = (verdict.get(key) for key in ("value", "bound"))
    numbers = f": {value:.4g}, bound {bound:.4g}" if isinstance(value, _NUMBER) and isinstance(bound, _NUMBER) else ""
    return f"{str(verdict.get('policy', '')).replace('_', ' ')}{at}{numbers}"


def _best(job: JobRecord, trials: tuple[Trial, ...], goal: Goal) -> str:
    """The sweep's own word once it is over; before, what its trials have logged by now."""
    named = job.properties.get(BEST_CHILD, "")
    if job.status in FINISHED and any(trial.name == named for trial in trials):
        return named
    best = best_of(trials, goal)
    return "" if best is None else best.name


def _importance(told: Iterable[facts.Fact]) -> dict[str, float]:
    """The newest word on it; its fact holds it as JSON."""
    values: object = next((one.body.get("values") for one in reversed(list(told)) if one.kind == _IMPORTANCE), None)
    found: object = json.loads(values) if isinstance(values, str) else values
    return {str(name): float(value) for name, value in cast("Plain", found or {}).items()}


def _most(job: JobRecord, limits: Plain) -> int:
    """How many trials there will be at most: a grid has so many combinations and no more."""
    most = int(limits.get("max_total_trials") or MOST_TRIALS)
    algorithm: object = job.spec.get("sampling_algorithm")
    kind = cast("Plain", algorithm).get("type") if isinstance(algorithm, Mapping) else algorithm
    space: Plain = job.spec.get("search_space") or {}
    return min(most, combinations(space_of(space)) or most) if kind == "grid" else most


def _is_space(value: object) -> bool:
    return isinstance(value, Mapping) and "type" in value


def _parameters(space: Mapping[str, Plain], above: str = "") -> Iterator[Parameter]:
    """The axes of a search space; those of a nested one by both names, `model.depth`."""
    for name, spec in space.items():
        values: list[object] = list(spec.get("values") or [])
        nested = [cast("Plain", value) for value in values if isinstance(value, Mapping)]
        if nested:
            yield from _nested(nested, f"{above}{name}.")
        else:
            yield Parameter(f"{above}{name}", _scale(spec), tuple(map(_word, values)))


def _nested(choices: list[Plain], above: str) -> Iterator[Parameter]:
    """One axis a key, whichever of the choices have it."""
    for key in dict.fromkeys(key for choice in choices for key in choice):
        given = [choice[key] for choice in choices if key in choice]
        spaces = [one for one in given if _is_space(one)]
        if spaces:
            yield from _parameters({key: spaces[0]}, above)
        else:
            yield Parameter(f"{above}{key}", _CHOICE, tuple(dict.fromkeys(map(_word, given))))


def _scale(spec: Plain) -> Scale:
    kind = str(spec.get("type", "")).lower()
    return _CHOICE if kind == _CHOICE else ("log" if "log" in kind else "linear")


def _word(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(cast("JsonValue", value))

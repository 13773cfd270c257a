"""A sweep as a person reads it: its trials, and what they come to. Plain data and its arithmetic; nothing is opened."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Literal, TypeAlias

from jupyter_aml.entities.names import JobName
from jupyter_aml.entities.status import FINISHED, WAITING, JobStatus
from jupyter_aml.entities.sweep_plan import MOST_TRIALS, Goal

JsonValue: TypeAlias = "str | int | float | bool | list[JsonValue] | dict[str, JsonValue] | None"
Scale: TypeAlias = Literal["linear", "log", "choice"]


class Fate(StrEnum):
    """What became of a trial, in the words of its view."""

    COMPLETED = "completed"
    STOPPED = "stopped early"
    FAILED = "failed"
    CANCELED = "canceled"
    RUNNING = "running"
    WAITING = "waiting"


_FATES: Final = {
    JobStatus.COMPLETED: Fate.COMPLETED,
    JobStatus.FAILED: Fate.FAILED,
    JobStatus.CANCELED: Fate.CANCELED,
} | dict.fromkeys(WAITING, Fate.WAITING)


@dataclass(frozen=True, slots=True)
class Parameter:
    """One axis of the search space. `choices`: what can be chosen, as text; none where numbers are drawn."""

    name: str
    scale: Scale = "linear"
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Trial:
    """One trial. `value`: the best that it logged of the primary metric, or None; `stopped`: why a policy ended it."""

    number: int
    name: JobName
    status: JobStatus
    params: Mapping[str, JsonValue] = field(default_factory=dict[str, JsonValue])
    value: float | None = None
    started: float | None = None
    ended: float | None = None
    stopped: str = ""

    @property
    def fate(self) -> Fate:
        """What became of it so far."""
        fate = _FATES.get(self.status, Fate.RUNNING)
        return Fate.STOPPED if fate is Fate.CANCELED and self.stopped else fate

    def ran(self, now: float) -> float | None:
        """Seconds from its start to its end, or until now; None before it started."""
        if self.started is None:
            return None
        return max(0.0, (now if self.ended is None else self.ended) - self.started)


@dataclass(frozen=True, slots=True)
class SweepDetails:
    """A sweep at one moment. `algorithm` and `policy` are words for people; `best` is the best child's name, or ''."""

    metric: str
    goal: Goal
    algorithm: str = ""
    policy: str = ""
    max_total_trials: int = MOST_TRIALS
    max_concurrent_trials: int | None = None
    parameters: tuple[Parameter, ...] = ()
    trials: tuple[Trial, ...] = ()
    best: str = ""
    importance: Mapping[str, float] = field(default_factory=dict[str, float])
    warnings: tuple[str, ...] = ()

    @property
    def best_trial(self) -> Trial | None:
        """The trial that is named the best; None while there is none."""
        return next((trial for trial in self.trials if trial.name == self.best), None)

    def counts(self) -> dict[Fate, int]:
        """How many trials there are of each fate that has any."""
        counts = Counter(trial.fate for trial in self.trials)
        return {fate: counts[fate] for fate in Fate if counts[fate]}

    def best_first(self) -> list[Trial]:
        """The trials from the best to the worst, those without a value last; of equal ones the earlier first."""
        sign = -1 if self.goal == "maximize" else 1
        return sorted(
            self.trials,
            key=lambda one: (one.value is None, 0.0 if one.value is None else sign * one.value, one.number),
        )

    def left(self, now: float) -> float | None:
        """Seconds until the last trial ends, if the others are like those that did; None before one has ended.

        The work that is left, in seconds of one trial after the other, over how many have run beside each other.
        """
        took = [trial.ran(now) or 0.0 for trial in self.trials if trial.status in FINISHED and trial.started]
        begun = [trial.started for trial in self.trials if trial.started]
        if not took:
            return None
        usual = sum(took) / len(took)
        running = [trial.ran(now) or 0.0 for trial in self.trials if trial.fate is Fate.RUNNING]
        over = sum(trial.status in FINISHED for trial in self.trials)
        to_come = max(0, self.max_total_trials - over - len(running))
        work = usual * to_come + sum(max(0.0, usual - so_far) for so_far in running)
        beside = (sum(took) + sum(running)) / max(now - min(begun), 1e-9)
        return work / beside if beside > 0 else None

    def to_dict(self) -> dict[str, JsonValue]:
        """The same as JSON values; trials as columns; a number that JSON lacks as 'NaN', 'Infinity', '-Infinity'."""
        return {
            "metric": self.metric,
            "goal": self.goal,
            "algorithm": self.algorithm,
            "policy": self.policy,
            "max_total_trials": self.max_total_trials,
            "max_concurrent_trials": self.max_concurrent_trials,
            "parameters": [_parameter(one) for one in self.parameters],
            "trials": _columns(self.trials),
            "best": self.best,
            "importance": {name: json_number(value) for name, value in self.importance.items()},
            "warnings": list(self.warnings),
        }


def flat(params: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """Values by one name each: what was chosen inside a choice has both names, `model.depth`."""
    return dict(_leaves(params, ""))


def _leaves(params: Mapping[str, JsonValue], above: str) -> Iterator[tuple[str, JsonValue]]:
    for name, value in params.items():
        if isinstance(value, dict):
            yield from _leaves(value, f"{above}{name}.")
        else:
            yield f"{above}{name}", value


def best_of(trials: Iterable[Trial], goal: Goal) -> Trial | None:
    """The trial with the best value; of equal ones the first."""
    sign = -1 if goal == "maximize" else 1
    scored = [(sign * trial.value, trial.number, trial) for trial in trials if trial.value is not None]
    return min(scored, key=lambda one: one[:2])[2] if scored else None


def json_number(value: float) -> float | str:
    """A number as JSON can hold it: those that it lacks by their names."""
    if math.isfinite(value):
        return value
    return "NaN" if math.isnan(value) else ("Infinity" if value > 0 else "-Infinity")


def _parameter(one: Parameter) -> JsonValue:
    return {"name": one.name, "scale": one.scale, "choices": list(one.choices)}


def _columns(trials: tuple[Trial, ...]) -> JsonValue:
    return {
        "number": [trial.number for trial in trials],
        "name": [trial.name for trial in trials],
        "status": [trial.status for trial in trials],
        "params": [_plain(dict(trial.params)) for trial in trials],
        "value": [None if trial.value is None else json_number(trial.value) for trial in trials],
        "started": [trial.started for trial in trials],
        "ended": [trial.ended for trial in trials],
        "stopped": [trial.stopped for trial in trials],
    }


def _plain(value: JsonValue) -> JsonValue:
    """A parameter's value as JSON can hold it, also inside a nested choice."""
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    return json_number(value) if isinstance(value, float) else value

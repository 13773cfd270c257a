"""Early termination: whether a trial that has just logged a value is to end (§8.4). Pure; nobody is told here.

An interval is one logged value of the primary metric. A trial is judged at interval i when i is a multiple of
`evaluation_interval` and not before `delay_evaluation`; others are looked at up to the same interval.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from statistics import fmean, median
from typing import Any, Protocol

from jupyter_aml.engine.orchestrators.sweep.best import best, is_better
from jupyter_aml.entities.sweep_plan import Goal


@dataclass(frozen=True, slots=True)
class Curve:
    """What a trial has logged of the primary metric, in order; `is_over`: it will log no more."""

    values: tuple[float, ...]
    is_over: bool = False

    def best(self, interval: int, goal: Goal) -> float | None:
        """The best of its first values."""
        return best(self.values[:interval], goal)

    def average(self, interval: int) -> float | None:
        """The mean of its first values that are numbers."""
        numbers = [value for value in islice(self.values, interval) if value == value]  # noqa: PLR0124 - NaN differs from itself
        return fmean(numbers) if numbers else None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why a trial is to end: at which interval, what it had reached, and what it had to."""

    policy: str
    interval: int
    value: float
    bound: float


class Policy(Protocol):
    """Says whether a trial is to end."""

    def judge(self, trial: int, curves: Mapping[int, Curve], goal: Goal) -> Verdict | None:
        """Of a trial whose curve has just got its last value; None: it goes on."""
        ...


@dataclass(frozen=True, slots=True)
class Never:
    """No policy: every trial runs to its end."""

    def judge(self, trial: int, curves: Mapping[int, Curve], goal: Goal) -> Verdict | None:
        """Never."""


@dataclass(frozen=True, slots=True)
class _Due:
    evaluation_interval: int
    delay_evaluation: int

    def at(self, curve: Curve) -> int:
        """The interval at which the curve is to be judged now; 0: not now."""
        interval = len(curve.values)
        is_due = interval % self.evaluation_interval == 0 and interval >= self.delay_evaluation
        return interval if is_due else 0


@dataclass(frozen=True, slots=True)
class Bandit:
    """Ends what falls behind the best trial of all by more than a slack: a factor, or an amount.

    The factor is a part of the bound, so of a negative best it makes a bound above it: use an amount there.
    """

    due: _Due
    slack_factor: float = 0.0
    slack_amount: float = 0.0

    def judge(self, trial: int, curves: Mapping[int, Curve], goal: Goal) -> Verdict | None:
        interval = self.due.at(curves[trial])
        own = curves[trial].best(interval, goal)
        bests = (curve.best(interval, goal) for curve in curves.values())
        top = best((value for value in bests if value is not None), goal)
        if own is None or top is None:
            return None
        bound = self._bound(top, goal)
        return Verdict("bandit", interval, own, bound) if is_better(bound, own, goal) else None

    def _bound(self, top: float, goal: Goal) -> float:
        if self.slack_factor:
            return top / (1 + self.slack_factor) if goal == "maximize" else top * (1 + self.slack_factor)
        return top - self.slack_amount if goal == "maximize" else top + self.slack_amount


@dataclass(frozen=True, slots=True)
class MedianStopping:
    """Ends what, at its best, is worse than the median of all trials' running averages."""

    due: _Due

    def judge(self, trial: int, curves: Mapping[int, Curve], goal: Goal) -> Verdict | None:
        interval = self.due.at(curves[trial])
        own = curves[trial].best(interval, goal)
        if own is None:
            return None
        averages = [curve.average(interval) for curve in curves.values()]
        bound = median(value for value in averages if value is not None)
        return Verdict("median_stopping", interval, own, bound) if is_better(bound, own, goal) else None


@dataclass(frozen=True, slots=True)
class TruncationSelection:
    """Ends the lowest part, in percent, of the trials that have come as far, compared at their best."""

    due: _Due
    truncation_percentage: int
    exclude_finished_jobs: bool = False

    def judge(self, trial: int, curves: Mapping[int, Curve], goal: Goal) -> Verdict | None:
        interval = self.due.at(curves[trial])
        own = curves[trial].best(interval, goal)
        if own is None:
            return None
        ranked = sorted(self._rivals(trial, curves, interval, goal), reverse=goal == "minimize")
        ended = int(len(ranked) * self.truncation_percentage / 100)
        if not 0 < ended < len(ranked):
            return None
        bound = ranked[ended]  # the lowest that stays
        return Verdict("truncation_selection", interval, own, bound) if is_better(bound, own, goal) else None

    def _rivals(self, trial: int, curves: Mapping[int, Curve], interval: int, goal: Goal) -> list[float]:
        """The bests of all that have come as far, the trial itself too."""
        found = (
            curve.best(interval, goal)
            for number, curve in curves.items()
            if number == trial or (len(curve.values) >= interval and not (self.exclude_finished_jobs and curve.is_over))
        )
        return [value for value in found if value is not None]


def policy(spec: Mapping[str, Any] | None) -> Policy:
    """The policy that a YAML's `early_termination` describes."""
    if not spec:
        return Never()
    due = _Due(int(spec.get("evaluation_interval") or 1), int(spec.get("delay_evaluation") or 0))
    match spec.get("type"):
        case "bandit":
            return Bandit(due, float(spec.get("slack_factor") or 0), float(spec.get("slack_amount") or 0))
        case "median_stopping":
            return MedianStopping(due)
        case "truncation_selection":
            excluded = bool(spec.get("exclude_finished_jobs"))
            return TruncationSelection(due, int(spec.get("truncation_percentage") or 0), excluded)
        case _:
            return Never()

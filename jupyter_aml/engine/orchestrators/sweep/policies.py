"""Early termination: whether a trial that has just logged a value is to end (§8.4). Pure; nobody is told here.

An interval is one logged value of the primary metric. A trial is judged at interval i when i is a multiple of
`evaluation_interval` and not before `delay_evaluation`. All others are looked at up to the same interval, running or
over; those that logged less, with what they have. A trial that has logged no number yet is not judged, and the best
of all is never ended: so a lone trial is not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from math import isnan, nan
from statistics import median
from typing import Any, Final, Protocol

from jupyter_aml.engine.orchestrators.sweep.best import best, is_better
from jupyter_aml.entities.sweep_plan import Goal
from jupyter_aml.exceptions import ValidationException, did_you_mean

KINDS: Final = ("bandit", "median_stopping", "truncation_selection")


@dataclass(frozen=True)
class Curve:
    """What a trial has logged of the primary metric, in order; `is_over`: it will log no more.

    What its first values come to is worked out once: whoever keeps a curve keeps that too.
    """

    values: tuple[float, ...]
    is_over: bool = False

    def best(self, interval: int, goal: Goal) -> float | None:
        """The best of its first values, of all where there are fewer; None: none of them is a number."""
        return _last(self._highest if goal == "maximize" else self._lowest, interval)

    def average(self, interval: int) -> float | None:
        """The mean of the same; also None of both infinities. Never beyond the values, however it is rounded."""
        return _last(self._averages, interval)

    @cached_property
    def _highest(self) -> Sequence[float]:
        return tuple(accumulate(self.values, lambda top, new: top if top >= new or isnan(new) else new))

    @cached_property
    def _lowest(self) -> Sequence[float]:
        return tuple(accumulate(self.values, lambda low, new: low if low <= new or isnan(new) else new))

    @cached_property
    def _averages(self) -> Sequence[float]:
        numbers = [0.0 if isnan(value) else value for value in self.values]
        counts = accumulate(not isnan(value) for value in self.values)
        means = (total / count if count else nan for total, count in zip(accumulate(numbers), counts, strict=True))
        return [min(max(mean, low), high) for mean, low, high in zip(means, self._lowest, self._highest, strict=True)]


def _last(table: Sequence[float], interval: int) -> float | None:
    found = table[min(interval, len(table)) - 1] if table and interval else nan
    return None if isnan(found) else found


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
    """Ends what falls behind the best of all by more than a slack: a factor, or an amount.

    The factor scales the bound, as Azure documents it: where the best is negative, the bound lies beyond it, and
    whatever is not the best ends. Of a metric that may be negative, use an amount.
    """

    due: _Due
    slack_factor: float = 0.0
    slack_amount: float = 0.0

    def judge(self, trial: int, curves: Mapping[int, Curve], goal: Goal) -> Verdict | None:
        interval = self.due.at(curves[trial])
        own = curves[trial].best(interval, goal)
        top = best(_bests(curves, interval, goal).values(), goal)
        if own is None or top is None or own == top:
            return None
        return _ended("bandit", interval, own, self._bound(top, goal), goal)

    def _bound(self, top: float, goal: Goal) -> float:
        if self.slack_factor:
            return top / (1 + self.slack_factor) if goal == "maximize" else top * (1 + self.slack_factor)
        return top - self.slack_amount if goal == "maximize" else top + self.slack_amount


@dataclass(frozen=True, slots=True)
class MedianStopping:
    """Ends what, at its best, is worse than the median of all trials' running averages, its own among them."""

    due: _Due

    def judge(self, trial: int, curves: Mapping[int, Curve], goal: Goal) -> Verdict | None:
        interval = self.due.at(curves[trial])
        own = curves[trial].best(interval, goal)
        averages = [curve.average(interval) for curve in curves.values()] if own is not None else []
        known = [value for value in averages if value is not None]
        if own is None or not known:
            return None
        return _ended("median_stopping", interval, own, median(known), goal)


@dataclass(frozen=True, slots=True)
class TruncationSelection:
    """Ends the lowest part, in percent and rounded down, of all trials at their best; what equals a kept one stays."""

    due: _Due
    truncation_percentage: int
    exclude_finished_jobs: bool = False

    def judge(self, trial: int, curves: Mapping[int, Curve], goal: Goal) -> Verdict | None:
        interval = self.due.at(curves[trial])
        own = curves[trial].best(interval, goal)
        if own is None:
            return None
        worst_first = sorted(_bests(self._ranked(trial, curves), interval, goal).values(), reverse=goal == "minimize")
        lowest_kept = worst_first[len(worst_first) * self.truncation_percentage // 100]
        return _ended("truncation_selection", interval, own, lowest_kept, goal)

    def _ranked(self, trial: int, curves: Mapping[int, Curve]) -> Mapping[int, Curve]:
        if not self.exclude_finished_jobs:
            return curves
        return {number: curve for number, curve in curves.items() if number == trial or not curve.is_over}


def _bests(curves: Mapping[int, Curve], interval: int, goal: Goal) -> dict[int, float]:
    """The best of each trial that has logged a number."""
    found = {number: curve.best(interval, goal) for number, curve in curves.items()}
    return {number: value for number, value in found.items() if value is not None}


def _ended(policy: str, interval: int, own: float, bound: float, goal: Goal) -> Verdict | None:
    """The verdict on what is strictly worse than the bound."""
    return Verdict(policy, interval, own, bound) if is_better(bound, own, goal) else None


def policy(spec: Mapping[str, Any] | None) -> Policy:
    """The policy that a YAML's `early_termination` describes; an interval of 0 is Azure's default, 1.

    Raises ValidationException for a type that is none.
    """
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
        case other:
            raise ValidationException(
                f"early_termination.type: '{other}' is no policy.", resolution=did_you_mean(str(other), KINDS)
            )

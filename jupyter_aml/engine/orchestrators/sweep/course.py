"""The course of a sweep: what is to be tried, ended, said. Pure: it sees no clock, no file and no database.

It is told what became of trials and asked what follows; whoever asks carries it out.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias

from jupyter_aml.engine.orchestrators.sweep.best import best, is_better
from jupyter_aml.engine.orchestrators.sweep.policies import Curve, Policy, Verdict
from jupyter_aml.entities.names import JobName
from jupyter_aml.entities.status import FINISHED, JobStatus
from jupyter_aml.entities.sweep_plan import Goal

Params: TypeAlias = Mapping[str, Any]

FAILURES: Final = 10
"""So many trials that failed before any came to something, and the rest is not tried."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One trial. `values` are those of the primary metric, in order; `judged`: how many the policy has looked at."""

    number: int
    name: JobName
    params: Params
    status: JobStatus = JobStatus.NOT_STARTED
    values: tuple[float, ...] = ()
    judged: int = 0
    is_ending: bool = False

    @property
    def is_over(self) -> bool:
        return self.status in FINISHED


@dataclass(frozen=True, slots=True)
class Best:
    """The best trial so far."""

    child: JobName
    value: float


class Course:
    """A sweep from its first trial to its last. `total` and `concurrent` are its limits."""

    def __init__(self, goal: Goal, policy: Policy, total: int, concurrent: int) -> None:
        self.goal: Goal = goal
        self.trials: dict[int, Trial] = {}
        self.best: Best | None = None
        self.is_exhausted = False
        self._policy, self._total, self._concurrent = policy, total, concurrent
        self._open: set[int] = set()
        self._curves: dict[int, Curve] = {}

    # ── what happened ──

    def began(self, trial: Trial) -> None:
        """There is a trial of that number."""
        self.trials[trial.number] = trial
        self._open.add(trial.number)

    def stands(self, number: int, status: JobStatus) -> None:
        """How a trial stands now."""
        self.trials[number] = replace(self.trials[number], status=status)
        if status in FINISHED:
            self._open.discard(number)
            self._keep_curve(number)

    def logged(self, number: int, values: tuple[float, ...]) -> None:
        """What a trial has logged of the primary metric by now: all of it."""
        trial = self.trials[number] = replace(self.trials[number], values=values)
        self._keep_curve(number)
        value = best(values, self.goal)
        if value is not None and self._is_new_best(trial, value):
            self.best = Best(trial.name, value)

    def _keep_curve(self, number: int) -> None:
        """A curve knows what its values come to: it is made again only when they are others."""
        trial, known = self.trials[number], self._curves.get(number)
        curve = Curve(trial.values, trial.is_over)
        if trial.values and curve != known:
            self._curves[number] = curve

    def _is_new_best(self, trial: Trial, value: float) -> bool:
        """Of equal ones, the first trial's: so that it doesn't matter which was seen first."""
        if self.best is None or is_better(value, self.best.value, self.goal):
            return True
        return value == self.best.value and trial.number < self._number(self.best.child)

    def _number(self, name: JobName) -> int:
        return int(name.rpartition("_")[2])

    # ── what follows ──

    @property
    def unfinished(self) -> list[Trial]:
        """The trials that go on."""
        return [self.trials[number] for number in sorted(self._open)]

    def next_numbers(self, room: int) -> range:
        """The numbers of the trials to begin, where `room` more could be of use."""
        began = len(self.trials)
        most = 0 if self.is_exhausted else min(self._concurrent - len(self._open), self._total - began, room)
        return range(began, began + max(most, 0))

    def verdicts(self) -> Iterator[tuple[Trial, Verdict]]:
        """The running trials that the policy ends. Each value is judged once, as if it had been the last one then."""
        for trial in self.unfinished:
            if trial.is_ending or trial.judged == len(trial.values):
                continue
            verdict = self._judged(trial)
            self.trials[trial.number] = replace(trial, judged=len(trial.values), is_ending=verdict is not None)
            if verdict:
                yield trial, verdict

    def _judged(self, trial: Trial) -> Verdict | None:
        curves = dict(self._curves)
        for seen in range(trial.judged + 1, len(trial.values) + 1):
            curves[trial.number] = Curve(trial.values[:seen])
            if verdict := self._policy.judge(trial.number, curves, self.goal):
                return verdict
        return None

    @property
    def is_over(self) -> bool:
        """Whether nothing runs and nothing is left to try."""
        return not self._open and (self.is_exhausted or len(self.trials) >= self._total)

    @property
    def is_hopeless(self) -> bool:
        """Whether all trials failed: every one, or so many before any other came to something."""
        failed = [trial.status == JobStatus.FAILED for trial in self.trials.values() if trial.is_over]
        return bool(failed) and all(failed) and (self.is_over or len(failed) >= FAILURES)

    @property
    def without_metric(self) -> Trial | None:
        """The first completed trial, if no trial at all has logged the primary metric."""
        if any(trial.values for trial in self.trials.values()):
            return None
        return next((trial for trial in self.trials.values() if trial.status == JobStatus.COMPLETED), None)

    def count(self, statuses: Iterable[JobStatus]) -> int:
        """How many trials stand so."""
        wanted = set(statuses)
        return sum(trial.status in wanted for trial in self.trials.values())

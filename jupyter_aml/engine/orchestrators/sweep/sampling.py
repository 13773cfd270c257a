"""Which parameters a trial gets: the one door to Optuna. It draws points; the search space says what they mean.

A trial's parameters follow from the seed and its number (and, of the bayesian one, from what was seen): whoever
draws them again after a restart draws the same.
"""

import hashlib
import math
import random
import warnings
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Protocol, TypeAlias

from jupyter_aml.engine.orchestrators.sweep.axes import NoPlaceError, axis, place, value_at
from jupyter_aml.entities.distributions import Space, combination, point, rebased, width
from jupyter_aml.entities.sweep_plan import Goal
from jupyter_aml.exceptions import ValidationException, did_you_mean

Params: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Observed:
    """A trial as a sampler sees it; `value` None: it runs, or ended without a number."""

    number: int
    params: Params
    value: float | None


class Sampler(Protocol):
    """Draws the parameters of trials."""

    def params(self, number: int, seen: Sequence[Observed]) -> Params | None:
        """Those of the trial of that number; None: nothing is left to try."""
        ...


@dataclass(frozen=True, slots=True)
class Grid:
    """Every combination once, in the order of the space."""

    space: Space

    def params(self, number: int, seen: Sequence[Observed]) -> Params | None:
        del seen
        return combination(self.space, number)


@dataclass(frozen=True, slots=True)
class Random:
    """Independent draws. Optuna would draw no better, and is waited for as long as a hundred trials."""

    space: Space
    seed: int

    def params(self, number: int, seen: Sequence[Observed]) -> Params:
        del seen
        drawn = random.Random(_mixed(self.seed, number))
        return point(self.space, [drawn.random() for _ in range(width(self.space))])


class Sobol:
    """A scrambled Sobol' sequence: it fills the space evenly."""

    def __init__(self, space: Space, seed: int) -> None:
        import optuna

        self._space, self._cube = space, _cube(width(space))
        with _no_word_of_experiments():
            self._sampler = optuna.samplers.QMCSampler(qmc_type="sobol", scramble=True, seed=_mixed(seed, 0))
        self._study = _study("maximize")
        self._drawn: list[list[float]] = []

    def params(self, number: int, seen: Sequence[Observed]) -> Params:
        """The sequence goes from its start, whoever asks."""
        del seen
        while len(self._drawn) <= number:
            drawn = self._sampler.sample_relative(self._study, _ANY, self._cube)
            self._drawn.append([drawn[axis] for axis in self._cube])
        return point(self._space, self._drawn[number])


class Bayesian:
    """A tree-structured Parzen estimator that knows what was seen. Trials that run count as no better than others.

    It begins with Sobol's points: by chance, three sweeps of sixteen never left a poor choice; so, none.
    """

    def __init__(self, space: Space, goal: Goal, seed: int) -> None:
        self._space, self._seed = space, seed
        self._first, self._told = Sobol(space, seed), _Told(space, goal)

    def params(self, number: int, seen: Sequence[Observed]) -> Params:
        self._told.hear(seen)
        if self._told.ended < _FIRST:
            return self._first.params(number, seen)
        drawn = self._told.asked(_mixed(self._seed, number))
        return {name: value_at(found, drawn[name]) for name, found in self._space.items()}


class _Told:
    """A study that knows what was seen, and is told only what is new of it: a thousand trials take a second to tell.

    What it answers is what a study made from nothing would: the order of the trials is the same, by their numbers.
    """

    def __init__(self, space: Space, goal: Goal) -> None:
        self._goal: Goal = goal
        self._space = space
        self._axes = {name: axis(found) for name, found in space.items()}
        self._forget()

    def _forget(self) -> None:
        self._study = _study(self._goal)
        self._seen: list[Observed] = []
        self._names: list[int | None] = []

    @property
    def ended(self) -> int:
        """How many trials have come to a number from which it learns."""
        known = zip(self._names, self._seen, strict=True)
        return sum(name is not None and one.value is not None for name, one in known)

    def hear(self, seen: Sequence[Observed]) -> None:
        """What was seen, all of it, in whatever order."""
        ordered = sorted(map(_numbered, seen), key=lambda one: one.number)
        if not self._goes_on(ordered):
            self._forget()
        self._tell(ordered)

    def asked(self, seed: int) -> Params:
        """Where to go next, on each axis."""
        from optuna.trial import TrialState

        with _no_word_of_experiments():
            self._study.sampler = _parzen()(self._axes, seed)
        asked = self._study.ask(self._axes)
        self._study.tell(asked, state=TrialState.FAIL)  # it is not known here whether it will be tried
        return asked.params

    def _goes_on(self, seen: Sequence[Observed]) -> bool:
        """Whether what was told before is still so, but for trials that have ended since."""
        return len(seen) >= len(self._seen) and all(
            new is old or (new.number == old.number and new.params == old.params and old.value in (None, new.value))
            for new, old in zip(seen, self._seen, strict=False)
        )

    def _tell(self, seen: Sequence[Observed]) -> None:
        for one, known, name in zip(seen, self._seen, self._names, strict=False):
            if name is not None and one.value != known.value:
                self._study.tell(name, one.value)
        self._names += [self._add(one) for one in seen[len(self._seen) :]]
        self._seen = list(seen)

    def _add(self, one: Observed) -> int | None:
        """The study's number for it; None for one that lies outside this space: an earlier sweep may have had another.

        One that runs, or ended without a number, stays a running one: it says where not to look.
        """
        from optuna.trial import TrialState, create_trial

        try:
            places = {name: place(found, one.params[name]) for name, found in self._space.items()}
        except (KeyError, NoPlaceError):
            return None
        state = TrialState.RUNNING if one.value is None else TrialState.COMPLETE
        self._study.add_trial(create_trial(state=state, params=places, distributions=self._axes, value=one.value))
        return len(self._study.get_trials(deepcopy=False)) - 1


def _study(goal: Goal) -> Any:  # noqa: ANN401 - Optuna's own
    """An empty study, of which Optuna does not tell."""
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    return optuna.create_study(direction=goal)


@cache
def _parzen() -> Any:  # noqa: ANN401 - Optuna's own
    """Its sampler, told the axes: half of its time goes into finding out which ones all trials share."""
    from optuna.samplers import TPESampler

    class Parzen(TPESampler):
        def __init__(self, axes: Mapping[str, Any], seed: int) -> None:
            super().__init__(multivariate=True, constant_liar=True, n_startup_trials=0, seed=seed)
            self._axes = {name: one for name, one in axes.items() if not one.single()}

        def infer_relative_search_space(self, study: Any, trial: Any) -> dict[str, Any]:  # noqa: ANN401, ARG002 - its signature
            return self._axes

    return Parzen


def sampler(algorithm: Mapping[str, Any], space: Space, goal: Goal) -> Sampler:
    """The sampler of a sweep; `algorithm` is its YAML, with a seed. ValidationException for one that there is not."""
    kind, seed = algorithm["type"], algorithm["seed"]
    if kind == "random":
        kind = algorithm.get("rule") or kind
        space = rebased(space, algorithm.get("logbase"))
    match kind:
        case "grid":
            return Grid(space)
        case "bayesian":
            return Bayesian(space, goal, seed)
        case "sobol":
            return Sobol(space, seed)
        case "random":
            return Random(space, seed)
        case _:
            told = f"unsupported sampling algorithm: {kind}"
            raise ValidationException(told, resolution=did_you_mean(str(kind), _ALGORITHMS))


_FIRST: Final = 10
"""So many trials come to a number before it can be learned from them (Optuna's own default)."""
_ALGORITHMS: Final = ("bayesian", "grid", "random", "sobol")
_ANY: Any = None
"""A study, or a trial, that is not looked at."""


@contextmanager
def _no_word_of_experiments() -> Generator[None]:
    """Optuna warns that a class may change; our tests would tell."""
    from optuna.exceptions import ExperimentalWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ExperimentalWarning)
        yield


def _numbered(one: Observed) -> Observed:
    """NaN is no number to learn from."""
    is_nan = one.value is not None and math.isnan(one.value)
    return Observed(one.number, one.params, None) if is_nan else one


def _mixed(seed: int, number: int) -> int:
    """A seed of its own for each trial, 32 bits: no two numbers below 2³² share one, for each step can be undone."""
    start = int.from_bytes(hashlib.blake2b(str(seed).encode(), digest_size=4).digest(), "big")
    mixed = (start + number) & _BITS
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35)):  # MurmurHash3's finaliser
        mixed ^= mixed >> shift
        mixed = mixed * factor & _BITS
    return mixed ^ mixed >> 16


_BITS: Final = 0xFFFFFFFF


def _cube(size: int) -> dict[str, Any]:
    from optuna.distributions import FloatDistribution

    return {f"{number:06}": FloatDistribution(0, 1) for number in range(size)}

"""Which parameters a trial gets: the one door to Optuna. It draws points; the search space says what they mean.

A trial's parameters follow from the seed and its number (and, of the bayesian one, from what was seen): whoever
draws them again after a restart draws the same.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

from jupyter_aml.entities.distributions import (
    Choice,
    Distribution,
    QUniform,
    Space,
    Uniform,
    combination,
    point,
    width,
)
from jupyter_aml.entities.sweep_plan import Goal

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


class Random:
    """Independent draws."""

    def __init__(self, space: Space, seed: int) -> None:
        self._space, self._seed = space, seed

    def params(self, number: int, seen: Sequence[Observed]) -> Params:
        del seen
        import optuna

        sampler = optuna.samplers.RandomSampler(seed=_mixed(self._seed, number))
        place = [sampler.sample_independent(_ANY, _ANY, name, axis) for name, axis in _cube(width(self._space)).items()]
        return point(self._space, place)


class Sobol:
    """A scrambled Sobol' sequence: it fills the space evenly."""

    def __init__(self, space: Space, seed: int) -> None:
        import optuna

        self._space = space
        self._sampler = optuna.samplers.QMCSampler(qmc_type="sobol", scramble=True, seed=seed)
        self._study = optuna.create_study(sampler=self._sampler)
        self._drawn: list[list[float]] = []

    def params(self, number: int, seen: Sequence[Observed]) -> Params:
        """The sequence goes from its start, whoever asks."""
        del seen
        cube = _cube(width(self._space))
        while len(self._drawn) <= number:
            place = self._sampler.sample_relative(self._study, _ANY, cube)
            self._drawn.append([place[axis] for axis in cube])
        return point(self._space, self._drawn[number])


class Bayesian:
    """A tree-structured Parzen estimator that knows what was seen. Trials that run count as no better than others."""

    def __init__(self, space: Space, goal: Goal, seed: int) -> None:
        self._space, self._goal, self._seed = space, goal, seed

    def params(self, number: int, seen: Sequence[Observed]) -> Params:
        import optuna

        sampler = optuna.samplers.TPESampler(multivariate=True, constant_liar=True, seed=_mixed(self._seed, number))
        study = optuna.create_study(sampler=sampler, direction=self._goal)
        axes = {name: _axis(found) for name, found in self._space.items()}
        study.add_trials(self._told(one, axes) for one in seen)
        drawn = study.ask(axes).params
        return {name: self._value(name, drawn[name]) for name in self._space}

    def _told(self, one: Observed, axes: Mapping[str, Any]) -> Any:  # noqa: ANN401 - Optuna's own
        from optuna.trial import TrialState, create_trial

        state = TrialState.RUNNING if one.value is None else TrialState.COMPLETE
        places = {name: self._place(name, one.params[name]) for name in axes}
        return create_trial(state=state, params=places, distributions=dict(axes), value=one.value)

    def _value(self, name: str, drawn: Any) -> Any:  # noqa: ANN401 - a value of the user's
        found = self._space[name]
        match found:
            case Choice():
                return found.values[drawn]
            case QUniform():
                return round(drawn / found.q) * found.q
            case _:
                return drawn

    def _place(self, name: str, value: Any) -> Any:  # noqa: ANN401 - as above
        """Where a value lies on its axis; one that was rounded out of it, at its end."""
        found = self._space[name]
        if isinstance(found, Choice):
            return found.values.index(value)
        axis = _axis(found)
        return min(max(value, axis.low), axis.high)


def sampler(algorithm: Mapping[str, Any], space: Space, goal: Goal) -> Sampler:
    """The sampler of a sweep; `algorithm` is its YAML, with a seed."""
    _quiet()
    match algorithm["type"]:
        case "grid":
            return Grid(space)
        case "bayesian":
            return Bayesian(space, goal, algorithm["seed"])
        case _ if algorithm.get("rule") == "sobol":
            return Sobol(space, algorithm["seed"])
        case _:
            return Random(space, algorithm["seed"])


_ANY: Any = None
"""A study, or a trial, that is not looked at."""


def _quiet() -> None:
    """Optuna tells of each study; what it warns of is decided here."""
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)


def _mixed(seed: int, number: int) -> int:
    """A seed of its own for each trial."""
    digest = hashlib.blake2b(f"{seed} {number}".encode(), digest_size=4).digest()
    return int.from_bytes(digest, "big")


def _cube(size: int) -> dict[str, Any]:
    from optuna.distributions import FloatDistribution

    return {f"{axis:06}": FloatDistribution(0, 1) for axis in range(size)}


def _axis(found: Distribution) -> Any:  # noqa: ANN401 - Optuna's own
    from optuna.distributions import CategoricalDistribution, FloatDistribution

    match found:
        case Choice():
            return CategoricalDistribution(range(len(found.values)))
        case Uniform() | QUniform():
            return FloatDistribution(found.min_value, found.max_value)
        case _:
            message = f"bayesian sampling does not support '{found.type}'"
            raise TypeError(message)

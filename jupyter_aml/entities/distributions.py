"""The ten distributions of a search space (§8.1): what a parameter is at a point of the unit cube. Stdlib only.

`log…` bounds and means are in log space: LogUniform(-6, -1) lies between e⁻⁶ and e⁻¹. Upper bounds are open.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from itertools import islice
from statistics import NormalDist
from typing import Any, ClassVar, Final, Protocol, TypeAlias, cast

from jupyter_aml.exceptions import ValidationException, did_you_mean

Value: TypeAlias = Any  # what a person wrote as a choice: whatever YAML has
_STANDARD: Final = NormalDist()
_LEAST: Final = 2.0**-53


class Distribution(Protocol):
    """Where a parameter may lie. `width`: how many coordinates of the unit cube it takes, more than one if nested."""

    type: ClassVar[str]

    @property
    def width(self) -> int: ...

    def at(self, *place: float) -> Value:
        """The value at a place in [0, 1)^width."""
        ...


Space: TypeAlias = Mapping[str, Distribution]


@dataclass(frozen=True, slots=True)
class _Plain:
    """One coordinate."""

    @property
    def width(self) -> int:
        return 1


@dataclass(frozen=True, slots=True)
class Randint(_Plain):
    """An integer in [0, upper)."""

    upper: int
    type: ClassVar[str] = "randint"

    def at(self, *place: float) -> int:
        return min(int(place[0] * self.upper), self.upper - 1)


@dataclass(frozen=True, slots=True)
class Uniform(_Plain):
    """A number in [min_value, max_value)."""

    min_value: float
    max_value: float
    type: ClassVar[str] = "uniform"

    def at(self, *place: float) -> float:
        return _between(self.min_value, self.max_value, place[0])


@dataclass(frozen=True, slots=True)
class QUniform(_Plain):
    """round(U / q) × q."""

    min_value: float
    max_value: float
    q: float
    type: ClassVar[str] = "quniform"

    def at(self, *place: float) -> float:
        return _quantised(_between(self.min_value, self.max_value, place[0]), self.q)


@dataclass(frozen=True, slots=True)
class LogUniform(_Plain):
    """exp(U)."""

    min_value: float
    max_value: float
    type: ClassVar[str] = "loguniform"

    def at(self, *place: float) -> float:
        return math.exp(_between(self.min_value, self.max_value, place[0]))


@dataclass(frozen=True, slots=True)
class QLogUniform(_Plain):
    """round(exp(U) / q) × q."""

    min_value: float
    max_value: float
    q: float
    type: ClassVar[str] = "qloguniform"

    def at(self, *place: float) -> float:
        return _quantised(math.exp(_between(self.min_value, self.max_value, place[0])), self.q)


@dataclass(frozen=True, slots=True)
class Normal(_Plain):
    """A normal number."""

    mu: float
    sigma: float
    type: ClassVar[str] = "normal"

    def at(self, *place: float) -> float:
        return _normal(self.mu, self.sigma, place[0])


@dataclass(frozen=True, slots=True)
class QNormal(_Plain):
    """round(N / q) × q."""

    mu: float
    sigma: float
    q: float
    type: ClassVar[str] = "qnormal"

    def at(self, *place: float) -> float:
        return _quantised(_normal(self.mu, self.sigma, place[0]), self.q)


@dataclass(frozen=True, slots=True)
class LogNormal(_Plain):
    """exp(N)."""

    mu: float
    sigma: float
    type: ClassVar[str] = "lognormal"

    def at(self, *place: float) -> float:
        return math.exp(_normal(self.mu, self.sigma, place[0]))


@dataclass(frozen=True, slots=True)
class QLogNormal(_Plain):
    """round(exp(N) / q) × q."""

    mu: float
    sigma: float
    q: float
    type: ClassVar[str] = "qlognormal"

    def at(self, *place: float) -> float:
        return _quantised(math.exp(_normal(self.mu, self.sigma, place[0])), self.q)


@dataclass(frozen=True)
class Choice:
    """One of `values`. One that is a mapping may hold distributions again: they are drawn when it is chosen."""

    values: tuple[Value, ...]
    type: ClassVar[str] = "choice"

    @cached_property
    def width(self) -> int:
        return 1 + sum(inner.width for value in self.values for _, inner in _nested(value))

    def at(self, *place: float) -> Value:
        chosen = min(int(place[0] * len(self.values)), len(self.values) - 1)
        before = sum(inner.width for value in self.values[:chosen] for _, inner in _nested(value))
        return _filled(self.values[chosen], iter(place[1 + before :]))

    @property
    def count(self) -> int | None:
        """How many different values it has; None: no end of them."""
        counts = [_count_of(value) for value in self.values]
        return None if None in counts else sum(cast("list[int]", counts))

    def every(self) -> Iterator[Value]:
        """Each of its values, in order; of a choice within, the last one changes first."""
        for value in self.values:
            yield from _every(value)


_KINDS: Final[dict[str, type[Any]]] = {
    kind.type: kind
    for kind in (
        Choice, Randint, Uniform, QUniform, LogUniform, QLogUniform, Normal, QNormal, LogNormal, QLogNormal,
    )
}  # fmt: skip
_BAYESIAN: Final = ("choice", "uniform", "quniform")


# ── a whole space ──


def space(spec: Mapping[str, Mapping[str, object]]) -> Space:
    """The space that a YAML's `search_space` describes. ValidationException by the path of what is wrong."""
    return {name: _located(f"search_space.{name}", given) for name, given in spec.items()}


def check(space: Space, algorithm: str) -> None:
    """Refuse what the algorithm cannot sample. ValidationException by the parameter's path."""
    for name, found in space.items():
        if algorithm == "grid" and (not isinstance(found, Choice) or found.count is None):
            raise ValidationException(
                f"search_space.{name}: grid sampling tries every value, and '{found.type}' has no end of them.",
                resolution=f"Make '{name}' a choice, or use random sampling.",
            )
        if algorithm == "bayesian" and (found.type not in _BAYESIAN or found.width > 1):
            kind = "a nested choice" if found.width > 1 else f"'{found.type}'"
            raise ValidationException(
                f"search_space.{name}: bayesian sampling does not support {kind}.",
                resolution=f"Use {', '.join(_BAYESIAN)}, or random sampling.",
            )


def combinations(space: Space) -> int | None:
    """How many points a grid over the space has; None: no end of them."""
    counts = [found.count if isinstance(found, Choice) else None for found in space.values()]
    return None if None in counts else math.prod(cast("list[int]", counts))


def combination(space: Space, number: int) -> dict[str, Value] | None:
    """One point of the grid, in the order of the space, its last parameter the fastest; None after the last one."""
    if number >= (combinations(space) or 0):
        return None
    chosen: dict[str, Value] = {}
    for name, found in reversed(space.items()):
        choice = cast("Choice", found)
        number, index = divmod(number, cast("int", choice.count))
        chosen[name] = next(islice(choice.every(), index, None))
    return {name: chosen[name] for name in space}


def width(space: Space) -> int:
    """How many coordinates a point of the space takes."""
    return sum(found.width for found in space.values())


def point(space: Space, place: Sequence[float]) -> dict[str, Value]:
    """The parameters at a place in [0, 1)^width."""
    rest = iter(place)
    return {name: found.at(*islice(rest, found.width)) for name, found in space.items()}


# ── one distribution from its spec ──


def distribution(spec: Mapping[str, object]) -> Distribution:
    """The distribution that a YAML describes. ValidationException that begins with the field's name."""
    kind = spec.get("type")
    if kind not in _KINDS:
        raise ValidationException(f"type: '{kind}' is no distribution.", resolution=did_you_mean(str(kind), _KINDS))
    made = _KINDS[str(kind)]
    if made is Choice:
        return Choice(tuple(_parsed(value) for value in _choices(spec)))
    given = {field.name: _number(field.name, spec.get(field.name)) for field in fields(made)}
    _check_bounds(str(kind), given)
    return made(**given)


def _located(path: str, spec: Mapping[str, object]) -> Distribution:
    try:
        return distribution(spec)
    except ValidationException as error:
        raise ValidationException(f"{path}.{error.message}", resolution=error.resolution) from None


def _choices(spec: Mapping[str, object]) -> list[object]:
    values = spec.get("values")
    if not isinstance(values, list | tuple) or not values:
        raise ValidationException(f"values: a choice needs a list of values; found {values!r}.")
    return list(cast("Sequence[object]", values))


def _parsed(value: object) -> Value:
    """A value to choose; in a mapping, what is a distribution's YAML is one."""
    if not isinstance(value, Mapping):
        return value
    inner = cast("Mapping[str, object]", value)
    return {name: _maybe_distribution(f"values.{name}", one) for name, one in inner.items()}


def _maybe_distribution(path: str, value: object) -> Value:
    if isinstance(value, Mapping) and cast("Mapping[str, object]", value).get("type") in _KINDS:
        return _located(path, cast("Mapping[str, object]", value))
    return _parsed(value)


def _number(name: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValidationException(f"{name}: a number is expected; found {value!r}.")
    return value


def _check_bounds(kind: str, given: Mapping[str, float]) -> None:
    if "upper" in given and (given["upper"] <= 0 or given["upper"] != int(given["upper"])):
        raise ValidationException(f"upper: a whole number above 0 is expected; found {given['upper']:g}.")
    if "min_value" in given:
        low, high = given["min_value"], given["max_value"]
        if low > high or (low == high and "log" not in kind):
            raise ValidationException(f"min_value: {low:g} is not below max_value, which is {high:g}.")
    if given.get("sigma", 0) < 0:
        raise ValidationException(f"sigma: a deviation is not negative; found {given['sigma']:g}.")
    if given.get("q", 1) <= 0:
        raise ValidationException(f"q: a step is above 0; found {given['q']:g}.")


# ── nested choices ──


def _nested(value: Value) -> Iterator[tuple[str, Distribution]]:
    if isinstance(value, dict):
        for name, inner in cast("dict[str, Value]", value).items():
            if _is_distribution(inner):
                yield name, inner
            else:
                yield from _nested(inner)


def _filled(value: Value, place: Iterator[float]) -> Value:
    """A chosen value with what it holds drawn too."""
    if _is_distribution(value):
        return value.at(*islice(place, value.width))
    if isinstance(value, dict):
        return {name: _filled(inner, place) for name, inner in cast("dict[str, Value]", value).items()}
    return value


def _every(value: Value) -> Iterator[Value]:
    if isinstance(value, Choice):
        yield from value.every()
    elif isinstance(value, dict) and value:
        (name, first), *rest = cast("dict[str, Value]", value).items()
        for one in _every(first):
            for others in _every(dict(rest)):
                yield {name: one, **others}
    else:
        yield value


def _count_of(value: Value) -> int | None:
    counts = [inner.count if isinstance(inner, Choice) else None for _, inner in _nested(value)]
    return None if None in counts else math.prod(cast("list[int]", counts))


def _is_distribution(value: object) -> bool:
    return type(value) in _KINDS.values()


# ── the mathematics ──


def _between(low: float, high: float, place: float) -> float:
    """From `low` on, and below `high`, however floats are rounded."""
    value = low + place * (high - low)
    return value if value < high or low == high else math.nextafter(high, low)


def _normal(mu: float, sigma: float, place: float) -> float:
    return mu + sigma * _STANDARD.inv_cdf(min(max(place, _LEAST), 1 - _LEAST))


def _quantised(value: float, q: float) -> float:
    return round(value / q) * q

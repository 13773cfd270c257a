"""The ten distributions (§8.1) as maps of the unit cube: which value lies at a place. Nothing is parsed or drawn here.

`log…` bounds and means are in log space: LogUniform(-6, -1) lies between e⁻⁶ and e⁻¹. Upper bounds are open.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from statistics import NormalDist
from typing import Any, ClassVar, Final, Protocol, TypeAlias, cast

Value: TypeAlias = Any  # what a person wrote as a choice: whatever YAML has
_STANDARD: Final = NormalDist()
_LEAST: Final = 2.0**-53
FURTHEST: Final = -_STANDARD.inv_cdf(_LEAST)
"""So many deviations from the mean, and no more, a normal value may lie (8.2)."""


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
        return _power(self.min_value, self.max_value, place[0])


@dataclass(frozen=True, slots=True)
class QLogUniform(_Plain):
    """round(exp(U) / q) × q."""

    min_value: float
    max_value: float
    q: float
    type: ClassVar[str] = "qloguniform"

    def at(self, *place: float) -> float:
        return _quantised(_power(self.min_value, self.max_value, place[0]), self.q)


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


@dataclass(frozen=True, slots=True)
class Choice:
    """One of `values`. One that is a mapping may hold distributions again: they are drawn when it is chosen."""

    values: tuple[Value, ...]
    type: ClassVar[str] = "choice"

    @property
    def width(self) -> int:
        return 1 + sum(inner.width for value in self.values for _, inner in nested(value))

    def at(self, *place: float) -> Value:
        chosen = min(int(place[0] * len(self.values)), len(self.values) - 1)
        before = sum(inner.width for value in self.values[:chosen] for _, inner in nested(value))
        return _filled(self.values[chosen], iter(place[1 + before :]))

    @property
    def count(self) -> int | None:
        """How many values it has, with those of the choices in it; None: no end of them."""
        return _sum_or_none([_count(value) for value in self.values])

    def nth(self, index: int) -> Value:
        """The value of that number, `count` being finite; of a mapping's choices, the last one changes first."""
        for value in self.values:
            size = cast("int", _count(value))
            if index < size:
                return _nth(value, index)
            index -= size
        message = "a choice has no value of that number"
        raise IndexError(message)


KINDS: Final[dict[str, type[Any]]] = {
    kind.type: kind
    for kind in (
        Choice, Randint, Uniform, QUniform, LogUniform, QLogUniform, Normal, QNormal, LogNormal, QLogNormal,
    )
}  # fmt: skip


def is_distribution(value: object) -> bool:
    """Whether it is one of the ten."""
    return type(value) in KINDS.values()


# ── a whole space ──


def width(space: Space) -> int:
    """How many coordinates a point of the space takes."""
    return sum(found.width for found in space.values())


def point(space: Space, place: Sequence[float]) -> dict[str, Value]:
    """The parameters at a place in [0, 1)^width."""
    rest = iter(place)
    return {name: found.at(*islice(rest, found.width)) for name, found in space.items()}


def combinations(space: Space) -> int | None:
    """How many points a grid over the space has; None: no end of them."""
    return _product_or_none([_count(found) for found in space.values()])


def combination(space: Space, number: int) -> dict[str, Value] | None:
    """One point of the grid, in the order of the space, its last parameter the fastest; None after the last one."""
    return _nth(dict(space), number) if number < (combinations(space) or 0) else None


# ── nested choices ──


def nested(value: Value) -> Iterator[tuple[str, Distribution]]:
    """The distributions in a value to choose, in order, each with its path there."""
    if isinstance(value, dict):
        for name, inner in cast("dict[str, Value]", value).items():
            if is_distribution(inner):
                yield name, inner
            else:
                yield from ((f"{name}.{below}", found) for below, found in nested(inner))


def _filled(value: Value, place: Iterator[float]) -> Value:
    """A chosen value with what it holds drawn too."""
    if is_distribution(value):
        return value.at(*islice(place, value.width))
    if isinstance(value, dict):
        return {name: _filled(inner, place) for name, inner in cast("dict[str, Value]", value).items()}
    return value


def _count(value: Value) -> int | None:
    if isinstance(value, dict):
        return _product_or_none([_count(inner) for inner in cast("dict[str, Value]", value).values()])
    if isinstance(value, Choice):
        return value.count
    return None if is_distribution(value) else 1


def _nth(value: Value, index: int) -> Value:
    """Of a mapping, the last item changes first, as the last digit of a number does."""
    if isinstance(value, Choice):
        return value.nth(index)
    if not isinstance(value, dict):
        return value
    chosen: dict[str, Value] = {}
    for name, inner in reversed(cast("dict[str, Value]", value).items()):
        index, digit = divmod(index, cast("int", _count(inner)))
        chosen[name] = _nth(inner, digit)
    return dict(reversed(chosen.items()))


def _sum_or_none(counts: Sequence[int | None]) -> int | None:
    return None if None in counts else sum(cast("list[int]", counts))


def _product_or_none(counts: Sequence[int | None]) -> int | None:
    return None if None in counts else math.prod(cast("list[int]", counts))


# ── the mathematics ──


def _between(low: float, high: float, place: float) -> float:
    """From `low` on, and below `high`, however floats are rounded."""
    return _below(low + place * (high - low), low, high)


def _power(low: float, high: float, place: float) -> float:
    least, most = math.exp(low), math.exp(high)
    return _below(max(math.exp(_between(low, high, place)), least), least, most)


def _below(value: float, low: float, high: float) -> float:
    return value if value < high or low == high else math.nextafter(high, low)


def _normal(mu: float, sigma: float, place: float) -> float:
    return mu + sigma * _STANDARD.inv_cdf(min(max(place, _LEAST), 1 - _LEAST))


def _quantised(value: float, q: float) -> float:
    """A whole `q` gives whole numbers: what a script reads as an integer stays one."""
    return round(value / q) * q

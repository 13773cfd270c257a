"""Numbers to places on a chart: ticks that people would choose, and fewer points where there are too many. Pure."""

import math
from dataclasses import dataclass
from operator import itemgetter
from typing import Final, TypeAlias

Dot: TypeAlias = tuple[float, float]
_VALUE: Final = itemgetter(1)
_STEPS: Final = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Axis:
    """A linear axis from `low` to `high` over `pixels`; `low` < `high`."""

    low: float
    high: float
    pixels: float

    def at(self, value: float) -> float:
        """Pixels from the low end. Halved first, so that no pair of finite numbers overflows."""
        return (value / 2 - self.low / 2) / (self.high / 2 - self.low / 2) * self.pixels

    def ticks(self, wanted: int) -> tuple[float, ...]:
        """About `wanted` round numbers within the axis."""
        step = _round_step((self.high / 2 - self.low / 2) / wanted * 2)
        if not math.isfinite(step) or not step:
            return ()
        first = math.ceil(self.low / step - 1e-9)
        last = math.floor(self.high / step + 1e-9)
        return tuple(round(n * step, _places(step)) for n in range(first, min(last, first + 3 * wanted) + 1))


def axis(values: list[float], pixels: float, *, margin: float = 0.0) -> Axis:
    """The axis that holds finite `values`, with a share of free room at both ends; a lone value sits in the middle."""
    low, high = min(values), max(values)
    room = (high - low) * margin
    if not math.isfinite(room) or not low - room < high + room:
        room = max(abs(low), abs(high), 1.0) * 0.05 if low == high else 0.0
    return Axis(max(low - room, -1.7e308), min(high + room, 1.7e308), pixels)


def thinned(dots: list[Dot], most: int) -> list[Dot]:
    """At most `most` of the dots: first, last, and the lowest and highest of equal stretches, in their order."""
    if len(dots) <= most:
        return dots
    stretches = max(1, (most - 2) // 2)
    inner = dots[1:-1]
    kept = [dots[0]]
    for n in range(stretches):
        stretch = inner[n * len(inner) // stretches : (n + 1) * len(inner) // stretches]
        kept.extend(_extremes(stretch))
    return [*kept, dots[-1]]


def _extremes(stretch: list[Dot]) -> list[Dot]:
    if not stretch:
        return []
    low, high = min(stretch, key=_VALUE), max(stretch, key=_VALUE)
    if low is high:
        return [low]
    return [low, high] if low[0] <= high[0] else [high, low]


def _round_step(step: float) -> float:
    if not math.isfinite(step) or step <= 0:
        return 0.0
    power = 10.0 ** math.floor(math.log10(step))
    return next((n * power for n in _STEPS if n * power >= step * 0.999), 10 * power)


def _places(step: float) -> int:
    return max(0, 2 - math.floor(math.log10(step)))

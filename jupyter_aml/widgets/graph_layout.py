"""Where the boxes of a graph stand, second half: how far from the left. Pure; numbers in, numbers out.

Each row is moved, up and down the layers, towards the middle of its neighbours; within a row nobody overlaps and the
squares of what is left are least (pool adjacent violators). Bends weigh more than boxes: long lines are straight.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from jupyter_aml.widgets.graph_layers import Layers, Link, layered

GAP: Final = 14
NARROW: Final = 8
BEND: Final = 10
"""The width that is kept for a line that passes a layer."""
_SWEEPS: Final = 10
_WEIGHT: Final = 6.0
_LOOSE: Final = 0.02
_CHAIN: Final = 1000.0


@dataclass(frozen=True, slots=True)
class Layout:
    """Where each box and bend has its middle, from the left, and in which layer it stands; how wide all is."""

    x: Mapping[int, int]
    layer: Mapping[int, int]
    routes: Mapping[Link, tuple[int, ...]]
    width: int
    layers: int


@lru_cache(maxsize=64)
def laid_out(widths: tuple[int, ...], links: tuple[Link, ...]) -> Layout:
    """Places for boxes of these widths. A view that repaints asks for the same again and again."""
    layers = layered(len(widths), links)
    wide = {one: widths[one] if one < len(widths) else BEND for row in layers.order for one in row}
    x = _placed(layers, wide)
    left = min((x[one] - wide[one] / 2 for one in wide), default=0.0)
    right = max((x[one] + wide[one] / 2 for one in wide), default=0.0)
    layer = {one: n for n, row in enumerate(layers.order) for one in row}
    places = {one: round(place - left) for one, place in x.items()}
    return Layout(places, layer, layers.routes, round(right - left), len(layers.order))


def _placed(layers: Layers, wide: Mapping[int, int]) -> dict[int, float]:
    x = dict[int, float]()
    for row in layers.order:
        _row(row, [0.0] * len(row), [1.0] * len(row), wide, x)
    for sweep in range(_SWEEPS):
        is_last = sweep >= _SWEEPS - 2
        rows = layers.order if sweep % 2 == 0 else layers.order[::-1]
        for row in rows:
            some = [_near(one, layers, down=sweep % 2 == 0, both=is_last) for one in row]
            wished = [_mean(x, near, x[one]) for one, near in zip(row, some, strict=True)]
            weights = [_weight(one, near, layers) for one, near in zip(row, some, strict=True)]
            _row(row, wished, weights, wide, x)
    _straighten(layers, wide, x)
    return x


def _straighten(layers: Layers, wide: Mapping[int, int], x: dict[int, float]) -> None:
    """Where one follows one, and nobody else is between, they stand in one line; as far as the others let them."""
    for row in layers.order[1:]:
        pairs = {one: layers.above[one][0] for one in row if len(layers.above[one]) == 1}
        chained = {one: above for one, above in pairs.items() if len(layers.below[above]) == 1}
        wished = [x[chained.get(one, one)] for one in row]
        _row(row, wished, [_CHAIN if one in chained else 1.0 for one in row], wide, x)


def _mean(x: Mapping[int, float], near: Sequence[int], own: float) -> float:
    return sum(x[other] for other in near) / len(near) if near else own


def _near(one: int, layers: Layers, *, down: bool, both: bool) -> Sequence[int]:
    above, below = layers.above[one], layers.below[one]
    return [*above, *below] if both else (above if down else below)


def _weight(one: int, near: Sequence[int], layers: Layers) -> float:
    if not near:
        return _LOOSE
    return _WEIGHT if one >= layers.boxes else 1.0


def _row(
    row: Sequence[int], wished: Sequence[float], weights: Sequence[float], wide: Mapping[int, int], x: dict[int, float]
) -> None:
    """The places nearest to what each wishes, in this order and apart from each other."""
    offsets, at = list[float](), 0.0
    for n, one in enumerate(row):
        if n:
            at += (wide[row[n - 1]] + wide[one]) / 2 + (NARROW if BEND in {wide[row[n - 1]], wide[one]} else GAP)
        offsets.append(at)
    pools = list[tuple[float, float, int]]()  # mean, weight, count
    for wish, weight, offset in zip(wished, weights, offsets, strict=True):
        mean, heavy, count = wish - offset, weight, 1
        while pools and pools[-1][0] >= mean:
            other, more, members = pools.pop()
            mean = (mean * heavy + other * more) / (heavy + more)
            heavy, count = heavy + more, count + members
        pools.append((mean, heavy, count))
    means = [mean for mean, _, count in pools for _ in range(count)]
    for one, mean, offset in zip(row, means, offsets, strict=True):
        x[one] = mean + offset

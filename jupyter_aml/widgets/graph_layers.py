"""Where the boxes of a graph stand, first half: its layers, and the order within each. Pure; numbers in, numbers out.

Sugiyama's way: each box stands below all that it waits for; what leads past a layer has a bend there; the boxes of a
layer are ordered so that few lines cross. The lines from a box that lead far share their bends, so that one line comes
down and branches where it is read.
"""

from bisect import bisect_right, insort
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, TypeAlias

Link: TypeAlias = tuple[int, int]
_SWEEPS: Final = 12
_PATIENCE: Final = 4
"""Sweeps without a gain, before the best order so far is taken."""


@dataclass(frozen=True, slots=True)
class Layers:
    """Boxes (below `boxes`) and bends (from there on) by layer, in order; who stands below and above whom.

    `routes`: of every link the bends that it passes.
    """

    boxes: int
    order: tuple[tuple[int, ...], ...]
    below: Mapping[int, Sequence[int]]
    above: Mapping[int, Sequence[int]]
    routes: Mapping[Link, tuple[int, ...]]


def layers_of(boxes: int, links: Iterable[Link]) -> list[int]:
    """The layer of each box: one below the lowest that leads to it; what nothing leads to, just above its reader.

    A link leads from a lower number to a higher one; others are not heeded.
    """
    after, before = _neighbours(boxes, links)
    found = [0] * boxes
    for box in range(boxes):
        found[box] = max((found[one] + 1 for one in before[box]), default=0)
    for box in reversed(range(boxes)):
        if after[box] and not before[box]:
            found[box] = min(found[one] for one in after[box]) - 1
    return found


def _neighbours(boxes: int, links: Iterable[Link]) -> tuple[list[list[int]], list[list[int]]]:
    after: list[list[int]] = [[] for _ in range(boxes)]
    before: list[list[int]] = [[] for _ in range(boxes)]
    for source, target in dict.fromkeys(links):
        if 0 <= source < target < boxes:
            after[source].append(target)
            before[target].append(source)
    return after, before


def layered(boxes: int, links: Iterable[Link]) -> Layers:
    """The graph in layers, few of its lines crossing."""
    links = list(links)
    layer = layers_of(boxes, links)
    after, _ = _neighbours(boxes, links)
    rows: list[list[int]] = [[] for _ in range(max(layer, default=-1) + 1)]
    for box in range(boxes):
        rows[layer[box]].append(box)
    below, routes = _with_bends(after, layer, rows)
    above: dict[int, list[int]] = {one: [] for row in rows for one in row}
    for one, some in below.items():
        for other in some:
            above[other].append(one)
    order = _fewest_crossings(_first(rows, below), below, above)
    return Layers(boxes, tuple(tuple(row) for row in order), below, above, routes)


def _with_bends(
    after: Sequence[Sequence[int]], layer: Sequence[int], rows: list[list[int]]
) -> tuple[dict[int, list[int]], dict[Link, tuple[int, ...]]]:
    """Who stands below whom once there are bends; these are put into their rows."""
    fresh = len(after)
    below: dict[int, list[int]] = {}
    routes: dict[Link, tuple[int, ...]] = {}
    for box, targets in enumerate(after):
        trunk = [box]
        for level in range(layer[box] + 1, max((layer[one] for one in targets), default=0)):
            below.setdefault(trunk[-1], []).append(fresh)
            rows[level].append(fresh)
            trunk.append(fresh)
            fresh += 1
        for one in targets:
            depth = layer[one] - layer[box]
            below.setdefault(trunk[depth - 1], []).append(one)
            routes[box, one] = tuple(trunk[1:depth])
    for row in rows:
        for one in row:
            below.setdefault(one, [])
    return below, routes


def _first(rows: Sequence[Sequence[int]], below: Mapping[int, Sequence[int]]) -> list[list[int]]:
    """An order to begin with: what hangs together stands together."""
    place = dict[int, int]()
    for row in rows:
        for box in row:
            waiting = [box]
            while waiting:
                one = waiting.pop()
                if one not in place:
                    place[one] = len(place)
                    waiting.extend(reversed(below[one]))
    return [sorted(row, key=place.__getitem__) for row in rows]


def _fewest_crossings(
    order: list[list[int]], below: Mapping[int, Sequence[int]], above: Mapping[int, Sequence[int]]
) -> list[list[int]]:
    """The best of some orders, each made of the one before: a row by where its neighbours stand, then by swaps."""
    best, fewest, in_vain = order, crossings(order, below), 0
    for sweep in range(_SWEEPS):
        if not fewest or in_vain >= _PATIENCE:
            break
        order = _swept([list(row) for row in order], below, above, down=sweep % 2 == 0)
        found = crossings(order, below)
        best, fewest, in_vain = (order, found, 0) if found < fewest else (best, fewest, in_vain + 1)
    return best


def _swept(
    order: list[list[int]], below: Mapping[int, Sequence[int]], above: Mapping[int, Sequence[int]], *, down: bool
) -> list[list[int]]:
    numbers = range(1, len(order)) if down else range(len(order) - 2, -1, -1)
    for number in numbers:
        seen, fixed = (above, order[number - 1]) if down else (below, order[number + 1])
        place = {one: n for n, one in enumerate(fixed)}
        row = order[number]
        own = {one: n for n, one in enumerate(row)}
        row.sort(key=lambda one: _middle([place[other] for other in seen[one]], own[one]))
        _swap(row, seen, place)
    return order


def _middle(places: list[int], own: int) -> float:
    return sum(places) / len(places) if places else own


def _swap(row: list[int], seen: Mapping[int, Sequence[int]], place: Mapping[int, int]) -> None:
    """Neighbours of a row change places as long as that saves a crossing."""
    places = {one: sorted(place[other] for other in seen[one]) for one in row}
    for _ in range(3):
        swapped = False
        for n in range(len(row) - 1):
            left, right = places[row[n]], places[row[n + 1]]
            if _crossed(left, right) > _crossed(right, left):
                row[n], row[n + 1] = row[n + 1], row[n]
                swapped = True
        if not swapped:
            break


def _crossed(left: Sequence[int], right: Sequence[int]) -> int:
    """How many pairs of lines cross when one box stands left of the other."""
    return sum(len(left) - bisect_right(left, one) for one in right)


def crossings(order: Sequence[Sequence[int]], below: Mapping[int, Sequence[int]]) -> int:
    """How many pairs of lines cross."""
    found = 0
    for upper, lower in pairwise(order):
        place = {one: n for n, one in enumerate(lower)}
        seen = list[int]()
        for one in upper:
            ends = sorted(place[other] for other in below[one])
            found += sum(len(seen) - bisect_right(seen, end) for end in ends)
            for end in ends:
                insort(seen, end)
    return found

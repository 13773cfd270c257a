"""Where the boxes of a graph stand: below what they wait for, beside each other, with few lines crossing."""

import random
from cProfile import Profile
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_aml.widgets.graph_layers import Link, crossings, layered, layers_of
from jupyter_aml.widgets.graph_layout import NARROW, Layout, laid_out

LINKS = st.lists(st.tuples(st.integers(0, 19), st.integers(0, 19)), max_size=40)


def fewest(boxes: int, links: list[Link]) -> int:
    found = layered(boxes, links)
    return crossings(found.order, found.below)


def grid(wide: int, deep: int, reach: int) -> list[Link]:
    """Each box reads `reach` of the row above: those around the one that stands above it."""
    return [
        ((row - 1) * wide + (column + one) % wide, row * wide + column)
        for row in range(1, deep)
        for column in range(wide)
        for one in range(reach)
    ]


def overlaps(found: Layout, widths: tuple[int, ...]) -> list[tuple[int, int]]:
    rows: dict[int, list[int]] = {}
    for box in range(len(widths)):
        rows.setdefault(found.layer[box], []).append(box)
    beside = [pair for row in rows.values() for pair in pairwise(sorted(row, key=found.x.__getitem__))]
    return [(a, b) for a, b in beside if found.x[b] - found.x[a] < (widths[a] + widths[b]) / 2 + NARROW - 2]


def test_a_box_stands_below_all_that_lead_to_it_and_a_source_just_above_its_reader() -> None:
    assert layers_of(5, [(0, 1), (1, 3), (0, 3), (2, 3), (3, 4), (4, 1)]) == [0, 1, 1, 2, 3]
    assert layers_of(0, []) == []


@pytest.mark.parametrize(
    ("boxes", "links", "most"),
    [
        (4, [(0, 3), (1, 2)], 0),
        (6, [(0, 5), (1, 4), (2, 3)], 0),
        (7, [(0, 1), (0, 2), (1, 3), (1, 4), (2, 5), (2, 6)], 0),
        (4, [(0, 2), (0, 3), (1, 2), (1, 3)], 1),
        (100, grid(10, 10, 1), 0),
        (100, grid(10, 10, 2), 9 * 16),
    ],
)
def test_few_lines_cross(boxes: int, links: list[Link], most: int) -> None:
    assert fewest(boxes, links) <= most


def test_what_follows_one_after_the_other_stands_in_one_line() -> None:
    found = laid_out((100, 60, 140, 100), ((0, 1), (1, 2), (2, 3)))
    assert len({found.x[box] for box in range(4)}) == 1
    assert (found.width, found.layers) == (140, 4)


def test_a_box_stands_in_the_middle_of_those_that_it_leads_to() -> None:
    found = laid_out((100, 100, 100), ((0, 1), (0, 2)))
    assert found.x[0] * 2 == found.x[1] + found.x[2]


def test_a_long_line_passes_beside_the_boxes() -> None:
    widths = (100, 100, 100, 100)
    found = laid_out(widths, ((0, 1), (1, 2), (2, 3), (0, 3)))
    assert len(found.routes[0, 3]) == 2
    for bend, box in zip(found.routes[0, 3], (1, 2), strict=True):
        assert found.layer[bend] == found.layer[box]
        assert abs(found.x[bend] - found.x[box]) >= 50


@given(LINKS)
@settings(deadline=None)
def test_any_links_give_places_in_which_no_boxes_overlap(links: list[Link]) -> None:
    widths = tuple(60 + 7 * (box % 5) for box in range(20))
    found = laid_out(widths, tuple(links))
    assert overlaps(found, widths) == []
    for source, target in found.routes:
        assert found.layer[source] < found.layer[target]
    assert all(found.x[box] - widths[box] / 2 + 1 >= 0 and found.x[box] <= found.width for box in range(20))


def test_a_hundred_boxes_are_placed_at_once() -> None:
    rng = random.Random(8)
    links = tuple((rng.randrange(row * 10), row * 10 + column) for row in range(1, 10) for column in range(10))
    profile = Profile()
    profile.runcall(laid_out, (92,) * 100, links)
    assert 0 < sum(one.callcount for one in profile.getstats()) < 100_000

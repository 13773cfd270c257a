"""Line charts: what is drawn of a series, and that no series breaks one."""

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_aml.entities.metric import MetricPoint, MetricSeries
from jupyter_aml.widgets.chart import MOST_POINTS, line_chart, plot, small_chart, sparkline
from jupyter_aml.widgets.scale import axis, thinned
from tests.unit.widgets.sample_runs import series

ANY_FLOAT = st.floats(allow_nan=True, allow_infinity=True)


def drawn_points(chart: str) -> int:
    paths = re.findall(r"<path class=ln [^>]*d='([^']*)'", chart)
    return sum(len(re.findall(r"-?\d+", path)) // 2 for path in paths)


@given(st.lists(ANY_FLOAT, min_size=1, max_size=60), st.integers(2, 40))
def test_any_numbers_make_a_chart(values: list[float], most: int) -> None:
    one = plot(series("x", values))
    for chart in (line_chart(one, most, hints=60), small_chart(one, most), sparkline(one)):
        assert not re.search(r"nan|inf|e\+", re.sub(r"<title>.*?</title>", "", chart))


@given(st.lists(st.tuples(st.integers(), st.integers(0, 2**60), ANY_FLOAT), min_size=1, max_size=40))
def test_any_steps_and_times_make_a_chart(points: list[tuple[int, int, float]]) -> None:
    ordered = sorted((step % 10**18, at, value) for step, at, value in points if not math.isnan(value)) or [
        (0, 0, math.nan)
    ]
    line_chart(plot(MetricSeries("x", tuple(MetricPoint(*point) for point in ordered))))


@given(st.lists(st.tuples(st.floats(-1e9, 1e9), st.floats(-1e9, 1e9)), max_size=300), st.integers(4, 50))
def test_thinning_keeps_the_ends_and_the_extremes(dots: list[tuple[float, float]], most: int) -> None:
    dots = sorted(dots)
    thin = thinned(dots, most)
    assert len(thin) <= max(most, 4)
    assert set(thin) <= set(dots)
    if dots:
        assert (thin[0], thin[-1]) == (dots[0], dots[-1])
        assert min(y for _, y in thin) == min(y for _, y in dots)
        assert max(y for _, y in thin) == max(y for _, y in dots)


def test_two_hundred_thousand_points_are_drawn_as_at_most_four_hundred() -> None:
    one = plot(series("x", [math.sin(n / 9_000) for n in range(200_000)]))
    assert 300 <= drawn_points(line_chart(one)) <= MOST_POINTS
    assert one.count == 200_000


def test_one_peak_among_many_points_is_still_seen() -> None:
    values = [0.0] * 100_000
    values[54_321] = 7.0
    one = plot(series("x", values))
    assert max(y for _, y in one.curve.dots) == 7.0
    assert one.highest is not None
    assert one.highest.step == 54_321


def test_a_gap_of_nan_parts_the_line_and_is_marked() -> None:
    chart = line_chart(plot(series("x", [1.0, 2.0, math.nan, math.inf, 3.0, 4.0])))
    path = re.search(r"<path class=ln [^>]*d='([^']*)'", chart)
    assert path is not None
    assert path[1].count("M") == 2
    assert re.search(r"<path class=nf d='(M[^M']*){2}'", chart)


def test_a_single_value_is_a_dot() -> None:
    chart = line_chart(plot(series("x", [3.0])))
    assert chart.count("<circle class=dt") == 1
    assert "class=ln" not in chart


def test_values_that_are_never_finite_still_have_a_chart() -> None:
    one = plot(series("x", [math.nan, -math.inf]))
    assert (one.lowest, one.highest, one.broken) == (None, None, 2)
    assert "class=nf" in line_chart(one)


def test_points_without_steps_are_set_apart_by_time() -> None:
    points = tuple(MetricPoint(0, 1_000 + 60_000 * n, float(n)) for n in range(5))
    chart = line_chart(plot(MetricSeries("x", points)))
    assert ">2 min<" in chart


def test_few_points_have_tooltips_and_many_have_none() -> None:
    assert line_chart(plot(series("x", [1.0, 2.0, 3.0])), hints=3).count("<title>") == 3
    assert line_chart(plot(series("x", [1.0, 2.0, 3.0, 4.0])), hints=3).count("<title>") == 0


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (0.0, 1.0, (0.0, 0.25, 0.5, 0.75, 1.0)),
        (-3.0, 17.0, (0.0, 5.0, 10.0, 15.0)),
        (0.0, 1e-9, (0.0, 2.5e-10, 5e-10, 7.5e-10, 1e-9)),
        (1e15, 1e15 + 4, (1e15, 1e15 + 1, 1e15 + 2, 1e15 + 3, 1e15 + 4)),
    ],
)
def test_ticks_are_round_numbers(low: float, high: float, ticks: tuple[float, ...]) -> None:
    assert axis([low, high], 100).ticks(4) == pytest.approx(ticks)


@given(ANY_FLOAT.filter(math.isfinite), ANY_FLOAT.filter(math.isfinite), st.integers(1, 8))
def test_ticks_stand_on_their_axis_and_are_few(low: float, high: float, wanted: int) -> None:
    one = axis([low, high], 100, margin=0.06)
    ticks = one.ticks(wanted)
    assert len(ticks) <= 3 * wanted + 1
    assert all(-1 <= one.at(tick) <= 101 for tick in ticks)

"""The best of what a trial logged. Pure."""

import math

from hypothesis import given
from hypothesis import strategies as st

from jupyter_aml.engine.orchestrators.sweep.best import best, is_better

NAN, INF = float("nan"), float("inf")


def test_the_best_is_over_all_values_and_not_the_last() -> None:
    assert best([1, 3, 2], "maximize") == 3
    assert best([2, 1, 3], "minimize") == 1


def test_what_is_no_number_is_passed_over_wherever_it_stands() -> None:
    for values in ([NAN, 1, 2], [1, NAN, 2], [2, 1, NAN]):
        assert best(values, "maximize") == 2
        assert best(values, "minimize") == 1
    assert best([NAN, NAN], "maximize") is None
    assert best([], "minimize") is None


def test_infinities_are_numbers() -> None:
    assert best([1, INF, -INF], "maximize") == INF
    assert best([1, INF, -INF], "minimize") == -INF
    assert best([-INF], "maximize") == -INF


@given(st.lists(st.floats()), st.sampled_from(["maximize", "minimize"]))
def test_nothing_is_better_than_the_best_and_it_was_logged(values: list[float], goal: str) -> None:
    found = best(iter(values), goal)  # type: ignore[arg-type]
    numbers = [value for value in values if not math.isnan(value)]
    assert (found is None) == (not numbers)
    assert found is None or found in numbers
    assert not any(is_better(value, found, goal) for value in numbers if found is not None)  # type: ignore[arg-type]


def test_only_strictly_better_is_better() -> None:
    assert is_better(2, 1, "maximize")
    assert is_better(1, 2, "minimize")
    assert not any(is_better(1, 1, goal) for goal in ("maximize", "minimize"))
    assert not any(is_better(*pair, goal) for goal in ("maximize", "minimize") for pair in ((NAN, 1), (1, NAN)))

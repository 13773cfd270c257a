"""What a parameter is at a place of the unit cube: the reference's mathematics, against the analytic distributions."""

import math
import random
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from jupyter_aml.entities.distributions import (
    Choice,
    Distribution,
    LogNormal,
    LogUniform,
    Normal,
    QLogNormal,
    QLogUniform,
    QNormal,
    QUniform,
    Randint,
    Uniform,
    distribution,
    log_base,
    point,
    rebased,
    space,
    width,
)

DRAWS = 20_000
SURE = 0.001
"""A right distribution fails one seed in a thousand, and the seed is fixed; a wrong one fails them all."""


def drawn(found: Distribution, seed: int = 1) -> list[Any]:
    rng = random.Random(seed)
    return [found.at(*(rng.random() for _ in range(found.width))) for _ in range(DRAWS)]


def law(name: str, *args: float, **others: float) -> Any:
    from scipy import stats

    return getattr(stats, name)(*args, **others)


def chance_of(values: list[Any], chances: dict[Any, float]) -> float:
    """The p value of chi-square; all that is rare is one bin."""
    from scipy.stats import chisquare

    counts = Counter(values)
    assert set(counts) <= set(chances)
    often = {value: chance for value, chance in chances.items() if chance * DRAWS >= 5}
    seen, expected = [counts[value] for value in often], [chance * DRAWS for chance in often.values()]
    if (rest := DRAWS - sum(expected)) > 1:
        seen, expected = [*seen, DRAWS - sum(seen)], [*expected, rest]
    return chisquare(seen, [one * sum(seen) / sum(expected) for one in expected]).pvalue


def steps(cdf: Callable[[list[float]], Any], q: float, least: int, most: int) -> dict[float, float]:
    """The chance of each k × q when what has that CDF is rounded."""
    edges = cdf([(k - 0.5) * q for k in range(least, most + 2)])
    return {k * q: edges[k - least + 1] - edges[k - least] for k in range(least, most + 1)}


@pytest.mark.parametrize(
    ("found", "name", "args"),
    [
        (Uniform(-3, 5), "uniform", {"loc": -3, "scale": 8}),
        (LogUniform(-6, -1), "loguniform", {"a": math.exp(-6), "b": math.exp(-1)}),
        (Normal(10, 3), "norm", {"loc": 10, "scale": 3}),
        (LogNormal(-2, 0.5), "lognorm", {"s": 0.5, "scale": math.exp(-2)}),
    ],
    ids=lambda one: type(one).__name__ if hasattr(one, "at") else "",
)
def test_continuous_draws_follow_their_law(found: Distribution, name: str, args: dict[str, float]) -> None:
    from scipy.stats import kstest

    values = drawn(found)
    assert kstest(values, law(name, **args).cdf).pvalue > SURE
    assert kstest([1.2 * value for value in values], law(name, **args).cdf).pvalue < SURE  # it would tell


@pytest.mark.parametrize(
    ("found", "chances"),
    [
        (Randint(7), lambda: dict.fromkeys(range(7), 1 / 7)),
        (Choice(("a", "b", "c")), lambda: dict.fromkeys("abc", 1 / 3)),
        (QUniform(1, 10, 2), lambda: steps(law("uniform", 1, 9).cdf, 2, 0, 5)),
        (QUniform(0, 1, 0.25), lambda: steps(law("uniform", 0, 1).cdf, 0.25, 0, 4)),
        (QLogUniform(0, 4, 5), lambda: steps(law("loguniform", 1, math.exp(4)).cdf, 5, 0, 11)),
        (QNormal(10, 3, 1), lambda: steps(law("norm", 10, 3).cdf, 1, -20, 40)),
        (QLogNormal(1, 0.5, 0.5), lambda: steps(law("lognorm", 0.5, scale=math.e).cdf, 0.5, 0, 200)),
    ],
    ids=lambda one: type(one).__name__ if hasattr(one, "at") else "",
)
def test_discrete_draws_follow_their_law(found: Distribution, chances: Callable[[], dict[Any, float]]) -> None:
    assert chance_of(drawn(found), chances()) > SURE


def test_the_bounds_of_log_distributions_are_those_of_the_logarithm() -> None:
    values = drawn(LogUniform(-6, -1))
    assert math.exp(-6) <= min(values) < 1.01 * math.exp(-6)
    assert 0.99 * math.exp(-1) < max(values) < math.exp(-1)
    assert LogNormal(-2, 0.5).at(0.5) == pytest.approx(math.exp(-2))


def test_a_whole_step_gives_whole_numbers() -> None:
    assert {type(value) for value in drawn(QUniform(1, 10, 2))} == {int}
    assert {type(value) for value in drawn(QUniform(1, 10, 2.0))} == {float}
    assert QUniform(0, 1, 0.1).at(0.31) == round(0.31 / 0.1) * 0.1


def test_no_deviation_is_a_constant() -> None:
    assert {Normal(3, 0).at(place) for place in (0.0, 0.3, 0.999)} == {3}
    assert {LogUniform(2, 2).at(place) for place in (0.0, 0.3, 0.999)} == {math.exp(2)}


# ── at any place, whatever the arguments ──

PLACES = st.floats(0, 1, exclude_max=True)
NUMBERS = st.floats(-1e6, 1e6)
LOGS = st.floats(-700, 700)


@given(NUMBERS, NUMBERS, PLACES)
def test_uniform_stays_in_its_half_open_bounds(low: float, high: float, place: float) -> None:
    assume(low < high)
    assert low <= Uniform(low, high).at(place) < high


@given(LOGS, LOGS, PLACES)
def test_loguniform_stays_in_its_half_open_bounds(low: float, high: float, place: float) -> None:
    assume(math.exp(low) < math.exp(high))
    assert math.exp(low) <= LogUniform(low, high).at(place) < math.exp(high)


@given(st.integers(1, 10**18), PLACES)
def test_randint_never_reaches_its_upper_bound(upper: int, place: float) -> None:
    value = Randint(upper).at(place)
    assert isinstance(value, int)
    assert 0 <= value < upper


@given(st.lists(st.integers(), min_size=1, max_size=50), PLACES)
def test_a_choice_is_one_of_its_values(values: list[int], place: float) -> None:
    assert Choice(tuple(values)).at(place) in values


@given(NUMBERS, NUMBERS, st.integers(1, 1000), PLACES)
def test_a_quantised_value_is_a_multiple_within_half_a_step(low: float, high: float, q: int, place: float) -> None:
    assume(low < high)
    value = QUniform(low, high, q).at(place)
    assert value % q == 0
    assert low - q / 2 <= value <= high + q / 2


@given(st.floats(-50, 50), st.floats(0, 50), PLACES, PLACES)
def test_a_value_grows_with_its_place(mu: float, sigma: float, one: float, other: float) -> None:
    low, high = sorted((one, other))
    kinds = (
        Normal(mu, sigma), LogNormal(mu, sigma), QNormal(mu, sigma, 0.5), QLogNormal(mu, sigma, 0.5),
        LogUniform(mu, mu + sigma), QLogUniform(mu, mu + sigma, 3), Uniform(mu, mu + sigma), Randint(9),
    )  # fmt: skip
    for found in kinds:
        assert found.at(low) <= found.at(high)
        assert math.isfinite(found.at(low))


# ── choices within choices ──

NESTED = {
    "model": {"type": "choice", "values": [
        {"name": "svm", "C": {"type": "loguniform", "min_value": 0, "max_value": 3}},
        {"name": "forest", "trees": {"type": "randint", "upper": 500},
         "split": {"type": "choice", "values": [
             {"by": "gini"}, {"by": "k", "k": {"type": "uniform", "min_value": 2, "max_value": 9}},
         ]}},
        "none",
    ]},
    "lr": {"type": "uniform", "min_value": 0, "max_value": 1},
}  # fmt: skip


def test_a_chosen_mapping_is_drawn_with_what_it_holds() -> None:
    rng, found = random.Random(3), space(NESTED)
    assert width(found) == 6  # model, C, trees, split, k, lr
    points = [point(found, [rng.random() for _ in range(6)]) for _ in range(6000)]
    svm = [one["model"]["C"] for one in points if isinstance(one["model"], dict) and one["model"]["name"] == "svm"]
    forest = [one["model"] for one in points if isinstance(one["model"], dict) and one["model"]["name"] == "forest"]
    assert all(1 <= value < math.exp(3) for value in svm)
    assert [list(one) for one in forest] == [["name", "trees", "split"]] * len(forest)
    ks = [one["split"]["k"] for one in forest if one["split"]["by"] == "k"]
    assert all(2 <= value < 9 for value in ks)
    assert 1800 < len(svm) < 2200
    assert 1800 < len(forest) < 2200
    assert 850 < len(ks) < 1150


def test_what_is_drawn_within_a_choice_follows_its_law_too() -> None:
    from scipy.stats import kstest

    found = distribution(NESTED["model"])
    values = [one["C"] for one in drawn(found) if isinstance(one, dict) and "C" in one]
    assert kstest(values, law("loguniform", 1, math.exp(3)).cdf).pvalue > SURE


# ── another base ──


def test_logbase_is_the_base_of_what_log_distributions_raise() -> None:
    given = space({
        "a": {"type": "loguniform", "min_value": -6, "max_value": -1},
        "b": {"type": "lognormal", "mu": 2, "sigma": 1},
        "c": {"type": "uniform", "min_value": 0, "max_value": 1},
        "d": {"type": "choice", "values": [{"x": {"type": "qloguniform", "min_value": 0, "max_value": 3, "q": 10}}]},
    })  # fmt: skip
    ten = rebased(given, 10)
    values = drawn(ten["a"])
    assert min(values) == pytest.approx(1e-6, rel=0.01)
    assert max(values) == pytest.approx(0.1, rel=0.01)
    assert ten["b"].at(0.5) == pytest.approx(100)
    assert ten["b"].at(0.8413447460685429) == pytest.approx(1000)  # one deviation further: ten times as much
    assert ten["c"] == given["c"]
    assert max(value["x"] for value in drawn(ten["d"])) == 1000
    half = rebased(given, 0.5)
    assert {2 <= value <= 64 for value in drawn(half["a"])} == {True}


@pytest.mark.parametrize("word", [None, "e", math.e])
def test_e_is_the_base_when_nothing_is_said(word: object) -> None:
    given = space({"a": {"type": "loguniform", "min_value": -6, "max_value": -1}})
    assert log_base(word) == math.e
    assert rebased(given, word) == given

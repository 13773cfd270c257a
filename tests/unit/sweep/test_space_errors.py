"""What a search space may not say, refused by the path of what is wrong, before anything is stored."""

import math
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_aml.entities.distributions import (
    Choice,
    Randint,
    check,
    combination,
    combinations,
    distribution,
    log_base,
    space,
)
from jupyter_aml.exceptions import ValidationException


def uniform(**changes: Any) -> dict[str, Any]:
    return {"type": "uniform", "min_value": 0, "max_value": 1, **changes}


def normal(kind: str = "normal", **changes: Any) -> dict[str, Any]:
    return {"type": kind, "mu": 0, "sigma": 1, **changes}


def log(**changes: Any) -> dict[str, Any]:
    return uniform(type="loguniform", **changes)


def choice(*values: Any) -> dict[str, Any]:
    return {"type": "choice", "values": list(values)}


WRONG: list[tuple[Any, str, str]] = [
    # what is given, where it is wrong, what is said or to be done
    (3, "search_space.x", "a distribution is expected; found 3"),
    ([1, 2], "search_space.x", "type: choice, values: [1, 2]"),
    (None, "search_space.x", "a distribution is expected"),
    ({}, "search_space.x.type", "required, and not given"),
    ({"type": "unifrom"}, "search_space.x.type", "Did you mean 'uniform'?"),
    ({"type": 7}, "search_space.x.type", "'7' is no distribution"),
    (uniform(min=0), "search_space.x.min", "There is: max_value, min_value."),
    (uniform(min_val=0), "search_space.x.min_val", "Did you mean 'min_value'?"),
    (uniform(q=0.1), "search_space.x.q", "'uniform' has no such field"),
    ({"type": "uniform", "min_value": 0}, "search_space.x.max_value", "required, and not given"),
    (uniform(max_value=None), "search_space.x.max_value", "required, and not given"),
    (uniform(min_value="1e-3"), "search_space.x.min_value", "write 1.0e-3"),
    (uniform(min_value=True), "search_space.x.min_value", "a number is expected; found True"),
    (uniform(max_value=math.nan), "search_space.x.max_value", "found nan"),
    (uniform(max_value=math.inf), "search_space.x.max_value", "found inf"),
    (uniform(max_value=10**400), "search_space.x.max_value", "between -1e300 and 1e300"),
    (uniform(min_value=1), "search_space.x.min_value", "1 is not below max_value, which is 1"),
    (uniform(min_value=2), "search_space.x.min_value", "2 is not below max_value, which is 1"),
    (uniform(type="quniform", q=1, min_value=2), "search_space.x.min_value", "2 is not below max_value"),
    (uniform(type="quniform"), "search_space.x.q", "required, and not given"),
    (uniform(type="quniform", q=0), "search_space.x.q", "a step is above 0; found 0"),
    (uniform(type="quniform", q=-1), "search_space.x.q", "a step is above 0; found -1"),
    (uniform(type="quniform", q=1e-299, max_value=1e6), "search_space.x.q", "too small"),
    (uniform(type="quniform", q=5e-324), "search_space.x.q", "too small"),
    (log(min_value=2), "search_space.x.min_value", "2 is above max_value, which is 1"),
    (log(max_value=1000), "search_space.x.max_value", "e^1000 is more than a number can be"),
    (log(max_value=1000), "search_space.x.max_value", "give the logarithm"),
    (normal(sigma=-1), "search_space.x.sigma", "a deviation is not negative; found -1"),
    (normal("qnormal", sigma=-0.1, q=1), "search_space.x.sigma", "not negative"),
    (normal("lognormal", sigma=100), "search_space.x.sigma", "Give mu and sigma of the logarithm"),
    (normal("qlognormal", mu=1000, q=1), "search_space.x.sigma", "more than a number can be"),
    (normal("qnormal"), "search_space.x.q", "required, and not given"),
    ({"type": "normal", "sigma": 1}, "search_space.x.mu", "required, and not given"),
    ({"type": "randint"}, "search_space.x.upper", "required, and not given"),
    ({"type": "randint", "upper": 0}, "search_space.x.upper", "a whole number above 0 is expected; found 0"),
    ({"type": "randint", "upper": -3}, "search_space.x.upper", "found -3"),
    ({"type": "randint", "upper": 2.5}, "search_space.x.upper", "found 2.5"),
    ({"type": "choice"}, "search_space.x.values", "a list of at least one value is expected; found None"),
    (choice(), "search_space.x.values", "a list of at least one value is expected; found []"),
    ({"type": "choice", "values": "abc"}, "search_space.x.values", "found 'abc'"),
    (choice(1, {1, 2}), "search_space.x.values.1", "list or mapping is expected; found {1, 2}"),
    (choice([1, object]), "search_space.x.values.0.1", "list or mapping is expected"),
    (choice({"a": {3: 1}}), "search_space.x.values.0.a.3", "Put it in quotes"),
    (choice(1, {"lr": uniform(min_value=9)}), "search_space.x.values.1.lr.min_value", "9 is not below max_value"),
    (choice({"a": choice(1, {"b": normal(sigma=-1)})}), "search_space.x.values.0.a.values.1.b.sigma", "negative"),
    (choice({"a": {"b": {"type": "choice", "values": []}}}), "search_space.x.values.0.a.b.values", "found []"),
]


@pytest.mark.parametrize(("wrong", "path", "told"), WRONG, ids=lambda one: str(one)[:50])
def test_what_is_wrong_is_told_by_its_path(wrong: Any, path: str, told: str) -> None:
    with pytest.raises(ValidationException) as caught:
        space({"fine": choice(1), "x": wrong})
    assert caught.value.message.startswith(f"{path}: ")
    assert told in str(caught.value)


def test_of_one_distribution_the_path_begins_at_its_field() -> None:
    with pytest.raises(ValidationException, match=r"^min_value: 2 is not below"):
        distribution(uniform(min_value=2))


def test_capitals_do_not_matter_in_a_type() -> None:
    assert distribution({"type": "Choice", "values": (1, 2)}) == Choice((1, 2))


def test_a_whole_float_bounds_integers() -> None:
    found = distribution({"type": "randint", "upper": 3.0})
    assert found == Randint(3)
    assert {type(found.at(place)) for place in (0.0, 0.5, 0.99)} == {int}


def test_values_of_a_choice_are_what_json_has() -> None:
    found = distribution(choice(None, True, 1, 1.5, "a", (1, 2), {"type": "adam", "on": [1]}))
    assert found == Choice((None, True, 1, 1.5, "a", [1, 2], {"type": "adam", "on": [1]}))


# ── what an algorithm cannot sample ──

UNFIT: list[tuple[str | dict[str, Any], Any, str, str]] = [
    ("grid", uniform(), "search_space.x", "'uniform' has no end of them"),
    ("grid", {"type": "randint", "upper": 3}, "search_space.x", "Make 'x' a choice"),
    ("grid", choice(1, {"lr": uniform()}), "search_space.x.values.1.lr", "Make 'lr' a choice"),
    ("grid", choice({"a": choice({"b": normal()})}), "search_space.x.values.0.a.values.0.b", "'normal'"),
    ("bayesian", normal(), "search_space.x", "does not support 'normal'"),
    ("bayesian", log(), "search_space.x", "or random sampling"),
    ("bayesian", {"type": "randint", "upper": 3}, "search_space.x", "'randint'"),
    ("bayesian", choice({"a": uniform()}), "search_space.x.values.0.a", "distributions within a choice"),
    ({"type": "random", "logbase": 0}, uniform(), "sampling_algorithm.logbase", "found 0"),
    ({"type": "random", "logbase": -2}, uniform(), "sampling_algorithm.logbase", "found -2"),
    ({"type": "random", "logbase": 1}, uniform(), "sampling_algorithm.logbase", "other than 1"),
    ({"type": "random", "logbase": "ten"}, uniform(), "sampling_algorithm.logbase", "'e'"),
    ({"type": "random", "logbase": True}, uniform(), "sampling_algorithm.logbase", "found True"),
    ({"type": "random", "logbase": 10}, log(max_value=400), "search_space.x.max_value", "more than a number can be"),
]


@pytest.mark.parametrize(("algorithm", "given", "path", "told"), UNFIT, ids=lambda one: str(one)[:40])
def test_what_cannot_be_sampled_is_refused(algorithm: Any, given: Any, path: str, told: str) -> None:
    with pytest.raises(ValidationException) as caught:
        check(space({"fine": choice(1), "x": given}), algorithm)
    assert caught.value.message.startswith(f"{path}: ")
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("algorithm", "given"),
    [
        ("grid", choice(1, {"a": choice(1, 2), "b": 3})),
        ("bayesian", uniform()),
        ("bayesian", uniform(type="quniform", q=0.1)),
        ("bayesian", choice(1, {"a": 1})),
        ("random", choice({"a": choice({"b": normal()})})),
        ({"type": "random", "rule": "sobol", "logbase": "10"}, log()),
    ],
)
def test_what_can_be_sampled_passes(algorithm: Any, given: Any) -> None:
    check(space({"x": given}), algorithm)


def test_a_base_may_be_written_as_text() -> None:
    assert log_base("10") == 10


# ── grids ──


def every(found: Any) -> list[dict[str, Any]]:
    count = combinations(found)
    assert count is not None
    assert combination(found, count) is None
    return [combination(found, number) or {} for number in range(count)]


def test_a_grid_has_every_combination_once_its_last_name_the_fastest() -> None:
    found = space({"a": choice(1, 2), "b": choice("x", "y", "z"), "c": choice(None)})
    assert [tuple(one.values()) for one in every(found)] == list(product([1, 2], "xyz", [None]))
    assert {tuple(one) for one in every(found)} == {("a", "b", "c")}


def test_a_mapping_among_the_values_expands() -> None:
    found = space({"m": choice({"n": choice(1, 2), "k": 0, "o": choice("p", {"q": choice(3, 4)})}, "plain")})
    assert [one["m"] for one in every(found)] == [
        *({"n": n, "k": 0, "o": o} for n in (1, 2) for o in ("p", {"q": 3}, {"q": 4})),
        "plain",
    ]
    assert list(every(found)[0]["m"]) == ["n", "k", "o"]


@given(st.dictionaries(st.text(max_size=3), st.lists(st.integers(), min_size=1, max_size=5, unique=True), max_size=4))
def test_no_combination_is_missing_or_there_twice(lists: dict[str, list[int]]) -> None:
    found = space({name: choice(*values) for name, values in lists.items()})
    assert [tuple(one.values()) for one in every(found)] == list(product(*lists.values()))


def test_what_has_no_end_has_no_combinations() -> None:
    assert combinations(space({"a": choice(1, 2), "b": uniform()})) is None
    assert combinations(space({"a": choice({"b": uniform()})})) is None

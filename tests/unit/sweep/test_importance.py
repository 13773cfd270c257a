"""How much a parameter matters: shares of what the metric varies. Pure; no trial runs here."""

import random
import time
from typing import Any

import pytest

from jupyter_aml.engine.orchestrators.sweep.importance import FEWEST, importance
from jupyter_aml.engine.orchestrators.sweep.sampling import Observed
from jupyter_aml.entities.distributions import point, space, width

SPACE = space({
    "lr": {"type": "loguniform", "min_value": -6, "max_value": -1},
    "depth": {"type": "choice", "values": [1, 2, 3]},
    "rate": {"type": "uniform", "min_value": 0, "max_value": 1},
    "kind": {"type": "choice", "values": [None, {"a": 1}, [1, 2]]},
    "only": {"type": "choice", "values": ["one"]},
})  # fmt: skip


def observed(count: int, metric: Any) -> list[Observed]:
    rng = random.Random(7)
    drawn = [point(SPACE, [rng.random() for _ in range(width(SPACE))]) for _ in range(count)]
    return [Observed(number, params, metric(params, rng)) for number, params in enumerate(drawn)]


def test_shares_sum_to_one_and_the_largest_comes_first() -> None:
    found = importance(observed(200, lambda params, rng: 5 * params["rate"] + params["depth"] + rng.random()), SPACE)
    assert list(found) == sorted(found, key=lambda name: -found[name])
    assert list(found)[:2] == ["rate", "depth"]
    assert sum(found.values()) == pytest.approx(1)
    assert set(found) == set(SPACE)
    assert found["only"] == 0


def test_a_parameter_that_decides_alone_has_nearly_all_of_it() -> None:
    found = importance(observed(300, lambda params, _: params["lr"]), SPACE)
    assert found["lr"] > 0.85
    found = importance(observed(300, lambda params, _: len(repr(params["kind"]))), SPACE)
    assert found["kind"] > 0.85


def test_one_trial_that_went_astray_does_not_decide() -> None:
    trials = observed(200, lambda params, _: params["rate"])
    wild = Observed(200, {**trials[0].params, "depth": 2}, 1e300)
    infinite = Observed(201, trials[1].params, float("inf"))
    assert next(iter(importance([*trials, wild, infinite], SPACE))) == "rate"


def test_of_too_few_trials_nothing_is_said() -> None:
    trials = observed(FEWEST - 1, lambda params, _: params["rate"])
    absent = [Observed(90, trials[0].params, None), Observed(91, trials[0].params, float("nan"))]
    assert importance([*trials, *absent], SPACE) == {}
    assert importance([], SPACE) == {}


def test_of_values_that_do_not_vary_nothing_is_said() -> None:
    assert importance(observed(100, lambda *_: 0.5), SPACE) == {}


def test_a_thousand_trials_take_no_time() -> None:
    trials = observed(1000, lambda params, rng: params["rate"] + rng.random())
    began = time.perf_counter()
    assert importance(trials, SPACE)
    assert time.perf_counter() - began < 0.5

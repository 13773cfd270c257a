"""Which parameters a trial gets: the same ones whoever asks, evenly spread, or learned from what was seen."""

import math
import random
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from statistics import correlation
from typing import Any

import pytest

from jupyter_aml.engine.orchestrators.sweep.sampling import Observed, Params, Sampler, sampler
from jupyter_aml.entities.distributions import Space, point, space, width
from jupyter_aml.entities.sweep_plan import Goal
from jupyter_aml.exceptions import ValidationException

ALL_TEN = space({
    "choice": {"type": "choice", "values": [1, {"a": {"type": "uniform", "min_value": 0, "max_value": 1}}]},
    "randint": {"type": "randint", "upper": 5},
    "uniform": {"type": "uniform", "min_value": -2, "max_value": 3},
    "quniform": {"type": "quniform", "min_value": 0, "max_value": 10, "q": 2},
    "loguniform": {"type": "loguniform", "min_value": -6, "max_value": -1},
    "qloguniform": {"type": "qloguniform", "min_value": 0, "max_value": 4, "q": 5},
    "normal": {"type": "normal", "mu": 1, "sigma": 2},
    "qnormal": {"type": "qnormal", "mu": 1, "sigma": 2, "q": 1},
    "lognormal": {"type": "lognormal", "mu": 0, "sigma": 1},
    "qlognormal": {"type": "qlognormal", "mu": 0, "sigma": 1, "q": 0.5},
})  # fmt: skip
SQUARE = space({name: {"type": "uniform", "min_value": 0, "max_value": 1} for name in ("x", "y")})
GRID = space({"a": {"type": "choice", "values": [1, 2]}, "b": {"type": "choice", "values": ["x", "y", "z"]}})
LEARNT = space({
    "x": {"type": "uniform", "min_value": -5, "max_value": 5},
    "y": {"type": "uniform", "min_value": -5, "max_value": 5},
    "n": {"type": "quniform", "min_value": 1, "max_value": 32, "q": 1},
    "kind": {"type": "choice", "values": ["good", "bad", {"worse": True}]},
})  # fmt: skip
RANDOM: Any = {"type": "random", "seed": 5}
SOBOL: Any = {"type": "random", "rule": "sobol", "seed": 5}
BAYESIAN: Any = {"type": "bayesian", "seed": 5}
JUST_THERE: Any = [Observed(0, {"x": 0.5, "y": 0.5}, 1.0), Observed(1, {"x": 0.1, "y": 0.1}, None)]


def made(algorithm: Any, over: Space, goal: Goal = "minimize", **changes: Any) -> Sampler:
    return sampler({**algorithm, **changes}, over, goal)


def drawn(algorithm: Any, over: Space, count: int, **changes: Any) -> list[Any]:
    one = made(algorithm, over, **changes)
    return [one.params(number, ()) for number in range(count)]


def loss(params: Params) -> float:
    kinds = {"good": 0, "bad": 4}
    return (
        (params["x"] - 2) ** 2 + (params["y"] + 1) ** 2 + abs(params["n"] - 20) / 4 + kinds.get(str(params["kind"]), 8)
    )


def tried(one: Sampler, count: int, metric: Callable[[Params], float]) -> list[Observed]:
    """A sweep whose trials come one after another."""
    seen: list[Observed] = []
    for number in range(count):
        params = one.params(number, seen)
        assert params is not None
        seen.append(Observed(number, params, metric(params)))
    return seen


# ── the same again ──


@pytest.mark.parametrize("algorithm", [RANDOM, SOBOL], ids=["random", "sobol"])
def test_a_seed_repeats_and_another_does_not(algorithm: Any) -> None:
    first = drawn(algorithm, ALL_TEN, 20)
    assert drawn(algorithm, ALL_TEN, 20) == first
    assert len({str(one) for one in first}) == 20
    assert not {str(one) for one in drawn(algorithm, ALL_TEN, 20, seed=6)} & {str(one) for one in first}
    assert [list(one) for one in first] == [list(ALL_TEN)] * 20


@pytest.mark.parametrize("algorithm", [RANDOM, SOBOL], ids=["random", "sobol"])
def test_a_trial_depends_on_its_number_alone(algorithm: Any) -> None:
    straight = drawn(algorithm, SQUARE, 30)
    again = made(algorithm, SQUARE)
    order = random.Random(2).sample(range(30), 30)
    assert {number: again.params(number, JUST_THERE) for number in order} == dict(enumerate(straight))
    assert made(algorithm, SQUARE).params(17, ()) == straight[17]  # a restart


@pytest.mark.parametrize("seed", [0, -1, 2**31 - 1, 2**80])
@pytest.mark.parametrize("algorithm", [RANDOM, SOBOL, BAYESIAN], ids=["random", "sobol", "bayesian"])
def test_any_integer_is_a_seed(algorithm: Any, seed: int) -> None:
    assert set(made(algorithm, SQUARE, seed=seed).params(0, ()) or ()) == {"x", "y"}


def test_another_process_draws_the_same() -> None:
    program = (
        "from jupyter_aml.entities.distributions import space\n"
        "from jupyter_aml.engine.orchestrators.sweep.sampling import Observed, sampler\n"
        "one = {'type': 'uniform', 'min_value': 0, 'max_value': 1}\n"
        "over = space({'x': one, 'y': one})\n"
        "seen = [Observed(n, {'x': n / 20, 'y': n / 40}, n % 7) for n in range(20)]\n"
        "for kind in ({'type': 'random'}, {'type': 'random', 'rule': 'sobol'}, {'type': 'bayesian'}):\n"
        "    print(sampler({**kind, 'seed': 5}, over, 'minimize').params(20, seen))\n"
    )
    seen = [Observed(n, {"x": n / 20, "y": n / 40}, n % 7) for n in range(20)]
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    here = [made(kind, SQUARE).params(20, seen) for kind in (RANDOM, SOBOL, BAYESIAN)]
    assert said.splitlines() == [str(one) for one in here]


# ── random ──


def test_random_draws_follow_the_laws_of_their_distributions() -> None:
    from scipy.stats import kstest, norm, uniform

    points = drawn(RANDOM, ALL_TEN, 1000)
    by_name = {name: [one[name] for one in points] for name in ALL_TEN}
    unit = {
        "uniform": uniform(-2, 5).cdf(by_name["uniform"]),
        "loguniform": uniform(-6, 5).cdf([math.log(value) for value in by_name["loguniform"]]),
        "normal": norm(1, 2).cdf(by_name["normal"]),
        "lognormal": norm(0, 1).cdf([math.log(value) for value in by_name["lognormal"]]),
    }
    assert {name: kstest(values, "uniform").pvalue > 0.001 for name, values in unit.items()} == dict.fromkeys(
        unit, True
    )
    assert sorted(set(by_name["randint"])) == [0, 1, 2, 3, 4]
    assert 400 < sum(isinstance(one, dict) for one in by_name["choice"]) < 600


def test_parameters_of_a_trial_know_nothing_of_each_other_nor_of_the_next_trial() -> None:
    xs, ys = zip(*(one.values() for one in drawn(RANDOM, SQUARE, 1000)), strict=True)
    assert abs(correlation(xs, ys)) < 0.08
    assert abs(correlation(xs[1:], xs[:-1])) < 0.08


# ── sobol ──


def discrepancy(points: Sequence[Params]) -> float:
    from scipy.stats import qmc

    return qmc.discrepancy([list(one.values()) for one in points])


def test_sobol_fills_the_square_more_evenly_than_chance() -> None:
    for seed in range(3):
        evenly, by_chance = (discrepancy(drawn(one, SQUARE, 128, seed=seed)) for one in (SOBOL, RANDOM))
        assert evenly < by_chance / 10


@pytest.mark.parametrize("count", [2, 8, 32])
def test_each_of_the_first_powers_of_two_has_a_stretch_of_its_own(count: int) -> None:
    points = drawn(SOBOL, SQUARE, count)
    for name in SQUARE:
        assert sorted(int(one[name] * count) for one in points) == list(range(count))


# ── grid ──


def test_a_grid_ends_and_needs_no_history() -> None:
    one = made({"type": "grid", "seed": 0}, GRID)
    assert [one.params(number, JUST_THERE) for number in range(7)] == [
        *({"a": a, "b": b} for a in (1, 2) for b in "xyz"),
        None,
    ]


@pytest.mark.parametrize("kind", ["grid", "random"])
def test_what_learns_nothing_leaves_optuna_alone(kind: str) -> None:
    program = (
        "import sys\n"
        "from jupyter_aml.entities.distributions import space\n"
        "from jupyter_aml.engine.orchestrators.sweep.sampling import sampler\n"
        "over = space({'a': {'type': 'choice', 'values': [1, 2]}})\n"
        f"assert sampler({{'type': {kind!r}, 'seed': 0}}, over, 'minimize').params(1, ())['a'] in (1, 2)\n"
        "print(sorted({'optuna', 'numpy', 'scipy', 'pydantic'} & set(sys.modules)))\n"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert said.strip() == "[]"


# ── bayesian ──


def test_a_bayesian_trial_depends_on_seed_number_and_what_was_seen() -> None:
    seen = tried(made(BAYESIAN, LEARNT), 15, loss)
    here = made(BAYESIAN, LEARNT).params(15, seen)
    assert made(BAYESIAN, LEARNT).params(15, seen[::-1]) == here  # in whatever order
    assert made(BAYESIAN, LEARNT).params(16, seen) != here
    assert made(BAYESIAN, LEARNT, seed=6).params(15, seen) != here
    assert made(BAYESIAN, LEARNT).params(15, seen[:12]) != here


def test_a_fresh_sampler_answers_as_one_that_was_there_all_the_time() -> None:
    """Four trials at once, which end in any order, some without a number, and one whose metric is taken back."""
    rng, one, known = random.Random(4), made(BAYESIAN, LEARNT), dict[int, Observed]()
    for number in range(60):
        running = [seen for seen in known.values() if seen.value is None and seen.number % 9]
        if len(running) >= 4:
            ended = rng.choice(running)
            known[ended.number] = Observed(ended.number, ended.params, loss(ended.params))
        if number == 40:
            known[3] = Observed(3, known[3].params, math.nan)
        seen = list(known.values())
        params = one.params(number, seen)
        assert params == made(BAYESIAN, LEARNT).params(number, seen)
        known[number] = Observed(number, params or {}, None)


def test_bayesian_begins_with_sobols_points_until_ten_trials_came_to_a_number() -> None:
    first = drawn(SOBOL, LEARNT, 14)
    assert [seen.params for seen in tried(made(BAYESIAN, LEARNT), 10, loss)] == first[:10]
    failed = [Observed(number, params, None) for number, params in enumerate(first[:4])]
    ended = [Observed(number, params, loss(params)) for number, params in enumerate(first[:13])][4:]
    assert made(BAYESIAN, LEARNT).params(13, failed + ended) == first[13]


def test_bayesian_values_are_those_of_the_space() -> None:
    for seen in tried(made(BAYESIAN, LEARNT), 40, loss):
        assert list(seen.params) == list(LEARNT)
        assert -5 <= seen.params["x"] < 5
        assert seen.params["n"] in range(1, 33)
        assert seen.params["kind"] in ("good", "bad", {"worse": True})


def best_of(algorithm: Any, seed: int, count: int = 50) -> float:
    return min(seen.value or 0.0 for seen in tried(made(algorithm, LEARNT, seed=seed), count, loss))


def test_bayesian_finds_what_is_best_sooner_than_chance() -> None:
    learnt, by_chance = ([best_of(algorithm, seed) for seed in range(8)] for algorithm in (BAYESIAN, RANDOM))
    wins = sum(one < other for one, other in zip(learnt, by_chance, strict=True))
    assert wins >= 7
    assert sum(learnt) < sum(by_chance) / 3


def test_the_goal_says_which_way_is_better() -> None:
    up = tried(made(BAYESIAN, LEARNT, "maximize"), 50, lambda params: -loss(params))
    down = tried(made(BAYESIAN, LEARNT, "minimize"), 50, lambda params: -loss(params))
    assert sum(seen.value or 0 for seen in up[25:]) > sum(seen.value or 0 for seen in down[25:]) + 100


def test_trials_that_run_say_where_not_to_look() -> None:
    """Where many run already, fewer go."""
    line = space({"x": {"type": "uniform", "min_value": 0, "max_value": 1}})
    ended = [Observed(n, {"x": n / 20}, abs(n / 20 - 0.5)) for n in range(20)]
    running = [Observed(20 + n, {"x": 0.45 + n / 300}, None) for n in range(30)]

    def near(seen: list[Observed]) -> int:
        one = made(BAYESIAN, line)
        return sum(0.45 <= (one.params(number, seen) or {})["x"] <= 0.55 for number in range(50, 90))

    assert near(ended + running) < near(ended) - 10


def test_what_lies_outside_of_the_space_is_no_lesson() -> None:
    """An earlier sweep, from which this one goes on, may have searched elsewhere."""
    seen = tried(made(BAYESIAN, LEARNT), 15, loss)
    inside = seen[0].params
    foreign = [{**inside, "x": 99}, {**inside, "kind": "gone"}, {**inside, "n": 40}, {**inside, "y": None}, {"x": 1}]
    others = [Observed(15 + number, params, -100.0) for number, params in enumerate(foreign)]
    assert made(BAYESIAN, LEARNT).params(30, seen + others) == made(BAYESIAN, LEARNT).params(30, seen)


def test_values_that_only_python_takes_for_equal_are_two_choices() -> None:
    over = space({"v": {"type": "choice", "values": [1, True, 1.0, "1"]}})
    seen = [Observed(n, {"v": [1, True, 1.0, "1"][n % 4]}, [0, 9, 9, 9][n % 4] + n / 100) for n in range(40)]
    one = made(BAYESIAN, over)
    found = [(one.params(number, seen) or {})["v"] for number in range(40, 60)]
    assert sum(type(value) is int for value in found) > 15


def test_where_nothing_varies_there_is_still_an_answer() -> None:
    over = space({
        "v": {"type": "choice", "values": ["only"]},
        "q": {"type": "quniform", "min_value": 1, "max_value": 3, "q": 10},
    })  # fmt: skip
    assert {str(seen.params) for seen in tried(made(BAYESIAN, over), 15, lambda _: 1.0)} == {"{'v': 'only', 'q': 0}"}


@pytest.mark.parametrize("most", [1e3, 1e9, 1e18, 1e100])
def test_a_step_may_be_small(most: float) -> None:
    over = space({"n": {"type": "quniform", "min_value": 0, "max_value": most, "q": 1}})
    seen = tried(made(BAYESIAN, over), 14, lambda params: abs(params["n"] - most / 2))
    assert all(0 <= one.params["n"] <= most for one in seen)


# ── what it costs ──


def each(one: Sampler, numbers: range, seen: Sequence[Observed]) -> float:
    one.params(numbers[0], seen)
    began = time.process_time()
    for number in numbers:
        one.params(number, seen)
    return (time.process_time() - began) / len(numbers)


def test_drawing_costs_next_to_nothing() -> None:
    """By the processor's time, one beside another: others may be using it too."""
    rng = random.Random(1)
    points = [point(LEARNT, [rng.random() for _ in range(width(LEARNT))]) for _ in range(1000)]
    seen = [Observed(number, params, loss(params)) for number, params in enumerate(points)]
    few = each(made(BAYESIAN, LEARNT), range(20, 40), seen[:20])
    assert each(made(RANDOM, LEARNT), range(200), ()) < few / 5
    assert each(made({"type": "grid", "seed": 0}, GRID), range(6), ()) < few / 5
    assert each(made(BAYESIAN, LEARNT), range(1000, 1010), seen) < 25 * few, "fifty times as much to learn from"


# ── what there is not ──


@pytest.mark.parametrize(
    ("algorithm", "told"),
    [
        ({"type": "bogus", "seed": 1}, "unsupported sampling algorithm: bogus"),
        ({"type": "baysian", "seed": 1}, "Did you mean 'bayesian'?"),
        ({"type": "random", "rule": "sobl", "seed": 1}, "Did you mean 'sobol'?"),
    ],
)
def test_an_unknown_algorithm_is_refused(algorithm: Any, told: str) -> None:
    with pytest.raises(ValidationException) as caught:
        sampler(algorithm, SQUARE, "minimize")
    assert told in str(caught.value)


def test_logbase_reaches_the_draws() -> None:
    over = space({"rate": {"type": "loguniform", "min_value": -6, "max_value": -1}})
    for algorithm in (RANDOM, SOBOL):
        rates = [one["rate"] for one in drawn(algorithm, over, 64, logbase=10)]
        assert 1e-6 <= min(rates) < 1e-5
        assert 1e-2 < max(rates) < 1e-1

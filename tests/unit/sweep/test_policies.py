"""Early termination, by hand: who ends, when, and at which bound (§8.4). No trial runs here."""

from statistics import fmean, median
from typing import Any, TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_aml.engine.orchestrators.sweep.policies import Curve, Verdict, policy
from jupyter_aml.entities.sweep_plan import Goal
from jupyter_aml.exceptions import ValidationException

NAN, INF = float("nan"), float("inf")
Values: TypeAlias = tuple[float, ...]
Spec: TypeAlias = dict[str, Any]
UP, DOWN = "maximize", "minimize"


def amount(slack: float, **due: int) -> Spec:
    return {"type": "bandit", "slack_amount": slack, **due}


def factor(slack: float, **due: int) -> Spec:
    return {"type": "bandit", "slack_factor": slack, **due}


def halted(**due: int) -> Spec:
    return {"type": "median_stopping", **due}


def lowest(percentage: int, **due: int) -> Spec:
    return {"type": "truncation_selection", "truncation_percentage": percentage, **due}


def fate(spec: Spec, goal: Goal, own: Values, others: tuple[Values, ...]) -> Verdict | None:
    """What becomes of a trial that logs one value after the other while the others are through."""
    curves = {number: Curve(values, is_over=True) for number, values in enumerate(others, 1)}
    for seen in range(1, len(own) + 1):
        if verdict := policy(spec).judge(0, {0: Curve(own[:seen]), **curves}, goal):
            return verdict
    return None


def check(row: tuple[Spec, Goal, Values, tuple[Values, ...], tuple[int, float] | None]) -> None:
    """A row: the policy, the goal, the trial's values, the others', the interval and bound at which it ends."""
    spec, goal, own, others, wanted = row
    found = fate(spec, goal, own, others)
    assert (found and (found.interval, found.bound)) == wanted
    assert found is None or found.policy == spec["type"]


# ── one trial against the others ──

BANDIT: list[Any] = [
    (factor(0.2), UP, (0.6,), ((0.8,),), (1, 0.8 / 1.2)),  # Azure's own example: 0.8 and 0.2 make 0.667
    (factor(0.2), UP, (0.67,), ((0.8,),), None),
    (factor(0.5), UP, (2.0,), ((3.0,),), None),  # 3 / 1.5 is 2: as good as the bound is good enough
    (factor(0.5), UP, (1.75,), ((3.0,), (1.0,)), (1, 2.0)),
    (factor(0.5), DOWN, (3.0,), ((2.0,),), None),
    (factor(0.5), DOWN, (3.25,), ((2.0,), (9.0,)), (1, 3.0)),
    (amount(0.25), UP, (0.75,), ((1.0,),), None),
    (amount(0.25), UP, (0.5,), ((1.0,),), (1, 0.75)),
    (amount(0.5), DOWN, (2.5,), ((2.0,),), None),
    (amount(0.5), DOWN, (2.75,), ((2.0,),), (1, 2.5)),
    (amount(0.125), UP, (0.9, 0.1, 0.1), ((0.8, 0.8, 1.0),), None),  # its best counts, not its last
    (amount(0.0625), UP, (0.9, 0.1, 0.1), ((0.8, 0.8, 1.0),), (3, 0.9375)),
    (amount(0.5), UP, (2.0, 2.0, 2.0), ((1.0, 1.0, 9.0),), (3, 8.5)),  # the others up to the same interval only
    (amount(0.5, evaluation_interval=2), UP, (1.0, 1.0, 1.0), ((9.0,),), (2, 8.5)),  # who has less, with that
    (amount(0.5, evaluation_interval=3), UP, (0.0,) * 4, ((1.0,) * 3,), (3, 0.5)),
    (amount(0.5, evaluation_interval=2, delay_evaluation=5), UP, (0.0,) * 9, ((1.0,) * 9,), (6, 0.5)),
    (amount(0.5, evaluation_interval=2, delay_evaluation=4), UP, (0.0,) * 9, ((1.0,) * 9,), (4, 0.5)),
    (amount(0.5, evaluation_interval=0, delay_evaluation=0), UP, (0.0,), ((1.0,),), (1, 0.5)),
    (amount(0.5, delay_evaluation=4), UP, (0.0,) * 3, ((1.0,) * 9,), None),
    (amount(0.5), UP, (-2.0,), ((-1.0,),), (1, -1.5)),
    (factor(0.25), UP, (-1.125,), ((-1.0,),), (1, -0.8)),  # the formula, though the best itself is behind -0.8
    (factor(0.25), UP, (-1.0,), ((-2.0,), (-1.0,)), None),
    (factor(0.5), DOWN, (-1.75,), ((-2.0,),), (1, -3.0)),
    (factor(0.5), DOWN, (-2.0,), ((-1.0,),), None),
    (amount(0.5), UP, (NAN, NAN, 0.0), ((1.0,) * 3,), (3, 0.5)),  # what is no number is not judged
    (amount(0.5), UP, (0.0,), ((NAN,), (1.0,)), (1, 0.5)),
    (amount(0.5), UP, (0.0,), ((INF,),), (1, INF)),
    (amount(0.5), UP, (0.0,), ((NAN,), ()), None),
    ({"type": "bandit"}, UP, (1.0, 1.0), ((1.0, 2.0),), (2, 2.0)),  # no slack at all
    (amount(0.5), UP, (0.0,) * 5, (), None),
]

MEDIAN: list[Any] = [
    (halted(), UP, (1.0,), ((3.0,),), (1, 2.0)),  # the median of 1 and 3
    (halted(), UP, (1.0,), ((2.0,), (3.0,)), (1, 2.0)),
    (halted(), UP, (2.0,), ((1.0,), (3.0,)), None),
    (halted(), UP, (2.0,), ((2.0,), (2.0,)), None),
    (halted(), DOWN, (3.0,), ((1.0,),), (1, 2.0)),
    (halted(), DOWN, (3.0,), ((2.0,), (1.0,)), (1, 2.0)),
    (halted(), DOWN, (1.0,), ((2.0,), (3.0,)), None),
    (halted(), UP, (0.0, 4.0), ((2.0, 2.0), (0.0, 10.0)), None),  # its best, 4, against averages of 2, 2 and 5
    (halted(delay_evaluation=2), UP, (0.0, 4.0), ((5.0, 5.0), (0.0, 10.0)), (2, 5.0)),  # against 2, 5 and 5
    (halted(delay_evaluation=2), UP, (5.0, 0.0), ((4.0, 6.0), (6.0, 4.0)), None),
    (halted(evaluation_interval=2), UP, (0.0, 1.0, 1.0), ((4.0, 4.0, 90.0),), (2, 2.25)),  # 0.5 and 4; 90 is later
    (halted(evaluation_interval=3), UP, (1.0, 1.0, 1.0), ((1.0,), (1.0, 3.0), (9.0,)), (3, 1.5)),  # 1, 1, 2 and 9
    (halted(evaluation_interval=2, delay_evaluation=5), UP, (0.0,) * 9, ((4.0,) * 9,), (6, 2.0)),
    (halted(evaluation_interval=2, delay_evaluation=6), UP, (0.0,) * 9, ((4.0,) * 9,), (6, 2.0)),
    (halted(delay_evaluation=9), UP, (0.0,) * 8, ((4.0,) * 9,), None),
    (halted(evaluation_interval=0), DOWN, (4.0,), ((0.0,),), (1, 2.0)),
    (halted(), UP, (NAN, 1.0), ((3.0, NAN),), (2, 2.0)),  # averages of what is a number
    (halted(), UP, (1.0,), ((NAN,), (INF,), (2.0,)), (1, 2.0)),
    (halted(), UP, (1.0, 1.0), ((INF, -INF), (0.0, 0.0)), None),  # of both infinities there is no average
    (halted(), UP, (-3.0,), ((-1.0,),), (1, -2.0)),
    (halted(), UP, (0.1,) * 10, (), None),  # ten times 0.1 by ten is rounded to less, three times to more
    (halted(), DOWN, (0.1,) * 10, (), None),
]

TRUNCATION: list[Any] = [
    (lowest(50), UP, (1.0,), ((2.0,),), (1, 2.0)),
    (lowest(49), UP, (1.0,), ((2.0,),), None),  # 0.98 of a trial is none
    (lowest(20), UP, (1.0,), ((2.0,), (3.0,), (4.0,)), None),
    (lowest(20), UP, (1.0,), ((2.0,), (3.0,), (4.0,), (5.0,)), (1, 2.0)),
    (lowest(20), UP, (2.0,), ((1.0,), (3.0,), (4.0,), (5.0,)), None),
    (lowest(40), UP, (2.0,), ((1.0,), (3.0,), (4.0,), (5.0,)), (1, 3.0)),
    (lowest(40), DOWN, (4.0,), ((5.0,), (3.0,), (2.0,), (1.0,)), (1, 3.0)),
    (lowest(40), DOWN, (3.0,), ((5.0,), (4.0,), (2.0,), (1.0,)), None),
    (lowest(40), UP, (2.0,), ((1.0,), (2.0,), (2.0,), (5.0,)), None),  # as good as one that stays
    (lowest(74), UP, (4.0,), ((1.0,), (2.0,), (5.0,)), None),  # 2.96 trials are two
    (lowest(74), UP, (2.0,), ((1.0,), (4.0,), (5.0,)), (1, 4.0)),
    (lowest(99), UP, (4.0,), ((1.0,), (2.0,), (5.0,)), (1, 5.0)),
    (lowest(50), UP, (9.0, 0.0), ((1.0, 8.0),), None),  # its best counts, not its last
    (lowest(50), UP, (2.0, 2.0, 2.0), ((1.0, 1.0, 9.0),), (3, 9.0)),
    (lowest(50, evaluation_interval=2), UP, (1.0, 1.0), ((9.0,),), (2, 9.0)),  # who has less, with that
    (lowest(50, evaluation_interval=2, delay_evaluation=5), DOWN, (1.0,) * 9, ((0.0,) * 9,), (6, 0.0)),
    (lowest(50, evaluation_interval=3), UP, (0.0,) * 9, ((1.0,) * 9,), (3, 1.0)),
    (lowest(50, evaluation_interval=0, delay_evaluation=2), UP, (0.0,) * 9, ((1.0,) * 9,), (2, 1.0)),
    (lowest(50, delay_evaluation=3), UP, (0.0,) * 2, ((1.0,) * 9,), None),
    (lowest(50), UP, (NAN, 1.0), ((2.0, 2.0),), (2, 2.0)),
    (lowest(50), UP, (1.0,), ((NAN,), (2.0,)), (1, 2.0)),  # two trials have a number
    (lowest(50, exclude_finished_jobs=True), UP, (1.0,), ((2.0,),), None),  # the other one is through
    (lowest(99), UP, (1.0,), (), None),
]  # fmt: skip


@pytest.mark.parametrize("row", BANDIT)
def test_bandit_ends_what_is_behind_the_best_by_more_than_the_slack(row: Any) -> None:
    check(row)


@pytest.mark.parametrize("row", MEDIAN)
def test_median_stopping_ends_what_is_worse_than_the_median_of_running_averages(row: Any) -> None:
    check(row)


@pytest.mark.parametrize("row", TRUNCATION)
def test_truncation_ends_the_lowest_part(row: Any) -> None:
    check(row)


# ── twelve trials in step ──


def ends(spec: Spec, goal: Goal, trials: list[Values]) -> dict[int, int]:
    """Who ends at which interval, when all log together, and those who end log no more."""
    ended: dict[int, int] = {}
    for step in range(1, max(map(len, trials)) + 1):
        curves = {
            number: Curve(values[: min(step, ended.get(number, step))], number in ended or len(values) < step)
            for number, values in enumerate(trials)
        }
        for number in curves.keys() - ended:
            if not curves[number].is_over and (verdict := policy(spec).judge(number, curves, goal)):
                assert verdict.interval == step
                ended[number] = step
    return ended


CLIMBERS: list[Values] = [
    # at 2 the best of all is 4, at 4 it is 8 (9, if trial 8 still is there), at 6 it is 12
    (1, 2, 3, 4, 5, 6),
    (0, 0, 0, 0, 0, 0),
    (3, 1, 1, 1, 1, 1),
    (4, 0, 0, 0, 0, 0),
    (1, 1, 1, 1, 1, 1),
    (2, 2, 6, 6, 6, 6),
    (2, 2, 7, 8, 9, 10),
    (2, 3),
    (0, 1, 9, 9, 9, 9),
    (NAN, NAN, 7, 7, 7, 11),
    (4, 4, 8, 8, 8, 8),
    (2, 4, 6, 8, 10, 12),
]

CROWD: list[Values] = [
    # averages at 2: nine times 4, then 3, 5 and 10; at 4: 3, 4, 5, four times 6, four times 9, 10
    *[(0, 8, 8, 8)] * 4,
    *[(6, 2, 14, 14)] * 4,
    (3, 3, 3, 3),
    (4, 4, 4, 4),
    (10, 10, 10, 10),
    (5, 5, 5, 5),
]

LADDER: list[Values] = [(0.0,) * 6, (1.0,) * 6, *[(k,) * 6 for k in range(2, 11)], (0, 0, 11, 11, 11, 11)]


def mirrored(trials: list[Values]) -> list[Values]:
    return [tuple(-value for value in values) for values in trials]


@pytest.mark.parametrize(
    ("spec", "trials", "wanted"),
    [
        (amount(2, evaluation_interval=2), CLIMBERS, {1: 2, 4: 2, 8: 2, 0: 4, 2: 4, 3: 4, 5: 6, 10: 6}),
        (
            amount(2, evaluation_interval=2, delay_evaluation=3),
            CLIMBERS,
            {0: 4, 1: 4, 2: 4, 3: 4, 4: 4, 5: 4, 8: 6, 10: 6},
        ),
        (amount(2, evaluation_interval=6), CLIMBERS, {0: 6, 1: 6, 2: 6, 3: 6, 4: 6, 5: 6, 8: 6, 10: 6}),
        (halted(evaluation_interval=2), CROWD, {8: 2, 9: 4, 11: 4}),
        (halted(evaluation_interval=2, delay_evaluation=3), CROWD, {8: 4, 9: 4, 11: 4}),
        (halted(evaluation_interval=5), CROWD, {}),
        (lowest(25, evaluation_interval=2), LADDER, {0: 2, 1: 2, 11: 2}),
        (lowest(25, evaluation_interval=2, delay_evaluation=3), LADDER, {0: 4, 1: 4, 2: 4}),
        (
            lowest(25, evaluation_interval=2, exclude_finished_jobs=True),
            LADDER,
            {0: 2, 1: 2, 11: 2, 2: 4, 3: 4, 4: 6},
        ),
    ],
)
def test_of_twelve_trials_in_step_the_right_ones_end(spec: Spec, trials: list[Values], wanted: dict[int, int]) -> None:
    assert len(trials) == 12
    assert ends(spec, "maximize", trials) == wanted
    assert ends(spec, "minimize", mirrored(trials)) == wanted


# ── any curves ──

VALUES = st.integers(-40, 40).map(lambda n: n / 8) | st.sampled_from([NAN, INF])
CURVES = st.lists(st.builds(Curve, st.lists(VALUES, max_size=6).map(tuple), st.booleans()), min_size=1, max_size=7)
GOALS = st.sampled_from(["maximize", "minimize"])
DUE: dict[str, st.SearchStrategy[Any]] = {
    "evaluation_interval": st.integers(0, 3),
    "delay_evaluation": st.integers(0, 4),
}
SPECS = st.one_of(
    st.fixed_dictionaries({"type": st.just("bandit"), "slack_amount": st.sampled_from([0, 0.25, 1, 2.5]), **DUE}),
    st.fixed_dictionaries({"type": st.just("bandit"), "slack_factor": st.sampled_from([0.25, 0.5, 1.0]), **DUE}),
    st.fixed_dictionaries({"type": st.just("median_stopping"), **DUE}),
    st.fixed_dictionaries({
        "type": st.just("truncation_selection"), "truncation_percentage": st.integers(1, 99),
        "exclude_finished_jobs": st.booleans(), **DUE,
    }),
)  # fmt: skip


def is_ended_by_the_book(spec: Spec, goal: Goal, curves: list[Curve]) -> bool:
    """The rules of §8.4, read aloud, for the trial that is first."""
    i = len(curves[0].values)
    if i == 0 or i % (spec["evaluation_interval"] or 1) != 0 or i < spec["delay_evaluation"]:
        return False
    seen = [[value for value in curve.values[:i] if str(value) != "nan"] for curve in curves]
    if not seen[0]:
        return False
    is_up = goal == "maximize"
    pick = max if is_up else min
    y, b = pick(seen[0]), pick(pick(values) for values in seen if values)
    match spec:
        case {"type": "bandit", "slack_factor": sf}:
            return y != b and (y + y * sf < b if is_up else y > b * (1 + sf))
        case {"type": "bandit", "slack_amount": sa}:
            return y != b and (y < b - sa if is_up else y > b + sa)
        case {"type": "median_stopping"}:
            middle = median(fmean(values) for values in seen if values)
            return y < middle if is_up else y > middle
        case _:
            skipped = spec["exclude_finished_jobs"]
            rivals = [pick(v) for c, v in zip(curves[1:], seen[1:], strict=True) if v and not (skipped and c.is_over)]
            no_better = sum(value <= y if is_up else value >= y for value in rivals)
            cut = (1 + len(rivals)) * spec["truncation_percentage"] // 100
            return 1 + no_better <= cut


@given(SPECS, GOALS, CURVES)
def test_the_policies_do_what_the_book_says(spec: Spec, goal: Goal, curves: list[Curve]) -> None:
    found = policy(spec).judge(0, dict(enumerate(curves)), goal)
    assert (found is not None) == is_ended_by_the_book(spec, goal, curves)


@given(SPECS, GOALS, CURVES, st.randoms(use_true_random=False))
def test_the_order_of_trials_does_not_matter(spec: Spec, goal: Goal, curves: list[Curve], rng: Any) -> None:
    numbers = list(range(len(curves)))
    rng.shuffle(numbers)
    shuffled = dict(zip(numbers, curves, strict=True))
    rng.shuffle(numbers)
    reordered = {number: shuffled[number] for number in numbers}
    for number, curve in enumerate(curves):
        mine = next(key for key, one in shuffled.items() if one is curve)
        assert policy(spec).judge(number, dict(enumerate(curves)), goal) == policy(spec).judge(mine, reordered, goal)


@given(SPECS, GOALS, CURVES, st.lists(VALUES))
def test_what_others_log_after_that_interval_does_not_matter(
    spec: Spec, goal: Goal, curves: list[Curve], later: list[float]
) -> None:
    interval = len(curves[0].values)
    first = {number: Curve(curve.values[:interval], curve.is_over) for number, curve in enumerate(curves)}
    full = {
        number: Curve((*curve.values, *later), curve.is_over) if len(curve.values) >= interval and number else curve
        for number, curve in enumerate(curves)
    }
    assert policy(spec).judge(0, first, goal) == policy(spec).judge(0, full, goal)


@given(SPECS, GOALS, st.lists(st.floats(), min_size=1, max_size=20))
def test_a_lone_trial_is_never_ended(spec: Spec, goal: Goal, values: list[float]) -> None:
    for seen in range(1, len(values) + 1):
        assert policy(spec).judge(0, {0: Curve(tuple(values[:seen]))}, goal) is None


@given(SPECS, GOALS, st.lists(st.lists(st.floats(-1e300, 1e300), min_size=1, max_size=5), min_size=1, max_size=6))
def test_the_best_of_all_is_never_ended(spec: Spec, goal: Goal, trials: list[list[float]]) -> None:
    interval = len(trials[0])
    cut = [values[:interval] for values in trials]
    top = max(max(values) for values in cut) if goal == "maximize" else min(min(values) for values in cut)
    curves = {number: Curve(tuple(values)) for number, values in enumerate([[*cut[0][:-1], top], *cut[1:]])}
    assert policy(spec).judge(0, curves, goal) is None


@given(SPECS, GOALS, st.lists(st.lists(st.floats(), max_size=5), min_size=1, max_size=6))
def test_no_numbers_at_all_are_too_much_for_a_policy(spec: Spec, goal: Goal, trials: list[list[float]]) -> None:
    curves = {number: Curve(tuple(values)) for number, values in enumerate(trials)}
    for number in curves:
        policy(spec).judge(number, curves, goal)


@pytest.mark.parametrize("spec", [None, {}])
def test_without_a_policy_everything_goes_on(spec: Spec | None) -> None:
    assert policy(spec).judge(0, {0: Curve((0.0,)), 1: Curve((9.0,))}, "maximize") is None


def test_an_unknown_policy_is_told_with_the_nearest_one() -> None:
    with pytest.raises(ValidationException, match=r"'median_stoping' is no policy.\nDid you mean 'median_stopping'\?"):
        policy({"type": "median_stoping"})

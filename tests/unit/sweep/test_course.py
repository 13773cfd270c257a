"""The course of a sweep: what is tried, when it is over, when it is hopeless. Pure; no process is started."""

from hypothesis import given
from hypothesis import strategies as st

from jupyter_aml.engine.orchestrators.sweep.course import FAILURES, Course, Trial
from jupyter_aml.engine.orchestrators.sweep.policies import policy
from jupyter_aml.entities.names import JobName
from jupyter_aml.entities.status import JobStatus
from jupyter_aml.entities.sweep_plan import Goal, trial_name, trial_number

ENDS = [JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.CANCELED]
BANDIT = {"type": "bandit", "slack_amount": 0.1, "evaluation_interval": 1}


def course(total: int, concurrent: int = 100, goal: Goal = "maximize", spec: dict[str, object] | None = None) -> Course:
    return Course(goal, policy(spec), total, concurrent)


def begin(one: Course, room: int = 100) -> list[int]:
    numbers = list(one.next_numbers(room))
    for number in numbers:
        one.began(Trial(number, JobName(trial_name("s", number)), {}))
    return numbers


def ended(one: Course, number: int, status: JobStatus = JobStatus.COMPLETED, *values: float) -> None:
    one.logged(number, values)
    one.stands(number, status)


@given(st.integers(1, 30), st.integers(1, 6), st.integers(1, 8), st.data())
def test_every_number_is_tried_once_and_never_more_at_once_than_allowed(
    total: int, concurrent: int, room: int, data: st.DataObject
) -> None:
    one, tried = course(total, concurrent), list[int]()
    while not one.is_over:
        tried += begin(one, room)
        assert 0 < len(one.unfinished) <= concurrent
        trial = data.draw(st.sampled_from(one.unfinished))
        ended(one, trial.number, data.draw(st.sampled_from(ENDS)))
    assert tried == list(range(total))


def test_a_grid_that_is_exhausted_ends_the_sweep_with_its_last_trial() -> None:
    one = course(10, 2)
    begin(one)
    one.is_exhausted = True
    assert list(one.next_numbers(5)) == []
    ended(one, 0)
    assert not one.is_over
    ended(one, 1)
    assert one.is_over


@given(
    st.lists(st.lists(st.sampled_from([0.0, 1.0, 2.0, float("nan")]), max_size=4), min_size=1, max_size=8),
    st.sampled_from(["maximize", "minimize"]),
    st.randoms(),
)
def test_the_best_child_does_not_depend_on_who_ends_first(curves: list[list[float]], goal: Goal, rng: object) -> None:
    one, other = course(len(curves), goal=goal), course(len(curves), goal=goal)
    begin(one)
    begin(other)
    order = list(range(len(curves)))
    rng.shuffle(order)  # type: ignore[attr-defined]
    for number in range(len(curves)):
        ended(one, number, JobStatus.COMPLETED, *curves[number])
    for number in order:
        ended(other, number, JobStatus.COMPLETED, *curves[number])
    assert one.best == other.best
    numbers = [value for curve in curves for value in curve if value == value]  # noqa: PLR0124 - NaN differs from itself
    wanted = (max if goal == "maximize" else min)(numbers, default=None)
    assert (one.best.value if one.best else None) == wanted


def test_the_best_of_a_trial_is_over_all_its_values_and_of_canceled_ones_too() -> None:
    one = course(3)
    begin(one)
    ended(one, 0, JobStatus.COMPLETED, 0.5, 0.6)
    ended(one, 1, JobStatus.CANCELED, 0.9, 0.1)
    ended(one, 2, JobStatus.FAILED, 0.7)
    assert one.best
    assert (one.best.child, one.best.value) == ("s_1", 0.9)


def test_a_sweep_is_hopeless_once_all_its_trials_failed_or_the_first_many_did() -> None:
    few, many = course(2), course(100)
    begin(few)
    ended(few, 0, JobStatus.FAILED)
    assert not few.is_hopeless
    ended(few, 1, JobStatus.FAILED)
    assert few.is_hopeless
    begin(many)
    for number in range(FAILURES - 1):
        ended(many, number, JobStatus.FAILED)
    assert not many.is_hopeless
    ended(many, FAILURES, JobStatus.COMPLETED)
    ended(many, FAILURES + 1, JobStatus.FAILED)
    assert not many.is_hopeless


def test_a_completed_trial_without_the_metric_is_told_only_while_no_other_has_logged_it() -> None:
    one = course(3)
    begin(one)
    ended(one, 0, JobStatus.FAILED)
    assert one.without_metric is None
    ended(one, 1, JobStatus.COMPLETED)
    assert one.without_metric
    assert one.without_metric.name == "s_1"
    ended(one, 2, JobStatus.COMPLETED, float("nan"))
    assert one.without_metric is None


def test_values_that_came_together_are_judged_one_by_one_and_never_twice() -> None:
    one = course(2, spec={**BANDIT, "delay_evaluation": 2})
    begin(one)
    one.logged(0, (0.9, 0.9, 0.9, 0.9))
    one.logged(1, (0.5, 0.5, 0.85, 0.85))
    found = [(trial.name, verdict.interval) for trial, verdict in one.verdicts()]
    assert found == [("s_1", 2)]
    one.logged(1, (0.5, 0.5, 0.85, 0.85, 0.1))
    assert list(one.verdicts()) == []


def test_the_number_of_a_trial_is_in_its_name() -> None:
    assert trial_number("a_1", trial_name("a_1", 12)) == 12
    for other in ("a_1", "a_1_", "a_1_x", "b_1_3", "a_1_-3", "a_1_²"):
        assert trial_number("a_1", other) is None

"""The course of a pipeline: in which order steps begin, what a failure ends, when it is over. Pure."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from jupyter_aml.engine.orchestrators.pipeline.course import Course
from jupyter_aml.entities.pipeline_plan import PipelinePlan, StepPlan, plan_from_json
from jupyter_aml.entities.status import JobStatus

COMPLETED, FAILED, CANCELED = JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.CANCELED


def step(name: str, *after: str, **more: Any) -> StepPlan:
    return StepPlan(name, more.pop("type", "command"), "", {}, "e", "c", after=after, **more)


def course(*steps: StepPlan, **settings: Any) -> Course:
    return Course(PipelinePlan(steps, **settings))


def names(steps: list[StepPlan]) -> list[str]:
    return [one.name for one in steps]


def begin(one: Course) -> list[str]:
    """What may begin, begun."""
    ready = names(one.ready())
    for name in ready:
        one.is_at(name, name, JobStatus.RUNNING)
    return ready


@st.composite
def graphs(draw: st.DrawFn) -> tuple[StepPlan, ...]:
    """Steps each of which may wait for some before it."""
    count = draw(st.integers(1, 8))
    befores = [draw(st.sets(st.integers(0, n - 1))) if n else set[int]() for n in range(count)]
    return tuple(step(f"s{n}", *(f"s{m}" for m in sorted(before))) for n, before in enumerate(befores))


@given(graphs(), st.data())
def test_every_step_runs_once_and_after_all_that_it_reads(steps: tuple[StepPlan, ...], data: st.DataObject) -> None:
    one, done, began = course(*steps), set[str](), list[str]()
    while not one.is_over:
        for name in begin(one):
            assert set(one.steps[name].after) <= done
            began.append(name)
        ended = data.draw(st.sampled_from(sorted(one.unfinished)))
        one.is_at(ended, ended, COMPLETED)
        done.add(ended)
    assert sorted(began) == sorted(one.steps)
    assert one.failed == []


@given(graphs(), st.booleans(), st.data())
def test_nothing_begins_that_waits_for_a_failed_step(
    steps: tuple[StepPlan, ...], goes_on: bool, data: st.DataObject
) -> None:
    one = course(*steps, continue_on_step_failure=goes_on)
    while not one.is_over:
        failed_before = bool(one.failed)
        began = begin(one)
        assert not began or goes_on or not failed_before
        for name in began:
            assert all(one.stands[before].status == COMPLETED for before in one.steps[name].after)
        ended = data.draw(st.sampled_from(sorted(one.unfinished)))
        one.is_at(ended, ended, data.draw(st.sampled_from([COMPLETED, FAILED, CANCELED])))
    if goes_on:
        left = set(one.steps) - set(one.stands)
        assert all(any(before in left or before in one.failed for before in one.steps[name].after) for name in left)


def test_a_failure_ends_what_runs_beside_it_unless_the_pipeline_goes_on() -> None:
    for goes_on, stopped in ((False, ["b"]), (True, [])):
        one = course(step("a"), step("b"), step("c"), continue_on_step_failure=goes_on)
        begin(one)
        one.is_at("a", "a", FAILED)
        one.is_at("c", "c", COMPLETED)
        assert list(one.to_stop()) == stopped
        assert not one.is_over


def test_the_initial_step_is_first_and_the_final_one_last_whatever_happens() -> None:
    steps = (step("fin"), step("a"), step("b", "a"), step("ini"))
    one = course(*steps, initial="ini", final="fin")
    assert begin(one) == ["ini"]
    one.is_at("ini", "ini", COMPLETED)
    assert begin(one) == ["a"]
    one.is_at("a", "a", FAILED)
    assert begin(one) == ["fin"]
    assert not one.is_over
    one.is_at("fin", "fin", COMPLETED)
    assert one.is_over
    assert one.failed == ["a"]


def test_when_the_initial_step_fails_only_the_final_one_runs_even_where_pipelines_go_on() -> None:
    one = course(step("a"), step("ini"), step("fin"), initial="ini", final="fin", continue_on_step_failure=True)
    begin(one)
    one.is_at("ini", "ini", FAILED)
    assert begin(one) == ["fin"]


def test_a_decision_begins_one_block_and_skips_the_other_with_all_that_waits_for_it() -> None:
    chosen = step("if", type="if_else", blocks={"true": ("a",), "false": ("b",)})
    one = course(chosen, step("a", "if"), step("b", "if"), step("after_b", "b"))
    assert names(one.ready()) == ["if"]
    one.decided("if", value=True)
    assert begin(one) == ["a"]
    one.is_at("a", "a", COMPLETED)
    assert one.is_over
    assert one.failed == []


@given(graphs(), st.booleans())
def test_a_plan_is_the_same_after_a_trip_through_its_json(steps: tuple[StepPlan, ...], forced: bool) -> None:
    plan = PipelinePlan(steps, force_rerun=forced)
    assert plan_from_json(plan.to_json()) == plan

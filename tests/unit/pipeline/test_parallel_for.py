"""The rounds of a parallel_for: how many run at once, what they are given, what they made put together."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_aml.data import mltable
from jupyter_aml.engine.orchestrators.pipeline.collecting import collect
from jupyter_aml.engine.orchestrators.pipeline.course import Course
from jupyter_aml.engine.orchestrators.pipeline.values import items_of
from jupyter_aml.entities.launch import InputSpec, OutputSpec
from jupyter_aml.entities.loop_items import given_by, problems, rounds
from jupyter_aml.entities.pipeline_plan import (
    Bound,
    Collected,
    ForEach,
    Item,
    PipelinePlan,
    StepPlan,
    collected_at,
    plan_from_json,
    step_job,
)
from jupyter_aml.entities.status import JobStatus
from jupyter_aml.exceptions import JobException
from tests.conftest import AWKWARD

COMPLETED, FAILED, CANCELED = JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.CANCELED


def step(name: str, *after: str, **more: Any) -> StepPlan:
    return StepPlan(name, more.pop("type", "command"), "", {}, "e", "c", after=after, **more)


def loop(*after: str, most: int = 0, each: ForEach | None = None) -> StepPlan:
    return step("loop", *after, type="parallel_for", body="body", most=most, each=each or ForEach())


def course(most: int, *, goes_on: bool = False) -> Course:
    steps = (step("body"), loop(most=most), step("use", "loop"), step("beside"))
    return Course(PipelinePlan(steps, continue_on_step_failure=goes_on))


def begin(one: Course, count: int) -> list[str]:
    """What may begin, begun as the pipeline's program does: the jobs."""
    began: list[str] = []
    while ready := one.ready():
        for name in [each.name for each in ready]:
            if name != "loop":
                one.is_at(name, name, JobStatus.RUNNING)
                began.append(name)
                continue
            if "loop" not in one.rounds:
                one.opened("loop", count)
            for number in one.rounds["loop"].next:
                one.is_at("body", step_job("p", "body", number), JobStatus.RUNNING)
                began.append(step_job("p", "body", number))
            if one.rounds["loop"].are_completed:
                one.is_at("loop", "", COMPLETED)
    return began


def test_a_body_never_begins_by_itself() -> None:
    assert [one.name for one in course(0).ready()] == ["loop", "beside"]


@given(st.integers(1, 9), st.integers(0, 4), st.data())
def test_every_round_runs_once_and_never_more_than_may_at_once(count: int, most: int, data: st.DataObject) -> None:
    one, began = course(most), list[str]()
    while not one.is_over:
        began += begin(one, count)
        running = [job for job, name in one.unfinished.items() if name == "body"]
        assert len(running) <= (most or count)
        assert ("use" in began) is one.rounds["loop"].are_completed
        ended = data.draw(st.sampled_from(sorted(one.unfinished)))
        one.is_at(one.unfinished[ended], ended, COMPLETED)
    assert sorted(began) == sorted(["beside", "use", *(step_job("p", "body", number) for number in range(count))])
    assert (one.failed, one.not_begun) == ([], 0)


@pytest.mark.parametrize("goes_on", [True, False])
def test_a_failed_round_fails_the_loop_and_only_ends_the_others_where_the_pipeline_does(goes_on: bool) -> None:
    one = course(2, goes_on=goes_on)
    assert begin(one, 3) == ["p_body", "p_body.1", "beside"]
    one.is_at("body", "p_body.1", FAILED)
    assert one.failed == ["loop"]
    assert list(one.to_stop()) == ([] if goes_on else ["beside", "p_body"])
    assert begin(one, 3) == (["p_body.2"] if goes_on else [])
    for job, name in one.unfinished.items():
        one.is_at(name, job, COMPLETED if goes_on else CANCELED)
    assert one.is_over
    assert one.cause == ("loop", "p_body.1")
    assert one.not_begun == 1


PLACE = OutputSpec("mltable", "/data/azureml/${{name}}/o")
EACH = ForEach(
    (Item({"n": InputSpec("integer", 1)}, {"d": Bound("o", "uri_folder", "a")}), Item()),
    {"n": Bound("n", "integer"), "d": Bound("d", "uri_folder", mode="download", optional=True)},
    ("n",),
    {"o": Collected("uri_folder", PLACE)},
)


def test_a_loops_plan_is_the_same_after_a_trip_through_its_json() -> None:
    plan = PipelinePlan((step("body"), loop("body", most=2, each=EACH)))
    assert plan_from_json(plan.to_json()) == plan
    assert collected_at(plan.steps[1], "fox")["o"].path == "/data/azureml/fox_loop/o"


def test_a_plan_of_before_there_were_loops_is_read() -> None:
    old = json.loads(PipelinePlan((step("a"),)).to_json())
    del old["steps"][0]["each"]
    assert plan_from_json(json.dumps(old)) == PipelinePlan((step("a"),))


def test_items_have_their_keys_or_their_numbers_for_names() -> None:
    assert rounds('{"b": {"n": 1}, "a": {"n": 2}}') == {"b": {"n": 1}, "a": {"n": 2}}
    assert rounds([{"n": 1}]) == {"0": {"n": 1}}
    assert given_by([{"n": 1, "m": 2}]) == {"n", "m"}
    assert list(problems("${{parent.inputs.x}}", {})) == []
    assert list(problems([{}, {}], {})) == []


def test_a_text_becomes_what_the_body_takes() -> None:
    items = items_of(EACH, '[{"n": "3", "d": {"path": "azureml://datastores/workspaceblobstore/paths/x"}}]')
    place = "azureml://datastores/workspaceblobstore/paths/x"
    given = {"n": InputSpec("integer", "3"), "d": InputSpec("uri_folder", place, "download", optional=True)}
    assert items == (Item(given),)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("x", "Items is neither a valid JSON string"),
        ("3", "Items is neither a valid JSON string"),
        ("{}", "Items is an empty list/dict."),
        ("[null]", "Items has to be list/dict of dict as value, but got <class 'NoneType'>"),
        ('[{"n": null}]', "Unsupported type <class 'NoneType'> in parallel_for items ('n')"),
        ('[{"n": 1}, {"n": 1, "d": "x"}]', "Items should have same keys with body inputs"),
        ('[{"k": 1}]', "the body has no input 'k'."),
        ('[{"d": "azureml://datastores/a/paths/b"}]', "item 0 has no 'n', which the body needs."),
        ('{"a": {"n": 1, "d": "azureml:raw:1"}}', "item a: d: 'azureml:raw:1' is not known when the pipeline"),
        ('[{"n": {"path": "x"}}]', "item 0: n is of type integer; found"),
    ],
)
def test_a_text_that_is_no_items_is_refused_with_the_reason(text: str, told: str) -> None:
    with pytest.raises(JobException) as raised:
        items_of(EACH, text)
    assert f"items: {told}" in raised.value.message


def made(folder: Path, kind: str, count: int) -> list[OutputSpec]:
    """An output of so many rounds: folders with a file `a`, or files."""
    found: list[OutputSpec] = []
    for number in range(count):
        place = folder / "made" / f"{number}" / ("o.csv" if kind == "uri_file" else "o")
        (place if kind == "uri_folder" else place.parent).mkdir(parents=True)
        (place / "a" if kind == "uri_folder" else place).write_text(f"{number}\n")
        found.append(OutputSpec(kind, str(place)))
    return found


def gathers(kind: str) -> StepPlan:
    return loop(each=ForEach(outputs={"o": Collected(kind, PLACE)}))


def test_folders_become_one_table_whose_names_sort_as_its_items_do(tmp_path: Path) -> None:
    place = tmp_path / AWKWARD / "all"
    outputs = made(tmp_path / AWKWARD, "uri_folder", 11)
    for _ in range(2):  # a program that was killed begins again
        collect(gathers("uri_folder"), "o", outputs, place)
    names = [f"{number:02}" for number in range(11)]
    assert sorted(path.name for path in place.iterdir()) == [*names, "MLTable"]
    assert [(place / name / "a").read_text() for name in names] == [f"{number}\n" for number in range(11)]
    assert [Path(str(one["folder"])).name for one in mltable.load(str(place)).paths] == names
    assert (place / "00" / "a").samefile(Path(outputs[0].path, "a"))


def test_files_become_one_table_that_reads_them_in_order(tmp_path: Path) -> None:
    place = tmp_path / AWKWARD / "all"
    outputs = [*made(tmp_path / AWKWARD, "uri_file", 2), OutputSpec("uri_file", "https://e.org/x.csv")]
    collect(gathers("uri_file"), "o", outputs, place)
    told = json.loads((place / "MLTable").read_text())
    assert told["paths"] == [{"file": "./0.csv"}, {"file": "./1.csv"}, {"file": "https://e.org/x.csv"}]
    assert (place / "1.csv").read_text() == "1\n"


@pytest.mark.parametrize(
    ("kind", "texts", "listed"),
    [
        ("integer", ["1", "2 "], [1, 2]),
        ("number", ["1.5", "2"], [1.5, 2.0]),
        ("boolean", ["True", "false"], [True, False]),
        ("string", ["a b", "2"], ["a b", "2"]),
        ("integer", ["1", "many"], [1, "many"]),
    ],
)
def test_values_become_a_list(tmp_path: Path, kind: str, texts: list[str], listed: list[object]) -> None:
    outputs = made(tmp_path / AWKWARD, "uri_file", 2)
    for output, text in zip(outputs, texts, strict=True):
        Path(output.path).write_text(text)
    collect(gathers(kind), "o", outputs, tmp_path / AWKWARD / "all")
    assert json.loads((tmp_path / AWKWARD / "all").read_text()) == listed


def test_a_round_that_made_nothing_is_told(tmp_path: Path) -> None:
    nothing = [OutputSpec("uri_file", str(tmp_path / "none"))]
    for kind, told in {"uri_file": "Step 'body' made nothing at", "string": "Step 'body' wrote no value to"}.items():
        with pytest.raises(JobException, match=told):
            collect(gathers(kind), "o", nothing, tmp_path / kind)

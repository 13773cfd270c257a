"""Pipelines of any shape: what is printed is read as the same; steps that wait for each other are always found."""

import io
from collections.abc import Sequence
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_aml import Input, load_job
from jupyter_aml.dsl import pipeline
from jupyter_aml.entities import CommandComponent, PipelineJob
from jupyter_aml.entities.pipeline_check import check_pipeline

STEP = CommandComponent.of({
    "name": "step", "command": "echo", "environment": "azureml:e:1",
    "inputs": {name: {"type": "uri_folder", "optional": True} for name in ("a", "b")},
    "outputs": {"o": {"type": "uri_folder"}},
})  # fmt: skip
Shape = Sequence[tuple[int, int]]
shapes = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), min_size=1, max_size=9)


def built(shape: Shape) -> PipelineJob:
    """A pipeline whose steps read the pipeline's input, or steps before them."""

    @pipeline(default_compute="c")
    def of_shape(raw: Any) -> Any:
        made: list[Any] = []
        for left, right in shape:
            sources = [raw, *(step.outputs.o for step in made)]
            made.append(STEP(a=sources[left % len(sources)], b=sources[right % len(sources)]))
        return {"o": made[-1].outputs.o}

    return of_shape(Input(path="azureml:raw:1"))


@given(shapes)
@settings(max_examples=40, deadline=None)
def test_what_is_printed_is_read_as_the_same(shape: Shape) -> None:
    job = built(shape)
    again = load_job(io.StringIO(str(job)))
    assert isinstance(again, PipelineJob)
    assert [step.spec() for step in again.jobs.values()] == [step.spec() for step in job.jobs.values()]
    assert (list(again.jobs), check_pipeline(job), check_pipeline(again)) == (list(job.jobs), (), ())


@given(shapes, st.data())
@settings(max_examples=40, deadline=None)
def test_steps_that_wait_for_each_other_are_found(shape: Shape, data: st.DataObject) -> None:
    job = built(shape)
    names = list(job.jobs)
    first = data.draw(st.integers(0, len(names) - 1))
    last = data.draw(st.integers(first, len(names) - 1))
    for number in range(first, last):  # a chain from the first to the last, closed to a circle
        job.jobs[names[number + 1]].inputs.a = f"${{{{parent.jobs.{names[number]}.outputs.o}}}}"  # pyright: ignore[reportAttributeAccessIssue]
    job.jobs[names[first]].inputs.a = f"${{{{parent.jobs.{names[last]}.outputs.o}}}}"  # pyright: ignore[reportAttributeAccessIssue]
    assert any("wait for each other" in text for _, text in check_pipeline(job))

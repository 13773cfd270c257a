"""Pipelines while they are edited: steps, ports, settings; what is said against them; steps that are jobs alone."""

import io
from copy import deepcopy
from typing import Any

import pytest
import yaml

from jupyter_aml import Input, Output, command, load_job
from jupyter_aml.dsl import pipeline, set_pipeline_settings
from jupyter_aml.entities import (
    CommandComponent,
    CommandNode,
    Data,
    PipelineComponent,
    PipelineJob,
    SubmittedPipelineJob,
    Sweep,
)
from jupyter_aml.entities.component import Component
from jupyter_aml.entities.job import Command
from jupyter_aml.entities.node_job import job_of
from jupyter_aml.entities.pipeline_check import check_pipeline
from jupyter_aml.entities.sweep_job import SweepJob
from jupyter_aml.exceptions import (
    MultipleValueError,
    TooManyPositionalArgsError,
    UnexpectedAttributeError,
    UnsupportedParameterKindError,
    UserErrorException,
    ValidationException,
)
from jupyter_aml.sweep import Choice

RAW = Input(type="uri_folder", path="azureml:raw:1")
_ = Component, Sweep  # names that the module must offer


def part(**fields: Any) -> CommandComponent:
    """A component of the workspace's kind; `items` and `made` are names that a dict has too, or might."""
    known: dict[str, Any] = {
        "name": "part", "command": "echo ${{inputs.data}}", "environment": "azureml:tools:1",
        "inputs": {"data": {"type": "uri_folder"}, "rate": {"type": "number", "default": 0.5}},
        "outputs": {"made": {"type": "uri_folder"}},
    }  # fmt: skip
    return CommandComponent.of(known | fields)


def two(**settings: Any) -> PipelineJob:
    component = part()

    @pipeline(**settings)
    def two_steps(raw: Any, rate: float = 0.1) -> Any:
        first = component(data=raw, rate=rate)
        second = component(data=first.outputs.made)
        return {"made": second.outputs.made}

    return two_steps(raw=RAW)


def test_a_component_of_the_workspace_is_named_and_another_one_stands_within() -> None:
    kept = part(id="azureml:/x", version="3")
    assert kept(data=RAW).spec()["component"] == "azureml:part:3"
    assert part()(data=RAW).spec()["component"]["command"] == "echo ${{inputs.data}}"


def test_a_misspelled_port_or_field_is_told_with_the_nearest() -> None:
    node = part()(data=RAW)
    with pytest.raises(UnexpectedAttributeError, match=r"(?s)unexpected attribute 'maed'.*Did you mean 'made'"):
        _ = node.outputs.maed
    with pytest.raises(AttributeError, match="valid attributes: 'data', 'rate'"):
        node.inputs.dat = 3
    with pytest.raises(ValidationException, match="Did you mean 'compute'"):
        node.comptue = "x"


def test_an_argument_is_known_in_any_case() -> None:
    assert part()(DATA=RAW).spec()["inputs"] == {"data": {"type": "uri_folder", "path": "azureml:raw:1"}}


def test_two_calls_are_two_steps() -> None:
    component = part()
    first, second = component(data=RAW), component(data=RAW)
    first.compute = "one"
    assert (second.compute, first == second) == (None, False)


def test_what_a_step_asks_for_is_not_what_its_component_does() -> None:
    component = part(resources={"instance_count": 2})
    node = component(data=RAW)
    node.set_resources(instance_count=5)
    assert (node.spec()["resources"], component.spec()["resources"]) == ({"instance_count": 5}, {"instance_count": 2})


def test_a_data_asset_is_given_by_its_version() -> None:
    asset = Data(name="d", version="4", type="uri_file", path="x.csv")
    given = {"type": "uri_file", "path": "azureml:d:4"}
    assert part()(data=asset).spec()["inputs"]["data"] == given


def test_a_pipeline_is_edited_by_attributes_after_the_call() -> None:
    job = two()
    job.settings.default_compute = "cluster"
    job.outputs.made.mode = "upload"
    job.inputs.rate = 0.9
    job.jobs["first"].name = "first"
    spec = job.spec()
    assert spec["settings"] == {"default_compute": "cluster"}
    assert spec["outputs"]["made"] == {"type": "uri_folder", "mode": "upload"}
    assert (spec["inputs"]["rate"], list(spec["jobs"])) == (0.9, ["first", "second"])


def test_a_copy_is_whole_and_its_own() -> None:
    job = two()
    for copied in (job.model_copy(deep=True), deepcopy(job)):
        assert copied.spec() == job.spec()
        first = copied.jobs["first"]
        assert isinstance(first, CommandNode)
        first.inputs.rate = 7
        assert copied.spec() != job.spec()


def test_how_an_output_is_written_is_said_once() -> None:
    text = """
    type: pipeline
    outputs: {o: {type: uri_folder}}
    jobs:
      a: {component: "azureml:part:1", outputs: {made: {mode: upload, path: "${{parent.outputs.o}}"}}}
    """
    spec = load_job(io.StringIO(text)).spec()
    assert spec["outputs"] == {"o": {"mode": "upload", "type": "uri_folder"}}
    assert spec["jobs"]["a"]["outputs"] == {"made": "${{parent.outputs.o}}"}


def test_one_output_of_a_step_is_one_of_the_pipeline() -> None:
    component = part()

    @pipeline
    def twice(raw: Any) -> Any:
        step = component(data=raw)
        return {"a": step.outputs.made, "b": step.outputs.made}

    with pytest.raises(UserErrorException, match="is the output 'a' already"):
        twice(RAW)


def test_a_name_that_is_taken_by_a_variable_is_not_taken_again() -> None:
    component = part()

    @pipeline
    def taken(raw: Any) -> None:
        part_1 = component(data=raw)
        part_2 = component(data=part_1.outputs.made)
        component(data=part_2.outputs.made)

    assert list(taken(RAW).jobs) == ["part_1", "part_2", "part_2_1"]


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda f: f(1, 2), TooManyPositionalArgsError),
        (lambda f: f(1, a=1), MultipleValueError),
    ],
)
def test_a_function_is_called_as_it_is_declared(call: Any, error: type[Exception]) -> None:
    @pipeline
    def one(a: int) -> None: ...

    with pytest.raises(error, match=r"one\(\)"):
        call(one)


def test_any_number_of_keywords_is_refused() -> None:
    @pipeline
    def many(**anything: int) -> None: ...

    with pytest.raises(UnsupportedParameterKindError, match=r"\*args or \*\*kwargs"):
        many(a=1)


def test_a_decorator_has_no_other_arguments() -> None:
    with pytest.raises(UserErrorException, match="Did you mean 'default_compute'"):
        pipeline(defautl_compute="x")


def test_settings_are_said_in_a_function_only() -> None:
    with pytest.raises(UserErrorException, match="in a @pipeline function"):
        set_pipeline_settings(on_init="a")


def test_what_a_function_within_is_told_to_run_on_is_not_heard() -> None:
    component = part()

    @pipeline(default_compute="inner")
    def inner(raw: Any) -> None:
        component(data=raw)

    @pipeline
    def outer(raw: Any) -> None:
        inner(raw)

    with pytest.warns(UserWarning, match="are ignored when using inside PipelineJob"):
        outer(RAW)


def test_a_failing_function_leaves_nothing_behind() -> None:
    component = part()

    @pipeline
    def fails(raw: Any) -> None:
        component(data=raw)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails(RAW)
    assert list(two().jobs) == ["first", "second"]
    assert isinstance(command(command="echo")(), Command)


def test_a_parameter_that_nobody_gives_is_no_binding() -> None:
    component = part(inputs={"data": {"type": "uri_folder"}, "n": {"type": "integer", "optional": True}})

    @pipeline(default_compute="c")
    def optional(raw: Any, n: Any = None) -> None:
        step = component(data=raw, n=n)
        step.compute = "c"

    job = optional(RAW)
    assert job.spec()["jobs"]["step"]["inputs"] == {"data": "${{parent.inputs.raw}}"}
    assert check_pipeline(job) == ()
    job.inputs.n = 4
    assert job.spec()["jobs"]["step"]["inputs"]["n"] == "${{parent.inputs.n}}"


BAD = {
    "jobs.b.inputs.data": ("'${{parent.jobs.aa.outputs.made}}'", "there is no step 'aa'. Did you mean 'a'?"),
    "an output": ("'${{parent.jobs.a.outputs.maed}}'", "step 'a' has no output 'maed'. Did you mean 'made'?"),
    "an input": ("'${{parent.inputs.rwa}}'", "the pipeline has no input 'rwa'. Did you mean 'raw'?"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_binding_to_nothing_is_told_by_its_path(name: str) -> None:
    given, told = BAD[name]
    component = yaml.safe_dump(part().spec(), default_flow_style=True)
    text = f"""
    type: pipeline
    inputs: {{raw: {{path: "azureml:raw:1"}}}}
    jobs:
      a: {{component: {component.strip()}, inputs: {{data: '${{{{parent.inputs.raw}}}}'}}}}
      b: {{component: {component.strip()}, inputs: {{data: {given}}}}}
    """
    job = load_job(io.StringIO(text))
    assert isinstance(job, PipelineJob)
    assert check_pipeline(job) == (("jobs.b.inputs.data", told),)


def test_an_unknown_input_is_told_when_it_is_read() -> None:
    component = yaml.safe_dump(part().spec(), default_flow_style=True).strip()
    with pytest.raises(ValidationException, match=r"jobs\.a\.inputs\.dat: unknown\. Did you mean 'data'"):
        load_job(io.StringIO(f"type: pipeline\njobs: {{a: {{component: {component}, inputs: {{dat: 1}}}}}}"))


def test_what_the_workspace_knows_is_looked_at_when_it_is_told() -> None:
    job = PipelineJob.of({"jobs": {"a": {"component": "azureml:part:1", "inputs": {"dat": 1}}}})
    assert check_pipeline(job) == ()
    found = dict(check_pipeline(job, {"azureml:part:1": part().spec()}))
    assert found == {
        "jobs.a.inputs.dat": "unknown. Did you mean 'data'?",
        "jobs.a.inputs.data": "Required input 'data' for component 'a' not provided.",
    }


def test_a_pipeline_without_steps_is_told() -> None:
    assert check_pipeline(PipelineJob()) == (("jobs", "required, and empty: a pipeline has a step at least."),)


def test_a_step_is_a_job_of_its_own_outside_of_a_pipeline() -> None:
    node = part()(data=RAW)
    node.compute, node.environment_variables = "c", {"A": "b"}
    node.outputs.made.mode = "upload"
    job = job_of(node)
    assert isinstance(job, Command)
    assert job.spec()["inputs"] == {"rate": 0.5, "data": {"type": "uri_folder", "path": "azureml:raw:1"}}
    assert (job.outputs.made.mode, job.compute, job.environment_variables) == ("upload", "c", {"A": "b"})


def test_a_sweep_and_a_pipeline_are_jobs_of_their_own_too() -> None:
    swept = part()(data=RAW, rate=Choice([1, 2])).sweep(primary_metric="m", goal="maximize", max_total_trials=2)
    sweep = job_of(swept)
    assert isinstance(sweep, SweepJob)
    assert list(sweep.search_space) == ["rate"]
    whole = PipelineComponent.of({
        "name": "whole", "inputs": {"raw": {"type": "uri_folder"}, "n": {"type": "integer", "default": 2}},
        "outputs": {"o": {"type": "uri_folder"}},
        "jobs": {"a": part()(data="${{parent.inputs.raw}}").spec()},
    })  # fmt: skip
    made = job_of(whole(raw=RAW))
    assert isinstance(made, PipelineJob)
    assert (made.spec()["inputs"]["n"], list(made.jobs)) == (2, ["a"])


def test_a_returned_pipeline_is_called_to_run_once_more() -> None:
    draft = two(default_compute="c", tags={"a": "b"})
    job = SubmittedPipelineJob.of({**draft.spec(), "name": "p1", "status": "Completed", "id": "x"})
    again = job(rate=0.7)
    assert (again.name, again.spec()["inputs"]["rate"], list(again.jobs)) == (None, 0.7, ["first", "second"])
    assert "status: Completed" in str(job)


def test_an_output_may_be_said_as_an_output() -> None:
    node = part()(data=RAW)
    node.outputs.made = Output(type="uri_file", name="kept", version="2")
    assert node.spec()["outputs"]["made"] == {"type": "uri_file", "name": "kept", "version": "2"}

"""Pipeline jobs whose steps are those of a component: of a file, or named, and then seen at submit. Drafts only."""

from pathlib import Path

import pytest

from jupyter_aml import load_job
from jupyter_aml.entities import PipelineJob
from jupyter_aml.entities.pipeline_check import check_pipeline
from jupyter_aml.exceptions import ValidationException

STEP_FILE = """
name: step
command: echo ${{inputs.n}}
environment: {name: e, version: 2, image: i}
inputs: {n: {type: integer}}
"""
WHOLE_FILE = """
name: whole
type: pipeline
description: two of them
inputs: {n: {type: integer, default: 3}}
outputs: {o: {type: uri_folder}}
jobs: {a: {component: ./step.yml, inputs: {n: "${{parent.inputs.n}}"}}, b: {component: ./step.yml, inputs: {n: 1}}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A pipeline component and the component of its steps, as files below `parts`."""
    parts = tmp_path / "parts"
    parts.mkdir()
    (parts / "step.yml").write_text(STEP_FILE)
    (parts / "whole.yml").write_text(WHOLE_FILE)
    return tmp_path


def _job(folder: Path, text: str) -> PipelineJob:
    (folder / "job.yml").write_text(f"type: pipeline\ncompute: cpu\n{text}\n")
    job = load_job(folder / "job.yml")
    assert isinstance(job, PipelineJob)
    return job


def test_a_pipeline_job_may_be_a_component_of_a_file(folder: Path) -> None:
    job = _job(folder, "component: parts/whole.yml\ninputs: {n: 5}")
    assert (list(job.jobs), job.compute, job.description) == (["a", "b"], "cpu", "two of them")
    assert (job.spec()["inputs"], list(job.outputs)) == ({"n": 5}, ["o"])
    assert _job(folder, "component: parts/whole.yml").spec()["inputs"] == {"n": 3}


def test_what_a_components_file_declares_may_be_left_out_if_it_is_optional(folder: Path) -> None:
    step = STEP_FILE.replace("integer}", "integer}, s: {type: string, optional: true}")
    (folder / "parts" / "step.yml").write_text(step)
    given = "{n: '${{parent.inputs.n}}', s: '${{parent.inputs.s}}'}"
    (folder / "parts" / "whole.yml").write_text(
        "name: whole\ntype: pipeline\ninputs: {n: {type: integer}, s: {type: string, optional: true}}\n"
        f"jobs: {{a: {{component: ./step.yml, inputs: {given}}}}}\n"
    )
    job = _job(folder, "component: parts/whole.yml\ninputs: {n: 5}")
    for one in (job, job(), job(n=6)):
        assert check_pipeline(one) == ()
        assert list(one.spec()["jobs"]["a"]["inputs"]) == ["n"]
    assert list(job(s="x").spec()["jobs"]["a"]["inputs"]) == ["n", "s"]
    (problem,) = check_pipeline(_job(folder, "component: parts/whole.yml"))
    assert problem == ("inputs.n", "Required input 'n' for pipeline 'whole' not provided.")


def test_what_a_components_file_does_not_declare_is_told(folder: Path) -> None:
    with pytest.raises(ValidationException, match=r"inputs\.m: unknown\. There is: n"):
        _job(folder, "component: parts/whole.yml\ninputs: {m: 5}")


def test_the_version_of_what_is_within_a_step_may_be_a_number(folder: Path) -> None:
    step = _job(folder, "component: parts/whole.yml").spec()["jobs"]["a"]
    assert step["component"]["environment"]["version"] == "2"
    task = "{type: run_function, code: ., entry_script: e.py, environment: {name: e, version: 1, image: i}}"
    job = _job(folder, f"jobs: {{p: {{type: parallel, mini_batch_size: '1', task: {task}}}}}")
    assert job.spec()["jobs"]["p"]["component"]["task"]["environment"]["version"] == "1"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("component: parts/whole.yml\njobs: {a: {component: 'azureml:a:1'}}", "component: a pipeline has either"),
        ("component: whole:1", "found 'whole:1'.*One of the workspace is azureml:whole:1"),
        ("component:", r"component: a file, or a component of the workspace.*\(found None\)"),
        ("component: parts/step.yml", r"component: a pipeline component is expected \(found command\)"),
        ("component: parts/hole.yml", "Did you mean 'whole.yml'"),
    ],
)
def test_another_component_than_a_pipelines_is_refused_by_its_path(folder: Path, text: str, told: str) -> None:
    with pytest.raises(ValidationException, match=told):
        _job(folder, text)


def test_a_component_of_a_registry_is_no_file(folder: Path) -> None:
    reference = "azureml://registries/azureml/components/train/labels/latest"
    assert _job(folder, f"jobs: {{a: {{component: '{reference}'}}}}").jobs["a"].spec()["component"] == reference

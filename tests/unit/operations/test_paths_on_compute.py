"""`path_on_compute` in a pipeline: refused by its path wherever it is said, and nothing is stored."""

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from jupyter_aml.entities import PipelineJob
from jupyter_aml.exceptions import UnsupportedFieldError, ValidationException
from jupyter_aml.operations import pipelines
from jupyter_aml.operations.workspaces import Workspace
from tests.unit.operations.conftest import stored

STEP = """
component:
  command: echo ${{inputs.x}} ${{outputs.o}}
  environment: azureml:kernel@latest
  inputs: {x: {type: uri_file}}
  outputs: {o: {type: uri_folder}}
compute: azureml:local-cluster
"""
DATA = "type: uri_file, path: data/d.csv"
PLACE = "path_on_compute: /mnt/x"
OF_PIPELINE = "inputs: {p: {type: uri_file, path: data/d.csv}}\n"
BOUND = "inputs: {x: '${{parent.inputs.p}}'}"


def written(step: str, around: str = OF_PIPELINE) -> PipelineJob:
    """A pipeline of one step, `a`, of which this is said besides what it runs."""
    node = {**yaml.safe_load(STEP), **yaml.safe_load(step)}
    return PipelineJob.of({"jobs": {"a": node}, **yaml.safe_load(around)})


def nested(given: str) -> PipelineJob:
    """A pipeline of one step, `a`, that is a pipeline and is given this."""
    inner = {"type": "pipeline", "inputs": {"p": {"type": "uri_file"}}}
    inner["jobs"] = {"b": {**yaml.safe_load(STEP), **yaml.safe_load(BOUND)}}
    node = {"type": "pipeline", "component": inner, "inputs": {"p": yaml.safe_load(given)}}
    return PipelineJob.of({"jobs": {"a": node}, **yaml.safe_load(OF_PIPELINE)})


@pytest.mark.parametrize(
    ("path", "pipeline"),
    [
        ("inputs.p", lambda: written(BOUND, f"inputs: {{p: {{{DATA}, {PLACE}}}}}")),
        ("outputs.o", lambda: written(BOUND, f"{OF_PIPELINE}outputs: {{o: {{{PLACE}}}}}")),
        ("jobs.a.inputs.x", lambda: written(f"inputs: {{x: {{{DATA}, {PLACE}}}}}")),
        ("jobs.a.inputs.x", lambda: written(f"inputs: {{x: {{path: '${{{{parent.inputs.p}}}}', {PLACE}}}}}")),
        ("jobs.a.outputs.o", lambda: written(f"{BOUND}\noutputs: {{o: {{{PLACE}}}}}")),
        ("jobs.a.inputs.p", lambda: nested(f"{{{DATA}, {PLACE}}}")),
    ],
)  # fmt: skip
def test_no_path_on_the_compute_is_left_unsaid(
    workspace: Workspace, here: Path, path: str, pipeline: Callable[[], PipelineJob]
) -> None:
    before = stored(workspace)
    with pytest.raises(UnsupportedFieldError) as caught:
        pipelines.submit(workspace, pipeline())
    assert str(caught.value).startswith(f"{path}.path_on_compute: data is not put at '/mnt/x' here.")
    assert stored(workspace) == before


def test_what_a_pipeline_within_is_given_is_checked_as_any_input(workspace: Workspace, here: Path) -> None:
    with pytest.raises(ValidationException, match=r"^jobs\.a\.inputs\.p\.mode: 'downlod' is not a mode"):
        pipelines.submit(workspace, nested(f"{{{DATA}, mode: downlod}}"))

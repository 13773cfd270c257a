"""What a component says of its inputs holds for every step: least and greatest value, the values there are, whole."""

from typing import Any

import pytest

from jupyter_aml import MLClient
from jupyter_aml.entities import PipelineJob
from jupyter_aml.exceptions import ValidationException
from jupyter_aml.operations import pipelines
from tests.unit.operations.conftest import stored

STEP = {
    "type": "command", "environment": "azureml:AzureML-sklearn-1.5@latest",
    "command": "echo ${{inputs.n}} ${{inputs.kind}} ${{inputs.rate}}",
    "inputs": {
        "n": {"type": "integer", "min": 1, "max": 5, "default": 2},
        "kind": {"type": "string", "enum": ["a", "b"], "default": "a"},
        "rate": {"type": "number", "max": 1, "default": 0.5},
    },
}  # fmt: skip
N_IS_WRONG = "jobs.only.inputs.n: 9 is not between 1.0 and 5.0."
Given = dict[str, Any]


def pipeline(given: Given, own: Given | None = None, component: Given = STEP) -> PipelineJob:
    step = {"type": component["type"], "component": component, "inputs": given}
    inputs = own or {}
    return PipelineJob.of({"jobs": {"only": step}, "inputs": inputs, "settings": {"default_compute": "serverless"}})


@pytest.mark.parametrize(
    ("given", "own", "told"),
    [
        ({"n": 9}, {}, N_IS_WRONG),
        ({"n": 0}, {}, "jobs.only.inputs.n: 0 is not between 1.0 and 5.0."),
        ({"n": 2.5}, {}, "jobs.only.inputs.n: 2.5 is not of type integer."),
        ({"kind": "c"}, {}, "jobs.only.inputs.kind: 'c' is none of ['a', 'b']."),
        ({"rate": 1.5}, {}, "jobs.only.inputs.rate: 1.5 is not between -inf and 1.0."),
        ({"n": "${{parent.inputs.many}}"}, {"many": 9}, N_IS_WRONG),
        ({"n": "${{parent.inputs.many}}"}, {"many": {"type": "integer", "default": 9}}, N_IS_WRONG),
    ],
)
def test_a_value_out_of_bounds_is_told_by_its_path_and_nothing_is_stored(
    ml_client: MLClient, given: Given, own: Given, told: str
) -> None:
    before = stored(ml_client.workspace)
    with pytest.raises(ValidationException) as caught:
        pipelines.submit(ml_client.workspace, pipeline(given, own))
    assert str(caught.value).splitlines()[0] == told
    assert stored(ml_client.workspace) == before


def test_a_pipeline_within_hands_its_values_on_and_they_are_looked_at(ml_client: MLClient) -> None:
    inner = {
        "type": "pipeline", "inputs": {"many": {"type": "integer"}},
        "jobs": {"deep": {"type": "command", "component": STEP, "inputs": {"n": "${{parent.inputs.many}}"}}},
    }  # fmt: skip
    with pytest.raises(
        ValidationException, match=r"jobs\.only\.jobs\.deep\.inputs\.n: 9 is not between 1\.0 and 5\.0\."
    ):
        pipelines.submit(ml_client.workspace, pipeline({"many": 9}, component=inner))


@pytest.mark.parametrize(
    ("given", "own"),
    [
        ({}, {}),
        ({"n": 5, "kind": "b", "rate": 1}, {}),
        ({"n": 3.0}, {}),
        ({"n": "${{parent.inputs.many}}"}, {"many": 1}),
    ],
)
def test_a_value_within_bounds_runs(ml_client: MLClient, given: Given, own: Given) -> None:
    assert pipelines.submit(ml_client.workspace, pipeline(given, own)).type == "pipeline"

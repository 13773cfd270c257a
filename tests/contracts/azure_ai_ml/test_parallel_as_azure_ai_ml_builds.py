"""Line for line: `parallel_run_function` of ours and of the real azure-ai-ml make the same step, or refuse it."""

import importlib.util
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

import jupyter_aml
from jupyter_aml import entities, parallel
from jupyter_aml.entities.parallel_step import parallel_plan
from jupyter_aml.exceptions import ValidationException
from jupyter_aml.runner.parallel.batches import size_of

HERE = Path(__file__).parent
TASK = (
    "task=RunFunction(code='/opt', entry_script='score.py', environment='azureml:e:1',"
    " program_arguments='--rate ${{inputs.rate}}', append_row_to='${{outputs.rows}}')"
)
BASE = (
    "name='score', display_name='Score', description='two words', input_data='${{inputs.data}}',"
    " inputs={'data': Input(type='uri_folder'), 'rate': Input(type='number', default=0.5)},"
    f" outputs={{'rows': Output(type='uri_file')}}, {TASK}"
)
LINES = [
    BASE,
    f"{BASE}, mini_batch_size='10'",
    f"{BASE}, mini_batch_size='100kb', instance_count=2, max_concurrency_per_instance=3",
    f"{BASE}, mini_batch_size='1MB', partition_keys=['store', 'brand']",
    f"{BASE}, error_threshold=5, mini_batch_error_threshold=7, logging_level='DEBUG'",
    f"{BASE}, retry_settings=dict(max_retries=4, timeout=30)",
    f"{BASE}, environment_variables={{'A': '1'}}, is_deterministic=False",
    f"{BASE}, tags={{'a': 'b'}}, instance_count=2, shm_size='1g', compute='cpu'",
    f"{BASE}, version='3', item_error_treshold=3, progress_update_timeout=9",
    f"{BASE}, retry_settings={{'timeout': 9}}, error_threshold=-1",
]
REFUSED = [
    f"{BASE}, mini_batch_size='ten'",
    f"{BASE}, mini_batch_size='10tb'",
    f"{BASE}, max_concurrency_per_instance='two'",
    f"{BASE}, error_threshold='many'",
    f"{BASE}, mini_batch_error_threshold=[1]",
    f"{BASE}, retry_settings=3",
    f"{BASE}, instance_count=2, resources=3",
    BASE.replace("'${{inputs.data}}'", "3"),
]
CALLS = [
    "data=Input(type='uri_folder', path='azureml:d:1')",
    "data=Input(type='uri_folder', path='azureml:d:1'), rate=2",
]
MISTAKES = ["dat=1", "1"]

pytestmark = pytest.mark.timeout(1800)  # the first test installs the real package


def line(arguments: str, *calls: str) -> str:
    return f"parallel_run_function({arguments})" + "".join(f"({call})" for call in calls)


ASKED = [*map(line, (*LINES, *REFUSED)), *(line(BASE, call) for call in (*CALLS, *MISTAKES))]


@cache
def real() -> dict[str, Any]:
    """What the real package makes of each line."""
    spec = importlib.util.spec_from_file_location("azure_oracle", HERE.parents[1] / "oracles" / "azure_ai_ml.py")
    assert spec
    assert spec.loader
    oracle = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(oracle)
    cases = [{"kind": "step", "text": text, "folder": ""} for text in ASKED]
    return dict(zip(ASKED, oracle.answers(HERE / "parallel_driver.py", cases), strict=True))


def ours(text: str) -> Any:
    """The same line over our names."""
    names = {name: getattr(place, name) for place in (jupyter_aml, parallel) for name in place.__all__}
    names["Environment"] = entities.Environment
    return eval(text, names)  # noqa: S307 - the tests' own lines


QUIET = {"display_name", "description", "tags", "version", "item_error_treshold", "progress_update_timeout"}
"""What Azure's step has and does not print, or prints because it keeps every keyword."""
NOTHING = ({}, None, "0", {"type": "uri_folder"}, {"type": "uri_file"})
"""A port without a value; the size 0, which is none."""


def same(fields: dict[str, Any]) -> dict[str, Any]:
    """A step as both say it, without what says nothing."""
    component = _some({**fields["component"], "inputs": _numbers(fields["component"]["inputs"])})
    ports = {kind: _some(fields.get(kind, {})) for kind in ("inputs", "outputs")}
    found = {**fields, **ports, "component": {"is_deterministic": True, **component}}
    if size := size_of(str(found.get("mini_batch_size", ""))):
        found["mini_batch_size"] = str(size.number)  # Azure has bytes as a number
    found["compute"] = found.get("compute", "").removeprefix("azureml:")
    return _some({name: value for name, value in found.items() if name not in QUIET})


def _some(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value not in NOTHING}


def _numbers(inputs: dict[str, Any]) -> dict[str, Any]:
    """Azure prints the number 0.5 as the text '0.5'."""
    return {
        name: {key: str(value) if key == "default" else value for key, value in port.items()}
        for name, port in inputs.items()
    }


@pytest.mark.parametrize("text", [*map(line, LINES), *(line(BASE, call) for call in CALLS)])
def test_a_line_makes_the_same_step(text: str) -> None:
    found = real()[text]
    assert "error" not in found, found
    assert same(yaml.safe_load(str(ours(text)))) == same(found["fields"])


@pytest.mark.parametrize("text", [*map(line, REFUSED), *(line(BASE, call) for call in MISTAKES)])
def test_what_azure_refuses_we_refuse(text: str) -> None:
    assert "error" in real()[text]
    with pytest.raises(ValidationException) as caught:
        ours(text)
    if text.endswith("(dat=1)"):
        assert caught.value.message == real()[text]["text"]


def test_a_step_has_a_plan_for_the_driver() -> None:
    plan = parallel_plan(ours(line(f"{BASE}, mini_batch_size='10', instance_count=2", CALLS[0])).spec())
    assert (plan.entry_script, plan.input, plan.output, plan.output_type) == ("score.py", "data", "rows", "uri_file")
    assert (plan.mini_batch_size, plan.nodes) == ("10", 2)


def test_every_name_of_azures_package_is_there() -> None:
    assert set(parallel.__all__) == {"ParallelJob", "RunFunction", "parallel_run_function"}

"""Line for line: the same Python, over our names and over those of the real azure-ai-ml, makes the same sweep."""

import importlib.util
import io
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

import jupyter_aml
from jupyter_aml import sweep
from jupyter_aml.entities.yaml import load_job
from jupyter_aml.exceptions import ValidationException

HERE = Path(__file__).parent
JOB = (
    "command(command='python a.py --x ${{inputs.x}} --y ${{inputs.y}}', environment='azureml:e:1', compute='c',"
    " inputs={'x': 1, 'y': 0.5}, outputs={'o': Output(type='uri_folder')}, display_name='d', description='two\\nlines',"
    " experiment_name='e', tags={'a': 'b'}, environment_variables={'V': 'w'}, instance_count=2, shm_size='1g',"
    " distribution=MpiDistribution(process_count_per_instance=2))"
)
BANDIT = "BanditPolicy(slack_factor=0.1, evaluation_interval=2, delay_evaluation=5)"
TRUNCATION = "TruncationSelectionPolicy(truncation_percentage=20, evaluation_interval=1)"
LINES = [
    ("x=Choice([1, 2])", ""),
    ("x=Choice(values=[1, 'a', 0.5]), y=Uniform(0, 1)", "max_concurrent_trials=2"),
    ("y=Uniform(min_value=0.1, max_value=0.9)", "timeout=30, trial_timeout=61"),
    ("x=Randint(5), y=LogUniform(-6, -1)", "timeout=0"),
    ("x=QUniform(1, 9, 2), y=QLogUniform(0, 3, 1)", "compute='other'"),
    ("x=Normal(0, 1), y=LogNormal(0, 1)", "job_tier='standard', priority='low'"),
    ("x=QNormal(5, 2, 1), y=QLogNormal(1, 1, 0.5)", "identity=UserIdentityConfiguration()"),
    ("x=Choice([{'k': 'a', 'u': Uniform(0, 1)}, {'k': 'b', 'c': Choice([1, 2])}])", ""),
    ("x=Choice([1])", "sampling_algorithm='grid'"),
    ("x=Choice([1])", "sampling_algorithm='Bayesian'"),
    ("x=Choice([1])", "sampling_algorithm=RandomSamplingAlgorithm(rule='sobol', seed=3)"),
    ("x=Choice([1])", "early_termination_policy='bandit'"),
    ("x=Choice([1])", f"early_termination_policy={BANDIT}"),
    ("x=Choice([1])", "early_termination_policy=MedianStoppingPolicy(delay_evaluation=5)"),
    ("x=Choice([1])", f"early_termination_policy={TRUNCATION}"),
    ("", "search_space={'z': Choice([1, 2])}"),
    ("x=Choice([1])", "search_space={'x': Choice([3]), 'z': Choice([1, 2])}"),
    ("x=Uniform(9, 1)", ""),
    ("x=Normal(0, 1)", "sampling_algorithm='bayesian'"),
]
"""Inputs, and arguments of `sweep`. What the last two ask passes both clients and is refused at submit."""
LOST = ("description", "experiment_name", "queue_settings")
"""What Azure's client forgets on the way from a command to its sweep (a tier, where there were no settings); not we."""
REFUSED = [
    ("x=Choice([1])", "sampling_algorithm='bogus'"),
    ("x=Choice([1])", "early_termination_policy='bogus'"),
    ("x=Choice([1])", "early_termination_policy='median_stopping'"),
    ("x=Choice([1])", "early_termination_policy=3"),
    ("x=Choice([1])", "max_trials=3"),
    ("x=Uniform(1, 2, 3)", ""),
    ("x=Choice([1], value=2)", ""),
]

pytestmark = pytest.mark.timeout(1800)  # the first test installs the real package


def line(inputs: str, arguments: str) -> str:
    return f"{JOB}({inputs}).sweep(primary_metric='m', goal='Maximize', max_total_trials=4, {arguments})"


@cache
def real() -> dict[str, Any]:
    """What the real package makes of each line."""
    spec = importlib.util.spec_from_file_location("azure_oracle", HERE.parents[1] / "oracles" / "azure_ai_ml.py")
    assert spec
    assert spec.loader
    oracle = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(oracle)
    lines = [line(*one) for one in (*LINES, *REFUSED)]
    cases = [{"kind": "built", "text": text, "folder": ""} for text in lines]
    return dict(zip(lines, oracle.answers(HERE / "driver.py", cases), strict=True))


def ours(text: str) -> sweep.SweepJob:
    """What we make of it."""
    names = {name: getattr(jupyter_aml, name) for name in jupyter_aml.__all__}
    return eval(text, names | vars(sweep))  # noqa: S307 - the lines above


@pytest.mark.parametrize(("inputs", "arguments"), LINES)
def test_the_same_line_makes_the_same_sweep(inputs: str, arguments: str) -> None:
    text = line(inputs, arguments)
    theirs = real()[text]
    assert "error" not in theirs, theirs
    fields = load_job(io.StringIO(yaml.safe_dump(theirs["fields"]))).spec()
    lost = {name: value for name, value in ours(text).spec().items() if name not in LOST}
    assert fields | {"compute": fields["compute"].removeprefix("azureml:")} == lost


@pytest.mark.parametrize(("inputs", "arguments"), REFUSED)
def test_what_azure_refuses_to_build_we_refuse_to_build(inputs: str, arguments: str) -> None:
    text = line(inputs, arguments)
    assert real()[text]["error"] in {"ValidationException", "TypeError"}, real()[text]
    with pytest.raises((ValidationException, TypeError)):
        ours(text)

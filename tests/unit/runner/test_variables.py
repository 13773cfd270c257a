"""The environment of a job's process (§7.5), as the process itself reports it."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from jupyter_aml.entities.launch import Distribution, InputSpec, OutputSpec
from jupyter_aml.runner import variables
from tests.contracts.executors.yard import Yard

REPORT = "import json, os; print(json.dumps(dict(os.environ)))"
WORKSPACE = {"subscription_id": "s", "resource_group": "g", "name": "w", "id": "guid", "arm": "/subscriptions/s"}


def environment(yard: Yard, command: str = "python main.py", **rest: Any) -> dict[str, str]:
    attempt, outcome = yard.run(command, {"main.py": REPORT}, **rest)
    assert outcome.exit_code == 0, outcome.error
    return json.loads(attempt.log())


def test_a_job_finds_azures_variables(yard: Yard) -> None:
    yard.tracking_uri = "jupyter-aml:///w/mlflow.db"
    found = environment(
        yard,
        workspace=WORKSPACE,
        experiment="wine",
        experiment_id="7",
        inputs={
            "rate": InputSpec("number", 0.1),
            "none": InputSpec("string", None, optional=True),
            "data": InputSpec("uri_folder", str(yard.root)),
            "far": InputSpec("uri_file", "https://example.org/f", "direct"),
        },
        outputs={"model": OutputSpec("uri_folder", str(yard.root / "m"))},
    )
    expected = {
        "AZUREML_RUN_ID": "job_1",
        "AZUREML_ROOT_RUN_ID": "job_1",
        "AZUREML_EXPERIMENT_NAME": "wine",
        "AZUREML_EXPERIMENT_ID": "7",
        "AZUREML_ARM_SUBSCRIPTION": "s",
        "AZUREML_ARM_RESOURCEGROUP": "g",
        "AZUREML_ARM_WORKSPACE_NAME": "w",
        "AZUREML_ARM_PROJECT_NAME": "wine",
        "AZUREML_WORKSPACE_ID": "guid",
        "AZUREML_WORKSPACE_SCOPE": "/subscriptions/s",
        "AZUREML_CR_NODE_RANK": "0",
        "AZUREML_PARAMETER_rate": "0.1",
        "AZUREML_PARAMETER_data": str(yard.root),
        "AZUREML_PARAMETER_model": str(yard.root / "m"),
        "AZURE_ML_INPUT_data": str(yard.root),
        "AZURE_ML_INPUT_far": "https://example.org/f",
        "AZURE_ML_OUTPUT_model": str(yard.root / "m"),
        "MLFLOW_TRACKING_URI": "jupyter-aml:///w/mlflow.db",
        "MLFLOW_RUN_ID": "job_1",
        "MLFLOW_EXPERIMENT_NAME": "wine",
        "MLFLOW_EXPERIMENT_ID": "7",
        "AZ_BATCH_HOST_LIST": "127.0.0.1",
        "AZ_BATCHAI_TASK_INDEX": "0",
        "PYTHONUNBUFFERED": "1",
    }
    assert {name: found.get(name) for name in expected} == expected
    assert not {"AZUREML_PARAMETER_none", "AZURE_ML_INPUT_rate", "PYTHONDONTWRITEBYTECODE"} & set(found)


def test_what_belongs_to_the_kernel_stays_there(yard: Yard, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("JPY_PARENT_PID", "MPLBACKEND", "IPYTHONDIR", "AZUREML_RUN_ID", "MLFLOW_RUN_ID", "PYTHONSTARTUP"):
        monkeypatch.setenv(name, "kernel's")
    monkeypatch.setenv("MY_OWN", "kept")
    variables.of_interpreter.cache_clear()
    found = environment(yard)
    variables.of_interpreter.cache_clear()
    assert [name for name, value in found.items() if value == "kernel's"] == []
    assert found["MY_OWN"] == "kept"


def test_python_is_the_environments_own(yard: Yard) -> None:
    assert environment(yard)["PATH"].partition(os.pathsep)[0] == str(Path(yard.interpreter).parent)
    attempt, _ = yard.run("python -c 'import sys; print(sys.executable)'; which python")
    assert attempt.log() == f"{Path(yard.interpreter).with_name('python')}\n" * 2


def test_the_users_variables_come_last(yard: Yard) -> None:
    own = {"PYTHONUNBUFFERED": "", "AZUREML_RUN_ID": "mine", "RANK": "9", "SPACED": "a b 'c\" ;é\nd"}
    distribution = Distribution("pytorch")
    attempt, _ = yard.run("python main.py", {"main.py": REPORT}, environment_variables=own, distribution=distribution)
    found = json.loads(attempt.log("std_log_process_0.txt"))
    assert {name: found[name] for name in own} == own


def test_python_started_with_and_without_bash_finds_the_same(yard: Yard) -> None:
    direct = environment(yard)
    through_bash = environment(yard, "python main.py;")
    own = {name for name in direct if "job_1" in direct[name]}
    assert {name: value for name, value in direct.items() if name not in own} == {
        name: value for name, value in through_bash.items() if name not in own
    }

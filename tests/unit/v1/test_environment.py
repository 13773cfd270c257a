"""SDK v1's environments and run configurations as SDK v2's drafts; what stands for those that ask for SDK v1."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from jupyter_aml.entities.emulation import MARK, OLD_NUMPY
from jupyter_aml.entities.input_output import Input
from jupyter_aml.exceptions import UserErrorException
from jupyter_aml.operations import stand_ins
from jupyter_aml.v1.core import Environment, RunConfiguration, ScriptRunConfig
from jupyter_aml.v1.core.binding import Binding
from jupyter_aml.v1.core.conda_dependencies import CondaDependencies
from jupyter_aml.v1.core.runconfig import MpiConfiguration


def conda(*pip: str, python: str = "3.6.2") -> dict[str, Any]:
    return {"dependencies": [f"python={python}", "pandas=0.25", {"pip": list(pip)}]}


def test_packages_are_added_once_and_taken_away() -> None:
    made = CondaDependencies.create(conda_packages=["scikit-learn=0.22"], pip_packages=["joblib"], python_version="3.8")
    made.add_conda_package("scikit-learn=0.24")
    made.add_pip_package("joblib==1.0")
    made.add_pip_package("numpy")
    made.remove_pip_package("numpy")
    assert (list(made.conda_packages), list(made.pip_packages)) == (["scikit-learn=0.24"], ["joblib==1.0"])
    assert made.python_version == "3.8"


def test_an_environment_is_read_back_from_its_folder(tmp_path: Path) -> None:
    made = Environment("tools")
    made.python.conda_dependencies.add_pip_package("joblib")
    made.environment_variables["A"] = "b"
    made.save_to_directory(tmp_path / "e")
    again = Environment.load_from_directory(tmp_path / "e")
    assert again.draft() == made.draft()
    with pytest.raises(UserErrorException, match="overwrite"):
        made.save_to_directory(tmp_path / "e")


def test_packages_of_the_users_own_are_no_conda_file() -> None:
    made = Environment("own")
    made.python.user_managed_dependencies = True
    assert made.draft().conda_file is None
    assert made.draft().image


def test_an_environments_variables_travel_with_it() -> None:
    made = Environment("e")
    made.environment_variables = {"LEVEL": "3"}
    assert (made.draft().conda_file or {})["variables"] == {"LEVEL": "3"}


def test_a_run_configuration_says_where_and_in_what(tmp_path: Path) -> None:
    (tmp_path / "a.py").touch()
    given = RunConfiguration(conda_dependencies=CondaDependencies.create(pip_packages=["joblib"]))
    given.target = "cluster"
    job = ScriptRunConfig(tmp_path, "a.py", run_config=given, distributed_job_config=MpiConfiguration(2, 3)).job("e")
    assert (job.compute, job.resources.instance_count) == ("cluster", 3)
    assert job.distribution is not None
    assert (job.distribution.type, job.distribution.process_count_per_instance) == ("mpi", 2)


class Named:
    """An argument that stands for data."""

    def __init__(self, path: str) -> None:
        self.path = path

    def binding(self) -> Binding:
        return Binding("training", Input(type="uri_file", path=self.path))


def test_an_argument_may_be_data(tmp_path: Path) -> None:
    (tmp_path / "a.py").touch()
    job = ScriptRunConfig(tmp_path, "a.py", ["--data", Named("x.csv"), "--again", Named("x.csv")]).job("e")
    assert job.command == "python a.py --data ${{inputs.training}} --again ${{inputs.training}}"
    assert job.inputs["training"].path == "x.csv"
    with pytest.raises(UserErrorException, match="two different things"):
        ScriptRunConfig(tmp_path, "a.py", [Named("x.csv"), Named("y.csv")]).job("e")


def test_what_asks_for_sdk_v1_runs_in_the_kernels_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(MARK, "1")
    found = stand_ins.of(conda("azureml-defaults", "azureml-mlflow"))
    assert found is not None
    assert found.conda_file is None
    assert "3.6.2" in found.note
    assert found.variables == {OLD_NUMPY: "1"}
    assert stand_ins.of(conda("mltable>=1.2.0", "mlflow")) is not None, "only ours reads this workspace's data"


def test_packages_that_are_not_there_are_built_beside_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(MARK, "1")
    found = stand_ins.of(conda("azureml-defaults", "no-such-package==1.0", python="3.11"))
    assert found is not None
    assert found.conda_file is not None
    pip = found.conda_file["dependencies"][-1]["pip"]
    assert "no-such-package" in pip
    assert any(line.startswith("pydantic") for line in pip)
    assert not any(line.startswith("azureml") for line in pip)
    assert found.variables == {}


def test_other_environments_are_what_they_say(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(MARK, "1")
    assert stand_ins.of(conda("mlflow", "azureml-mlflow")) is None
    monkeypatch.setenv(MARK, "0")
    assert stand_ins.of(conda("azureml-defaults")) is None
    monkeypatch.delenv(MARK)
    assert stand_ins.of(conda("azureml-defaults")) is None


@pytest.mark.parametrize(
    ("asked", "printed"),
    [
        ({"JUPYTER_AML_OLD_NUMPY": "1"}, "2 0.5 True"),
        ({"JUPYTER_AML_OLD_NUMPY": "no"}, "none"),
        ({}, "none"),
    ],
)
def test_old_names_of_numpy_are_there_where_they_are_asked_for(asked: dict[str, str], printed: str) -> None:
    code = (
        "import jupyter_aml; jupyter_aml.emulate()\nimport numpy as np\n"
        "print(np.int('2'), np.float('0.5'), np.bool(1)) if hasattr(np, 'float') else print('none')"
    )
    around = {name: text for name, text in os.environ.items() if name != "JUPYTER_AML_OLD_NUMPY"}
    done = subprocess.run(
        [sys.executable, "-c", code], env={**around, **asked}, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == printed


def test_the_names_come_without_a_heavy_library() -> None:
    code = (
        "import sys\nfrom jupyter_aml.v1.core import Environment, Experiment, Model, Run, ScriptRunConfig, Workspace\n"
        "print([name for name in ('pandas', 'mlflow', 'sklearn', 'numpy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"name": "e"}', "null"])
def test_a_folder_that_somebody_else_wrote_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "azureml_environment.json").write_text(text)
    with pytest.raises(UserErrorException, match="not what save_to_directory wrote"):
        Environment.load_from_directory(tmp_path)
    with pytest.raises(UserErrorException, match="holds no environment"):
        Environment.load_from_directory(tmp_path / "none")


def test_an_environment_is_made_of_a_file_of_packages(tmp_path: Path) -> None:
    pip, conda_file = tmp_path / "requirements.txt", tmp_path / "conda.yml"
    pip.write_text("# tools\njoblib\n")
    conda_file.write_text("dependencies: [python=3.8]")
    made = Environment.from_pip_requirements("e", pip, pip_version="20.1.1")
    assert "pip=20.1.1" in made.python.conda_dependencies.as_dict()["dependencies"]
    for make in (Environment.from_docker_image, Environment.from_dockerfile):
        assert list(make("e", "x", pip_requirements=str(pip)).python.conda_dependencies.pip_packages) == ["joblib"]
        assert make("e", "x", conda_specification=str(conda_file)).python.conda_dependencies.python_version == "3.8"
        with pytest.raises(UserErrorException, match="not both"):
            make("e", "x", conda_specification=str(conda_file), pip_requirements=str(pip))
    assert Environment.from_docker_image("e", "image", container_registry=object()).draft().image == "image"
    with pytest.raises(UserErrorException, match="No such file"):
        Environment.from_pip_requirements("e", tmp_path / "none")
    with pytest.raises(TypeError, match="Did you mean 'name'"):
        Environment("e", nme="x")


@pytest.mark.parametrize("is_managed", [True, False])
def test_variables_reach_the_run_whoever_sees_to_the_packages(tmp_path: Path, is_managed: bool) -> None:
    (tmp_path / "a.py").touch()
    base, made = RunConfiguration(), Environment("e")
    base.environment_variables = {"A": "run", "B": "run"}
    made.environment_variables = {"A": "environment"}
    made.python.user_managed_dependencies = is_managed
    assert ScriptRunConfig(tmp_path, "a.py", run_config=base).job("e").environment_variables == {"A": "run", "B": "run"}
    both = ScriptRunConfig(tmp_path, "a.py", run_config=base, environment=made).job("e")
    assert both.environment_variables == {"A": "environment", "B": "run"}

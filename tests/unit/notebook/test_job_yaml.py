"""A converted notebook as YAML and files: what is declared, what is left to the script, what is never lost."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from jupyter_aml import load_component, load_job
from jupyter_aml.entities.environment import Environment
from jupyter_aml.entities.job import Command
from jupyter_aml.exceptions import UserErrorException
from jupyter_aml.notebook import job_yaml, own_files
from jupyter_aml.notebook.own_files import Wanted
from jupyter_aml.notebook.script import Script, convert

PARAMETERS = """# parameters
rate = 0.5  # speed
steps: int = 3
name = "a model"
layers = [2, 3]
loss: Literal["squared", "absolute"] = "squared"
limit: float | None = None
patience: int | None = 3
word = "it's"
"""
READS = "text = open('data/words.txt').read()\nfrom tools import twice\nprint(twice(text), rate)"


@pytest.fixture
def notebook(tmp_path: Path) -> Path:
    folder = tmp_path / "my notes"
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "words.txt").write_text("words")
    (folder / "tools.py").write_text("def twice(x):\n    return 2 * x\n")
    return folder / "Train it.ipynb"


def converted(notebook: Path, *cells: str) -> Script:
    every = ("from typing import Literal", PARAMETERS, READS, *cells)
    made: list[dict[str, Any]] = [{"cell_type": "code", "metadata": {}, "source": source} for source in every]
    return convert({"cells": made, "metadata": {}, "nbformat": 4}, name=notebook.name, folder=notebook.parent)


def job_in(path: Path) -> Command:
    job = load_job(path)
    assert isinstance(job, Command)
    return job


def written(notebook: Path, *cells: str, **where: Any) -> list[str]:
    contents = own_files.files(converted(notebook, *cells), Wanted(notebook, **where))
    own_files.write(contents)
    return sorted(path.relative_to(notebook.parent).as_posix() for path in contents)


def test_a_job_has_the_notebooks_values_and_leaves_out_what_no_command_line_says(notebook: Path) -> None:
    files = written(notebook, job=notebook.with_name("job.yml"))
    assert files == ["conda.yml", "job.yml", "src/Train it.py", "src/tools.py"]
    said = yaml.safe_load(notebook.with_name("job.yml").read_text())
    assert said["inputs"] == {
        "rate": 0.5, "steps": 3, "name": "a model", "layers": "[2, 3]", "loss": "squared", "patience": 3,
        "words": {"type": "uri_file", "path": "./data/words.txt"},
    }  # fmt: skip
    assert said["code"] == "./src"
    assert "$[[" not in said["command"]  # a component's syntax: Azure refuses it in a job
    job = job_in(notebook.with_name("job.yml"))
    assert job.inputs["words"].path == str(notebook.parent / "data" / "words.txt")


def test_a_component_declares_kinds_defaults_help_and_choices(notebook: Path) -> None:
    written(notebook, component=notebook.with_name("component.yml"))
    component = load_component(notebook.with_name("component.yml"))
    ports = component.inputs
    assert component.name == "train_it"
    assert {name: port.type for name, port in ports.items()} == {
        "rate": "number", "steps": "integer", "name": "string", "layers": "string", "loss": "string",
        "limit": "number", "patience": "integer", "word": "string", "words": "uri_file",
    }  # fmt: skip
    assert (ports["rate"].default, ports["rate"].description) == (0.5, "speed")
    assert ports["loss"].enum == ["squared", "absolute"]
    assert [name for name, port in ports.items() if port.optional] == ["limit", "word"]
    assert ports["words"].default is None


def test_yaml_elsewhere_finds_code_and_data_by_its_own_folder(notebook: Path) -> None:
    written(notebook, job=notebook.parent / "jobs" / "nightly.yml", script=notebook.with_name("main.py"))
    said = yaml.safe_load((notebook.parent / "jobs" / "nightly.yml").read_text())
    assert (said["code"], said["inputs"]["words"]["path"]) == ("..", "../data/words.txt")
    assert not (notebook.parent / "src").exists()


def test_the_conda_file_pins_what_is_here_and_logs_to_azure_too(notebook: Path) -> None:
    conda = job_yaml.conda(converted(notebook, "import mlflow, yaml\nprint(mlflow, yaml)"))
    (pip,) = [one["pip"] for one in conda["dependencies"] if isinstance(one, dict)]
    assert [line.partition("==")[0] for line in pip] == ["mlflow", "PyYAML", "azureml-mlflow"]
    assert all("==" in line for line in pip[:2])


def test_an_environment_of_the_workspace_takes_the_place_of_the_conda_file(notebook: Path) -> None:
    files = written(notebook, job=notebook.with_name("job.yml"), environment="azureml:sklearn-1.5@latest")
    assert "conda.yml" not in files
    assert job_in(notebook.with_name("job.yml")).environment == "azureml:sklearn-1.5@latest"


def test_without_one_the_conda_file_is_the_jobs_own(notebook: Path) -> None:
    written(notebook, job=notebook.with_name("job.yml"))
    environment = job_in(notebook.with_name("job.yml")).environment
    assert isinstance(environment, Environment)
    assert environment.conda_file


@pytest.mark.parametrize(
    ("notebook_name", "name"),
    [
        ("Train it.ipynb", "train_it"),
        ("2-fit.ipynb", "notebook_2_fit"),
        ("größe.ipynb", "gr_e"),
        ("ß.ipynb", "notebook"),
    ],
)
def test_a_component_has_a_name_that_azure_takes(notebook_name: str, name: str) -> None:
    assert job_yaml.name_of(Script(notebook_name, "")) == name


def test_a_file_that_says_something_else_is_kept_and_nothing_is_written(tmp_path: Path) -> None:
    old, new = tmp_path / "old.py", tmp_path / "deep" / "new.py"
    old.write_text("mine")
    with pytest.raises(UserErrorException, match=r"Nothing was written: .*old.py is there"):
        own_files.write({new: b"new", old: b"other"})
    assert (old.read_text(), new.exists()) == ("mine", False)
    own_files.write({new: b"new", old: b"other"}, force=True)
    assert (old.read_text(), new.read_text()) == ("other", "new")


def test_a_file_that_says_the_same_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "same.py"
    path.write_text("same")
    path.chmod(0o444)
    before = all_but_its_reading(path)
    own_files.write({path: b"same"})
    assert all_but_its_reading(path) == before


def all_but_its_reading(path: Path) -> tuple[int, ...]:
    """What tells that a file was written or made anew."""
    told = path.stat()
    return told.st_ino, told.st_mode, told.st_size, told.st_mtime_ns, told.st_ctime_ns


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ({"script": Path("train.ipynb")}, "train.ipynb is no name for the script.\nIt ends with .py"),
        ({"job": Path("job.json")}, "job.json is no name for the job."),
        ({"component": Path("conda.yml")}, "conda.yml is no name for the component."),
        ({"job": Path("x.yml"), "component": Path("x.yml")}, "x.yml cannot be both"),
    ],
)
def test_a_name_that_would_be_something_else_is_refused(where: Any, said: str, notebook: Path) -> None:
    with pytest.raises(UserErrorException) as refused:
        own_files.files(converted(notebook), Wanted(notebook, **where))
    assert said in str(refused.value)


def test_a_folder_in_the_way_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "train.py").mkdir()
    with pytest.raises(UserErrorException, match=r"train.py cannot be written: Is a directory"):
        own_files.write({tmp_path / "train.py": b""}, force=True)

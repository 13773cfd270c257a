"""What a specification becomes: the same content is the same environment, and what cannot be built is said at once."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from jupyter_aml import command
from jupyter_aml.entities import Command, Environment
from jupyter_aml.entities.launch import launch_from_json
from jupyter_aml.exceptions import UnsupportedFieldError, ValidationException
from jupyter_aml.operations import command_jobs, environment_plans, environments, jobs
from jupyter_aml.operations.environments import Resolved
from jupyter_aml.operations.workspaces import Workspace

ALWAYS = ("pip", "setuptools<80.9", "wheel", "cloudpickle")
OWN = f"{sys.version_info.major}.{sys.version_info.minor}"


def resolved(workspace: Workspace, *dependencies: object, **fields: Any) -> Resolved:
    conda = {"name": "x", "dependencies": list(dependencies)} | fields
    return environments.resolve(workspace, Environment(image="some/image", conda_file=conda))


def test_a_conda_file_becomes_a_plan_and_the_image_a_note(workspace: Workspace, home: Path) -> None:
    found = resolved(workspace, "python=3.8", "numpy=1.21", {"pip": ["six"]})
    assert found.plan.pythons == ("3.8",)
    assert found.plan.lines == ("numpy==1.21.*", "six", *ALWAYS)
    assert Path(found.plan.target).parent == home / "environments"
    assert found.interpreter == f"{found.plan.target}/bin/python"
    assert found.reference.startswith("CliV2AnonymousEnvironment:")
    assert "some/image is not run" in found.note


def test_without_a_python_it_is_the_submitting_interpreters_version(workspace: Workspace) -> None:
    assert resolved(workspace, "six").plan.pythons == (OWN,)


def test_the_users_own_pip_and_setuptools_are_kept(workspace: Workspace) -> None:
    found = resolved(workspace, "pip=21", "setuptools=60", "wheel")
    assert found.plan.lines == ("pip==21.*", "setuptools==60.*", "wheel", "cloudpickle")


def test_equal_contents_are_one_environment_and_others_another(workspace: Workspace) -> None:
    one = resolved(workspace, "python=3.8", "six").plan.target
    assert resolved(workspace, "python=3.8", "six", name="y", channels=["conda-forge"]).plan.target == one
    others = {resolved(workspace, *each).plan.target for each in (["python=3.8", "six=1"], ["python=3.9", "six"])}
    assert len(others | {one}) == 3


def test_the_content_of_a_requirements_file_counts_not_its_name(
    workspace: Workspace, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(home)
    Path("more.txt").write_text("# tools\nsix==1.16\n\n-r deeper.txt\n")
    Path("deeper.txt").write_text("attrs\n")
    found = resolved(
        workspace, {"pip": ["-r more.txt", "--pre", "--trusted-host my.host", "--extra-index-url https://x"]}
    )
    assert found.plan.lines[:3] == ("six==1.16", "attrs", "--extra-index-url https://x")
    assert found.plan.options == ("--prerelease=allow", "--allow-insecure-host=my.host")
    Path("deeper.txt").write_text("attrs==24\n")
    again = resolved(
        workspace, {"pip": ["-r more.txt", "--pre", "--trusted-host my.host", "--extra-index-url https://x"]}
    )
    assert again.plan.target != found.plan.target


def test_a_conda_files_requirements_are_taken_from_beside_it(workspace: Workspace, home: Path) -> None:
    folder = home.parent / "beside"
    folder.mkdir()
    folder.joinpath("more.txt").write_text("attrs\n-r deep/er.txt\n")
    folder.joinpath("deep").mkdir()
    folder.joinpath("deep", "er.txt").write_text("six==1.16\n")
    folder.joinpath("conda.yml").write_text("dependencies: [python, {pip: [-r more.txt]}]")
    environment = Environment.of({"image": "x", "conda_file": str(folder / "conda.yml")})
    assert environment.conda_file == {"dependencies": ["python", {"pip": ["attrs", "six==1.16"]}]}
    assert environments.resolve(workspace, environment).plan.lines[:2] == ("attrs", "six==1.16")


def test_a_requirements_file_that_is_not_there_is_named(workspace: Workspace) -> None:
    with pytest.raises(ValidationException, match=r"conda_file: '-r nowhere\.txt' cannot be read"):
        resolved(workspace, {"pip": ["-r nowhere.txt"]})


def test_what_only_conda_has_is_refused_by_path_where_there_is_no_conda(
    workspace: Workspace, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("MAMBA_EXE", "CONDA_EXE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", str(home))
    with pytest.raises(UnsupportedFieldError) as caught:
        resolved(workspace, "python=3.8", "r-base", "cudatoolkit=11.3", "numpy")
    for words in ("environment.conda_file", "r-base, cudatoolkit=11.3", "micromamba"):
        assert words in str(caught.value)
    assert "numpy" not in str(caught.value)


def test_what_only_conda_has_is_built_with_the_conda_that_is_there(
    workspace: Workspace, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tool = home / "micromamba"
    tool.write_text("#!/bin/sh\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", str(home))
    plan = resolved(workspace, "r-base", channels=["conda-forge"]).plan
    assert (plan.tool, plan.program) == ("conda", str(tool))
    assert json.loads(plan.conda_file) == {"channels": ["conda-forge"], "dependencies": ["r-base"]}


def test_what_was_left_out_is_in_the_note(workspace: Workspace) -> None:
    assert "openssl=1.1.1g" in resolved(workspace, "openssl=1.1.1g").note


def test_a_dockerfile_is_refused_by_its_path(workspace: Workspace) -> None:
    with pytest.raises(UnsupportedFieldError, match=r"environment\.build: Dockerfiles are not built here"):
        environments.resolve(workspace, Environment.of({"build": {"path": "."}}))


def test_an_image_alone_is_the_submitting_interpreter_with_a_note(workspace: Workspace) -> None:
    found = environments.resolve(workspace, Environment(image="library/python:3.11"))
    assert (found.interpreter, found.plan.target) == (environment_plans.own_interpreter(), "")
    assert "library/python:3.11 is not run" in found.note


def test_a_plan_is_frozen_with_the_job_and_read_back_the_same(workspace: Workspace) -> None:
    conda = {"dependencies": ["python=3.8", "six"], "variables": {"A": "1", "B": "2"}}
    draft = command(
        command="echo", environment=Environment(image="x", conda_file=conda), environment_variables={"B": "3"}
    )
    record = jobs.submit(workspace, draft)
    launch = launch_from_json(workspace_launch(workspace, record.name))
    assert launch.environment == environments.resolve(workspace, draft.environment).plan
    assert launch.environment_variables == {"A": "1", "B": "3"}
    assert record.properties["environment"].startswith("CliV2AnonymousEnvironment:")


def workspace_launch(workspace: Workspace, name: str) -> str:
    row = workspace.database.connection.execute("SELECT launch FROM jobs WHERE name = ?", (name,)).fetchone()
    return str(row["launch"])


def test_the_folder_of_environments_can_be_another(
    workspace: Workspace, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JUPYTER_AML_ENVIRONMENTS", str(home / "elsewhere"))
    assert Path(resolved(workspace, "six").plan.target).parent == home / "elsewhere"


def test_a_cell_is_refused_another_python_than_its_kernels(workspace: Workspace) -> None:
    def draft(python: str) -> Command:
        environment = Environment(image="x", conda_file={"dependencies": [f"python={python}"]})
        return command(command="true", environment=environment, environment_variables={"JUPYTER_AML_CELL": "cell 1"})

    with pytest.raises(ValidationException, match=rf"it has Python 3\.8, and the cell .* this kernel's {OWN}"):
        command_jobs.check(workspace, draft("3.8.5"))
    assert command_jobs.check(workspace, draft(OWN)).environment.plan.pythons == (OWN,)

"""Curated environments are definitions of ours, found by every name that Azure gives them."""

import pytest

from jupyter_aml.entities import Environment
from jupyter_aml.entities.conda_file import read
from jupyter_aml.entities.curated import CURATED
from jupyter_aml.exceptions import ResourceNotFoundError, ValidationException
from jupyter_aml.operations import environment_plans, environments
from jupyter_aml.operations.workspaces import Workspace

SEED = "AzureML-sklearn-0.24-ubuntu18.04-py37-cpu"


@pytest.mark.parametrize(
    "reference",
    [
        f"{SEED}@latest",
        f"azureml:{SEED}@latest",
        f"{SEED}:44",
        f"azureml:{SEED}:1",
        "azureml://registries/azureml/environments/sklearn-0.24-ubuntu18.04-py37-cpu/labels/latest",
        "azureml://registries/azureml/environments/sklearn-0.24-ubuntu18.04-py37-cpu/versions/44",
        f"azureml://registries/azureml/environments/{SEED}/versions/44",
    ],
)
def test_every_name_of_the_seeds_environment_is_the_old_one(workspace: Workspace, reference: str) -> None:
    found = environments.resolve(workspace, reference)
    assert found.plan.pythons == ("3.7", "3.8", "3.9")
    assert {"scikit-learn==0.24.1", "pandas<2", "mlflow<3"} <= set(found.plan.lines)


@pytest.mark.parametrize(
    ("reference", "wanted"),
    [
        ("azureml:AzureML-acpt-pytorch-2.8-cuda12.6@latest", "torch==2.8.*"),
        ("azureml://registries/azureml/environments/tensorflow-2.16-cuda12/labels/latest", "tensorflow==2.16.*"),
    ],
)
def test_what_azures_own_examples_name_is_there(workspace: Workspace, reference: str, wanted: str) -> None:
    assert wanted in environments.resolve(workspace, reference).plan.lines


def test_a_reference_keeps_the_version_that_was_named(workspace: Workspace) -> None:
    assert environments.resolve(workspace, f"{SEED}:7").reference == f"{SEED}:7"
    assert environments.resolve(workspace, f"{SEED}@latest").reference == f"{SEED}:44"


@pytest.mark.parametrize("version", ["45", "0", "x", "1.0"])
def test_a_version_that_azure_never_had_is_not_found(workspace: Workspace, version: str) -> None:
    with pytest.raises(ResourceNotFoundError, match=f"version '{version}'"):
        environments.resolve(workspace, f"{SEED}:{version}")


@pytest.mark.parametrize("name", CURATED)
def test_every_definition_can_be_read_and_planned(workspace: Workspace, name: str) -> None:
    environment = Environment.of({"name": name, **CURATED[name]})
    if environment.conda_file:
        found = read(environment.conda_file)
        assert not found.conda_only
        plan, _ = environment_plans.of_conda(workspace, environment.conda_file)
        assert plan.tool == "uv"
    assert environments.resolve(workspace, f"{name}@latest").reference.startswith(f"{name}:")


@pytest.mark.parametrize("name", ["AzureML-sklearn-1.5", "sklearn-1.5"])
def test_a_recent_one_is_the_submitting_interpreter_when_that_has_what_counts(workspace: Workspace, name: str) -> None:
    found = environments.resolve(workspace, f"{name}@latest")
    assert (found.interpreter, found.plan.target) == (environment_plans.own_interpreter(), "")
    assert "it has scikit-learn 1." in found.note


def test_a_recent_one_is_built_all_the_same_when_that_is_wished(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JUPYTER_AML_BUILD_CURATED", "true")
    assert "scikit-learn==1.5.*" in environments.resolve(workspace, "sklearn-1.5@latest").plan.lines


def test_a_wish_that_is_none_is_told(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUPYTER_AML_BUILD_CURATED", "always")
    with pytest.raises(ValidationException, match="JUPYTER_AML_BUILD_CURATED: on or off, found 'always'"):
        environments.resolve(workspace, "sklearn-1.5@latest")


@pytest.mark.parametrize("name", [SEED, "AzureML-anything", "sklearn-1.5"])
def test_nobody_registers_a_curated_name(workspace: Workspace, name: str) -> None:
    with pytest.raises(ValidationException, match="reserved for curated environments"):
        environments.create(workspace, Environment(name=name, image="x"))

"""Environments: versions by content, found by every form of a name (§6)."""

import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from jupyter_aml.entities import Environment
from jupyter_aml.exceptions import ResourceNotFoundError, ValidationException
from jupyter_aml.operations import environments
from jupyter_aml.operations.environments import create, find, get, resolve
from jupyter_aml.operations.workspaces import Workspace


def _tools(image: str = "library/python:3.11", **fields: object) -> Environment:
    return Environment.of({"name": "tools", "image": image, **fields})


def test_the_same_content_again_is_the_same_version_described_anew(workspace: Workspace) -> None:
    assert create(workspace, _tools()).version == "1"
    assert create(workspace, _tools(description="now told", tags={"a": "b"})).version == "1"
    assert create(workspace, _tools(version="1")).version == "1"
    assert create(workspace, _tools("library/python:3.12")).version == "2"
    assert create(workspace, _tools()).version == "3"
    assert [record.version for record in environments.versions(workspace, "tools")] == ["3", "2", "1"]


def test_a_description_of_a_version_can_change(workspace: Workspace) -> None:
    create(workspace, _tools())
    create(workspace, _tools(description="now told"))
    assert get(workspace, "tools", "1").spec["description"] == "now told"


def test_other_content_under_a_version_is_refused(workspace: Workspace) -> None:
    create(workspace, _tools(version="7"))
    with pytest.raises(ValidationException, match="has a version '7' already"):
        create(workspace, _tools("other", version="7"))
    assert get(workspace, "tools", "7").spec["image"] == "library/python:3.11"


def test_versions_made_at_once_all_get_a_number(workspace: Workspace) -> None:
    def make(number: int) -> str:
        try:
            return create(workspace, _tools(f"image-{number}")).version
        finally:
            workspace.database.close()

    with ThreadPoolExecutor(4) as pool:
        versions = sorted(pool.map(make, range(8)))
    assert versions == [str(number) for number in range(1, 9)]


def test_the_latest_is_the_one_created_last(workspace: Workspace) -> None:
    for version in ("10", "2"):
        create(workspace, _tools(f"image-{version}", version=version))
    assert find(workspace, "tools@latest").version == "2"
    assert create(workspace, _tools("another")).version == "11"


@pytest.mark.parametrize(
    "reference",
    [
        "tools:1", "tools@latest", "azureml:tools:1", "azureml:tools@latest",
        "azureml:/subscriptions/s/resourceGroups/r/providers/p/workspaces/w/environments/tools/versions/1",
        "/subscriptions/s/resourceGroups/r/providers/p/workspaces/w/environments/tools/versions/1",
        "azureml://registries/azureml/environments/tools/versions/1",
        "azureml://registries/azureml/environments/tools/labels/latest",
    ],
)  # fmt: skip
def test_every_form_of_a_reference_finds_it(workspace: Workspace, reference: str) -> None:
    create(workspace, _tools())
    resolved = resolve(workspace, reference)
    assert (resolved.reference, resolved.interpreter) == ("tools:1", sys.executable)
    assert "library/python:3.11" in resolved.note


def test_an_environment_given_whole_is_known_by_its_version_or_its_content(workspace: Workspace) -> None:
    record = create(workspace, _tools())
    assert resolve(workspace, Environment.of(record.spec)).reference == "tools:1"
    kernel = Environment.of(get(workspace, "kernel", "1").spec)
    assert resolve(workspace, kernel).reference == "kernel:1"
    assert resolve(workspace, Environment(image="x")).reference.startswith("CliV2AnonymousEnvironment:")
    changed = _tools("other", version="1")
    assert resolve(workspace, changed).reference not in {"tools:1", resolve(workspace, _tools("more")).reference}


@pytest.mark.parametrize(
    ("draft", "words"),
    [
        (Environment(name="AzureML-mine", image="x"), "reserved for curated"),
        (Environment(name="kernel", image="x"), "reserved for curated"),
        (Environment(name="tools"), "Docker image or Dockerfile is required"),
        (Environment(name="tools", conda_file={"dependencies": []}), "Docker image or Dockerfile is required"),
        (Environment.of({"name": "tools", "image": "x", "build": {"path": "."}}), "should be provided, not both"),
        (Environment(name="my tools", image="x"), "not a valid environment name"),
        (Environment(image="x"), "not a valid environment name"),
    ],
)
def test_what_cannot_be_an_environment_is_refused(workspace: Workspace, draft: Environment, words: str) -> None:
    with pytest.raises(ValidationException, match=words):
        create(workspace, draft)
    assert "tools" not in environments.all_names(workspace)


def test_a_missing_version_is_told(workspace: Workspace) -> None:
    create(workspace, _tools())
    with pytest.raises(ResourceNotFoundError, match="'tools' with version '9'"):
        get(workspace, "tools", "9")

"""Data assets by Azure's rules: versions, conflicts, paths, anonymous ones, tables."""

from pathlib import Path

import pytest

from jupyter_aml.entities.data import Data
from jupyter_aml.exceptions import (
    AssetPathException,
    EmptyDirectoryError,
    MlException,
    ResourceNotFoundError,
    UserErrorException,
    ValidationException,
)
from jupyter_aml.operations import assets, data, datastores
from jupyter_aml.operations.workspaces import Workspace
from tests.unit.operations.conftest import stored

CLOUD = "azureml://datastores/workspaceblobstore/paths/not/there/yet/"


def _data(name: str | None = "d", path: str | None = CLOUD, **more: object) -> Data:
    return Data.of({"name": name, "path": path, **more})


def test_versions_count_up_from_one_and_follow_the_largest_number(workspace: Workspace) -> None:
    made = [data.create(workspace, _data(version=version)).version for version in (None, None, "7", "x", None)]
    assert made == ["1", "2", "7", "x", "8"]


def test_a_number_beyond_all_counting_is_a_text_like_another(workspace: Workspace) -> None:
    made = [data.create(workspace, _data(version=version)).version for version in ("9" * 30, "007", "3", None)]
    assert made == ["9" * 30, "007", "3", "4"]


def test_a_cloud_path_need_not_exist(workspace: Workspace) -> None:
    assert data.create(workspace, _data()).spec["path"] == CLOUD


def test_the_path_of_a_version_never_changes(workspace: Workspace) -> None:
    data.create(workspace, _data(version="1"))
    before = stored(workspace)
    with pytest.raises(AssetPathException, match="Asset paths cannot be updated"):
        data.create(workspace, _data(version="1", path=CLOUD + "other/"))
    assert stored(workspace) == before


def test_the_description_and_tags_of_a_version_may_change(workspace: Workspace) -> None:
    data.create(workspace, _data(version="1"))
    data.create(workspace, _data(version="1", description="new", tags={"a": 1}))
    found = assets.get(workspace, "data", "d", "1", None)
    assert (found.spec["description"], found.spec["tags"]) == ("new", {"a": "1"})


def test_without_a_name_it_is_made_for_one_use_and_not_listed(workspace: Workspace) -> None:
    first, second = (data.create(workspace, _data(None)) for _ in range(2))
    assert first.name != second.name
    assert first.version == second.version == "1"
    assert list(assets.names(workspace, "data")) == []
    assert assets.get(workspace, "data", first.name, "1", None) == first


@pytest.mark.parametrize(
    ("wrong", "error", "says"),
    [
        ({"name": None, "version": "1"}, ValidationException, "If version is specified, name must be specified also"),
        ({"path": None}, ValidationException, "Missing data path. Path is required for data."),
        ({"path": "no/such"}, AssetPathException, "No such file or directory: no/such"),
        ({"path": "empty"}, EmptyDirectoryError, "must be a non-empty directory"),
        ({"path": "data/d.csv"}, AssetPathException, "a folder is expected, 'data/d.csv' is a file"),
        ({"path": "data", "type": "uri_file"}, AssetPathException, "a uri_file is expected, 'data' is a folder"),
        ({"path": "data", "type": "mltable"}, UserErrorException, "Not able to find MLTable file"),
        ({"path": "bad table", "type": "mltable"}, UserErrorException, "transformations"),
        ({"name": "a b", "path": "data"}, ValidationException, "'a b' is not a valid asset name"),
        ({"path": "data", "datastore": "nowhere"}, ResourceNotFoundError, "nowhere"),
        ({"path": "data", "version": "../x"}, ValidationException, "'../x' is not a valid version name"),
        ({"path": "data", "version": "1:2"}, ValidationException, "'1:2' is not a valid version name"),
        ({"path": "ftp://host/d.csv"}, ValidationException, "has the scheme 'ftp', which is none of Azure ML's"),
        ({"path": "azureml://datastore/x/paths/y"}, ValidationException, "is not a URI that can be read"),
        ({"path": "azureml:d:1", "version": "1"}, AssetPathException, "'azureml:d:1' is an asset"),
    ],
)
def test_bad_data_is_a_clear_error_and_nothing_is_stored(
    workspace: Workspace, here: Path, wrong: dict[str, object], error: type[MlException], says: str
) -> None:
    (here / "bad table").mkdir()
    (here / "bad table" / "MLTable").write_text("paths: []\ntransformations: [{read_nonsense: {}}]")
    before = stored(workspace)
    with pytest.raises(error, match=says.replace("(", r"\(")):
        data.create(workspace, _data(**{"name": "d", **wrong}))
    assert stored(workspace) == before


def test_local_data_is_uploaded_once_for_each_content(workspace: Workspace, here: Path) -> None:
    first, again = (data.create(workspace, _data(path="data")) for _ in range(2))
    (here / "data" / "more.csv").write_text("1")
    changed = data.create(workspace, _data(path="data"))
    assert first.spec["path"] == again.spec["path"] != changed.spec["path"]
    assert str(first.spec["path"]).startswith("azureml://datastores/workspaceblobstore/paths/LocalUpload/")
    assert str(first.spec["path"]).endswith("/data/")
    assert [first.version, again.version, changed.version] == ["1", "2", "3"]


def test_a_table_says_what_it_refers_to(workspace: Workspace, here: Path) -> None:
    (here / "data" / "MLTable").write_text("paths: [{file: ./d.csv}]\ntransformations: [read_delimited]")
    made = data.create(workspace, _data(path="data", type="mltable"))
    assert made.spec["referenced_uris"] == ["./d.csv"]


def test_archived_data_is_hidden_and_still_of_use(workspace: Workspace) -> None:
    for _ in range(2):
        data.create(workspace, _data())
    assets.archive(workspace, "data", "d", "2")
    assert [record.version for record in assets.versions(workspace, "data", "d")] == ["1"]
    assert assets.get(workspace, "data", "d", None, "latest").version == "1"
    assert assets.find(workspace, "data", "azureml:d:2").version == "2"
    assets.archive(workspace, "data", "d", "2", archived=False)
    assert assets.get(workspace, "data", "d", None, "latest").version == "2"


@pytest.mark.parametrize(
    "reference",
    [
        "d:1", "azureml:d:1", "d@latest", "azureml:d@latest",
        "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w/data/d/versions/1",
        "azureml:/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w/data/d/versions/1",
        "azureml://subscriptions/s/resourceGroups/g/workspaces/w/data/d/labels/latest",
        "azureml://registries/azureml/data/d/versions/1",
    ],
)  # fmt: skip
def test_every_form_of_a_reference_finds_it(workspace: Workspace, reference: str) -> None:
    data.create(workspace, _data())
    assert assets.find(workspace, "data", reference).version == "1"


@pytest.mark.parametrize(
    ("ask", "says"),
    [
        ({"version": None, "label": None}, "Must provide either version or label."),
        ({"version": "1", "label": "latest"}, "Cannot specify both version and label."),
        ({"version": None, "label": "prod"}, "Asset d with version label prod does not exist"),
        ({"version": "9", "label": None}, "Not found data 'd' with version '9'"),
    ],
)
def test_a_version_is_asked_for_in_one_way(workspace: Workspace, ask: dict[str, str | None], says: str) -> None:
    data.create(workspace, _data())
    with pytest.raises(MlException, match=says):
        assets.get(workspace, "data", "d", **ask)


def test_a_mistyped_name_is_told_the_nearest(workspace: Workspace) -> None:
    data.create(workspace, _data("diabetes"))
    with pytest.raises(ResourceNotFoundError) as caught:
        assets.get(workspace, "data", "diabtes", "1", None)
    assert "Did you mean 'diabetes'?" in str(caught.value)


def test_the_default_datastore_may_be_another(workspace: Workspace, here: Path) -> None:
    datastores.set_default(workspace, "workspacefilestore")
    made = data.create(workspace, _data(path="data"))
    assert "/workspacefilestore/" in str(made.spec["path"])
    assert datastores.default(workspace) == "workspacefilestore"

"""Claims about data whose type nobody says: an asset's own, else what lies there or what its name tells."""

from pathlib import Path

import pytest

from jupyter_aml import MLClient
from jupyter_aml.entities import Data
from jupyter_aml.operations.inputs import type_at


def test_an_asset_says_its_own_type(ml_client: MLClient) -> None:
    path = "azureml://datastores/workspaceblobstore/paths/d.csv"
    ml_client.data.create_or_update(Data(name="d", type="uri_file", path=path))
    assert [type_at(ml_client.workspace, f"azureml:d{which}") for which in (":1", "@latest")] == ["uri_file"] * 2


def test_what_is_on_this_machine_is_looked_at(ml_client: MLClient) -> None:
    folder = ml_client.workspace.folder.datastore("workspaceblobstore")
    (folder / "no suffix").mkdir(parents=True)
    (folder / "no suffix" / "LICENSE").touch()
    paths = ("azureml://datastores/workspaceblobstore/paths/no suffix/", folder.as_uri(), str(folder / "no suffix"))
    assert [type_at(ml_client.workspace, path) for path in paths] == ["uri_folder"] * 3
    file = folder / "no suffix" / "LICENSE"
    paths = ("azureml://datastores/workspaceblobstore/paths/no suffix/LICENSE", file.as_uri(), str(file))
    assert [type_at(ml_client.workspace, path) for path in paths] == ["uri_file"] * 3


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("https://example.org/titanic.csv", "uri_file"),
        ("https://example.org/titanic.csv?version=2", "uri_file"),
        ("wasbs://data@account.blob.core.windows.net/2026/05/", "uri_folder"),
        ("azureml:nobody:1", "uri_folder"),
        ("azureml:no@such@thing", "uri_folder"),
    ],
)
def test_elsewhere_a_suffix_makes_a_file_and_a_bad_path_is_left_to_the_check(
    ml_client: MLClient, path: str, meant: str
) -> None:
    assert type_at(ml_client.workspace, path) == meant


def test_a_folder_of_nothing_is_a_folder(ml_client: MLClient, tmp_path: Path) -> None:
    assert type_at(ml_client.workspace, str(tmp_path / "nothing")) == "uri_folder"

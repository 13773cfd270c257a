"""What the course's workspace chapter types, in its own words, over this workspace: only the import line differs."""

from pathlib import Path

import pytest

from jupyter_aml import MLClient, mltable
from jupyter_aml.constants import AssetTypes
from jupyter_aml.entities import (
    AccountKeyConfiguration,
    AmlCompute,
    AzureBlobDatastore,
    Data,
    Environment,
    Workspace,
)


class DefaultAzureCredential:
    """What the course hands to the client: any object."""


@pytest.fixture
def here(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = home.parent / "course"
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "diabetes.csv").write_text("PatientID,Diabetic\n1,0\n2,1\n3,1\n")
    (folder / "data" / "MLTable").write_text(
        "type: mltable\npaths: [{pattern: ./*.csv}]\ntransformations:\n"
        "- read_delimited: {delimiter: ',', encoding: ascii, header: all_files_same_headers}\n"
    )
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def ml_client(home: Path) -> MLClient:
    return MLClient(DefaultAzureCredential(), "subscription_id", "resource_group", "ml-example-workspace")


def test_a_workspace_is_made_without_waiting(ml_client: MLClient) -> None:
    ws_basic = Workspace(name="dp100-demo", location="eastus", display_name="Demo", description="of the course")
    ml_client.workspaces.begin_create(ws_basic)
    assert (
        MLClient(DefaultAzureCredential(), "subscription_id", "resource_group", "dp100-demo").workspaces.get().location
    )


def test_the_courses_blob_datastore_prints_itself_and_hides_its_key(ml_client: MLClient) -> None:
    store = AzureBlobDatastore(
        name="blob_training_data",
        description="Blob Storage for training data",
        account_name="dp100demo",
        container_name="training-data",
        credentials=AccountKeyConfiguration(account_key="XXXX-not-a-key"),
    )
    printed = repr(ml_client.create_or_update(store))
    assert printed.startswith("AzureBlobDatastore({")
    for part in ("'name': 'blob_training_data'", "'credentials': {'type': 'account_key'}", "'protocol': 'https'"):
        assert part in printed
    assert "XXXX" not in printed
    names = [ds.name for ds in ml_client.datastores.list()]
    assert names == [
        "blob_training_data", "workspacefilestore", "workspaceblobstore", "workspaceartifactstore",
        "workspaceworkingdirectory",
    ]  # fmt: skip


def test_a_folder_asset_needs_neither_storage_nor_path(ml_client: MLClient) -> None:
    ml_client.create_or_update(
        AzureBlobDatastore(name="blob_training_data", account_name="dp100demo", container_name="training-data")
    )
    my_data = Data(
        path="azureml://datastores/blob_training_data/paths/data-asset-path/",
        type=AssetTypes.URI_FOLDER,
        description="Data asset pointing to data-asset-path folder in datastore",
        name="dp100-demo-folder",
    )
    made = ml_client.data.create_or_update(my_data)
    assert made.path == (
        "azureml://subscriptions/subscription_id/resourcegroups/resource_group/workspaces/ml-example-workspace"
        "/datastores/blob_training_data/paths/data-asset-path/"
    )


def test_a_table_is_uploaded_registered_and_read_back_as_a_frame(ml_client: MLClient, here: Path) -> None:
    my_data = Data(path="data/", type=AssetTypes.MLTABLE, description="MLTable", name="diabetes-table")
    ml_client.data.create_or_update(my_data)
    assert [asset.name for asset in ml_client.data.list()] == ["diabetes-table"]
    registered = ml_client.data.get(name="diabetes-table", version=1)
    tbl = mltable.load(f"azureml:/{registered.id}", ml_client=ml_client)
    frame = tbl.to_pandas_dataframe()
    assert frame.to_dict("list") == {"PatientID": [1, 2, 3], "Diabetic": [0, 1, 1]}


def test_a_table_is_read_by_every_address(ml_client: MLClient, here: Path) -> None:
    made = ml_client.data.create_or_update(Data(path="data/", type="mltable", name="t"))
    names = {
        "subscription": "subscription_id", "resource_group": "resource_group", "workspace": "ml-example-workspace"
    }  # fmt: skip
    for address in (
        f"azureml:/{made.id}",
        str(made.path),
        "azureml:t:1",
        "azureml:t@latest",
        "data",
        f"file://{here}/data",
    ):
        assert len(mltable.load(address, storage_options=names).to_pandas_dataframe()) == 3


def test_a_cluster_is_asked_for_and_made_when_it_is_not_there(ml_client: MLClient) -> None:
    cpu_compute_target = "aml-cluster"
    try:
        cpu_cluster = ml_client.compute.get(cpu_compute_target)
    except Exception:  # noqa: BLE001 - the course's own way to ask
        cpu_cluster = AmlCompute(
            name=cpu_compute_target,
            type="amlcompute",
            size="STANDARD_DS11_V2",
            min_instances=0,
            max_instances=1,
            idle_time_before_scale_down=120,
            tier="Dedicated",
        )
        ml_client.compute.begin_create_or_update(cpu_cluster)
    found = ml_client.compute.get(cpu_compute_target)
    assert (found.name, found.size, found.max_instances) == ("aml-cluster", "STANDARD_DS11_V2", 1)  # type: ignore[attr-defined]


def test_curated_environments_are_there_with_what_the_course_reads_of_them(ml_client: MLClient) -> None:
    names = [env.name for env in ml_client.environments.list()]
    assert "AzureML-sklearn-0.24-ubuntu18.04-py37-cpu" in names
    env = ml_client.environments.get("AzureML-sklearn-0.24-ubuntu18.04-py37-cpu", version=44)
    assert env.tags == {"Scikit-learn": "0.24.1", "OS": "Ubuntu18.04", "Training": ""}
    assert env.description


def test_an_environment_from_an_image_prints_itself(ml_client: MLClient) -> None:
    env_docker_image = Environment(
        image="mcr.microsoft.com/azureml/openmpi3.1.2-ubuntu18.04",
        name="docker-image-example",
        description="Environment created from a Docker image.",
    )
    printed = repr(ml_client.environments.create_or_update(env_docker_image))
    for part in ("'name': 'docker-image-example'", "'version': '1'", "'os_type': 'Linux'", "'conda_file': None"):
        assert part in printed

"""Where a URI's bytes are, for each of its forms, and what a job's launch says of it."""

import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest

from jupyter_aml import Input, Output, command
from jupyter_aml.entities import AzureBlobDatastore, Data, LocalDatastore
from jupyter_aml.entities.launch import InputSpec, Launch, OutputSpec, launch_from_json
from jupyter_aml.entities.workspace import WorkspaceId
from jupyter_aml.exceptions import (
    AssetPathException,
    AuthorizationError,
    ResourceNotFoundError,
    UserErrorException,
    ValidationException,
)
from jupyter_aml.operations import data, datastores, jobs, places, roles
from jupyter_aml.operations.places import Here, OnTheWeb, There
from jupyter_aml.operations.workspaces import Workspace, open_workspace
from jupyter_aml.store import jobs as rows


@pytest.fixture
def stored(workspace: Workspace, here: Path) -> Workspace:
    """A workspace with a local and a blob datastore, a data asset and a job."""
    (here / "shelf" / "d").mkdir(parents=True)
    (here / "shelf" / "d" / "f.csv").write_text("1")
    datastores.create(workspace, LocalDatastore(name="shelf", path=str(here / "shelf")))
    datastores.create(workspace, AzureBlobDatastore(name="blob", account_name="acct", container_name="c"))
    data.create(workspace, Data(name="d", version="1", path="data/d.csv", type="uri_file"))
    data.create(workspace, Data(name="far", version="1", path="azureml://datastores/blob/paths/x/", type="uri_folder"))
    outputs = {"o": Output(), "far": Output(path="azureml://datastores/blob/paths/${{name}}/o")}
    jobs.submit(workspace, command(command="true", name="j", outputs=outputs))
    return workspace


def _launch(workspace: Workspace, name: str) -> Launch:
    return launch_from_json(rows.launch_text(workspace.database, name))


def _where(workspace: Workspace, text: str) -> str:
    place = places.locate(workspace, text)
    match place:
        case Here(path):
            roots = {"ROOT": workspace.folder.root, "CWD": Path.cwd()}
            for name, root in roots.items():
                if path.is_relative_to(root):
                    return f"{name}/{path.relative_to(root).as_posix()}"
            return str(path)
        case There(storage, path):
            return f"{storage.identity} {path}"
        case OnTheWeb(url):
            return url


def test_what_another_workspace_does_not_show_is_not_shown_by_its_address_either(stored: Workspace) -> None:
    there = open_workspace(WorkspaceId(stored.id.subscription_id, stored.id.resource_group, "other"))
    data.create(there, Data(name="d", version="1", path="https://example.org/d.csv", type="uri_file"))
    roles.assign(stored, "Reader", "ann")
    ann = open_workspace(stored.id, principal="ann")
    with pytest.raises(AuthorizationError, match="workspaces/other/data/d"):
        places.locate(ann, f"azureml:{there.id.arm}/data/d/versions/1")
    for opened in (there, ann):
        opened.database.close()
        opened.directory.database.close()


STORES = "ROOT/datastores"
BLOB = "https://acct.blob.core.windows.net/c"
PLACES = {
    "azureml://datastores/workspaceblobstore/paths/a/b": f"{STORES}/workspaceblobstore/a/b",
    "azureml://datastores/WorkspaceBlobStore/paths/a": f"{STORES}/workspaceblobstore/a",
    "azureml://subscriptions/s/resourcegroups/g/workspaces/w/datastores/shelf/paths/d": "CWD/shelf/d",
    "azureml://datastores/shelf/paths/d/../d/f.csv": "CWD/shelf/d/f.csv",
    "azureml://datastores/blob/paths/x y/": f"{BLOB} x y/",
    "azureml:far:1": f"{BLOB} x/",
    "azureml:far@latest": f"{BLOB} x/",
    "azureml://jobs/j/outputs/o": f"{STORES}/workspaceblobstore/azureml/j/o",
    "azureml://jobs/j/outputs/o/paths/x/y": f"{STORES}/workspaceblobstore/azureml/j/o/x/y",
    "azureml://jobs/j/outputs/far/paths/x": f"{BLOB} j/o/x",
    "azureml://jobs/j/outputs/artifacts/paths/outputs/m": (
        f"{STORES}/workspaceartifactstore/ExperimentRun/dcid.j/outputs/m"
    ),
    "azureml://jobs/j/outputs/default": f"{STORES}/workspaceartifactstore/ExperimentRun/dcid.j",
    "runs:/j/outputs/m": f"{STORES}/workspaceartifactstore/ExperimentRun/dcid.j/outputs/m",
    "wasbs://c@acct.blob.core.windows.net/x": f"{BLOB} x",
    "wasbs://acct.blob.core.windows.net/c/x": f"{BLOB} x",
    "abfss://c@acct.dfs.core.windows.net/x": f"{BLOB} x",
    "wasbs://other@acct.blob.core.windows.net/x": "https://acct.blob.core.windows.net/other x",
    "s3://b/k": "s3://b k",
    "https://x.org/y.csv": "https://x.org/y.csv",
    "data/d.csv": "CWD/data/d.csv",
    "file:./data/d%20e": "CWD/data/d e",
}


@pytest.mark.parametrize("text", PLACES)
def test_a_uri_leads_to_its_place(stored: Workspace, text: str) -> None:
    assert _where(stored, text) == PLACES[text]


def test_a_model_that_a_run_logged_is_among_its_artifacts(stored: Workspace) -> None:
    kept = f"file://{quote(str(stored.folder.datastore('workspaceartifactstore')))}/1/models"
    with closing(sqlite3.connect(stored.folder.tracking_database)) as db, db:
        db.executemany(
            "INSERT INTO logged_models VALUES (?, 0, ?, ?, ?, 0, 2, ?, '', 'j', '')",
            [
                ("m-1", "model", f"{kept}/m-1/artifacts", 1, "active"),
                ("m-2", "model", f"{kept}/m-2/artifacts", 2, "active"),
                ("m-3", "model", f"{kept}/m-3/artifacts", 3, "deleted"),
                ("m-4", "outputs", f"{kept}/m-4/artifacts", 4, "active"),
            ],
        )
    (stored.folder.artifacts("j") / "outputs").mkdir(parents=True)
    store = f"{STORES}/workspaceartifactstore"
    for form in ("azureml://jobs/j/outputs/artifacts/paths", "runs:/j"):
        assert _where(stored, f"{form}/model") == f"{store}/1/models/m-2/artifacts"
        assert _where(stored, f"{form}/model/MLmodel") == f"{store}/1/models/m-2/artifacts/MLmodel"
        assert _where(stored, f"{form}/outputs/m") == f"{store}/ExperimentRun/dcid.j/outputs/m"
        assert _where(stored, f"{form}/other") == f"{store}/ExperimentRun/dcid.j/other"


def test_an_asset_leads_to_its_files_by_name_label_and_arm_id(stored: Workspace) -> None:
    arm = f"{stored.id.arm}/data/d/versions/1"
    for text in ("azureml:d:1", "azureml:d@latest", f"azureml:{arm}", f"azureml:/{arm}", arm):
        assert places.fetch(stored, text).read_text() == "a,b\n1,2\n"


def test_a_long_uri_of_another_workspace_that_is_here_leads_there(stored: Workspace) -> None:
    other = open_workspace(WorkspaceId("s", "g", "other"))
    assert other.database
    long = "azureml://subscriptions/s/resourcegroups/g/workspaces/other/datastores/workspaceblobstore/paths/x"
    assert places.locate(stored, long) == Here(other.folder.datastore("workspaceblobstore") / "x")
    spec = jobs.submit(stored, command(command="true", name="k", inputs={"x": Input(type="uri_file", path=long)}))
    assert spec.spec["inputs"]["x"]["path"] == long
    assert _launch(stored, "k").inputs["x"].value == str(other.folder.datastore("workspaceblobstore") / "x")
    other.database.close()


@pytest.mark.parametrize(
    ("text", "error", "said"),
    [
        ("azureml:no:1", ResourceNotFoundError, "Not found data with name 'no'"),
        ("azureml:d:2", ResourceNotFoundError, "version '2'"),
        ("azureml:d@new", ResourceNotFoundError, "label new"),
        ("azureml://datastores/blop/paths/x", ResourceNotFoundError, "Did you mean 'blob'?"),
        ("azureml://jobs/k/outputs/o", ResourceNotFoundError, "'k'"),
        ("azureml://jobs/j/outputs/p", ResourceNotFoundError, "no output named 'p'"),
        ("azureml://jobs/j/outputs/o/paths/../../../x", AssetPathException, "leads out"),
        ("azureml://datastores/shelf/paths/../x", AssetPathException, "leads out"),
        ("azureml://datastores/blob/paths/../x", AssetPathException, "leads out"),
        ("runs:/../../x", AssetPathException, "leads out"),
        ("runs:/j/../../../x", AssetPathException, "leads out"),
        ("azureml://registries/r/data/d/versions/1", UserErrorException, "registry 'r'"),
        ("azureml:/subscriptions/s/resourceGroups/g/providers/p/workspaces/w/environments/e/versions/1",
         ValidationException, "environments"),
        ("adl://a.azuredatalakestore.net/x", UserErrorException, "Gen1"),
        ("htps://x", ValidationException, "Did you mean 'https'?"),
    ],
)  # fmt: skip
def test_what_leads_nowhere_is_refused(stored: Workspace, text: str, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=r".+") as caught:
        places.locate(stored, text)
    assert said in str(caught.value)


def test_nothing_at_a_place_is_said_with_where_it_was_looked_for(stored: Workspace) -> None:
    with pytest.raises(AssetPathException, match="There is nothing at 'azureml://datastores/shelf/paths/no'") as caught:
        places.fetch(stored, "azureml://datastores/shelf/paths/no")
    assert "shelf/no" in caught.value.resolution


LONG = "azureml://subscriptions/00000000-0000-0000-0000-000000000000/resourcegroups/local/workspaces/default/datastores"


def test_a_launch_says_of_each_input_where_it_is_and_whether_it_must_be_fetched(stored: Workspace, here: Path) -> None:
    inputs = {
        "near": Input(path="azureml://datastores/shelf/paths/d"),
        "built_in": Input(path="azureml://datastores/workspaceblobstore/paths/d", mode="download"),
        "asset": Input(type="uri_file", path="azureml:d:1"),
        "far": Input(path="azureml:far@latest"),
        "web": Input(type="uri_file", path="https://x.org/y.csv", mode="download"),
        "direct": Input(path="azureml:far:1", mode="direct"),
        "direct_here": Input(path="azureml://datastores/workspaceblobstore/paths/d", mode="direct"),
        "output": Input(path="azureml://jobs/j/outputs/o"),
    }
    job = jobs.submit(stored, command(command="true", inputs=inputs))
    found = _launch(stored, job.name)
    blobs = "azureml://datastores/workspaceblobstore/paths"
    uploaded = data_path(stored)
    assert found.inputs == {
        "near": InputSpec("uri_folder", str(here / "shelf" / "d"), "ro_mount"),
        "built_in": InputSpec("uri_folder", f"{blobs}/d", "download"),
        "asset": InputSpec("uri_file", uploaded, "ro_mount"),
        "far": InputSpec("uri_folder", f"{LONG}/blob/paths/x/", "ro_mount", remote=True),
        "web": InputSpec("uri_file", "https://x.org/y.csv", "download", remote=True),
        "direct": InputSpec("uri_folder", f"{LONG}/blob/paths/x/", "direct"),
        "direct_here": InputSpec("uri_folder", f"{LONG}/workspaceblobstore/paths/d", "direct"),
        "output": InputSpec("uri_folder", f"{blobs}/azureml/j/o", "ro_mount"),
    }
    shown = {name: given.path for name, given in inputs.items()} | {"far": "azureml:far:1"}
    assert {name: given["path"] for name, given in job.spec["inputs"].items()} == shown


def data_path(workspace: Workspace) -> str:
    """Where the asset's file is, as a runner reads it."""
    place = places.fetch(workspace, "azureml:d:1")
    inside = place.relative_to(workspace.folder.datastore("workspaceblobstore")).as_posix()
    return f"azureml://datastores/workspaceblobstore/paths/{inside}"


def test_a_launch_says_of_each_output_where_it_goes(stored: Workspace, here: Path) -> None:
    outputs = {
        "near": Output(path="azureml://datastores/shelf/paths/out/${{name}}"),
        "far": Output(type="uri_file", path="azureml://datastores/blob/paths/out/m.pkl", mode="upload"),
        "cloud": Output(path="wasbs://c@acct.blob.core.windows.net/out"),
        "direct": Output(type="mltable", path="azureml://datastores/shelf/paths/t", mode="direct"),
    }
    jobs.submit(stored, command(command="true", name="k", outputs=outputs))
    found = _launch(stored, "k").outputs
    assert found == {
        "near": OutputSpec("uri_folder", str(here / "shelf" / "out" / "k")),
        "far": OutputSpec("uri_file", f"{LONG}/blob/paths/out/m.pkl", "upload"),
        "cloud": OutputSpec("uri_folder", "wasbs://c@acct.blob.core.windows.net/out"),
        "direct": OutputSpec("mltable", f"{LONG}/shelf/paths/t", "direct"),
    }
    assert [spec.is_sent for spec in found.values()] == [False, True, True, False]


def test_a_kind_that_an_asset_is_not_is_refused_by_the_inputs_path(stored: Workspace) -> None:
    wrong = {"x": Input(type="uri_folder", path="azureml:d:1")}
    with pytest.raises(
        ValidationException, match=r"inputs\.x\.path: a uri_folder is expected, 'azureml:d:1' is a uri_"
    ):
        jobs.submit(stored, command(command="true", inputs=wrong))


def test_local_data_goes_to_the_datastore_that_its_input_names(stored: Workspace, here: Path) -> None:
    given = {"x": Input(type="uri_file", path="data/d.csv", datastore="azureml:shelf")}
    job = jobs.submit(stored, command(command="true", inputs=given))
    shown = job.spec["inputs"]["x"]["path"]
    assert shown == _launch(stored, job.name).inputs["x"].value
    assert Path(shown).read_text() == "a,b\n1,2\n"
    assert Path(shown).is_relative_to(here / "shelf" / "LocalUpload")

"""Datasets of SDK v1: data assets of SDK v2, defined by files, read when somebody asks."""

from datetime import datetime
from pathlib import Path

import pytest

from jupyter_aml import MLClient
from jupyter_aml.entities.data import Data
from jupyter_aml.exceptions import NotAvailableError, UserErrorException, ValidationException
from jupyter_aml.v1.core.dataset import Dataset
from jupyter_aml.v1.core.datastore import Datastore
from jupyter_aml.v1.core.workspace import Workspace
from jupyter_aml.v1.data import DataType, FileDataset, TabularDataset


@pytest.fixture
def ws(ml_client: MLClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A workspace, and two CSV files and a text in the folder `rows` of its default datastore."""
    source = tmp_path / "source"
    source.mkdir()
    (source / "a.csv").write_text("day,age,name\n2024-01-01,30,x\n2024-02-01,60,y\n")
    (source / "b.csv").write_text("day,age,name\n2024-03-01,90,z\n")
    (source / "note.txt").write_text("hello")
    monkeypatch.chdir(source)
    made = Workspace.of(ml_client)
    made.get_default_datastore().upload(str(source), "rows", show_progress=False)
    return made


def table(ws: Workspace) -> TabularDataset:
    return Dataset.Tabular.from_delimited_files((ws.get_default_datastore(), "rows/*.csv"))


def files(ws: Workspace, path: str = "rows/*.csv") -> FileDataset:
    return Dataset.File.from_files((ws.get_default_datastore(), path))


def ages(found: TabularDataset | FileDataset) -> list[int]:
    assert isinstance(found, TabularDataset)
    return list(found.to_pandas_dataframe()["age"])


def test_a_table_of_several_files_has_the_rows_of_all(ws: Workspace) -> None:
    assert ages(table(ws)) == [30, 60, 90]


def test_what_is_done_to_a_table_makes_a_new_one(ws: Workspace) -> None:
    whole = table(ws)
    assert ages(whole.skip(1).take(1)) == [60]
    assert list(whole.keep_columns(["age"]).to_pandas_dataframe().columns) == ["age"]
    assert list(whole.drop_columns("age").to_pandas_dataframe().columns) == ["day", "name"]
    first, second = whole.random_split(0.5, seed=3)
    assert sorted([*ages(first), *ages(second)]) == ages(whole)


def test_rows_are_filtered_by_columns_and_by_times(ws: Workspace) -> None:
    whole = table(ws)
    assert ages(whole.filter((whole["age"] > 30) & ~(whole["name"] == "z"))) == [60]
    assert ages(whole.filter((whole["age"] < 40) | whole["name"].starts_with("z"))) == [30, 90]
    timed = whole.with_timestamp_columns("day")
    assert timed.timestamp_columns == ("day", None)
    assert ages(timed.time_between(datetime(2024, 1, 15), datetime(2024, 3, 1))) == [60, 90]  # noqa: DTZ001 - as people write it
    assert ages(timed.time_before(datetime(2024, 3, 1), include_boundary=False)) == [30, 60]  # noqa: DTZ001 - as above
    with pytest.raises(UserErrorException, match="with_timestamp_columns"):
        whole.time_after(datetime(2024, 1, 1))  # noqa: DTZ001 - as above


def test_a_filter_joined_by_and_is_refused_not_half_done(ws: Workspace) -> None:
    whole = table(ws)
    with pytest.raises(TypeError, match="&"):
        whole.filter((whole["age"] > 30) and (whole["age"] < 80))


def test_types_are_set_as_they_are_said(ws: Workspace) -> None:
    place = (ws.get_default_datastore(), "rows/a.csv")
    said = Dataset.Tabular.from_delimited_files(place, set_column_types={"age": DataType.to_string()})
    assert list(said.to_pandas_dataframe()["age"]) == ["30", "60"]


def test_a_registered_table_is_an_mltable_asset_of_sdk_v2(ws: Workspace) -> None:
    kept = table(ws).register(ws, "diabetes dataset", "rows", {"format": "CSV"})
    assert (kept.name, kept.version, kept.tags) == ("diabetes dataset", 1, {"format": "CSV"})
    asset = ws.client.data.get("diabetes dataset", version="1")
    assert (asset.type, asset.description) == ("mltable", "rows")
    assert "diabetes dataset" in ws.datasets
    assert ages(ws.datasets["diabetes dataset"]) == [30, 60, 90]


def test_the_same_definition_is_the_same_version(ws: Workspace) -> None:
    table(ws).register(ws, "rows")
    assert table(ws).register(ws, "rows", create_new_version=True).version == 1
    with pytest.raises(UserErrorException, match="create_new_version=True"):
        table(ws).take(1).register(ws, "rows")
    assert table(ws).take(1).register(ws, "rows", create_new_version=True).version == 2
    assert ages(Dataset.get_by_name(ws, "rows", 1)) == [30, 60, 90]
    assert ages(Dataset.get_by_name(ws, "rows")) == [30]


def test_an_asset_of_sdk_v2_is_a_dataset(ws: Workspace, tmp_path: Path) -> None:
    ws.client.data.create_or_update(Data(name="folder", path=str(tmp_path / "source")))
    found = Dataset.get_by_name(ws, "folder")
    assert isinstance(found, FileDataset)
    assert found.to_path() == ["/a.csv", "/b.csv", "/note.txt"]
    assert isinstance(Dataset.get_by_id(ws, found.id), FileDataset)


def test_a_name_with_a_space_is_sdk_v1s_own(ws: Workspace) -> None:
    with pytest.raises(ValidationException, match="not a valid asset name"):
        ws.client.data.create_or_update(Data(name="a b", path="."))
    with pytest.raises(ValidationException, match="not a valid dataset name"):
        table(ws).register(ws, "a/b")


def test_a_missing_dataset_is_told_with_the_nearest_name(ws: Workspace) -> None:
    table(ws).register(ws, "diabetes")
    with pytest.raises(UserErrorException, match="Did you mean 'diabetes'"):
        Dataset.get_by_name(ws, "diabets")


def test_a_missing_file_is_told_at_once_unless_nobody_asks(ws: Workspace) -> None:
    with pytest.raises(UserErrorException, match="was not found"):
        files(ws, "nothing/*.csv")
    assert Dataset.File.from_files((ws.get_default_datastore(), "nothing/"), validate=False).to_path() == []


def test_files_are_named_from_the_folder_that_they_share(ws: Workspace, tmp_path: Path) -> None:
    assert files(ws).to_path() == ["/a.csv", "/b.csv"]
    assert files(ws, "rows/a.csv").to_path() == ["/a.csv"]
    copies = files(ws).download(tmp_path / "copies")
    assert [Path(copy).name for copy in copies] == ["a.csv", "b.csv"]
    with pytest.raises(UserErrorException, match="overwrite=True"):
        files(ws).download(tmp_path / "copies")
    with files(ws).mount() as mounted:
        assert sorted(one.name for one in Path(mounted.mount_point).iterdir()) == ["a.csv", "b.csv"]
    assert not Path(mounted.mount_point).exists()


def test_a_pattern_outlives_its_registration(ws: Workspace) -> None:
    files(ws).register(ws, "csv files")
    ws.get_default_datastore().upload_files(["note.txt"], target_path="rows/more")
    found = Dataset.get_by_name(ws, "csv files")
    assert isinstance(found, FileDataset)
    assert found.to_path() == ["/a.csv", "/b.csv"]


def test_files_that_share_their_folder_with_others_reach_a_job_alone(ws: Workspace) -> None:
    some = files(ws).as_named_input("x").as_mount().binding().value
    every = files(ws, "rows/*").as_named_input("x").as_mount().binding().value
    assert some.path is not None
    assert [one.name for one in sorted(local(ws, some.path).iterdir())] == ["a.csv", "b.csv"]
    assert every.path == "azureml://datastores/workspaceblobstore/paths/rows/"


def local(ws: Workspace, address: str) -> Path:
    store, _, path = address.removeprefix("azureml://datastores/").partition("/paths/")
    return ws.client.workspace.folder.datastore(store) / path


@pytest.mark.parametrize(("way", "mode"), [("as_mount", "ro_mount"), ("as_download", "download")])
def test_a_dataset_as_an_argument_is_an_input_of_the_job(ws: Workspace, way: str, mode: str) -> None:
    kept = files(ws, "rows/").register(ws, "all")
    bound = getattr(kept.as_named_input("x"), way)().binding()
    assert bound.word == "${{inputs.x}}"
    assert (bound.value.type, bound.value.path, bound.value.mode) == ("uri_folder", "azureml:all:1", mode)
    single = files(ws, "rows/a.csv").as_mount().binding().value
    assert single.type == "uri_file"


def test_a_table_of_local_files_takes_them_along(ws: Workspace) -> None:
    kept = Dataset.Tabular.from_delimited_files("a.csv").register(ws, "local")
    Path("a.csv").unlink()
    assert ages(Dataset.get_by_name(ws, kept.name or "")) == [30, 60]


def test_a_frame_is_kept_as_a_dataset(ws: Workspace) -> None:
    frame = table(ws).to_pandas_dataframe()
    kept = Dataset.Tabular.register_pandas_dataframe(frame, (ws.get_default_datastore(), "frames"), "frame")
    assert ages(kept) == [30, 60, 90]
    assert table(ws).to_csv_files().to_path() == ["/part-00000.csv"]


def test_tags_and_words_of_a_registered_one_may_change(ws: Workspace) -> None:
    kept = table(ws).register(ws, "rows").add_tags({"a": "1", "b": "2"}).remove_tags(["a"]).update("said")
    assert (kept.tags, kept.description, kept.version) == ({"b": "2"}, "said", 1)
    kept.unregister_all_versions()
    assert "rows" not in ws.datasets


def test_a_name_is_free_again_once_nothing_is_registered_under_it(ws: Workspace) -> None:
    table(ws).register(ws, "rows").unregister_all_versions()
    with pytest.raises(UserErrorException, match="rows"):
        Dataset.get_by_name(ws, "rows")
    again = files(ws).register(ws, "rows")
    assert again.version == 2
    told = [fact.kind for fact in ws.client.facts.since(0) if fact.subject == "rows"]
    assert told == ["data.created", "data.archived", "data.archived", "data.created", "data.restored"]
    assert isinstance(ws.datasets["rows"], FileDataset)


def test_a_dataset_is_registered_where_its_files_are(ws: Workspace) -> None:
    other = Workspace.create("elsewhere", exist_ok=True)
    for bound in (table(ws), files(ws)):
        with pytest.raises(UserErrorException, match=r"a datastore of the workspace 'default'.*\n.*'elsewhere'"):
            bound.register(other, "rows")
    assert "rows" not in other.datasets
    Dataset.Tabular.from_delimited_files("a.csv").register(other, "table")
    Dataset.File.from_files(["a.csv", "note.txt"]).register(other, "files")
    Path("a.csv").unlink()
    assert ages(other.datasets["table"]) == [30, 60]
    assert other.datasets["files"].to_path() == ["/a.csv", "/note.txt"]


def test_what_is_not_said_again_stays(ws: Workspace) -> None:
    table(ws).register(ws, "rows", "said", {"a": "1"})
    again = table(ws).register(ws, "rows")
    assert (again.description, again.tags, again.version) == ("said", {"a": "1"}, 1)
    other = table(ws).register(ws, "rows", "", {})
    assert (other.description or "", other.tags) == ("", {})


@pytest.mark.parametrize("what", ["from_sql_query", "register_spark_dataframe"])
def test_what_is_not_here_is_named(what: str) -> None:
    with pytest.raises(NotAvailableError, match=what):
        getattr(Dataset.Tabular, what)()


def test_uploads_leave_what_is_there_unless_told_otherwise(ws: Workspace, tmp_path: Path) -> None:
    store = ws.get_default_datastore()
    Path("note.txt").write_text("changed")
    store.upload_files(["./note.txt"], target_path="rows/")
    assert (
        Path(store.download(tmp_path / "one", "rows") and tmp_path / "one" / "rows" / "note.txt").read_text() == "hello"
    )
    store.upload_files(["./note.txt"], target_path="rows/", overwrite=True)
    assert store.download(tmp_path / "one", "rows") == 0
    assert store.download(tmp_path / "one", "rows", overwrite=True) == 3
    assert (tmp_path / "one" / "rows" / "note.txt").read_text() == "changed"
    with pytest.raises(UserErrorException, match="no file"):
        store.upload_files(["nothing.txt"])


def test_a_datastore_is_sdk_v2s(ws: Workspace) -> None:
    made = Datastore.register_azure_blob_container(ws, "blobs", "box", "account", account_key="c2VjcmV0")
    assert (made.name, made.datastore_type, made.container_name) == ("blobs", "AzureBlob", "box")
    assert ws.client.datastores.get("blobs").type == "azure_blob"
    with pytest.raises(UserErrorException, match="overwrite=True"):
        Datastore.register_azure_blob_container(ws, "blobs", "box", "account")
    made.set_as_default()
    assert ws.get_default_datastore().name == "blobs"
    Datastore.get(ws, "workspaceblobstore").set_as_default()
    made.unregister()
    assert "blobs" not in ws.datastores
    with pytest.raises(UserErrorException, match="Not found datastore"):
        Datastore.get(ws, "blobs")


def test_a_path_in_a_datastore_is_an_argument_too(ws: Workspace) -> None:
    place = ws.get_default_datastore().path("rows")
    assert place.as_mount().binding().value.path == "azureml://datastores/workspaceblobstore/paths/rows"
    assert place.as_download().binding().word == "${{inputs.input_workspaceblobstore}}"
    assert place.as_upload().binding().word == "${{outputs.input_workspaceblobstore}}"

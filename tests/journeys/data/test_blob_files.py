"""Blobs from a notebook: uploaded once, read and written by pandas, listed and copied by Azure's file system."""

from pathlib import Path
from typing import Any

import pytest

from jupyter_aml import MLClient
from jupyter_aml.client.filesystem import AzureMachineLearningFileSystem
from jupyter_aml.data import mltable
from jupyter_aml.entities import Data
from jupyter_aml.exceptions import AssetPathException, ResourceNotFoundError, UserErrorException
from jupyter_aml.operations import places, uploads
from tests.journeys.data.conftest import Run, Store, make_store, register
from tests.oracles.azurite import Azurite

BLOB = "azureml://datastores/blob/paths"
LOCAL = "azureml://datastores/workspaceblobstore/paths"


@pytest.fixture
def pd() -> Any:
    """pandas, imported when a test reads with it."""
    return pytest.importorskip("pandas")


def _long(ml_client: MLClient, datastore: str = "blob") -> str:
    ws = ml_client.workspace.id
    scope = f"subscriptions/{ws.subscription_id}/resourcegroups/{ws.resource_group}/workspaces/{ws.name}"
    return f"azureml://{scope}/datastores/{datastore}/paths/"


def test_a_folder_is_uploaded_once_and_completed_when_it_was_cut_off(
    store: Store, ml_client: MLClient, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "data" / "sub").mkdir()
    (here / "data" / "sub" / "é 'x\" #1.csv").write_text("odd")
    first = uploads.uploaded(ml_client.workspace, "data", "azureml:blob")
    assert "Uploading data (0.00 MBs): 100%|##########| 11/11" in capsys.readouterr().err
    place = first.removeprefix(f"{BLOB}/")
    assert store.content() == {f"{place}d.csv": "a,b\n1,2\n", f"{place}sub/é 'x\" #1.csv": "odd"}
    assert uploads.uploaded(ml_client.workspace, "./data/", "blob") == first
    assert capsys.readouterr().err == ""
    store.container.delete_blob(f"{place}d.csv")
    assert uploads.uploaded(ml_client.workspace, "data", "azureml://datastores/blob") == first
    assert f"{place}d.csv" in store.content()


@pytest.mark.parametrize("root", [f"{BLOB}/", f"{LOCAL}/", "long"])
def test_pandas_reads_and_writes(by_key: Store, ml_client: MLClient, pd: Any, root: str) -> None:
    root = _long(ml_client) if root == "long" else root
    frame = pd.DataFrame({"a": [1, 3], "b": ["x", "é"]})
    frame.to_csv(f"{root}new/deep/x.csv", index=False)
    frame.to_parquet(f"{root}new/x.parquet")
    assert pd.read_csv(f"{root}new/deep/x.csv").equals(frame)
    assert pd.read_parquet(f"{root}new/x.parquet").equals(frame)
    frame.iloc[:1].to_csv(f"{root}new/deep/x.csv", index=False)
    assert len(pd.read_csv(f"{root}new/deep/x.csv")) == 1
    with pytest.raises(FileNotFoundError):
        pd.read_csv(f"{root}none.csv")
    assert ("new/x.parquet" in {blob.name for blob in by_key.container.list_blobs()}) == (root != f"{LOCAL}/")


def test_pandas_reads_in_a_job_too(by_key: Store, run: Run, here: Path) -> None:
    by_key.put(**{"f.csv": "a,b\n1,2\n"})
    code = "import pandas; print(pandas.read_csv('azureml://datastores/blob/paths/f.csv').b.sum())"
    ran = run(f'python -c "{code}"')
    assert ran.log == "2\n"


@pytest.mark.parametrize("datastore", ["blob", "workspaceblobstore"])
def test_the_file_system_lists_finds_copies_and_removes(
    by_key: Store, ml_client: MLClient, here: Path, datastore: str
) -> None:
    files = AzureMachineLearningFileSystem(_long(ml_client, datastore))
    (here / "data" / "sub").mkdir()
    (here / "data" / "sub" / "x.txt").write_text("x")
    files.upload(lpath="data", rpath="up", recursive=True, overwrite="MERGE_WITH_OVERWRITE")
    assert files.ls("up") == ["up/d.csv", "up/sub"]
    assert files.find("up") == ["up/d.csv", "up/sub/x.txt"]
    assert files.glob("**/*.csv") == files.glob("/up/*.csv") == ["up/d.csv"]
    assert [files.exists("up/d.csv"), files.exists("no"), files.isdir("./up"), files.size("up/d.csv")] == [
        True, False, True, 8,
    ]  # fmt: skip
    with files.open("./up/sub/x.txt") as file:
        assert file.read() == b"x"
    files.download(rpath="up", lpath="down", recursive=True)
    assert Path("down/sub/x.txt").read_text() == "x"
    with pytest.raises(FileExistsError):
        files.upload("data/d.csv", "up", overwrite="FAIL_ON_FILE_CONFLICT")
    Path("data/d.csv").write_text("new")
    files.upload("data/d.csv", "up", overwrite="APPEND")
    assert files.cat("up/d.csv") == b"a,b\n1,2\n"
    files.upload("data/d.csv", "up")
    assert files.cat("up/d.csv") == b"new"
    with pytest.raises(IsADirectoryError):
        files.rm("up")
    files.rm("up", recursive=True)
    assert files.find("up") == []


def test_no_path_leads_out_of_a_datastore(by_key: Store, ml_client: MLClient) -> None:
    for datastore in ("blob", "workspaceblobstore"):
        files = AzureMachineLearningFileSystem(_long(ml_client, datastore))
        for path in ("../x", "a/../../x"):
            with pytest.raises(AssetPathException, match="leads out"):
                files.open(path)
            with pytest.raises(AssetPathException, match="leads out"):
                files.open(path, "wb")


def test_a_table_of_blobs_is_loaded(by_key: Store, ml_client: MLClient, here: Path) -> None:
    by_key.put(**{"t/1.csv": "a\n1\n", "t/2.csv": "a\n2\n", "t/x.txt": "no"})
    (here / "table").mkdir()
    text = "type: mltable\npaths:\n  - pattern: {}t/*.csv\ntransformations:\n  - read_delimited: {{delimiter: ','}}\n"
    resolver = places.resolver(ml_client.workspace)
    for root in (f"{BLOB}/", _long(ml_client)):
        (here / "table" / "MLTable").write_text(text.format(root))
        table = mltable.load(str(here / "table"), resolver=resolver)
        assert sorted(table.to_pandas_dataframe()["a"].astype(int)) == [1, 2]
    one = "type: mltable\npaths:\n  - file: {}t/2.csv\ntransformations:\n  - read_delimited: {{delimiter: ','}}\n"
    for root in (f"{BLOB}/", _long(ml_client)):
        (here / "table" / "MLTable").write_text(one.format(root))
        assert len(mltable.load(str(here / "table"), resolver=resolver).to_pandas_dataframe()) == 1
    (here / "table" / "MLTable").write_text(text.format(f"{BLOB}/"))
    asset = ml_client.data.create_or_update(Data(name="t", path="table", type="mltable", datastore="blob"))
    loaded = mltable.load(f"azureml:/{asset.id}", resolver=resolver)
    assert len(loaded.to_pandas_dataframe()) == 2


def test_a_copy_is_kept_until_the_blob_changes(by_key: Store, ml_client: MLClient) -> None:
    by_key.put(**{"d/a": "1", "d/b": "2"})
    told: list[tuple[str, int]] = []

    def show(name: str, size: int) -> object:
        told.append((name, size))
        return lambda _done, _files: None

    def fetch() -> Path:
        return places.fetch(ml_client.workspace, f"{BLOB}/d", show)  # pyright: ignore[reportArgumentType]

    first = fetch()
    assert (fetch(), told) == (first, [("d", 2)])
    by_key.put(**{"d/b": "three"})
    second = fetch()
    assert told[1:] == [("d", 5)]
    assert [(first / "b").read_text(), (second / "b").read_text()] == ["2", "three"]
    assert (first / "a").samefile(second / "a")
    by_key.container.delete_blob("d/a")
    assert [path.name for path in fetch().iterdir()] == ["b"]


def test_a_datastore_that_gets_a_better_key_is_read(azurite: Azurite, ml_client: MLClient, here: Path) -> None:
    store = make_store(azurite, ml_client, "wrong")
    store.put(f="1")
    with pytest.raises(UserErrorException, match=r"refused the credentials \(403"):
        places.fetch(ml_client.workspace, f"{BLOB}/f")
    with pytest.raises(UserErrorException, match=r"refused the credentials \(403"):
        uploads.uploaded(ml_client.workspace, "data", "blob")
    register(azurite, ml_client, store.name, azurite.sas(store.name, may="rl"))
    assert places.fetch(ml_client.workspace, f"{BLOB}/f").read_text() == "1"
    with pytest.raises(UserErrorException, match="403 AuthorizationPermissionMismatch"):
        uploads.uploaded(ml_client.workspace, "data", "blob")


def test_nobody_at_the_address_is_said_at_once(ml_client: MLClient, pd: Any) -> None:
    register(Azurite("127.0.0.1:1"), ml_client, "c", "AAAA==")
    with pytest.raises(UserErrorException, match=r"Datastore 'blob': nobody answers at 127.0.0.1:1") as told:
        pd.read_csv(f"{BLOB}/f.csv")
    assert isinstance(told.value.__context__, ConnectionRefusedError), (
        "the first knock; no library asks again and again"
    )
    with pytest.raises(ResourceNotFoundError, match="Did you mean 'blob'"):
        pd.read_csv("azureml://datastores/blub/paths/f.csv")

"""Rows of SDK v1's tables in folders named by their values: nothing lost, nothing of another type."""

from pathlib import Path
from typing import Any

import pytest

from jupyter_aml.exceptions import UnsupportedFieldError, UserErrorException, ValidationException
from jupyter_aml.v1.core.dataset import Dataset
from jupyter_aml.v1.core.workspace import Workspace
from jupyter_aml.v1.data import DataPath, TabularDataset

ROWS = "day,state,age,smokes\n2024-01-01,WA,30,true\n2024-01-02,WA,60,false\n2024-01-01,New York,90,true\n"


@pytest.fixture
def table(ws: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TabularDataset:
    (tmp_path / "rows.csv").write_text(ROWS)
    monkeypatch.chdir(tmp_path)
    ws.get_default_datastore().upload_files(["rows.csv"], target_path="rows")
    return Dataset.Tabular.from_delimited_files((ws.get_default_datastore(), "rows/rows.csv"))


def records(found: TabularDataset, *columns: str) -> list[tuple[Any, ...]]:
    frame: Any = found.to_pandas_dataframe()
    return sorted(tuple(row) for row in frame[[*columns]].itertuples(index=False))


COLUMNS = ("age", "day", "smokes", "state")


@pytest.mark.parametrize(
    "keys", [["state"], ["age"], ["smokes"], ["day"], ["state", "day"], ["smokes", "age", "state"]]
)
def test_the_rows_are_the_same_in_folders_of_their_own(ws: Workspace, table: TabularDataset, keys: list[str]) -> None:
    made = table.partition_by(keys, (ws.get_default_datastore(), "parted"))
    assert made.partition_keys == sorted(keys, key=lambda key: (key == "day", keys.index(key)))
    assert records(made, *COLUMNS) == records(table, *COLUMNS)
    before: Any = table.to_pandas_dataframe()
    after: Any = made.to_pandas_dataframe()
    assert [after[name].dtype.kind for name in COLUMNS] == [before[name].dtype.kind for name in COLUMNS]


def test_each_combination_of_values_is_told(ws: Workspace, table: TabularDataset) -> None:
    made = table.partition_by(["state", "smokes"], DataPath(ws.get_default_datastore(), "parted"), name="by state")
    assert (made.name, made.version) == ("by state", 1)
    kept = Dataset.get_by_name(ws, "by state")
    assert isinstance(kept, TabularDataset)
    found = kept.get_partition_key_values()
    assert sorted(map(str, found)) == sorted(
        map(
            str,
            ({"state": "WA", "smokes": True}, {"state": "WA", "smokes": False}, {"state": "New York", "smokes": True}),
        )
    )
    assert sorted(one["state"] for one in kept.get_partition_key_values(["state"])) == ["New York", "WA"]
    with pytest.raises(UserErrorException, match="Did you mean 'state'"):
        kept.get_partition_key_values(["stat"])
    with pytest.raises(UserErrorException, match="no partition keys"):
        table.get_partition_key_values()
    again = table.partition_by(["state"], ws.get_default_datastore(), name="by state")
    assert again.version == 2


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ([], "each once"),
        (["state", "state"], "each once"),
        ([*COLUMNS], "each once"),
        (["stat"], "Did you mean 'state'"),
    ],
)
def test_keys_that_name_no_folders_are_told(ws: Workspace, table: TabularDataset, keys: list[str], told: str) -> None:
    with pytest.raises(UserErrorException, match=told):
        table.partition_by(keys, (ws.get_default_datastore(), "parted"))
    assert not (ws.client.workspace.folder.datastore("workspaceblobstore") / "parted").exists()


@pytest.mark.parametrize("value", ["..", "a/b", "a\\b", ""])
def test_no_value_leads_out_of_its_folder(ws: Workspace, tmp_path: Path, value: str) -> None:
    (tmp_path / "odd.csv").write_text(f'a,b\n"{value}",1\nx,2\n')
    odd = Dataset.Tabular.from_delimited_files(str(tmp_path / "odd.csv"))
    with pytest.raises(UserErrorException, match="folder"):
        odd.partition_by(["a"], (ws.get_default_datastore(), "parted"))
    assert not (ws.client.workspace.folder.datastore("workspaceblobstore") / "parted").exists()


def test_what_partitions_cannot_be_is_refused_before_anything_is_written(ws: Workspace, table: TabularDataset) -> None:
    with pytest.raises(UnsupportedFieldError, match="partition_as_file_dataset"):
        table.partition_by(["state"], ws.get_default_datastore(), partition_as_file_dataset=True)
    with pytest.raises(ValidationException, match="not a valid dataset name"):
        table.partition_by(["state"], (ws.get_default_datastore(), "parted"), name="a/b")
    with pytest.raises(UserErrorException, match="no rows"):
        table.filter(table["age"] > 1000).partition_by(["state"], (ws.get_default_datastore(), "parted"))
    with pytest.raises(UserErrorException, match="no datastore"):
        table.partition_by(["state"], "parted")  # type: ignore[arg-type]
    assert not (ws.client.workspace.folder.datastore("workspaceblobstore") / "parted").exists()

"""Where the files of SDK v1's datasets may come from and go to: never out of their folder, never over a stranger's."""

from pathlib import Path
from typing import Any

import pytest

from jupyter_aml import MLClient
from jupyter_aml.exceptions import AssetPathException, UserErrorException, ValidationException
from jupyter_aml.v1.core.dataset import Dataset
from jupyter_aml.v1.core.workspace import Workspace
from jupyter_aml.v1.data import DataReference, FileDataset


@pytest.fixture
def ws(ml_client: MLClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A workspace with two files in `rows` and one in `rows2`; the current folder is empty."""
    source, here = tmp_path / "source", tmp_path / "here"
    here.mkdir()
    for name in ("rows/a.csv", "rows/b.csv", "rows2/c.csv"):
        file = source / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"x\n{name}\n")
    monkeypatch.chdir(here)
    made = Workspace.of(ml_client)
    made.get_default_datastore().upload(str(source), show_progress=False)
    return made


def frame(*values: int) -> Any:
    import pandas as pd

    return pd.DataFrame({"a": values})


def rows(ws: Workspace) -> FileDataset:
    return Dataset.File.from_files((ws.get_default_datastore(), "rows/"))


@pytest.mark.parametrize("path", ["../*.csv", "rows/../../*.csv", "*/../../*", "rows/**/../../../x*", ".."])
def test_no_path_leads_out_of_its_datastore(ws: Workspace, path: str) -> None:
    for define in (Dataset.File.from_files, Dataset.Tabular.from_delimited_files):
        with pytest.raises(AssetPathException, match=r"\.\."):
            define((ws.get_default_datastore(), path))


@pytest.mark.parametrize("target", ["..", "../x", "a/../../x"])
def test_nothing_is_uploaded_out_of_a_datastore(ws: Workspace, target: str) -> None:
    Path("note.txt").write_text("hello")
    store = ws.get_default_datastore()
    with pytest.raises(AssetPathException, match=r"\.\."):
        store.upload_files(["note.txt"], target_path=target)
    with pytest.raises(AssetPathException, match=r"\.\."):
        Dataset.File.upload_directory(".", (store, target))
    with pytest.raises(AssetPathException, match=r"\.\."):
        store.download("copies", prefix=target)


def test_what_is_no_list_and_what_is_no_id_are_told(ws: Workspace) -> None:
    with pytest.raises(UserErrorException, match=r"a list is expected; found 'note.txt'"):
        ws.get_default_datastore().upload_files("note.txt")
    with pytest.raises(UserErrorException, match="no dataset of the id 'nothing'"):
        Dataset.get_by_id(ws, "nothing")


def test_a_file_outside_of_its_relative_root_is_told(ws: Workspace, tmp_path: Path) -> None:
    with pytest.raises(UserErrorException, match="relative_root"):
        ws.get_default_datastore().upload_files([tmp_path / "source/rows/a.csv"], relative_root=".")


def test_a_frame_with_an_impossible_name_is_kept_nowhere(ws: Workspace, tmp_path: Path) -> None:
    with pytest.raises(ValidationException, match="not a valid dataset name"):
        Dataset.Tabular.register_pandas_dataframe(frame(1), ws.get_default_datastore(), "../../x")
    assert list(tmp_path.rglob("*.parquet")) == []


def test_a_new_version_of_a_frame_leaves_the_old_one_as_it_was(ws: Workspace) -> None:
    place = (ws.get_default_datastore(), "frames")
    for number in (1, 2):
        Dataset.Tabular.register_pandas_dataframe(frame(number), place, "frame")
    kept = [Dataset.get_by_name(ws, "frame", version).to_pandas_dataframe() for version in (1, 2)]  # type: ignore[union-attr]
    assert [list(frame["a"]) for frame in kept] == [[1], [2]]


def test_a_copy_replaces_a_link_and_never_writes_through_it(ws: Workspace, tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("precious")
    Path("a.csv").symlink_to(tmp_path / "precious")
    rows(ws).download(".", overwrite=True)
    assert (tmp_path / "precious").read_text() == "precious"
    assert not Path("a.csv").is_symlink()


def test_a_link_to_nowhere_is_something_that_is_there(ws: Workspace, tmp_path: Path) -> None:
    Path("a.csv").symlink_to(tmp_path / "nowhere")
    with pytest.raises(UserErrorException, match="overwrite=True"):
        rows(ws).download(".")
    assert not (tmp_path / "nowhere").exists()


def test_a_mount_takes_nothing_away_that_it_did_not_bring(ws: Workspace) -> None:
    Path("full").mkdir()
    Path("full/mine.txt").write_text("mine")
    with pytest.raises(UserErrorException, match="is not empty"), rows(ws).mount("full"):
        pass
    assert Path("full/mine.txt").read_text() == "mine"
    Path("empty").mkdir()
    for folder in ("empty", "new"):
        with rows(ws).mount(folder) as mounted:
            assert sorted(one.name for one in Path(mounted.mount_point).iterdir()) == ["a.csv", "b.csv"]
    assert list(Path("empty").iterdir()) == []
    assert not Path("new").exists()


def test_a_mount_of_nothing_leaves_nothing(ws: Workspace) -> None:
    nothing = Dataset.File.from_files((ws.get_default_datastore(), "nothing/"), validate=False)
    with pytest.raises(UserErrorException, match="was not found"), nothing.mount("new"):
        pass
    assert not Path("new").exists()


def test_a_download_of_nothing_is_told_unless_nobody_minds(ws: Workspace) -> None:
    nothing = Dataset.File.from_files((ws.get_default_datastore(), "nothing/"), validate=False)
    with pytest.raises(UserErrorException, match="was not found"):
        nothing.download("copies")
    assert nothing.download("copies", ignore_not_found=True) == []


def test_a_download_takes_the_files_whose_names_begin_so(ws: Workspace) -> None:
    store = ws.get_default_datastore()
    assert store.download("one", prefix="rows/a") == 1
    assert Path("one/rows/a.csv").is_file()
    assert store.download("two", prefix="rows/") == 2
    assert store.download("three", prefix="none") == 0


def test_a_folder_that_is_not_there_is_no_empty_dataset(ws: Workspace) -> None:
    store = ws.get_default_datastore()
    with pytest.raises(UserErrorException, match="is no folder"):
        Dataset.File.upload_directory("nowhere", (store, "x"))
    Path("a.csv").write_text("x\n1\n")
    with pytest.raises(UserErrorException, match=r"pattern: no file .*'\*\.txt'"):
        Dataset.File.upload_directory(".", (store, "x"), pattern="*.txt")
    assert Dataset.File.upload_directory(".", (store, "x"), pattern="*.csv").to_path() == ["/a.csv"]


@pytest.mark.parametrize("count", [0, -1, 1.5, True])
def test_a_count_of_files_is_a_whole_number_above_nothing(ws: Workspace, count: int) -> None:
    for step in (rows(ws).take, rows(ws).skip):
        with pytest.raises(UserErrorException, match="count"):
            step(count)


@pytest.mark.parametrize("share", [-0.1, 1.5, 0, 1])
def test_a_share_of_files_lies_between_nothing_and_all(ws: Workspace, share: float) -> None:
    for step in (rows(ws).take_sample, rows(ws).random_split):
        with pytest.raises(UserErrorException, match=r"between 0 and 1"):
            step(share)


def test_all_files_are_in_one_half_or_the_other(ws: Workspace) -> None:
    first, second = rows(ws).random_split(0.5, seed=7)
    assert sorted([*first.to_path(), *second.to_path()]) == ["/a.csv", "/b.csv"]
    assert [one.to_path() for one in rows(ws).random_split(0.5, seed=7)] == [first.to_path(), second.to_path()]


def test_a_dataset_without_files_reaches_no_job(ws: Workspace) -> None:
    none = rows(ws).skip(2)
    assert none.to_path() == []
    with pytest.raises(UserErrorException, match="has no files"):
        none.as_mount().binding()


def test_a_path_below_a_reference_stays_below_it(ws: Workspace) -> None:
    place = DataReference(ws.get_default_datastore(), path_on_datastore="rows").path("a.csv")
    assert place.path_on_datastore == "rows/a.csv"
    for mode in ("mount", "download", "upload"):
        assert DataReference(ws.get_default_datastore(), mode=mode).binding().value.mode
    with pytest.raises(UserErrorException, match=r"mode: 'mout'.*\n.*mount"):
        DataReference(ws.get_default_datastore(), mode="mout")

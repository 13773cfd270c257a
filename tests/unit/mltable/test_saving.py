"""Saving writes whole files, inside the folder and nowhere else."""

from pathlib import Path

import pytest

from jupyter_aml.data.mltable import from_delimited_files, from_paths, load
from jupyter_aml.exceptions import AssetPathException, UserErrorException


def _files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir())


def test_a_link_at_the_target_is_replaced_and_not_followed(folder: Path) -> None:
    precious = folder / "precious"
    precious.write_text("keep me")
    (folder / "out").mkdir()
    (folder / "out" / "MLTable").symlink_to(precious)
    from_delimited_files([{"file": "a.csv"}]).save("out")
    assert precious.read_text() == "keep me"
    assert not (folder / "out" / "MLTable").is_symlink()


def test_a_linked_folder_in_the_target_is_not_written_through(folder: Path) -> None:
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir()
    (folder / "data").mkdir()
    (folder / "data" / "b.csv").write_text("a,b\n1,2\n")
    (folder / "out").mkdir()
    (folder / "out" / "data").symlink_to(elsewhere)
    with pytest.raises(AssetPathException, match="link out of"):
        from_delimited_files([{"folder": "data"}]).save("out", colocated=True)
    assert _files(elsewhere) == []
    assert (folder / "out" / "data").is_symlink()
    assert not (folder / "out" / "MLTable").exists()


def test_a_link_out_of_the_saved_folder_takes_no_foreign_file_along(folder: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("key\n1\n")
    (folder / "data").mkdir()
    (folder / "data" / "b.csv").symlink_to(secret)
    with pytest.raises(AssetPathException, match="outside the folder that is saved"):
        from_delimited_files([{"pattern": "data/*.csv"}]).save("out", colocated=True)
    assert not (folder / "out").exists()


@pytest.mark.parametrize("tidy", [True, False])
def test_a_save_that_fails_removes_what_it_wrote_unless_told_not_to(folder: Path, tidy: bool) -> None:
    (folder / "out").mkdir()
    (folder / "out" / "MLTable").write_text("old")
    with pytest.raises(UserErrorException, match="AlreadyExists"):
        from_delimited_files([{"file": "a.csv"}]).save(
            "out", overwrite="fail", colocated=True, if_err_remove_files=tidy
        )
    assert _files(folder / "out") == (["MLTable"] if tidy else ["MLTable", "a.csv"])
    assert (folder / "out" / "MLTable").read_text() == "old"


def test_nothing_is_left_beside_the_files(folder: Path) -> None:
    from_delimited_files([{"file": "a.csv"}]).save("out", colocated=True)
    assert _files(folder / "out") == ["MLTable", "a.csv"]


def test_a_table_saved_into_its_own_folder_keeps_its_data(folder: Path) -> None:
    from_delimited_files([{"file": "a.csv"}]).save(colocated=True)
    assert (folder / "a.csv").read_text().startswith("a,b")
    assert len(load(".").to_pandas_dataframe()) == 3


def test_files_from_elsewhere_come_along_by_name(folder: Path, tmp_path: Path) -> None:
    far = tmp_path / "far.csv"
    far.write_text("a,b\n1,2\n")
    from_delimited_files([{"file": str(far)}]).save("out", colocated=True)
    assert load("out").paths == [{"file": "far.csv"}]
    assert load("out").to_pandas_dataframe().to_numpy().tolist() == [[True, 2]]


def test_storage_elsewhere_is_refused_by_its_uri(folder: Path) -> None:
    with pytest.raises(AssetPathException, match="azureml://datastores/d/paths/p"):
        from_paths([]).save("azureml://datastores/d/paths/p")

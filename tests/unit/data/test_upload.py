"""Local data in the blob store: once for each name and content, whole, and never outside (§3.5)."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from jupyter_aml.data import uri
from jupyter_aml.data.upload import upload
from jupyter_aml.exceptions import AssetPathException, EmptyDirectoryError


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "workspace" / "datastores" / "workspaceblobstore"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "my data"
    (folder / "sub").mkdir(parents=True)
    (folder / "a.csv").write_text("a")
    (folder / "sub" / "B.csv").write_text("b")
    return folder


def _below(store: Path) -> list[str]:
    return sorted(path.name for path in (store / "LocalUpload").iterdir())


def test_equal_names_and_content_are_copied_once(store: Path, source: Path, tmp_path: Path) -> None:
    first = upload(source, store)
    copy = tmp_path / "other" / source.name
    copy.parent.mkdir()
    source.rename(copy)
    assert upload(copy, store) == first
    assert first.endswith("/my data/")
    assert (store / first / "sub" / "B.csv").read_text() == "b"
    assert len(_below(store)) == 1


def test_a_changed_file_gets_a_place_of_its_own(store: Path, source: Path) -> None:
    first = upload(source, store)
    (source / "a.csv").write_text("c")
    second = upload(source, store)
    assert (store / first / "a.csv").read_text() == "a"
    assert (store / second / "a.csv").read_text() == "c"


def test_a_file_is_not_a_folder_that_holds_only_that_file(store: Path, tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "d").write_text("x")
    (tmp_path / "e").mkdir()
    (tmp_path / "e" / "d").write_text("x")
    paths = [upload(tmp_path / path, store) for path in ("d", "d/d", "e")]
    assert len(set(paths)) == 3
    assert [(store / path).is_file() for path in paths] == [False, True, False]


def test_files_that_read_the_same_one_after_the_other_are_not_confused(store: Path, tmp_path: Path) -> None:
    for folder, files in (("1/x", {"a": "b", "c": "d"}), ("2/x", {"a": "bc\0d"})):
        (tmp_path / folder).mkdir(parents=True)
        for name, text in files.items():
            (tmp_path / folder / name).write_text(text)
    assert upload(tmp_path / "1" / "x", store) != upload(tmp_path / "2" / "x", store)


def test_ignored_files_stay_at_home_and_a_link_keeps_its_name(store: Path, source: Path, tmp_path: Path) -> None:
    (source / ".amlignore").write_text("sub/\n")
    (tmp_path / "link").symlink_to(source)
    place = upload(tmp_path / "link", store)
    assert place.endswith("/link/")
    assert {path.name for path in (store / place).iterdir()} == {".amlignore", "a.csv"}


def test_odd_names_are_copied(store: Path, source: Path) -> None:
    names = [b"latin-\xe9.csv", b"new\nline.csv", "é 'x\".csv".encode()]
    for name in names:
        (source / os.fsdecode(name)).write_bytes(name)
    place = store / upload(source, store)
    assert {(place / os.fsdecode(name)).read_bytes() for name in names} == set(names)


def test_many_uploads_at_once_leave_one_whole_copy(store: Path, source: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        places = set(pool.map(lambda _: upload(source, store), range(16)))
    assert len(places) == 1
    assert len(_below(store)) == 1


def test_the_workspace_is_left_out_when_it_lies_in_the_data(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "x.csv").write_text("x")
    store = data / ".aml" / "datastores" / "workspaceblobstore"
    assert upload(data, store) == upload(data, store)


def test_nothing_to_upload_is_a_clear_error(store: Path, tmp_path: Path) -> None:
    with pytest.raises(AssetPathException, match="No such file or directory"):
        upload(tmp_path / "nothing", store)
    (tmp_path / "empty" / "sub").mkdir(parents=True)
    with pytest.raises(EmptyDirectoryError, match="is empty"):
        upload(tmp_path / "empty", store)
    assert not store.exists()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("azureml://datastores/ds/paths/a/b.csv", ("ds", "a/b.csv")),
        ("azureml://datastores/ds/paths/", ("ds", "")),
        ("azureml://datastores/ds", ("ds", "")),
        ("azureml://datastores/ds/paths//a", ("ds", "a")),
        ("azureml://subscriptions/s/resourcegroups/r/workspaces/w/datastores/ds/paths/a b", ("ds", "a b")),
        ("azureml://subscriptions/s/resourceGroups/r/providers/p/workspaces/w/datastores/ds/paths/a", ("ds", "a")),
        ("azureml:diabetes:1", None),
        ("azureml://jobs/j/outputs/o/paths/x", None),
        ("wasbs://c@a.blob.core.windows.net/x", None),
        ("./a", None),
    ],
)
def test_a_datastore_uri_is_read_in_both_forms(text: str, expected: tuple[str, str] | None) -> None:
    place = uri.datastore_path(text)
    assert (place and (place.datastore, place.path)) == expected


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("./a b", "./a b"), ("/abs/100%25", "/abs/100%25"), ("file:///a%20b/%C3%A9", "/a b/é"), ("file:./x", "./x"),
        ("http://x/y", None), ("azureml:x:1", None), ("wasbs://x", None), ("runs:/x/y", None),
    ],
)  # fmt: skip
def test_a_local_path_has_no_scheme_but_file(text: str, path: str | None) -> None:
    assert (uri.local_path(text) if uri.is_local(text) else None) == path

"""Local data in the blob store: once for each name and content, whole, and never outside (§3.5)."""

import hashlib
import os
import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from jupyter_aml.data.upload import Uploader
from jupyter_aml.exceptions import AssetPathException, EmptyDirectoryError
from jupyter_aml.store.database import Database
from jupyter_aml.store.folder_index import FolderIndex


def upload(source: Path, store: Path) -> str:
    """Into a datastore of a workspace that remembers no folders."""
    return Uploader(store.parents[1]).upload(source, store)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(tmp_path / "w.db")
    yield opened
    opened.close()


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


def test_files_that_did_not_change_are_not_read_again(store: Path, source: Path, database: Database) -> None:
    uploader = Uploader(store.parents[1], FolderIndex(database))
    _settle(source)
    first = uploader.upload(source, store)
    known = FolderIndex(database).known(source)
    assert {path: entry[-1] for path, entry in known.items()} == {
        name: hashlib.sha256(name[-5].lower().encode()).hexdigest() for name in ("a.csv", "sub/B.csv")
    }
    was = (source / "a.csv").stat()
    (source / "a.csv").write_text("c")
    os.utime(source / "a.csv", ns=(was.st_atime_ns, was.st_mtime_ns))  # as `cp -p` does
    second = uploader.upload(source, store)
    assert second != first
    assert (store / second / "a.csv").read_text() == "c"
    (source / "a.csv").write_text("a")
    assert uploader.upload(source, store) == first


def test_an_unchanged_folder_of_a_thousand_files_is_recognised_at_once(
    store: Path, tmp_path: Path, database: Database
) -> None:
    for folder in range(10):
        (tmp_path / "many" / str(folder)).mkdir(parents=True)
        for file in range(100):
            (tmp_path / "many" / str(folder) / str(file)).write_text("x")
    _settle(tmp_path / "many")
    uploader = Uploader(store.parents[1], FolderIndex(database), show=_quiet)
    began = time.process_time()
    first = uploader.upload(tmp_path / "many", store)
    read = time.process_time()
    assert uploader.upload(tmp_path / "many", store) == first
    assert time.process_time() - read < (read - began) / 4, "nothing is read and copied again"


def test_what_was_uploaded_may_not_be_written_to(store: Path, source: Path) -> None:
    place = store / upload(source, store)
    assert {path.stat().st_mode & 0o777 for path in place.rglob("*.csv")} == {0o444}


def test_a_copy_is_told_in_azures_words_and_a_known_one_is_not(
    store: Path, source: Path, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    upload(source, store)
    said = capsys.readouterr()
    assert said.out == ""
    assert re.search(r"\rUploading my data \(0\.00 MBs\): 100%\|#{10}\| 2/2\n$", said.err)
    upload(source, store)
    assert capsys.readouterr().err == ""
    assert caplog.text == ""


def test_more_than_a_hundred_megabytes_are_warned_of(
    store: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with (tmp_path / "large").open("wb") as file:
        file.truncate(101 << 20)
    upload(tmp_path / "large", store)
    assert "Your file exceeds 100 MB." in caplog.text


def _settle(folder: Path) -> None:
    """Until its files are old enough to be known again by their times."""
    newest = max(path.stat().st_ctime_ns for path in folder.rglob("*"))
    while time.time_ns() - newest < 30_000_000:
        os.sched_yield()


def _quiet(_verb: str, _name: str, _size: int) -> Callable[[int, int], None]:
    return lambda _done, _files: None

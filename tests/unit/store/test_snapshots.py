"""A frozen folder is exactly what lay there, kept once, and read again only where it changed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from jupyter_aml.entities.names import SnapshotId
from jupyter_aml.exceptions import AssetPathException, EmptyDirectoryError
from jupyter_aml.store.blobs import Blobs, Kept
from jupyter_aml.store.database import Database
from jupyter_aml.store.snapshots import Snapshot, Snapshots

LONG_AGO = 1_600_000_000_123_456_789


def _paths(snapshot: Snapshot) -> set[str]:
    return {file.path for file in snapshot.files}


def _content(snapshots: Snapshots, snapshot: Snapshot, path: str) -> bytes:
    blob = next(file.blob for file in snapshot.files if file.path == path)
    return snapshots.blobs.path(blob).read_bytes()


def _blobs(root: Path) -> list[Path]:
    return [path for path in (root / "blobs").rglob("*") if path.is_file()]


def _aged(folder: Path) -> None:
    """Every file looks as if it had been written long ago, so that the next look may trust it."""
    for path in folder.rglob("*"):
        if path.is_file():
            os.utime(path, ns=(LONG_AGO, LONG_AGO))
    os.sync()


def _settle(path: Path) -> None:
    """Wait until the clock of the file system has moved on from the file's last change."""
    probe = path.parent / ".probe"
    start = path.stat().st_ctime_ns
    while True:
        probe.write_text("x")
        if probe.stat().st_mtime_ns - start > 30_000_000:
            probe.unlink()
            return


def test_equal_content_is_kept_once_and_equal_folders_have_equal_ids(
    snapshots: Snapshots, root: Path, tmp_path: Path
) -> None:
    ids: set[str] = set()
    for name in ("one", "two"):
        (tmp_path / name / "sub").mkdir(parents=True)
        for path in ("a.py", "b.py", "sub/c.py"):
            (tmp_path / name / path).write_text("the same")
        ids.add(snapshots.freeze(tmp_path / name).id)
    assert len(ids) == 1
    assert len(_blobs(root)) == 1


def test_a_snapshot_reads_back_as_it_was_frozen(snapshots: Snapshots, code: Path) -> None:
    (code / "run.sh").write_text("#!/bin/sh\n")
    (code / "run.sh").chmod(0o755)
    (code / "train.py").chmod(0o640)
    frozen = snapshots.freeze(code)
    assert snapshots.read(frozen.id) == frozen
    assert {file.path: file.mode for file in frozen.files} == {"run.sh": 0o755, "train.py": 0o640}
    assert snapshots.text(frozen, "train.py") == "print('hello')\n"
    assert snapshots.text(frozen, "nothing.py") is None


def test_the_spelling_of_a_folder_makes_no_difference(
    snapshots: Snapshots, code: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (code / "sub").mkdir()
    (code / "sub" / "x.py").write_text("x")
    (code / "sub" / "loop").symlink_to(code / "sub")
    (tmp_path / "link").symlink_to(code)
    monkeypatch.chdir(tmp_path)
    spelled = (code, Path(code.name), tmp_path / "link", Path("link"), code / ".." / code.name)
    assert len({snapshots.freeze(folder).id for folder in spelled}) == 1


def test_a_changed_file_changes_the_id_and_adds_only_itself(snapshots: Snapshots, code: Path, root: Path) -> None:
    (code / "other.py").write_text("other")
    before = snapshots.freeze(code)
    (code / "train.py").write_text("print('bye')\n")
    after = snapshots.freeze(code)
    assert after.id != before.id
    assert _content(snapshots, before, "train.py") == b"print('hello')\n"
    assert _content(snapshots, after, "train.py") == b"print('bye')\n"
    assert len(_blobs(root)) == 3


def test_unchanged_files_are_not_read_again(snapshots: Snapshots, code: Path) -> None:
    _settle(code / "train.py")
    first = snapshots.freeze(code)
    access = (code / "train.py").stat().st_atime_ns
    os.utime(code / "train.py", ns=(access, (code / "train.py").stat().st_mtime_ns))
    _settle(code / "train.py")
    snapshots.freeze(code)
    calls: list[Path] = []
    keep = snapshots.blobs.keep

    class Watched(Blobs):
        def keep(self, source: Path) -> Kept:
            calls.append(source)
            return keep(source)

    snapshots.blobs = Watched(snapshots.blobs.root)
    assert snapshots.freeze(code) == first
    assert calls == []


def test_a_write_of_the_same_size_right_after_a_look_is_noticed(snapshots: Snapshots, code: Path) -> None:
    for number in range(200):
        (code / "train.py").write_text(f"{number:06}")
        frozen = snapshots.freeze(code)
        assert _content(snapshots, frozen, "train.py") == f"{number:06}".encode()


def test_a_change_that_hides_behind_an_old_time_is_noticed(snapshots: Snapshots, code: Path) -> None:
    _aged(code)
    _settle(code / "train.py")
    snapshots.freeze(code)
    with (code / "train.py").open("r+b") as file:
        file.write(b"PRINT")
    _aged(code)
    assert _content(snapshots, snapshots.freeze(code), "train.py") == b"PRINT('hello')\n"


@pytest.mark.parametrize("damage", ["gone", "short"])
def test_content_that_the_store_lost_is_kept_again(snapshots: Snapshots, code: Path, root: Path, damage: str) -> None:
    _settle(code / "train.py")
    first = snapshots.freeze(code)
    blob = _blobs(root)[0]
    blob.unlink()
    if damage == "short":
        blob.write_bytes(b"")
        snapshots.manifest(first.id).write_bytes(b"")
    again = snapshots.freeze(code)
    assert _content(snapshots, again, "train.py") == b"print('hello')\n"
    assert snapshots.read(again.id) == first


def test_a_large_file_is_kept_without_being_held_in_memory(snapshots: Snapshots, code: Path, root: Path) -> None:
    size = 96 << 20
    with (code / "big.bin").open("wb") as file:
        file.truncate(size)
        file.seek(size - 3)
        file.write(b"end")
    script = (
        "import resource, sys; from pathlib import Path; from jupyter_aml.store.blobs import Blobs\n"
        "peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "before = peak(); kept = Blobs(Path(sys.argv[1])).keep(Path(sys.argv[2]))\n"
        "print(kept.blob, kept.size, peak() - before)"
    )
    argv = [sys.executable, "-c", script, str(root / "blobs"), str(code / "big.bin")]
    blob, kept, grown = subprocess.run(argv, capture_output=True, text=True, check=True).stdout.split()
    assert int(kept) == size
    assert int(grown) < size // 1024 // 4
    snapshot = snapshots.freeze(code)
    assert {file.path: file.blob for file in snapshot.files}["big.bin"] == blob
    assert len(_blobs(root)) == 2
    assert snapshots.blobs.path(snapshot.files[0].blob).stat().st_mode & 0o222 == 0


def test_a_file_that_grows_while_it_is_read_is_recorded_as_it_was_read(
    root: Path, code: Path, database: Database
) -> None:
    class Slow(Blobs):
        def keep(self, source: Path) -> Kept:
            with source.open("a") as file:
                file.write("more\n")
            return super().keep(source)

    slow = Snapshots(database, Slow(root / "blobs"), root / "snapshots")
    frozen = slow.freeze(code).files[0]
    assert frozen.size == slow.blobs.path(frozen.blob).stat().st_size
    later = Snapshots(database, Blobs(root / "blobs"), root / "snapshots").freeze(code)
    assert _content(slow, later, "train.py") == b"print('hello')\nmore\n"


def test_a_file_that_vanishes_while_the_folder_is_read_is_left_out(root: Path, code: Path, database: Database) -> None:
    (code / "gone.tmp").write_text("x")

    class Late(Blobs):
        def keep(self, source: Path) -> Kept:
            (code / "gone.tmp").unlink(missing_ok=True)
            return super().keep(source)

    frozen = Snapshots(database, Late(root / "blobs"), root / "snapshots").freeze(code)
    assert _paths(frozen) == {"train.py"}


ODD = [
    b"a b.py",
    b'it\'s "quoted".py',
    b"new\nline.py",
    "é.py".encode(),
    b"-rf",
    b"$HOME;`x`.py",
    b"latin-\xe9.py",
    b"tab\t.py",
    b"%41.py",
]


def test_odd_names_are_frozen_and_read_back(snapshots: Snapshots, code: Path) -> None:
    for name in ODD:
        (code / os.fsdecode(name)).write_bytes(name)
    frozen = snapshots.read(snapshots.freeze(code).id)
    assert {os.fsencode(file.path) for file in frozen.files} == {*ODD, b"train.py"}
    for name in ODD:
        assert _content(snapshots, frozen, os.fsdecode(name)) == name


def test_a_folder_whose_own_name_is_no_text_can_be_frozen(snapshots: Snapshots, tmp_path: Path) -> None:
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/latin-\xe9"))
    folder.mkdir()
    (folder / "x.py").write_text("x")
    assert snapshots.freeze(folder) == snapshots.freeze(folder)


def test_a_missing_folder_and_an_empty_one_are_clear_errors(snapshots: Snapshots, tmp_path: Path, root: Path) -> None:
    with pytest.raises(AssetPathException, match="No such file or directory"):
        snapshots.freeze(tmp_path / "nothing")
    (tmp_path / "empty" / "sub" / "__pycache__").mkdir(parents=True)
    with pytest.raises(EmptyDirectoryError, match=r"is empty\. path or local_path must be a non-empty directory"):
        snapshots.freeze(tmp_path / "empty")
    (tmp_path / "empty" / "x.py").write_text("x")
    (tmp_path / "empty" / ".amlignore").write_text("*\n")
    with pytest.raises(EmptyDirectoryError):
        snapshots.freeze(tmp_path / "empty")
    assert not (root / "blobs").exists()
    assert not (root / "snapshots").exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="root can read everything")
def test_an_unreadable_file_is_named(snapshots: Snapshots, code: Path) -> None:
    (code / "secret.py").write_text("x")
    (code / "secret.py").chmod(0)
    with pytest.raises(AssetPathException, match=r"secret\.py cannot be read"):
        snapshots.freeze(code)


def test_the_workspace_itself_is_left_out_when_it_lies_in_the_code(tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text("x")
    root = tmp_path / ".aml" / "workspace"
    database = Database(root / "workspace.db")
    snapshots = Snapshots(database, Blobs(root / "blobs"), root / "snapshots")
    first = snapshots.freeze(tmp_path)
    assert _paths(first) == {"train.py"}
    assert snapshots.freeze(tmp_path) == first
    database.close()


def test_a_snapshot_that_is_not_there_is_no_snapshot(snapshots: Snapshots) -> None:
    with pytest.raises(FileNotFoundError):
        snapshots.read(SnapshotId("0" * 40))

"""Which files belong to a folder: Azure ML's ignore rules (§3.5)."""

import os
from pathlib import Path

import pytest

from jupyter_aml.store import ignore


def _make(folder: Path, **files: str) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def _found(folder: Path) -> list[str]:
    return [path for path, _ in ignore.files(folder)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "code"
    for path in ("train.py", "notes.txt", "data/big.csv", "data/keep.csv", "sub/x.py", "sub/x.txt"):
        _make(folder, **{path: path})
    return folder


def test_an_amlignore_replaces_the_gitignore(folder: Path) -> None:
    _make(folder, **{".amlignore": "*.txt\n", ".gitignore": "*.py\ndata/\n"})
    assert _found(folder) == [".amlignore", ".gitignore", "data/big.csv", "data/keep.csv", "sub/x.py", "train.py"]


def test_a_gitignore_alone_counts(folder: Path) -> None:
    _make(folder, **{".gitignore": "# a comment\n\ndata/\n/notes.txt\nsub/*.txt\n"})
    assert _found(folder) == [".gitignore", "sub/x.py", "train.py"]


def test_nested_ignore_files_do_not_count(folder: Path) -> None:
    _make(folder, **{"sub/.amlignore": "*\n", "data/.gitignore": "*\n"})
    assert {"sub/x.py", "data/big.csv", "sub/.amlignore"} <= set(_found(folder))


def test_the_last_pattern_that_matches_decides(folder: Path) -> None:
    _make(folder, **{".amlignore": "data/\n!data/keep.csv\n"})
    assert [path for path in _found(folder) if path.startswith("data")] == ["data/keep.csv"]
    _make(folder, **{".amlignore": "*\n!*.py\n"})
    assert _found(folder) == ["sub/x.py", "train.py"]


@pytest.mark.parametrize("start", ["\ufeff*.txt\n", "*.txt\r\n", "*.txt   \n"])
def test_an_ignore_file_may_come_from_another_system(folder: Path, start: str) -> None:
    (folder / ".amlignore").write_bytes((start + "# \u00e9").encode("utf-8"))
    assert "notes.txt" not in _found(folder)


def test_an_ignore_file_in_another_encoding_is_read_all_the_same(folder: Path) -> None:
    (folder / ".amlignore").write_bytes(b"# caf\xe9\n*.txt\n")
    assert "notes.txt" not in _found(folder)


def test_what_git_python_and_jupyter_leave_behind_is_never_part_of_it(folder: Path) -> None:
    _make(folder, **{".git/HEAD": "x", "sub/__pycache__/x.pyc": "x", ".ipynb_checkpoints/a.ipynb": "x"})
    assert not [path for path in _found(folder) if "HEAD" in path or "pyc" in path or "ipynb" in path]


def test_links_are_followed(folder: Path, tmp_path: Path) -> None:
    _make(tmp_path / "elsewhere", **{"lib.py": "lib"})
    (folder / "lib").symlink_to(tmp_path / "elsewhere")
    (folder / "one.py").symlink_to(tmp_path / "elsewhere" / "lib.py")
    found = dict(ignore.files(folder))
    assert {"lib/lib.py", "one.py"} <= set(found)
    assert found["one.py"].st_size == 3


def test_links_in_a_circle_and_links_to_nowhere_are_skipped(folder: Path) -> None:
    before = _found(folder)
    (folder / "self").symlink_to("self")
    (folder / "ping").symlink_to("pong")
    (folder / "pong").symlink_to("ping")
    (folder / "nowhere").symlink_to("nothing")
    (folder / "sub" / "up").symlink_to(folder)
    (folder / "data" / "here").symlink_to(".")
    assert _found(folder) == before


def test_two_folders_that_link_to_each_other_end(tmp_path: Path) -> None:
    for one, other in (("a", "b"), ("b", "a")):
        _make(tmp_path / one, **{f"{one}.py": one})
        (tmp_path / one / "to").symlink_to(tmp_path / other)
    assert _found(tmp_path) == ["a/a.py", "a/to/b.py", "b/b.py", "b/to/a.py"]


def test_pipes_and_sockets_are_no_files(folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    assert "pipe" not in _found(folder)

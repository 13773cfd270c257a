"""A run's files as they are looked at: told by their content, a megabyte at most, nothing outside of the folder."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from jupyter_aml import command
from jupyter_aml.entities.run_files import FilePreview, NotebookCell
from jupyter_aml.exceptions import (
    AssetPathException,
    AuthorizationError,
    MlException,
    ResourceNotFoundError,
    UserErrorException,
)
from jupyter_aml.operations import access, jobs, run_files
from jupyter_aml.operations.workspaces import Workspace

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64
NOTEBOOK: dict[str, Any] = {
    "cells": [
        {"cell_type": "markdown", "source": ["# A\n", "b"]},
        {"cell_type": "code", "source": "1 + 1", "outputs": [
            {"output_type": "stream", "text": ["printed\n"]},
            {"output_type": "execute_result", "data": {"text/plain": "2", "text/html": "<script>x</script>"}},
            {"output_type": "display_data", "data": {"image/png": "AAAA"}},
            {"output_type": "error", "ename": "ValueError", "evalue": "bad"},
        ]},
        {"cell_type": "strange", "source": 5},
    ]
}  # fmt: skip


@pytest.fixture
def outputs(workspace: Workspace, here: Path) -> Path:
    """The folder of what the job 'mine' wrote; its code is a file, `train.py`, and a folder with another."""
    (here / "src" / "sub").mkdir()
    (here / "src" / "sub" / "a b.json").write_text('{"a":1}')
    jobs.submit(workspace, command(command="echo", name="mine", code="src"))
    root = workspace.folder.artifacts("mine")
    (root / "outputs").mkdir(parents=True)
    return root / "outputs"


def _seen(workspace: Workspace, outputs: Path, name: str, content: bytes | str) -> FilePreview:
    (outputs / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    found = run_files.file(workspace, "mine", "outputs", f"outputs/{name}")
    assert (found.name, found.area, found.size) == (f"outputs/{name}", "outputs", (outputs / name).stat().st_size)
    assert len(found.text) <= 256_000
    assert len(found.data) <= 1_000_000
    return found


TEXT, TABLE, JSON, BINARY, NOTES = (
    ("text", "text/plain"), ("table", "text/csv"), ("json", "application/json"), ("binary", "application/octet-stream"),
    ("notebook", "application/x-ipynb+json"),
)  # fmt: skip
KINDS: tuple[tuple[str, bytes | str, tuple[str, str]], ...] = (
    ("a.txt", "hello", TEXT), ("a", b"", TEXT), ("a.html", "<script>alert(1)</script>", TEXT), ("a.svg", "<a/>", TEXT),
    ("a.png", "<script>alert(1)</script>", TEXT), ("a.txt", PNG, ("image", "image/png")),
    ("a.jpg", b"\xff\xd8\xff\xe0", ("image", "image/jpeg")), ("a.gif", b"GIF89a..", ("image", "image/gif")),
    ("a.webp", b"RIFF\0\0\0\0WEBPVP8 ", ("image", "image/webp")), ("a.parquet", b"PAR1\0\0", BINARY),
    ("a.pkl", b"\x80\x04\x95\xff\xff\xff", BINARY), ("a.json", '{"b": [1, NaN]}', JSON), ("a.json", "{", TEXT),
    ("a.json", "[" * 9_999, TEXT), ("a.json", "9" * 9_999, TEXT), ("a.csv", "a,b\n1,2\n", TABLE),
    ("a.ipynb", json.dumps(NOTEBOOK), NOTES), ("a.ipynb", '{"worksheets": []}', JSON),
    ("a.ipynb", '{"cells": [5]}', JSON), ("a.ipynb", "[1]", JSON), ("a.ipynb", "no", TEXT),
)  # fmt: skip


def test_a_file_is_what_its_content_is(workspace: Workspace, outputs: Path) -> None:
    for name, content, expected in KINDS:
        found = _seen(workspace, outputs, name, content)
        assert (found.kind, found.media_type) == expected, (name, content)


def test_text_is_read_in_its_encoding(workspace: Workspace, outputs: Path) -> None:
    for content, text in (
        (b"caf\xc3\xa9", "café"), (b"caf\xe9 and some more", "caf\ufffd and some more"),
        ("é".encode("utf-16"), "é"), (b"\xef\xbb\xbfa", "a"),
    ):  # fmt: skip
        assert _seen(workspace, outputs, "a.txt", content).text == text


def test_a_long_text_is_cut(workspace: Workspace, outputs: Path) -> None:
    found = _seen(workspace, outputs, "a.txt", "é" * 5_000_000)
    assert (found.text, found.is_cut) == ("é" * 256_000, True)
    assert not _seen(workspace, outputs, "b.txt", "é" * 256_000).is_cut


def test_json_is_indented_and_cut(workspace: Workspace, outputs: Path) -> None:
    assert _seen(workspace, outputs, "a.json", '{"é":[1,"\\ud800"]}').text == '{\n  "é": [\n    1,\n    "?"\n  ]\n}'
    deep = "[" * 400 + ",".join("1" * 90_000) + "]" * 400
    found = _seen(workspace, outputs, "b.json", deep)
    assert (found.kind, len(found.text), found.is_cut) == ("json", 256_000, True)


def test_a_table_shows_its_first_rows(workspace: Workspace, outputs: Path) -> None:
    found = _seen(workspace, outputs, "a.csv", 'a;"b;\nc"\n1;2\n\n3\n')
    assert (found.columns, found.rows, found.is_cut) == (("a", "b;\nc"), (("1", "2"), ("3",)), False)
    many = _seen(workspace, outputs, "b.csv", "n,m\n" + "".join(f"{n},{'x' * 200}\n" for n in range(9_000)))
    assert (len(many.rows), many.rows[-1][0], many.is_cut) == (200, "199", True)
    wide = _seen(workspace, outputs, "c.tsv", "\t".join(["v" * 1_001] * 250) + "\n")
    assert (len(wide.columns), len(wide.columns[0]), wide.is_cut) == (200, 1_002, True)
    assert _seen(workspace, outputs, "d.csv", "").columns == ()
    assert _seen(workspace, outputs, "e.csv", '"' + "q" * 900_000).kind == "text"


def test_a_notebook_is_its_cells_and_their_outputs_text(workspace: Workspace, outputs: Path) -> None:
    found = _seen(workspace, outputs, "a.ipynb", json.dumps(NOTEBOOK))
    said = ("printed\n", "2", "[image/png]", "ValueError: bad")
    assert found.cells == (
        NotebookCell("markdown", "# A\nb"), NotebookCell("code", "1 + 1", said), NotebookCell("raw", "")
    )  # fmt: skip
    large = {"cells": [{"cell_type": "code", "source": "x" * 100_000}] * 5}
    cut = _seen(workspace, outputs, "b.ipynb", json.dumps(large))
    assert (len(cut.cells), cut.is_cut) == (2, True)


def test_an_image_is_its_bytes_unless_it_is_too_large(workspace: Workspace, outputs: Path) -> None:
    assert _seen(workspace, outputs, "a.png", PNG).data == PNG
    large = _seen(workspace, outputs, "b.png", PNG + b"x" * 1_000_000)
    assert (large.kind, large.data, large.is_cut) == ("image", b"", True)


def test_a_file_of_the_code_is_as_it_was(workspace: Workspace, outputs: Path, here: Path) -> None:
    (here / "src" / "train.py").write_text("changed")
    assert run_files.file(workspace, "mine", "snapshot", "train.py").text == "print('hello')\n"
    assert run_files.file(workspace, "mine", "snapshot", "sub/a b.json").kind == "json"
    assert run_files.opened(workspace, "mine", "snapshot", "train.py").read_text() == "print('hello')\n"
    for name in ("tarin.py", "sub", "../train.py", "sub/../train.py", "/etc/passwd", "\0", "./train.py"):
        with pytest.raises(ResourceNotFoundError, match="has no file"):
            run_files.opened(workspace, "mine", "snapshot", name)
    jobs.submit(workspace, command(command="echo", name="bare"))
    with pytest.raises(ResourceNotFoundError, match="has no snapshot"):
        run_files.file(workspace, "bare", "snapshot", "train.py")


def test_nothing_outside_of_the_folder_is_opened(workspace: Workspace, outputs: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x")
    (outputs / "link").symlink_to(tmp_path)
    (outputs / "inside").symlink_to("a.txt")
    (outputs / "a.txt").write_text("mine")
    os.mkfifo(outputs / "pipe")
    assert run_files.opened(workspace, "mine", "outputs", "outputs/inside").read_text() == "mine"
    for name in ("outputs/link/secret", "../../x", "/etc/passwd", "outputs/../../dcid.other/x", "\0"):
        with pytest.raises(AssetPathException):
            run_files.file(workspace, "mine", "outputs", name)
    for name in ("outputs/pipe", "outputs", ".", "", "outputs/link2"):
        with pytest.raises(MlException, match="has no file"):
            run_files.file(workspace, "mine", "outputs", name)
    with pytest.raises(UserErrorException, match="Did you mean 'outputs'"):
        run_files.opened(workspace, "mine", "output", "x")  # pyright: ignore[reportArgumentType] - what a client may send


def test_only_those_look_who_may(workspace: Workspace, outputs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(access.NAMED, "nobody.in.particular")
    with pytest.raises(AuthorizationError):
        run_files.file(workspace, "mine", "snapshot", "train.py")

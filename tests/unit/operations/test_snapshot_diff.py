"""A run against another one, its parent, a folder and a cell: code, params, inputs, environment, command."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from jupyter_aml import Input, command
from jupyter_aml.entities.run_diff import Against, Difference
from jupyter_aml.exceptions import AssetPathException, AuthorizationError, ResourceNotFoundError, UserErrorException
from jupyter_aml.operations import access, jobs
from jupyter_aml.operations.snapshot_diff import MOST_SHOWN, diff, file_diff
from jupyter_aml.operations.workspaces import Workspace
from jupyter_aml.store import jobs as rows

FOLDER, PARENT = Against("folder"), Against("parent")


def _run(workspace: Workspace, name: str, **fields: Any) -> None:
    jobs.submit(workspace, command(**{"name": name, "command": "python train.py", "code": "src", **fields}))


@pytest.fixture
def two(workspace: Workspace, here: Path) -> Path:
    """The runs 'old' and 'new': the same folder before and after it was edited."""
    src = here / "src"
    (src / "same.txt").write_text("same\n")
    (src / "gone.txt").write_text("gone\n")
    (src / "data.bin").write_bytes(b"\0\1")
    _run(workspace, "old", inputs={"rate": 0.1, "d": Input(type="uri_file", path="data/d.csv")}, tags={"a": "b"})
    (src / "gone.txt").unlink()
    (src / "train.py").write_text("import os\nprint('hello')\n")
    (src / "data.bin").write_bytes(b"\0\2")
    (src / "sub").mkdir()
    (src / "sub" / "new.py").write_text("x = 1")
    variables = {"K": "v"}
    _run(workspace, "new", command="python train.py --fast", inputs={"rate": 0.2}, environment_variables=variables)
    return src


def test_a_run_against_another(workspace: Workspace, two: Path) -> None:
    found = diff(workspace, "new", Against("job", name="old"))
    assert (found.run, found.against) == ("new", "old")
    assert {one.name: one.change for one in found.files} == {
        "data.bin": "changed", "gone.txt": "removed", "same.txt": "same", "sub/new.py": "added", "train.py": "changed",
    }  # fmt: skip
    by_name = {one.name: one for one in found.files}
    assert by_name["train.py"].lines == (("+", "import os"), (" ", "print('hello')"), (" ", ""))
    assert by_name["gone.txt"].lines[0] == ("-", "gone")
    assert by_name["sub/new.py"].lines[-1] == ("+", "x = 1")
    assert (by_name["data.bin"].is_text, by_name["data.bin"].lines, by_name["same.txt"].lines) == (False, (), ())
    assert found.command == (Difference("command", "python train.py --fast", "python train.py"),)
    assert found.inputs[0] == Difference("rate", "0.2", "0.1")
    assert (found.inputs[1].key, found.inputs[1].mine) == ("d", "")
    assert found.inputs[1].theirs.endswith("/d.csv")
    assert found.environment == (Difference("variable K", "v", ""),)
    assert diff(workspace, "new", Against("job", name="new")).files[0].change == "same"


def test_a_child_against_its_parent(workspace: Workspace, two: Path) -> None:
    _run(workspace, "child", parent_job_name="new")
    found = diff(workspace, "child", PARENT)
    assert found.against == "new"
    assert {one.change for one in found.files} == {"same"}
    assert found.command[0].mine == "python train.py"
    with pytest.raises(ResourceNotFoundError, match="has no parent"):
        diff(workspace, "old", PARENT)
    with pytest.raises(ResourceNotFoundError, match="Did you mean"):
        diff(workspace, "old", Against("job", name="nwe"))


def test_a_run_against_the_folder_that_its_code_came_from(workspace: Workspace, two: Path) -> None:
    assert {one.change for one in diff(workspace, "new", FOLDER).files} == {"same"}
    (two / "train.py").write_text("import os\nprint('HELLO')\n")
    (two / ".amlignore").write_text("*.bin\n")
    found = diff(workspace, "new", FOLDER)
    assert found.against == str(two)
    assert {one.name: one.change for one in found.files if one.change != "same"} == {
        "train.py": "changed", ".amlignore": "removed", "data.bin": "added",
    }  # fmt: skip
    assert (found.params, found.inputs, found.environment, found.command) == ((), (), (), ())
    assert ("-", "print('HELLO')") in next(one.lines for one in found.files if one.name == "train.py")


def test_a_run_against_any_folder(workspace: Workspace, two: Path, tmp_path: Path) -> None:
    found = diff(workspace, "new", Against("folder", path=str(two.parent / "empty")))
    assert {one.change for one in found.files} == {"added"}
    with pytest.raises(AssetPathException, match="No such folder"):
        diff(workspace, "new", Against("folder", path=str(tmp_path / "nowhere")))
    jobs.submit(workspace, command(command="echo", name="bare"))
    with pytest.raises(UserErrorException, match="Nobody knows where"):
        diff(workspace, "bare", FOLDER)


def test_a_run_against_a_cell(workspace: Workspace, two: Path) -> None:
    (two / "cell.py").write_text("a = 1\nb = 2\n")
    _run(workspace, "celled", command="python run_cell.py")
    cell = Against("cell", text="%%aml_job --input a=1 \\\n  --wait\na = 1\nb = 3\n")
    found = diff(workspace, "celled", cell)
    assert [(one.name, one.change) for one in found.files] == [("cell.py", "changed")]
    assert found.files[0].lines[-2:] == (("-", "b = 3"), ("+", "b = 2"))
    assert file_diff(workspace, "celled", cell, "cell.py") == found.files[0]
    same = diff(workspace, "celled", replace(cell, text="%%aml_job\na = 1\nb = 2"))
    assert same.files[0].change == "same"
    command_cell = diff(workspace, "new", Against("cell", text="%%aml_job --code src\npython train.py\n"))
    assert command_cell.command == (Difference("command", "python train.py --fast", "python train.py"),)
    assert diff(workspace, "old", Against("cell", text="python train.py")).command == ()


def test_lines_beyond_the_first_files_are_asked_for_one_by_one(workspace: Workspace, two: Path) -> None:
    for number in range(MOST_SHOWN + 50):
        (two / f"m{number:03}.txt").write_text(str(number))
    _run(workspace, "many")
    against = Against("job", name="new")
    found = [one for one in diff(workspace, "many", against).files if one.change == "added"]
    assert [bool(one.lines) for one in found] == [True] * MOST_SHOWN + [False] * 50
    assert found[-1].is_cut
    asked = file_diff(workspace, "many", against, found[-1].name)
    assert (asked.lines[-1], asked.is_cut) == (("+", "149"), False)
    assert file_diff(workspace, "many", FOLDER, "train.py").change == "same"
    with pytest.raises(ResourceNotFoundError, match="has a file"):
        file_diff(workspace, "many", against, "../x")


def test_only_those_compare_who_may(workspace: Workspace, two: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert rows.find(workspace.database, "new")
    monkeypatch.setenv(access.NAMED, "nobody.in.particular")
    with pytest.raises(AuthorizationError):
        diff(workspace, "new", FOLDER)
    with pytest.raises(AuthorizationError):
        file_diff(workspace, "new", FOLDER, "train.py")

"""What is dropped as a look changes nothing: methods of the same name that do something stay."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from jupyter_aml.exceptions import CaptureError
from jupyter_aml.notebook.script import Script, convert

LOOKS = ["df.info()", "df.info(verbose=True)", "', '.join(names)", "text.replace('a', 'b')", "df.rename(columns=names)"]
EFFECTS = [
    "log.info('done')", "df.info(buf=out)", "process.join()", "thread.join(3)", "thread.join(timeout=3)",
    "path.rename('b')", "path.replace('b')", "shutil.copy('a', 'b')", "os.replace('a', 'b')", "os.rename('a', 'b')",
]  # fmt: skip
GIVEN = "import os, shutil\nfrom given import df, log, names, out, path, process, text, thread"


def notebook(*cells: str) -> dict[str, Any]:
    made = [{"cell_type": "code", "metadata": {}, "source": source} for source in cells]
    return {"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def converted(folder: Path, *cells: str) -> Script:
    return convert(notebook(*cells), name="train.ipynb", folder=folder)


@pytest.mark.parametrize("look", LOOKS)
def test_a_look_is_dropped(look: str, tmp_path: Path) -> None:
    script = converted(tmp_path, GIVEN, look)
    assert look in [change.before for change in script.changes]
    assert look not in script.text


@pytest.mark.parametrize("effect", EFFECTS)
def test_an_effect_stays(effect: str, tmp_path: Path) -> None:
    assert effect in converted(tmp_path, GIVEN, effect).text


def test_a_score_is_logged_by_autolog_and_stays(tmp_path: Path) -> None:
    assert "df.score(text)" not in converted(tmp_path, GIVEN, "df.score(text)").text
    assert "df.score(text)" in converted(tmp_path, GIVEN, "import mlflow\nmlflow.autolog()", "df.score(text)").text


def test_a_property_of_the_notebooks_own_may_do_something(tmp_path: Path) -> None:
    own = "class Counter:\n    n = 0\n    @property\n    def up(self):\n        self.n += 1\n        return self.n"
    script = converted(tmp_path, own, "c = Counter()", "c.up", "c.n", "print(c.n)")
    assert [change.before for change in script.changes] == ["c.n"]


def test_appending_to_a_file_takes_no_name_of_the_notebook(tmp_path: Path) -> None:
    script = converted(tmp_path, "file = 'mine'", "%%writefile -a notes.txt\nline", "print(file)")
    assert "as file_: file_.write(" in script.text


@pytest.mark.parametrize("more", ["n", "s", "l", "p", "grep('a')", "fields(0)"])
def test_lines_of_a_command_are_a_plain_list(more: str, tmp_path: Path) -> None:
    with pytest.raises(CaptureError, match=r"^train.ipynb, cell 2, line 2: 'files.[a-z]+' works in the notebook only"):
        converted(tmp_path, "files = !ls", f"print(files)\nprint(files.{more})")
    assert (
        "rows.n"
        in converted(tmp_path, "rows = !ls", "import pandas as pd\nrows = pd.Series(rows)", "print(rows.n)").text
    )


BEFORE = {
    "constant": "abs = 3",
    "of itself": "abs = abs(-3)",
    "function": "def abs(x):\n    return 3",
    "import": "from given import abs",
    "given back": "abs = 3\ndel abs\nout = abs(-4)",
}


@pytest.mark.parametrize("how", BEFORE)
def test_a_name_of_pythons_own_means_what_it_meant_when_it_is_read(how: str, tmp_path: Path) -> None:
    (tmp_path / "given.py").write_text("def abs(x):\n    return 3\n")
    script = converted(tmp_path, "first = abs(-1)", BEFORE[how], "print(first)")
    (tmp_path / "train.py").write_text(script.text)
    ended = subprocess.run([sys.executable, "train.py"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (ended.stdout, ended.stderr) == ("1\n", "")


def test_an_indentation_that_fits_nowhere_is_refused_by_its_line(tmp_path: Path) -> None:
    with pytest.raises(CaptureError, match=r"^train.ipynb, cell 2, line 5: SyntaxError: unindent does not match"):
        converted(tmp_path, "a = 1", "\n\nif a:\n    b = 1\n  c = 2")

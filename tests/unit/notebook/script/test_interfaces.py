"""What may be said to a script: its parameters, the data it reads, the name it can have."""

from pathlib import Path
from typing import Any

import pytest

from jupyter_aml.exceptions import CaptureError
from jupyter_aml.notebook.script import Script, convert


def converted(folder: Path, *cells: str, name: str = "train.ipynb") -> Script:
    made: list[dict[str, Any]] = [{"cell_type": "code", "metadata": {}, "source": source} for source in cells]
    return convert({"cells": made, "metadata": {}, "nbformat": 4}, name=name, folder=folder)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a.csv").write_text("x\n1\n")
    return tmp_path


@pytest.mark.parametrize("comment", ["# parameters", "# Parameters:", "## hyperparameters (tuned)", "#parameter - one"])
def test_a_comment_makes_a_parameters_cell(comment: str, folder: Path) -> None:
    assert [one.name for one in converted(folder, f"{comment}\nrate = 0.1").parameters] == ["rate"]


@pytest.mark.parametrize("comment", ["# parameters come later", "# parametersets", "# the parameters"])
def test_a_sentence_about_parameters_makes_none(comment: str, folder: Path) -> None:
    assert converted(folder, f"{comment}\nrate = 0.1").parameters == ()


def test_a_path_in_the_code_stays_an_input_of_its_own_beside_a_variable_with_the_same(folder: Path) -> None:
    code = "import os, pandas as pd\nwhere = 'data'\nos.listdir(where)\nn = len(os.listdir('data'))\nprint(n)"
    found = {one.name: (one.default, one.is_found) for one in converted(folder, code).parameters}
    assert found == {"where": ("data", False), "data": ("data", True)}


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("def read(path='data/a.csv'):\n    return open(path).read()\nprint(read())", "data/a.csv"),
        ("import glob\nprint(glob.glob('data/*.csv'))", "data/*.csv"),
        ("import subprocess\nsubprocess.run('wc -l data/a.csv', shell=True)", "data/a.csv"),
    ],
)
def test_data_that_stays_in_the_code_is_told(code: str, said: str, folder: Path) -> None:
    (remark,) = converted(folder, code).remarks
    assert f"says {said}, which stays in the code" in remark


@pytest.mark.parametrize("code", ["print('and/or')", "x = open('data/a.csv').read()\nprint(x)", "print('data/b.csv')"])
def test_nothing_is_told_of_other_texts(code: str, folder: Path) -> None:
    assert converted(folder, code).remarks == ()


@pytest.mark.parametrize("stem", ["random", "pandas", "tools"])
def test_a_script_never_has_the_name_of_what_is_imported(stem: str, folder: Path) -> None:
    (folder / "tools.py").write_text("a = 1\n")
    script = converted(folder, "import tools\nprint(tools.a)", name=f"{stem}.ipynb")
    assert script.name == f"{stem}_script.py"
    assert [file.path for file in script.files] == ["tools.py"]


def test_a_name_that_is_used_too_early_is_not_called_a_typo(folder: Path) -> None:
    with pytest.raises(CaptureError) as refused:
        converted(folder, "print(rate)", "rate = 1")
    assert str(refused.value).startswith("train.ipynb, cell 1, line 1: name 'rate' is not defined yet.")
    assert "Did you mean" not in str(refused.value)

"""`jupyter nbconvert --to aml-script` in a process of its own: found by its entry point, configured as nbconvert is."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from jupyter_aml.notebook.script import convert
from tests.journeys.notebook import corpus

PROGRAM = Path(sys.executable).with_name("jupyter-nbconvert")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return corpus.copied(tmp_path / "my notes")


def nbconvert(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """The program, in a folder of notebooks, with no configuration but what lies there."""
    argv = [PROGRAM, "--to", "aml-script", *words]
    return subprocess.run(argv, cwd=folder, capture_output=True, text=True, check=False)


def test_it_writes_the_script_that_the_command_line_writes_and_says_what_it_left_out(folder: Path) -> None:
    said = nbconvert(folder, "magics_heavy.ipynb")
    assert said.returncode == 0
    assert (folder / "magics_heavy.py").read_text() == convert(folder / "magics_heavy.ipynb").text
    assert "magics_heavy.ipynb, cell 14, line 3: x.mean() is left out (looking)" in said.stderr
    assert "magics_heavy.ipynb, cell 2, line 1: %env SEED=7 → os.environ['SEED'] = '7'" in said.stderr


def test_it_is_configured_in_a_file_as_other_exporters_are(folder: Path) -> None:
    options = 'c.AMLScriptExporter.keep = ["looking", "1"]\nc.AMLScriptExporter.parameters = ["alpha"]\n'
    (folder / "mine.py").write_text(options)
    nbconvert(folder, "flagged_parameters.ipynb", "--config", "mine.py")
    text = (folder / "flagged_parameters.py").read_text()
    assert text == convert(folder / "flagged_parameters.ipynb", keep=["looking", "1"], parameters=["alpha"]).text
    assert '"--alpha"' in text


def test_a_script_is_named_so_that_what_it_imports_is_found_unless_somebody_names_it(folder: Path) -> None:
    shutil.copy(folder / "typed_parameters.ipynb", folder / "random.ipynb")
    nbconvert(folder, "random.ipynb")
    assert (folder / "random_script.py").exists()
    nbconvert(folder, "random.ipynb", "--output", "my name")
    assert (folder / "my name.py").exists()
    assert not (folder / "random.py").exists()


def test_data_that_a_job_will_not_have_is_a_warning(folder: Path) -> None:
    said = nbconvert(folder, "relative_data_paths.ipynb", "--stdout", "--log-level", "WARN")
    assert said.stdout == convert(folder / "relative_data_paths.ipynb").text
    assert "WARNING | relative_data_paths.ipynb, cell 4, line 1 says data/reviews.txt" in said.stderr


def test_what_cannot_be_a_script_ends_with_exit_1_and_says_why(folder: Path) -> None:
    said = nbconvert(folder, "flagged_parameters.ipynb", "--AMLScriptExporter.parameters=alpa")
    assert said.returncode == 1
    assert "no cell assigns a plain value to 'alpa'.\nDid you mean 'alpha'?" in said.stderr
    assert not (folder / "flagged_parameters.py").exists()

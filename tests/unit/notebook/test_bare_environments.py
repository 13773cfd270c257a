"""A job whose own environment cannot execute a notebook says in one line what is missing."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
OLD = sorted(Path.home().glob(".pyenv/versions/3.[89]*/bin/python")) + sorted(
    Path.home().glob(".pyenv/versions/3.10*/bin/python")
)


def said(*words: str) -> tuple[int, str]:
    done = subprocess.run(
        [*words, "-m", "jupyter_aml.notebook.execute", "train.ipynb"], capture_output=True, text=True, check=False,
        env={"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}, timeout=120,
    )  # fmt: skip
    return done.returncode, done.stderr


def test_missing_packages_are_named() -> None:
    code, error = said(sys.executable, "-S")
    assert (code, error.count("\n")) == (2, 1)
    assert error.startswith("The job's environment has no nbclient and no ipykernel and no nbformat: ")
    assert error.endswith("Add nbclient, ipykernel, nbformat to the environment's dependencies.\n")


@pytest.mark.parametrize("python", OLD, ids=lambda path: path.parents[1].name)
def test_an_old_python_is_named(python: Path) -> None:
    code, error = said(str(python))
    assert code == 1
    assert "A notebook is executed with Python 3.11 or newer" in error.splitlines()[-1]


@pytest.mark.parametrize("python", OLD[-1:], ids=lambda path: path.parents[1].name)
@pytest.mark.parametrize("word", ["0", "1", "maybe"])
def test_a_cell_that_fails_in_an_older_python_is_reported(python: Path, word: str) -> None:
    code = "from jupyter_aml.runner import cell; print(cell.report(ValueError('mine')), end='')"
    done = subprocess.run(
        [python, "-c", code], capture_output=True, text=True, check=True,
        env={"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", "JUPYTER_AML_FULL_TRACEBACK": word},
    )  # fmt: skip
    assert done.stdout == "ValueError: mine\n"
    assert done.stderr.count("it counts as off") == (word == "maybe")

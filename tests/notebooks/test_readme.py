"""Docs are run: the README's Python blocks in one kernel, its terminal blocks in a shell, its paths on the disk."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

ROOT = Path(__file__).parents[2]
CORPUS = ROOT / "tests" / "journeys" / "notebook" / "corpus"
README = (ROOT / "README.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_python_blocks_run_in_one_kernel(home: Path) -> None:
    notebook = new_notebook(cells=[new_code_cell(block.rstrip()) for block in blocks("python")])
    path = {"metadata": {"path": home.parent}}
    ran = NotebookClient(notebook, timeout=200, kernel_name="python3", resources=path).execute()
    assert "hello from " in text_of(ran)


def text_of(notebook: nbformat.NotebookNode) -> str:
    outputs = [output for cell in notebook.cells for output in cell.outputs]
    return "".join(output.get("text", "") for output in outputs)


def test_the_terminal_blocks_run_in_a_shell(home: Path) -> None:
    for block in blocks("yaml"):
        (home.parent / block.splitlines()[0].removeprefix("# ")).write_text(block)
    shutil.copy(CORPUS / "typed_parameters.ipynb", home.parent / "train.ipynb")
    shutil.copy(CORPUS / "diabetes.csv", home.parent)
    commands = [line.removeprefix("$ ") for block in blocks("console") for line in block.splitlines()]
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        ["bash", "-euc", "\n".join(commands)],
        cwd=home.parent, env={**os.environ, "PATH": path}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "learning at 0.2" in done.stdout
    assert "first try 2 " in done.stdout


def test_every_make_target_of_the_readme_exists() -> None:
    targets = set(re.findall(r"`make (\w+)`", README))
    makefile = (ROOT / "Makefile").read_text()
    assert {target for target in targets if not re.search(rf"^{target}:", makefile, re.MULTILINE)} == set()


def test_every_file_that_the_readme_links_to_exists() -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", README)
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_every_room_of_the_floor_plan_exists() -> None:
    rooms = re.findall(r"`((?:jupyter_aml|tests|engine|operations|widgets)/[\w/.]*)`", README)
    known = [ROOT, ROOT / "jupyter_aml"]
    assert [room for room in rooms if not any((folder / room).exists() for folder in known)] == []

"""The notebooks of the corpus: which there are, and what they are converted with. It makes no claim."""

import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

CORPUS = Path(__file__).parent / "corpus"
NOTEBOOKS = sorted(path.stem for path in CORPUS.glob("*.ipynb"))
FLAGGED = {"flagged_parameters": ("alpha", "depth", "mode")}
"""Assignments that are parameters because whoever converts says so."""
REFUSED = {
    "annotated_globals": "`later: int` makes a name that is assigned further down: a lambda may read it",
    "functions_redefined": "`del sum` gives the built-in name back",
    "nbformat_3": "its sources are lists of lines: nbformat.reads joins them, from_dict does not",
}
"""Those that the converter refuses or fails on, and should not."""
DIFFERENT = {
    "exec_and_globals": "exec('…') makes names in main's locals: exec('…', globals()) is meant",
    "logging_and_warnings": "log.info(…) is an effect, not a look at a frame",
    "multiprocessing_fork": "process.join() waits: it is no str.join",
    "star_import": "`import *` stands within main: a SyntaxError",
}
"""Those whose scripts fail, or log something else."""


def known(*bugs: dict[str, str]) -> list[Any]:
    """Every notebook's name; those with a known bug are expected to fail until it is mended."""
    return expected(NOTEBOOKS, {name: reason for each in bugs for name, reason in each.items()})


def expected(names: Iterable[str], bugs: Mapping[str, str]) -> list[Any]:
    """Parameters of a test, those of `bugs` as failures."""
    return [pytest.param(name, marks=[pytest.mark.xfail(reason=bugs[name])] if name in bugs else []) for name in names]


def copied(to: Path) -> Path:
    """A folder with the corpus and its data: notebooks write beside themselves."""
    return shutil.copytree(CORPUS, to)

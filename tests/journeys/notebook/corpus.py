"""The notebooks of the corpus: which there are, and what they are converted with. It makes no claim."""

import shutil
from pathlib import Path

CORPUS = Path(__file__).parent / "corpus"
NOTEBOOKS = sorted(path.stem for path in CORPUS.glob("*.ipynb"))
FLAGGED = {"flagged_parameters": ("alpha", "depth", "mode")}
"""Assignments that are parameters because whoever converts says so."""


def copied(to: Path) -> Path:
    """A folder with the corpus and its data: notebooks write beside themselves."""
    return shutil.copytree(CORPUS, to)

"""Docs are run: every notebook executes from top to bottom in a real kernel, and is kept without outputs."""

import re
import shutil
from pathlib import Path

import nbformat
import pytest

from jupyter_aml import MLClient
from notebooks.demo import run, runs_since, said

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").rglob("*.ipynb"))
FIRST = ROOT / "notebooks" / "tutorials" / "01-first-job.ipynb"


@pytest.fixture
def copies(home: Path) -> Path:
    """A copy of notebooks/, so that a run writes nothing into the checkout."""
    return shutil.copytree(ROOT / "notebooks", home.parent / "notebooks")


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("path", [path for path in NOTEBOOKS if path != FIRST], ids=lambda path: path.name)
def test_every_notebook_runs_from_top_to_bottom(copies: Path, path: Path) -> None:
    run(copies / path.relative_to(ROOT / "notebooks"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_a_notebook_is_kept_without_outputs(path: Path) -> None:
    cells = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    assert [cell for cell in cells if cell.outputs or cell.execution_count] == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_every_link_of_a_notebook_leads_to_a_file(path: Path) -> None:
    prose = [cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "markdown"]
    links = re.findall(r"\]\(([^)#:]+)\)", "\n".join(prose))
    assert [link for link in links if not (path.parent / link).exists()] == []


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_first_tutorial_runs_and_leaves_two_good_models(copies: Path, ml_client: MLClient) -> None:
    run(copies / FIRST.relative_to(ROOT / "notebooks"))
    runs = list(runs_since(0))
    assert [(tabs.identity.status, tabs.identity.experiment) for tabs in runs] == [("Completed", "first-light")] * 2
    for tabs in runs:
        curves = {series.key: [point.value for point in series.points] for series in tabs.metrics}
        assert len(curves["log_loss"]) == int(tabs.params["rounds"])
        assert curves["accuracy"][-1] > 0.9
        assert any(file.name.endswith("std_log.txt") for file in tabs.files)
        assert tabs.identity.name in said(tabs)
    assert [job.name for job in ml_client.jobs.list()] == [tabs.identity.name for tabs in reversed(runs)]

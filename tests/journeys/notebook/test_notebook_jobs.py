"""A notebook as a job, as a script and executed: its parameters are inputs, mistakes are refused, its errors placed."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from jupyter_aml import notebook_job
from jupyter_aml.exceptions import CaptureError, ValidationException
from jupyter_aml.store import jobs
from jupyter_aml.sweep import Uniform
from tests.journeys.engine.conftest import Site

CELLS = (
    "%matplotlib inline\nimport mlflow",
    "# parameters\nrate = 0.5  # speed\nsteps: int = 3\nname = 'a model'\nlayers = [2, 3]\nlimit: float | None = None",
    "text = open('data/words.txt').read()\ntext",
    "def loss(step):\n    return rate / (step + 1) + len(text)",
    "for step in range(steps):\n    mlflow.log_metric('loss', loss(step), step=step)",
    "mlflow.log_metric('size', sum(layers) + len(name))\nif limit and rate > limit:\n    raise ValueError(name)",
)


def written(path: Path, *cells: str) -> Path:
    content: dict[str, Any] = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {},
        "cells": [
            {"id": f"c{n}", "cell_type": "code", "source": s, "metadata": {}, "outputs": [], "execution_count": None}
            for n, s in enumerate(cells)
        ],
    }
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


@pytest.fixture
def train(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "words.txt").write_text("twelve words")
    return written(tmp_path / "train it.ipynb", *CELLS)


def metrics(site: Site, name: str) -> dict[str, float]:
    with closing(sqlite3.connect(site.folder.tracking_database)) as database:
        return dict(database.execute("SELECT key, value FROM latest_metrics WHERE run_uuid = ?", (name,)))


@pytest.mark.parametrize("run_as", ["script", "notebook"])
def test_the_same_inputs_give_the_same_metrics(run_as: Any, site: Site, train: Path) -> None:
    job = notebook_job(train, inputs={"rate": 2.0, "name": "two words", "layers": [1, 1, 1]}, run_as=run_as)
    name = site.ml.jobs.create_or_update(job).name or ""
    ended = site.until_finished(name)
    assert ended.status == "Completed", site.lines(name)
    assert metrics(site, name) == {"loss": 2 / 3 + 12, "size": 3 + 9}


@pytest.mark.parametrize("run_as", ["script", "notebook"])
def test_an_error_is_placed_in_the_notebook(run_as: Any, site: Site, train: Path) -> None:
    name = site.ml.jobs.create_or_update(notebook_job(train, inputs={"limit": 0.1}, run_as=run_as)).name or ""
    ended = site.until_finished(name)
    assert ended.status == "Failed"
    assert "train it.ipynb, cell 6, line 3: ValueError: a model" in ended.error


def test_parameters_become_a_search_space(site: Site, train: Path) -> None:
    sweep = notebook_job(train)(rate=Uniform(0, 1)).sweep(
        sampling_algorithm="random", primary_metric="loss", goal="minimize", max_total_trials=2
    )
    name = site.ml.create_or_update(sweep).name or ""
    assert site.until_finished(name).status == "Completed"
    assert len(jobs.children(site.database, name)) == 2


@pytest.mark.parametrize(
    ("inputs", "found"),
    [
        ({"ratte": 1}, "has no parameter 'ratte'.\nDid you mean 'rate'?"),
        ({"steps": "many"}, "--steps is a integer, and got 'many'."),
        ({"name": "it's"}, "cannot stand on a command line"),
    ],
)
def test_a_mistake_is_refused_before_submit(inputs: dict[str, Any], found: str, train: Path) -> None:
    with pytest.raises(ValidationException) as refused:
        notebook_job(train, inputs=inputs)
    assert found in str(refused.value)


def test_what_cannot_be_a_script_is_refused_by_cell_and_line(tmp_path: Path) -> None:
    with pytest.raises(CaptureError) as refused:
        notebook_job(written(tmp_path / "n.ipynb", "x = 1", "\n%%R\nprint(1)"))
    assert str(refused.value).startswith("n.ipynb, cell 2, line 2: the magic %%R works in a notebook only.")


@pytest.mark.parametrize("run_as", ["script", "notebook"])
def test_a_default_that_no_command_line_can_say_is_the_notebooks_own(run_as: Any, site: Site, tmp_path: Path) -> None:
    cells = ('# parameters\nword = "it\'s"', "import mlflow\nmlflow.log_metric('size', len(word))")
    job = notebook_job(written(tmp_path / "n.ipynb", *cells), run_as=run_as)
    name = site.ml.jobs.create_or_update(job).name or ""
    assert site.until_finished(name).status == "Completed"
    assert metrics(site, name) == {"size": 4}


def test_what_is_no_script_is_executed_all_the_same(site: Site, tmp_path: Path) -> None:
    (tmp_path / "tools.py").write_text("def twice(x):\n    return 2 * x\n")
    cells = (
        "%precision 3",
        "from tools import twice\nhistory = Out",
        "# parameters\nrate = 1.0",
        "import mlflow\nmlflow.log_metric('rate', twice(rate))",
    )
    path = written(tmp_path / "n.ipynb", *cells)
    with pytest.raises(CaptureError, match=r"n.ipynb, cell 2, line 2: 'Out' works in the notebook only"):
        notebook_job(path)
    name = site.ml.jobs.create_or_update(notebook_job(path, inputs={"rate": 4.0}, run_as="notebook")).name or ""
    assert site.until_finished(name).status == "Completed"
    assert metrics(site, name) == {"rate": 8.0}


def test_data_that_a_job_will_not_have_is_told(train: Path) -> None:
    cells = ("def words(path='data/words.txt'):\n    return open(path).read()", "print(words())")
    with pytest.warns(UserWarning, match=r"^n.ipynb, cell 1, line 1 says data/words.txt, which stays in the code"):
        notebook_job(written(train.with_name("n.ipynb"), *cells))


def test_equal_notebooks_are_the_same_code(train: Path) -> None:
    assert notebook_job(train).code == notebook_job(train, inputs={"rate": 3.0}).code


def test_a_typed_text_is_of_the_parameters_kind(train: Path) -> None:
    typed = {"rate": "2.5", "steps": "7", "name": "7", "layers": "[1]"}
    inputs = notebook_job(train, inputs=typed).inputs
    kinds = {name: (inputs[name].type, inputs[name].default) for name in typed}
    assert kinds == {
        "rate": ("number", 2.5),
        "steps": ("integer", 7),
        "name": ("string", "7"),
        "layers": ("string", "[1]"),
    }


@pytest.mark.parametrize("run_as", ["script", "notebook"])
def test_what_is_not_saved_yet_runs_as_it_is_given(run_as: Any, train: Path) -> None:
    content = json.loads(train.read_text())
    content["cells"][1]["source"] += "\nspeed = 1.5"
    job = notebook_job(train, content=content, run_as=run_as)
    assert job.inputs["speed"].default == 1.5
    assert "speed" in "".join(file.read_text() for file in Path(str(job.code)).glob("train*"))

"""Claims about `%aml_submit_notebook`: the notebook that it stands in is a job; of what is not saved it tells."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from jupyter_aml.magics import options
from jupyter_aml.widgets.carriers import MIME

if TYPE_CHECKING:
    from tests.journeys.magics.conftest import Kernel, Seen

CELLS = (
    "%load_ext jupyter_aml",
    "# parameters\nrate = 0.5\nsteps: int = 2",
    "import mlflow\nmlflow.log_metric('loss', rate * steps)",
    "%aml_submit_notebook --wait",
)
LOSS = "__import__('mlflow').get_run(_aml_job.name).data.metrics['loss']"
RESULT = "(_aml_job.name, __import__('jupyter_aml').MLClient.default().jobs.get(_aml_job.name).status, " + LOSS + ")"


def saved(path: Path, *cells: str) -> Path:
    """A notebook as JupyterLab saves it: its cells have ids c0, c1, …"""
    made: list[dict[str, Any]] = [
        {"id": f"c{n}", "cell_type": "code", "source": s, "metadata": {}, "outputs": [], "execution_count": None}
        for n, s in enumerate(cells)
    ]
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": made}))
    return path


@pytest.fixture
def train(kernel: "Kernel", tmp_path: Path) -> Path:
    """A saved notebook, of which the kernel was told as Jupyter's server does."""
    path = saved(tmp_path / "work" / "train.ipynb", *CELLS)
    kernel.run(f"import os; os.environ['JPY_SESSION_NAME'] = {str(path)!r}")
    return path


def submitted(seen: "Seen") -> bool:
    assert seen.status == "ok", seen.text + seen.error
    return any({MIME, "text/html"} <= kinds for kinds in seen.kinds)


def test_a_notebook_submits_itself_both_ways(kernel: "Kernel", train: Path) -> None:
    seen = kernel.run("%aml_submit_notebook --wait --name first --param rate=2 steps=4 --tag who=me")
    assert submitted(seen)
    assert "is submitted as it was saved" in seen.text, "the line that runs is not in the saved notebook"
    assert kernel.value(RESULT) == "('first', 'Completed', 8.0)"
    seen = kernel.run(CELLS[-1] + " --as notebook --name second --experiment_name nightly")
    assert submitted(seen)
    assert kernel.value(RESULT) == "('second', 'Completed', 1.0)", "in the job the line submits nothing"
    assert kernel.value("(_aml_job.experiment_name, _aml_job.display_name)") == "('nightly', 'train')"
    assert kernel.value("len(list(__import__('jupyter_aml').MLClient.default().jobs.list()))") == "2"
    assert train.exists()


def test_what_is_saved_is_submitted_without_a_word(kernel: "Kernel", train: Path) -> None:
    saved(train, *CELLS[:3], "%aml_submit_notebook --name quiet")
    seen = kernel.run("%aml_submit_notebook --name quiet")
    assert submitted(seen)
    assert "saved" not in seen.text


def test_a_cell_that_ran_and_was_not_saved_is_told_of_and_taken_when_live(kernel: "Kernel", train: Path) -> None:
    run_as_cell(kernel, "c1", "# parameters\nrate = 3.0\nsteps: int = 2")
    run_as_cell(kernel, "new", "steps = steps + 1")
    seen = run_as_cell(kernel, "c3", CELLS[-1])
    assert "train.ipynb is submitted as it was saved, without what ran here since" in seen.text
    assert "'# parameters', 'steps = steps + 1'.\nSave it and submit again, or add --live" in seen.text
    assert kernel.value(LOSS) == "1.0"
    seen = run_as_cell(kernel, "c3", CELLS[-1] + " --live")
    assert "saved" not in seen.text
    assert kernel.value(LOSS) == "9.0"
    assert "3.0" not in train.read_text()


def test_where_cells_have_no_names_the_live_ones_are_those_that_ran(kernel: "Kernel", train: Path) -> None:
    assert train.exists()
    for cell in ("# parameters\nrate = 5.0", "import mlflow", "mlflow.log_metric('loss', rate)"):
        kernel.run(cell)
    assert submitted(kernel.run("%aml_submit_notebook --live --wait"))
    assert kernel.value(LOSS) == "5.0"


def run_as_cell(kernel: "Kernel", name: str, text: str) -> "Seen":
    """Run a text as the front end runs the cell of that name."""
    send = kernel.client.session.send

    def with_name(stream: Any, message: Any, *args: Any, **options: Any) -> Any:
        message["metadata"]["cellId"] = name
        return send(stream, message, *args, **options)

    kernel.client.session.send = with_name
    try:
        return kernel.run(text)
    finally:
        kernel.client.session.send = send


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("--param ratte=1", "train.ipynb has no parameter 'ratte'.\nDid you mean 'rate'?"),
        ("--param steps=many", "--steps is a integer, and got 'many'."),
        ("--param rate", "--param: k=v is expected, found 'rate'"),
        ("--as scrpt", "--as: there is no 'scrpt'.\nDid you mean 'script'?"),
        ("--keep plot", "There is no rule 'plot' to keep code from.\nDid you mean 'plots'?"),
        ("--prams rate=1", "There is no option --prams.\nDid you mean '--param'?"),
        ("--compute nowhere", "nowhere"),
        ("--path elsewhere.ipynb", "There is no notebook elsewhere.ipynb."),
        ("--wait --no-wait", "--wait and --no-wait exclude each other."),
    ],
)
def test_a_mistake_is_one_message_and_nothing_is_submitted(line: str, said: str, kernel: "Kernel", train: Path) -> None:
    assert train.exists()
    seen = kernel.run(f"%aml_submit_notebook {line}")
    assert seen.status == "error"
    assert said in seen.text + seen.error
    assert "Traceback" not in seen.text
    assert kernel.value("len(list(__import__('jupyter_aml').MLClient.default().jobs.list()))") == "0"


def test_a_notebook_that_cannot_be_a_script_is_refused_by_cell_and_line(kernel: "Kernel", train: Path) -> None:
    saved(train, "x = 1", "y = 2\nz = input()")
    seen = kernel.run("%aml_submit_notebook")
    assert "train.ipynb, cell 2, line 2:" in seen.text + seen.error


def test_who_knows_the_file_is_asked_in_turn(kernel: "Kernel", tmp_path: Path) -> None:
    seen = kernel.run("import os; os.environ.pop('JPY_SESSION_NAME', None)\n%aml_submit_notebook")
    assert "Which notebook this is cannot be found" in seen.text + seen.error
    assert "%aml_submit_notebook --path train.ipynb" in seen.text + seen.error
    path = saved(tmp_path / "work" / "code.ipynb", *CELLS[:3])
    kernel.run(f"__vsc_ipynb_file__ = {str(path)!r}")
    assert submitted(kernel.run("%aml_submit_notebook"))
    path.unlink()
    seen = kernel.run("%aml_submit_notebook")
    assert f"There is no notebook {path}." in seen.text + seen.error
    saved(tmp_path / "work" / "named.ipynb", *CELLS[:3])
    seen = kernel.run("%aml_submit_notebook --path named.ipynb")
    assert submitted(seen)
    assert "saved" not in seen.text, "who names a file means the file"
    assert kernel.value("_aml_job.display_name") == "named"


def test_tab_completes_options_parameters_and_rules(kernel: "Kernel", train: Path) -> None:
    assert train.exists()
    assert kernel.completions("%aml_submit_notebook --pa") == ["--param", "--path"]
    assert kernel.completions("%aml_submit_notebook --param ") == ["rate=", "steps="]
    assert kernel.completions("%aml_submit_notebook --as n") == ["notebook"]
    assert kernel.completions("%aml_submit_notebook --keep pl") == ["plots"]
    told = kernel.value("get_ipython().find_line_magic('aml_submit_notebook').__doc__")
    assert all(option.name in told for option in options.SUBMIT_NOTEBOOK)


def test_ctrl_c_ends_the_waiting_and_not_the_job(kernel: "Kernel", train: Path) -> None:
    saved(train, "import time\nprint('up', flush=True)\ntime.sleep(600)", "%aml_submit_notebook --name long --wait")
    seen = kernel.interrupted("%aml_submit_notebook --name long --wait")
    assert seen.status == "error"
    assert "long goes on." in seen.text
    kernel.run("%aml_job cancel long")
    assert kernel.run("%aml_job wait long").status == "ok"

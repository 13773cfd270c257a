"""A job that is an executed notebook: its log, its outputs, its progress, its failures, its end when it is killed."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import psutil
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from jupyter_aml import Input, MLClient, command
from jupyter_aml.entities import log_progress
from jupyter_aml.entities.job_record import JobRecord
from jupyter_aml.notebook import arguments
from jupyter_aml.notebook.script.script import Parameter
from tests.conftest import is_alive, processes_of
from tests.journeys.engine.conftest import Site, until

REMOTE = re.compile(
    r"""(?:src|href)\s*=\s*["']?(?:https?:)?//|@import|url\(\s*["']?(?:https?:)?//|from\s+["']https?:"""
)


class Desk(Site):
    """A site where notebooks are submitted."""

    def notebook(self, *cells: str | Mapping[str, Any], said: str = "", **fields: Any) -> str:
        code = self.scratch / "code"
        code.mkdir(exist_ok=True)
        made = [new_code_cell(one) if isinstance(one, str) else one for one in cells]
        (code / "my train.ipynb").write_text(json.dumps(new_notebook(cells=made)))
        line = f"python -m jupyter_aml.notebook.execute 'my train.ipynb' {said}"
        return self.ml.jobs.create_or_update(command(code=str(code), command=line, **fields)).name or ""

    def ran(self, *cells: str | Mapping[str, Any], said: str = "", **fields: Any) -> tuple[JobRecord, str]:
        """The ended job, and its log."""
        name = self.notebook(*cells, said=said, **fields)
        return self.until_finished(name), self.log(name)

    def log(self, name: str) -> str:
        path = self.folder.artifacts(name) / "user_logs" / "std_log.txt"
        return path.read_text() if path.exists() else ""

    def output(self, name: str, suffix: str = ".ipynb") -> Path:
        return self.folder.artifacts(name) / "outputs" / f"my train{suffix}"

    def executed(self, name: str) -> list[Any]:
        return json.loads(self.output(name).read_text())["cells"]


@pytest.fixture
def desk(ml_client: MLClient, home: Path) -> Iterator[Desk]:
    made = Desk(ml_client, home)
    yield made
    made.end_all()


def test_a_notebook_runs_with_its_values_and_leaves_itself(desk: Desk) -> None:
    parameters = new_code_cell("alpha = 0.5\nname = 'a'", metadata={"tags": ["parameters"]})
    job, log = desk.ran(
        new_markdown_cell("# Training, $x^2$"), parameters, "print('alpha', alpha, repr(name))", "",
        "import os, pathlib\nalpha * 2, pathlib.Path.cwd().name, os.environ['MLFLOW_RUN_ID']",
        said="--alpha ${{inputs.alpha}} --name '\";import os'", inputs={"alpha": -1e-5},
    )  # fmt: skip
    assert job.status == "Completed", log
    assert "alpha -1e-05 '\";import os'\n" in log
    assert f"(-2e-05, 'wd', '{job.name}')\n" in log
    assert re.findall(r"^cell (\d+/\d+) \(\d+\.\d s\)$", log, re.MULTILINE) == ["1/4", "2/4", "3/4", "4/4"]
    assert log_progress.progress(log.splitlines()[-3:])
    cells = desk.executed(job.name)
    assert cells[2]["source"].startswith("# Parameters\nalpha = -1e-05\n")
    assert cells[3]["outputs"][0]["text"] == "alpha -1e-05 '\";import os'\n"
    page = desk.output(job.name, ".html").read_text()
    assert "Training, $x^2$" in page
    assert not REMOTE.search(page), REMOTE.search(page)
    assert {path.name for path in desk.output(job.name).parent.iterdir()} == {"my train.ipynb", "my train.html"}


def test_a_failure_is_told_in_the_notebooks_words(desk: Desk) -> None:
    allowed = new_code_cell("{}['k']", metadata={"tags": ["raises-exception"]})
    job, log = desk.ran(
        "def f(x):\n    return 1 / x", allowed, "from multiprocessing import get_context\n\nf(0)", "print('never')"
    )
    assert (job.status, job.exit_code) == ("Failed", 1)
    assert "KeyError: 'k'\ncell 2/4" in log
    assert log.endswith(
        '  File "<notebook my train.ipynb cell 3>", line 3, in <module>\n    f(0)\n'
        '  File "<notebook my train.ipynb cell 1>", line 2, in f\n    return 1 / x\n           ~~^~~\n'
        "ZeroDivisionError: division by zero\n"
        "my train.ipynb, cell 1, line 2: ZeroDivisionError: division by zero\n"
    )
    assert " Error: my train.ipynb, cell 1, line 2: ZeroDivisionError: division by zero\n" in job.error
    assert desk.executed(job.name)[2]["outputs"][0]["ename"] == "ZeroDivisionError"
    assert desk.output(job.name, ".html").exists()
    assert "never" not in log


@pytest.mark.parametrize(
    ("cell", "code", "said"),
    [
        ("import sys\nsys.exit(0)", 0, "cell 1, line 2: SystemExit: 0"),
        ("import sys\nsys.exit(3)", 3, "cell 1, line 2: SystemExit: 3"),
        ("exit()", 0, "cells 0/2"),
        ("%%bash\nexit 3", 1, "cell 1, line 1: subprocess.CalledProcessError"),
        ("import os\nos.kill(os.getpid(), 9)", 137, "cell 1: the kernel ended (signal 9;"),
        ("x = 1\ninput('name')", 1, "cell 1, line 2: IPython.core.error.StdinNotImplementedError"),
    ],
)
def test_every_end_has_its_exit_code(cell: str, code: int, said: str, desk: Desk) -> None:
    job, log = desk.ran(cell, "print('never')")
    assert (job.exit_code, "never" in log) == (code, False), log
    assert said in log


def test_a_wrong_value_is_refused_before_the_first_cell(desk: Desk) -> None:
    parameters = new_code_cell("depth = 3", metadata={"tags": ["parameters"]})
    job, log = desk.ran(parameters, said="--detph 4")
    assert (job.exit_code, log) == (2, "'--detph' is no parameter of the notebook.\nDid you mean 'depth'?\n")


def test_data_lies_where_the_code_looks_for_it(desk: Desk) -> None:
    (desk.scratch / "rows.csv").write_text("1,2\n")
    code = desk.scratch / "code"
    code.mkdir()
    found = Parameter("rows", "uri_file", "data/rows.csv", 1, 1, is_found=True)
    (code / "my train.parameters.json").write_text(arguments.to_json([found]))
    rows = Input(type="uri_file", path=str(desk.scratch / "rows.csv"))
    slow = "import time\ntime.sleep(2)"
    job, log = desk.ran("open('data/rows.csv').read()", slow, said="--rows ${{inputs.rows}}", inputs={"rows": rows})
    assert job.status == "Completed", log
    assert "'1,2\\n'" in log


# Ends from outside


def kernels(desk: Desk) -> list[psutil.Process]:
    found: list[psutil.Process] = []
    for process in processes_of(desk.home):
        try:
            if "ipykernel_launcher" in process.cmdline():
                found.append(process)
        except psutil.NoSuchProcess:
            continue
    return found


WAITING = "print('one')", "import time\nprint('waiting', flush=True)\ntime.sleep(600)"


def test_a_canceled_notebook_leaves_what_ran_and_no_kernel(desk: Desk) -> None:
    name = desk.notebook(*WAITING)
    until(lambda: "waiting" in desk.log(name), lambda: desk.log(name))
    told = log_progress.progress(desk.log(name).splitlines())
    assert told
    assert (told.label, told.done, told.total) == ("cell", 1, 2)
    (kernel,) = kernels(desk)
    desk.ml.jobs.begin_cancel(name).result(120)
    assert desk.get(name).status == "Canceled"
    until(lambda: not is_alive(kernel))
    assert desk.executed(name)[0]["outputs"][0]["text"] == "one\n"


def test_a_kernel_ends_with_the_program_that_is_killed(desk: Desk) -> None:
    name = desk.notebook(*WAITING)
    until(lambda: "waiting" in desk.log(name), lambda: desk.log(name))
    (kernel,) = kernels(desk)
    words = kernel.cmdline()
    connection = Path(words[words.index("-f") + 1]).parent
    until(lambda: not connection.exists())
    psutil.Process(kernel.ppid()).kill()
    until(lambda: not is_alive(kernel))
    assert desk.until_finished(name).exit_code == 137
    assert desk.executed(name)[0]["outputs"][0]["text"] == "one\n"

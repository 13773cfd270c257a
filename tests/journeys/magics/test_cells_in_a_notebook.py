"""Claims about cells as jobs that need the notebook around them: other cells, blank lines, Ctrl-C, warm workers."""

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.journeys.magics.conftest import Kernel

CELLS_MADE = "len(list((__import__('jupyter_aml').MLClient.default().workspace.folder.root / 'cells').iterdir()))"
HOW = "[fact.body['start'] for fact in {story} if 'start' in fact.body]".format(
    story="__import__('jupyter_aml').MLClient.default().jobs.story(_aml_job.name)"
)
"""Whether the last job ran warm or cold, and why."""


def count(kernel: "Kernel") -> int:
    """The number that the next cell gets, as the front end is told it."""
    return kernel.run("pass").number + 1


def test_a_traceback_goes_through_the_cells_that_defined_what_failed(kernel: "Kernel") -> None:
    first = count(kernel)
    kernel.run("limit = 1\n\ndef check(v):\n    if v > limit:\n        raise ValueError(v)")
    seen = kernel.run("\n\n%%aml_job --wait\n# a comment\ncheck(2)")
    named = re.findall(r'File "<notebook \w+ In \[(\d+)\]>", line (\d+)', seen.text)
    assert named[:2] == [(str(first + 1), "5"), (str(first), "5")], seen.text
    assert "raise ValueError(v)" in seen.text
    assert "run_cell" not in seen.text


def test_a_long_line_goes_on_below_a_backslash_and_lines_are_counted_on(kernel: "Kernel") -> None:
    seen = kernel.run("\n%%aml_job --experiment long \\\n  --input rate=0.5 \\\n  --wait\nprint(rate)\n1 / 0")
    assert re.search(r"In \[\d+\]>\", line 6", seen.text), seen.text
    assert kernel.value("(_aml_job.experiment_name, _aml_job.inputs['rate'].default)") == "('long', 0.5)"


def test_a_traceback_of_a_warm_worker_is_the_same(kernel: "Kernel") -> None:
    cell = "import sklearn\n\ndef fail(): return 1 / 0\nfail()"
    how = ""
    while how != "['warm']":  # until a worker has imported
        how = failed_as_ever(kernel, f"%%aml_job --wait\n{cell}")
    assert "cold: the job asks for it" in failed_as_ever(kernel, f"%%aml_job --wait --cold\n{cell}")


def failed_as_ever(kernel: "Kernel", cell: str) -> str:
    """How a cell that fails in its fourth and fifth line was run; its traceback is the same however that was."""
    number = count(kernel)
    text = kernel.run(cell).text
    assert f"In [{number}]>" in text
    assert list(dict.fromkeys(re.findall(r"line (\d+), in (\S+)", text))) == [("5", "<module>"), ("4", "fail")]
    return kernel.value(HOW)


def test_ctrl_c_ends_the_waiting_and_not_the_job(kernel: "Kernel") -> None:
    seen = kernel.interrupted("%%aml_job --name long --wait\nimport time\nprint('up', flush=True)\ntime.sleep(600)")
    assert seen.status == "error", "what stands below must not run on"
    assert "long goes on. Follow it: %aml_job stream long   End it: %aml_job cancel long" in seen.text
    assert kernel.value("__import__('jupyter_aml').MLClient.default().jobs.get('long').status") == "Running"
    kernel.run("%aml_job cancel long")
    assert kernel.run("%aml_job wait long").status == "ok"
    assert kernel.value("__import__('jupyter_aml').MLClient.default().jobs.get('long').status") == "Canceled"


def test_the_same_cell_again_is_kept_once(kernel: "Kernel") -> None:
    kernel.run("base = list(range(1000))\ndef f(): return sum(base)")
    for _ in range(2):
        assert kernel.run("%%aml_job --wait\nf()").status == "ok"
    assert kernel.value(CELLS_MADE) == "1"


def test_a_refused_cell_leaves_no_folder(kernel: "Kernel") -> None:
    assert kernel.run("%%aml_job --compute nowhere\n1").status == "error"
    folder = "(__import__('jupyter_aml').MLClient.default().workspace.folder.root / 'cells')"
    assert kernel.value(f"{folder}.exists()") == "False"


def test_a_cell_may_await_and_import_what_lies_beside_the_notebook(kernel: "Kernel") -> None:
    kernel.run("%%writefile beside.py\nasync def answer(): return 42")
    assert kernel.run("%%aml_job --wait\nimport beside\nawait beside.answer()").status == "ok"
    assert "42\n" in kernel.run("%aml_job stream").text


def test_options_take_the_notebooks_variables(kernel: "Kernel") -> None:
    kernel.run("rate = 0.25\nwhere = 'my experiment'.replace(' ', '_')")
    kernel.run("%%aml_job --experiment $where --input rate={rate * 2} --wait\nprint('rate', rate)")
    assert "rate 0.5" in kernel.run("%aml_job stream").text
    assert kernel.value("_aml_job.experiment_name") == "my_experiment"


@pytest.mark.parametrize("jedi", [True, False])
def test_tab_works_with_and_without_jedi(kernel: "Kernel", jedi: bool) -> None:
    kernel.run(f"%config IPCompleter.use_jedi = {jedi}")
    assert kernel.completions("%%aml_job --comp") == ["--compute"]
    assert kernel.completions("%%aml_job --compute local-") == ["local-cluster"]
    assert kernel.completions("%%aml_job --compute=local-") == ["local-cluster"]
    assert kernel.completions("%aml_jobs --status Can") == ["CancelRequested", "Canceled"]
    assert "print" in kernel.completions("%%aml_job --compute local-cluster\nprin")


def test_the_notebooks_name_comes_from_its_session(kernel: "Kernel") -> None:
    kernel.run("import os; os.environ['JPY_SESSION_NAME'] = '/home/me/a b é.ipynb'")
    number = count(kernel)
    assert f"<notebook a b é.ipynb In [{number}]>, line 2: NameError" in kernel.run("%%aml_job\nnowhere").text

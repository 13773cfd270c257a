"""Claims about `%aml_run`, and about a job as a cell's last value: whoever names a run sees its view."""

import re
from typing import TYPE_CHECKING

from jupyter_aml.widgets.carriers import MIME

if TYPE_CHECKING:
    from tests.journeys.magics.conftest import Kernel, Seen

SUBMIT = "%%aml_job --name {name} --wait\nprint('hello from', {name!r})"
PYTHON = """
from jupyter_aml import MLClient, command
ml_client = MLClient.default()
draft = command(command="echo hello from python", name="from_python")
job = ml_client.jobs.create_or_update(draft)
job = ml_client.jobs.wait(job.name)
"""
V1 = """
from jupyter_aml.v1.core import Experiment, ScriptRunConfig, Workspace
from jupyter_aml.v1.widgets import RunDetails
import os; os.mkdir("src"); open("src/train.py", "w").write("print('hello from v1')")
run = Experiment(Workspace.default(), "old").submit(ScriptRunConfig("src", "train.py"))
_ = run.wait_for_completion()
"""


NOT_COMPARED = [
    ("%aml_compare", "needs two jobs or more, found 0"),
    ("%aml_compare low_rate", "needs two jobs or more, found 1"),
    ("%aml_compare low_rate low_rate", "Two runs or more can be compared; found 1: low_rate"),
    ("%aml_compare low_rate lwo_rate", "Did you mean 'low_rate'?"),
    ("%aml_compare low_rate high_rate --tekst", "Did you mean '--text'?"),
]


def shows_view(seen: "Seen", *words: str) -> bool:
    """Whether the cell showed the run view and nothing else, with these words in it."""
    assert seen.status == "ok", seen.text + seen.error
    return all({MIME, "text/html", "text/plain"} <= kinds for kinds in seen.kinds) and all(
        word in seen.html[-1] for word in words
    )


def test_a_named_run_opens_and_the_last_one_without_a_name(kernel: "Kernel") -> None:
    seen = kernel.run("%aml_run")
    assert ("%aml_jobs lists them" in seen.text, seen.status) == (True, "error")
    for name in ("first_run", "second_run"):
        kernel.run(SUBMIT.format(name=name))
    assert shows_view(kernel.run("%aml_run first_run"), "hello from first_run", "Snapshot")
    assert shows_view(kernel.run("%aml_run"), "hello from second_run")
    text = kernel.run("%aml_run first_run --text")
    assert text.kinds == []
    assert "hello from first_run" in text.text
    assert sorted(kernel.completions("%aml_run ")) == ["first_run", "second_run"]
    assert kernel.completions("%aml_run first_run --t") == ["--text"]
    assert "Did you mean 'first_run'?" in kernel.run("%aml_run frist_run").text
    assert "Not expected here" in kernel.run("%aml_run first_run second_run").text


def test_a_job_as_the_last_value_opens_with_no_magic_loaded(plain_kernel: "Kernel") -> None:
    plain_kernel.run(PYTHON)
    assert shows_view(plain_kernel.run("job"), "hello from python")
    assert plain_kernel.value("job._repr_html_().count('<th>')") == "5"
    assert "type: command" in plain_kernel.value("job")
    # … and what was not submitted keeps its own face
    draft = plain_kernel.run("draft")
    assert [MIME in kinds for kinds in draft.kinds] == [False]
    unnamed = plain_kernel.run("job.name = None; job")
    renamed = plain_kernel.run("job.name = 'not_there_yet'; job")
    for seen in (unnamed, renamed):
        assert [kinds for kinds in seen.kinds if MIME in kinds] == []
        assert "<th>Experiment</th>" in seen.html[-1]
        assert "Traceback" not in seen.text + seen.error


def test_a_job_of_another_workspace_opens_from_there(kernel: "Kernel") -> None:
    kernel.run(PYTHON)
    kernel.run("%aml_workspace playground")
    assert shows_view(kernel.run("job"), "hello from python")


def test_v1s_run_details_are_the_same_view(plain_kernel: "Kernel") -> None:
    plain_kernel.run(V1)
    for cell in ("RunDetails(run).show()", "RunDetails(run)"):
        assert shows_view(plain_kernel.run(cell), "hello from v1")
    refused = plain_kernel.run("RunDetails('a name')")
    assert "Give what experiment.submit" in re.sub(r"\x1b\[[0-9;]*m", "", refused.error)


def test_jobs_side_by_side(kernel: "Kernel") -> None:
    for name, rate in (("low_rate", 0.1), ("high_rate", 0.9)):
        kernel.run(f"%%aml_job --name {name} --input rate={rate} --tag team=x --wait\nprint(rate + {rate})")
    seen = kernel.run("%aml_compare low_rate high_rate")
    assert seen.kinds == [{MIME, "text/html", "text/plain"}]
    assert "2 runs side by side" in seen.html[-1]
    assert re.search(r"^  rate +0\.1 +0\.9$", seen.text, re.MULTILINE), seen.text
    assert "+ print(rate + 0.9)" in seen.text
    assert "team" not in seen.text
    text = kernel.run("%aml_compare low_rate high_rate --text --all")
    assert (text.kinds, "team" in text.text) == ([], True)
    python = kernel.run("import jupyter_aml; jupyter_aml.compare('low_rate', 'high_rate')")
    assert python.kinds == seen.kinds
    assert kernel.completions("%aml_compare low_rate ") == ["high_rate"]
    for cell, said in NOT_COMPARED:
        seen = kernel.run(cell)
        assert (seen.status, said in seen.text, "Traceback" in seen.text) == ("error", True, False), (cell, seen.text)


def test_a_command_runs_at_the_end_of_jobs(kernel: "Kernel") -> None:
    folder = kernel.value("__import__('os').getcwd()")
    line = f'echo "$JUPYTER_AML_JOB is $JUPYTER_AML_STATUS" > "{folder}/new"; mv "{folder}/new" "{folder}/told"'
    assert "$JUPYTER_AML_STATUS" in kernel.run(f"%aml_workspace on-finish --command '{line}'").text
    kernel.run(SUBMIT.format(name="told_of"))
    kernel.run("import os, time\nwhile not os.path.exists('told'): time.sleep(0.01)")
    assert kernel.value("open('told').read()") == "told_of is Completed"
    assert "exclude each other" in kernel.run("%aml_workspace on-finish --off --command x").text
    assert "JUPYTER" in kernel.run("%aml_workspace on-finish").text
    assert "JUPYTER" not in kernel.run("%aml_workspace on-finish --off").text
    assert kernel.completions("%aml_workspace on-f") == ["on-finish"]

"""`%aml_wait` in a real kernel: the next cell finds what the last one's job made."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.journeys.magics.conftest import Kernel

SUBMIT = """from jupyter_aml import MLClient, command
job = MLClient.default().jobs.create_or_update(command(command="{}"))
print(job.status)"""


def test_the_switch_says_what_holds_and_children_follow_it(kernel: "Kernel") -> None:
    assert kernel.run("%aml_wait").text == "Submits return at once.\n"
    assert kernel.run("%aml_wait on").text == "Submits wait until the job is over.\n"
    assert kernel.run("!echo wait=$JUPYTER_AML_WAIT").text.strip() == "wait=1"
    assert kernel.run(SUBMIT.format("exit 0")).text == "Completed\n"
    assert kernel.run("%aml_wait off").text == "Submits return at once.\n"
    assert kernel.run(SUBMIT.format("sleep 0.5")).text == "NotStarted\n"


def test_a_cell_that_is_a_job_waits_too_unless_its_line_says_otherwise(kernel: "Kernel") -> None:
    kernel.run("%aml_wait on")
    assert kernel.run("%%aml_job\n1 / 0").status == "ok"
    kernel.run("from jupyter_aml import MLClient; now = lambda: MLClient.default().jobs.get(_aml_job.name).status")
    assert kernel.value("now()") == "Failed"
    kernel.run("%%aml_job --no-wait\nimport time; time.sleep(600)")
    assert kernel.value("now()") in {"NotStarted", "Preparing", "Queued", "Running"}
    assert kernel.run("%aml_job cancel").status == "ok"


def test_another_word_is_refused(kernel: "Kernel") -> None:
    seen = kernel.run("%aml_wait onn")
    assert (seen.status, "Did you mean 'on'?" in seen.text) == ("error", True)
    assert kernel.completions("%aml_wait o") == ["off", "on"]

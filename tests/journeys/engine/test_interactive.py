"""Plain MLflow in a real kernel: its runs are jobs; the kernel, and the supervisor with it, are killed under them."""

from collections.abc import Iterator

import psutil
import pytest

from jupyter_aml import MLClient
from jupyter_aml.engine import lifecycle
from jupyter_aml.entities.status import JobStatus
from jupyter_aml.exceptions import JobException
from jupyter_aml.operations import interactive
from tests.journeys.engine.conftest import Site, kill, until
from tests.journeys.engine.test_kernel import Kernel

START = """
import mlflow
mlflow.set_tracking_uri({uri!r})
mlflow.set_experiment("notebook")
run = mlflow.start_run(run_name="by hand")
mlflow.log_metric("loss", 0.5)
below = mlflow.start_run(nested=True)
print(run.info.run_id, below.info.run_id)
"""
END = "mlflow.end_run(); mlflow.log_metric('loss', 0.25); mlflow.end_run(); print(mlflow.get_run({!r}).info.status)"


@pytest.fixture
def kernel(site: Site, monkeypatch: pytest.MonkeyPatch) -> Iterator[Kernel]:
    """A kernel whose supervisors leave as soon as they have nothing to do."""
    assert site.home.is_dir()
    monkeypatch.setenv("JUPYTER_AML_SUPERVISOR_IDLE_SECONDS", "0.5")
    kernel = Kernel()
    yield kernel
    kernel.close()


def started(site: Site, kernel: Kernel) -> tuple[str, str]:
    """A run and one below it, both begun in the kernel; a process of a supervisor has seen them."""
    parent, child = kernel.run(START.format(uri=site.ml.workspace.tracking_uri)).split()[-2:]
    until(lambda: len(site.ml.jobs.story(child)) > 1, lambda: [site.ml.jobs.story(name) for name in (parent, child)])
    return parent, child


def process_of(kernel: Kernel) -> psutil.Process:
    return psutil.Process(int(kernel.run("import os; print(os.getpid())")))


def test_runs_of_a_notebook_are_jobs_while_they_run_and_when_they_are_over(site: Site, kernel: Kernel) -> None:
    parent, child = started(site, kernel)
    (listed,) = site.ml.jobs.list(experiment_name="notebook")
    assert (listed.name, listed.display_name, listed.status) == (parent, "by hand", "Running")
    assert [job.name for job in site.ml.jobs.list(parent_job_name=parent)] == [child]
    assert kernel.run(END.format(parent)) == "FINISHED\n"
    assert [site.until_finished(name).status for name in (parent, child)] == ["Completed", "Completed"]
    assert [point.value for series in site.ml.jobs.details(parent).metrics for point in series.points] == [0.5, 0.25]


def test_a_killed_kernel_fails_its_runs_and_the_supervisor_had_stayed_to_see_it(site: Site, kernel: Kernel) -> None:
    names = started(site, kernel)
    kill([process_of(kernel)])
    for job in map(site.until_finished, names):
        assert job.status == JobStatus.FAILED
        assert "is gone" in job.error


def test_a_kernel_and_its_supervisor_killed_together_leave_no_run_running(site: Site, kernel: Kernel) -> None:
    names = started(site, kernel)
    process = process_of(kernel)
    assert site.kill_supervisor()
    kill([process])
    assert [site.get(name).status for name in names] == ["Running", "Running"]
    site.ml.jobs.get(names[0])  # whoever reads a status sees to it that somebody looks
    assert [site.until_finished(name).status for name in names] == ["Failed", "Failed"]


def test_a_supervisor_that_comes_back_takes_the_runs_up_again(site: Site, kernel: Kernel) -> None:
    parent, child = started(site, kernel)
    for _ in range(3):
        assert site.kill_supervisor()
        site.ensure_supervisor()
    kernel.run(END.format(parent))
    assert [site.until_finished(name).status for name in (parent, child)] == ["Completed", "Completed"]
    assert sum(fact.kind == "job.status" for fact in site.ml.jobs.story(parent)) == 2, "Running, Completed"


def test_a_run_that_somebody_cancels_ends_while_its_kernel_goes_on(site: Site, kernel: Kernel) -> None:
    parent, child = started(site, kernel)
    site.ml.jobs.begin_cancel(parent)
    assert [site.until_finished(name).status for name in (parent, child)] == ["Canceled", "Canceled"]
    assert kernel.run(END.format(parent)) == "KILLED\n", "its job is over: what is logged now harms nobody"
    assert site.get(parent).status == JobStatus.CANCELED


def test_a_supervisor_stays_as_long_as_a_run_is_open(site: Site, kernel: Kernel) -> None:
    parent, _ = started(site, kernel)
    number = lifecycle.pid(site.folder)
    assert number is not None
    process = psutil.Process(number)
    before = sum(process.cpu_times()[:2])
    kernel.run("import time; time.sleep(2)")
    assert lifecycle.pid(site.folder) == number
    assert sum(process.cpu_times()[:2]) - before < before, "it watches: its start was more work"
    kernel.run(END.format(parent))
    until(lambda: lifecycle.pid(site.folder) is None)


def test_an_interactive_run_says_why_it_cannot_be_submitted(ml_client: MLClient) -> None:
    interactive.begin(ml_client.workspace, "trying", name="by_hand")
    job = ml_client.jobs.get("by_hand")
    job.name = None
    with pytest.raises(JobException, match="'by_hand' was an interactive run"):
        ml_client.jobs.create_or_update(job)
    with pytest.raises(JobException, match="interactive run"):
        ml_client.jobs.resubmit("by_hand")
    assert "interactive run" in ml_client.jobs.validate(job).error_messages["job"]
    interactive.end(ml_client.workspace, "by_hand")
    assert ml_client.jobs.wait("by_hand", timeout=120).status == "Completed"


def test_names_and_tags_of_an_interactive_run_are_updated_like_those_of_any_job(ml_client: MLClient) -> None:
    interactive.begin(ml_client.workspace, "trying", name="by_hand", tags={"kept": "1"})
    job = ml_client.jobs.get("by_hand")
    job.display_name, job.description = "by hand, again", "a try"
    changed = ml_client.jobs.create_or_update(job, tags={"new": "2"})
    assert (changed.status, changed.display_name, changed.description) == ("Running", "by hand, again", "a try")
    assert changed.tags == {"kept": "1", "new": "2"}
    interactive.end(ml_client.workspace, "by_hand")
    assert ml_client.jobs.wait("by_hand", timeout=120).status == "Completed"

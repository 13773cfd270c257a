"""Interactive runs under a supervisor driven by hand: it sees the process they are a part of, and never touches it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator

import pytest

from jupyter_aml.engine import lock
from jupyter_aml.entities.job_folder import AttemptFolder
from jupyter_aml.entities.job_record import ATTACHED
from jupyter_aml.entities.launch import Outcome, read_outcome
from jupyter_aml.entities.status import JobStatus
from jupyter_aml.operations import interactive
from jupyter_aml.tracking.interactive import settle
from tests.unit.engine.conftest import Bench

ELSEWHERE = """
import sys
from jupyter_aml import MLClient
from jupyter_aml.operations import interactive
for name in sys.argv[1:]:
    interactive.begin(MLClient.default().workspace, "exp", name=name)
print("begun", flush=True)
sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def nobody_else_supervises(bench: Bench) -> Iterator[None]:
    """Who begins a run starts a supervisor where there is none: here it finds the lock taken."""
    held = lock.take(bench.workspace.folder.supervisor_lock)
    assert held is not None
    yield
    os.close(held)


def begun(bench: Bench, name: str = "run", parent: str = "") -> str:
    """A run that is a part of this process."""
    return interactive.begin(bench.workspace, "exp", name=name, parent=parent).name


def begun_elsewhere(*names: str) -> subprocess.Popen[str]:
    """Runs that are a part of another process."""
    command = [sys.executable, "-c", ELSEWHERE, *names]
    other = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert other.stdout
    assert other.stdout.readline() == "begun\n"
    return other


def killed(other: subprocess.Popen[str]) -> None:
    other.kill()
    other.communicate()


# ── begun ──


def test_a_run_is_running_before_any_supervisor_knows_it_and_its_story_says_so_once(bench: Bench) -> None:
    name = begun(bench)
    assert bench.get(name).status == JobStatus.RUNNING
    assert bench.statuses(name) == [], "the supervisor alone says how a job stands"
    bench.until(lambda: bench.statuses(name))
    bench.turn()
    assert bench.statuses(name) == ["Running"]
    assert bench.get(name).started_at == bench.get(name).created_at


def test_a_run_that_was_begun_twice_is_one(bench: Bench) -> None:
    first, second = begun(bench), begun(bench)
    bench.turn()
    assert first == second
    assert len(bench.all()) == 1


def test_a_run_takes_no_node_and_says_nothing_of_computes(bench: Bench) -> None:
    names = [begun(bench, f"run{number}") for number in range(20)]
    job = bench.run("true")
    assert job.status == JobStatus.COMPLETED
    bench.until(lambda: all(bench.statuses(name) for name in names))
    assert bench.story(ATTACHED) == []
    assert bench.supervisor.clusters[ATTACHED].busy_nodes == 0
    assert not bench.supervisor.is_idle, "somebody must see their process go"


# ── ended ──


@pytest.mark.parametrize(
    ("words", "status", "mlflow"),
    [
        ({}, "Completed", "FINISHED"),
        ({"error": "boom"}, "Failed", "FAILED"),
        ({"canceled": True}, "Canceled", "KILLED"),
    ],
)
def test_a_run_ends_as_its_process_says(bench: Bench, words: dict[str, str], status: str, mlflow: str) -> None:
    name = begun(bench)
    interactive.end(bench.workspace, name, **words)  # pyright: ignore[reportArgumentType] - one word of one type each
    job = bench.until_finished(name)
    assert (job.status, bench.statuses(name), bench.mlflow_status(name)) == (status, ["Running", status], mlflow)
    assert job.error == ("boom" if "error" in words else job.error)
    bench.turn()
    assert bench.supervisor.is_idle


def test_the_first_end_counts(bench: Bench) -> None:
    name = begun(bench)
    interactive.end(bench.workspace, name)
    interactive.end(bench.workspace, name, error="too late")
    assert bench.until_finished(name).status == JobStatus.COMPLETED
    interactive.end(bench.workspace, name, error="much too late")
    bench.turn()
    assert bench.get(name).status == JobStatus.COMPLETED


def test_one_that_cancels_and_one_that_ends_leave_one_outcome(bench: Bench) -> None:
    folder: AttemptFolder = bench.attempt(begun(bench))
    said = [settle(folder, Outcome("exited", code)) for code in range(3)]
    assert said == [True, False, False]
    outcome = read_outcome(folder.outcome)
    assert outcome is not None
    assert outcome.exit_code == 0
    assert sorted(path.name for path in folder.root.iterdir()) == ["attached", "outcome.json"]


def test_who_cancels_a_run_ends_it_and_leaves_its_process_alone(bench: Bench) -> None:
    other = begun_elsewhere("run", "other")
    bench.until(lambda: bench.statuses("other"))
    bench.cancel("run")
    job = bench.until_finished("run")
    assert (job.status, job.error, bench.mlflow_status("run")) == ("Canceled", "Canceled: canceled", "KILLED")
    assert bench.get("other").status == JobStatus.RUNNING
    assert other.poll() is None
    killed(other)


def test_a_run_below_another_outlives_its_end_but_not_its_cancel(bench: Bench) -> None:
    for end, status in ((interactive.end, "Running"), (lambda _, name: bench.cancel(name), "Canceled")):
        parent = begun(bench, f"parent-{status}")
        child = begun(bench, f"child-{status}", parent=parent)
        bench.until(lambda child=child: bench.statuses(child))
        end(bench.workspace, parent)
        bench.until_finished(parent)
        bench.until_status(child, status)
        assert bench.mlflow_status(child) == {"Running": "RUNNING", "Canceled": "KILLED"}[status]
        interactive.end(bench.workspace, child)
        bench.until_finished(child)


# ── gone ──


def test_runs_of_a_killed_process_failed_and_say_so(bench: Bench) -> None:
    other = begun_elsewhere("run", "other")
    bench.until(lambda: bench.statuses("other"))
    interactive.end(bench.workspace, "other")
    killed(other)
    job = bench.until_finished("run")
    assert (job.status, bench.mlflow_status("run")) == ("Failed", "FAILED")
    assert bench.statuses("run") == ["Running", "Failed"]
    assert job.error.startswith(f"The run's process (pid {other.pid}) is gone")
    assert bench.until_finished("other").status == JobStatus.COMPLETED


def test_a_run_goes_on_while_one_process_does_that_began_it_or_went_on_with_it(bench: Bench) -> None:
    first = begun_elsewhere("run", "alone")
    second = begun_elsewhere("run")
    bench.until(lambda: bench.statuses("run"))
    killed(first)
    assert bench.until_finished("alone").status == JobStatus.FAILED
    assert bench.get("run").status == JobStatus.RUNNING
    killed(second)
    job = bench.until_finished("run")
    assert (job.status, bench.statuses("run")) == (JobStatus.FAILED, ["Running", "Failed"])
    assert job.error.startswith(f"The run's process (pid {second.pid}) is gone")


def test_who_went_on_with_a_run_of_a_killed_process_ends_it(bench: Bench) -> None:
    other = begun_elsewhere("run", "alone")
    begun(bench, "run")
    killed(other)
    bench.until_finished("alone")
    interactive.end(bench.workspace, "run")
    assert bench.until_finished("run").status == JobStatus.COMPLETED


def test_however_many_processes_went_on_with_a_run_the_last_is_seen(bench: Bench) -> None:
    begun(bench, "run")
    attached = bench.attempt("run").attached
    own = attached.read_bytes()
    attached.write_bytes(b"1000000 1.0 7\n" * 500 + own)
    bench.turn()
    assert bench.get("run").status == JobStatus.RUNNING
    begun(bench, "run")
    assert attached.read_bytes().count(own.split()[0]) == 1, "who holds it already is not named again"


def test_a_killed_process_wakes_the_supervisor(bench: Bench) -> None:
    if not hasattr(os, "pidfd_open"):
        pytest.skip("this system has no pidfds")
    other = begun_elsewhere("run", "other")
    bench.until(lambda: bench.statuses("other"))
    bench.turn()
    assert len(bench.supervisor.executor.filenos()) == 1, "one for all that is a part of it"
    killed(other)
    (descriptor,) = bench.supervisor.executor.filenos()
    bench.supervisor.executor.drain(descriptor)
    assert list(bench.supervisor.executor.filenos()) == []
    bench.until_finished("run")


@pytest.mark.parametrize("seen", [True, False])
def test_the_next_supervisor_finds_runs_as_they_are(bench: Bench, *, seen: bool) -> None:
    other = begun_elsewhere("lost")
    names = [begun(bench, name) for name in ("going", "ended", "canceled")]
    if seen:
        bench.until(lambda: all(bench.statuses(name) for name in ("lost", *names)))
    interactive.end(bench.workspace, "ended")
    bench.cancel("canceled")
    killed(other)
    bench.begin()
    for name, status in {"lost": "Failed", "ended": "Completed", "canceled": "Canceled"}.items():
        assert bench.until_finished(name).status == status
    assert bench.statuses("going") == ["Running"]
    assert bench.statuses("ended") == ["Running", "Completed"]


def test_a_run_whose_folder_was_removed_failed(bench: Bench) -> None:
    name = begun(bench)
    bench.until(lambda: bench.statuses(name))
    shutil.rmtree(bench.attempt(name).root)
    assert bench.until_finished(name).status == JobStatus.FAILED


def test_a_run_whose_process_is_not_known_any_more_failed(bench: Bench) -> None:
    name = begun(bench)
    bench.attempt(name).attached.write_bytes(b"")
    assert bench.until_finished(name).status == JobStatus.FAILED

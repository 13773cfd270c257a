"""What the supervisor writes down, and what it does not let itself be hindered by."""

import os
import re
import sqlite3
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

import jupyter_aml
from jupyter_aml.engine import lifecycle
from jupyter_aml.engine.process import try_turn
from jupyter_aml.entities.compute import AmlCompute
from jupyter_aml.entities.job_folder import AttemptFolder
from jupyter_aml.entities.status import JobStatus
from jupyter_aml.exceptions import StoreError
from jupyter_aml.operations import computes
from jupyter_aml.runner.variables import MARKER
from jupyter_aml.tracking.runs import JOB_TAG
from tests.unit.engine.conftest import Bench

UNTIL_GO = 'until [ -e "$SCRATCH/go" ]; do sleep 0.01; done'
SOURCES = Path(jupyter_aml.__file__).parent


def compute(bench: Bench, name: str = "other", **fields: object) -> str:
    computes.create_or_update(bench.workspace, AmlCompute.of({"name": name, "max_instances": 1, **fields}))
    return name


def nodes(bench: Bench, name: str) -> list[tuple[int, int]]:
    """(idle, running), as it changed."""
    found = [fact.body for fact in bench.story(name) if fact.kind == "compute.nodes"]
    return [(int(body["idle"] or 0), int(body["running"] or 0)) for body in found]


# ── facts ──


def test_a_jobs_story_tells_every_state_with_its_attempt_and_its_end(bench: Bench) -> None:
    job = bench.run("exit 7")
    story = bench.story(job.name)
    assert [fact.kind for fact in story] == ["job.wished", *["job.status"] * 7]
    assert bench.statuses(job.name) == [
        "Queued", "Preparing", "Provisioning", "Starting", "Running", "Finalizing", "Failed",
    ]  # fmt: skip
    assert [fact.body["attempt"] for fact in story[1:]] == [0, 1, 1, 1, 1, 1, 1]
    last = story[-1].body
    assert (last["why"], last["exit_code"]) == ("exited", 7)
    assert str(last["start"]).startswith("cold: ")


def test_a_jobs_row_is_read_and_written_no_oftener_than_it_changes(bench: Bench) -> None:
    name = bench.submit("true")
    statements: list[str] = []
    bench.supervisor.database.connection.set_trace_callback(statements.append)
    bench.until_finished(name)
    bench.supervisor.database.connection.set_trace_callback(None)
    of_jobs = [statement for statement in statements if re.search(r"\b(FROM|UPDATE) jobs\b", statement)]
    assert sum(statement.startswith("SELECT") for statement in of_jobs) == 4, "its wish, launch, end and children"
    assert sum(statement.startswith("UPDATE") for statement in of_jobs) == 4, "launched, running, finalizing, over"


def test_facts_are_numbered_in_the_order_in_which_they_were_written(bench: Bench) -> None:
    names = [bench.submit("true") for _ in range(3)]
    for name in names:
        bench.until_finished(name)
    numbers = [fact.seq for fact in bench.ml.facts.since(0)]
    assert numbers == sorted(set(numbers))
    for name in names:
        times = [fact.at for fact in bench.story(name)]
        assert times == sorted(times)


def test_a_jobs_times_are_those_of_its_process(bench: Bench) -> None:
    job = bench.run("sleep 0.2")
    assert job.started_at is not None
    assert job.ended_at is not None
    assert job.created_at <= job.started_at < job.ended_at
    assert job.ended_at - job.started_at >= 0.1, "the process slept twice that"


def test_a_status_has_one_writer() -> None:
    writers = [path for path in SOURCES.rglob("*.py") if re.search(r"jobs\.set_status\(", path.read_text())]
    assert [path.relative_to(SOURCES).as_posix() for path in writers] == ["engine/journal.py"]
    sql = [path for path in SOURCES.rglob("*.py") if re.search(r"UPDATE jobs SET status", path.read_text())]
    assert [path.relative_to(SOURCES).as_posix() for path in sql] == ["store/jobs.py"]


def test_a_wish_alone_changes_no_status(bench: Bench) -> None:
    name = bench.submit("sleep 600")
    assert bench.get(name).status == JobStatus.NOT_STARTED
    bench.until_status(name, "Running")
    bench.cancel(name)
    assert bench.get(name).status == JobStatus.RUNNING


def test_a_job_that_is_canceled_in_the_queue_says_so(bench: Bench) -> None:
    compute(bench)
    bench.running("sleep 600", compute="other")
    name = bench.submit("true", compute="other")
    bench.until_status(name, "Queued")
    bench.cancel(name)
    job = bench.until_finished(name)
    assert (job.status, job.error) == ("Canceled", "Canceled before its process started.")
    assert bench.story(name)[-1].body["why"] == "canceled"


def test_a_completed_job_has_no_error(bench: Bench) -> None:
    job = bench.run("true")
    assert (job.status, job.error, job.exit_code) == ("Completed", "", 0)


# ── MLflow ──


@pytest.mark.parametrize(("code", "end"), [(0, "FINISHED"), (1, "FAILED")])
def test_the_mlflow_run_follows_the_job(bench: Bench, code: int, end: str) -> None:
    name = bench.submit(f"{UNTIL_GO}; exit {code}")
    assert bench.mlflow_status(name) == "SCHEDULED"
    bench.until_status(name, "Running")
    assert bench.mlflow_status(name) == "RUNNING"
    (bench.scratch / "go").touch()
    bench.until_finished(name)
    assert bench.mlflow_status(name) == end


def test_the_mlflow_run_of_a_canceled_job_is_killed(bench: Bench) -> None:
    name = bench.running("sleep 600")
    bench.cancel(name)
    bench.until_finished(name)
    assert bench.mlflow_status(name) == "KILLED"


def test_the_runs_below_a_canceled_job_are_killed_with_it(bench: Bench) -> None:
    name = bench.submit("sleep 600")
    bench.until_status(name, "Running")
    runs, below = bench.workspace.runs, f"{name}_nested"
    runs.create(below, "e", display_name="n", artifact_uri="", tags={}, start_ms=1, status="RUNNING", parent=name)
    with sqlite3.connect(bench.workspace.folder.tracking_database) as tracking:  # as `start_run(nested=True)` makes it
        tracking.execute("DELETE FROM tags WHERE run_uuid = ? AND key = ?", (below, JOB_TAG))
    tracking.close()
    bench.cancel(name)
    bench.until_finished(name)
    assert bench.mlflow_status(below) == "KILLED"


def test_who_sees_the_job_finished_sees_its_run_finished(bench: Bench) -> None:
    name = bench.submit("true")
    while not bench.get(name).is_finished:
        bench.turn()
    assert bench.mlflow_status(name) == "FINISHED"


def test_a_run_that_was_deleted_in_mlflow_hurts_no_job(bench: Bench) -> None:
    name = bench.submit("true")
    bench.workspace.runs.close()
    tracking = bench.workspace.folder.tracking_database
    bench.sql("ATTACH ? AS tracking", str(tracking))
    for table in ("tags", "runs"):
        bench.sql(f"DELETE FROM tracking.{table} WHERE run_uuid = ?", name)
    bench.sql("DETACH tracking")
    assert bench.until_finished(name).status == "Completed"


def test_a_tracking_database_that_is_gone_stops_no_job_and_is_a_fact(bench: Bench) -> None:
    name = bench.submit("true")
    bench.workspace.folder.tracking_database.unlink()
    assert bench.until_finished(name).status == "Completed"
    failed = [fact for fact in bench.story(name) if fact.kind == "tracking.failed"]
    assert failed
    assert "no tracking database" in str(failed[0].body["error"])


# ── computes ──


def test_a_low_priority_compute_yields_to_others(bench: Bench) -> None:
    compute(bench, tier="low_priority")
    bench.run('nice > "$SCRATCH/low"', compute="other")
    bench.run('nice > "$SCRATCH/high"')
    own = os.nice(0)
    assert (bench.lines("low"), bench.lines("high")) == ([str(min(own + 10, 19))], [str(own)])


def test_a_compute_without_warm_workers_starts_every_job_cold_and_says_why(bench: Bench) -> None:
    compute(bench, warm_workers=False)
    job = bench.run("python -c pass", compute="other")
    assert bench.story(job.name)[-1].body["start"] == "cold: compute other has warm workers switched off"


def test_nodes_come_with_jobs_and_leave_after_their_idle_time(bench: Bench) -> None:
    compute(bench, idle_time_before_scale_down=60)
    bench.now = 1_000.0
    job = bench.run("true", compute="other")
    assert nodes(bench, "other") == [(0, 1), (1, 0)]
    assert not bench.supervisor.is_idle
    bench.now = (job.ended_at or 0) + 59
    bench.turn()
    assert nodes(bench, "other") == [(0, 1), (1, 0)]
    bench.now += 1
    bench.turn()
    assert nodes(bench, "other")[-1] == (0, 0)
    assert bench.supervisor.is_idle
    shown = bench.ml.compute.get("other")
    assert isinstance(shown, AmlCompute)
    assert set((shown.node_state_counts or {"none": 0}).values()) == {0}


def test_the_next_supervisor_finds_the_idle_nodes_and_lets_them_leave(bench: Bench) -> None:
    compute(bench, idle_time_before_scale_down=60)
    bench.run("true", compute="other")
    bench.begin()
    assert not bench.supervisor.is_idle
    bench.now = bench.clock() + 61
    bench.turn()
    assert nodes(bench, "other")[-1] == (0, 0)


def test_the_minimum_of_a_new_compute_is_there_without_a_job(bench: Bench) -> None:
    compute(bench, min_instances=1)
    bench.turn()
    assert nodes(bench, "other") == [(1, 0)]
    assert bench.supervisor.is_idle


def test_a_compute_grows_under_those_that_wait(bench: Bench) -> None:
    compute(bench)
    first = bench.running("sleep 600", compute="other")
    second = bench.submit("true", compute="other")
    bench.until_status(second, "Queued")
    compute(bench, max_instances=2)
    assert bench.until_finished(second).status == "Completed"
    assert bench.get(first).status == "Running"


def forget(bench: Bench, name: str) -> None:
    """Delete a compute as one would who did so in the moment in which a job was submitted to it."""
    bench.sql("DELETE FROM computes WHERE name = ?", name)
    bench.sql("INSERT INTO facts (at, kind, subject) VALUES (?, 'compute.wished', ?)", bench.clock(), name)


def test_a_job_whose_compute_is_gone_before_anybody_looked_fails_with_that_reason(bench: Bench) -> None:
    compute(bench)
    name = bench.submit("true", compute="other")
    forget(bench, "other")
    job = bench.until_finished(name)
    assert (job.status, job.error) == ("Failed", "Its compute 'other' was deleted.")


def test_a_compute_that_is_deleted_under_its_jobs_ends_those_that_wait_and_no_other(bench: Bench) -> None:
    compute(bench)
    runs = bench.running(UNTIL_GO, compute="other")
    waits = bench.submit("true", compute="other")
    bench.until_status(waits, "Queued")
    forget(bench, "other")
    assert bench.until_finished(waits).status == "Failed"
    bench.begin()
    bench.turn()
    assert bench.get(runs).status == "Running"
    (bench.scratch / "go").touch()
    assert bench.until_finished(runs).status == "Completed"


def test_a_compute_that_is_made_again_runs_jobs_again(bench: Bench) -> None:
    compute(bench)
    bench.run("true", compute="other")
    computes.delete(bench.workspace, "other")
    bench.turn()
    compute(bench)
    assert bench.run("true", compute="other").status == "Completed"


def test_a_compute_is_found_by_its_name_in_any_case(bench: Bench) -> None:
    compute(bench)
    bench.run("true", compute="OTHER")
    compute(bench, name="Other", max_instances=2)
    names = [bench.submit("sleep 600", compute="otheR") for _ in range(2)]
    for name in names:
        bench.until_status(name, "Running")


# ── one job's trouble is its own ──


@pytest.mark.parametrize("launch", ["{", "{}", '{"from": "a newer version"}'])
def test_a_launch_that_cannot_be_read_fails_its_own_job_only(bench: Bench, launch: str) -> None:
    bad, good = bench.submit("true"), bench.submit("true")
    bench.sql("UPDATE jobs SET launch = ? WHERE name = ?", launch, bad)
    job = bench.until_finished(bad)
    assert job.status == "Failed"
    assert job.error.startswith("The job could not be started: ")
    assert bench.until_finished(good).status == "Completed"


def test_an_attempt_whose_folder_cannot_be_made_fails_its_own_job_only(bench: Bench) -> None:
    bad, good = bench.submit("true"), bench.submit("true")
    bench.workspace.folder.jobs.mkdir(exist_ok=True)
    (bench.workspace.folder.jobs / bad).write_text("in the way")
    assert "could not be started" in bench.until_finished(bad).error
    assert bench.until_finished(good).status == "Completed"


@pytest.mark.parametrize("begun", [b"\0" * 40, b"garbage", b"1 2", b"\xff\xfe \n", b"x y z\n1 2\n"])
def test_a_begun_that_a_power_cut_spoiled_is_a_lost_attempt(bench: Bench, begun: bytes) -> None:
    name = bench.running("sleep 600")
    bench.runner(name).kill()
    bench.attempt(name).begun.write_bytes(begun)
    for process in psutil.process_iter():
        if _is_of(process, bench.attempt(name)):
            with suppress(psutil.NoSuchProcess):  # it went with another
                process.kill()
    job = bench.until_finished(name)
    assert (job.status, bench.story(name)[-1].body["why"]) == ("Failed", "lost")


def _is_of(process: psutil.Process, folder: AttemptFolder) -> bool:
    try:
        return process.environ().get(MARKER) == str(folder.root)
    except psutil.Error:
        return False


def test_an_attempt_that_cannot_be_looked_at_fails_alone_and_is_one_fact(bench: Bench) -> None:
    bad = bench.running(UNTIL_GO)
    outcome = bench.attempt(bad).outcome
    outcome.mkdir()
    good = bench.submit("true")
    assert bench.until_finished(good).status == "Completed"
    job = bench.until_finished(bad)
    assert job.status == "Failed"
    assert "could not be read" in job.error
    unreadable = [fact for fact in bench.story(bad) if fact.kind == "attempt.unreadable"]
    assert len(unreadable) == 1
    assert "IsADirectoryError" in str(unreadable[0].body["error"])


def test_a_stop_that_cannot_be_written_is_tried_again(bench: Bench) -> None:
    name = bench.running("sleep 600")
    in_the_way = bench.attempt(name).root / f"cancel.{os.getpid()}"
    in_the_way.mkdir()
    bench.cancel(name)
    bench.until_status(name, "CancelRequested")
    bench.turn()
    in_the_way.rmdir()
    assert bench.until_finished(name).status == "Canceled"


def test_a_workspace_that_is_locked_costs_a_turn_and_nothing_else(bench: Bench) -> None:
    runs = bench.running(UNTIL_GO)
    bench.supervisor.database.connection.execute("PRAGMA busy_timeout = 0")
    waits = bench.submit("true")
    (bench.scratch / "go").touch()
    bench.sql("BEGIN IMMEDIATE")
    before = dict(bench.supervisor.clusters)
    for _ in range(3):
        with pytest.raises(StoreError):
            bench.turn()
        assert try_turn(bench.supervisor) is False
        assert bench.supervisor.clusters == before
        assert not bench.attempt(waits).root.exists()
    bench.sql("ROLLBACK")
    assert try_turn(bench.supervisor) is True
    assert [bench.until_finished(name).status for name in (runs, waits)] == ["Completed", "Completed"]
    assert bench.statuses(waits).count("Queued") == 1


def test_a_refusal_is_not_forgotten_while_the_workspace_is_locked(bench: Bench) -> None:
    name = bench.submit("true")
    bench.sql("UPDATE jobs SET launch = '{' WHERE name = ?", name)
    bench.supervisor.database.connection.execute("PRAGMA busy_timeout = 0")
    bench.turn()
    bench.sql("BEGIN IMMEDIATE")
    assert try_turn(bench.supervisor) is False
    bench.sql("ROLLBACK")
    bench.until_finished(name)
    assert bench.statuses(name).count("Queued") == 1


def test_nobody_was_started_by_all_this(bench: Bench) -> None:
    bench.run("true")
    assert not lifecycle.is_running(bench.workspace.folder)

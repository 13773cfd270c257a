"""Compute instances under a supervisor: their states, their jobs, their hours; also across restarts and long sleeps."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from jupyter_aml.engine.process import try_turn
from jupyter_aml.entities.compute_instance import ComputeInstance
from jupyter_aml.entities.compute_record import ComputeRecord
from jupyter_aml.operations import computes, instances
from jupyter_aml.operations.workspaces import Workspace
from jupyter_aml.store import computes as rows
from tests.conftest import is_alive
from tests.unit.engine.conftest import Bench

UNTIL_GO = 'until [ -e "$SCRATCH/go" ]; do sleep 0.01; done'
CI = "my-ci"
Power = Callable[[Workspace, str], ComputeRecord]
HOUR, DAY = 3600.0, 86_400.0
NOON = datetime(2030, 1, 7, 12, tzinfo=UTC).timestamp()
"""A Monday."""


def instance(bench: Bench, **fields: object) -> None:
    computes.create_or_update(bench.workspace, ComputeInstance.of({"name": CI, **fields}))
    bench.supervisor.turn()


def hours(*times: tuple[str, str]) -> dict[str, object]:
    return {
        "compute_start_stop": [
            {"action": action, "trigger": {"type": "cron", "expression": expression}} for action, expression in times
        ]
    }


def seen(bench: Bench) -> ComputeRecord:
    return rows.get(bench.workspace.database, CI)


def states(bench: Bench) -> list[str]:
    return [str(fact.body["state"]) for fact in bench.story(CI) if fact.kind == "compute.state"]


def last(bench: Bench) -> tuple[str, str, str, str]:
    found = seen(bench)
    return found.state, found.operation.name, found.operation.status, found.operation.trigger


def at(bench: Bench, moment: float) -> None:
    bench.now = moment
    bench.supervisor.turn()


@pytest.fixture
def at_noon(bench: Bench) -> Bench:
    """An instance with working hours, 8 to 18, said at noon of a Monday."""
    bench.now = NOON
    instance(bench, schedules=hours(("start", "0 8 * * 1-5"), ("stop", "0 18 * * *")))
    # The wish was written with the test's own time: as if it had been said at noon.
    bench.sql("UPDATE computes SET created_at = ? WHERE name = ?", NOON, CI)
    bench.sql("INSERT INTO facts (at, kind, subject) VALUES (?, 'compute.wished', ?)", NOON, CI)
    bench.supervisor.turn()
    return bench


# ── states ──


def test_a_new_instance_is_created_and_runs(bench: Bench) -> None:
    computes.create_or_update(bench.workspace, ComputeInstance(name=CI))
    assert seen(bench).state == "Creating"
    bench.supervisor.turn()
    assert last(bench) == ("Running", "Create", "Succeeded", "User")
    assert computes.has_settled(bench.workspace, CI)


def test_its_state_says_whether_a_job_runs_on_it(bench: Bench) -> None:
    instance(bench)
    name = bench.running(UNTIL_GO, compute=CI)
    assert seen(bench).state == "JobRunning"
    waits = bench.submit("true", compute=CI)
    bench.until_status(waits, "Queued")
    (bench.scratch / "go").touch()
    bench.until_finished(name)
    assert bench.until_finished(waits).status == "Completed"
    assert seen(bench).state == "Running"


def test_stopped_it_runs_no_job_and_started_it_runs_those_that_waited(bench: Bench) -> None:
    instance(bench)
    instances.stop(bench.workspace, CI)
    assert not computes.has_settled(bench.workspace, CI)
    bench.supervisor.turn()
    assert computes.has_settled(bench.workspace, CI)
    assert last(bench) == ("Stopped", "Stop", "Succeeded", "User")
    name = bench.submit("true", compute=CI)
    bench.until_status(name, "Queued")
    for _ in range(5):
        bench.turn()
    assert bench.get(name).status == "Queued"
    instances.start(bench.workspace, CI)
    assert bench.until_finished(name).status == "Completed"
    assert states(bench) == ["Running", "Stopping", "Stopped", "Starting", "Running", "JobRunning", "Running"]


@pytest.mark.parametrize(("power", "end"), [(instances.stop, "Stopped"), (instances.restart, "Running")])
def test_the_job_on_it_fails_with_that_reason_and_leaves_no_process(bench: Bench, power: Power, end: str) -> None:
    instance(bench)
    name = bench.running("sleep 600 & sleep 601", compute=CI)
    below = bench.runner(name).children(recursive=True)
    power(bench.workspace, CI)
    job = bench.until_finished(name)
    assert (job.status, job.exit_code) == ("Failed", None)
    assert job.error.startswith("Its compute instance was stopped while the job ran.")
    assert bench.story(name)[-1].body["why"] == "halted"
    assert not any(is_alive(process) for process in below)
    assert seen(bench).state == end


def test_what_it_was_is_found_again_by_the_next_supervisor(bench: Bench) -> None:
    instance(bench)
    instances.stop(bench.workspace, CI)
    bench.supervisor.turn()
    bench.begin()
    name = bench.submit("true", compute=CI)
    bench.until_status(name, "Queued")
    bench.turn()
    assert (bench.get(name).status, last(bench)[0]) == ("Queued", "Stopped")
    instances.start(bench.workspace, CI)
    assert bench.until_finished(name).status == "Completed"


def test_a_stop_that_was_half_way_is_brought_to_its_end_by_the_next_supervisor(bench: Bench) -> None:
    instance(bench)
    name = bench.running(UNTIL_GO, compute=CI)
    instances.stop(bench.workspace, CI)
    bench.supervisor.turn()
    bench.begin()
    assert bench.until_finished(name).status == "Failed"
    assert last(bench)[:2] == ("Stopped", "Stop")


def test_a_deleted_instance_is_gone(bench: Bench) -> None:
    instance(bench)
    computes.delete(bench.workspace, CI)
    assert seen(bench).provisioning == "Deleting"
    bench.supervisor.turn()
    assert computes.has_settled(bench.workspace, CI)
    assert [fact.kind for fact in bench.story(CI)][-1] == "compute.deleted"
    instance(bench)
    assert last(bench)[0] == "Running"


# ── idle shutdown ──


def test_it_is_shut_down_after_its_idle_time_and_the_supervisor_stays_for_that(bench: Bench) -> None:
    bench.now = NOON
    instance(bench, idle_time_before_shutdown="PT30M")
    began = seen(bench).operation.at
    at(bench, began + 1799)
    assert (last(bench)[0], bench.supervisor.is_idle) == ("Running", False)
    at(bench, began + 1800)
    assert last(bench) == ("Stopped", "Stop", "Succeeded", "IdleShutdown")
    assert bench.supervisor.is_idle


def test_its_idle_time_goes_on_over_a_restart_of_the_supervisor(bench: Bench) -> None:
    bench.now = NOON
    instance(bench, idle_time_before_shutdown_minutes=60)
    began = seen(bench).operation.at
    bench.now = began + 3000
    bench.begin()
    at(bench, began + 3601)
    assert last(bench)[3] == "IdleShutdown"


def test_a_changed_idle_time_counts_from_now_on(bench: Bench) -> None:
    instance(bench, idle_time_before_shutdown="PT30M")
    began = seen(bench).operation.at
    instance(bench, idle_time_before_shutdown="PT2H")
    at(bench, began + HOUR)
    assert last(bench)[0] == "Running"
    at(bench, began + 2 * HOUR)
    assert last(bench)[0] == "Stopped"


# ── schedules ──


def test_it_is_stopped_and_started_by_its_schedules(at_noon: Bench) -> None:
    assert not at_noon.supervisor.is_idle
    at(at_noon, NOON + 6 * HOUR - 1)
    assert last(at_noon)[0] == "Running"
    at(at_noon, NOON + 6 * HOUR)
    assert last(at_noon) == ("Stopped", "Stop", "Succeeded", "Schedule")
    at(at_noon, NOON + 20 * HOUR)
    assert last(at_noon) == ("Running", "Start", "Succeeded", "Schedule")


def test_what_was_missed_in_a_long_sleep_is_made_up_for_once(at_noon: Bench) -> None:
    at_noon.now = NOON + 3 * DAY + 9 * HOUR  # Thursday, 21:00
    at_noon.begin().turn()
    assert last(at_noon) == ("Stopped", "Stop", "Succeeded", "Schedule")
    at_noon.now = NOON + 4 * DAY  # Friday at noon
    at_noon.begin().turn()
    assert last(at_noon) == ("Running", "Start", "Succeeded", "Schedule")
    assert states(at_noon) == ["Running", "Stopping", "Stopped", "Starting", "Running"]


def test_what_was_due_before_somebody_started_it_by_hand_is_over(at_noon: Bench) -> None:
    at(at_noon, NOON + 6 * HOUR)
    at_noon.sql("INSERT INTO facts (at, kind, subject) VALUES (?, 'compute.start.wished', ?)", NOON + 7 * HOUR, CI)
    at(at_noon, NOON + 7 * HOUR)
    at_noon.now = NOON + 8 * HOUR
    at_noon.begin().turn()
    assert last(at_noon) == ("Running", "Start", "Succeeded", "User")


def test_a_schedule_does_not_look_back_to_before_it_was_said(bench: Bench) -> None:
    earlier = datetime.now(UTC) - timedelta(minutes=10)
    instance(bench)
    bench.sql("UPDATE computes SET created_at = created_at - 86400, operation = '{}' WHERE name = ?", CI)
    instance(bench, schedules=hours(("stop", f"{earlier.minute} {earlier.hour} * * *")))
    bench.begin().turn()
    assert last(bench)[0] == "Running"


def test_schedules_that_are_taken_away_are_over(at_noon: Bench) -> None:
    instance(at_noon)
    at(at_noon, NOON + 7 * HOUR)
    assert last(at_noon)[0] == "Running"
    assert at_noon.supervisor.is_idle


def test_an_alarm_that_finds_the_workspace_locked_rings_again(at_noon: Bench) -> None:
    at_noon.supervisor.database.connection.execute("PRAGMA busy_timeout = 0")
    at_noon.now = NOON + 6 * HOUR
    at_noon.sql("BEGIN IMMEDIATE")
    assert try_turn(at_noon.supervisor) is False
    at_noon.sql("ROLLBACK")
    assert try_turn(at_noon.supervisor) is True
    assert last(at_noon)[:2] == ("Stopped", "Stop")


def test_schedules_that_a_newer_version_wrote_stop_nobody(at_noon: Bench, capfd: pytest.CaptureFixture[str]) -> None:
    at_noon.sql("UPDATE computes SET spec = json_set(spec, '$.schedules.compute_start_stop[0].action', 'hibernate')")
    at_noon.begin().turn()
    assert "The schedules of compute 'my-ci' are not kept" in capfd.readouterr().err
    assert last(at_noon)[0] == "Running"

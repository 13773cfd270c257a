"""Schedules under a supervisor, its clock turned by hand: what fires, when, how often; across kills and long sleeps."""

import sqlite3
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from jupyter_aml.engine.process import try_turn
from jupyter_aml.engine.schedules import PATIENCE, Timetable
from jupyter_aml.entities.job_folder import pipeline_template
from jupyter_aml.entities.job_record import JobRecord
from jupyter_aml.entities.pipeline_plan import plan_from_json
from jupyter_aml.entities.schedule import JobSchedule
from jupyter_aml.operations import schedules
from jupyter_aml.store import jobs
from jupyter_aml.store.database import Database
from jupyter_aml.tracking.runs import Runs
from tests.unit.engine.conftest import Bench
from tests.unit.engine.test_recovery import KilledError

NOON = datetime(2030, 1, 7, 12, tzinfo=UTC).timestamp()
"""A Monday."""
START = "2030-01-07T12:00:00"
MINUTE, HOUR, DAY = 60.0, 3600.0, 86_400.0
EVERY_MINUTE = {"type": "recurrence", "frequency": "minute", "interval": 1, "start_time": START}
HOURLY = {"type": "recurrence", "frequency": "hour", "interval": 1, "start_time": START}
JOB: dict[str, Any] = {
    "type": "pipeline",
    "inputs": {"who": "${{name}} at ${{creation_context.trigger_time}}", "rate": 0.5},
    "settings": {"default_compute": "serverless"},
    "jobs": {
        "only": {
            "type": "command",
            "component": {
                "type": "command", "command": 'echo "${{inputs.who}}"', "inputs": {"who": {"type": "string"}},
                "environment": "azureml:AzureML-sklearn-1.5@latest",
            },
            "inputs": {"who": "${{parent.inputs.who}}"},
        }
    },
}  # fmt: skip


class Watch:
    """A bench whose schedules are said at noon, and whose jobs are looked at, not run."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        bench.now = NOON - 1

    def say(self, name: str = "s", trigger: dict[str, Any] = EVERY_MINUTE, **more: Any) -> None:
        draft = JobSchedule.of({"name": name, "trigger": trigger, "create_job": JOB, **more})
        schedules.create_or_update(self.bench.workspace, draft)
        # The wish was written with the test's own time: as if it had been said just before noon.
        self.said(name, NOON - 1)

    def said(self, name: str, at: float) -> None:
        """A schedule's last wish, as if it had been made then."""
        self.bench.sql("DROP TRIGGER IF EXISTS facts_never_change")
        self.bench.sql("UPDATE facts SET at = ? WHERE subject = ? AND kind = 'schedule.wished'", at, name)
        self.look()

    def look(self) -> None:
        """A look at the schedules: what is due by now is wished, and is not begun."""
        self.bench.supervisor.timetable.recover()
        self.bench.supervisor.timetable.fire(self.bench.clock())

    def at(self, moment: float) -> None:
        self.bench.now = moment
        self.bench.supervisor.timetable.fire(moment)

    @property
    def jobs(self) -> list[JobRecord]:
        return list(jobs.select(self.bench.workspace.database, jobs.Filter(parent="")))[::-1]

    @property
    def due(self) -> list[float]:
        """When each job was due, in seconds after noon."""
        return [float(str(fact.body["due"])) - NOON for fact in self.bench.story("s") if fact.kind == "schedule.fired"]

    @property
    def missed(self) -> list[int]:
        return [int(str(fact.body["count"])) for fact in self.bench.story("s") if fact.kind == "schedule.missed"]


@pytest.fixture
def watch(bench: Bench) -> Iterator[Watch]:
    yield Watch(bench)
    bench.sql("UPDATE jobs SET status = 'Canceled'")


def test_it_fires_when_it_is_due_and_not_before(watch: Watch) -> None:
    watch.say()
    assert watch.due == []
    for moment in (NOON, NOON + 0.5, NOON + 59.9, NOON + 60, NOON + 61):
        watch.at(moment)
    assert watch.due == [0, 60]


def test_its_job_says_whose_it_is(watch: Watch) -> None:
    watch.say(tags={"a": "of the schedule"})
    watch.at(NOON + 0.25)
    job = watch.jobs[0]
    assert (job.type, job.experiment, job.display_name) == ("pipeline", "s", "s-20300107T120000Z")
    assert job.tags == {"azureml.schedule": "s"}
    assert job.properties["azureml.scheduleId"] == f"{watch.bench.workspace.id.arm}/schedules/s"
    assert job.properties["azureml.triggerTime"] == "2030-01-07T12:00:00Z"
    assert job.created_at == NOON + 0.25
    assert [fact.kind for fact in watch.bench.story(job.name)] == ["job.wished"]
    assert watch.bench.mlflow_status(job.name) == "SCHEDULED"


def test_text_inputs_are_told_the_job_and_its_time(watch: Watch) -> None:
    watch.say()
    watch.at(NOON)
    job = watch.jobs[0]
    said = f"{job.name} at 2030-01-07T12:00:00Z"
    assert job.spec["inputs"] == {"who": said, "rate": 0.5}
    plan = plan_from_json(pipeline_template(watch.bench.workspace.folder.jobs, job.name).read_text())
    assert {name: given.value for name, given in plan.inputs.items()} == {"who": said, "rate": 0.5}


def test_two_ticks_are_two_jobs_that_run_to_their_end(bench: Bench) -> None:
    watch = Watch(bench)
    watch.say()
    for moment in (NOON, NOON + 60):
        bench.now = moment
        bench.turn()
        bench.now += 1
        bench.until(lambda: all(job.is_finished for job in watch.jobs))
    assert [job.status for job in watch.jobs] == ["Completed", "Completed"]
    assert [job.display_name for job in watch.jobs] == ["s-20300107T120000Z", "s-20300107T120100Z"]
    logs = [log.read_text() for log in sorted(bench.workspace.folder.artifact_root.rglob("std_log.txt"))]
    assert sorted(log.strip()[-20:] for log in logs if "at 2030" in log) == [
        "2030-01-07T12:00:00Z",
        "2030-01-07T12:01:00Z",
    ]


def test_the_first_job_of_a_schedule_without_a_start_time_is_wished_with_it(watch: Watch) -> None:
    watch.bench.now = None
    draft = JobSchedule.of({"name": "s", "trigger": {**HOURLY, "start_time": None}, "create_job": JOB})
    record = schedules.create_or_update(watch.bench.workspace, draft)
    assert [fact.body["due"] for fact in watch.bench.story("s") if fact.kind == "schedule.fired"] == [record.created_at]
    watch.look()
    assert len(watch.jobs) == 1
    watch.at(record.created_at + HOUR)
    assert [job.created_at for job in watch.jobs][1:] == [record.created_at + HOUR]


@pytest.mark.parametrize("frequency", ["minute", "hour", "day", "week", "month"])
def test_a_first_job_is_the_only_one_for_now(watch: Watch, frequency: str) -> None:
    watch.bench.now = None
    trigger = {"type": "recurrence", "frequency": frequency, "interval": 1}
    schedules.create_or_update(
        watch.bench.workspace, JobSchedule.of({"name": "s", "trigger": trigger, "create_job": JOB})
    )
    for later in (0, 1, 20):
        watch.bench.begin()
        watch.look()
        watch.at(time.time() + later)
    assert len(watch.jobs) == 1


@pytest.mark.parametrize(("late", "fires"), [(0.0, True), (PATIENCE, True), (PATIENCE + 0.1, False)])
def test_a_supervisor_may_be_a_little_late(watch: Watch, late: float, fires: bool) -> None:
    watch.say(trigger=HOURLY)
    watch.bench.now = NOON + late
    watch.bench.begin()
    watch.look()
    assert (watch.due, watch.missed) == (([0], []) if fires else ([], [1]))


def test_what_was_missed_is_counted_and_not_made_up_for(watch: Watch) -> None:
    watch.say(trigger=HOURLY)
    watch.at(NOON + 10 * HOUR + 30 * MINUTE)
    assert (watch.due, watch.missed) == ([], [11])
    watch.at(NOON + 11 * HOUR)
    assert (watch.due, watch.missed) == ([11 * HOUR], [11])


def test_a_machine_that_slept_over_a_weekend_fires_the_tick_that_is_due_and_counts_the_others(watch: Watch) -> None:
    watch.say()
    watch.at(NOON)
    watch.at(NOON + 2 * DAY + 30)
    assert (watch.due, watch.missed) == ([0, 2 * DAY], [2 * 1440 - 1])


def test_a_clock_that_is_put_back_fires_nothing_twice(watch: Watch) -> None:
    watch.say()
    for moment in (NOON, NOON - 3 * HOUR, NOON, NOON + 30, NOON + 60):
        watch.at(moment)
    assert watch.due == [0, 60]


def test_an_ended_schedule_fires_no_more_and_lets_the_supervisor_go(watch: Watch) -> None:
    watch.say(trigger={**HOURLY, "end_time": "2030-01-07T13:00:00"})
    for moment in (NOON, NOON + HOUR):
        assert not watch.bench.supervisor.is_idle
        watch.at(moment)
    assert not watch.bench.supervisor.timetable.are_set
    watch.at(NOON + 2 * HOUR)
    assert watch.due == [0, HOUR]


def test_a_disabled_schedule_fires_nothing_and_an_enabled_one_from_then_on(watch: Watch) -> None:
    watch.say(trigger=HOURLY)
    watch.at(NOON)
    schedules.enable(watch.bench.workspace, "s", enabled=False)
    watch.at(NOON + HOUR)  # its wish is not read yet: the row is
    watch.look()
    assert watch.bench.supervisor.timetable.are_set is False
    schedules.enable(watch.bench.workspace, "s")
    watch.said("s", NOON + 2 * HOUR + 1)
    watch.at(NOON + 3 * HOUR)
    assert (watch.due, watch.missed) == ([0, 3 * HOUR], [])


def test_a_deleted_schedule_is_forgotten_and_its_jobs_stay(watch: Watch) -> None:
    watch.say(trigger=HOURLY)
    watch.at(NOON)
    schedules.enable(watch.bench.workspace, "s", enabled=False)
    schedules.delete(watch.bench.workspace, "s")
    watch.look()
    watch.at(NOON + HOUR)
    assert (watch.due, len(watch.jobs)) == ([0], 1)


def test_a_changed_trigger_is_kept_from_then_on(watch: Watch) -> None:
    watch.say(trigger=HOURLY)
    watch.at(NOON)
    watch.say(trigger={"type": "cron", "expression": "30 * * * *", "start_time": START})
    watch.at(NOON + 30 * MINUTE)
    watch.at(NOON + HOUR)
    assert watch.due == [0, 30 * MINUTE]


# ── killed ──


class DyingRuns(Runs):
    """Who kills the supervisor just after MLflow's run was made."""

    def create(self, *words: Any, **named: Any) -> bool:
        super().create(*words, **named)
        raise KilledError


def test_killed_between_mlflows_run_and_its_own_row_it_makes_the_same_job_once(watch: Watch) -> None:
    watch.say(trigger=HOURLY)
    folder = watch.bench.workspace.folder
    dying = Timetable(folder, Database(folder.database), DyingRuns(folder.tracking_database))
    dying.recover()
    for _ in range(3):
        with pytest.raises(KilledError):
            dying.fire(NOON + 1)
    assert watch.jobs == []
    watch.bench.now = NOON + 2
    watch.bench.begin()
    watch.look()
    assert watch.due == [0]
    runs = watch.bench.ml.workspace.runs
    assert [watch.bench.mlflow_status(job.name) for job in watch.jobs] == ["SCHEDULED"]
    assert runs.experiment_id("s")
    with sqlite3.connect(folder.tracking_database) as database:
        assert database.execute("SELECT count(*) FROM runs").fetchone()[0] == 1, "no run is left that is nobody's"
    database.close()


def test_killed_after_its_row_it_does_not_fire_again(watch: Watch) -> None:
    watch.say()
    for _ in range(5):
        watch.bench.now = NOON + 5
        watch.bench.begin()
        watch.look()
    assert watch.due == [0]


def test_a_locked_workspace_is_fired_in_as_soon_as_it_is_free(watch: Watch) -> None:
    watch.say(trigger=HOURLY)
    watch.bench.supervisor.database.connection.execute("PRAGMA busy_timeout = 0")
    watch.bench.now = NOON
    watch.bench.sql("BEGIN IMMEDIATE")
    assert try_turn(watch.bench.supervisor) is False
    watch.bench.sql("ROLLBACK")
    watch.at(NOON + 20)
    assert watch.due == [0]


# ── what cannot be kept ──


def test_a_schedule_whose_template_is_spoiled_fails_by_itself_alone(
    watch: Watch, capfd: pytest.CaptureFixture[str]
) -> None:
    watch.say("other")
    watch.say()
    watch.bench.sql("UPDATE resources SET spec = '{}' WHERE kind = 'schedule template' AND name = 's'")
    watch.at(NOON)
    assert [fact.kind for fact in watch.bench.story("s")][-1] == "schedule.failed"
    assert "could not make its job" in capfd.readouterr().err
    assert [job.display_name for job in watch.jobs] == ["other-20300107T120000Z"]


def test_a_schedule_that_a_newer_version_wrote_stops_nobody(watch: Watch, capfd: pytest.CaptureFixture[str]) -> None:
    watch.say("other")
    watch.say()
    path = "$.yaml.trigger.frequency"
    watch.bench.sql(
        f"UPDATE resources SET spec = json_set(spec, '{path}', 'moon') WHERE kind = 'schedule' AND name = 's'"
    )
    watch.bench.now = NOON
    watch.bench.begin()
    watch.look()
    assert "Schedule 's' is not kept" in capfd.readouterr().err
    assert [job.display_name for job in watch.jobs] == ["other-20300107T120000Z"]


def test_an_experiment_that_was_deleted_is_said(watch: Watch) -> None:
    watch.say()
    with sqlite3.connect(watch.bench.workspace.folder.tracking_database) as database:
        database.execute("UPDATE experiments SET lifecycle_stage = 'deleted' WHERE name = 's'")
    database.close()
    watch.at(NOON)
    failed = watch.bench.story("s")[-1]
    assert (failed.kind, watch.jobs) == ("schedule.failed", [])
    assert "deleted" in str(failed.body["error"])


def test_its_place_is_found_at_once_after_a_year_of_minutes(watch: Watch) -> None:
    watch.say()
    rows = "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 525600) SELECT"
    watch.bench.sql(
        "INSERT INTO facts (at, kind, subject, body) "
        f"{rows} {NOON} + i * 60, 'schedule.fired', 's', json_object('due', {NOON} + i * 60) FROM n"
    )
    steps: list[None] = []  # of SQLite's own machine, in thousands
    connection = watch.bench.supervisor.database.connection
    connection.set_progress_handler(lambda: steps.append(None), 1000)
    watch.bench.supervisor.timetable.recover()
    connection.set_progress_handler(None, 0)
    assert len(steps) < 10, "it does not read them all"
    watch.at(NOON + 525_600 * MINUTE + 59)
    assert watch.jobs == []

"""Schedules under a supervisor, its clock turned by hand: what fires, when, how often; across kills and long sleeps."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from jupyter_aml.entities.job_record import JobRecord
from jupyter_aml.entities.schedule import JobSchedule
from jupyter_aml.operations import schedules
from jupyter_aml.store import jobs
from tests.unit.engine.conftest import Bench

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
        return list(jobs.select(self.bench.workspace.database, jobs.Filter()))[::-1]

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

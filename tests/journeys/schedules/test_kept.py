"""Schedules kept by a real supervisor: while it is killed again and again, with nobody asking, and until it may go."""

import random
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from jupyter_aml import MLClient
from jupyter_aml.engine import lifecycle
from jupyter_aml.engine.schedules import PATIENCE
from jupyter_aml.entities import CronTrigger, JobSchedule, RecurrenceTrigger
from jupyter_aml.operations import schedules
from jupyter_aml.store import jobs
from tests.journeys.engine.conftest import Site, until

JOB: dict[str, Any] = {
    "type": "pipeline", "settings": {"default_compute": "serverless"}, "experiment_name": "e",
    "jobs": {
        "only": {
            "type": "command",
            "component": {"type": "command", "command": "true", "environment": "azureml:AzureML-sklearn-1.5@latest"},
        }
    },
}  # fmt: skip
MANY, BLOWS = 8, 12
FAR = "2099-01-01T00:00:00"


@pytest.fixture
def site(ml_client: MLClient, home: Path) -> Iterator[Site]:
    made = Site(ml_client, home)
    yield made
    for found in schedules.every(ml_client.workspace):
        schedules.enable(ml_client.workspace, found.name, enabled=False)
    for job in made.unfinished():
        ml_client.jobs.begin_cancel(job.name)
    made.until_all_finished()


def say(site: Site, name: str, at: float) -> None:
    """A schedule that is due then, and never again in this test; nobody is told."""
    start = datetime.fromtimestamp(at, UTC).isoformat()
    trigger = RecurrenceTrigger(frequency="day", interval=1, start_time=start)
    schedules.create_or_update(site.ml.workspace, JobSchedule.of({"name": name, "trigger": trigger, "create_job": JOB}))


def fired(site: Site, name: str) -> list[str]:
    return [str(fact.body["job"]) for fact in site.ml.facts.story(name) if fact.kind == "schedule.fired"]


def test_killed_again_and_again_around_its_ticks_each_fires_once(site: Site) -> None:
    rng = random.Random(7)
    names = [f"s{number}" for number in range(MANY)]
    for number, name in enumerate(names):
        say(site, name, time.time() + 2 + number * 0.3)
    kills = 0

    def are_all_fired() -> bool:
        nonlocal kills
        site.ensure_supervisor()
        rest = time.monotonic() + rng.uniform(0, 0.4)
        until(lambda: time.monotonic() > rest)
        if kills < BLOWS:
            kills += site.kill_supervisor()
        return kills >= BLOWS and all(fired(site, name) for name in names)

    until(are_all_fired, lambda: [site.ml.facts.story(name) for name in names])
    assert [len(fired(site, name)) for name in names] == [1] * MANY
    found = list(jobs.select(site.database, jobs.Filter(parent="")))
    assert sorted(job.name for job in found) == sorted(fired(site, name)[0] for name in names)
    assert not [fact for fact in site.ml.facts.since() if fact.kind in {"schedule.missed", "schedule.failed"}]
    site.until_all_finished()
    assert {str(site.get(job.name).status) for job in found} == {"Completed"}


def test_a_tick_fires_by_itself_with_nobody_asking(site: Site) -> None:
    say(site, "far", time.time() + 86_400)
    due = time.time() + 1.5
    say(site, "soon", due)
    site.ensure_supervisor()
    until(lambda: fired(site, "soon"))
    job = site.get(fired(site, "soon")[0])
    assert 0 <= job.created_at - due < PATIENCE
    assert job.display_name == f"soon-{datetime.fromtimestamp(due, UTC):%Y%m%dT%H%M%SZ}"


def test_an_enabled_schedule_keeps_the_supervisor_and_a_disabled_one_lets_it_go(site: Site) -> None:
    site.ml.begin_create_or_update(
        JobSchedule.of(
            {"name": "far", "trigger": CronTrigger(expression="0 3 * * *", start_time=FAR), "create_job": JOB}
        )
    ).result()
    lifecycle.stop(site.folder)
    lifecycle.start(site.folder, idle_seconds=0.1)
    until(lambda: lifecycle.pid(site.folder))
    began, rest = lifecycle.pid(site.folder), time.monotonic() + 1.5
    until(lambda: time.monotonic() > rest)
    assert lifecycle.pid(site.folder) == began
    site.ml.schedules.begin_disable("far").result()
    schedules.get(site.ml.workspace, "far")
    until(lambda: not lifecycle.is_running(site.folder))


@pytest.mark.parametrize("use", ["jobs", "data", "compute", "schedules"])
def test_any_use_of_a_workspace_with_schedules_starts_a_supervisor(site: Site, use: str) -> None:
    say(site, "far", time.time() + 86_400)
    assert not lifecycle.is_running(site.folder)
    list(getattr(MLClient.default(), use).list())
    until(lambda: lifecycle.pid(site.folder))


def test_a_workspace_without_enabled_schedules_is_used_without_one(site: Site) -> None:
    say(site, "far", time.time() + 86_400)
    schedules.enable(site.ml.workspace, "far", enabled=False)
    assert list(MLClient.default().data.list()) == []
    assert not lifecycle.is_running(site.folder)

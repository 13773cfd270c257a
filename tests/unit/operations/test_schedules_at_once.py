"""Schedules that several say at once, or that fire while they are said: nothing is lost, and nothing fires twice."""

import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest

from jupyter_aml import MLClient
from jupyter_aml.entities import CronTrigger, JobSchedule
from jupyter_aml.entities.pipeline_job import PipelineJob
from jupyter_aml.exceptions import UserErrorException
from jupyter_aml.operations import schedules
from jupyter_aml.store import facts, jobs
from jupyter_aml.store import schedules as rows
from jupyter_aml.store.database import Transaction

COMPONENT = {"type": "command", "command": "echo", "environment": "azureml:AzureML-sklearn-1.5@latest"}
JOB: dict[str, Any] = {
    "settings": {"default_compute": "serverless"}, "jobs": {"a": {"type": "command", "component": COMPONENT}}
}  # fmt: skip


def draft(start_time: str | None = "2099-01-01T00:00:00", **more: Any) -> JobSchedule:
    trigger = CronTrigger.of({"expression": "* * * * *", "start_time": start_time})
    return JobSchedule.of({"name": "often", "trigger": trigger, "create_job": PipelineJob.of(JOB), **more})


def while_waiting(ml: MLClient, act: Callable[[], object], meanwhile: Callable[[Transaction], None]) -> None:
    """`meanwhile` is written when `act` has done all that it does before it writes."""
    database, told = ml.workspace.database, list[str]()

    def acting() -> None:
        database.connection.set_trace_callback(told.append)
        try:
            act()
        finally:
            database.close()

    with ThreadPoolExecutor(1) as pool:
        with database.transaction() as connection:
            acted = pool.submit(acting)
            while "BEGIN IMMEDIATE" not in told:
                assert not acted.done()
            meanwhile(connection)
        acted.result()


def test_a_tick_that_fires_while_its_schedule_is_said_again_is_not_due_again(ml_client: MLClient) -> None:
    workspace, fired = ml_client.workspace, list[float]()
    schedules.create_or_update(workspace, draft())

    def fire(connection: Transaction) -> None:
        fired.append(time.time())
        rows.tell(connection, fired[0], "schedule.fired", "often", due=fired[0])

    while_waiting(ml_client, lambda: schedules.create_or_update(workspace, draft()), fire)
    newest = facts.story(workspace.database, "often")[-1]
    assert newest.kind == "schedule.wished", "the supervisor looks on from there"
    assert newest.at > fired[0]


def test_of_two_that_make_a_schedule_at_once_the_first_begins_it_and_the_other_changes_it(ml_client: MLClient) -> None:
    workspace = ml_client.workspace
    first = replace(schedules.create_or_update(workspace, draft(name="other")), name="often", created_at=1.0)
    template = rows.template(workspace.database, "other")
    second = draft(start_time=None, description="second")
    while_waiting(
        ml_client, lambda: schedules.create_or_update(workspace, second), lambda it: rows.put(it, first, template)
    )
    found = schedules.get(workspace, "often")
    assert (found.created_at, found.spec["description"]) == (1.0, "second")
    assert list(jobs.select(workspace.database, jobs.Filter())) == [], "its first job was the first one's to wish"
    with closing(sqlite3.connect(workspace.folder.tracking_database)) as tracking:
        assert tracking.execute("SELECT status FROM runs").fetchall() == [("KILLED",)], "what was begun of it is over"


def test_who_disables_a_schedule_keeps_what_is_said_meanwhile(ml_client: MLClient) -> None:
    workspace = ml_client.workspace
    before = schedules.create_or_update(workspace, draft())
    said = replace(before, spec={**before.spec, "description": "new"})
    while_waiting(ml_client, lambda: schedules.enable(workspace, "often", enabled=False), lambda it: rows.put(it, said))
    found = schedules.get(workspace, "often")
    assert (found.is_enabled, found.spec["description"]) == (False, "new")


def test_a_schedule_that_is_enabled_meanwhile_is_not_deleted(ml_client: MLClient) -> None:
    workspace = ml_client.workspace
    before = schedules.create_or_update(workspace, draft())
    schedules.enable(workspace, "often", enabled=False)
    with pytest.raises(UserErrorException, match="only a disabled schedule can be deleted"):
        while_waiting(ml_client, lambda: schedules.delete(workspace, "often"), lambda it: rows.put(it, before))
    assert schedules.get(workspace, "often").is_enabled

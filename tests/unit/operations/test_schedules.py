"""Schedules as they are said: what is kept, what is frozen, what is refused, and in whose words (§10)."""

import io
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from jupyter_aml import MLClient, command, load_job, load_schedule
from jupyter_aml.entities import CronTrigger, JobSchedule, RecurrencePattern, RecurrenceTrigger
from jupyter_aml.entities.pipeline import SubmittedPipelineJob
from jupyter_aml.entities.pipeline_job import PipelineJob
from jupyter_aml.entities.pipeline_plan import plan_from_json
from jupyter_aml.exceptions import (
    AuthorizationError,
    MlException,
    ResourceNotFoundError,
    UnsupportedFieldError,
    UserErrorException,
    ValidationException,
)
from jupyter_aml.operations import pipelines, schedules
from jupyter_aml.store import facts, jobs
from jupyter_aml.store import schedules as rows

TWENTY_FIVE = RecurrencePattern(hours=[25], minutes=[0])
AT_THREE = RecurrencePattern(hours=[3], minutes=[0])
LATER = "2099-01-01T00:00:00"
STEP: dict[str, Any] = {
    "type": "command", "inputs": {"rate": "${{parent.inputs.rate}}"},
    "component": {
        "type": "command", "command": "echo ${{inputs.rate}}", "inputs": {"rate": {"type": "number"}},
        "environment": "azureml:AzureML-sklearn-1.5@latest",
    },
}  # fmt: skip
YAML = """
$schema: https://azuremlschemas.azureedge.net/latest/schedule.schema.json
name: nightly
display_name: Every night
description: at three
trigger:
  type: cron
  expression: "0 3 * * *"
  start_time: "2099-01-01T00:00:00"
  time_zone: Pacific Standard Time
create_job: ./pipeline.yml
"""
PIPELINE = """
type: pipeline
experiment_name: mine
inputs: {rate: 0.5}
settings: {default_compute: azureml:local-cluster}
jobs:
  only:
    type: command
    command: cat data.txt && echo ${{inputs.rate}}
    code: ./src
    environment: azureml:AzureML-sklearn-1.5@latest
    inputs: {rate: "${{parent.inputs.rate}}"}
"""


def pipeline(**more: Any) -> PipelineJob:
    fields = {"inputs": {"rate": 0.5}, "settings": {"default_compute": "serverless"}, "jobs": {"only": STEP}}
    return PipelineJob.of({**fields, **more})


def trigger(**more: Any) -> CronTrigger:
    return CronTrigger.of({"expression": "0 3 * * *", "start_time": LATER, **more})


def said(ml: MLClient, name: str = "nightly", job: object = None, **more: Any) -> JobSchedule:
    """A schedule, as the client gives it back."""
    fields = {"name": name, "trigger": trigger(), "create_job": pipeline() if job is None else job, **more}
    schedules.create_or_update(ml.workspace, JobSchedule.of(fields))
    return ml.schedules._shown(schedules.get(ml.workspace, name))  # noqa: SLF001 - without waking a supervisor


def template(ml: MLClient, name: str = "nightly") -> Any:
    return rows.template(ml.workspace.database, name)


def ran(ml: MLClient, **more: Any) -> str:
    """A pipeline in the workspace; nobody runs it."""
    return pipelines.submit(ml.workspace, pipeline(**more)).name


# ── what is kept ──


def test_a_new_schedule_is_enabled_and_comes_back_as_it_was_said(ml_client: MLClient) -> None:
    made = said(ml_client, display_name="d", description="x", tags={"a": 1}, properties={"p": "q"})
    assert (made.is_enabled, made.provisioning_state, made.type) == (True, "Succeeded", "job")
    assert made.id == f"{ml_client.workspace.id.arm}/schedules/nightly"
    assert (made.display_name, made.description, made.tags, made.properties) == ("d", "x", {"a": "1"}, {"p": "q"})
    assert made.trigger == trigger()
    assert isinstance(made.create_job, PipelineJob)
    assert [fact.kind for fact in facts.story(ml_client.workspace.database, "nightly")] == ["schedule.wished"]


def test_it_says_when_it_is_due_next(ml_client: MLClient) -> None:
    assert said(ml_client).next_due == "2099-01-01T03:00:00Z"
    assert said(ml_client, trigger=trigger(time_zone="Pacific Standard Time")).next_due == "2099-01-01T11:00:00Z"
    schedules.enable(ml_client.workspace, "nightly", enabled=False)
    assert ml_client.schedules._shown(schedules.get(ml_client.workspace, "nightly")).next_due is None  # noqa: SLF001 - nobody is woken


def test_its_yaml_is_read_again_as_the_same(ml_client: MLClient, tmp_path: Path) -> None:
    made = said(ml_client)
    made.dump(tmp_path / "again.yml")
    assert load_schedule(tmp_path / "again.yml").spec() == made.spec()
    assert load_schedule(io.StringIO(str(made))).spec() == made.spec()


def test_a_second_saying_of_the_same_name_changes_it_and_nothing_else(ml_client: MLClient) -> None:
    said(ml_client)
    before = rows.get(ml_client.workspace.database, "nightly")
    made = said(ml_client, "NIGHTLY", description="new")
    after = rows.get(ml_client.workspace.database, "nightly")
    assert before is not None
    assert after is not None
    assert (after.name, made.description, after.created_at) == ("nightly", "new", before.created_at)
    assert after.begun_at == before.begun_at, "the trigger is the same"
    said(ml_client, trigger=trigger(expression="0 4 * * *"))
    changed = rows.get(ml_client.workspace.database, "nightly")
    assert changed is not None
    assert changed.begun_at > before.begun_at


def test_the_experiment_is_the_schedules_name_unless_the_job_says_one(ml_client: MLClient) -> None:
    said(ml_client)
    assert template(ml_client).experiment == "nightly"
    said(ml_client, job=pipeline(experiment_name="mine"))
    assert template(ml_client).experiment == "mine"


def test_a_job_without_a_start_time_is_wished_at_once_and_only_the_first_time(ml_client: MLClient) -> None:
    for _ in range(2):
        said(ml_client, trigger=trigger(start_time=None))
    found = list(jobs.select(ml_client.workspace.database, jobs.Filter()))
    assert [job.display_name[:8] for job in found] == ["nightly-"]
    said(ml_client, "later")
    assert len(list(jobs.select(ml_client.workspace.database, jobs.Filter()))) == 1


def test_code_is_frozen_when_it_is_scheduled(ml_client: MLClient, tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "data.txt").write_text("before")
    (tmp_path / "pipeline.yml").write_text(PIPELINE)
    (tmp_path / "s.yml").write_text(YAML)
    schedule = load_schedule(tmp_path / "s.yml")
    assert isinstance(schedule.create_job, PipelineJob)
    schedules.create_or_update(ml_client.workspace, schedule)
    (tmp_path / "src" / "data.txt").write_text("after")
    (step,) = plan_from_json(template(ml_client).plan).steps
    assert ml_client.workspace.snapshots.text(
        ml_client.workspace.snapshots.read(step.properties["ContentSnapshotId"]), "data.txt"  # pyright: ignore[reportArgumentType]
    ) == "before"  # fmt: skip


# ── an existing job ──


@pytest.mark.parametrize("form", ["{name}", "azureml:{name}", "{arm}/jobs/{name}", "azureml:{arm}/jobs/{name}"])
def test_a_job_that_ran_is_named_in_any_of_azures_ways(ml_client: MLClient, form: str) -> None:
    name = ran(ml_client, experiment_name="its-own")
    made = said(ml_client, job=form.format(name=name, arm=ml_client.workspace.id.arm))
    assert made.create_job == f"azureml:{name}"
    found = template(ml_client)
    assert (found.experiment, found.spec["inputs"]) == ("its-own", {"rate": 0.5})
    assert name not in found.launch + found.plan


def test_a_returned_job_is_scheduled_like_its_draft(ml_client: MLClient) -> None:
    job = ml_client.jobs._job(jobs.get(ml_client.workspace.database, ran(ml_client)))  # noqa: SLF001 - nobody is woken
    assert isinstance(job, SubmittedPipelineJob)
    said(ml_client, job=job)
    assert "name" not in template(ml_client).spec


def test_a_job_that_ran_is_run_again_with_other_inputs(ml_client: MLClient) -> None:
    again: Mapping[str, Any] = {
        "type": "pipeline", "job": f"azureml:{ran(ml_client)}", "inputs": {"rate": 0.25}, "tags": {"k": "v"},
        "settings": {"continue_on_step_failure": True},
    }  # fmt: skip
    made = said(ml_client, job=dict(again))
    assert made.spec()["create_job"] == again
    plan = plan_from_json(template(ml_client).plan)
    assert (plan.inputs["rate"].value, plan.continue_on_step_failure) == (0.25, True)
    assert template(ml_client).spec["inputs"] == {"rate": 0.25}
    assert template(ml_client).tags == {"k": "v"}


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"inputs": {"rat": 1}}, "create_job.inputs.rat: job .* has no such input.\nDid you mean 'rate'"),
        ({"experiment_name": "other"}, "create_job.experiment_name: a job that ran before"),
        ({"settings": {"default_compute": "cpu"}}, "create_job.settings.default_compute: a job that ran before"),
    ],
)
def test_what_is_frozen_with_a_job_cannot_be_said_again(ml_client: MLClient, more: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationException, match=words):
        said(ml_client, job={"type": "pipeline", "job": ran(ml_client), **more})


# ── files ──


def test_a_file_of_a_job_is_read_with_what_is_said_over_it(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "pipeline.yml").write_text(PIPELINE)
    over = "create_job: {type: pipeline, job: ./pipeline.yml, inputs: {rate: 2}, settings: {force_rerun: true}}"
    (tmp_path / "s.yml").write_text(YAML.replace("create_job: ./pipeline.yml", over))
    job = load_schedule(tmp_path / "s.yml").create_job
    assert isinstance(job, PipelineJob)
    spec = job.spec()
    assert (spec["inputs"], spec["settings"]["force_rerun"]) == ({"rate": 2}, True)
    assert spec["settings"]["default_compute"].removeprefix("azureml:") == "local-cluster"
    assert spec["jobs"]["only"]["component"]["code"] == str(tmp_path / "src")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("create_job: ./pipeline.yml", "create_monitor: {}", "create_monitor: schedules of monitors do not run here"),
        ("create_job: ./pipeline.yml", "import_data: ./x.yml", "import_data: schedules of imports of data"),
        ("create_job: ./pipeline.yml", "", "create_job: required"),
        ("name: nightly", "", "name: required"),
        ("./pipeline.yml", "./none.yml", "create_job: ./none.yml: No such file"),
        ("expression:", "expresion:", "trigger.expresion: unknown field. Did you mean 'expression'"),
        ("type: cron", "type: corn", "Did you mean 'cron'"),
        ("create_job: ./pipeline.yml", "create_job: {job: azureml:x}", "create_job.type: required"),
    ],
)
def test_a_yaml_that_says_no_schedule_is_refused_by_its_field(tmp_path: Path, old: str, new: str, words: str) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "pipeline.yml").write_text(PIPELINE)
    (tmp_path / "s.yml").write_text(YAML.replace(old, new))
    with pytest.raises(MlException, match=words):
        load_schedule(tmp_path / "s.yml")


# ── refusals ──


def test_a_command_is_refused_in_azures_words_unless_it_is_a_step(ml_client: MLClient) -> None:
    job = command(command="true", environment="azureml:AzureML-sklearn-1.5@latest")
    with pytest.raises(ValidationException) as caught:
        said(ml_client, "s", job)
    assert caught.value.message == "Unsupported job type 'CommandJob' in schedule s."
    assert "pipeline" in caught.value.resolution
    with pytest.raises(ValidationException, match=r"Unsupported job type 'CommandJob' in schedule s."):
        said(ml_client, "s", {"type": "command", "job": "azureml:x"})
    with pytest.raises(ValidationException, match=r"Unsupported job type 'SweepJob' in schedule s."):
        said(ml_client, "s", job.sweep(primary_metric="m", goal="maximize"))
    from jupyter_aml.operations import jobs as wishes

    with pytest.raises(ValidationException, match=r"Unsupported job type 'CommandJob' in schedule s."):
        said(ml_client, "s", wishes.submit(ml_client.workspace, job).name)
    assert rows.select(ml_client.workspace.database) == []


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"name": "two words"}, "'two words' is not a valid schedule name"),
        ({"trigger": CronTrigger(expression="61 * * * *")}, "trigger.expression: '61' is out of range"),
        ({"trigger": CronTrigger(expression="0 3 * * *", time_zone="Mars")}, "trigger.time_zone: 'Mars'"),
        ({"trigger": CronTrigger(expression="0 3 * * *", end_time="2020-01-01")}, "trigger.end_time: .* in the past"),
        ({"trigger": CronTrigger(expression="0 3 * * *", start_time=LATER, end_time="2098-01-01")}, "never due"),
        ({"trigger": RecurrenceTrigger(frequency="day", interval=1, schedule=TWENTY_FIVE)},
         "trigger.schedule.hours: whole numbers from 0 to 23"),
        ({"trigger": RecurrenceTrigger(frequency="hour", interval=6, schedule=AT_THREE)},
         "trigger.schedule: a pattern says when in a day"),
        ({"create_job": "azureml:nobody"}, "Not found job with name 'nobody'"),
        ({"create_job": pipeline(jobs={})}, "jobs: required, and empty"),
    ],
)  # fmt: skip
def test_what_cannot_be_kept_is_refused_before_anything_is_stored(
    ml_client: MLClient, more: dict[str, Any], words: str
) -> None:
    draft = JobSchedule.of({"name": "s", "trigger": trigger(), "create_job": pipeline(), **more})
    with pytest.raises(MlException, match=words):
        schedules.create_or_update(ml_client.workspace, draft)
    assert rows.select(ml_client.workspace.database) == []


# ── on, off, away ──


def test_lists_show_the_enabled_ones_unless_asked(ml_client: MLClient) -> None:
    for name in ("a", "b", "c"):
        said(ml_client, name)
    schedules.enable(ml_client.workspace, "b", enabled=False)
    views = {view: [one.name for one in schedules.every(ml_client.workspace, view)] for view in
             ("EnabledOnly", "DisabledOnly", "All")}  # fmt: skip
    assert views == {"EnabledOnly": ["c", "a"], "DisabledOnly": ["b"], "All": ["c", "b", "a"]}
    assert [one.name for one in schedules.every(ml_client.workspace)] == ["c", "a"]
    with pytest.raises(ValidationException, match="'Enabled' is not a view"):
        schedules.every(ml_client.workspace, "Enabled")


def test_only_a_disabled_schedule_is_deleted(ml_client: MLClient) -> None:
    said(ml_client)
    with pytest.raises(UserErrorException, match=r"only a disabled schedule can be deleted.\nDisable it first"):
        schedules.delete(ml_client.workspace, "nightly")
    schedules.enable(ml_client.workspace, "nightly", enabled=False)
    schedules.delete(ml_client.workspace, "nightly")
    with pytest.raises(ResourceNotFoundError, match=r"Not found schedule with name 'nightly'"):
        schedules.get(ml_client.workspace, "nightly")
    count = "SELECT count(*) FROM resources WHERE kind GLOB 'schedule*'"
    assert ml_client.workspace.database.connection.execute(count).fetchone()[0] == 0


def test_a_schedule_that_was_got_while_disabled_stays_so_when_it_is_said_again(ml_client: MLClient) -> None:
    said(ml_client)
    schedules.enable(ml_client.workspace, "nightly", enabled=False)
    got = ml_client.schedules._shown(schedules.get(ml_client.workspace, "nightly"))  # noqa: SLF001 - nobody is woken
    assert schedules.create_or_update(ml_client.workspace, got).is_enabled is False
    assert said(ml_client).is_enabled is True


def test_what_is_so_already_is_no_wish(ml_client: MLClient) -> None:
    said(ml_client)
    schedules.enable(ml_client.workspace, "nightly")
    assert len(facts.story(ml_client.workspace.database, "nightly")) == 1


def test_a_mistyped_name_is_told_the_nearest(ml_client: MLClient) -> None:
    said(ml_client)
    for act in (schedules.get, schedules.enable, schedules.delete, schedules.trigger):
        with pytest.raises(ResourceNotFoundError, match="Did you mean 'nightly'"):
            act(ml_client.workspace, "nighly")


def test_it_is_triggered_besides_its_hours(ml_client: MLClient) -> None:
    said(ml_client)
    name = schedules.trigger(ml_client.workspace, "nightly")
    job = jobs.get(ml_client.workspace.database, name)
    told = facts.story(ml_client.workspace.database, "nightly")[-1]
    stamp = time.strftime("%Y%m%dT", time.gmtime(float(str(told.body["due"]))))
    assert (job.status, job.display_name[:17]) == ("NotStarted", f"nightly-{stamp}")
    assert told.kind == "schedule.triggered"
    schedules.enable(ml_client.workspace, "nightly", enabled=False)
    with pytest.raises(UserErrorException, match=r"is disabled, and runs no job.\nEnable it"):
        schedules.trigger(ml_client.workspace, "nightly")


# ── who may ──


@pytest.mark.parametrize("role", ["Reader", "AzureML Compute Operator"])
def test_who_may_not_write_schedules_is_denied_before_any_effect(ml_client: MLClient, role: str) -> None:
    said(ml_client)
    ml_client.roles.assign(role, "ann")
    ml_client.roles.act_as("ann")
    try:
        acts = (schedules.enable, schedules.delete, schedules.trigger)
        for act, action in zip(acts, ("write", "delete", "write"), strict=True):
            with pytest.raises(AuthorizationError, match=f"workspaces/schedules/{action}'"):
                act(ml_client.workspace, "nightly")
        with pytest.raises(AuthorizationError, match="workspaces/schedules/write'"):
            said(ml_client, "other")
        if role == "Reader":
            assert schedules.get(ml_client.workspace, "nightly").name == "nightly"
        else:
            with pytest.raises(AuthorizationError, match="workspaces/schedules/read'"):
                schedules.every(ml_client.workspace)
    finally:
        ml_client.roles.act_as(None)
    assert [one.name for one in schedules.every(ml_client.workspace)] == ["nightly"]


def test_who_may_schedule_and_not_submit_is_denied(ml_client: MLClient) -> None:
    ml_client.roles.create_definition({
        "Name": "Scheduler", "IsCustom": True, "Actions": ["Microsoft.MachineLearningServices/workspaces/schedules/*"],
        "AssignableScopes": [ml_client.workspace.id.arm],
    })  # fmt: skip
    ml_client.roles.assign("Scheduler", "ann")
    ml_client.roles.act_as("ann")
    try:
        with pytest.raises(AuthorizationError, match="workspaces/jobs/write'"):
            said(ml_client)
    finally:
        ml_client.roles.act_as(None)


def test_an_unsupported_field_of_the_job_is_said(ml_client: MLClient, tmp_path: Path) -> None:
    (tmp_path / "job.yml").write_text("type: spark")
    with pytest.raises(UnsupportedFieldError, match=r"'spark' jobs do not run here yet"):
        load_job(tmp_path / "job.yml")
    (tmp_path / "s.yml").write_text(YAML.replace("./pipeline.yml", "./job.yml"))
    with pytest.raises(UnsupportedFieldError, match=r"create_job.type: 'spark' jobs do not run here yet"):
        load_schedule(tmp_path / "s.yml")

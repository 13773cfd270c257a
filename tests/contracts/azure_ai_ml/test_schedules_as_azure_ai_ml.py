"""Schedules beside the real azure-ai-ml: the same YAML is the same schedule, or refused; the same zones are known."""

import importlib.util
import io
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from jupyter_aml import MLClient, command, entities
from jupyter_aml.constants import TimeZone
from jupyter_aml.entities.schedule_yaml import load_schedule
from jupyter_aml.entities.time_zones import zone_of
from jupyter_aml.exceptions import ValidationException
from jupyter_aml.operations import schedules

HERE = Path(__file__).parent
FOLDER = HERE / "schedules"
CRON = "trigger: {type: cron, expression: '15 10 * * 1', start_time: '2022-07-10T10:00:00', time_zone: 'UTC'}\n"
JOB = "create_job: azureml:simple-pipeline-job\n"
HEAD = "name: s\ndisplay_name: d\ndescription: x\ntags: {a: b}\n"
DAILY = "trigger: {type: recurrence, frequency: day, interval: 1"
PATTERN = "schedule: {hours: [4, 5], minutes: [0, 30], week_days: [monday, Friday]}"
TEXTS = [
    HEAD + CRON + JOB,
    HEAD + CRON.replace("'UTC'", "Pacific Standard Time") + JOB,
    HEAD + CRON.replace("cron", "Cron") + JOB,
    HEAD + f"{DAILY}}}\n" + JOB,
    HEAD + f"{DAILY}, {PATTERN}}}\n" + JOB,
    HEAD + f"{DAILY}, schedule: {{hours: 3, minutes: 15}}, end_time: '2099-06-10T10:15:00'}}\n" + JOB,
    HEAD + f"{DAILY}, schedule: {{hours: 3, minutes: 15, month_days: [1, 31]}}}}\n".replace("day, i", "Month, i") + JOB,
    HEAD + CRON + "create_job: ./pipeline.yml\n",
    HEAD + CRON + "create_job: {type: pipeline, job: ./pipeline.yml, inputs: {who: you}, experiment_name: e}\n",
    HEAD + CRON + "create_job: {type: pipeline, job: ./pipeline.yml, settings: {continue_on_step_failure: true}}\n",
    "name: s\nproperties: {p: q}\n" + CRON + JOB,
]
REFUSED = [
    "display_name: d\n" + CRON + JOB,
    HEAD + CRON.replace("expression", "expresion") + JOB,
    HEAD + CRON.replace("cron", "corn") + JOB,
    HEAD + f"{DAILY}}}\n".replace("day", "fortnight") + JOB,
    HEAD + f"{DAILY}, schedule: {{hours: 3}}}}\n" + JOB,
    HEAD + f"{DAILY}, schedule: {{hours: 3, minutes: 0, week_days: [mo]}}}}\n" + JOB,
    HEAD + f"{DAILY}}}\n".replace("interval: 1", "interval: often") + JOB,
    HEAD + CRON + JOB + "surplus: 1\n",
    HEAD + CRON + "create_job: ./none.yml\n",
    HEAD + CRON + "create_job: {type: pipeline, inputs: {who: you}}\n",
    HEAD + CRON + "create_job: {job: azureml:x}\n",
]
TRIGGER = "CronTrigger(expression='0 3 * * *')"
COMMAND = f"JobSchedule(name='s', trigger={TRIGGER}, create_job=command(command='true', environment='azureml:e:1'))"
ASKED: list[dict[str, Any]] = [
    *({"text": text, "folder": str(FOLDER)} for text in (*TEXTS, *REFUSED)),
    {"line": COMMAND},
    {"zones": True},
]

pytestmark = pytest.mark.timeout(1800)  # the first test installs the real package


@cache
def real() -> list[Any]:
    """What the real package makes of each case."""
    spec = importlib.util.spec_from_file_location("azure_oracle", HERE.parents[1] / "oracles" / "azure_ai_ml.py")
    assert spec
    assert spec.loader
    oracle = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(oracle)
    return oracle.answers(HERE / "schedule_driver.py", ASKED)


def ours(text: str) -> dict[str, Any]:
    """What we make of a YAML; what says nothing is left out."""
    return load_schedule(io.StringIO(text), relative_origin=FOLDER).spec()


@pytest.mark.parametrize("number", range(len(TEXTS)))
def test_a_yaml_is_the_same_schedule(number: int) -> None:
    theirs = real()[number]
    assert "error" not in theirs, theirs
    assert _plain(ours(yaml.safe_dump(theirs["fields"]))) == _plain(ours(TEXTS[number]))


def _plain(spec: dict[str, Any]) -> dict[str, Any]:
    job = spec["create_job"]
    if isinstance(job, dict):
        spec["create_job"] = {name: value for name, value in job.items() if name != "outputs"}
    return spec


@pytest.mark.parametrize("number", range(len(REFUSED)))
def test_what_azure_refuses_we_refuse(number: int) -> None:
    assert "error" in real()[len(TEXTS) + number], real()[len(TEXTS) + number]
    with pytest.raises(ValidationException):
        ours(REFUSED[number])


def test_a_command_is_refused_in_the_same_words(ml_client: MLClient) -> None:
    names = {"command": command, "JobSchedule": entities.JobSchedule, "CronTrigger": entities.CronTrigger}
    draft = eval(COMMAND, names)  # noqa: S307 - the line above
    with pytest.raises(ValidationException) as caught:
        schedules.create_or_update(ml_client.workspace, draft)
    assert caught.value.message == real()[-2]["text"]


def test_every_time_zone_of_azures_is_there_and_known() -> None:
    theirs = real()[-1]
    assert {zone.name: zone.value for zone in TimeZone} == theirs
    assert all(zone_of(name) for name in theirs.values())
    trigger = entities.CronTrigger(expression="0 3 * * *", time_zone=TimeZone.PACIFIC_STANDARD_TIME)
    assert trigger.time_zone == "Pacific Standard Time"

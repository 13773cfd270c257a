"""A schedule as the store keeps it, and the jobs that it makes. Frozen, standard library only; no clock is read."""

import json
import random
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, cast

from jupyter_aml.entities.job_record import JobRecord, Spec
from jupyter_aml.entities.launch import InputSpec
from jupyter_aml.entities.names import ComputeName, JobName, new_job_name
from jupyter_aml.entities.resource_record import ResourceRecord
from jupyter_aml.entities.status import JobStatus

if TYPE_CHECKING:
    from jupyter_aml.entities.due_times import Clockwork

ANY_JOB: Final = "${{name}}"
"""The name of the job, wherever it is not known yet: Azure's own expression."""
TRIGGER_TIME: Final = "${{creation_context.trigger_time}}"
"""When the job was due."""
SCHEDULE_ID: Final = "azureml.scheduleId"
TRIGGERED_AT: Final = "azureml.triggerTime"
SCHEDULE_TAG: Final = "azureml.schedule"


@dataclass(frozen=True, slots=True)
class ScheduleRecord:
    """One schedule. `spec` is it as its YAML says it; `begun_at` is the start of a trigger that says none."""

    name: str
    spec: Spec
    is_enabled: bool
    begun_at: float
    created_at: float
    modified_at: float
    created_by: str = ""

    @property
    def trigger(self) -> Spec:
        """When it is due, as its YAML says it."""
        return cast("Spec", self.spec["trigger"])

    def clockwork(self) -> "Clockwork":
        """When it is due, understood. ValidationException that begins with the field."""
        from jupyter_aml.entities.due_times import clockwork  # dates and zones: for those who have schedules

        return clockwork(self.trigger, self.begun_at)

    def as_resource(self) -> ResourceRecord:
        """The row that `of_resource` reads."""
        kept = {"yaml": self.spec, "is_enabled": self.is_enabled, "begun_at": self.begun_at}
        return ResourceRecord("schedule", self.name, kept, self.created_at, self.modified_at, self.created_by)


def of_resource(row: ResourceRecord) -> ScheduleRecord:
    """The schedule in a row."""
    kept = row.spec
    return ScheduleRecord(
        row.name, kept["yaml"], bool(kept["is_enabled"]), float(kept["begun_at"]), row.created_at, row.modified_at,
        row.created_by,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class JobTemplate:
    """From what a schedule's jobs are made: a pipeline as it was frozen, `ANY_JOB` in place of its name.

    `launch` is its program's launch record as JSON; `plan` what that program is told.
    """

    experiment: str
    compute: str
    spec: Mapping[str, Any]  # Any: a job as its YAML says it
    launch: str
    plan: str
    max_attempts: int = 1
    description: str = ""
    tags: Mapping[str, str] | None = None
    properties: Mapping[str, str] | None = None

    def as_resource(self, name: str, at: float) -> ResourceRecord:
        """The row of the schedule's template."""
        return ResourceRecord("schedule template", name, asdict(self), at, at)


def template_of(row: ResourceRecord) -> JobTemplate:
    """The template in a row."""
    return JobTemplate(**row.spec)


@dataclass(frozen=True, slots=True)
class ScheduledJob:
    """A job that is about to be: its row, its launch as JSON, the plan of its program."""

    record: JobRecord
    launch: str
    plan: str


def made(schedule: ScheduleRecord, template: JobTemplate, name: JobName, due: float, now: float) -> ScheduledJob:
    """The job of a schedule that was due, made now."""
    said = {ANY_JOB: name, TRIGGER_TIME: iso(due)}
    spec: dict[str, Any] = _filled(template.spec, {TRIGGER_TIME: iso(due)})
    spec["inputs"] = _filled(spec.get("inputs") or {}, said)
    record = JobRecord(
        name, "pipeline", JobStatus.NOT_STARTED, template.experiment, f"{schedule.name}-{stamp(due)}",
        ComputeName(template.compute), {key: value for key, value in spec.items() if value != {}}, now,
        description=template.description, max_attempts=template.max_attempts,
        tags={**(template.tags or {}), SCHEDULE_TAG: schedule.name},
        properties={**(template.properties or {}), TRIGGERED_AT: iso(due)},
    )  # fmt: skip
    return ScheduledJob(record, template.launch.replace(ANY_JOB, name), _told(template.plan, said))


def job_name(schedule: ScheduleRecord, due: float, *, again: int = 0) -> JobName:
    """The name of its job that was due then: made up, and the same whoever asks, however often."""
    return new_job_name(random.Random(f"{schedule.name} {schedule.created_at} {due} {again}"))


def iso(due: float) -> str:
    """A trigger time, as an input that asks for it is told: `2026-11-25T18:00:00Z`."""
    return datetime.fromtimestamp(due, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def stamp(due: float) -> str:
    """The same as the end of a display name: `20261125T180000Z`."""
    return datetime.fromtimestamp(due, UTC).strftime("%Y%m%dT%H%M%SZ")


def _told(plan: str, said: Mapping[str, str]) -> str:
    """The plan, its text inputs filled. A step's own `ANY_JOB` stands for the step's job: it is left alone."""
    from jupyter_aml.entities.pipeline_plan import plan_from_json  # when a schedule fires

    told = plan_from_json(plan.replace(TRIGGER_TIME, said[TRIGGER_TIME]))
    return replace(told, inputs={name: _input(given, said) for name, given in told.inputs.items()}).to_json()


def _input(given: InputSpec, said: Mapping[str, str]) -> InputSpec:
    return replace(given, value=_filled(given.value, said))


def _filled(value: Any, said: Mapping[str, str]) -> Any:  # noqa: ANN401 - any part of a YAML
    """A part of a YAML with each expression in place of its value; what is no text stays as it is."""
    text = json.dumps(value)
    for expression, known in said.items():
        text = text.replace(expression, known)
    return json.loads(text)

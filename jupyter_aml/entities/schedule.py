"""A schedule of jobs, as the SDK v2 writes it: when, and which pipeline. Values only; nothing is due here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Final, cast

from pydantic import Field, SerializeAsAny, field_validator

from jupyter_aml.entities.asset import SystemData
from jupyter_aml.entities.draft import Draft, DraftError, Mark, mapping
from jupyter_aml.entities.fields import Choice, ReadOnly, Texts
from jupyter_aml.entities.job import Command
from jupyter_aml.entities.job_draft import JobDraft, in_order, plain_inputs, plain_outputs
from jupyter_aml.entities.pipeline_job import PipelineJob, printed
from jupyter_aml.entities.pipeline_node import PipelineJobSettings
from jupyter_aml.entities.sweep_job import SweepJob
from jupyter_aml.entities.trigger import Trigger, trigger_of

_ORDER: Final = ("name", "display_name", "description", "tags", "properties", "trigger", "create_job")
_JOBS: Final[Mapping[str, type[JobDraft]]] = {"pipeline": PipelineJob, "command": Command, "sweep": SweepJob}


class ExistingJob(JobDraft):
    """A job that ran before (`job`: its name or id), to be run again, with what is said here instead of its own."""

    type: Annotated[str, Choice("pipeline", "command", "spark")]
    job: str
    settings: PipelineJobSettings | None = None

    def spec(self) -> dict[str, Any]:
        """It as its YAML says it."""
        fields = super().spec() | {"inputs": plain_inputs(self.inputs), "outputs": plain_outputs(self.outputs)}
        return in_order(fields, "job", "inputs", "outputs", "settings")


class JobSchedule(Draft):
    """Runs `create_job` (a pipeline, or the name of one that ran before) whenever `trigger` is due.

    >>> from jupyter_aml.entities import CronTrigger
    >>> JobSchedule(name="nightly", trigger=CronTrigger(expression="0 3 * * *"), create_job="azureml:happy_frog").name
    'nightly'
    """

    prints_yaml: ClassVar[bool] = True
    yaml_requires: ClassVar[tuple[str, ...]] = ("name",)

    name: str
    trigger: SerializeAsAny[Trigger]
    create_job: object
    display_name: str | None = None
    description: str | None = None
    tags: Texts = Field(default_factory=dict[str, str])
    properties: Texts = Field(default_factory=dict[str, str])
    id: ReadOnly[str] = None
    is_enabled: ReadOnly[bool] = None
    provisioning_state: ReadOnly[str] = None
    next_due: ReadOnly[str] = None
    """When it fires next, in UTC (ours)."""
    creation_context: ReadOnly[SystemData] = None

    @field_validator("trigger", mode="before")
    @classmethod
    def _trigger(cls, value: object) -> Trigger:
        return trigger_of(value)

    @field_validator("create_job", mode="before")
    @classmethod
    def _create_job(cls, value: object) -> object:
        return job_of(value)

    @property
    def type(self) -> str:
        """What it creates (Azure's word)."""
        return "job"

    def written(self, left_out: frozenset[Mark]) -> dict[str, Any]:
        """The schedule as its YAML says it, the job as that says it."""
        job = self.create_job
        bare = self.model_copy(update={"create_job": ""}) if isinstance(job, Draft) else self
        fields = super(JobSchedule, bare).written(left_out)
        if isinstance(job, Draft):
            fields["create_job"] = printed(job.spec())
        return {name: fields[name] for name in dict.fromkeys((*_ORDER, *fields)) if name in fields}


def job_of(value: object) -> Draft | str:
    """What a schedule creates, from what a person may give: a job, the name of one, or what a YAML says of either."""
    if isinstance(value, Draft | str):
        return value
    fields = mapping(value)
    kind = str(fields.get("type") or "pipeline").lower()
    if "job" in fields:
        if "type" not in fields:
            raise DraftError("job", (("type", "required, and not given: 'pipeline'."),))
        return ExistingJob.of(cast("Mapping[Any, Any]", fields))
    return _JOBS.get(kind, PipelineJob).of(cast("Mapping[Any, Any]", fields))


@dataclass(frozen=True)
class ScheduleTriggerResult:
    """What asking a schedule to run now gives: the job that it made."""

    job_name: str
    schedule_action_type: str = "CreateJob"

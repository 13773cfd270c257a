"""The jobs of schedules: a pipeline, or one that ran before, frozen as a template. Nothing is wished here."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from jupyter_aml.entities.job import Job
from jupyter_aml.entities.job_folder import pipeline_template
from jupyter_aml.entities.job_record import JobRecord
from jupyter_aml.entities.names import JobName, default_experiment
from jupyter_aml.entities.pipeline_job import PipelineJob, as_said
from jupyter_aml.entities.pipeline_plan import PipelinePlan, plan_from_json
from jupyter_aml.entities.schedule import ExistingJob
from jupyter_aml.entities.schedule_record import ANY_JOB, SCHEDULE_ID, SCHEDULE_TAG, TRIGGERED_AT, JobTemplate
from jupyter_aml.exceptions import ResourceNotFoundError, UnsupportedFieldError, ValidationException, did_you_mean
from jupyter_aml.operations import inputs, jobs, orchestrators, pipelines
from jupyter_aml.operations.workspaces import Workspace

_AZURES: Final = {"command": "CommandJob", "sweep": "SweepJob", "spark": "SparkJob", "parallel": "ParallelJob"}
_OWN: Final = frozenset({"name", "display_name", "status"})
"""What is each job's own."""
_FROZEN: Final = ("compute", "experiment_name", "outputs", "identity", "queue_settings", "services")
_OF_SETTINGS: Final = frozenset({"continue_on_step_failure", "force_rerun"})


def template_of(workspace: Workspace, schedule: str, job: object) -> JobTemplate:
    """The pipeline as its schedule keeps it: code and data are kept from now on.

    Raises ValidationException for what is no pipeline, in Azure's words, and what `pipelines.check` raises.
    """
    match job:
        case PipelineJob():
            found = _frozen(workspace, schedule, job)
        case str():
            found = _existing(workspace, schedule, job)
        case ExistingJob(type="pipeline"):
            found = _changed(workspace, _existing(workspace, schedule, job.job), job)
        case _:
            raise _unsupported(_AZURES.get(str(getattr(job, "type", "")), type(job).__name__), schedule)
    identity = f"{workspace.id.arm}/schedules/{schedule}"
    return replace(found, properties={**(found.properties or {}), SCHEDULE_ID: identity})


def job_spec(job: object, template: JobTemplate) -> object:
    """The job as the schedule's YAML says it, from wherever it is read."""
    match job:
        case str():
            return f"azureml:{_name(job)}"
        case ExistingJob():
            return {**job.spec(), "job": f"azureml:{_name(job.job)}"}
        case _:
            tags = {"tags": dict(template.tags)} if template.tags else {}
            return {**as_said(template.spec), **tags}


def _unsupported(kind: str, schedule: str) -> ValidationException:
    return ValidationException(
        f"Unsupported job type '{kind}' in schedule {schedule}.",
        resolution="A schedule runs pipelines: make the job a step of one (@dsl.pipeline, or `jobs:` in its YAML).",
    )


def _frozen(workspace: Workspace, schedule: str, job: PipelineJob) -> JobTemplate:
    draft = job() if isinstance(job, Job) else job.model_copy(deep=True)
    draft.name = None
    draft.experiment_name = draft.experiment_name or default_experiment(schedule)
    found = pipelines.frozen(workspace, pipelines.check(workspace, draft), JobName(ANY_JOB))
    return _template(found.record, found.launch.to_json(), found.plan)


def _existing(workspace: Workspace, schedule: str, reference: str) -> JobTemplate:
    """A pipeline that ran before, as it was frozen then. ResourceNotFoundError with the nearest name."""
    record = jobs.get(workspace, _name(reference))
    if record.type != "pipeline":
        raise _unsupported(_AZURES.get(record.type, record.type), schedule)
    try:
        plan = plan_from_json(pipeline_template(workspace.folder.jobs, record.name).read_text())
    except FileNotFoundError:
        message = f"create_job: what job '{record.name}' was made of is gone from its folder."
        raise ResourceNotFoundError(message, resolution="Schedule the pipeline itself.") from None
    launch = orchestrators.launch(workspace, JobName(ANY_JOB), "pipeline", record.experiment)
    return _template(record, launch.to_json(), plan)


def _template(record: JobRecord, launch: str, plan: PipelinePlan) -> JobTemplate:
    spec = {name: value for name, value in record.spec.items() if name not in _OWN}
    tags = {name: text for name, text in record.tags.items() if name != SCHEDULE_TAG}
    own = {name: text for name, text in record.properties.items() if name not in {SCHEDULE_ID, TRIGGERED_AT}}
    return JobTemplate(
        record.experiment, record.compute, spec, launch, plan.to_json(), orchestrators.ATTEMPTS, record.description,
        tags, own,
    )  # fmt: skip


def _changed(workspace: Workspace, found: JobTemplate, job: ExistingJob) -> JobTemplate:
    """The template with what is said instead: inputs, how it goes on, what it is called."""
    for field in _FROZEN:
        if getattr(job, field):
            raise _fixed(field)
    settings: dict[str, Any] = job.settings.spec() if job.settings else {}
    for name in settings.keys() - _OF_SETTINGS:
        raise _fixed(f"settings.{name}")
    known: Mapping[str, Any] = found.spec.get("inputs") or {}
    for name in job.inputs:
        if name not in known:
            message = f"create_job.inputs.{name}: job '{_name(job.job)}' has no such input."
            raise ValidationException(message, resolution=did_you_mean(name, known))
    inputs.check_inputs(workspace, job.inputs)
    given = inputs.input_specs(workspace, inputs.pinned(workspace, job.inputs))
    plan = plan_from_json(found.plan)
    told = replace(plan, inputs={**plan.inputs, **given}, **settings)
    spec = {**found.spec, "inputs": {**known, **job.spec().get("inputs", {})}}
    if settings:
        spec["settings"] = {**(found.spec.get("settings") or {}), **settings}
    return replace(
        found, plan=told.to_json(), spec=spec, description=job.description or found.description,
        tags={**(found.tags or {}), **job.tags}, properties={**(found.properties or {}), **job.properties},
    )  # fmt: skip


def _fixed(field: str) -> UnsupportedFieldError:
    return UnsupportedFieldError(
        f"create_job.{field}: a job that ran before is run again with its own.",
        resolution="Schedule the pipeline itself, or `job: ./its.yml`.",
    )


def _name(reference: str) -> str:
    """`azureml:NAME`, an ARM id, `azureml:/subscriptions/…/jobs/NAME`, or the bare name."""
    return reference.removeprefix("azureml:").rpartition("/jobs/")[2]

"""What becomes of a draft of a job, by its kind. Translates; decides nothing, and is opened by the first submit."""

from typing import TypeAlias

from jupyter_aml.entities.interactive_job import InteractiveJob
from jupyter_aml.entities.job import Command, Job
from jupyter_aml.entities.job_draft import JobDraft
from jupyter_aml.entities.job_record import JobRecord
from jupyter_aml.entities.node_job import job_of
from jupyter_aml.entities.pipeline_job import PipelineJob
from jupyter_aml.entities.step import Node
from jupyter_aml.entities.sweep import SweepJob
from jupyter_aml.operations import command_jobs, jobs, pipelines, sweeps
from jupyter_aml.operations.workspaces import Workspace

AnyDraft: TypeAlias = Command | SweepJob | PipelineJob


def known(job: JobDraft | Node) -> AnyDraft:
    """A job; a component that was called outside of a pipeline is one.

    Raises JobException for an interactive run, TypeError for what is no kind of job.
    """
    job = job_of(job) if isinstance(job, Node) else job
    if isinstance(job, InteractiveJob):
        job()  # says why it cannot be submitted
    if not isinstance(job, AnyDraft):
        message = "Please refer to create_or_update docstring for valid input types."
        raise TypeError(message)
    return job


def submit(workspace: Workspace, draft: AnyDraft, again: JobRecord | None = None) -> JobRecord:
    """Submit it: its record, as it was wished. `again`: with the code that this job ran, as it was frozen then."""
    match draft:
        case Command():
            return jobs.submit(workspace, draft, again)
        case SweepJob():
            return sweeps.submit(workspace, draft, again)
        case PipelineJob():
            return pipelines.submit(workspace, draft, again)


def check(workspace: Workspace, draft: AnyDraft) -> object:
    """Say everything that would be said against it at submit."""
    match draft:
        case Command():
            return command_jobs.check(workspace, draft)
        case SweepJob():
            return sweeps.check(workspace, draft)
        case PipelineJob():
            return pipelines.check(workspace, draft)


def draft_of(job: AnyDraft) -> AnyDraft:
    """A copy to submit; of a returned job, a new draft under the name that it was given."""
    if not isinstance(job, Job):
        return job.model_copy(deep=True)
    draft = job()
    draft.name = job.name
    return draft

"""A pipeline as the workspace returned it. Its draft, `PipelineJob`, is in `pipeline_job.py`; nothing is run here."""

from typing import Annotated

from jupyter_aml.entities.draft import to_yaml
from jupyter_aml.entities.fields import Choice
from jupyter_aml.entities.job import Job, draft_of
from jupyter_aml.entities.job_draft import GivenInput
from jupyter_aml.entities.pipeline_job import PipelineJob, as_said, printed


class SubmittedPipelineJob(Job, PipelineJob):
    """A pipeline as the workspace returned it. Its `status` is a snapshot: get it again to see it move.

    Submitting it again changes its names and tags only; to run it once more, call it:
    `ml_client.jobs.create_or_update(pipeline_job())`.
    """

    type: Annotated[str, Choice("pipeline")] = "pipeline"

    def __init__(self, **fields: object) -> None:
        super().__init__(**as_said(fields))

    def __call__(self, **inputs: GivenInput) -> PipelineJob:
        """A new draft of the same pipeline, with these inputs set."""
        return draft_of(self, PipelineJob, inputs)

    def __str__(self) -> str:
        """The job as YAML, as SDK v2 prints it."""
        return to_yaml({"name": self.name, "status": self.status, **printed(self.spec())})

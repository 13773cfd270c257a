"""A sweep as the workspace returned it. Its draft, `SweepJob`, is in `sweep_job.py`; nothing is drawn or run here."""

from typing import Annotated

from jupyter_aml.entities.fields import Choice
from jupyter_aml.entities.job import Job, draft_of
from jupyter_aml.entities.job_draft import GivenInput
from jupyter_aml.entities.sweep_job import SweepJob


class Sweep(Job, SweepJob):
    """A sweep as the workspace returned it. Its `status` is a snapshot: get it again to see it move.

    Submitting it again changes its names and tags only; to run it once more, call it:
    `ml_client.jobs.create_or_update(sweep())`.
    """

    type: Annotated[str, Choice("sweep")] = "sweep"

    def __call__(self, **inputs: GivenInput) -> SweepJob:
        """A new draft of the same sweep, with these inputs set; one that is a distribution varies."""
        draft = draft_of(self, SweepJob, inputs)
        draft.tags = {key: text for key, text in self.tags.items() if not key.startswith(f"{self.name}_")}
        return draft

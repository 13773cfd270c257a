"""An interactive run as the workspace returns it: begun in somebody's own process. Nothing is run here."""

from typing import Annotated

from jupyter_aml.entities.fields import Choice
from jupyter_aml.entities.job import Job
from jupyter_aml.entities.job_draft import GivenInput, JobDraft
from jupyter_aml.exceptions import JobException


class InteractiveJob(Job):
    """A run that was begun by `mlflow.start_run()` or `experiment.start_logging()`. Its `status` is a snapshot."""

    type: Annotated[str, Choice("interactive")] = "interactive"

    def __call__(self, **_: GivenInput) -> JobDraft:
        """There is nothing to submit once more. JobException."""
        raise JobException(
            f"'{self.name or self.display_name}' was an interactive run: what it ran is in its own process, "
            "and cannot be submitted.",
            resolution="Put the code into a script, and submit that as a command job.",
        )

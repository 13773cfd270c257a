"""SDK v1's names for what goes wrong with a run. Nothing is raised here."""

from jupyter_aml.exceptions import JobException


class ActivityFailedException(JobException):
    """The run that was waited for failed."""


class ExperimentExecutionException(JobException):
    """The wait was interrupted; the run goes on."""

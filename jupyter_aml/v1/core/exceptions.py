"""SDK v1's names for what goes wrong; `azureml.exceptions` has them too. Nothing is raised here."""

from typing import Final

from jupyter_aml.exceptions import (
    AssetPathException,
    JobException,
    MlException,
    ResourceNotFoundError,
    UserErrorException,
)

AzureMLException: Final = MlException


class ActivityFailedException(JobException):
    """The run that was waited for failed."""


class ExperimentExecutionException(JobException):
    """The wait was interrupted; the run goes on."""


class RunEnvironmentException(UserErrorException):
    """There is no job around this process, and one was asked for."""


class ComputeTargetException(UserErrorException):
    """There is no compute target of that name, or it cannot do what was asked."""


class WebserviceException(ResourceNotFoundError):
    """What SDK v1 raises when a model is not found."""


class ModelPathNotFoundException(AssetPathException):
    """A run has no file of the name that was to become a model."""


class ExperimentNotFoundException(ResourceNotFoundError):
    """There is no experiment of that name."""


class ProjectSystemException(UserErrorException):
    """A config file says less than it should."""


__all__ = [
    "ActivityFailedException",
    "AzureMLException",
    "ComputeTargetException",
    "ExperimentExecutionException",
    "ExperimentNotFoundException",
    "ModelPathNotFoundException",
    "ProjectSystemException",
    "RunEnvironmentException",
    "UserErrorException",
    "WebserviceException",
]

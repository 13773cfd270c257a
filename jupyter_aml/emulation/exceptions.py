"""Azure's exceptions that nothing here raises, so that `except` finds them; the others are `jupyter_aml.exceptions`."""

from typing import Final

from jupyter_aml.exceptions import (
    HttpResponseError,
    KeywordError,
    MlException,
    ResourceExistsError,
    ResourceNotFoundError,
    UserErrorException,
)

AzureError = MlException
_SAME: Final = {one.__name__: one for one in (HttpResponseError, ResourceExistsError, ResourceNotFoundError)} | {
    "AzureError": AzureError
}

_KINDS: Final[dict[type[Exception], str]] = {
    MlException: "AssetException CloudArtifactsNotSupportedError ComponentException DeploymentException "
    "DockerEngineNotAvailableError InvalidLocalEndpointError InvalidVSCodeRequestError JobParsingError "
    "LocalDeploymentGPUNotAvailable LocalEndpointImageBuildError LocalEndpointInFailedStateError "
    "LocalEndpointNotFoundError ModelException MultipleLocalDeploymentsFoundError PipelineChildJobError "
    "RequiredLocalArtifactsNotFoundError ScheduleException VSCodeCommandNotFound ServiceRequestError "
    "ServiceResponseError StreamConsumedError StreamClosedError ResponseNotReadError",
    UserErrorException: "CannotSetAttributeError UnsupportedOperationError",
    KeywordError: "MissingPositionalArgsError",
    HttpResponseError: "ClientAuthenticationError DecodeError ODataV4Error ResourceModifiedError "
    "ResourceNotModifiedError TooManyRedirectsError",
    ValueError: "SerializationError DeserializationError",
}
for _base, _names in _KINDS.items():
    for _name in _names.split():
        globals()[_name] = type(_name, (_base,), {"__module__": __name__, "__doc__": "Raised by Azure, not here."})


def __dir__() -> list[str]:
    """The public names, for tab completion."""
    return [*_SAME, *(name for names in _KINDS.values() for name in names.split())]

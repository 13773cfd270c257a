"""The names of `azureml.core`: workspace, experiment, run … Each is opened when it is first used."""

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from jupyter_aml.v1.core.compute import ComputeTarget
    from jupyter_aml.v1.core.dataset import Dataset
    from jupyter_aml.v1.core.datastore import Datastore
    from jupyter_aml.v1.core.environment import Environment
    from jupyter_aml.v1.core.experiment import Experiment
    from jupyter_aml.v1.core.keyvault import Keyvault
    from jupyter_aml.v1.core.model import Model
    from jupyter_aml.v1.core.run import Run
    from jupyter_aml.v1.core.runconfig import RunConfiguration
    from jupyter_aml.v1.core.script_run_config import ScriptRunConfig
    from jupyter_aml.v1.core.workspace import Workspace

__all__ = [
    "VERSION",
    "ComputeTarget",
    "Dataset",
    "Datastore",
    "Environment",
    "Experiment",
    "Keyvault",
    "Model",
    "Run",
    "RunConfiguration",
    "ScriptRunConfig",
    "Workspace",
]
VERSION: Final = "1.60.0"
"""The version of SDK v1 whose names and behaviour are followed."""
__version__ = VERSION
_HOMES: Final = {
    "ComputeTarget": "compute",
    "Dataset": "dataset",
    "Datastore": "datastore",
    "Environment": "environment",
    "Experiment": "experiment",
    "Keyvault": "keyvault",
    "Model": "model",
    "Run": "run",
    "RunConfiguration": "runconfig",
    "ScriptRunConfig": "script_run_config",
    "Workspace": "workspace",
}


def __getattr__(name: str) -> object:
    """Open the room of a name. AttributeError for any other."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """The names, for tab completion."""
    return sorted({*globals(), *_HOMES})

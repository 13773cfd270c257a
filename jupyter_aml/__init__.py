"""Azure ML, Jupyter-native, on your own machine. The front door: names only, each opened when it is first used.

In a notebook: `%load_ext jupyter_aml`. In Python: `from jupyter_aml import MLClient, command, Input, Output`.
"""

from __future__ import annotations  # a parallel step may run with an old Python

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from jupyter_aml.client import MLClient
    from jupyter_aml.client.notebooks import notebook_job
    from jupyter_aml.emulation import emulate
    from jupyter_aml.entities.credentials import (
        AmlTokenConfiguration,
        ManagedIdentityConfiguration,
        UserIdentityConfiguration,
    )
    from jupyter_aml.entities.input_output import Input, Output
    from jupyter_aml.entities.job import command
    from jupyter_aml.entities.job_settings import MpiDistribution, PyTorchDistribution, TensorFlowDistribution
    from jupyter_aml.entities.role import LocalCredential
    from jupyter_aml.entities.schedule_yaml import load_schedule
    from jupyter_aml.entities.yaml import (
        load_component,
        load_compute,
        load_connection,
        load_data,
        load_datastore,
        load_environment,
        load_job,
        load_model,
        load_workspace,
        load_workspace_connection,
    )
    from jupyter_aml.widgets.compared import compare
    from jupyter_aml.widgets.run_details import RunDetails

__version__ = "0.1.0"

__all__ = [
    "AmlTokenConfiguration",
    "Input",
    "LocalCredential",
    "MLClient",
    "ManagedIdentityConfiguration",
    "MpiDistribution",
    "Output",
    "PyTorchDistribution",
    "RunDetails",
    "TensorFlowDistribution",
    "UserIdentityConfiguration",
    "command",
    "compare",
    "emulate",
    "load_component",
    "load_compute",
    "load_connection",
    "load_data",
    "load_datastore",
    "load_environment",
    "load_ipython_extension",
    "load_job",
    "load_model",
    "load_schedule",
    "load_workspace",
    "load_workspace_connection",
    "notebook_job",
]

_ROOMS: Final = {
    "AmlTokenConfiguration": "entities.credentials",
    "Input": "entities.input_output",
    "LocalCredential": "entities.role",
    "MLClient": "client",
    "ManagedIdentityConfiguration": "entities.credentials",
    "MpiDistribution": "entities.job_settings",
    "Output": "entities.input_output",
    "PyTorchDistribution": "entities.job_settings",
    "RunDetails": "widgets.run_details",
    "TensorFlowDistribution": "entities.job_settings",
    "UserIdentityConfiguration": "entities.credentials",
    "command": "entities.job",
    "compare": "widgets.compared",
    "emulate": "emulation",
    "load_component": "entities.yaml",
    "load_compute": "entities.yaml",
    "load_connection": "entities.yaml",
    "load_data": "entities.yaml",
    "load_datastore": "entities.yaml",
    "load_environment": "entities.yaml",
    "load_job": "entities.yaml",
    "load_model": "entities.yaml",
    "load_schedule": "entities.schedule_yaml",
    "load_workspace": "entities.yaml",
    "load_workspace_connection": "entities.yaml",
    "notebook_job": "client.notebooks",
}


def __getattr__(name: str) -> object:
    """A public name, its room opened now: importing the package costs nothing."""
    if name not in _ROOMS:
        message = f"module 'jupyter_aml' has no attribute '{name}'"
        raise AttributeError(message)
    value: object = getattr(import_module(f"jupyter_aml.{_ROOMS[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """The public names, for tab completion."""
    return sorted({*globals(), *__all__})


def load_ipython_extension(ip: InteractiveShell) -> None:
    """`%load_ext jupyter_aml`: the magics, their completion and the run view."""
    import_module("jupyter_aml.magics").load_ipython_extension(ip)


if "IPython" in sys.modules:  # else nobody is there to show a job to
    import_module("jupyter_aml.magics").open_jobs()

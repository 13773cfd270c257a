"""The environment variables of a job's process (§7.5). Nothing is started with them here."""

import functools
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from jupyter_aml.entities.emulation import MARK as EMULATED
from jupyter_aml.entities.emulation import OLD_NUMPY, SITE
from jupyter_aml.entities.job_folder import AttemptFolder
from jupyter_aml.entities.launch import Launch
from jupyter_aml.entities.switches import is_on_or_told
from jupyter_aml.runner.inputs import Inputs

MARKER: Final = "JUPYTER_AML_ATTEMPT"
"""Names the attempt's folder in the environment of everything it starts, so that left-overs are found."""

_KERNEL_ONLY: Final = frozenset(
    {"MPLBACKEND", "PYTHONSTARTUP", "PYTHONDONTWRITEBYTECODE", "PYTHONHOME", "COLUMNS", "LINES", "GIT_PAGER", "PAGER",
     "CLICOLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "VIRTUAL_ENV", "CONDA_PREFIX", "OLDPWD", "PWD", "_", "SHLVL"}
)  # fmt: skip
_KERNEL_PREFIXES: Final = (
    "JPY_", "JUPYTER_AML_ATTEMPT", "JUPYTER_AML_SUPERVISOR", "JUPYTER_AML_EXECUT", EMULATED, OLD_NUMPY,
    "IPYTHON", "KERNEL_", "MLFLOW_", "AZUREML_", "AZURE_ML_", "AZ_BATCH", "PYDEVD_"
)  # fmt: skip
_WORKSPACE: Final = {
    "AZUREML_ARM_SUBSCRIPTION": "subscription_id",
    "AZUREML_ARM_RESOURCEGROUP": "resource_group",
    "AZUREML_ARM_WORKSPACE_NAME": "name",
    "AZUREML_WORKSPACE_NAME": "name",
    "AZUREML_WORKSPACE_ID": "id",
    "AZUREML_WORKSPACE_SCOPE": "arm",
    "JUPYTER_AML_WORKSPACE": "arm",
    "JUPYTER_AML_USER": "principal",
    EMULATED: "emulation",
}


@functools.cache
def of_interpreter(interpreter: str) -> Mapping[str, str]:
    """What every job of one interpreter starts from: this process's variables less those of a kernel.

    A warm worker is started with exactly these, so that what a library reads at import is what it would read cold.
    Kept from the first call on: what happens to `os.environ` later is not the job's affair.
    """
    kept = {name: value for name, value in os.environ.items() if not _is_kernels(name)}
    folder, prefix = str(Path(interpreter).parent), Path(interpreter).parents[1]
    others = [place for place in kept.get("PATH", os.defpath).split(os.pathsep) if place != folder]
    kept["PATH"] = os.pathsep.join([folder, *others])
    kept["AZUREML_CONDA_ENVIRONMENT_PATH"] = str(prefix)
    if (prefix / "pyvenv.cfg").exists():
        kept["VIRTUAL_ENV"] = str(prefix)
    kept["AZ_BATCHAI_JOB_TEMP"] = tempfile.gettempdir()
    kept["PYTHONUNBUFFERED"] = "1"
    # MLflow's usage reports would leave the machine, and start a thread in every job.
    kept["MLFLOW_DISABLE_TELEMETRY"] = "true"
    return kept


def _is_kernels(name: str) -> bool:
    return name in _KERNEL_ONLY or name.startswith(_KERNEL_PREFIXES)


def of_job(folder: AttemptFolder, launch: Launch, inputs: Inputs, outputs: Mapping[str, str]) -> dict[str, str]:
    """What the job adds to them; the user's own variables come last, after those of the rank."""
    return {
        **_identity(launch),
        **_workspace(launch),
        **_tracking(launch),
        **_node(launch),
        **_values(inputs, outputs),
        MARKER: str(folder.root),
    }


def with_azures_names(environment: Mapping[str, str]) -> Mapping[str, str]:
    """The same, with the file in front of Python's path that answers Azure's import names, if they are asked for."""
    if not is_on_or_told(EMULATED, environment):
        return environment
    place = str(Path(__file__).parents[1] / SITE)
    return {**environment, "PYTHONPATH": os.pathsep.join(filter(None, (place, environment.get("PYTHONPATH"))))}


def _identity(launch: Launch) -> dict[str, str]:
    return {
        "AZUREML_RUN_ID": launch.job,
        "AZUREML_ROOT_RUN_ID": launch.root or launch.job,
        "AZUREML_EXPERIMENT_ID": launch.experiment_id,
        "AZUREML_EXPERIMENT_NAME": launch.experiment,
        "AZUREML_ARM_PROJECT_NAME": launch.experiment,
    }


def _workspace(launch: Launch) -> dict[str, str]:
    known = launch.workspace
    return {variable: known[key] for variable, key in _WORKSPACE.items() if key in known}


def _tracking(launch: Launch) -> dict[str, str]:
    if not launch.tracking_uri:
        return {}
    return {
        "MLFLOW_TRACKING_URI": launch.tracking_uri,
        "MLFLOW_RUN_ID": launch.job,
        "MLFLOW_EXPERIMENT_ID": launch.experiment_id,
        "MLFLOW_EXPERIMENT_NAME": launch.experiment,
    }


def _node(launch: Launch) -> dict[str, str]:
    return {
        "AZUREML_CR_NODE_RANK": "0",
        "AZUREML_NODE_COUNT": str(launch.nodes),
        "AZUREML_PROCESS_NAME": "main",
        "AZUREML_TARGET_TYPE": "local",
        "AZUREML_DEFAULT_DATASTORE": "workspaceblobstore",
        "AZUREML_LOGDIRECTORY_PATH": f"{launch.artifacts}/logs",
        "AZ_BATCH_HOST_LIST": "127.0.0.1",
        "AZ_BATCH_MASTER_NODE": "127.0.0.1",
        "AZ_BATCHAI_MPI_MASTER_NODE": "127.0.0.1",
        "AZ_BATCHAI_TASK_INDEX": "0",
    }


def _values(inputs: Inputs, outputs: Mapping[str, str]) -> dict[str, str]:
    given = {name: value for name, value in inputs.values.items() if value is not None}
    return {
        **{f"AZUREML_PARAMETER_{name}": value for name, value in (*given.items(), *outputs.items())},
        **{f"AZURE_ML_INPUT_{name}": value for name, value in given.items() if name in inputs.data},
        **{f"AZURE_ML_OUTPUT_{name}": value for name, value in outputs.items()},
    }

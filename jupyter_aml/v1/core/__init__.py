"""The names of `azureml.core`: workspace, experiment, run. Nothing is defined here."""

from jupyter_aml.v1.core.experiment import Experiment
from jupyter_aml.v1.core.run import Run
from jupyter_aml.v1.core.script_run_config import ScriptRunConfig
from jupyter_aml.v1.core.workspace import Workspace

__all__ = ["Experiment", "Run", "ScriptRunConfig", "Workspace"]

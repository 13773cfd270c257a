"""The names of `azureml.pipeline.steps`. Nothing is defined here."""

from jupyter_aml.v1.pipeline.steps.hyper_drive_step import HyperDriveStep, HyperDriveStepRun
from jupyter_aml.v1.pipeline.steps.parallel_run_config import ParallelRunConfig
from jupyter_aml.v1.pipeline.steps.parallel_run_step import ParallelRunStep
from jupyter_aml.v1.pipeline.steps.python_script_step import PythonScriptStep

__all__ = ["HyperDriveStep", "HyperDriveStepRun", "ParallelRunConfig", "ParallelRunStep", "PythonScriptStep"]

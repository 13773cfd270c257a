"""The names of `azureml.pipeline.steps`. Nothing is defined here."""

from jupyter_aml.v1.pipeline.steps.parallel_run_step import ParallelRunConfig, ParallelRunStep
from jupyter_aml.v1.pipeline.steps.python_script_step import PythonScriptStep

__all__ = ["ParallelRunConfig", "ParallelRunStep", "PythonScriptStep"]

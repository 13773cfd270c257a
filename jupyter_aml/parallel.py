"""The names of `azure.ai.ml.parallel`. Nothing is defined here."""

from jupyter_aml.entities.parallel_function import ParallelJob, RunFunction, parallel_run_function

__all__ = ["ParallelJob", "RunFunction", "parallel_run_function"]

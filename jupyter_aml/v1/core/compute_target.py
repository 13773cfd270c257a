"""The names of `azureml.core.compute_target`. Nothing is defined here."""

from jupyter_aml.v1.core.compute import ComputeTarget
from jupyter_aml.v1.core.exceptions import ComputeTargetException

__all__ = ["ComputeTarget", "ComputeTargetException"]

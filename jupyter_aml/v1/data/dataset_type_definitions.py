"""The name of `azureml.data.dataset_type_definitions`. Nothing is defined here."""

from jupyter_aml.v1.data.shapes import PromoteHeadersBehavior

__all__ = ["PromoteHeadersBehavior"]

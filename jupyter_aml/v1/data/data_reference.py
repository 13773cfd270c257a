"""The name of `azureml.data.data_reference`. Nothing is defined here."""

from jupyter_aml.v1.data.datapath import DataReference

__all__ = ["DataReference"]

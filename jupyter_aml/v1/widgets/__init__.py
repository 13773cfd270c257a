"""The names of `azureml.widgets`: the run view of a run. Nothing is painted here."""

from jupyter_aml.v1.widgets.run_details import RunDetails

__all__ = ["RunDetails"]

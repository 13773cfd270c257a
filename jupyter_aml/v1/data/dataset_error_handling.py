"""SDK v1's names for what goes wrong with a dataset. Nothing is raised here."""

from jupyter_aml.exceptions import UserErrorException

DatasetExecutionError = DatasetValidationError = UserErrorException

__all__ = ["DatasetExecutionError", "DatasetValidationError"]

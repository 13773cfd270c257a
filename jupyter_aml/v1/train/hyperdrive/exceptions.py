"""SDK v1's name for a sweep that is described wrongly. Nothing is raised here."""

from jupyter_aml.exceptions import ValidationException


class HyperDriveConfigException(ValidationException):
    """A part of a HyperDriveConfig does not fit; said when it is made, as in SDK v1."""

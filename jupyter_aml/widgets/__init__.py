"""What is seen: a run's tabs and lists of jobs, as static HTML and as text. Nothing is decided or stored here."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jupyter_aml.widgets.run_details import RunDetails, show_job

__all__ = ["RunDetails", "show_job"]


def __getattr__(name: str) -> object:
    """The two names, when they are first used: a server that only hands out the view paints nothing."""
    if name in __all__:
        return getattr(import_module("jupyter_aml.widgets.run_details"), name)
    message = f"module 'jupyter_aml.widgets' has no attribute {name!r}"
    raise AttributeError(message)

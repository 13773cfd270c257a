"""Cells → script folder. Captures what a cell uses and writes it down; nothing of it runs here."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036  a job's own environment may be older than this package allows
    raise ImportError(
        "A notebook is executed with Python 3.11 or newer: declare it in the job's environment, or run it as a script."
    )

from jupyter_aml.notebook.capture import capture
from jupyter_aml.notebook.folder import COMMAND, environment, write
from jupyter_aml.notebook.origin import Captured, CapturedCell, CellOrigin

__all__ = ["COMMAND", "Captured", "CapturedCell", "CellOrigin", "capture", "environment", "write"]

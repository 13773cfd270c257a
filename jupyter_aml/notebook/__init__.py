"""Cells → script folder. Captures what a cell uses and writes it down; nothing of it runs here."""

import sys

# `requires-python` does not hold here: a job's own environment, in which this is started from its search path, may have
# any Python, and would end in a SyntaxError of some module below. (tests/unit/notebook/test_bare_environments.py)
if sys.version_info < (3, 11):  # noqa: UP036 - see above
    raise ImportError(
        "A notebook is executed with Python 3.11 or newer: declare it in the job's environment, or run it as a script."
    )

from jupyter_aml.notebook.capture import capture
from jupyter_aml.notebook.folder import COMMAND, environment, write
from jupyter_aml.notebook.origin import Captured, CapturedCell, CellOrigin

__all__ = ["COMMAND", "Captured", "CapturedCell", "CellOrigin", "capture", "environment", "write"]

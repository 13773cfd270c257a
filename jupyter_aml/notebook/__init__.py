"""Cells → script folder. Captures what a cell uses and writes it down; nothing of it runs here."""

from jupyter_aml.notebook.capture import capture
from jupyter_aml.notebook.folder import COMMAND, environment, write
from jupyter_aml.notebook.origin import Captured, CapturedCell, CellOrigin

__all__ = ["COMMAND", "Captured", "CapturedCell", "CellOrigin", "capture", "environment", "write"]

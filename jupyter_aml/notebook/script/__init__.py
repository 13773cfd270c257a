"""Notebook → script: what a notebook says becomes a program with a command line. Text and syntax; nothing is run."""

from jupyter_aml.notebook.script.conversion import convert
from jupyter_aml.notebook.script.script import Change, Parameter, Script

__all__ = ["Change", "Parameter", "Script", "convert"]

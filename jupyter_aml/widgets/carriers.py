"""What carries a run to a front end: the name that a notebook keeps, the module that paints it. Nothing is loaded."""

import os
import sys
from pathlib import Path
from typing import Final

MIME: Final = "application/vnd.jupyter-aml.run.v1+json"
"""What a notebook keeps of a run: its name, its workspace's, and which view it is."""
MODULE: Final = Path(__file__).with_name("static") / "run.js"
"""The view, built from labextension/; a checkout that was installed without its front end has none."""
_PERSONS: Final = ("JPY_SESSION_NAME", "VSCODE_PID", "COLAB_RELEASE_TAG")
"""One of these is there in a kernel that a person's notebook started; none where a program runs a notebook."""


def widget_is_of_use() -> bool:
    """Whether somebody may see a widget here. A program that runs a notebook would only keep its state."""
    return any(name in os.environ for name in _PERSONS) and MODULE.exists() and "ipykernel" in sys.modules

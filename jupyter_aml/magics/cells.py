"""From the running cell to a folder of code: what the notebook knows about it, and where it is kept."""

import hashlib
import os
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_aml.notebook import CapturedCell, CellOrigin, capture, write

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from jupyter_aml.entities.job import Command
    from jupyter_aml.operations.workspaces import Workspace


def captured(shell: "InteractiveShell", cell: str, provided: Collection[str]) -> CapturedCell:
    """The cell with the variables that it uses. CaptureError names what cannot travel, by cell and line."""
    origin = CellOrigin(notebook_name(shell), shell.execution_count)
    counts: dict[str, int] = getattr(shell.compile, "_filename_map", {})
    return capture(cell, shell.user_ns, origin, provided=provided, cells=counts)


def folder_of(workspace: "Workspace", cell: CapturedCell, job: "Command") -> tuple[Path, str]:
    """The cell's folder in the workspace, by its content, and the command that runs it."""
    inputs = {name: given.type for name, given in job.inputs.items()}
    outputs = {name: given.type for name, given in job.outputs.items()}
    mark = repr((cell.source, cell.origin, cell.imports, cell.preloads, inputs, outputs)).encode()
    content = hashlib.sha256(mark + cell.values).hexdigest()[:20]
    folder = workspace.folder.root / "cells" / content
    return folder, write(cell, folder, inputs=inputs, outputs=outputs)


def notebook_name(shell: "InteractiveShell") -> str:
    """The notebook's file name, from whoever knows it: VS Code, the kernel's session; else 'notebook'."""
    for found in (
        shell.user_ns.get("__vsc_ipynb_file__"),
        shell.user_ns.get("__session__"),
        os.environ.get("JPY_SESSION_NAME"),
    ):
        if isinstance(found, str) and found.endswith(".ipynb"):
            return Path(found).name
    return "notebook"

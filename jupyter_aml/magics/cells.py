"""From the running cell to a folder of code: what the notebook knows about it, and where it is kept."""

import ast
import hashlib
import inspect
import os
import shutil
from collections.abc import Collection, Mapping
from pathlib import Path
from types import CodeType, FunctionType
from typing import TYPE_CHECKING

from jupyter_aml.notebook import COMMAND, CapturedCell, CellOrigin, capture, environment, write
from jupyter_aml.notebook.flow import outside_names

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from jupyter_aml.entities.job import Command
    from jupyter_aml.operations.workspaces import Workspace


def captured(shell: "InteractiveShell", cell: str, provided: Collection[str]) -> CapturedCell:
    """The cell with the variables that it uses. CaptureError names what cannot travel, by cell and line."""
    counts: dict[str, int] = getattr(shell.compile, "_filename_map", {})
    number = _number_of_running_cell(counts) or shell.execution_count
    origin = CellOrigin(notebook_name(shell), number, _first_line(shell, cell))
    return capture(cell, shell.user_ns, origin, provided=provided, cells=counts)


def as_job(
    workspace: "Workspace", cell: CapturedCell, job: "Command", types: Mapping[str, str] | None = None
) -> "Command":
    """The job that runs the cell: its code lies in a folder of the workspace, by its content.

    `types`: as what the cell finds an input, where that is not the input's own type.
    """
    inputs = {name: given.type for name, given in job.inputs.items()} | dict(types or {})
    outputs = {name: given.type for name, given in job.outputs.items()}
    folder = workspace.folder.root / "cells" / _content(cell, inputs, outputs)
    if not folder.is_dir():
        aside = folder.with_name(f".{folder.name}.{os.getpid()}")
        write(cell, aside, inputs=inputs, outputs=outputs)
        _put_in_place(aside, folder)
    variables = environment(cell) | job.environment_variables
    return job.model_copy(update={"command": COMMAND, "code": str(folder), "environment_variables": variables})


def names_read(shell: "InteractiveShell", cell: str) -> set[str] | None:
    """The names that a cell reads from outside, itself or in the notebook's functions. None when it is no Python."""
    try:
        tree = ast.parse(shell.transform_cell(cell))
    except SyntaxError:
        return None
    waiting = list(outside_names(tree))
    found = set[str]()
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            value = shell.user_ns.get(name)
            waiting += _names_in(value.__code__) if isinstance(value, FunctionType) else []
    return found


def _names_in(code: CodeType) -> list[str]:
    inner = (one for one in code.co_consts if isinstance(one, CodeType))
    return [*code.co_names, *(name for one in inner for name in _names_in(one))]


def _content(cell: CapturedCell, inputs: dict[str, str], outputs: dict[str, str]) -> str:
    """What tells two cells apart; not when they were run."""
    files = [(file.path, hashlib.sha256(file.found.read_bytes()).hexdigest()) for file in cell.files]
    place = (cell.origin.notebook, cell.origin.first_line)
    mark = repr((cell.source, place, cell.imports, cell.preloads, files, inputs, outputs)).encode()
    return hashlib.sha256(mark + cell.values).hexdigest()[:20]


def _put_in_place(aside: Path, folder: Path) -> None:
    """The folder appears whole; another kernel may have been first with the same one."""
    try:
        aside.rename(folder)
    except OSError:
        shutil.rmtree(aside, ignore_errors=True)
        if not folder.is_dir():
            raise


def _number_of_running_cell(counts: Mapping[str, int]) -> int:
    """From the call stack: `shell.execution_count` may be the next cell's already (IPython 9)."""
    frame, number = inspect.currentframe(), 0
    while frame is not None:
        number = counts.get(frame.f_code.co_filename, number)
        frame = frame.f_back
    return number


def _first_line(shell: "InteractiveShell", cell: str) -> int:
    """The line of the notebook's cell on which the body begins: above it are the magic's line and what is blank."""
    history = shell.history_manager.input_hist_raw if shell.history_manager else [""]
    raw, body = history[-1].rstrip(), cell.rstrip()
    return raw[: len(raw) - len(body)].count("\n") + 1 if body and raw.endswith(body) else 2


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

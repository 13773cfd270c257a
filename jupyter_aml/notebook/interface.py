"""What a notebook takes and needs, also one that cannot become a script: it can be executed all the same."""

import ast
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from jupyter_aml.exceptions import CaptureError
from jupyter_aml.notebook.script import Script, convert
from jupyter_aml.notebook.script.cells import Cell, read
from jupyter_aml.notebook.script.parameters import is_parameters


def interface(notebook: Path, parameters: Collection[str] = (), content: Mapping[str, Any] | None = None) -> Script:
    """The script of a notebook; of one that is none, that of its parameters cells and imports.

    Its parameters, requirements and files are those of the notebook. `content`: its JSON, where that is not what the
    file says. Raises CaptureError when even that is no Python.
    """
    name, folder, source = notebook.name, notebook.absolute().parent, notebook if content is None else content
    try:
        return convert(source, name=name, folder=folder, parameters=parameters)
    except CaptureError:
        cells = read(source, name).cells
        less: dict[str, Any] = {"nbformat": 4, "metadata": {}, "cells": [_reduced(cell, parameters) for cell in cells]}
        return convert(less, name=name, folder=folder, parameters=parameters)


def _reduced(cell: Cell, chosen: Collection[str]) -> Mapping[str, Any]:
    """A cell with its parameters and imports only; nothing of one that is no Python."""
    made = {"cell_type": "code", "metadata": {"tags": sorted(cell.tags)}, "source": cell.source}
    if is_parameters(cell):
        return made
    try:
        tree = ast.parse(cell.source)
    except (SyntaxError, ValueError):
        return {**made, "source": ""}
    kept = [ast.unparse(one) for one in tree.body if isinstance(one, ast.Import | ast.ImportFrom) or _is(one, chosen)]
    return {**made, "source": "\n".join(kept)}


def _is(node: ast.stmt, chosen: Collection[str]) -> bool:
    match node:
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return name in chosen
        case _:
            return False

"""What means something in a notebook only, or nothing at all: refused by cell and line, before anything is written."""

import ast
import builtins
import re
from collections.abc import Callable, Sequence
from typing import Final

from jupyter_aml.exceptions import CaptureError
from jupyter_aml.notebook.flow import outside_names
from jupyter_aml.notebook.refusals import NOTEBOOK_ONLY, NOTEBOOK_ONLY_BUILTINS
from jupyter_aml.notebook.scopes import bound_names
from jupyter_aml.notebook.script.blocks import Block
from jupyter_aml.notebook.script.place import Place

_ASKING: Final = {"getpass": "A job has no keyboard; take the secret from the workspace: %aml_secret."}
_HISTORY: Final = re.compile(r"_+|_i?\d+|_i+|_oh|_ih|_dh")
_EVERYWHERE: Final = frozenset(dir(builtins)) | {"__name__", "__file__", "__doc__", "display"}
_NOWHERE_DEFINED: Final = "The notebook must run from top to bottom: define it in a cell above."
At = Callable[[int], Place]


def refuse_notebook_only(kept: Sequence[Block], at: At) -> None:
    """CaptureError for `In`, `Out`, `_12`, `input()`: there is no history and no keyboard in a job."""
    bound = frozenset[str]().union(*(block.binds for block in kept))
    ways = NOTEBOOK_ONLY | NOTEBOOK_ONLY_BUILTINS
    for block in kept:
        for name, line in _names(block.node):
            if name in bound and name != "getpass":
                continue
            if name in ways:
                way_out = ways[name].replace("pass the value with --input name=value", "make the value a parameter")
                raise at(block.cell).refuse(line, f"'{name}' works in the notebook only.", way_out)
            if name in block.reads and _HISTORY.fullmatch(name):
                raise at(block.cell).refuse(line, f"'{name}' works in the notebook only.", NOTEBOOK_ONLY["Out"])
        for call in (n for n in ast.walk(block.node) if isinstance(n, ast.Call)):
            name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
            if name in _ASKING:
                raise at(block.cell).refuse(call.lineno, f"'{name}' works in the notebook only.", _ASKING[name])


def _names(node: ast.AST) -> list[tuple[str, int]]:
    return [(n.id, n.lineno) for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)]


def refuse_unbound(kept: Sequence[Block], gone: Sequence[Block], imports: Sequence[str], at: At) -> None:
    """CaptureError for a name that no kept cell above binds; it says when a cell that was left out would have.

    `imports`: the statements that the script has besides.
    """
    origin: list[tuple[int, int]] = []
    text: list[str] = []
    for block in kept:
        text += block.text
        origin += [(block.cell, block.line + index) for index in range(len(block.text))]
    known = {name for block in kept for name in block.binds}
    provided = _EVERYWHERE | bound_names(ast.parse("\n".join(imports)).body)
    tree = ast.parse("\n".join(text))
    waiting = _read_later(tree) & known
    for use in outside_names(tree, provided=provided).values():
        if use.is_required and use.name not in waiting | _EVERYWHERE:
            cell, line = origin[use.line - 1]
            raise _unbound(use.name, at(cell), line, gone, known)


def _read_later(tree: ast.Module) -> set[str]:
    """The names that lambdas read: when they run, a cell below may have bound them."""
    lambdas = (node for node in ast.walk(tree) if isinstance(node, ast.Lambda))
    return {n.id for one in lambdas for n in ast.walk(one.body) if isinstance(n, ast.Name)}


def _unbound(name: str, place: Place, line: int, gone: Sequence[Block], known: set[str]) -> CaptureError:
    maker = next((block for block in gone if name in block.binds), None)
    if maker is None:
        return place.lacks(line, name, known, _NOWHERE_DEFINED)
    what = f"name '{name}' is made in cell {maker.cell}, line {maker.line}, which the script goes without."
    return place.refuse(line, what, f"Keep that cell: tag it 'keep', or --keep {maker.cell}.")

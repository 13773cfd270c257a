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
_OF_COMMANDS: Final = {
    "n": "'\\n'.join({})", "s": "' '.join({})", "l": "{}", "p": "[Path(line) for line in {}]",
    "grep": "[line for line in {} if … in line]", "fields": "[line.split() for line in {}]",
}  # fmt: skip
"""What IPython's list of a command's lines can besides, and what does the same of a list."""
At = Callable[[int], Place]


def refuse_notebook_only(kept: Sequence[Block], at: At) -> None:
    """CaptureError for `In`, `Out`, `_12`, `input()`: there is no history and no keyboard in a job."""
    _refuse_more_than_lists(kept, at)
    bound = frozenset[str]().union(*(block.binds for block in kept))
    ways = NOTEBOOK_ONLY | NOTEBOOK_ONLY_BUILTINS
    for block in kept:
        for name, line in _names(block):
            if name in bound and name != "getpass":
                continue
            if name in ways:
                way_out = ways[name].replace("pass the value with --input name=value", "make the value a parameter")
                raise at(block.cell).refuse(line, f"'{name}' works in the notebook only.", way_out)
            if name in block.reads and _HISTORY.fullmatch(name):
                raise at(block.cell).refuse(line, f"'{name}' works in the notebook only.", NOTEBOOK_ONLY["Out"])
        for call in (n for n in block.nodes if isinstance(n, ast.Call)):
            name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
            if name in _ASKING:
                raise at(block.cell).refuse(call.lineno, f"'{name}' works in the notebook only.", _ASKING[name])


def _refuse_more_than_lists(kept: Sequence[Block], at: At) -> None:
    """CaptureError for `files.n` after `files = !ls`: in a script that is a plain list."""
    others = {name for block in kept if not _is_output(block.node) for name in block.binds}
    lists = {name for block in kept if _is_output(block.node) for name in block.binds} - others
    for block in kept if lists else ():
        for node in block.nodes:
            match node:
                case ast.Attribute(value=ast.Name(id=name), attr=attr) if name in lists and attr in _OF_COMMANDS:
                    what = f"'{name}.{attr}' works in the notebook only: what !… gives is a plain list in a script."
                    raise at(block.cell).refuse(node.lineno, what, f"Use {_OF_COMMANDS[attr].format(name)}.")
                case _:
                    pass


def _is_output(node: ast.stmt) -> bool:
    match node:
        case ast.Assign(value=ast.Call(func=ast.Attribute(value=ast.Call(func=ast.Attribute(attr="getoutput"))))):
            return True
        case _:
            return False


def _names(block: Block) -> list[tuple[str, int]]:
    return [(n.id, n.lineno) for n in block.nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)]


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
    required = [use for use in outside_names(tree, provided=provided).values() if use.is_required]
    excused = _EVERYWHERE | (_read_later(tree) & known if required else set[str]())
    for use in required:
        if use.name not in excused:
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

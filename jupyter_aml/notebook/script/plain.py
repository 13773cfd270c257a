"""A cell with magics → Python, line for line. IPython's own transformer finds the magics; none is run here."""

import ast
import re
import warnings
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from jupyter_aml.exceptions import CaptureError
from jupyter_aml.notebook.edits import place as position
from jupyter_aml.notebook.edits import replace
from jupyter_aml.notebook.scopes import bound_names
from jupyter_aml.notebook.script import magics
from jupyter_aml.notebook.script.cells import Cell
from jupyter_aml.notebook.script.magics import NoTranslationError, Translation
from jupyter_aml.notebook.script.place import Place
from jupyter_aml.notebook.script.script import Change

_CELL_MAGIC: Final = re.compile(r"%%(?P<name>\w[\w.]*)[ \t]*(?P<said>.*)")
_AUTOMAGIC: Final = re.compile(r"^(?P<indent>\s*)(?P<line>(?:pip3?|conda|mamba)\s+install\b.*)$", re.MULTILINE)
_GOES_ON: Final = re.compile(r"^\s*(?:[\w.,\s]+=\s*)?[%!].*\\$")
_SHELL: Final = "get_ipython"


@dataclass(slots=True)
class Plain:
    """A cell's Python: `text` has the cell's lines. `dropped` says which top-level statements go, by their line."""

    cell: Cell
    text: str
    changes: list[Change] = field(default_factory=list[Change])
    dropped: dict[int, Translation] = field(default_factory=dict[int, Translation])
    imports: list[str] = field(default_factory=list[str])
    installs: list[str] = field(default_factory=list[str])
    writes: list[str] = field(default_factory=list[str])
    runs_commands: bool = False

    def takes(self, line: int, before: str, translation: Translation) -> None:
        """Note what a magic became."""
        self.installs += translation.installs
        if translation.code:
            self.imports += translation.imports
            self.writes += [translation.writes] if translation.writes else []
            self.runs_commands |= "subprocess" in translation.code
        self.changes.append(Change(self.cell.number, line, translation.rule, before, translation.code))


def plain(cell: Cell, place: Place, known: Collection[str]) -> Plain:
    """The cell without magics; `known` are the names that the notebook binds.

    Raises:
        CaptureError: a magic that has no Python, or a syntax error, by cell and line.
    """
    if not cell.source.strip():
        return Plain(cell, "")
    above = len(cell.source) - len(cell.source.lstrip("\n"))
    found = _CELL_MAGIC.match(cell.source.lstrip("\n"))
    if found:
        return _of_cell_magic(cell, place, known, found, above)
    if _is_python(cell.source) and _SHELL not in cell.source:
        return Plain(cell, cell.source)
    try:
        text = _transformed(cell.source)
    except SyntaxError as error:
        raise place.refuse(above + (error.lineno or 1), f"SyntaxError: {error.msg}") from None
    return _translated(Plain(cell, text), place, known)


def names(cell: Cell) -> frozenset[str]:
    """The names that a cell binds, its magics left aside; none when it is no Python."""
    source = cell.source
    if _CELL_MAGIC.match(source.lstrip("\n")):
        source = source.lstrip("\n").partition("\n")[2]
    try:
        return bound_names(ast.parse(source if _is_python(source) else _transformed(source)).body)
    except (SyntaxError, ValueError):
        return frozenset()


def _of_cell_magic(cell: Cell, place: Place, known: Collection[str], found: re.Match[str], above: int) -> Plain:
    line = above + 1
    body = cell.source.lstrip("\n")[found.end() :].removeprefix("\n")
    body = body if body.endswith("\n") or not body else body + "\n"
    try:
        translation = magics.cell_magic(found["name"], found["said"].strip(), body, known)
    except NoTranslationError as error:
        raise place.refuse(line, *map(str, error.args)) from None
    if translation.keeps_body:
        inner = plain(Cell(cell.number, "\n" * line + body, cell.tags, cell.headings), place, known)
        inner.changes.insert(0, Change(cell.number, line, translation.rule, found[0].strip()))
        return inner
    made = Plain(cell, "\n" * above + translation.code)
    made.takes(line, _short(cell.source.strip()), translation)
    return made


def _short(text: str) -> str:
    first, _, rest = text.partition("\n")
    return f"{first} …" if rest.strip() else first


@lru_cache(maxsize=512)
def _is_python(source: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(source)
    except (SyntaxError, ValueError):
        return False
    return True


@lru_cache(maxsize=512)
def _transformed(source: str) -> str:
    """What IPython makes of a cell, with as many lines."""
    from IPython.core.inputtransformer2 import TransformerManager  # half a second: only for cells with magics

    above = len(source) - len(source.lstrip("\n"))
    source = _AUTOMAGIC.sub(r"\g<indent>%\g<line>", source)
    transform = TransformerManager().transform_cell
    made = transform(source)
    if made.count("\n") + above < source.rstrip("\n").count("\n") + 1:
        made = transform(_joined(source))
    return "\n" * above + made


def _joined(source: str) -> str:
    """Magics that go on after a backslash on one line, with blank lines for those that they took."""
    lines = source.split("\n")
    for number, line in enumerate(lines):
        if _GOES_ON.match(line):
            end = number
            while lines[end].endswith("\\") and end + 1 < len(lines):
                end += 1
            whole = " ".join(part.removesuffix("\\") for part in lines[number : end + 1])
            lines[number : end + 1] = [whole, *[""] * (end - number)]
    return "\n".join(lines)


# Calls of IPython's shell, as its transformer writes them


@dataclass(frozen=True, slots=True)
class _Call:
    node: ast.Call
    verb: str
    words: tuple[str, ...]
    statement: ast.Expr | None
    is_top: bool


def _translated(made: Plain, place: Place, known: Collection[str]) -> Plain:
    tree = parsed(made.text, place)
    lines = made.text.split("\n")
    for call in sorted(_calls(tree, place), key=lambda call: position(call.node), reverse=True):
        _edit(made, place, lines, call, known)
    made.text = "\n".join(lines)
    made.changes.reverse()
    return made


def _edit(made: Plain, place: Place, lines: list[str], call: _Call, known: Collection[str]) -> None:
    at = call.node.lineno
    try:
        translation = _translation(call, known)
    except NoTranslationError as error:
        raise place.refuse(at, *map(str, error.args)) from None
    if not translation.code and call.statement is None:
        raise place.refuse(at, "what this magic gives exists in a notebook only.", "Tag the cell 'exploratory'.")
    source = made.cell.source.split("\n")
    made.takes(at, source[at - 1].strip() if at <= len(source) else "", translation)
    if not translation.code and call.is_top:
        made.dropped[at] = translation
        return
    replace(lines, call.node, translation.code or "pass")


def _translation(call: _Call, known: Collection[str]) -> Translation:
    is_value = call.statement is None
    match call.verb, call.words:
        case "run_line_magic", (name, said, *_):
            return magics.line_magic(name, said, known, is_value=is_value)
        case "magic", (whole,):
            name, _, said = whole.lstrip("%").partition(" ")
            return magics.line_magic(name, said, known, is_value=is_value)
        case "system", (command,):
            return magics.system(command, known)
        case "getoutput", (command,):
            return magics.output_of(command, known)
        case _:
            raise NoTranslationError(
                "there is no IPython shell outside a notebook.", "Remove it, or tag the cell 'exploratory'."
            )


def _calls(tree: ast.Module, place: Place) -> Iterator[_Call]:
    top = set(map(id, tree.body))
    nodes = list(ast.walk(tree))
    bare = {id(node.value): node for node in nodes if isinstance(node, ast.Expr)}
    understood = set[int]()
    for node in nodes:
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Call(func=ast.Name(id="get_ipython") as shell), attr=verb)):
                understood.add(id(shell))
                words = [arg.value for arg in node.args if isinstance(arg, ast.Constant)]
                statement = bare.get(id(node))
                is_whole = len(words) == len(node.args)
                yield _Call(
                    node, verb if is_whole else "", tuple(map(str, words)), statement,
                    statement is not None and id(statement) in top,
                )  # fmt: skip
            case _:
                pass
    for node in nodes:
        if isinstance(node, ast.Name) and node.id == _SHELL and id(node) not in understood:
            raise place.refuse(node.lineno, "there is no IPython shell outside a notebook.", "Remove it.")


def parsed(text: str, place: Place) -> ast.Module:
    """The syntax tree of a cell's Python. CaptureError for a syntax error, by cell and line."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
            compile(tree, "<cell>", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    except SyntaxError as error:
        raise place.refuse(error.lineno or 1, f"SyntaxError: {error.msg}") from None
    except (ValueError, RecursionError, MemoryError) as error:
        raise CaptureError(f"{place.notebook}, cell {place.cell.number}: this is not Python: {error}") from None
    return tree

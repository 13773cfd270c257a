"""Which assignments of a notebook are its parameters, and of what kind. Nothing is evaluated but literals."""

import ast
import io
import re
import tokenize
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

from jupyter_aml.exceptions import CaptureError, did_you_mean
from jupyter_aml.notebook.script.blocks import Block
from jupyter_aml.notebook.script.cells import Cell
from jupyter_aml.notebook.script.script import Kind, Parameter

TAG: Final = "parameters"
COMMENT: Final = re.compile(r"^\s*#+\s*(?:hyper)?-?parameters?\s*(?:[:(–—-].*)?$", re.IGNORECASE | re.MULTILINE)
_KINDS: Final[Mapping[str, Kind]] = {
    "int": "integer", "float": "number", "bool": "boolean", "str": "string", "list": "json", "dict": "json",
    "tuple": "json", "Path": "string",
}  # fmt: skip
_OF_VALUE: Final[Mapping[type, Kind]] = {bool: "boolean", int: "integer", float: "number", str: "string"}
_RESERVED: Final = frozenset({"help", "h"})


@dataclass(frozen=True, slots=True)
class _Typed:
    """What an annotation says."""

    kind: Kind | None = None
    choices: tuple[object, ...] = ()
    is_optional: bool = False


def is_parameters(cell: Cell) -> bool:
    """The cell is tagged `parameters`, or begins with the comment `# parameters`."""
    return TAG in cell.tags or bool(COMMENT.match(cell.source.lstrip("\n")))


def found(
    blocks: list[Block], cells: Mapping[int, Cell], chosen: Collection[str], folder: Path, notebook: str
) -> dict[Block, Parameter]:
    """The statements that are parameters: those of the parameters cells, and the `chosen` names' first assignments.

    Raises:
        CaptureError: a chosen name is no plain assignment of a literal.
    """
    parameters: dict[Block, Parameter] = {}
    names = set[str]()
    for block in blocks:
        name = _name(block.node)
        if name and name not in names and (name in chosen or is_parameters(cells[block.cell])):
            parameter = _parameter(name, block, folder)
            if parameter is not None:
                parameters[block] = parameter
                names.add(name)
    _refuse_missing(chosen, names, blocks, notebook)
    return parameters


def _refuse_missing(chosen: Collection[str], names: Collection[str], blocks: list[Block], notebook: str) -> None:
    for wanted in chosen:
        if wanted not in names:
            known = {name for block in blocks if (name := _name(block.node)) and _literal(block.node) is not None}
            message = f"{notebook}: no cell assigns a plain value to '{wanted}'."
            raise CaptureError(message, resolution=did_you_mean(wanted, known))


def _name(node: ast.stmt) -> str:
    """The one name that a statement assigns to."""
    match node:
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr()):
            return "" if name.startswith("_") or name in _RESERVED else name
        case _:
            return ""


def _parameter(name: str, block: Block, folder: Path) -> Parameter | None:
    value = _literal(block.node)
    if value is None:
        return None
    typed = _typed(block.node.annotation) if isinstance(block.node, ast.AnnAssign) else _Typed()
    default = value[0]
    kind = typed.kind or _kind_of(default)
    if kind == "number" and isinstance(default, int) and not isinstance(default, bool):
        default = float(default)
    if kind == "string" and isinstance(default, str):
        kind = kind_of_path(default, folder) or kind
    return Parameter(
        name, kind, default, block.cell, block.line, help=_help(block), choices=typed.choices,
        is_optional=typed.is_optional or default is None,
    )  # fmt: skip


def _kind_of(value: object) -> Kind:
    if value is None:
        return "string"
    found: list[Kind] = [kind for one, kind in _OF_VALUE.items() if isinstance(value, one)]
    return found[0] if found else "json"


def _literal(node: ast.stmt) -> tuple[Any] | None:
    """The value of a statement when it is plain data; arithmetic of numbers counts."""
    value = cast("ast.expr", node.value) if isinstance(node, ast.Assign | ast.AnnAssign) else None
    if value is None:
        return None
    try:
        made: Any = ast.literal_eval(value)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return _arithmetic(value)
    return (made,) if _is_data(made) else None


def _is_data(value: object) -> bool:
    match value:
        case None | bool() | int() | float() | str():
            return True
        case list() | tuple():
            return all(_is_data(one) for one in cast("list[object]", value))
        case dict():
            pairs = cast("dict[object, object]", value)
            return all(isinstance(key, str) and _is_data(one) for key, one in pairs.items())
        case _:
            return False


def _arithmetic(node: ast.expr) -> tuple[float | int] | None:
    """`1 / 3`, `2 ** 10`, `60 * 60`: folded as Python's own compiler folds them."""
    kinds = (ast.BinOp, ast.UnaryOp, ast.operator, ast.unaryop)
    if not isinstance(node, ast.BinOp) or not all(
        isinstance(n, kinds) or (isinstance(n, ast.Constant) and type(n.value) in {int, float}) for n in ast.walk(node)
    ):
        return None
    code = compile(ast.Expression(node), "<parameter>", "eval")
    numbers = [one for one in code.co_consts if type(one) in {int, float}]
    return (numbers[0],) if len(numbers) == 1 and len(code.co_consts) == 1 else None


def kind_of_path(text: str, folder: Path) -> Kind | None:
    """What lies at a relative path of the notebook's folder, as an input's type; None when nothing does."""
    if not text.strip() or "\0" in text or "\n" in text or text.startswith(("/", "~")) or Path(text).is_absolute():
        return None
    try:
        place = folder / text
        if text in {".", "./"} or not place.exists():
            return None
        return "uri_folder" if place.is_dir() else "uri_file"
    except OSError:
        return None


def _typed(node: ast.expr) -> _Typed:
    """`int`, `Literal["a", "b"]`, `float | None`, `Optional[int]`, `list[int]`, `Annotated[float, …]`."""
    match node:
        case ast.Constant(value=str(text)):
            return _typed_text(text)
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return _Typed(_KINDS.get(name))
        case ast.BinOp(op=ast.BitOr(), left=left, right=right):
            return _either([left, right])
        case ast.Subscript(value=ast.Name(id=name) | ast.Attribute(attr=name), slice=inner):
            return _subscripted(name, inner)
        case _:
            return _Typed()


def _typed_text(text: str) -> _Typed:
    try:
        return _typed(ast.parse(text, mode="eval").body)
    except SyntaxError:
        return _Typed()


def _subscripted(name: str, inner: ast.expr) -> _Typed:
    parts = inner.elts if isinstance(inner, ast.Tuple) else [inner]
    match name:
        case "Literal":
            choices = tuple(part.value for part in parts if isinstance(part, ast.Constant))
            kinds: set[Kind] = {_kind_of(choice) for choice in choices}
            return _Typed(kinds.pop() if len(kinds) == 1 else None, choices)
        case "Optional":
            return _Typed(_typed(inner).kind, _typed(inner).choices, is_optional=True)
        case "Union":
            return _either(parts)
        case "Annotated" | "Final":
            return _typed(parts[0])
        case _:
            return _Typed(_KINDS.get(name.lower()))


def _either(parts: list[ast.expr]) -> _Typed:
    is_none = [isinstance(part, ast.Constant) and part.value is None for part in parts]
    typed = [_typed(part) for part, none in zip(parts, is_none, strict=True) if not none]
    first = typed[0] if len(typed) == 1 else _Typed()
    return _Typed(first.kind, first.choices, is_optional=any(is_none) or first.is_optional)


def _help(block: Block) -> str:
    """The comment behind the assignment, else the one above it."""
    for comment in _comments_in(block.text):
        return comment
    above = [line.text.lstrip("# ").strip() for line in block.comments if line.text.startswith("#")]
    above = [text for text in above if not COMMENT.match(f"# {text}")]
    return above[-1] if above and block.comments and block.comments[-1].text else ""


def _comments_in(text: list[str]) -> Iterator[str]:
    if not any("#" in line for line in text):
        return
    for token in tokenize.generate_tokens(io.StringIO("\n".join(text) + "\n").readline):
        if token.type == tokenize.COMMENT and token.string.lstrip("# "):
            yield token.string.lstrip("#! ").strip()

"""Data beside the notebook that its code reads by a relative path: each becomes an input. Files are only looked for."""

import ast
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from jupyter_aml.notebook.script.blocks import Block
from jupyter_aml.notebook.script.parameters import kind_of_path
from jupyter_aml.notebook.script.script import Kind

_READS: Final = re.compile(
    r"^(?:read_\w+|load|loadtxt|genfromtxt|fromfile|memmap|open|open_dataset|imread|listdir|scandir|walk|glob|iglob|rglob"
    r"|Path|exists|isfile|isdir|load_model|read|from_\w+_files|from_file|load_from_file|ImageFolder|load_dataset"
    r"|image_dataset_from_directory|getsize|Dataset|ZipFile|loadmat|join)$"
)
_WRITES: Final = re.compile(
    r"^(?:to_\w+|dump|save\w*|savez?|savetxt|write\w*|mkdir|makedirs|imsave|imwrite|export\w*|touch|log_artifacts?"
    r"|copy\w*|move|rename|unlink|remove|rmtree|FileHandler)$"
)
_DATA: Final = re.compile(r"[\w*?\]]/[\w*?\[]|\w\.[a-zA-Z]\w{1,7}\b")
_LONGEST: Final = 500
"""Characters of a text that may be or hold a path."""


@dataclass(frozen=True, slots=True)
class PathLiteral:
    """A text in the code that names a file or folder which is there."""

    block: Block
    node: ast.Constant
    text: str
    kind: Kind
    is_in_function: bool


def assigned(blocks: list[Block], folder: Path, written: Collection[str]) -> dict[Block, Kind]:
    """Assignments of a path that is there, to a name that something reads from: parameters by their own name."""
    found: dict[Block, Kind] = {}
    for block in blocks:
        match block.node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=str(text))):
                kind = None if text in written else kind_of_path(text, folder)
                if kind and _is_read(name, blocks) and sum(name in other.binds for other in blocks) == 1:
                    found[block] = kind
            case _:
                pass
    return found


def text_of(block: Block) -> str:
    """The text that a statement assigns."""
    match block.node:
        case ast.Assign(value=ast.Constant(value=str(text))):
            return text
        case _:
            return ""


def _is_read(name: str, blocks: list[Block]) -> bool:
    """A reading call, a path's join or an f-string has the name in it; no writing one."""
    is_used = False
    for block in blocks:
        for call in (n for n in block.nodes if isinstance(n, ast.Call)):
            inside = any(isinstance(n, ast.Name) and n.id == name for a in call.args for n in ast.walk(a))
            if inside and _writes(call):
                return False
            is_used |= inside and bool(_READS.match(_called(call)))
    return is_used


def written(blocks: list[Block]) -> frozenset[str]:
    """The paths that the notebook itself writes."""
    found = set[str]()
    for block in blocks:
        for call in (n for n in block.nodes if isinstance(n, ast.Call)):
            texts = _texts([*call.args, *(k.value for k in call.keywords)]) if _writes(call) else []
            found.update(texts)
            if _writes(call) and isinstance(call.func, ast.Attribute):
                found.update(_texts([call.func.value]))
    return frozenset(found)


def _texts(nodes: Collection[ast.expr]) -> list[str]:
    inner = (n for node in nodes for n in ast.walk(node))
    return [n.value for n in inner if isinstance(n, ast.Constant) and isinstance(n.value, str)]


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _writes(call: ast.Call) -> bool:
    name = _called(call)
    if name == "open":
        modes = [
            a.value
            for a in [*call.args[1:2], *(k.value for k in call.keywords if k.arg == "mode")]
            if isinstance(a, ast.Constant)
        ]
        return any(isinstance(mode, str) and bool(set(mode) & set("wax+")) for mode in modes)
    return bool(_WRITES.match(name))


def literals(blocks: list[Block], folder: Path, own: Collection[str]) -> Iterator[PathLiteral]:
    """The texts in reading calls that name something which is there."""
    for block in blocks:
        if not any(isinstance(n, ast.Constant) and isinstance(n.value, str) for n in block.nodes):
            continue
        headers = set(map(id, _evaluated_at_definition(block.node)))
        for call, is_in_function in _calls(block.node):
            if not _READS.match(_called(call)) or _writes(call):
                continue
            for arg in [
                *call.args[:1],
                *(k.value for k in call.keywords if k.arg in {"path", "filepath_or_buffer", "file"}),
            ]:
                match arg:
                    case ast.Constant(value=str(text)) if text not in own and id(arg) not in headers:
                        if kind := kind_of_path(text, folder):
                            yield PathLiteral(block, arg, text, kind, is_in_function)
                    case _:
                        pass


def missing(blocks: list[Block], folder: Path, own: Collection[str]) -> Iterator[tuple[Block, str]]:
    """Reading calls of data that is not there."""
    for block in blocks:
        for call in (n for n in block.nodes if isinstance(n, ast.Call)):
            match call:
                case ast.Call(func=ast.Attribute(attr=name), args=[ast.Constant(value=str(text)), *_]):
                    is_file = name.startswith("read_") and re.fullmatch(r"[\w./ -]+\.\w{2,8}", text)
                    if is_file and text not in own and not kind_of_path(text, folder) and not text.startswith("/"):
                        yield block, text
                case _:
                    pass


def left(blocks: list[Block], folder: Path, own: Collection[str]) -> Iterator[tuple[Block, int, str]]:
    """Other texts that name data which is there: defaults of functions, patterns, parts of f-strings, commands.

    Asked when the paths that became inputs are out of the code.
    """
    for block in blocks:
        for node in block.nodes:
            match node:
                case ast.Constant(value=str(text)) if len(text) < _LONGEST and _DATA.search(text):
                    words = [word for word in re.split(r"[\s'\"]+", text) if _is_data(word, folder, own)]
                    yield from ((block, node.lineno, word) for word in words)
                case _:
                    pass


def _is_data(word: str, folder: Path, own: Collection[str]) -> bool:
    """A relative path with a folder or an ending, or a pattern, of something that is there and is no code."""
    fixed = re.split(r"[*?\[]", word, maxsplit=1)[0]
    if not _DATA.search(word) or word in own or word.startswith("outputs") or word.endswith(".py"):
        return False
    if fixed != word:
        return kind_of_path(fixed.rpartition("/")[0], folder) is not None
    return kind_of_path(word, folder) is not None


def _calls(node: ast.AST, *, is_in_function: bool = False) -> Iterator[tuple[ast.Call, bool]]:
    inside = is_in_function or isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
    if isinstance(node, ast.Call):
        yield node, is_in_function
    for child in ast.iter_child_nodes(node):
        yield from _calls(child, is_in_function=inside)


def _evaluated_at_definition(node: ast.stmt) -> Iterator[ast.AST]:
    """What runs before `main`: defaults of functions, bodies of classes. Nothing can be put in there."""
    for inner in ast.walk(node):
        match inner:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                for default in [*inner.args.defaults, *inner.args.kw_defaults, *inner.decorator_list]:
                    yield from ast.walk(default) if default else ()
            case ast.ClassDef():
                for part in inner.body:
                    yield from () if isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef)) else ast.walk(part)
            case _:
                pass


def name_for(text: str, kind: Kind, taken: Collection[str]) -> str:
    """A name for the input: the file's without its ending, else with a number."""
    stem = Path(text.rstrip("/*")).name if kind == "uri_folder" else Path(text).stem
    name = re.sub(r"\W+", "_", stem).strip("_").lower() or "data"
    name = f"data_{name}" if name[0].isdigit() else name
    tries = (name, f"{name}_data", *(f"{name}_{n}" for n in range(2, 1000)))
    return next(one for one in tries if one not in taken)

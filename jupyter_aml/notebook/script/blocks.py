"""A cell's Python → its statements, each with its text and the names it needs and binds. Nothing is decided here."""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from jupyter_aml.notebook.scopes import (
    Function,
    Read,
    Scope,
    bound_names,
    class_body_events,
    events,
    function_reads,
    header,
    type_parameters,
)
from jupyter_aml.notebook.script.plain import Plain

_FUNCTIONS: Final = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of the script and the line of the notebook that it comes from; 0: it comes from none."""

    text: str
    cell: int = 0
    line: int = 0


@dataclass(slots=True, eq=False)
class Block:
    """One top-level statement with the comments above it.

    `now`: names that it reads when it runs; `later`: those that functions in it read when they are called;
    `declares`: those that functions in it bind for everybody, by `global`. `nodes`: its syntax, walked once.
    """

    cell: int
    line: int
    node: ast.stmt
    text: list[str]
    comments: list[TextLine] = field(default_factory=list[TextLine])
    binds: frozenset[str] = frozenset()
    now: frozenset[str] = frozenset()
    later: frozenset[str] = frozenset()
    declares: frozenset[str] = frozenset()
    nodes: tuple[ast.AST, ...] = ()

    def read_again(self) -> None:
        """The same after its text was changed."""
        self.node = ast.parse("\n".join(self.text)).body[0]
        ast.increment_lineno(self.node, self.line - 1)
        self._analyse()

    def _analyse(self) -> None:
        self.nodes = tuple(ast.walk(self.node))
        self.declares = frozenset(name for n in self.nodes if isinstance(n, ast.Global) for name in n.names)
        self.binds = bound_names([self.node])
        self.now = frozenset(now(self.node))
        self.later = frozenset(later(self.node))

    @classmethod
    def of(cls, cell: int, node: ast.stmt, text: list[str], comments: list[TextLine]) -> "Block":
        """A statement, looked at."""
        block = cls(cell, start(node), node, text, comments)
        block._analyse()
        return block

    @property
    def reads(self) -> frozenset[str]:
        """Every name that it needs, now or later."""
        return self.now | self.later

    @property
    def lines(self) -> list[TextLine]:
        """Its text, comments above it first."""
        return [*self.comments, *(TextLine(t, self.cell, self.line + i) for i, t in enumerate(self.text))]

    @property
    def short(self) -> str:
        """Its first line, for tables."""
        return self.text[0] + (" …" if len(self.text) > 1 else "")


def blocks(made: Plain, tree: ast.Module) -> tuple[list[Block], list[TextLine]]:
    """The statements of a cell in order, and the comments below the last of them."""
    lines = made.text.split("\n")
    found: list[Block] = []
    end = 0
    for index, node in enumerate(tree.body):
        following = tree.body[index + 1] if index + 1 < len(tree.body) else None
        comments = list(_comments(made.cell.number, lines, end, start(node) - 1))
        found.append(Block.of(made.cell.number, node, _text(lines, node, following), comments))
        end = node.end_lineno or node.lineno
    return found, list(_comments(made.cell.number, lines, end, len(lines)))


def start(node: ast.stmt) -> int:
    """The line on which a statement begins, decorators too."""
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(one.lineno for one in decorators)])


def _comments(cell: int, lines: list[str], first: int, end: int) -> Iterator[TextLine]:
    """Comment lines in between; blank lines only within them."""
    found = [TextLine(lines[i].strip(), cell, i + 1) for i in range(first, end)]
    while found and not found[0].text:
        del found[0]
    while found and not found[-1].text:
        del found[-1]
    return (line for line in found if line.text.startswith("#") or not line.text)


def _text(lines: list[str], node: ast.stmt, following: ast.stmt | None) -> list[str]:
    """The statement's own lines: without what stands before or behind it on a line, but a comment."""
    first, last = start(node) - 1, (node.end_lineno or node.lineno) - 1
    text = lines[first : last + 1]
    shares_line = following is not None and following.lineno == node.end_lineno
    encoded = text[-1].encode()
    rest = encoded[node.end_col_offset or 0 :].decode().lstrip("; \t")
    kept = encoded[: node.end_col_offset].decode()
    comment = f"  {rest}" if rest.startswith("#") and not shares_line else ""
    text[-1] = kept + comment
    if first == node.lineno - 1 and node.col_offset:
        text[0] = text[0].encode()[node.col_offset :].decode()
    return text


def now(node: ast.stmt) -> Iterator[str]:
    """The names that a statement reads at once."""
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            yield from _names(events(part, _scope(node)) for part in header(node))
        case ast.ClassDef():
            yield from _names(events(part, _scope(node)) for part in header(node))
            at_once, methods = _split(node)
            inner = Scope().with_class_names({*type_parameters(node), *(method.name for method in methods)})
            yield from _names([class_body_events(at_once, inner)])
            for method in methods:
                names = inner.with_class_names(bound_names(node.body))
                yield from _names(events(part, names) for part in header(method))
        case _:
            yield from _names([events(node, Scope())])


def later(node: ast.stmt) -> Iterator[str]:
    """The names that the functions of a definition read when they are called."""
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            yield from _names([function_reads(node, Scope())])
        case ast.ClassDef():
            for method in _split(node)[1]:
                yield from _names([function_reads(method, Scope())])
        case _:
            return


def called(node: ast.AST) -> set[str]:
    """The names whose functions a definition calls at once: its decorators, and calls in a class's body."""
    found = set[str]()
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            places: list[ast.AST] = [*header(node)]
        case ast.ClassDef():
            places = [*header(node), *_split(node)[0].body]
            places += [part for method in _split(node)[1] for part in header(method)]
        case _:
            places = [node]
    for decorator in getattr(node, "decorator_list", []):
        found.update(one.id for one in ast.walk(decorator) if isinstance(one, ast.Name))
    for place in places:
        calls = (one.func for one in ast.walk(place) if isinstance(one, ast.Call))
        found.update(one.id for call in calls for one in ast.walk(call) if isinstance(one, ast.Name))
    return found


def _split(node: ast.ClassDef) -> tuple[ast.ClassDef, list[Function]]:
    methods = [part for part in node.body if isinstance(part, _FUNCTIONS)]
    rest = [part for part in node.body if part not in methods] or [ast.Pass()]
    return ast.ClassDef(node.name, [], [], rest, []), methods


def _scope(node: ast.AST) -> Scope:
    names = type_parameters(node)
    return Scope(names, names)


def _names(found: Iterable[Iterable[object]]) -> Iterator[str]:
    return (one.name for each in found for one in each if isinstance(one, Read))


def root(node: ast.expr) -> str:
    """The name that a chain of attributes, calls and subscripts begins with; empty when it begins otherwise."""
    while True:
        match node:
            case ast.Attribute(value=inner) | ast.Subscript(value=inner) | ast.Call(func=inner):
                node = inner
            case ast.Name(id=name):
                return name
            case _:
                return ""


def in_strings(text: list[str]) -> frozenset[int]:
    """The indexes of lines that begin within a string: their indentation is part of it."""
    import io
    import tokenize

    inside = set[int]()
    open_at: list[int] = []
    start_of = {getattr(tokenize, "FSTRING_START", -1), getattr(tokenize, "TSTRING_START", -1)}
    end_of = {getattr(tokenize, "FSTRING_END", -1), getattr(tokenize, "TSTRING_END", -1)}
    for token in tokenize.generate_tokens(io.StringIO("\n".join(text) + "\n").readline):
        if token.type == tokenize.STRING:
            inside.update(range(token.start[0], token.end[0]))
        elif token.type in start_of:
            open_at.append(token.start[0])
        elif token.type in end_of and open_at:
            inside.update(range(open_at.pop(), token.end[0]))
    return frozenset(inside)


_QUOTES: Final = re.compile(r"\"\"\"|'''|\\\n")


def indented(text: list[str], by: str = "    ") -> list[str]:
    """The lines, deeper; what is within strings of several lines stays."""
    whole = "\n".join(text)
    kept = in_strings(text) if _QUOTES.search(whole) else frozenset[int]()
    return [line if i in kept or not line.strip() else by + line for i, line in enumerate(text)]

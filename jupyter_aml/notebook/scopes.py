"""Names in Python syntax: which a scope binds and which nested code reads from outside. Nothing runs here."""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
Comprehension: TypeAlias = ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp

_FUNCTIONS: Final = (ast.FunctionDef, ast.AsyncFunctionDef)
_COMPREHENSIONS: Final = (ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp)


@dataclass(frozen=True, slots=True)
class Read:
    """Code reads a name of the cell's own (global) scope. Soft: it is no error when there is none."""

    name: str
    line: int
    column: int
    is_soft: bool = False


@dataclass(frozen=True, slots=True)
class Bind:
    """An expression binds a name of the enclosing scope (`:=`)."""

    name: str


Event: TypeAlias = Read | Bind


@dataclass(frozen=True, slots=True)
class Scope:
    """`here`: names that are local at this place; `inside`: those that nested functions see too."""

    here: frozenset[str] = frozenset()
    inside: frozenset[str] = frozenset()
    is_function: bool = False

    def with_locals(self, names: Iterable[str], hidden: Iterable[str] = ()) -> "Scope":
        """The scope of a function nested here; names it declares `global` are not local to it."""
        known = (self.inside | frozenset(names)) - frozenset(hidden)
        return Scope(known, known, is_function=True)

    def with_class_names(self, names: Iterable[str]) -> "Scope":
        return Scope(self.here | frozenset(names), self.inside, self.is_function)


def bound_names(nodes: Iterable[ast.AST]) -> frozenset[str]:
    """The names that these nodes bind in their own scope."""
    finder = _Binder()
    for node in nodes:
        finder.visit(node)
    return frozenset(finder.names - finder.declared)


def global_declarations(nodes: Iterable[ast.AST]) -> frozenset[str]:
    """The names that any code below declares `global`."""
    found = (n for node in nodes for n in ast.walk(node) if isinstance(n, ast.Global))
    return frozenset(name for statement in found for name in statement.names)


class _Binder(ast.NodeVisitor):
    """Collects stores of one scope; the bodies of nested functions, lambdas and classes are other scopes."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.declared: set[str] = set()
        self.in_comprehension = 0

    def visit(self, node: ast.AST) -> None:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                self.names.add(node.name)
                for outer in header(node):
                    self.visit(outer)
            case ast.Lambda():
                return
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
                self.in_comprehension += 1
                self.generic_visit(node)
                self.in_comprehension -= 1
            case _:
                self._leaf(node)
                self.generic_visit(node)

    def _leaf(self, node: ast.AST) -> None:
        match node:
            case ast.NamedExpr(target=ast.Name(id=name)):
                self.names.add(name)
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()) if not self.in_comprehension:
                self.names.add(name)
            case ast.alias():
                self.names.add(node.asname or node.name.partition(".")[0])
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)):
                self.names.add(name)
            case ast.MatchStar(name=str(name)) | ast.MatchMapping(rest=str(name)):
                self.names.add(name)
            case ast.Global() | ast.Nonlocal():
                self.declared.update(node.names)
            case _:
                pass


def header(node: Function | ast.ClassDef | ast.Lambda) -> Iterator[ast.AST]:
    """What Python evaluates when it meets a definition: decorators, defaults, bases, annotations."""
    if isinstance(node, ast.ClassDef):
        yield from (*node.decorator_list, *node.bases, *node.keywords)
        return
    if isinstance(node, _FUNCTIONS):
        yield from node.decorator_list
    yield from node.args.defaults
    yield from (d for d in node.args.kw_defaults if d is not None)
    if isinstance(node, _FUNCTIONS):
        yield from (a.annotation for a in arguments(node.args) if a.annotation is not None)
        if node.returns is not None:
            yield node.returns


def arguments(args: ast.arguments) -> Iterator[ast.arg]:
    """Every parameter of a signature."""
    yield from (*args.posonlyargs, *args.args, *args.kwonlyargs)
    yield from (a for a in (args.vararg, args.kwarg) if a is not None)


def type_parameters(node: ast.AST) -> frozenset[str]:
    """The names of `def f[T]`, `class C[T]`, `type A[T]` (Python 3.12)."""
    return frozenset(p.name for p in getattr(node, "type_params", ()))


def events(node: ast.AST, scope: Scope) -> Iterator[Event]:
    """Reads of global names and bindings in `node`, in the order Python evaluates them."""
    match node:
        case ast.Name(ctx=ast.Load()):
            if node.id not in scope.here:
                yield Read(node.id, node.lineno, node.col_offset)
        case ast.NamedExpr():
            yield from events(node.value, scope)
            yield Bind(node.target.id)
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
            yield from _each(header(node), _with_type_parameters(node, scope))
            yield from function_reads(node, scope)
        case ast.ClassDef():
            yield from _each(header(node), _with_type_parameters(node, scope))
            yield from class_body_events(node, scope)
        case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
            yield from _comprehension(node, scope)
        case ast.AnnAssign() if scope.is_function and isinstance(node.target, ast.Name):
            yield from _each([node.value] if node.value else [], scope)
        case ast.AugAssign(target=ast.Name(id=name)):
            yield from events(ast.Name(name, ast.Load(), **_place(node.target)), scope)
            yield from events(node.value, scope)
        case ast.Call(func=ast.Attribute(attr="query" | "eval")):
            yield from _names_in_queries(node, scope)
            yield from _each(ast.iter_child_nodes(node), scope)
        case _:
            yield from _each(ast.iter_child_nodes(node), scope)


def function_reads(node: Function | ast.Lambda, scope: Scope) -> Iterator[Read]:
    """The global names that the body of a function reads when it runs."""
    body: list[ast.AST] = [node.body] if isinstance(node, ast.Lambda) else [*node.body]
    own = {a.arg for a in arguments(node.args)} | bound_names(body) | type_parameters(node)
    inner = scope.with_locals(own, hidden=_declared_here(body))
    yield from (e for e in _each(body, inner) if isinstance(e, Read))


def class_body_events(node: ast.ClassDef, scope: Scope) -> Iterator[Read]:
    """Reads of a class body, which runs at once and in order; its names are not seen by its methods."""
    inner = _with_type_parameters(node, scope)
    for statement in node.body:
        bound = bound_names([statement])
        is_block = isinstance(statement, (ast.If, ast.For, ast.While, ast.With, ast.Try))
        place = inner.with_class_names(bound) if is_block else inner
        yield from (e for e in events(statement, place) if isinstance(e, Read))
        inner = inner.with_class_names(bound)


def _with_type_parameters(node: ast.AST, scope: Scope) -> Scope:
    names = type_parameters(node)
    return Scope(scope.here | names, scope.inside | names, scope.is_function) if names else scope


def _each(nodes: Iterable[ast.AST], scope: Scope) -> Iterator[Event]:
    for node in nodes:
        yield from events(node, scope)


def _comprehension(node: Comprehension, scope: Scope) -> Iterator[Event]:
    first = node.generators[0]
    yield from events(first.iter, scope)
    targets = bound_names([g.target for g in node.generators])
    inner = Scope(scope.here | targets, scope.inside | targets, scope.is_function)
    for generator in node.generators:
        if generator is not first:
            yield from events(generator.iter, inner)
        yield from _each([generator.target, *generator.ifs], inner)
    results = (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,)
    yield from _each(results, inner)


def _declared_here(body: list[ast.AST]) -> Iterator[str]:
    """`global` statements of one function's own body."""
    for node in body:
        if isinstance(node, ast.Global):
            yield from node.names
        elif not isinstance(node, (*_FUNCTIONS, ast.ClassDef, ast.Lambda)):
            yield from _declared_here(list(ast.iter_child_nodes(node)))


def _names_in_queries(call: ast.Call, scope: Scope) -> Iterator[Read]:
    """Pandas reads `@name` in the text of `query` and `eval` from the caller's variables."""
    for text in call.args:
        if isinstance(text, ast.Constant) and isinstance(text.value, str):
            for name in re.findall(r"@([^\W\d]\w*)", text.value):
                if name not in scope.here:
                    yield Read(name, text.lineno, text.col_offset, is_soft=True)


def _place(node: ast.expr) -> dict[str, int]:
    return {"lineno": node.lineno, "col_offset": node.col_offset}

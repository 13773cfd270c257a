"""Which outside names a cell reads: definite assignment over its syntax tree. No value is looked at here."""

import ast
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Final, TypeAlias, cast

from jupyter_aml.notebook.scopes import (
    Function,
    Read,
    Scope,
    bound_names,
    class_body_events,
    events,
    function_reads,
    global_declarations,
    header,
    type_parameters,
)

_parts_of_alias: Final = attrgetter("name", "value")  # of ast.TypeAlias, which Python 3.11 lacks
_CATCHES_NAME_ERROR: Final = frozenset({"NameError", "UnboundLocalError", "Exception", "BaseException"})


@dataclass(frozen=True, slots=True)
class Use:
    """The first place where a cell reads a name that it has not certainly bound itself.

    Required: without a value from outside the cell must fail there.
    """

    name: str
    line: int
    column: int
    is_required: bool


@dataclass(frozen=True, slots=True)
class _Known:
    """The cell's own names at one point: bound on every path, or on some. A loop is taken to run at least once."""

    sure: frozenset[str]
    maybe: frozenset[str]

    def plus(self, names: Iterable[str]) -> "_Known":
        new = frozenset(names)
        return _Known(self.sure | new, self.maybe | new)

    def perhaps(self, names: Iterable[str]) -> "_Known":
        return replace(self, maybe=self.maybe | frozenset(names))

    def minus(self, name: str) -> "_Known":
        return _Known(self.sure - {name}, self.maybe - {name})


_Path: TypeAlias = _Known | None  # None: this point is never reached


def outside_names(tree: ast.Module, provided: Collection[str] = ()) -> dict[str, Use]:
    """The names that the cell needs from the notebook, in the order it first reads them.

    `provided` are bound before the cell starts (its inputs and outputs).
    """
    flow = _Flow(tree)
    end = flow.block(tree.body, _Known(frozenset(provided), frozenset(provided)))
    flow.settle(end)
    return flow.uses


def _merge(*paths: _Path) -> _Path:
    alive = [p for p in paths if p is not None]
    if not alive:
        return None
    sure = frozenset[str].intersection(*(p.sure for p in alive))
    return _Known(sure, frozenset[str]().union(*(p.maybe for p in alive)))


class _Flow:
    def __init__(self, tree: ast.Module) -> None:
        self.uses: dict[str, Use] = {}
        self.anywhere = bound_names(tree.body) | global_declarations(tree.body)
        self.is_open_ended = _binds_unseen_names(tree)
        self.annotations_are_text = _has_future_annotations(tree)
        self.later: dict[str, list[Read]] = {}
        self.guards = 0
        self.jumps: list[list[_Known]] = []

    # Blocks and reads

    def block(self, body: Sequence[ast.stmt], path: _Path) -> _Path:
        for statement in body:
            if path is None:
                return None
            path = self._step(statement, path)
        return path

    def settle(self, end: _Path) -> None:
        """Functions that the cell defines and never mentions again: their reads count at its end."""
        known = end or _Known(frozenset(), self.anywhere)
        for name in list(self.later):
            self._run_later(name, known)

    def _evaluate(self, nodes: Iterable[ast.AST | None], known: _Known) -> _Known:
        for node in nodes:
            for event in events(node, Scope()) if node is not None else ():
                if isinstance(event, Read):
                    self._read(event, known)
                else:
                    known = known.plus([event.name])
        return known

    def _read(self, read: Read, known: _Known, *, is_deferred: bool = False) -> None:
        self._run_later(read.name, known)
        if read.name in known.sure:
            return
        bound = self.anywhere if is_deferred else known.maybe
        excused = read.is_soft or self.guards > 0 or self.is_open_ended or read.name in bound
        earlier = self.uses.get(read.name)
        if earlier is None or (not earlier.is_required and not excused):
            self.uses[read.name] = Use(read.name, read.line, read.column, not excused)

    def _run_later(self, name: str, known: _Known) -> None:
        """A function is taken to run where its name is first read: its own reads count there."""
        for read in self.later.pop(name, ()):
            self._read(read, known, is_deferred=True)

    # Statements

    def _step(self, node: ast.stmt, known: _Known) -> _Path:
        handler = _STEPS.get(type(node))
        if handler is not None:
            return handler(self, node, known)
        known = self._evaluate(ast.iter_child_nodes(node), known)
        return None if isinstance(node, ast.Raise) else known

    def assign(self, node: ast.Assign | ast.AnnAssign | ast.AugAssign, known: _Known) -> _Path:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        if isinstance(node, ast.AnnAssign) and not self.annotations_are_text:
            known = self._evaluate([node.annotation], known)
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            name = node.target
            self._read(Read(name.id, name.lineno, name.col_offset), known)
        known = self._evaluate([node.value, *targets], known)
        is_bare = isinstance(node, ast.AnnAssign) and node.value is None
        return known if is_bare else known.plus(bound_names(targets))

    def import_(self, node: ast.Import | ast.ImportFrom, known: _Known) -> _Path:
        return known.plus(bound_names([node]))

    def delete(self, node: ast.Delete, known: _Known) -> _Path:
        for target in node.targets:
            if isinstance(target, ast.Name):
                self._read(Read(target.id, target.lineno, target.col_offset), known)
                known = known.minus(target.id)
            else:
                known = self._evaluate([target], known)
        return known

    def define(self, node: Function, known: _Known) -> _Path:
        known = self._header(node, known)
        reads = list(function_reads(node, Scope()))
        self.later.setdefault(node.name, []).extend(reads)
        known = known.plus([node.name])
        if node.decorator_list:
            self._run_later(node.name, known)
        return known

    def class_(self, node: ast.ClassDef, known: _Known) -> _Path:
        known = self._header(node, known)
        methods = [s for s in node.body if isinstance(s, (ast.FunctionDef, ast.AsyncFunctionDef))]
        at_once = ast.ClassDef(node.name, [], [], [s for s in node.body if s not in methods] or [ast.Pass()], [])
        inner = Scope(type_parameters(node), type_parameters(node))
        class_names = bound_names(node.body)
        for method in methods:
            self._method_header(method, inner.with_class_names(class_names), known)
            self.later.setdefault(node.name, []).extend(function_reads(method, inner))
        for read in class_body_events(at_once, inner.with_class_names(m.name for m in methods)):
            self._read(read, known)
        known = known.plus([node.name])
        if node.decorator_list:
            self._run_later(node.name, known)
        return known

    def _method_header(self, method: Function, scope: Scope, known: _Known) -> None:
        for part in self._evaluated_header(method):
            for event in events(part, scope.with_class_names(type_parameters(method))):
                if isinstance(event, Read):
                    self._read(event, known)

    def _header(self, node: Function | ast.ClassDef, known: _Known) -> _Known:
        hidden = type_parameters(node)
        for part in self._evaluated_header(node):
            for event in events(part, Scope(hidden, hidden)):
                if isinstance(event, Read):
                    self._read(event, known)
                else:
                    known = known.plus([event.name])
        return known

    def _evaluated_header(self, node: Function | ast.ClassDef) -> list[ast.AST]:
        if isinstance(node, ast.ClassDef) or not self.annotations_are_text:
            return list(header(node))
        return [*node.decorator_list, *node.args.defaults, *(d for d in node.args.kw_defaults if d)]

    def branch(self, node: ast.If, known: _Known) -> _Path:
        known = self._evaluate([node.test], known)
        return _merge(self.block(node.body, known), self.block(node.orelse, known))

    def for_(self, node: ast.For | ast.AsyncFor, known: _Known) -> _Path:
        known = self._evaluate([node.iter, node.target], known).plus(bound_names([node.target]))
        return self._loop(node, known)

    def while_(self, node: ast.While, known: _Known) -> _Path:
        return self._loop(node, self._evaluate([node.test], known.perhaps(bound_names(node.body))))

    def _loop(self, node: ast.For | ast.AsyncFor | ast.While, known: _Known) -> _Path:
        inside = known.perhaps(bound_names(node.body))
        self.jumps.append([])
        end = self.block(node.body, inside)
        end = _merge(end, *self.jumps.pop()) or inside
        return self.block(node.orelse, end) or end

    def jump(self, _node: ast.Break | ast.Continue, known: _Known) -> _Path:
        self.jumps[-1].append(known)
        return None

    def with_(self, node: ast.With | ast.AsyncWith, known: _Known) -> _Path:
        for item in node.items:
            known = self._evaluate([item.context_expr, item.optional_vars], known)
            if item.optional_vars is not None:
                known = known.plus(bound_names([item.optional_vars]))
        return self.block(node.body, known)

    def try_(self, node: ast.Try, known: _Known) -> _Path:
        self.guards += (guarded := _expects_name_errors(node))
        body = self.block(node.body, known)
        self.guards -= guarded
        failed = known.perhaps(bound_names(node.body))
        ends = [self.block(node.orelse, body)]
        ends += [self._handler(handler, failed) for handler in node.handlers]
        return self._finally(node, _merge(*ends), known)

    def _handler(self, handler: ast.ExceptHandler, known: _Known) -> _Path:
        known = self._evaluate([handler.type], known)
        if handler.name is None:
            return self.block(handler.body, known)
        end = self.block(handler.body, known.plus([handler.name]))
        return end.minus(handler.name) if end else None

    def _finally(self, node: ast.Try, end: _Path, before: _Known) -> _Path:
        if not node.finalbody:
            return end
        every = [*node.body, *node.orelse, *node.handlers]
        last = self.block(node.finalbody, before.perhaps(bound_names(every)))
        return end.plus(bound_names(node.finalbody)) if end and last else None

    def match_(self, node: ast.Match, known: _Known) -> _Path:
        known = self._evaluate([node.subject], known)
        ends: list[_Path] = []
        for case in node.cases:
            inside = self._evaluate([case.pattern], known).plus(bound_names([case.pattern]))
            ends.append(self.block(case.body, self._evaluate([case.guard], inside)))
        is_total = any(_is_irrefutable(case) for case in node.cases)
        return _merge(*ends) if is_total else _merge(known, *ends)

    def type_alias(self, node: ast.stmt, known: _Known) -> _Path:
        name, value = cast("tuple[ast.Name, ast.expr]", _parts_of_alias(node))
        hidden = type_parameters(node)
        found = [e for e in events(value, Scope(hidden, hidden)) if isinstance(e, Read)]
        self.later.setdefault(name.id, []).extend(found)
        return known.plus([name.id])

    def nothing(self, _node: ast.stmt, known: _Known) -> _Path:
        return known


_Step: TypeAlias = Callable[[_Flow, ast.stmt, _Known], _Path]

_STEPS = cast(
    "dict[type[ast.stmt], _Step]",
    {
        ast.Assign: _Flow.assign,
        ast.AnnAssign: _Flow.assign,
        ast.AugAssign: _Flow.assign,
        ast.Import: _Flow.import_,
        ast.ImportFrom: _Flow.import_,
        ast.Delete: _Flow.delete,
        ast.FunctionDef: _Flow.define,
        ast.AsyncFunctionDef: _Flow.define,
        ast.ClassDef: _Flow.class_,
        ast.If: _Flow.branch,
        ast.For: _Flow.for_,
        ast.AsyncFor: _Flow.for_,
        ast.While: _Flow.while_,
        ast.With: _Flow.with_,
        ast.AsyncWith: _Flow.with_,
        ast.Try: _Flow.try_,
        ast.TryStar: _Flow.try_,
        ast.Match: _Flow.match_,
        ast.Break: _Flow.jump,
        ast.Continue: _Flow.jump,
        ast.Global: _Flow.nothing,
    }
    | {kind: _Flow.type_alias for kind in (getattr(ast, "TypeAlias", None),) if kind},  # Python 3.12
)


def _binds_unseen_names(tree: ast.Module) -> bool:
    """`from a import *`, `exec(…)` and `globals()[…] = …` may bind any name: then nothing is called undefined."""
    for node in ast.walk(tree):
        match node:
            case ast.ImportFrom(names=[ast.alias(name="*")]) | ast.Name(id="exec" | "globals"):
                return True
            case _:
                pass
    return False


def _has_future_annotations(tree: ast.Module) -> bool:
    found = (n for n in tree.body if isinstance(n, ast.ImportFrom) and n.module == "__future__")
    return any(alias.name == "annotations" for node in found for alias in node.names)


def _expects_name_errors(node: ast.Try) -> bool:
    caught = [handler.type for handler in node.handlers]
    names = {n.id for t in caught if t is not None for n in ast.walk(t) if isinstance(n, ast.Name)}
    return None in caught or bool(names & _CATCHES_NAME_ERROR)


def _is_irrefutable(case: ast.match_case) -> bool:
    return case.guard is None and isinstance(case.pattern, ast.MatchAs) and case.pattern.pattern is None

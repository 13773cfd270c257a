"""The filter language: a small part of Python's syntax, read by Python's parser and never run by it.

An expression becomes nested functions over a row. Whatever is not listed here is refused; no name reaches Python's
own: a bare name is a column, and there are three functions (col, startswith, datetime).
"""

import ast
import io
import tokenize
from collections.abc import Callable, Mapping, Sequence
from functools import partial, reduce
from typing import Final, TypeAlias

from jupyter_aml.data.mltable import filter_values as values
from jupyter_aml.data.mltable.filter_values import Value
from jupyter_aml.exceptions import UserErrorException

Row: TypeAlias = Mapping[str, Value]
Expression: TypeAlias = Callable[[Row], Value]

_LONGEST: Final = 10_000
_WORDS: Final = frozenset("and or not if else".split())
_MOST: Final = 2**63 - 1
_STARTS: Final = frozenset({"startswith", "starts_with"})


def parsed(text: str) -> Expression:
    """The expression as a function of a row. Raises UserErrorException for what the language does not have."""
    line = text.strip().replace("\n", " ")
    if not line or len(line) > _LONGEST:
        raise _refused(text, "it is empty" if not line else f"it is longer than {_LONGEST} characters")
    try:
        _check_words(line, text)
        return _Compiler(text).expression(ast.parse(line, mode="eval").body)
    except (SyntaxError, ValueError, tokenize.TokenError, RecursionError, MemoryError) as error:
        raise _refused(text, str(error)) from error


def columns_of(text: str) -> set[str] | None:
    """The columns that an expression looks at; None when a name is worked out row by row (`col(other)`)."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(text.strip().replace("\n", " "), mode="eval")):
        if isinstance(node, ast.Name):
            names.add(node.id)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "col":
            argument = node.args[0]
            if not isinstance(argument, ast.Constant):
                return None
            names.add(str(argument.value))
    return names


def _check_words(line: str, text: str) -> None:
    """Refuse what Python's words allow and the language does not: `not(`, `.5`, long strings, comments, `"a" "b"`."""
    before = None
    for token in tokenize.generate_tokens(io.StringIO(line).readline):
        if token.type == tokenize.COMMENT or (token.type == tokenize.NUMBER and token.string.startswith(".")):
            raise _refused(text, f"unexpected {token.string!r}")
        if token.type == tokenize.STRING and _odd_string(token.string, before):
            raise _refused(text, f"unexpected {token.string!r}")
        if before and token.string == "(" and before.string in _WORDS and before.end == token.start:
            raise _refused(text, f"'{before.string}(': put a space before the bracket")
        before = token


def _odd_string(literal: str, before: tokenize.TokenInfo | None) -> bool:
    prefix = literal[: min(literal.index(mark) for mark in "'\"" if mark in literal)]
    body = literal[len(prefix) :]
    follows = before is not None and before.type == tokenize.STRING
    return prefix not in {"", "r"} or body[:3] in {'"""', "'''"} or body in {'""', "''"} or follows


def _refused(text: str, why: str) -> UserErrorException:
    return UserErrorException(
        f"Not a valid python expression in filter (Python expression parse error): {text!r}: {why}.",
        resolution='Write it like: col("a") > 1 and not (b == "x").',
    )


class _Compiler:
    """Turns one syntax tree into functions; the text is kept for errors."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._kinds: dict[type[ast.AST], Callable[..., Expression]] = {
            ast.Constant: self._constant,
            ast.Name: self._name,
            ast.List: self._list,
            ast.BoolOp: self._junction,
            ast.UnaryOp: self._sign,
            ast.BinOp: self._arithmetic,
            ast.Compare: self._comparison,
            ast.IfExp: self._choice,
            ast.Call: self._call,
            ast.Attribute: self._attribute,
            ast.Subscript: self._subscript,
        }

    def expression(self, node: ast.AST) -> Expression:
        if type(node) not in self._kinds:
            raise _refused(self._text, f"{type(node).__name__} is not part of the language")
        return self._kinds[type(node)](node)

    def _constant(self, node: ast.Constant) -> Expression:
        value = node.value
        whole = isinstance(value, int) and value <= _MOST
        if not (value is None or whole or isinstance(value, float | str)):
            raise _refused(self._text, f"{value!r} is no value of the language")
        return lambda _row: value

    def _name(self, node: ast.Name) -> Expression:
        name = node.id
        if not name.isascii():
            raise _refused(self._text, f'name the column by col("{name}")')
        return lambda row: row.get(name)

    def _list(self, node: ast.List) -> Expression:
        items = [self.expression(item) for item in node.elts]
        return lambda row: [item(row) for item in items]

    def _junction(self, node: ast.BoolOp) -> Expression:
        join = _both if isinstance(node.op, ast.And) else _either
        return reduce(lambda left, right: partial(join, left, right), map(self.expression, node.values))

    def _sign(self, node: ast.UnaryOp) -> Expression:
        inner = self.expression(node.operand)
        match node.op:
            case ast.Not():
                return lambda row: values.negated(inner(row))
            case ast.USub():
                return lambda row: values.ARITHMETIC["Sub"](0, inner(row))
            case ast.UAdd():
                return inner
            case _:
                raise _refused(self._text, "~ is not part of the language")

    def _arithmetic(self, node: ast.BinOp) -> Expression:
        return self._pair(values.ARITHMETIC, node.op, self.expression(node.left), self.expression(node.right))

    def _comparison(self, node: ast.Compare) -> Expression:
        """`a < b < c` compares what `a < b` gives with c: so it is in Azure, and not in Python."""
        found = self.expression(node.left)
        for op, right in zip(node.ops, node.comparators, strict=True):
            found = self._pair(values.COMPARISONS, op, found, self.expression(right))
        return found

    def _pair(
        self, known: Mapping[str, values.Operator], op: ast.AST, left: Expression, right: Expression
    ) -> Expression:
        if type(op).__name__ not in known:
            raise _refused(self._text, f"{type(op).__name__} is not part of the language")
        do = known[type(op).__name__]
        return lambda row: do(left(row), right(row))

    def _choice(self, node: ast.IfExp) -> Expression:
        test, yes, no = (self.expression(part) for part in (node.test, node.body, node.orelse))

        def chosen(row: Row) -> Value:
            return yes(row) if values.truth(_found(test, row)) else no(row)

        return chosen

    def _call(self, node: ast.Call) -> Expression:
        if node.keywords or not (node.args or isinstance(node.func, ast.Attribute)):
            raise _refused(self._text, "a function takes plain arguments, at least one")
        match node.func:
            case ast.Name(id="col") if len(node.args) == 1:
                return self._column(node.args[0])
            case ast.Name(id=name) if name in _STARTS:
                return self._applied(values.started, node.args, 2)
            case ast.Name(id="datetime"):
                return self._applied(values.moment, node.args, None)
            case ast.Attribute(value=owner, attr=name) if name in _STARTS:
                return self._applied(values.started, [owner, *node.args], 2)
            case ast.Name(id=name) | ast.Attribute(attr=name):
                raise _unknown(name, self._text)
            case _:
                raise _refused(self._text, "only names can be called")

    def _column(self, argument: ast.expr) -> Expression:
        if isinstance(argument, ast.Constant):
            if not isinstance(argument.value, str):
                raise _unknown(f"col({argument.value!r})", self._text)
            name = argument.value
            return lambda row: row.get(name)
        worked_out = self.expression(argument)
        return lambda row: row.get(found) if isinstance(found := worked_out(row), str) else None

    def _applied(self, function: Callable[..., Value], arguments: Sequence[ast.expr], count: int | None) -> Expression:
        several = [self.expression(one) for one in arguments]
        if count is not None and len(several) != count:
            raise _refused(self._text, f"startswith takes {count} texts (InvokedFunctionWithWrongNumberOfArguments)")
        return lambda row: function(*(one(row) for one in several))

    def _attribute(self, node: ast.Attribute) -> Expression:
        owner, name = self.expression(node.value), node.attr
        return lambda row: values.member(owner(row), name)

    def _subscript(self, node: ast.Subscript) -> Expression:
        if not isinstance(node.slice, ast.Constant) or not isinstance(node.slice.value, str):
            raise _unknown("[…]", self._text)
        owner, name = self.expression(node.value), node.slice.value
        return lambda row: values.member(owner(row), name)


def _both(left: Expression, right: Expression, row: Row) -> bool | None:
    """`and`: the right side is asked only when the left one is true; a null left side stays null."""
    known = values.truth(left(row))
    return values.truth(right(row)) if known else known


def _either(left: Expression, right: Expression, row: Row) -> bool | None:
    """`or`: a left side that is null, or that fails, gives way to a right one that is true."""
    try:
        known = values.truth(left(row))
    except UserErrorException:
        other = right(row)
        if other is True or other is None:
            return other
        raise
    if known is None:
        return True if right(row) is True else None
    return known or values.truth(right(row))


def _found(test: Expression, row: Row) -> Value:
    """What a test gives; null when it fails: in Azure such an error is a value that `if` does not look at."""
    try:
        return test(row)
    except UserErrorException:
        return None


def _unknown(name: str, text: str) -> UserErrorException:
    return UserErrorException(
        f"Unsupported native function (CompileError): '{name}' in filter {text!r}.",
        resolution="There is: col, startswith, datetime.",
    )

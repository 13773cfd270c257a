"""Filters of the common shape on whole columns: comparisons with a constant, and, or, not. Others are left to rows."""

import ast
from collections.abc import Sequence
from typing import Final

from jupyter_aml.data.mltable.columns import Arrow, Loose, Partition, arrow, compute, is_text

_TESTS: Final = {
    "Lt": "less",
    "LtE": "less_equal",
    "Gt": "greater",
    "GtE": "greater_equal",
    "Eq": "equal",
    "NotEq": "not_equal",
}


class _NotQuick(Exception):
    """The expression needs a look at every row."""


def quick_mask(part: Partition, text: str) -> Sequence[bool] | None:
    """Which rows an expression keeps; None when it, or a column, is not of the common shape."""
    try:
        found = _mask(ast.parse(text.strip(), mode="eval").body, part)
    except (_NotQuick, SyntaxError):
        return None
    return [bool(wanted) for wanted in found.to_pylist()]


def _mask(node: ast.AST, part: Partition) -> Arrow:
    pc = compute()
    match node:
        case ast.Compare(left=left, ops=[op], comparators=[ast.Constant(value=value)]):
            return _compared(_column(left, part), type(op).__name__, value)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return pc.invert(_mask(operand, part))
        case ast.BoolOp(op=ast.And(), values=[left, right]):
            first = _mask(left, part)
            return pc.if_else(pc.is_null(first), None, pc.and_kleene(first, _mask(right, part)))
        case ast.BoolOp(op=ast.Or(), values=[left, right]):
            return pc.or_kleene(_mask(left, part), _mask(right, part))
        case _:
            raise _NotQuick


def _column(node: ast.AST, part: Partition) -> Arrow:
    match node:
        case ast.Name(id=name) | ast.Call(func=ast.Name(id="col"), args=[ast.Constant(value=str(name))]):
            column = part.columns.get(name)
        case _:
            raise _NotQuick
    if column is None or isinstance(column, Loose):
        raise _NotQuick
    return column


def _compared(column: Arrow, test: str, value: object) -> Arrow:
    types = arrow().types
    whole = isinstance(value, int) and not isinstance(value, bool) and types.is_int64(column.type)
    decimal = isinstance(value, float) and types.is_float64(column.type)
    if test not in _TESTS or not (whole or decimal or (isinstance(value, str) and is_text(column))):
        raise _NotQuick
    return getattr(compute(), _TESTS[test])(column, value)

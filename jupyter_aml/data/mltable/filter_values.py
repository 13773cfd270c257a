"""What the operators of filter expressions do to values, nulls and mixed kinds included. Values in, values out."""

import math
import operator
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any, Final, TypeAlias, cast

from jupyter_aml.data.mltable.columns import kind_of
from jupyter_aml.exceptions import UserErrorException

Value: TypeAlias = Any  # a cell: whatever kind a column holds
Operator: TypeAlias = Callable[[Value, Value], Value]

_RANKS: Final = {bool: 0, int: 1, float: 1, str: 2, datetime: 3}
"""Values of different kinds are ordered by kind: booleans, numbers, text, datetimes, the rest."""
_LAST: Final = 4
_WRAP: Final = 2**63
_FIRST_INSTANT: Final = datetime(1, 1, 1, tzinfo=UTC)
_PARTS: Final = ("year", "month", "day", "hour", "minute", "second", "microsecond")


def failed(code: str, value: object, why: str) -> UserErrorException:
    """The error for a row on which an expression cannot be evaluated."""
    return UserErrorException(f"The filter failed on a row ({code}): {why}, found {value!r}.")


def compared(test: Callable[[Any, Any], bool]) -> Operator:
    """A comparison: null when a side is null; values of different kinds are unequal and ordered by kind."""

    def result(left: Value, right: Value) -> bool | None:
        if left is None or right is None:
            return None
        ranks = _rank(left), _rank(right)
        if ranks[0] != ranks[1]:
            return test(*ranks)
        try:
            return test(_plain(left), _plain(right))
        except TypeError:
            return test(str(left), str(right))

    return result


def _rank(value: Value) -> int:
    return _RANKS.get(kind_of(value), _LAST)


def _plain(value: Value) -> Value:
    if not isinstance(value, date):
        return value
    moment = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day, tzinfo=UTC)
    return moment.replace(tzinfo=None)


def truth(value: Value) -> bool | None:
    """A boolean or null as it is. Raises UserErrorException for any other value."""
    if value is None or isinstance(value, bool):
        return value
    raise failed("BooleanOpOnInvalidKind", value, "and, or, not and if take booleans")


def negated(value: Value) -> bool | None:
    """`not`: of a null, null."""
    known = truth(value)
    return None if known is None else not known


def calculated(calculate: Callable[[Any, Any], int | float]) -> Operator:
    """Arithmetic on numbers; integers turn over at 64 bits; null when a side is null."""

    def result(left: Value, right: Value) -> Value:
        if left is None or right is None:
            return None
        for value in (left, right):
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise failed("NumericValueRequired", value, "arithmetic takes numbers")
        try:
            found = calculate(left, right)
        except ZeroDivisionError:
            raise failed("DivisorMustNotBeZero", right, "nothing can be divided by zero") from None
        except (OverflowError, ValueError):
            return math.inf
        return (found + _WRAP) % (2 * _WRAP) - _WRAP if isinstance(found, int) else found

    return result


def added(left: Value, right: Value) -> Value:
    """Numbers added, texts put together."""
    return left + right if isinstance(left, str) and isinstance(right, str) else _SUM(left, right)


def _divided(left: float, right: float) -> float:
    return left / right


def _floor(left: Value, right: Value) -> Value:
    if isinstance(left, float) or isinstance(right, float):
        return left // right
    whole = abs(left) // abs(right)
    return whole if (left < 0) == (right < 0) else -whole


def started(value: Value, start: Value) -> bool:
    """`startswith`; as in Azure a null is an error here."""
    for text in (value, start):
        if not isinstance(text, str):
            raise failed("ValueWrongKind", text, "startswith takes texts")
    return value.startswith(start)


def moment(*parts: Value) -> datetime:
    """`datetime(year, month, day, hour, minute, second, microsecond)`; what is left out is the least."""
    for part in parts:
        if isinstance(part, bool) or not isinstance(part, int):
            raise failed("InvalidDateTimePartValue", part, "datetime takes integers")
    if len(parts) > len(_PARTS):
        raise failed("InvokedFunctionWithWrongNumberOfArguments", len(parts), "datetime takes one to seven integers")
    try:
        return _FIRST_INSTANT.replace(**dict(zip(_PARTS, parts, strict=False)))
    except (ValueError, OverflowError) as error:
        raise failed("InvalidYMD", parts, str(error)) from error


def member(record: Value, name: str) -> Value:
    """`record.name`: a field of a nested record."""
    if not isinstance(record, Mapping):
        raise failed("GetFieldOfNonRecord", record, f"'.{name}' takes a nested record")
    return cast("Mapping[str, Value]", record).get(name)


_SUM: Final = calculated(operator.add)
COMPARISONS: Final[dict[str, Operator]] = {
    "Lt": compared(operator.lt),
    "LtE": compared(operator.le),
    "Gt": compared(operator.gt),
    "GtE": compared(operator.ge),
    "Eq": compared(operator.eq),
    "NotEq": compared(operator.ne),
}
ARITHMETIC: Final[dict[str, Operator]] = {
    "Add": added,
    "Sub": calculated(operator.sub),
    "Mult": calculated(operator.mul),
    "Div": calculated(_divided),
    "FloorDiv": calculated(_floor),
    "Mod": calculated(operator.mod),
    "Pow": calculated(math.pow),
}

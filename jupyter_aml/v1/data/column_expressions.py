"""`dataset["a"] > 1`: what `TabularDataset.filter` takes, as a text of the MLTable language. No row is looked at."""

import json
import math
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final, NoReturn

from jupyter_aml.exceptions import UserErrorException

_SCALARS: Final = ("b", "i", "u", "f", "U")
"""NumPy's kinds of booleans, numbers and texts."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Something that is true or false of a row. Join them by `&` and `|`, turn one round by `~`."""

    text: str

    def __and__(self, other: "Comparison") -> "Comparison":
        return Comparison(f"({self.text}) and ({other.text})")

    def __or__(self, other: "Comparison") -> "Comparison":
        return Comparison(f"({self.text}) or ({other.text})")

    def __invert__(self) -> "Comparison":
        return Comparison(f"not ({self.text})")

    def __bool__(self) -> NoReturn:
        """Not for `and`: that would drop one side in silence."""
        message = "A filter is joined by & and |, and turned round by ~, with brackets around its parts."
        raise TypeError(message)

    def __str__(self) -> str:
        """As `MLTable.filter` takes it."""
        return self.text


@dataclass(frozen=True, slots=True, eq=False)
class ColumnExpression:
    """A column, to be compared with a value or with another column."""

    name: str

    def __lt__(self, other: object) -> Comparison:
        return self._compared("<", other)

    def __le__(self, other: object) -> Comparison:
        return self._compared("<=", other)

    def __gt__(self, other: object) -> Comparison:
        return self._compared(">", other)

    def __ge__(self, other: object) -> Comparison:
        return self._compared(">=", other)

    def __eq__(self, other: object) -> Comparison:  # pyright: ignore[reportIncompatibleMethodOverride] - SDK v1 compares columns so
        return self._compared("==", other)

    def __ne__(self, other: object) -> Comparison:  # pyright: ignore[reportIncompatibleMethodOverride] - as above
        return self._compared("!=", other)

    __hash__ = None  # pyright: ignore[reportAssignmentType] - two columns are never found equal

    def starts_with(self, text: str) -> Comparison:
        """Whether the value begins so."""
        return Comparison(f"startswith({self}, {_literal(text)})")

    def _compared(self, sign: str, other: object) -> Comparison:
        return Comparison(f"{self} {sign} {_literal(other)}")

    def __str__(self) -> str:
        """As the language names it."""
        return f"col({json.dumps(self.name, ensure_ascii=False)})"


def _literal(value: object) -> str:
    match value:
        case ColumnExpression() | bool() | int():
            return str(value)
        case datetime():
            moment = value.astimezone(UTC) if value.tzinfo else value  # a column's times have no zone: they are UTC
            parts = (moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second)
            return f"datetime({', '.join(map(str, (*parts, moment.microsecond)))})"
        case date():
            return f"datetime({value.year}, {value.month}, {value.day}, 0, 0, 0, 0)"
        case "":
            raise UserErrorException(
                "'': nothing can be compared with an empty text here.",
                resolution="An empty field is null; or filter the frame: dataset.to_pandas_dataframe().",
            )
        case str():
            return json.dumps(value, ensure_ascii=False)
        case float() if math.isfinite(value):
            return repr(float(value))
        case _:
            return _literal(_plain(value))


def _plain(value: object) -> object:
    """What NumPy's and pandas' own scalars hold. UserErrorException for what cannot be compared."""
    scalar: Any = value
    if getattr(getattr(scalar, "dtype", None), "kind", "") not in _SCALARS or scalar.shape:
        raise UserErrorException(
            f"{value!r}: nothing of a column can be compared with it.",
            resolution="Compare with a text, a number, a boolean, a datetime or another column.",
        )
    return scalar.item()

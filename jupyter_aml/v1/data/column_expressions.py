"""`dataset["a"] > 1`: what `TabularDataset.filter` takes, as a text of the MLTable language. No row is looked at."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import NoReturn


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
        case ColumnExpression():
            return str(value)
        case datetime():
            parts = (value.year, value.month, value.day, value.hour, value.minute, value.second, value.microsecond)
            return f"datetime({', '.join(map(str, parts))})"
        case str():
            return json.dumps(value, ensure_ascii=False)
        case _:
            return repr(value)

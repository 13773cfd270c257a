"""Columns and partitions: the values of a table on their way to pandas. The door to pyarrow; no file is opened here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from importlib import import_module
from typing import Any, Final, TypeAlias, cast

from jupyter_aml.exceptions import UserErrorException

Untyped: TypeAlias = Any  # pyarrow and pandas publish no types: what crosses this door is named, not checked
Arrow: TypeAlias = Any  # a pyarrow.ChunkedArray

NANOSECONDS: Final = range(-(2**63) + 1, 2**63)
"""What a datetime64[ns] can hold (its least number is NaT)."""


class _Absent:
    """In a loose column: this record has no such field (a null is a field)."""

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Final = _Absent()


def library(name: str) -> Untyped:
    """pyarrow, one of its modules, or pandas: opened when first needed."""
    return import_module(name)


def arrow() -> Untyped:
    """Pyarrow."""
    return library("pyarrow")


def compute() -> Untyped:
    """pyarrow.compute."""
    return library("pyarrow.compute")


@dataclass(frozen=True, slots=True)
class Loose:
    """A column whose values are Python's: of several kinds, nested, streams, or absent from some records."""

    cells: Sequence[object]

    def to_pylist(self) -> list[object]:
        return [None if value is ABSENT else value for value in self.cells]


Column: TypeAlias = Any  # a Loose, or a pyarrow.ChunkedArray


@dataclass(frozen=True, slots=True)
class Partition:
    """Some rows of the table. `as_stored` says that the columns still have the types a parquet file gave them."""

    columns: Mapping[str, Column]
    count: int
    as_stored: bool = False
    notes: Mapping[bytes, bytes] = field(default_factory=dict[bytes, bytes])
    """What pandas wrote into a parquet file's schema: its index."""

    def cut(self, start: int, stop: int) -> "Partition":
        columns = {name: _cut(column, start, stop) for name, column in self.columns.items()}
        return replace(self, columns=columns, count=stop - start)

    def keep(self, wanted: Sequence[bool]) -> "Partition":
        """The rows whose place in `wanted` is true."""
        if all(wanted):
            return self
        mask = arrow().array(wanted)
        columns = {name: _keep(column, wanted, mask) for name, column in self.columns.items()}
        return replace(self, columns=columns, count=sum(wanted))

    def only(self, names: Iterable[str]) -> "Partition":
        return replace(self, columns={name: self.columns[name] for name in names})


def _cut(column: Column, start: int, stop: int) -> Column:
    return Loose(column.cells[start:stop]) if isinstance(column, Loose) else column.slice(start, stop - start)


def _keep(column: Column, wanted: Sequence[bool], mask: Untyped) -> Column:
    if isinstance(column, Loose):
        return Loose([value for value, kept in zip(column.cells, wanted, strict=True) if kept])
    return column.filter(mask)


def framed(part: Partition, before: Mapping[str, Column], after: Mapping[str, Column]) -> Partition:
    """A partition with its file's columns around it, one value each. Raises UserErrorException for equal names."""
    for name in (*before, *after):
        if name in part.columns:
            raise UserErrorException(f"A column name conflicts with an existing column (FieldNameConflict): '{name}'.")
    first, last = ({name: _repeated(one, part.count) for name, one in some.items()} for some in (before, after))
    return Partition(first | dict(part.columns) | last, part.count, part.as_stored, part.notes)


def _repeated(column: Column, count: int) -> Column:
    """A column of one value, `count` times."""
    if isinstance(column, Loose):
        return Loose([*column.cells] * count)
    return arrow().chunked_array([arrow().repeat(column[0], count)])


def length(column: Column) -> int:
    """How many rows the column has."""
    return len(column.cells if isinstance(column, Loose) else column)


def is_text(column: Column) -> bool:
    """Whether the column is arrow text."""
    pa = arrow()
    return not isinstance(column, Loose) and (pa.types.is_string(column.type) or pa.types.is_large_string(column.type))


def chunked(values: Sequence[object], kind: Untyped) -> Arrow:
    """Python values as an arrow column of that type."""
    pa = arrow()
    return pa.chunked_array([pa.array(values, kind)], kind)


def constant(value: object, count: int) -> Column:
    """A column of one value: text and numbers in arrow, anything else loose."""
    if isinstance(value, str):
        pa = arrow()
        return pa.chunked_array([pa.repeat(pa.scalar(value, pa.string()), count)])
    return Loose([value] * count)


def instants(values: Sequence[int | None]) -> Arrow:
    """Datetimes from nanoseconds since 1970; in microseconds as soon as one lies outside what nanoseconds can hold."""
    pa = arrow()
    if all(value is None or value in NANOSECONDS for value in values):
        return chunked(values, pa.timestamp("ns"))
    return chunked([None if value is None else value // 1000 for value in values], pa.timestamp("us"))


def as_records(part: Partition) -> Partition:
    """The partition with the few types that rows have once a step looks at them: int64, datetime64[ns] …."""
    if not part.as_stored:
        return part
    return Partition({name: _record_type(column) for name, column in part.columns.items()}, part.count)


def _record_type(column: Column) -> Column:
    if isinstance(column, Loose):
        return column
    types = arrow().types
    for fits, change in (
        (types.is_dictionary, lambda: column.cast(column.type.value_type)),
        (types.is_integer, lambda: column.cast(arrow().int64(), safe=False)),
        (types.is_floating, lambda: column.cast(arrow().float64())),
        (types.is_decimal, lambda: column.cast(arrow().float64())),
        (types.is_timestamp, lambda: _wall_clock(column)),
        (types.is_date, lambda: _wall_clock(column.cast(arrow().timestamp("ms")))),
        (types.is_time, lambda: arrow().chunked_array([arrow().nulls(len(column))])),
        (types.is_large_string, lambda: column.cast(arrow().string())),
    ):
        if fits(column.type):
            return change()
    return column


def _wall_clock(column: Arrow) -> Arrow:
    """Datetimes in nanoseconds, as a clock in their own zone shows them; in microseconds what does not fit."""
    pa, pc = arrow(), compute()
    local = pc.local_timestamp(column) if column.type.tz else column
    try:
        return local.cast(pa.timestamp("ns"))
    except pa.ArrowInvalid:
        return local.cast(pa.timestamp("us"))


def settled(values: Sequence[object]) -> Arrow:
    """Python values as one arrow column: the first value's kind is the column's, values of other kinds become null."""
    pa = arrow()
    known = [None if value is ABSENT else value for value in values]
    first = next((value for value in known if value is not None), None)
    kind = kind_of(first)
    same = [value if kind_of(value) is kind else None for value in known]
    if kind is datetime:
        return instants([None if value is None else _nanoseconds(value) for value in same])
    if kind in _ARROW_NAMES:
        return chunked(same, getattr(pa, _ARROW_NAMES[kind])())
    if kind is dict:
        return pa.chunked_array([_records_of(same)])
    return pa.chunked_array([pa.array(_nested(same))])


def _records_of(values: Sequence[Any]) -> Untyped:
    """Records as arrow, with nulls inside where a record is null: pandas shows their numbers as floats, as in Azure."""
    pa = arrow()
    records = _nested([{} if value is None else value for value in values])
    names = list(cast("dict[str, object]", records[0]))
    parts = [pa.array([cast("dict[str, object]", one)[name] for one in records]) for name in names]
    return pa.StructArray.from_arrays(parts, names, mask=pa.array([value is None for value in values]))


_ARROW_NAMES: Final = {
    type(None): "null",
    bool: "bool_",
    int: "int64",
    float: "float64",
    str: "string",
    bytes: "binary",
}


def kind_of(value: object) -> type:
    """The kind of a value: subclasses (pandas' Timestamp, numpy's numbers) count as what they stand for."""
    for kind in (bool, int, float, str, bytes, datetime, list, dict):
        if isinstance(value, kind):
            return kind
    return float if isinstance(value, Decimal) else datetime if isinstance(value, date) else type(value)


def _nanoseconds(value: Untyped) -> int:
    """Since 1970, of a datetime or a pandas Timestamp: the latter knows its nanoseconds."""
    if hasattr(value, "nanosecond"):
        return int(value.as_unit("ns").value)
    seconds = value.replace(tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    return (seconds.days * 86_400 + seconds.seconds) * 10**9 + seconds.microseconds * 1000


def _nested(values: Sequence[object]) -> list[object]:
    """Lists and mappings in which every list, and every key, holds one kind only: the first one's."""
    first = next((value for value in values if value is not None), None)
    kind = kind_of(first)
    same: list[Any] = [value if kind_of(value) is kind else None for value in values]
    if kind is list:
        inner = iter(_nested([item for value in same if value is not None for item in value]))
        return [None if value is None else [next(inner) for _ in value] for value in same]
    if kind is dict:
        names = dict.fromkeys(name for value in same if value is not None for name in value)
        parts = {name: iter(_nested([value.get(name) for value in same if value is not None])) for name in names}
        return [None if value is None else {name: next(parts[name]) for name in names} for value in same]
    return same

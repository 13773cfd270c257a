"""Columns from one type to another, cell by cell as the real package does it. What cannot be converted becomes null."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final, Literal, TypeAlias, cast

from jupyter_aml.data.mltable.columns import (
    ABSENT,
    Arrow,
    Column,
    Loose,
    arrow,
    chunked,
    compute,
    instants,
    is_text,
    settled,
)
from jupyter_aml.data.mltable.datatypes import Json
from jupyter_aml.data.mltable.dates import instant
from jupyter_aml.data.mltable.streams import StreamInfo, stream_of

Name: TypeAlias = Literal["int", "float", "boolean", "string", "datetime", "stream_info"]

TRUE: Final = frozenset("true True TRUE t T Y Yes YES 1".split())
FALSE: Final = frozenset("false False FALSE f F N No NO 0".split())
_LEAST, _MOST = -(2**63), 2**63 - 1
_MILLI, _MICRO = 10**6, 10**3
_DAY_LENGTH = 10
_ISO_LENGTHS: Final = {"%Y-%m-%d": _DAY_LENGTH, "%Y-%m-%d %H:%M:%S": 19}


@dataclass(frozen=True, slots=True)
class Target:
    """What a column is to become."""

    name: Name
    formats: tuple[str, ...] = ()
    prefix: str = ""
    truths: tuple[frozenset[str], frozenset[str]] = (TRUE, FALSE)
    mismatch: bool | None = None


def target_of(argument: Json) -> Target:
    """The target that a step's `column_type` names."""
    if isinstance(argument, str):
        return Target(cast("Name", argument))
    name, options = next(iter(cast("dict[Name, dict[str, Json]]", argument).items()))
    if name == "datetime":
        formats = options["formats"]
        several = (formats,) if isinstance(formats, str) else tuple(cast("list[str]", formats))
        return Target(name, formats=several, prefix=str(options.get("date_constant", "")))
    if name == "boolean":
        lists = [options.get(key) for key in ("true_values", "false_values")]
        truths = (
            (frozenset(cast("list[str]", lists[0])), frozenset(cast("list[str]", lists[1])))
            if lists[0]
            else (TRUE, FALSE)
        )
        mismatch = {"true": True, "false": False}.get(str(options.get("mismatch_as")))
        return Target(name, truths=truths, mismatch=mismatch)
    return Target(name)


def convert(column: Column, target: Target) -> Column:
    """The column in the target's type."""
    if is_text(column) and (quick := _quick(column, target)) is not None:
        return quick
    change = _CHANGES[target.name]
    if isinstance(column, Loose):
        packed = _packed([_changed(value, change, target) for value in column.to_pylist()], target)
        return _without_absent(packed, column) if ABSENT in column.cells else packed
    if arrow().types.is_nested(column.type):
        return _packed([_changed(value, change, target) for value in column.to_pylist()], target)
    return _by_distinct(column, change, target)


def _without_absent(packed: Column, column: Loose) -> Loose:
    """The converted column, with fields absent where they were before."""
    pairs = zip(packed.to_pylist(), column.cells, strict=True)
    return Loose([ABSENT if before is ABSENT else value for value, before in pairs])


def _changed(value: object, change: "Change", target: Target) -> object:
    return None if value is None else change(value, target)


def _packed(values: Sequence[object], target: Target) -> Column:
    pa = arrow()
    match target.name:
        case "int":
            return chunked(values, pa.int64())
        case "float":
            return chunked(values, pa.float64())
        case "boolean":
            return chunked(values, pa.bool_())
        case "string":
            return chunked(values, pa.string())
        case "datetime":
            return instants(cast("Sequence[int | None]", values))
        case _:
            return Loose(values)


def _by_distinct(column: Arrow, change: "Change", target: Target) -> Column:
    """Every distinct value is converted once."""
    encoded = column.combine_chunks().dictionary_encode()
    places = encoded.indices
    values = [_changed(_plain(value), change, target) for value in encoded.dictionary.to_pylist()]
    packed = _packed(values, target)
    if isinstance(packed, Loose):
        return Loose([None if place is None else packed.cells[place] for place in places.to_pylist()])
    return arrow().chunked_array([packed.combine_chunks().take(places)])


def _plain(value: object) -> object:
    return float(value) if isinstance(value, Decimal) else value


def _quick(column: Arrow, target: Target) -> Arrow | None:
    """Whole columns of well-formed text at once; None where a cell needs a closer look."""
    pa, pc = arrow(), compute()
    kinds = {"int": pa.int64(), "float": pa.float64()}
    if target.name == "string":
        return column
    if target.name == "datetime":
        return _quick_days(column, target)
    if target.name not in kinds:
        return None
    trimmed = pc.utf8_trim_whitespace(column)
    if pc.any(pc.match_substring_regex(trimmed, "[xX(]|^$")).as_py():  # arrow reads 0x10 and nan(…) as numbers
        return None
    try:
        return pc.cast(trimmed, kinds[target.name])
    except pa.ArrowInvalid:
        return None


def _quick_days(column: Arrow, target: Target) -> Arrow | None:
    """Days and seconds in ISO's form: those of the one length, and no `T` where the format has a space."""
    pa, pc = arrow(), compute()
    length = _ISO_LENGTHS.get(target.formats[0]) if target.formats and not target.prefix else None
    if length is None or not pc.all(pc.equal(pc.binary_length(column), length)).as_py():
        return None
    if length > _DAY_LENGTH and not pc.all(pc.equal(pc.binary_slice(column.cast(pa.binary()), 10, 11), b" ")).as_py():
        return None
    try:
        return pc.cast(column, pa.timestamp("ns"))
    except pa.ArrowInvalid:
        return None


def _to_int(value: object, _target: Target) -> int | None:
    if isinstance(value, str):
        return _int_of(value.strip())
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return min(max(int(value), _LEAST), _MOST)


def _int_of(text: str) -> int | None:
    number = number_of(text)
    if not isinstance(number, float):
        return number
    if math.isnan(number):
        return 0
    return int(min(max(number, _LEAST), _MOST)) if abs(number) < _MOST else (_MOST if number > 0 else _LEAST)


def number_of(text: str) -> int | float | None:
    """The number that a trimmed text spells: an int when it is one of 64 bits, else a float; None for other text."""
    if not text.isascii() or "_" in text or text != text.strip():
        return None
    try:
        number = int(text)
    except ValueError:
        return _float_of(text)
    return number if _LEAST <= number <= _MOST else float(number)


def _float_of(text: str) -> float | None:
    if not text.isascii() or "_" in text or text != text.strip():
        return None
    try:
        return float(text)
    except ValueError:
        return None


def _to_float(value: object, _target: Target) -> float | None:
    if isinstance(value, str):
        return _float_of(value.strip())
    return None if isinstance(value, bool) or not isinstance(value, int | float) else float(value)


def _to_bool(value: object, target: Target) -> bool | None:
    if isinstance(value, str):
        word = value.strip()
        return word in target.truths[0] or (False if word in target.truths[1] else target.mismatch)
    return bool(value) if isinstance(value, int | float) else None


def _to_text(value: object, _target: Target) -> str | None:
    return shown(value)


def shown(value: object) -> str | None:
    """A value as the real package writes it: no exponents, `True`, RFC 3339, `{x: 1}`; None for what it cannot."""
    match value:
        case bool() | int() | str() | StreamInfo():
            return str(value)
        case float():
            return _decimal(value)
        case bytes():
            return f"[{len(value)} bytes]"
        case datetime():
            return _rfc3339(value)
        case list() | dict():
            return _nested(cast("list[object] | dict[str, object]", value))
        case _:
            return None


def _nested(value: list[object] | dict[str, object]) -> str:
    if isinstance(value, list):
        return f"[{', '.join(shown(item) or 'Null' for item in value)}]"
    return "{" + ", ".join(f"{name}: {shown(item) or 'Null'}" for name, item in value.items()) + "}"


def _decimal(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return str(value)
    return f"{Decimal(repr(value)):f}".removesuffix(".0")


def _rfc3339(value: datetime) -> str:
    nanoseconds = value.microsecond * 1000 + int(getattr(value, "nanosecond", 0))
    digits = 0 if not nanoseconds else 3 if not nanoseconds % _MILLI else 6 if not nanoseconds % _MICRO else 9
    fraction = f".{nanoseconds:09d}"[: digits + 1] if digits else ""
    return f"{value.year:04d}-{value:%m-%dT%H:%M:%S}{fraction}+00:00"


def _to_instant(value: object, target: Target) -> int | None:
    if isinstance(value, str):
        return instant((target.prefix + value).strip(), target.formats)
    if isinstance(value, datetime):
        return settled([value]).cast(arrow().timestamp("ns")).cast(arrow().int64())[0].as_py()
    return None


def _to_stream(value: object, _target: Target) -> StreamInfo | None:
    return value if isinstance(value, StreamInfo) else stream_of(value) if isinstance(value, str) else None


Change: TypeAlias = Callable[[object, Target], object]
_CHANGES: Final[dict[Name, Change]] = {
    "int": _to_int,
    "float": _to_float,
    "boolean": _to_bool,
    "string": _to_text,
    "datetime": _to_instant,
    "stream_info": _to_stream,
}

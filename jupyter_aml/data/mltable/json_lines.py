"""JSON lines files into partitions of records. A record keeps its own fields: an absent one is no null."""

import json
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, cast

from jupyter_aml.data.mltable.columns import ABSENT, Column, Loose, Partition, arrow, chunked, kind_of
from jupyter_aml.data.mltable.datatypes import Json
from jupyter_aml.data.mltable.text_files import pieces, utf8_of
from jupyter_aml.exceptions import UserErrorException

_SIGNED, _UNSIGNED = 2**63, 2**64


def read(path: Path, arguments: Mapping[str, Json]) -> list[Partition]:
    """The file's records, one partition for every `partition_size` bytes. Raises UserErrorException for a bad line."""
    encoding = str(arguments["encoding"])
    data = utf8_of(path.read_bytes(), encoding, path)
    size = cast("int", arguments["partition_size"]) if encoding != "utf-16" else max(len(data), 1)
    drop = arguments["invalid_lines"] == "drop"
    return [_partition([*_records(bytes(piece).decode(), path, drop=drop)]) for piece in pieces(data, size)]


def _partition(records: list[dict[str, object]]) -> Partition:
    names = dict.fromkeys(name for record in records for name in record)
    columns = {name: _column([record.get(name, ABSENT) for record in records]) for name in names}
    return Partition(columns, len(records))


def _column(values: list[object]) -> Column:
    """Text and nulls in arrow, where filters and conversions are quick; the rest as it is."""
    if all(kind_of(value) in {str, type(None)} for value in values):
        return chunked(values, arrow().string())
    return Loose(values)


def _records(text: str, path: Path, *, drop: bool) -> Iterator[dict[str, object]]:
    for line in text.split("\n"):
        if not line.removesuffix("\r"):
            continue
        try:
            yield _record(line.lstrip())
        except (ValueError, RecursionError) as error:
            if drop:
                continue
            raise UserErrorException(
                f"ParseJsonFailure: a line of {path} is no JSON object: {line[:200]} ({error}).",
                resolution="Mend the line, or leave such lines out: invalid_lines='drop'.",
            ) from error


def _record(line: str) -> dict[str, object]:
    found, _end = _DECODER.raw_decode(line)  # what follows the object on its line is not looked at: so it is in Azure
    if not isinstance(found, dict):
        raise ValueError("Not a JSON object.")  # noqa: TRY004 - one kind of error for one bad line
    return cast("dict[str, object]", found)


def _whole(text: str) -> int | float:
    """Integers beyond 64 bits become floats; between 63 and 64 bits they turn over, as in Azure."""
    number = int(text)
    if text == "-0" or not -_SIGNED <= number < _UNSIGNED:
        return float(text)
    return number - _UNSIGNED if number >= _SIGNED else number


def _decimal(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError("number out of range")
    return number


def _no_constant(text: str) -> object:
    raise ValueError(f"{text} is not JSON")


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("FieldNameConflict: a name stands twice")
    return found


_DECODER: Final = json.JSONDecoder(
    parse_int=_whole, parse_float=_decimal, parse_constant=_no_constant, object_pairs_hook=_object
)

"""One piece of delimited text into a partition: by arrow where it is well formed, else by rows. No file is opened."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final, cast

from jupyter_aml.data.mltable.columns import (
    ABSENT,
    Arrow,
    Column,
    Loose,
    Partition,
    Untyped,
    arrow,
    chunked,
    framed,
    is_text,
    length,
    library,
)
from jupyter_aml.data.mltable.convert import FALSE, TRUE, Target, convert
from jupyter_aml.data.mltable.datatypes import Json
from jupyter_aml.data.mltable.records import rows
from jupyter_aml.exceptions import UserErrorException

_TYPES: Final = {"int": "int64", "float": "float64", "boolean": "bool_"}
"""What arrow reads at once as the real package would; other types start as text."""
_HEADER: Final = re.compile(rb"[\r\n]*[^\n]*\n?")


@dataclass(frozen=True, slots=True)
class Delimited:
    """How the files are written: a `read_delimited` step's arguments."""

    delimiter: str
    header: str
    multi_line: bool
    empty_as_string: bool
    encoding: str
    partition_size: int
    infer: Json

    @classmethod
    def of(cls, arguments: Mapping[str, Json]) -> "Delimited":
        """From the step's arguments. Of a long delimiter the first character counts, as in Azure."""
        return cls(
            delimiter=str(arguments["delimiter"])[0],
            header=str(arguments["header"]),
            multi_line=bool(arguments["support_multi_line"]),
            empty_as_string=bool(arguments["empty_as_string"]),
            encoding=str(arguments["encoding"]),
            partition_size=cast("int", arguments["partition_size"]),
            infer=arguments["infer_column_types"],
        )


@dataclass(frozen=True, slots=True)
class Piece:
    """UTF-8 text that becomes one partition.

    `plain`: any reader splits its file alike. `hexadecimal`: something in it may read as a number like 0x1F.
    """

    data: memoryview
    names: Sequence[str]
    skip: bool
    before: Mapping[str, Column]
    plain: bool
    hexadecimal: bool

    def columns(self, width: int) -> list[str]:
        """The names of its columns when its longest row has `width` fields: as with records, others are not there."""
        more = [f"Column{index + 1}" for index in range(len(self.names), width)]
        if clash := set(more) & set(self.names):
            raise UserErrorException(f"A column name conflicts with an existing column (FieldNameConflict): {clash}.")
        return [*self.names[:width], *more]


def is_plain(data: bytes, how: Delimited) -> bool:
    """Whether arrow splits the text as the real package does."""
    if not data or how.delimiter in '"\r\n' or b"\0" in data:
        return False
    if b"\r" in data and not _plain_returns(data, how):
        return False
    if how.multi_line and (data.startswith(b"\n") or b"\n\n" in data):
        return False
    return b'"' not in data or _plain_quotes(data, how)


def has_hexadecimal(data: bytes, *, skip: bool) -> bool:
    """Whether a field might be read as a number by arrow alone (0x1F)."""
    start = data.find(b"\n") if skip else 0
    return any(data.find(letter, start) >= 0 and data.find(b"0" + letter, start) >= 0 for letter in (b"x", b"X"))


def partition(piece: Piece, how: Delimited, targets: Mapping[str, Target]) -> Partition:
    """The piece's rows, its columns in the types that `targets` name and text where they name none."""
    fields = _quick(piece, how, targets) if piece.plain else None
    fields = _slow(piece, how) if fields is None else fields
    count = length(fields[0]) if fields else 0
    names = piece.columns(len(fields))
    own = {name: _typed(field, targets.get(name), how) for name, field in zip(names, fields, strict=True)}
    part = framed(Partition(own, count), piece.before, {})
    before = {
        name: convert(part.columns[name], targets[name])
        for name, column in piece.before.items()
        if name in targets and is_text(column)
    }
    return Partition(dict(part.columns) | before, count)


def _typed(column: Column, target: Target | None, how: Delimited) -> Column:
    if isinstance(column, Loose):
        cells = ["" if cell is None and how.empty_as_string else cell for cell in column.cells]
        return convert(Loose(cells), target) if target else Loose(cells)
    if not is_text(column):
        return column
    text = column.fill_null("") if how.empty_as_string else column
    return convert(text, target) if target else text


def _slow(piece: Piece, how: Delimited) -> list[Column]:
    """The fields row by row; a column that short rows do not have is loose."""
    found = [*islice(rows(piece.data, how.delimiter, multi_line=how.multi_line), int(piece.skip), None)]
    widths = [len(row) for row in found]
    whole = min(widths, default=0)
    texts = [[row[index] if index < len(row) else ABSENT for row in found] for index in range(max(widths, default=0))]
    return [chunked(cells, arrow().string()) if index < whole else Loose(cells) for index, cells in enumerate(texts)]


def _quick(piece: Piece, how: Delimited, targets: Mapping[str, Target]) -> list[Column] | None:
    """The fields by arrow, in their types at once or as text; None for rows of different lengths."""
    first = next(rows(piece.data, how.delimiter, multi_line=how.multi_line), None)
    if not first:
        return None
    names = piece.columns(len(first))[: len(first)]
    types = {name: getattr(arrow(), _TYPES[kind])() for name in names if (kind := _kind(targets.get(name))) in _TYPES}
    fields = None if "int64" in map(str, types.values()) and piece.hexadecimal else _parsed(piece, how, names, types)
    return _parsed(piece, how, names, {}) if fields is None and types else fields


def _kind(target: Target | None) -> str:
    """The target's name, when it is a plain one."""
    return target.name if target and target.truths == (TRUE, FALSE) else ""


def _parsed(piece: Piece, how: Delimited, names: Sequence[str], types: Mapping[str, Untyped]) -> list[Arrow] | None:
    pa, csv = arrow(), library("pyarrow.csv")
    header = _header_length(piece, how)
    try:
        table = csv.read_csv(
            pa.BufferReader(pa.py_buffer(piece.data[header:])),
            read_options=csv.ReadOptions(column_names=names, block_size=1 << 20),
            parse_options=csv.ParseOptions(delimiter=how.delimiter, newlines_in_values=how.multi_line),
            convert_options=csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()) | dict(types),
                null_values=[""],
                true_values=sorted(TRUE),
                false_values=sorted(FALSE),
                strings_can_be_null=True,
                quoted_strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid:
        return None
    return [column.slice(1) if piece.skip and not header else column for column in table.columns]


def _header_length(piece: Piece, how: Delimited) -> int:
    """How many bytes the header line takes; 0 when there is none, or when it may go over several lines."""
    line = _HEADER.match(piece.data) if piece.skip else None
    return 0 if line is None or (how.multi_line and b'"' in line[0]) else line.end()


def _plain_returns(data: bytes, how: Delimited) -> bool:
    """Whether every carriage return ends a line that holds something."""
    empty = not how.multi_line and (data.startswith(b"\r\n") or b"\n\r\n" in data)
    return not empty and data.count(b"\r") == data.count(b"\r\n")


def _plain_quotes(data: bytes, how: Delimited) -> bool:
    """Whether every quote opens a field, closes it, or is doubled inside."""
    mark = re.escape(how.delimiter.encode())
    inside = rb'[^"]' if how.multi_line else rb'[^"\r\n]'
    quoted = rb"(?:^|(?<=[\n" + mark + rb']))"(?:' + inside + rb'|"")*"(?=[\r\n' + mark + rb"]|\Z)"
    return b'"' not in re.sub(quoted, b"", data)

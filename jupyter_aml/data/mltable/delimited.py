"""Delimited files into partitions: headers, and the types that first rows show. Pieces are read in delimited_piece."""

from collections.abc import Collection, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import TypeAlias, cast

from jupyter_aml.data.mltable.columns import Column, Partition, is_text
from jupyter_aml.data.mltable.convert import Target, target_of
from jupyter_aml.data.mltable.datatypes import Json
from jupyter_aml.data.mltable.delimited_piece import Delimited, Piece, has_hexadecimal, is_plain, partition
from jupyter_aml.data.mltable.inference import inferred
from jupyter_aml.data.mltable.records import rows
from jupyter_aml.data.mltable.steps import SAMPLE_SIZE
from jupyter_aml.data.mltable.text_files import pieces, utf8_of
from jupyter_aml.exceptions import UserErrorException

Files: TypeAlias = Sequence[tuple[Path, Mapping[str, Column]]]
"""Each file with the columns that its path gave, one value each: they stand before the file's own."""


def read(files: Files, how: Delimited, outer: Collection[str]) -> list[Partition]:
    """The files' rows. `outer` names the columns that paths gave. Raises UserErrorException."""
    several = _pieces(files, how)
    targets = _targets(several, how, outer)
    return [partition(piece, how, targets) for piece in several]


def _pieces(files: Files, how: Delimited) -> list[Piece]:
    names: list[str] | None = None
    found: list[Piece] = []
    for path, before in files:
        data = utf8_of(path.read_bytes(), how.encoding, path)
        own, skip = _header(data, how, names, len(before))
        if how.header != "all_files_different_headers" and names is None:
            names = own
        whole = how.multi_line or how.encoding == "utf-16"
        cuts = [memoryview(data)] if whole else pieces(data, how.partition_size)
        plain = is_plain(data, how)
        hexadecimal = plain and has_hexadecimal(data, skip=skip)
        found += [
            Piece(cut, own or [], skip=skip and index == 0, before=before, plain=plain, hexadecimal=hexadecimal)
            for index, cut in enumerate(cuts)
        ]
    return found


def _header(data: bytes, how: Delimited, names: list[str] | None, before: int) -> tuple[list[str] | None, bool]:
    """The column names that hold for a file, and whether its first row is a header to leave out."""
    first = None if how.header == "no_header" else next(rows(data, how.delimiter, multi_line=how.multi_line), None)
    if first is None:
        return names, False
    if how.header == "all_files_different_headers" or names is None:
        given = [(name or "").strip() for name in first]
        return _unique([name or f"Column{before + index + 1}" for index, name in enumerate(given)]), True
    return names, how.header == "all_files_same_headers"


def _unique(names: Sequence[str]) -> list[str]:
    """Names as the real package tells equal ones apart: one counter for all, put after the name until it is new."""
    found: list[str] = []
    count = 0
    for given in names:
        name = given
        while name in found:
            count += 1
            name = f"{name}_{count}"
        found.append(name)
    return found


def _targets(several: Sequence[Piece], how: Delimited, outer: Collection[str]) -> dict[str, Target]:
    """The type of each column, as the step says or as the first rows show."""
    if how.infer is False:
        return {}
    options = cast("dict[str, Json]", how.infer) if isinstance(how.infer, dict) else {}
    samples = _samples(several, how, cast("int", options.get("sample_size", SAMPLE_SIZE)), outer)
    targets = _overrides(samples, cast("list[dict[str, Json]]", options.get("column_type_overrides") or []))
    for name, values in samples.items():
        targets.setdefault(name, inferred(values))
    return targets


def _overrides(names: Collection[str], given: Sequence[dict[str, Json]]) -> dict[str, Target]:
    targets: dict[str, Target] = {}
    for one in given:
        columns = one["columns"]
        for name in [columns] if isinstance(columns, str) else cast("list[str]", columns):
            if name not in names:
                raise UserErrorException(
                    f"column type override: '{name}' is no column.", resolution=f"There is: {', '.join(names)}."
                )
            targets[name] = target_of(one["column_type"])
    return targets


def _samples(several: Sequence[Piece], how: Delimited, size: int, outer: Collection[str]) -> dict[str, list[str]]:
    """The values, nulls left out, of every text column in the first `size` rows."""
    found: dict[str, list[str]] = {}
    for piece in several:
        every = rows(piece.data, how.delimiter, multi_line=how.multi_line)
        some = [*islice(every, int(piece.skip), int(piece.skip) + size)]
        for name, column in piece.before.items():
            _check_fits(name, column, outer)
            found.setdefault(name, []).extend(column.to_pylist() * len(some) if is_text(column) else [])
        for index, name in enumerate(piece.columns(max(map(len, some), default=0))):
            cells = (row[index] for row in some if index < len(row))
            values = ("" if cell is None and how.empty_as_string else cell for cell in cells)
            found.setdefault(name, []).extend(value for value in values if value is not None)
        size -= len(some)
        if size <= 0:
            break
    return found


def _check_fits(name: str, column: Column, outer: Collection[str]) -> None:
    if name in outer and column.to_pylist() == [None]:
        raise UserErrorException(
            f"The type of column '{name}' is an error: a file's path does not fit the partition format."
        )

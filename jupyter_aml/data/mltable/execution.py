"""The steps of a table, done: files into partitions, partitions into partitions. pandas is not seen here."""

import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, TypeAlias, cast

from jupyter_aml.data.mltable import delimited, json_lines, parquet
from jupyter_aml.data.mltable.columns import (
    Column,
    Loose,
    Partition,
    arrow,
    as_records,
    chunked,
    constant,
    framed,
    instants,
)
from jupyter_aml.data.mltable.convert import convert, target_of
from jupyter_aml.data.mltable.datatypes import Json
from jupyter_aml.data.mltable.delimited_piece import Delimited
from jupyter_aml.data.mltable.document import Document
from jupyter_aml.data.mltable.filtering import filtered
from jupyter_aml.data.mltable.partition_format import PartitionFormat, partition_format
from jupyter_aml.data.mltable.paths import Resolver, opened, streams
from jupyter_aml.data.mltable.steps import READS, Step
from jupyter_aml.data.mltable.streams import StreamInfo
from jupyter_aml.exceptions import UnsupportedFieldError, UserErrorException

Parts: TypeAlias = Sequence[Partition]
Change: TypeAlias = Callable[[Parts, Step], Parts]


def executed(document: Document, resolver: Resolver) -> Parts:
    """The partitions that a document stands for. Raises UserErrorException where a step cannot be done."""
    found = [*streams(document.paths, resolver)]
    parts: Parts = [Partition({"Path": Loose(found)}, len(found))] if found else []
    for step in document.steps:
        parts = _read(parts, step, resolver) if step.name in READS else _CHANGES[step.name](parts, step)
    return parts


def selected(columns: Json, names: Sequence[str]) -> list[str]:
    """The columns that a step names by string, list or pattern; those that are not there are passed over."""
    if isinstance(columns, str | list):
        wanted = {columns} if isinstance(columns, str) else set(columns)
        return [name for name in names if name in wanted]
    options = cast("dict[str, Json]", columns)
    pattern = re.compile(str(options["pattern"]), re.IGNORECASE if options.get("ignoreCase") else 0)
    return [name for name in names if bool(pattern.search(name)) != bool(options.get("invert"))]


def _read(parts: Parts, step: Step, resolver: Resolver) -> Parts:
    arguments = step.mapping()
    if step.name == "read_delta_lake":
        raise UnsupportedFieldError(
            "transformations.read_delta_lake: delta lake tables are not read here.",
            resolution="Read the table's parquet files: read_parquet.",
        )
    files = [*_files(parts, step, resolver)]
    if step.name == "read_delimited":
        how = Delimited.of(arguments)
        outer = {name for _path, before, _after in files for name in before}
        return delimited.read([(path, before) for path, before, _after in files], how, outer)
    found: list[Partition] = []
    for path, before, after in files:
        several = json_lines.read(path, arguments) if step.name == "read_json_lines" else parquet.read(path)
        found += [framed(part, before, after) for part in several]
    return found


def _files(
    parts: Parts, step: Step, resolver: Resolver
) -> Iterator[tuple[Path, Mapping[str, Column], Mapping[str, Column]]]:
    """Each file with the columns of its row: those that delimited text puts first, and those that follow records."""
    arguments = step.mapping()
    name = str(arguments.get("path_column", "Path"))
    for part in parts:
        if name not in part.columns:
            raise UserErrorException(
                f"{step.name}: there is no column '{name}' to read files from (ExpectedFieldMissing).",
                resolution=f"There is: {', '.join(part.columns) or 'none'}. A table is read by one step only.",
            )
        for index, stream in enumerate(part.columns[name].to_pylist()):
            if not isinstance(stream, StreamInfo):
                raise UserErrorException(
                    f"{step.name}: '{name}' holds {stream!r}, where a stream is wanted (ValueCastError)."
                )
            row = part.cut(index, index + 1).columns
            others = {other: column for other, column in row.items() if other != name}
            first = {name: constant(str(stream), 1)} if arguments["include_path_column"] else {}
            if step.name == "read_delimited":
                yield opened(stream, resolver), first | others, {}
            else:
                yield opened(stream, resolver), first, others


def _keep_columns(parts: Parts, step: Step) -> Parts:
    return [part.only(selected(step.arguments, [*part.columns])) for part in parts]


def _drop_columns(parts: Parts, step: Step) -> Parts:
    gone = [set(selected(step.arguments, [*part.columns])) for part in parts]
    return [part.only(name for name in part.columns if name not in out) for part, out in zip(parts, gone, strict=True)]


def _convert(parts: Parts, step: Step) -> Parts:
    return [_converted(as_records(part), cast("list[dict[str, Json]]", step.arguments)) for part in parts]


def _converted(part: Partition, conversions: Sequence[dict[str, Json]]) -> Partition:
    columns = dict(part.columns)
    for one in conversions:
        target = target_of(one["column_type"])
        for name in selected(one["columns"], [*columns]):
            columns[name] = convert(columns[name], target)
    return Partition(columns, part.count)


def _filter(parts: Parts, step: Step) -> Parts:
    return filtered([as_records(part) for part in parts], str(step.arguments))


def _take(parts: Parts, step: Step) -> Parts:
    return _sliced(parts, 0, cast("int", step.arguments))


def _skip(parts: Parts, step: Step) -> Parts:
    return _sliced(parts, cast("int", step.arguments), sum(part.count for part in parts))


def _sliced(parts: Parts, start: int, stop: int) -> Parts:
    found: list[Partition] = []
    for part in parts:
        first, last = (min(max(edge, 0), part.count) for edge in (start, stop))
        found.append(as_records(part).cut(first, last))
        start, stop = start - part.count, stop - part.count
        if stop <= 0:
            break
    return found


def _take_random_sample(parts: Parts, step: Step) -> Parts:
    arguments = step.mapping()
    return _drawn(parts, 0.0, cast("float", arguments["probability"]), cast("int", arguments["seed"]))


def _sample(parts: Parts, step: Step) -> Parts:
    given = cast("dict[str, float]", step.mapping()["sampler_arguments"])
    return _drawn(parts, given["probability_lower_bound"], given["probability"], int(given["seed"]))


def _drawn(parts: Parts, least: float, most: float, seed: int) -> Parts:
    """The rows whose draw lies in [least, most): one seed gives one draw for each row, so splits never share a row."""
    draw = random.Random(seed)
    return [as_records(part).keep([least <= draw.random() < most for _ in range(part.count)]) for part in parts]


def _select_partitions(parts: Parts, step: Step) -> Parts:
    wanted = set(cast("list[int]", step.arguments))
    if beyond := sorted(index for index in wanted if index >= len(parts)):
        raise UserErrorException(f"select_partitions: {beyond} is not < {len(parts)}, the number of partitions.")
    return [part for index, part in enumerate(parts) if index in wanted]


def _partition_columns(parts: Parts, step: Step) -> Parts:
    arguments = step.mapping()
    shape = partition_format(str(arguments["partition_format"]))
    return [_extracted(part, shape, str(arguments["path_column"])) for part in parts]


def _extracted(part: Partition, shape: PartitionFormat, path_column: str) -> Partition:
    if clash := [name for name in shape.keys if name in part.columns]:
        raise UserErrorException(f"A column name conflicts with an existing column (FieldNameConflict): '{clash[0]}'.")
    missing: list[str | int | None] = [None] * len(shape.keys)
    paths = part.columns[path_column].to_pylist() if path_column in part.columns else [None] * part.count
    rows = [(None if path is None else shape.values(str(path))) or missing for path in paths]
    columns = dict(part.columns)
    for index, name in enumerate(shape.keys):
        cells = [row[index] for row in rows]
        whole = cast("list[int | None]", cells)
        columns[name] = instants(whole) if name == shape.date else chunked(cells, arrow().string())
    return Partition(columns, part.count)


_CHANGES: Final[dict[str, Change]] = {
    "keep_columns": _keep_columns,
    "drop_columns": _drop_columns,
    "convert_column_types": _convert,
    "filter": _filter,
    "take": _take,
    "skip": _skip,
    "take_random_sample": _take_random_sample,
    "sample": _sample,
    "select_partitions": _select_partitions,
    "extract_columns_from_partition_format": _partition_columns,
}

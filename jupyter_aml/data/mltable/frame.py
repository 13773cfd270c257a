"""Partitions into one pandas DataFrame with the real package's dtypes: text is `object`. No file is opened here."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from jupyter_aml.data.mltable.columns import (
    ABSENT,
    Arrow,
    Column,
    Loose,
    Partition,
    Untyped,
    arrow,
    chunked,
    library,
    settled,
)
from jupyter_aml.data.mltable.streams import StreamInfo
from jupyter_aml.exceptions import UserErrorException

if TYPE_CHECKING:
    from pandas import DataFrame  # pyright: ignore[reportMissingTypeStubs] - pandas publishes no types

_SAMPLE: Final = 1000


def frame(parts: Sequence[Partition]) -> "DataFrame":
    """The rows of all partitions, in order. Raises UserErrorException when there are rows and no column is left."""
    pd = library("pandas")
    full = [_present(part) for part in parts if part.count]
    if not full:
        return pd.DataFrame({})
    if not any(part.columns for part in full):
        raise UserErrorException(
            f"NoColumns: {sum(part.count for part in full)} rows, but no column is left.",
            resolution="Keep at least one column that is there.",
        )
    joined = _joined([_arrowed(part) for part in full])
    return _loose_frame(full) if joined is None else _framed(joined, full)


def _present(part: Partition) -> Partition:
    """The partition without columns that none of its records has."""
    gone = {
        name
        for name, column in part.columns.items()
        if isinstance(column, Loose) and all(value is ABSENT for value in column.cells)
    }
    names = [name for name in part.columns if name not in gone]
    return part.only(sorted(names, key=lambda name: _first_row(part.columns[name])))


def _first_row(column: Column) -> int:
    """The first row that has a field: records give columns their order."""
    if not isinstance(column, Loose):
        return 0
    return next((index for index, value in enumerate(column.cells) if value is not ABSENT), 0)


def _arrowed(part: Partition) -> dict[str, Column]:
    """Each column of one kind: the kind of its first value. Streams stay what they are."""
    return {name: _one_kind(column) for name, column in part.columns.items()}


def _one_kind(column: Column) -> Column:
    if isinstance(column, Loose):
        streams = any(isinstance(value, StreamInfo) for value in column.cells)
        return column if streams else settled(column.cells)
    return column


def _joined(several: Sequence[Mapping[str, Column]]) -> dict[str, Column] | None:
    """The partitions' columns put together; None when partitions disagree about names or kinds."""
    names = [*several[0]]
    if any([*columns] != names for columns in several):
        return None
    found: dict[str, Column] = {}
    for name in names:
        column = _concatenated([columns[name] for columns in several])
        if column is None:
            return None
        found[name] = column
    return found


def _concatenated(columns: Sequence[Column]) -> Column | None:
    if any(isinstance(column, Loose) for column in columns):
        return Loose([value for column in columns for value in column.to_pylist()])
    known = [column for column in columns if column.null_count < len(column)]
    kinds = [column.type for column in known]
    if any(kind != kinds[0] for kind in kinds[1:]):
        return None
    kind = kinds[0] if kinds else arrow().null()
    chunks = [chunk for column in columns for chunk in _typed(column, kind).chunks]
    return arrow().chunked_array(chunks, kind)


def _typed(column: Arrow, kind: Untyped) -> Arrow:
    return column if column.type == kind else chunked([None] * len(column), kind)


def _framed(columns: Mapping[str, Column], parts: Sequence[Partition]) -> "DataFrame":
    pd = library("pandas")
    stored = all(part.as_stored for part in parts)
    if stored and b"pandas" in parts[0].notes:
        return _with_index(columns, parts[0].notes)
    series = {index: _series(column, stored=stored) for index, column in enumerate(columns.values())}
    found = pd.DataFrame(series, copy=False)
    found.columns = pd.Index([*columns], dtype=object)
    return found


def _series(column: Column, *, stored: bool) -> Untyped:
    pd = library("pandas")
    types = arrow().types
    if isinstance(column, Loose):
        return pd.Series([*column.cells], dtype=object)
    if types.is_string(column.type) or types.is_large_string(column.type):
        return pd.Series(_texts(column), dtype=object, copy=False)
    if types.is_timestamp(column.type) and not stored:
        return pd.Series(_nanoseconds(column).to_numpy())
    return column.to_pandas()


def _texts(column: Arrow) -> Untyped:
    """Text as Python's strings; where words repeat, each is made once."""
    sample = column.slice(0, _SAMPLE)
    if len(column) == len(sample) or len(set(sample.to_pylist())) > _SAMPLE // 2:
        return column.to_numpy(zero_copy_only=False)
    encoded = column.combine_chunks().dictionary_encode(null_encoding="encode")
    words = encoded.dictionary.to_numpy(zero_copy_only=False)
    return words.take(encoded.indices.to_numpy())


def _nanoseconds(column: Arrow) -> Arrow:
    """Datetimes as datetime64[ns] holds them: others become NaT."""
    pa = arrow()
    try:
        return column.cast(pa.timestamp("ns"))
    except pa.ArrowInvalid:
        least, most = -(2**63) // 1000 + 1, 2**63 // 1000
        cells = column.cast(pa.timestamp("us")).cast(pa.int64()).to_pylist()
        kept = [cell * 1000 if cell is not None and least <= cell < most else None for cell in cells]
        return chunked(kept, pa.int64()).cast(pa.timestamp("ns"))


def _with_index(columns: Mapping[str, Column], notes: Mapping[bytes, bytes]) -> Untyped:
    """The frame with the index that pandas noted in the parquet file."""
    pd = library("pandas")
    pa = arrow()
    table = pa.table(dict(columns)).replace_schema_metadata(dict(notes))
    found = table.to_pandas()
    for name in found.columns:
        if isinstance(found[name].dtype, pd.StringDtype):
            found[name] = _series(columns[name], stored=True).set_axis(found.index)
    found.columns = found.columns.astype(object)
    if isinstance(found.index.dtype, pd.StringDtype):
        found.index = found.index.astype(object)
    return found


def _loose_frame(parts: Sequence[Partition]) -> "DataFrame":
    """Records of partitions that disagree: every name any has, values as they are."""
    pd = library("pandas")
    names = list(dict.fromkeys(name for part in parts for name in part.columns))
    found = pd.DataFrame({name: pd.Series(_cells(parts, name), dtype=object) for name in names})
    for name in names:
        column = found[name].infer_objects()
        found[name] = found[name] if isinstance(column.dtype, pd.StringDtype) else _narrowed(column)
    found.columns = pd.Index(names, dtype=object)
    return found


def _cells(parts: Sequence[Partition], name: str) -> list[object]:
    return [value for part in parts for value in _column_cells(part, name)]


def _column_cells(part: Partition, name: str) -> list[object]:
    cells = part.columns[name].to_pylist() if name in part.columns else [None] * part.count
    return [0.0 if isinstance(cell, float) and not cell else cell for cell in cells]  # Azure loses the sign here


def _narrowed(column: Untyped) -> Untyped:
    """Numbers and datetimes among nulls as pandas' own constructor takes them."""
    pd = library("pandas")
    known = [value for value in column if value is not None]
    if known and column.dtype.kind == "M":
        return column.astype("datetime64[ns]" if column.isna().any() else "datetime64[us]")
    numbers = all(isinstance(value, int | float) and not isinstance(value, bool) for value in known)
    return pd.Series([*column], dtype="float64") if known and numbers and column.dtype == object else column

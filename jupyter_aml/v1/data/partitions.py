"""A table's rows in folders named by their values: `TabularDataset.partition_by`. No other dataset is changed."""

import tempfile
import uuid
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jupyter_aml.data import mltable
from jupyter_aml.data.mltable import DataType, MLTable
from jupyter_aml.exceptions import UserErrorException, did_you_mean
from jupyter_aml.operations import places
from jupyter_aml.v1.data.datapath import DataPath

if TYPE_CHECKING:
    import pandas as pd

_FILE: Final = "part-00000.parquet"
_TIME: Final = "yyyyMMddHHmmss"
_WRITTEN: Final = "%Y%m%d%H%M%S"
_TYPES: Final = {"b": DataType.to_bool(), "i": DataType.to_int(), "u": DataType.to_int(), "f": DataType.to_float()}
"""The type of a column that comes back from the names of folders, by what NumPy calls its kind."""
_KIND_OF_TIMES: Final = "M"
_NO_NAMES: Final = ("", ".", "..")


def parted(frame: "pd.DataFrame", keys: Sequence[str], target: DataPath) -> MLTable:
    """The same rows, kept in a new folder below `target`: a folder for each value, with its rows in a parquet file.

    UserErrorException for keys that are no columns, that are all of them, or whose values name no folder.
    """
    _check(frame, keys)
    folder = "/".join(part for part in (target.path_on_datastore.strip("/"), str(uuid.uuid4())) if part)
    groups = [*_groups(frame, keys)]
    with tempfile.TemporaryDirectory() as beside:
        for names, rows in groups:
            file = Path(beside, *names, _FILE)
            file.parent.mkdir(parents=True, exist_ok=True)
            rows.drop(columns=[*keys]).to_parquet(file, index=False)
        target.datastore.upload(beside, folder)
    return _read(frame, keys, DataPath(target.datastore, f"{folder}{'/*' * len(keys)}/*.parquet"), folder)


def _read(frame: "pd.DataFrame", keys: Sequence[str], files: DataPath, folder: str) -> MLTable:
    kinds = {key: frame[key].dtype.kind for key in keys}
    parts = (f"{{{key}:{_TIME}}}" if kinds[key] == _KIND_OF_TIMES else f"{{{key}}}" for key in keys)
    resolver = places.resolver(files.datastore.workspace.client.workspace)
    table = mltable.from_parquet_files([{"pattern": files.address}], resolver=resolver)
    table = table.extract_columns_from_partition_format(f"/{folder.rpartition('/')[2]}/{'/'.join(parts)}/*.parquet")
    types: dict[str | tuple[str, ...], DataType | str] = {
        key: _TYPES[kinds[key]] for key in keys if kinds[key] in _TYPES
    }
    return table.convert_column_types(types) if types else table


def _check(frame: "pd.DataFrame", keys: Sequence[str]) -> None:
    if frame.empty:
        raise UserErrorException("The dataset has no rows, and so no partitions.")
    known = [str(column) for column in frame.columns]
    for key in keys:
        if key not in known:
            raise UserErrorException(f"partition_keys: no column '{key}'.", resolution=did_you_mean(key, known))
        if frame[key].isna().to_numpy().any():
            raise UserErrorException(f"partition_keys: '{key}' has nulls, which name no folder.")
    if not keys or len({*keys}) != len(keys) or len(keys) == len(known):
        raise UserErrorException(
            f"partition_keys: some of the columns are expected, each once; found {[*keys]!r} of {known!r}."
        )
    if sum(frame[key].dtype.kind == _KIND_OF_TIMES for key in keys) > 1:
        raise UserErrorException("partition_keys: at most one column of times may name folders.")


def _groups(frame: "pd.DataFrame", keys: Sequence[str]) -> "Iterator[tuple[list[str], pd.DataFrame]]":
    """Each combination of values as the names of folders, and its rows."""
    for values, rows in frame.groupby([*keys], sort=True):
        given: tuple[object, ...] = values if isinstance(values, tuple) else (values,)
        yield [_name(key, value) for key, value in zip(keys, given, strict=True)], rows


def _name(key: str, value: object) -> str:
    text = value.strftime(_WRITTEN) if isinstance(value, date) else str(value)
    if text in _NO_NAMES or not {"/", "\\", "\0"}.isdisjoint(text):
        raise UserErrorException(f"partition_keys: {value!r} of '{key}' names no folder.")
    return text

"""Parquet files into partitions, one for each row group, typed as they were written. Nothing is converted here."""

from pathlib import Path

from jupyter_aml.data.mltable.columns import Partition, arrow, library
from jupyter_aml.exceptions import UserErrorException


def read(path: Path) -> list[Partition]:
    """The file's row groups. Raises UserErrorException for a file that is not parquet."""
    pa = arrow()
    try:
        with library("pyarrow.parquet").ParquetFile(path) as file:
            groups = [file.read_row_group(index) for index in range(file.num_row_groups)]
    except (pa.ArrowInvalid, OSError) as error:
        raise UserErrorException(f"Invalid Parquet file: {path} ({error}).") from error
    return [
        Partition(
            dict(zip(group.column_names, group.columns, strict=True)),
            group.num_rows,
            as_stored=True,
            notes=group.schema.metadata or {},
        )
        for group in groups
    ]

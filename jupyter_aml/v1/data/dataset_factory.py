"""SDK v1's ways to define a dataset: `Dataset.Tabular.from_…`, `Dataset.File.from_…`. No row is read here."""

import fnmatch
import tempfile
import uuid
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from jupyter_aml.data import mltable
from jupyter_aml.data.mltable import DataType as ColumnType
from jupyter_aml.data.mltable import MLTable
from jupyter_aml.data.mltable.dates import CERTAIN
from jupyter_aml.entities.names import checked
from jupyter_aml.exceptions import NotAvailableError, UserErrorException
from jupyter_aml.operations import places
from jupyter_aml.v1.arguments import meaningless, refuse
from jupyter_aml.v1.data.datapath import DataPath, place_of
from jupyter_aml.v1.data.file_dataset import FileDataset
from jupyter_aml.v1.data.paths import Given, Paths, kind_of, paths_of
from jupyter_aml.v1.data.shapes import PromoteHeadersBehavior, header_of, shaped
from jupyter_aml.v1.data.tabular_dataset import TabularDataset

if TYPE_CHECKING:
    import pandas as pd

    from jupyter_aml.v1.data.datastore import Datastore

__all__ = ["DataType", "FileDatasetFactory", "PromoteHeadersBehavior", "TabularDatasetFactory"]

_FRAME: Final = "dataframe.parquet"
_Read = Callable[..., MLTable]


class DataType:
    """The type of a column, for `set_column_types`."""

    to_string = staticmethod(ColumnType.to_string)
    to_long = staticmethod(ColumnType.to_int)
    to_bool = staticmethod(ColumnType.to_bool)

    @staticmethod
    def to_datetime(formats: str | Sequence[str] | None = None) -> ColumnType:
        """A time by the first format that fits; without formats by those that say one thing, such as 2024-01-31."""
        wanted = CERTAIN if formats is None else formats
        return ColumnType.to_datetime(wanted if isinstance(wanted, str) else [*wanted])

    @staticmethod
    def to_stream(workspace: object = None, escaped: bool = False) -> ColumnType:
        """The address of a file. UnsupportedFieldError for `escaped` ones; the dataset knows its own `workspace`."""
        refuse("DataType.to_stream", "Write the addresses as they are.", escaped=escaped)
        meaningless("the dataset knows its workspace", workspace=workspace)
        return ColumnType.to_stream()

    @staticmethod
    def to_float(decimal_mark: str = ".") -> ColumnType:
        """A number. NotAvailableError for another mark than a point."""
        if decimal_mark != ".":
            raise NotAvailableError.of(f"decimal_mark={decimal_mark!r}", "numbers with another mark than a point")
        return ColumnType.to_float()


class TabularDatasetFactory:
    """Tables of files."""

    @staticmethod
    def from_delimited_files(
        path: Given,
        validate: bool = True,
        include_path: bool = False,
        infer_column_types: bool = True,
        set_column_types: Mapping[str, ColumnType] | None = None,
        separator: str = ",",
        header: bool | PromoteHeadersBehavior = True,
        partition_format: str | None = None,
        support_multi_line: bool = False,
        empty_as_string: bool = False,
        encoding: str = "utf8",
    ) -> TabularDataset:
        """A table of delimited files. UserErrorException when there is no such file, unless `validate` is False."""
        options = {
            "header": header_of(header), "delimiter": separator, "support_multi_line": support_multi_line,
            "empty_as_string": empty_as_string, "encoding": encoding, "include_path_column": include_path,
            "infer_column_types": infer_column_types,
        }  # fmt: skip
        made = _table(paths_of(path), mltable.from_delimited_files, options, validate=validate)
        return made.of(shaped(made.table, set_column_types, partition_format))

    @staticmethod
    def from_parquet_files(
        path: Given,
        validate: bool = True,
        include_path: bool = False,
        set_column_types: Mapping[str, ColumnType] | None = None,
        partition_format: str | None = None,
    ) -> TabularDataset:
        """A table of parquet files."""
        options = {"include_path_column": include_path}
        made = _table(paths_of(path), mltable.from_parquet_files, options, validate=validate)
        return made.of(shaped(made.table, set_column_types, partition_format))

    @staticmethod
    def from_json_lines_files(
        path: Given,
        validate: bool = True,
        include_path: bool = False,
        set_column_types: Mapping[str, ColumnType] | None = None,
        partition_format: str | None = None,
        invalid_lines: str = "error",
        encoding: str = "utf8",
    ) -> TabularDataset:
        """A table of files with one JSON object on each line."""
        options = {"include_path_column": include_path, "invalid_lines": invalid_lines, "encoding": encoding}
        made = _table(paths_of(path), mltable.from_json_lines_files, options, validate=validate)
        return made.of(shaped(made.table, set_column_types, partition_format))

    @staticmethod
    def register_pandas_dataframe(
        dataframe: "pd.DataFrame",
        target: "DataPath | Datastore | tuple[Datastore, str]",
        name: str,
        description: str | None = None,
        tags: Mapping[str, str] | None = None,
        show_progress: bool = True,
        row_group_size: int | None = None,
        make_target_path_unique: bool = True,
    ) -> TabularDataset:
        """Keep a frame as a parquet file in a datastore, and register it: a new version of that name.

        It lies in a new folder below `target`; unless `make_target_path_unique` in `target`, over what is there.
        """
        meaningless("copies are not shown while they are made", show_progress=show_progress)
        checked("dataset", name)
        place = place_of(target)
        inside = f"{place.path_on_datastore}/{uuid.uuid4()}" if make_target_path_unique else place.path_on_datastore
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, _FRAME)
            options: dict[str, Any] = {"row_group_size": row_group_size} if row_group_size else {}
            dataframe.to_parquet(file, index=False, **options)
            place.datastore.upload_files([file], target_path=inside, overwrite=True)
        made = TabularDatasetFactory.from_parquet_files(DataPath(place.datastore, f"{inside}/{_FRAME}"))
        return made.register(place.datastore.workspace, name, description, tags, create_new_version=True)

    @staticmethod
    def from_sql_query(*_: object, **__: object) -> TabularDataset:
        """NotAvailableError: databases are not read here."""
        raise NotAvailableError(
            "from_sql_query: tables over databases are not available locally.",
            resolution="Read it by pandas.read_sql_query, and keep it by Dataset.Tabular.register_pandas_dataframe.",
        )

    @staticmethod
    def register_spark_dataframe(*_: object, **__: object) -> TabularDataset:
        """NotAvailableError: there is no Spark here."""
        raise NotAvailableError.of("register_spark_dataframe", "Spark clusters")

    register_dask_dataframe = register_spark_dataframe


class FileDatasetFactory:
    """Datasets of files."""

    @staticmethod
    def from_files(
        path: Given, validate: bool = True, partition_format: str | None = None, is_file: bool = False
    ) -> FileDataset:
        """Files by their paths. UserErrorException when there is none, unless `validate` is False or `is_file` is True.

        `is_file` changes nothing else: what is a file is seen when it is read.
        """
        if partition_format:
            raise NotAvailableError.of("partition_format", "partitions of file datasets")
        paths = paths_of(path)
        if validate and not is_file:
            paths.check()
        return FileDataset(paths)

    @staticmethod
    def upload_directory(
        src_dir: str | Path,
        target: "DataPath | Datastore | tuple[Datastore, str]",
        pattern: str | None = None,
        overwrite: bool = False,
        show_progress: bool = True,
    ) -> FileDataset:
        """Copy what is in a folder into a datastore; a dataset of it. `pattern`: only the files that match.

        Files that are there already stay as they are, unless `overwrite`. UserErrorException when there is none.
        """
        meaningless("copies are not shown while they are made", show_progress=show_progress)
        place = place_of(target)
        files = _those(Path(src_dir), pattern)
        place.datastore.upload_files(files, src_dir, place.path_on_datastore, overwrite)
        return FileDataset(Paths(place.datastore.workspace, (f"{place.address.rstrip('/')}/",)))


def _those(folder: Path, pattern: str | None) -> list[Path]:
    """The files of a folder whose whole path matches, as Azure matches it. UserErrorException when there is none."""
    if not folder.is_dir():
        raise UserErrorException(f"src_dir: '{folder}' is no folder.", resolution=f"Looked in {Path.cwd()}.")
    every = [one for one in sorted(folder.rglob("*")) if one.is_file()]
    found = [one for one in every if pattern is None or fnmatch.fnmatch(one.absolute().as_posix(), pattern)]
    if not found:
        said = f"pattern: no file in '{folder}' matches '{pattern}'." if every else f"src_dir: '{folder}' has no files."
        raise UserErrorException(said, resolution="A pattern is matched with the whole path: '*.csv'.")
    return found


def _table(paths: Paths, read: _Read, options: Mapping[str, Any], *, validate: bool) -> TabularDataset:
    if validate:
        paths.check()
    open_ = paths.workspace.client.workspace
    given = [{kind_of(open_, address): address} for address in paths.addresses]
    return TabularDataset(paths.workspace, read(given, **options, resolver=places.resolver(open_)))

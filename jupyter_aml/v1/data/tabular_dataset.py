"""SDK v1's TabularDataset: an MLTable, and its rows when they are asked for. No row is read before."""

import copy
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from jupyter_aml.data import uri
from jupyter_aml.data.mltable.document import FILE_NAME
from jupyter_aml.data.mltable.paths import Location
from jupyter_aml.data.mltable.table import MLTable
from jupyter_aml.entities.data import Data
from jupyter_aml.entities.input_output import Input
from jupyter_aml.entities.names import checked
from jupyter_aml.exceptions import NotAvailableError, UserErrorException, did_you_mean
from jupyter_aml.operations import places, uploads
from jupyter_aml.v1.arguments import meaningless, refuse, refuse_others
from jupyter_aml.v1.data.abstract_dataset import AbstractDataset
from jupyter_aml.v1.data.column_expressions import ColumnExpression, Comparison
from jupyter_aml.v1.data.datapath import DataPath, place_of
from jupyter_aml.v1.data.dataset_consumption_config import DIRECT
from jupyter_aml.v1.data.file_dataset import FileDataset
from jupyter_aml.v1.data.partitions import parted
from jupyter_aml.v1.data.paths import Paths

if TYPE_CHECKING:
    import pandas as pd

    from jupyter_aml.v1.core.workspace import Workspace
    from jupyter_aml.v1.data.datastore import Datastore

_NAME: Final = "table"
_COARSE: Final = "azureml.v1.partition_timestamp"
"""Of a table's metadata: the column that its files are parted by."""
_FINE: Final = "timestamp_column"
_NULL: Final = "null"
_TIMES: Final = "M"
"""What pandas calls the kind of a column of times."""


class TabularDataset(AbstractDataset):
    """A table, defined by its files and steps. Made by `Dataset.Tabular.from_…`, never by `TabularDataset()`."""

    def __init__(self, workspace: "Workspace", table: MLTable, asset: Data | None = None) -> None:
        super().__init__(workspace, asset)
        self._table = table

    @property
    def table(self) -> MLTable:
        """It as an MLTable (ours)."""
        return self._table

    # ── rows ──

    def to_pandas_dataframe(self, on_error: str = "null", out_of_range_datetime: str = "null") -> "pd.DataFrame":
        """All rows, indexed by their time if a column says it. What cannot be read as its type is null.

        UserErrorException when files are missing or a step cannot be done; UnsupportedFieldError for `'fail'`.
        """
        _check_null(on_error=on_error, out_of_range_datetime=out_of_range_datetime)
        frame, moment = self._table.to_pandas_dataframe(), self.timestamp_columns[0]
        if moment is None or frame.empty:
            return frame
        return frame.set_index(moment, drop=False).rename_axis(index=None)

    def to_csv_files(self, separator: str = ",") -> FileDataset:
        """Its rows as a CSV file, which is kept in the default datastore."""
        return self._written("csv", lambda frame, path: frame.to_csv(path, sep=separator, index=False))

    def to_parquet_files(self) -> FileDataset:
        """Its rows as a parquet file, which is kept in the default datastore."""
        return self._written("parquet", lambda frame, path: frame.to_parquet(path, index=False))

    def to_spark_dataframe(self) -> object:
        """NotAvailableError: there is no Spark here."""
        raise NotAvailableError.of("to_spark_dataframe", "Spark clusters")

    def get_profile(self, *_: object, **__: object) -> object:
        """NotAvailableError: pandas describes a frame."""
        raise NotAvailableError.of("get_profile", "dataset profiles")

    submit_profile_run = get_profile_runs = get_profile

    def to_dask_dataframe(self, *_: object, **__: object) -> object:
        """NotAvailableError: a table is read as a whole."""
        raise NotAvailableError.of("to_dask_dataframe", "tables as frames of Dask")

    def download(self, *_: object, **__: object) -> object:
        """NotAvailableError: a FileDataset has files."""
        raise NotAvailableError.of("TabularDataset.download", "columns of files")

    mount = download

    # ── steps ──

    def take(self, count: int) -> "TabularDataset":
        """The first `count` rows."""
        return self.of(self._table.take(count))

    def skip(self, count: int) -> "TabularDataset":
        """All rows but the first `count`."""
        return self.of(self._table.skip(count))

    def take_sample(self, probability: float, seed: int | None = None) -> "TabularDataset":
        """About this share of the rows; one seed always draws the same."""
        return self.of(self._table.take_random_sample(probability, seed))

    def random_split(self, percentage: float, seed: int | None = None) -> "tuple[TabularDataset, TabularDataset]":
        """Two datasets that share no row: about this share of the rows, and the others."""
        first, second = self._table.random_split(percentage, seed)
        return self.of(first), self.of(second)

    def keep_columns(self, columns: str | Iterable[str], validate: bool = False) -> "TabularDataset":
        """These columns only. UserErrorException for one that is not there, if somebody asks to `validate`."""
        if validate:
            self._check_columns([columns] if isinstance(columns, str) else [*columns])
        return self.of(self._table.keep_columns(columns))

    def drop_columns(self, columns: str | Iterable[str]) -> "TabularDataset":
        """All columns but these."""
        return self.of(self._table.drop_columns(columns))

    def filter(self, expression: "Comparison | str") -> "TabularDataset":
        """The rows for which an expression is true: `dataset.filter(dataset["a"] > 1)`."""
        return self.of(self._table.filter(str(expression)))

    def __getitem__(self, name: str) -> ColumnExpression:
        """A column, to compare in `filter`."""
        return ColumnExpression(name)

    # ── folders of files ──

    @property
    def partition_keys(self) -> list[str]:
        """The columns that a partition format takes from paths."""
        return self._table.partition_keys

    def partition_by(
        self,
        partition_keys: Sequence[str],
        target: "DataPath | Datastore | tuple[Datastore, str]",
        name: str | None = None,
        show_progress: bool = True,
        partition_as_file_dataset: bool = False,
    ) -> "TabularDataset":
        """Its rows in a new folder below `target`, in folders named by their values; registered if it gets a `name`.

        UserErrorException for keys that name no folders; UnsupportedFieldError for `partition_as_file_dataset`.
        """
        resolution = "Take the table; Dataset.File.from_files has its files."
        refuse("partition_by", resolution, partition_as_file_dataset=partition_as_file_dataset)
        meaningless("copies are not shown while they are made", show_progress=show_progress)
        place = place_of(target)
        if name is not None:
            checked("dataset", name)
        made = self.of(parted(self._table.to_pandas_dataframe(), partition_keys, place))
        return made.register(place.datastore.workspace, name, create_new_version=True) if name else made

    def get_partition_key_values(self, partition_keys: Sequence[str] | None = None) -> list[dict[str, Any]]:
        """Each combination of values that its folders are named by, as they come."""
        keys = self.partition_keys if partition_keys is None else [*partition_keys]
        for key in keys:
            if key not in self.partition_keys:
                resolution = did_you_mean(key, self.partition_keys)
                raise UserErrorException(f"partition_keys: '{key}' names no folders.", resolution=resolution)
        if not keys:
            raise UserErrorException(
                "The dataset has no partition keys.", resolution="dataset.partition_by(keys, target)"
            )
        frame: Any = self._table.keep_columns(keys).to_pandas_dataframe()
        return [] if frame.empty else frame[keys].drop_duplicates().to_dict("records")

    # ── times ──

    @property
    def timestamp_columns(self) -> tuple[str | None, str | None]:
        """The column that says when a row was, and the one that its files are partitioned by."""
        fine, coarse = self._table.section("traits").get(_FINE), self._table.section("metadata").get(_COARSE)
        return (None if fine is None else str(fine)), (None if coarse is None else str(coarse))

    def with_timestamp_columns(
        self,
        timestamp: str | None = None,
        partition_timestamp: str | None = None,
        validate: bool = False,
        **others: object,
    ) -> "TabularDataset":
        """Say which column says when a row was, and which one its files are parted by; None: none does.

        UserErrorException for a `partition_timestamp` alone, or for a column without times if asked to `validate`.
        """
        refuse_others("with_timestamp_columns", others, "timestamp", "partition_timestamp", "validate")
        if partition_timestamp and timestamp in {None, "", partition_timestamp}:
            raise UserErrorException("partition_timestamp: it is one more column, besides that of timestamp.")
        if validate:
            self._check_times([name for name in (timestamp, partition_timestamp) if name])
        document = self._table.document
        traits = {**document.traits, _FINE: timestamp or None}
        metadata = {**document.metadata, _COARSE: partition_timestamp or None}
        said = replace(document, traits=_said(traits), metadata=_said(metadata))
        return self.of(MLTable.of(said, places.resolver(self._open)))

    def time_before(self, end_time: datetime, include_boundary: bool = True, validate: bool = True) -> "TabularDataset":
        """The rows until a time. UserErrorException for a column without times, unless `validate` is False."""
        return self._during(None, end_time, include_boundary=include_boundary, validate=validate)

    def time_after(
        self, start_time: datetime, include_boundary: bool = True, validate: bool = True
    ) -> "TabularDataset":
        """The rows from a time on; raises as `time_before`."""
        return self._during(start_time, None, include_boundary=include_boundary, validate=validate)

    def time_between(
        self, start_time: datetime, end_time: datetime, include_boundary: bool = True, validate: bool = True
    ) -> "TabularDataset":
        """The rows from a time on until another; raises as `time_before`."""
        return self._during(start_time, end_time, include_boundary=include_boundary, validate=validate)

    def time_recent(
        self, time_delta: timedelta, include_boundary: bool = True, validate: bool = True
    ) -> "TabularDataset":
        """The rows of the last so many days or hours, by this machine's clock; raises as `time_before`."""
        now = datetime.now(UTC).astimezone().replace(tzinfo=None)
        return self._during(now - time_delta, None, include_boundary=include_boundary, validate=validate)

    # ── as data of a job ──

    def as_input(self, mode: str) -> Input:
        """The table's folder: its files stay where they are. UserErrorException for another mode than 'direct'."""
        if mode != DIRECT:
            raise UserErrorException(
                f"A TabularDataset is read by the script, in mode '{DIRECT}'; found '{mode}'.",
                resolution="Leave as_mount() and as_download() to a FileDataset.",
            )
        if self._asset:
            return Input(type="mltable", path=self._reference)
        return Input(type="mltable", path=self._draft().path)

    # ── inside ──

    @property
    def _moment(self) -> ColumnExpression:
        name, _ = self.timestamp_columns
        if not name:
            raise UserErrorException(
                "The dataset does not say which column is its time.",
                resolution="dataset.with_timestamp_columns('<column>')",
            )
        return ColumnExpression(name)

    def _during(
        self, start: datetime | None, end: datetime | None, *, include_boundary: bool, validate: bool
    ) -> "TabularDataset":
        moment = self._moment
        if validate:
            self._check_times([moment.name])
        found = self
        if start is not None:
            found = found.filter(moment >= start if include_boundary else moment > start)
        if end is not None:
            found = found.filter(moment <= end if include_boundary else moment < end)
        return found

    def _check_columns(self, names: Iterable[str]) -> "pd.DataFrame":
        """The first row, if there is one. UserErrorException, with the nearest column, for one that it lacks."""
        first = self._table.take(1).to_pandas_dataframe()
        for name in names:
            if not first.empty and name not in first.columns:
                known = [str(column) for column in first.columns]
                raise UserErrorException(f"There is no column '{name}'.", resolution=did_you_mean(name, known))
        return first

    def _check_times(self, names: Iterable[str]) -> None:
        first = self._check_columns(names)
        for name in names:
            if not first.empty and first[name].dtype.kind != _TIMES:
                raise UserErrorException(
                    f"The column '{name}' holds no times.",
                    resolution=f"set_column_types={{'{name}': DataType.to_datetime('%Y-%m-%d')}}",
                )

    def _addresses(self) -> Iterable[str]:
        return (one.where for one in self._table.document.paths)

    def _moved(self, workspace: "Workspace") -> Self:
        made = copy.copy(self)
        table = MLTable.of(self._table.document, places.resolver(workspace.client.workspace))
        vars(made).update(_workspace=workspace, _table=table)
        return made

    def of(self, table: MLTable) -> "TabularDataset":
        """The same workspace's dataset of another table (ours)."""
        return TabularDataset(self._workspace, table)

    def _draft(self) -> Data:
        """Its MLTable file, kept in the default datastore: of equal definitions the same."""
        table, stores = self._table, self._open.folder.datastore("")
        addresses = [_address(one, stores) for one in table.document.paths]
        with tempfile.TemporaryDirectory() as folder:
            target = Path(folder, _NAME)
            if all(addresses):
                kept = [{one.kind: text} for one, text in zip(table.document.paths, addresses, strict=True)]
                target.mkdir()
                (target / FILE_NAME).write_text(table.document.dumped(kept), encoding="utf-8")
            else:
                table.save(str(target), colocated=True)
            return Data(type="mltable", path=uploads.uploaded(self._open, str(target), show=uploads.unseen))

    def _written(self, suffix: str, write: Any) -> FileDataset:  # noqa: ANN401 - pandas' own methods
        with tempfile.TemporaryDirectory() as folder:
            target = Path(folder, f"part-00000.{suffix}")
            write(self.to_pandas_dataframe(), target)
            kept = uploads.uploaded(self._open, str(target), show=uploads.unseen)
            return FileDataset(Paths(self._workspace, (kept,)))


def _address(one: Location, stores: Path) -> str:
    """A path of the table as it means the same everywhere; '' for a file of this machine in no built-in datastore."""
    if not one.is_local:
        return one.where
    if not Path(one.local).is_relative_to(stores):
        return ""
    datastore, _, inside = Path(one.local).relative_to(stores).as_posix().partition("/")
    return str(uri.DatastorePath(datastore, inside))


def _said(section: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in section.items() if value is not None}


def _check_null(**given: str) -> None:
    for name, value in given.items():
        if value not in {_NULL, "fail"}:
            raise UserErrorException(f"{name}: '{value}' is none.", resolution="Use 'null'.")
        refuse("to_pandas_dataframe", "Use 'null', and look for nulls.", **{name: value != _NULL})

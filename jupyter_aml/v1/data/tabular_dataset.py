"""SDK v1's TabularDataset: an MLTable, and its rows when they are asked for. No row is read before."""

import tempfile
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from jupyter_aml.data import uri
from jupyter_aml.data.mltable.document import FILE_NAME
from jupyter_aml.data.mltable.paths import Location
from jupyter_aml.data.mltable.table import MLTable
from jupyter_aml.entities.data import Data
from jupyter_aml.entities.input_output import Input
from jupyter_aml.exceptions import NotAvailableError, UserErrorException
from jupyter_aml.operations import places, uploads
from jupyter_aml.v1.data.abstract_dataset import AbstractDataset
from jupyter_aml.v1.data.column_expressions import ColumnExpression, Comparison
from jupyter_aml.v1.data.file_dataset import FileDataset
from jupyter_aml.v1.data.paths import Paths

if TYPE_CHECKING:
    import pandas as pd

    from jupyter_aml.v1.core.workspace import Workspace

_NAME: Final = "table"


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
        """All rows. UserErrorException when files are missing or a step cannot be done."""
        return self._table.to_pandas_dataframe()

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

    submit_profile = get_profile_runs = get_profile

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
        """These columns only."""
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

    # ── times ──

    @property
    def timestamp_columns(self) -> tuple[str | None, str | None]:
        """The column that says when a row was, and the one that its files are partitioned by."""
        found = self._table.section("traits").get("timestamp_column")
        return (None if found is None else str(found)), None

    def with_timestamp_columns(
        self, timestamp: str | None = None, partition_timestamp: str | None = None, validate: bool = False, **_: object
    ) -> "TabularDataset":
        """Say which column says when a row was."""
        said = {"timestamp_column": timestamp or partition_timestamp}
        document = self._table.document
        traits = {name: value for name, value in {**document.traits, **said}.items() if value is not None}
        return self.of(MLTable.of(replace(document, traits=traits), places.resolver(self._open)))

    def time_before(self, end_time: datetime, include_boundary: bool = True, validate: bool = True) -> "TabularDataset":
        """The rows until a time."""
        return self.filter(self._moment <= end_time if include_boundary else self._moment < end_time)

    def time_after(
        self, start_time: datetime, include_boundary: bool = True, validate: bool = True
    ) -> "TabularDataset":
        """The rows from a time on."""
        return self.filter(self._moment >= start_time if include_boundary else self._moment > start_time)

    def time_between(
        self, start_time: datetime, end_time: datetime, include_boundary: bool = True, validate: bool = True
    ) -> "TabularDataset":
        """The rows from a time on until another."""
        return self.time_after(start_time, include_boundary).time_before(end_time, include_boundary)

    def time_recent(
        self, time_delta: timedelta, include_boundary: bool = True, validate: bool = True
    ) -> "TabularDataset":
        """The rows of the last so many days or hours."""
        return self.time_after(datetime.now(UTC) - time_delta, include_boundary)

    # ── as data of a job ──

    def as_input(self, mode: str) -> Input:
        """The table's folder: its files stay where they are."""
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

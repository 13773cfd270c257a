"""What a script or step writes, and what the next step reads of it: SDK v1's OutputFileDatasetConfig. Values only."""

import copy
import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Self

from jupyter_aml.data import mltable
from jupyter_aml.data.mltable import MLTable
from jupyter_aml.entities.input_output import Input, Output
from jupyter_aml.exceptions import NotAvailableError
from jupyter_aml.v1.core.binding import Binding
from jupyter_aml.v1.data.datapath import DataPath

if TYPE_CHECKING:
    from jupyter_aml.v1.data.datastore import Datastore

_READ: Final = ("encoding", "support_multi_line", "empty_as_string")
_PLACEHOLDERS: Final = {"{run-id}": "${{name}}", "{output-name}": "${{output_name}}"}
_LATER: Final = "azureml://jobs/-/outputs/"
"""Stands for the address until a pipeline binds it."""
_NO_FILES: Final = "."


@dataclass(frozen=True)
class OutputInput:
    """An output of one step as the input of another: where its files are, or with `table` the rows in them."""

    output: str
    """Which output: the same for all that was made of one OutputFileDatasetConfig."""
    name: str
    mode: str = "ro_mount"
    table: str = ""
    """The steps that make a table of the files, as an MLTable's text; '' for the files themselves."""

    def as_mount(self, path_on_compute: str | None = None) -> "OutputInput":
        """The files where they are, to be read."""
        return replace(self, mode="ro_mount")

    def as_download(self, path_on_compute: str | None = None) -> "OutputInput":
        """A copy of the files."""
        return replace(self, mode="download")

    def as_named_input(self, name: str) -> "OutputInput":
        """The same under another name."""
        return replace(self, name=name)

    def binding(self) -> Binding:
        """What it becomes in a job: a pipeline says where it is."""
        return Binding(self.name, Input(type="uri_folder", path=f"{_LATER}{self.output}", mode=self.mode))


class OutputDatasetConfig:
    """What is common to outputs: their name, and who reads them."""

    def __init__(self, name: str | None = None) -> None:
        self.name = name or f"output_{secrets.token_hex(4)}"
        self.origin = secrets.token_hex(8)
        """Which output it is (ours): its copies in other modes are the same one."""
        self._place = self._mode = self._asset = ""
        self._table = ""

    def as_input(self, name: str | None = None) -> OutputInput:
        """It as the input of a later step, by this name there."""
        return OutputInput(self.origin, name or self.name, table=self._table)

    def binding(self) -> Binding:
        """What it becomes in a job."""
        said = {"type": "uri_folder", "path": self._place, "mode": self._mode, "name": self._asset}
        return Binding(self.name, Output.of({key: text for key, text in said.items() if text}))

    def _with(self, **said: str) -> Self:
        made = copy.copy(self)
        vars(made).update(said)
        return made

    def __repr__(self) -> str:
        """Its name."""
        return f"{type(self).__name__}({self.name!r})"


class OutputFileDatasetConfig(OutputDatasetConfig):
    """A folder that a script writes.

    `destination`: (datastore, path); `{run-id}` and `{output-name}` in the path are filled in.
    """

    def __init__(
        self,
        name: str | None = None,
        destination: "tuple[Datastore, str] | None" = None,
        source: str | None = None,
        partition_format: str | None = None,
    ) -> None:
        super().__init__(name)
        self.destination, self.source = destination, source
        if source or partition_format:
            raise NotAvailableError.of("source=, partition_format=", "outputs that are gathered or cut afterwards")
        if destination:
            place = DataPath(*destination).address
            for old, new in _PLACEHOLDERS.items():
                place = place.replace(old, new)
            self._place = place

    def as_mount(self, disable_metadata_cache: bool = False) -> Self:
        """The script writes to where the files will be."""
        return self._with(_mode="rw_mount")

    def as_upload(self, overwrite: bool = False, source_globs: object = None) -> Self:
        """The script writes to a folder of its own, which is copied when it is done."""
        return self._with(_mode="upload")

    def as_hdfs(self) -> Self:
        """NotAvailableError: there is no Spark here."""
        raise NotAvailableError.of("as_hdfs", "Spark clusters")

    def register_on_complete(
        self, name: str, description: str | None = None, tags: Mapping[str, str] | None = None
    ) -> Self:
        """Register what was written as a dataset: a new version of that name, when the step is done."""
        return self._with(_asset=name)

    def read_delimited_files(
        self,
        include_path: bool = False,
        separator: str = ",",
        header: bool = True,
        **options: Any,  # noqa: ANN401 - as `from_delimited_files`
    ) -> "OutputTabularDatasetConfig":
        """The rows of the files, for a later step: `run.input_datasets[name].to_pandas_dataframe()`."""
        mode = "all_files_same_headers" if header else "no_header"
        known = {key: value for key, value in options.items() if key in _READ}
        table = mltable.from_delimited_files(
            [{"folder": _NO_FILES}], header=mode, delimiter=separator, include_path_column=include_path, **known
        )
        return OutputTabularDatasetConfig(self, table)

    def read_parquet_files(self, include_path: bool = False, **_: object) -> "OutputTabularDatasetConfig":
        """The rows of the files, for a later step."""
        table = mltable.from_parquet_files([{"folder": _NO_FILES}], include_path_column=include_path)
        return OutputTabularDatasetConfig(self, table)


class OutputTabularDatasetConfig(OutputDatasetConfig):
    """The rows of an output's files, as a later step reads them."""

    def __init__(self, files: OutputDatasetConfig, table: MLTable) -> None:
        vars(self).update(vars(files))
        self._rows = table
        self._table = json.dumps([step.dumped() for step in table.document.steps])

    def keep_columns(self, columns: str | Iterable[str]) -> "OutputTabularDatasetConfig":
        """These columns only."""
        return OutputTabularDatasetConfig(self, self._rows.keep_columns(columns))

    def drop_columns(self, columns: str | Iterable[str]) -> "OutputTabularDatasetConfig":
        """All columns but these."""
        return OutputTabularDatasetConfig(self, self._rows.drop_columns(columns))

    def register_on_complete(self, *_: object, **__: object) -> "OutputTabularDatasetConfig":
        """NotAvailableError: the files are registered, not their rows."""
        raise NotAvailableError.of("register_on_complete of rows", "tables that a step registers")

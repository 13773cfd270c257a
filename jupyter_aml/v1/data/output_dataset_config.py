"""What a script or step writes, and what the next step reads of it: SDK v1's OutputFileDatasetConfig. Values only."""

import copy
import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Self, Unpack

from jupyter_aml.data import mltable
from jupyter_aml.data.mltable import DataType, MLTable
from jupyter_aml.entities.input_output import Input, Output
from jupyter_aml.exceptions import NotAvailableError
from jupyter_aml.v1.arguments import meaningless, refuse
from jupyter_aml.v1.core.binding import LATER, Binding
from jupyter_aml.v1.data.datapath import GIVEN_A_PATH, DataPath, place_of, stays_inside
from jupyter_aml.v1.data.shapes import PromoteHeadersBehavior, Reading, header_of, shaped

if TYPE_CHECKING:
    from jupyter_aml.v1.data.datastore import Datastore

_PLACEHOLDERS: Final = {"{run-id}": "${{name}}", "{output-name}": "${{output_name}}"}
_FILES: Final = [{"folder": "."}]
"""Stands for the files until a run has them."""
_OWN_FOLDER: Final = "dataset/{run-id}/{output-name}"
"""Where an output goes in a datastore, as SDK v1 has it, if nobody says where."""
_IN_PLACE: Final = "the script writes where the files will be"


class Origin(str):
    """Which output it is, and the step that makes it: the one that named it last, as SDK v1 has it."""

    __slots__ = ("step",)
    step: object


@dataclass(frozen=True)
class OutputInput:
    """An output of one step as the input of another: where its files are, or with `table` the rows in them."""

    output: Origin
    """Which output: the same for all that was made of one OutputFileDatasetConfig."""
    name: str
    mode: str = "ro_mount"
    table: str = ""
    """Which files are read and the steps that make a table of them, as JSON; '' for the files themselves."""

    def as_mount(self, path_on_compute: str | None = None) -> "OutputInput":
        """The files where they are, to be read."""
        refuse("as_mount", GIVEN_A_PATH, path_on_compute=path_on_compute)
        return replace(self, mode="ro_mount")

    def as_download(self, path_on_compute: str | None = None) -> "OutputInput":
        """A copy of the files."""
        refuse("as_download", GIVEN_A_PATH, path_on_compute=path_on_compute)
        return replace(self, mode="download")

    def as_named_input(self, name: str) -> "OutputInput":
        """The same under another name."""
        return replace(self, name=name)

    def binding(self) -> Binding:
        """What it becomes in a job: a pipeline says where it is."""
        return Binding(self.name, Input(type="uri_folder", path=f"{LATER}{self.output}", mode=self.mode))


class OutputDatasetConfig:
    """What is common to outputs: their name, and who reads them."""

    def __init__(self, name: str | None = None) -> None:
        self.name = name or f"output_{secrets.token_hex(4)}"
        self.origin = Origin(secrets.token_hex(8))
        """Which output it is (ours): its copies in other modes are the same one."""
        self.pipeline_output_name = ""
        """What the pipeline calls it (ours): of a PipelineData."""
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
        destination: "DataPath | Datastore | tuple[Datastore, str] | None" = None,
        source: str | None = None,
        partition_format: str | None = None,
    ) -> None:
        super().__init__(name)
        self.destination, self.source = destination, source
        if source or partition_format:
            raise NotAvailableError.of("source=, partition_format=", "outputs that are gathered or cut afterwards")
        if destination:
            given = place_of(destination)
            place = (given if given.path_on_datastore.strip("/") else DataPath(given.datastore, _OWN_FOLDER)).address
            for old, new in _PLACEHOLDERS.items():
                place = place.replace(old, new)
            self._place = place

    def as_mount(self, disable_metadata_cache: bool = False) -> Self:
        """The script writes to where the files will be: there is no cache in between."""
        meaningless(_IN_PLACE, disable_metadata_cache=disable_metadata_cache)
        return self._with(_mode="rw_mount")

    def as_upload(self, overwrite: bool = False, source_globs: object = None) -> Self:
        """The script writes to a folder, and all of it is kept, over what is there whatever `overwrite` says.

        UnsupportedFieldError for `source_globs`.
        """
        refuse("as_upload", "Write to the folder only what is to be kept.", source_globs=source_globs)
        meaningless(_IN_PLACE, overwrite=overwrite)
        return self._with(_mode="upload")

    def as_hdfs(self) -> Self:
        """NotAvailableError: there is no Spark here."""
        raise NotAvailableError.of("as_hdfs", "Spark clusters")

    def register_on_complete(
        self, name: str, description: str | None = None, tags: Mapping[str, str] | None = None
    ) -> Self:
        """Register what was written as a dataset: a new version of that name, when the step is done.

        UnsupportedFieldError for `description` and `tags`.
        """
        later = f"When it is done: Dataset.get_by_name(ws, {name!r}).update(description, tags)."
        refuse("register_on_complete", later, description=description, tags=tags)
        return self._with(_asset=name)

    def read_delimited_files(
        self,
        include_path: bool = False,
        separator: str = ",",
        header: bool | PromoteHeadersBehavior = PromoteHeadersBehavior.ALL_FILES_HAVE_SAME_HEADERS,
        partition_format: str | None = None,
        path_glob: str | None = None,
        set_column_types: Mapping[str, DataType] | None = None,
        **options: Unpack[Reading],
    ) -> "OutputTabularDatasetConfig":
        """The rows of the files, for a later step: `run.input_datasets[name].to_pandas_dataframe()`.

        `path_glob`: only of the files that match.
        """
        table = mltable.from_delimited_files(
            _FILES, header=header_of(header), delimiter=separator, include_path_column=include_path, **options
        )
        return OutputTabularDatasetConfig(self, shaped(table, set_column_types, partition_format), path_glob)

    def read_parquet_files(
        self,
        include_path: bool = False,
        partition_format: str | None = None,
        path_glob: str | None = None,
        set_column_types: Mapping[str, DataType] | None = None,
    ) -> "OutputTabularDatasetConfig":
        """The rows of the files, for a later step; of those that match `path_glob`."""
        table = mltable.from_parquet_files(_FILES, include_path_column=include_path)
        return OutputTabularDatasetConfig(self, shaped(table, set_column_types, partition_format), path_glob)


class OutputTabularDatasetConfig(OutputDatasetConfig):
    """The rows of an output's files, as a later step reads them. AssetPathException for files that are not its own."""

    def __init__(self, files: OutputDatasetConfig, table: MLTable, path_glob: str | None = None) -> None:
        stays_inside(path_glob or "")
        vars(self).update(vars(files))
        self._rows, self._glob = table, path_glob
        steps = [step.dumped() for step in table.document.steps]
        self._table = json.dumps({"files": path_glob, "steps": steps})

    def keep_columns(self, columns: str | Iterable[str]) -> "OutputTabularDatasetConfig":
        """These columns only."""
        return OutputTabularDatasetConfig(self, self._rows.keep_columns(columns), self._glob)

    def drop_columns(self, columns: str | Iterable[str]) -> "OutputTabularDatasetConfig":
        """All columns but these."""
        return OutputTabularDatasetConfig(self, self._rows.drop_columns(columns), self._glob)

    def random_split(
        self, percentage: float, seed: int | None = None
    ) -> "tuple[OutputTabularDatasetConfig, OutputTabularDatasetConfig]":
        """Two tables that share no row: about this share of the rows, and the others."""
        first, second = self._rows.random_split(percentage, seed)
        one, other = (OutputTabularDatasetConfig(self, rows, self._glob) for rows in (first, second))
        return one, other

    def register_on_complete(self, *_: object, **__: object) -> "OutputTabularDatasetConfig":
        """NotAvailableError: the files are registered, not their rows."""
        raise NotAvailableError.of("register_on_complete of rows", "tables that a step registers")

"""What steps of SDK v1 are bound by: parameters of the pipeline, and data that one makes and another reads."""

import copy
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, Self

from jupyter_aml.entities.input_output import Input, as_input
from jupyter_aml.exceptions import UserErrorException, did_you_mean
from jupyter_aml.v1.arguments import meaningless, refuse
from jupyter_aml.v1.core.binding import Binding
from jupyter_aml.v1.data.abstract_dataset import AbstractDataset
from jupyter_aml.v1.data.datapath import GIVEN_A_PATH, DataPath
from jupyter_aml.v1.data.output_dataset_config import (
    Origin,
    OutputFileDatasetConfig,
    OutputInput,
    OutputTabularDatasetConfig,
)
from jupyter_aml.v1.data.shapes import PromoteHeadersBehavior

if TYPE_CHECKING:
    from jupyter_aml.v1.data.datastore import Datastore

__all__ = ["PipelineData", "PipelineParameter"]

_MODES: Final = ("mount", "upload")
_SUFFIXES: Final = {",": ".csv", "\t": ".tsv"}
"""Which files are read by default, by what separates their values."""


class PipelineParameter:
    """A value that a pipeline may be given when it is submitted: a literal, a dataset or a DataPath."""

    def __init__(self, name: str, default_value: Any) -> None:  # noqa: ANN401 - a literal or a dataset, as it came
        self.name, self.default_value = name, default_value

    def binding(self) -> Binding:
        """What it becomes in a step: an input, which the pipeline's own is bound to."""
        return Binding(self.name, self.input())

    def input(self, mode: str = "direct") -> Input:
        """The pipeline's input with its default (ours)."""
        value = self.default_value
        return value.as_input(mode) if isinstance(value, AbstractDataset | DataPath) else as_input(value)

    def __repr__(self) -> str:
        """As SDK v1 prints it."""
        return f"PipelineParameter(name={self.name}, default_value={self.default_value})"


class PipelineData:
    """A folder that one step makes and others read: SDK v1's older word for an OutputFileDatasetConfig.

    The step that lists it among its `outputs` makes it; every other one that names it reads it. The pipeline calls it
    `pipeline_output_name`, if it gets one: `run.get_pipeline_output(…)`. UnsupportedFieldError for
    `output_path_on_compute`, `training_output` and what is no folder.
    """

    def __init__(
        self,
        name: str,
        datastore: "Datastore | None" = None,
        output_name: str | None = None,
        output_mode: str = "mount",
        output_path_on_compute: str | None = None,
        output_overwrite: bool | None = None,
        data_type: str | None = None,
        is_directory: bool | None = None,
        pipeline_output_name: str | None = None,
        training_output: object = None,
    ) -> None:
        if output_mode not in _MODES:
            raise UserErrorException(
                f"output_mode: '{output_mode}' is none.", resolution=f"One of {', '.join(_MODES)}."
            )
        refuse("PipelineData", GIVEN_A_PATH, output_path_on_compute=output_path_on_compute)
        refuse("PipelineData", "Let the script write what it made to a folder.", training_output=training_output)
        refuse("PipelineData", "Write the file into the folder.", is_directory=is_directory is False)
        meaningless("a step writes where the files will be", output_overwrite=output_overwrite)
        meaningless("nothing looks at what kind of data it is", data_type=data_type)
        self.name, self.datastore = name, datastore
        destination = (datastore, f"azureml/{{run-id}}/{name}") if datastore else None
        made = OutputFileDatasetConfig(output_name or name, destination)
        made.pipeline_output_name = pipeline_output_name or ""
        self.output = made.as_upload() if output_mode == "upload" else made
        self._table: OutputTabularDatasetConfig | None = None
        self._mode = "ro_mount"
        self._name = name

    @property
    def origin(self) -> Origin:
        """Which output it is (ours)."""
        return self.output.origin

    def as_dataset(self) -> Self:
        """The same: what is read of it is a dataset."""
        return self

    def as_named_input(self, name: str) -> OutputInput:
        """It as the input of a later step, by this name there."""
        return self.reading().as_named_input(name)

    def as_input(self, name: str) -> OutputInput:
        """The same."""
        return self.as_named_input(name)

    def as_mount(self, input_name: str | None = None, path_on_compute: str | None = None) -> Self:
        """The files where they are, by this name."""
        refuse("as_mount", GIVEN_A_PATH, path_on_compute=path_on_compute)
        return self._with(_mode="ro_mount", _name=input_name or self._name)

    def as_download(
        self, input_name: str | None = None, path_on_compute: str | None = None, overwrite: bool | None = None
    ) -> Self:
        """A copy of the files, by this name."""
        refuse("as_download", GIVEN_A_PATH, path_on_compute=path_on_compute)
        meaningless("the copy begins empty", overwrite=overwrite)
        return self._with(_mode="download", _name=input_name or self._name)

    as_direct = as_mount

    def register(self, name: str, create_new_version: bool = True) -> Self:
        """Register what is written: give what this returns to the `outputs` of the step.

        UnsupportedFieldError for a version that is there already.
        """
        refuse("register", "Each run makes a new version.", create_new_version=not create_new_version)
        return self._with(output=self.output.register_on_complete(name))

    def parse_delimited_files(
        self,
        include_path: bool = False,
        separator: str = ",",
        header: bool | PromoteHeadersBehavior = PromoteHeadersBehavior.ALL_FILES_HAVE_SAME_HEADERS,
        partition_format: str | None = None,
        file_extension: str | None = "",
        set_column_types: Mapping[str, Any] | None = None,
        quoted_line_breaks: bool = False,
    ) -> Self:
        """The rows of its files, for a later step: of those with that extension, '.csv' or '.tsv' by default."""
        suffix = _SUFFIXES.get(separator) if file_extension == "" else file_extension
        made = self.output.read_delimited_files(
            include_path, separator, header, partition_format, _every(suffix), set_column_types,
            support_multi_line=quoted_line_breaks,
        )  # fmt: skip
        return self._with(_table=made)

    def parse_parquet_files(
        self,
        include_path: bool = False,
        partition_format: str | None = None,
        file_extension: str | None = ".parquet",
        set_column_types: Mapping[str, Any] | None = None,
    ) -> Self:
        """The rows of its files, for a later step: of those with that extension."""
        glob = _every(file_extension)
        return self._with(_table=self.output.read_parquet_files(include_path, partition_format, glob, set_column_types))

    def keep_columns(self, columns: str | Sequence[str]) -> Self:
        """These columns only, of rows. UserErrorException for files."""
        return self._with(_table=self._rows.keep_columns(columns))

    def drop_columns(self, columns: str | Sequence[str]) -> Self:
        """All columns but these, of rows. UserErrorException for files."""
        return self._with(_table=self._rows.drop_columns(columns))

    def random_split(self, percentage: float, seed: int | None = None) -> tuple[Self, Self]:
        """Two that share no row, of rows. UserErrorException for files."""
        first, second = self._rows.random_split(percentage, seed)
        return self._with(_table=first), self._with(_table=second)

    @property
    def _rows(self) -> OutputTabularDatasetConfig:
        if self._table is None:
            raise UserErrorException(
                f"'{self.name}': files have no columns.", resolution="Say data.parse_delimited_files() before."
            )
        return self._table

    def binding(self) -> Binding:
        """What it becomes in a step that reads it."""
        return self.reading().binding()

    def reading(self) -> OutputInput:
        """It as what a later step reads (ours)."""
        found = (self._table or self.output).as_input(self._name)
        return found.as_download() if self._mode == "download" else found

    def _with(self, **said: object) -> Self:
        made = copy.copy(self)
        vars(made).update(said)
        return made

    def __repr__(self) -> str:
        """As SDK v1 prints it in a command."""
        return f"$AZUREML_DATAREFERENCE_{self.name}"


def _every(suffix: str | None) -> str | None:
    """The files of that extension, in all folders."""
    return f"**/*.{suffix.removeprefix('.')}" if suffix else None


def given(inputs: Mapping[str, Input], values: Mapping[str, Any]) -> dict[str, Input]:
    """A pipeline's inputs with the values that somebody gave. UserErrorException with the nearest parameter."""
    made = dict(inputs)
    for name, value in values.items():
        if name not in made:
            raise UserErrorException(
                f"pipeline_parameters: the pipeline has no '{name}'.", resolution=did_you_mean(name, made)
            )
        is_data = isinstance(value, AbstractDataset | DataPath)
        made[name] = value.as_input(mode_of(made[name])) if is_data else as_input(value)
    return made


def mode_of(known: Input) -> str:
    """SDK v1's word for how an input gets there."""
    return {"ro_mount": "mount", "download": "download"}.get(known.mode or "", "direct")

"""What steps of SDK v1 are bound by: parameters of the pipeline, and data that one makes and another reads."""

import copy
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

from jupyter_aml.entities.input_output import Input, as_input
from jupyter_aml.exceptions import UserErrorException, did_you_mean
from jupyter_aml.v1.core.binding import Binding
from jupyter_aml.v1.data.abstract_dataset import AbstractDataset
from jupyter_aml.v1.data.output_dataset_config import OutputFileDatasetConfig, OutputInput, OutputTabularDatasetConfig

if TYPE_CHECKING:
    from jupyter_aml.v1.data.datastore import Datastore

__all__ = ["PipelineData", "PipelineParameter"]


class PipelineParameter:
    """A value that a pipeline may be given when it is submitted: a literal, or a dataset."""

    def __init__(self, name: str, default_value: Any) -> None:  # noqa: ANN401 - a literal or a dataset, as it came
        self.name, self.default_value = name, default_value

    def binding(self) -> Binding:
        """What it becomes in a step: an input, which the pipeline's own is bound to."""
        return Binding(self.name, self.input())

    def input(self, mode: str = "direct") -> Input:
        """The pipeline's input with its default (ours)."""
        value = self.default_value
        return value.as_input(mode) if isinstance(value, AbstractDataset) else as_input(value)

    def __repr__(self) -> str:
        """As SDK v1 prints it."""
        return f"PipelineParameter(name={self.name}, default_value={self.default_value})"


class PipelineData:
    """A folder that one step makes and others read: SDK v1's older word for an OutputFileDatasetConfig.

    The step that lists it among its `outputs` makes it; every other one that names it reads it.
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
        **_: object,
    ) -> None:
        self.name, self.datastore = name, datastore
        destination = (datastore, f"azureml/{{run-id}}/{name}") if datastore else None
        made = OutputFileDatasetConfig(output_name or name, destination)
        self.output = made.as_upload() if output_mode == "upload" else made
        self._table: OutputTabularDatasetConfig | None = None
        self._mode = "ro_mount"

    @property
    def origin(self) -> str:
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

    def as_mount(self) -> Self:
        """The files where they are."""
        return self._with(_mode="ro_mount")

    def as_download(self) -> Self:
        """A copy of the files."""
        return self._with(_mode="download")

    as_direct = as_mount

    def parse_delimited_files(self, **options: Any) -> Self:  # noqa: ANN401 - those of `read_delimited_files`
        """The rows of its files, for a later step."""
        return self._with(_table=self.output.read_delimited_files(**options))

    def parse_parquet_files(self, **_: object) -> Self:
        """The rows of its files, for a later step."""
        return self._with(_table=self.output.read_parquet_files())

    def binding(self) -> Binding:
        """What it becomes in a step that reads it."""
        return self.reading().binding()

    def reading(self) -> OutputInput:
        """It as what a later step reads (ours)."""
        found = (self._table or self.output).as_input(self.name)
        return found.as_download() if self._mode == "download" else found

    def _with(self, **said: object) -> Self:
        made = copy.copy(self)
        vars(made).update(said)
        return made

    def __repr__(self) -> str:
        """As SDK v1 prints it in a command."""
        return f"$AZUREML_DATAREFERENCE_{self.name}"


def given(inputs: Mapping[str, Input], values: Mapping[str, Any]) -> dict[str, Input]:
    """A pipeline's inputs with the values that somebody gave. UserErrorException with the nearest parameter."""
    made = dict(inputs)
    for name, value in values.items():
        if name not in made:
            raise UserErrorException(
                f"pipeline_parameters: the pipeline has no '{name}'.", resolution=did_you_mean(name, made)
            )
        is_dataset = isinstance(value, AbstractDataset)
        made[name] = value.as_input(mode_of(made[name])) if is_dataset else as_input(value)
    return made


def mode_of(known: Input) -> str:
    """SDK v1's word for how an input gets there."""
    return {"ro_mount": "mount", "download": "download"}.get(known.mode or "", "direct")

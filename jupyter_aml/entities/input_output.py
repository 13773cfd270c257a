"""Inputs and outputs of a job, as the SDK v2 writes them. Values only; nothing is read or resolved here."""

from collections.abc import Mapping
from typing import Literal, Self, TypeAlias, cast

from pydantic import StrictBool, StrictFloat, StrictInt, StrictStr, field_validator, model_validator

from jupyter_aml.constants import DATA_TYPES, LITERAL_TYPES
from jupyter_aml.entities.draft import Draft
from jupyter_aml.entities.search_space import SweepDistribution
from jupyter_aml.exceptions import UserErrorException, ValidationException

LiteralInput: TypeAlias = StrictBool | StrictInt | StrictFloat | StrictStr

InputType: TypeAlias = Literal[
    "uri_file", "uri_folder", "mltable", "mlflow_model", "custom_model", "triton_model",
    "integer", "number", "string", "boolean",
]  # fmt: skip


class Input(Draft):
    """An input of a job: data by `path`, or a literal by `default`.

    Keywords as in SDK v2: `type` ('uri_folder' unless told), `path`, `mode` (ro_mount | download | direct),
    `default`, `optional`, `min`, `max`, `enum`, `description`, `path_on_compute`, `datastore`.
    Raises UserErrorException for a `default` on data, ValidationException for a `path` on a literal.

    >>> Input(type="uri_file", path="data/diabetes.csv").mode is None
    True
    """

    type: InputType = "uri_folder"
    path: str | None = None
    mode: str | None = None
    path_on_compute: str | None = None
    default: LiteralInput | None = None
    optional: bool | None = None
    min: float | None = None
    max: float | None = None
    enum: list[LiteralInput] | None = None
    description: str | None = None
    datastore: str | None = None

    @field_validator("default", mode="before")
    @classmethod
    def _literal(cls, value: object) -> object:
        if value is None or isinstance(value, bool | int | float | str):
            return value
        message = f"a literal is a bool, int, float or str (found {value!r})"
        raise ValueError(message)

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.type in DATA_TYPES and self.default is not None:
            message = f"The default value of an input of type {self.type} cannot be set; found {self.default!r}."
            raise UserErrorException(message, resolution="Use path= for data, or a literal type.")
        if self.type in LITERAL_TYPES and self.path is not None:
            message = f"An input of type {self.type} has no path; found {self.path!r}."
            raise ValidationException(message, resolution="Use default=, or type='uri_file'.")
        return self


class SearchInput(Input):
    """An input that a sweep varies. A command job that still holds one when it is submitted is refused."""

    space: SweepDistribution


class Output(Draft):
    """An output of a job: a folder or file that it writes.

    Keywords as in SDK v2: `type` ('uri_folder' unless told), `path`, `mode` (rw_mount | upload | direct),
    `name` and `version` (to register it), `description`.
    """

    type: Literal["uri_file", "uri_folder", "mltable", "mlflow_model", "custom_model", "triton_model"] = "uri_folder"
    path: str | None = None
    mode: str | None = None
    name: str | None = None
    version: str | None = None
    description: str | None = None
    path_on_compute: str | None = None


def literal_type(value: LiteralInput) -> str:
    """The type Azure infers for a literal: bool before int, as Python's own classes are nested."""
    for kind, name in ((bool, "boolean"), (int, "integer"), (float, "number")):
        if isinstance(value, kind):
            return name
    return "string"


def as_input(value: object) -> Input:
    """An Input from what a person may give: an Input, a mapping, a literal, or a distribution."""
    match value:
        case SweepDistribution():
            return SearchInput(type="string", space=value)
        case Input():
            return value.model_copy()
        case Mapping():
            return Input.of(cast("Mapping[str, object]", value))
        case bool() | int() | float() | str():
            return Input.of({"type": literal_type(value), "default": value})
        case _:
            message = f"An input must be an Input, a mapping or a literal; found {type(value).__name__}."
            raise ValidationException(message)


def space_of(value: object) -> SweepDistribution | None:
    """The distribution that was given as an input; None for any other input."""
    if isinstance(value, SearchInput):
        return value.space
    return value if isinstance(value, SweepDistribution) else None


def as_output(value: object) -> Output:
    """An Output from what a person may give: an Output, a mapping, or nothing (a folder)."""
    match value:
        case Output():
            return value.model_copy()
        case Mapping():
            return Output.of(cast("Mapping[str, object]", value))
        case None:
            return Output()
        case _:
            raise ValidationException(f"An output must be an Output or a mapping; found {type(value).__name__}.")

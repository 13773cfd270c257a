"""A job's inputs and outputs, checked and made ready: literals stay, local data is uploaded. No data is read."""

import math
import posixpath
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from jupyter_aml.constants import LITERAL_TYPES
from jupyter_aml.data import uri
from jupyter_aml.data.upload import check, upload
from jupyter_aml.entities.input_output import Input, LiteralInput, Output
from jupyter_aml.entities.launch import InputSpec, OutputSpec
from jupyter_aml.entities.names import checked
from jupyter_aml.entities.workspace import BUILT_IN_DATASTORES, WorkspaceFolder
from jupyter_aml.exceptions import AssetPathException, UnsupportedFieldError, ValidationException, did_you_mean

_INPUT_MODES: Final = frozenset({"ro_mount", "rw_mount", "download", "direct", "eval_mount", "eval_download"})
_FILE_OR_FOLDER: Final = frozenset({"uri_file", "uri_folder", "mltable"})
"""Types that say which of the two they are; a model may be either."""
_BOOLEANS: Final = frozenset({"true", "false", "1", "0", "yes", "no"})
DEFAULT_DATASTORE: Final = "workspaceblobstore"
_OUTPUT_MODES: Final = frozenset({"rw_mount", "upload", "direct", "mount"})


def check_inputs(inputs: Mapping[str, Input]) -> None:
    """Refuse what cannot be honoured, before anything is stored; each error begins with the input's path."""
    for name, given in inputs.items():
        checked("input", name)
        if given.mode is not None:
            _one_of(f"inputs.{name}.mode", given.mode, _INPUT_MODES)
        if given.type in LITERAL_TYPES:
            _check_literal(name, given)
        elif given.path:
            _check_data(name, given, given.path)
        elif not given.optional:
            raise ValidationException(f"inputs.{name}.path: required for data of type {given.type}, and not given.")


def check_outputs(outputs: Mapping[str, Output]) -> None:
    """Refuse outputs that cannot be honoured, before anything is stored."""
    for name, wanted in outputs.items():
        checked("input", name)
        if wanted.mode is not None:
            _one_of(f"outputs.{name}.mode", wanted.mode, _OUTPUT_MODES)
        if wanted.version and not wanted.name:
            raise ValidationException(f"outputs.{name}.version: a version needs a name.")
        if wanted.name:
            message = f"outputs.{name}.name: outputs are not registered as data assets here yet."
            raise UnsupportedFieldError(message, resolution=f"Read it by azureml://jobs/<job>/outputs/{name}.")
        if wanted.path:
            _check_place(f"outputs.{name}.path", wanted.path)


def input_specs(inputs: Mapping[str, Input], folder: WorkspaceFolder) -> dict[str, InputSpec]:
    """The inputs as the runner needs them; local data is uploaded to the default datastore first."""
    return {name: _input_spec(given, folder) for name, given in inputs.items()}


def output_specs(outputs: Mapping[str, Output], folder: WorkspaceFolder, job: str) -> dict[str, OutputSpec]:
    """The outputs with the local paths that stand for their URIs."""
    return {
        name: OutputSpec(wanted.type, str(_output_path(name, wanted, folder, job)), wanted.mode or "rw_mount")
        for name, wanted in outputs.items()
    }


def _input_spec(given: Input, folder: WorkspaceFolder) -> InputSpec:
    optional = bool(given.optional)
    if given.type in LITERAL_TYPES:
        return InputSpec(given.type, given.default, optional=optional)
    if not given.path:
        return InputSpec(given.type, None, optional=optional)
    mode = given.mode or "ro_mount"
    if place := uri.datastore_path(given.path):
        return InputSpec(given.type, str(place), mode, optional)
    if not uri.is_local(given.path):
        return InputSpec(given.type, given.path, mode, optional)
    path = upload(Path(uri.local_path(given.path)), folder.datastore(DEFAULT_DATASTORE))
    return InputSpec(given.type, str(uri.DatastorePath(DEFAULT_DATASTORE, path)), mode, optional)


def _output_path(name: str, wanted: Output, folder: WorkspaceFolder, job: str) -> Path:
    if not wanted.path:
        return folder.named_output(job, name)
    filled = wanted.path.replace("${{name}}", job).replace("${{output_name}}", name)
    place = _check_place(f"outputs.{name}.path", filled.replace("${{default_datastore}}", DEFAULT_DATASTORE))
    return folder.datastore(place.datastore) / place.path


def _check_literal(name: str, given: Input) -> None:
    value: LiteralInput | None = given.default
    if value is None:
        if not given.optional:
            raise ValidationException(f"inputs.{name}: a value is required, and not given.")
        return
    if given.type in {"integer", "number"}:
        _check_number(name, given, value)
    if given.type == "boolean" and str(value).strip().lower() not in _BOOLEANS:
        raise ValidationException(f"inputs.{name}: {value!r} is not of type boolean.", resolution="Use True or False.")
    if given.enum and value not in given.enum:
        raise ValidationException(f"inputs.{name}: {value!r} is none of {given.enum}.")


def _check_number(name: str, given: Input, value: LiteralInput) -> None:
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if math.isnan(number) or (given.type == "integer" and math.isinf(number)):
        raise ValidationException(f"inputs.{name}: {value!r} is not of type {given.type}.")
    if (given.min is not None and number < given.min) or (given.max is not None and number > given.max):
        raise ValidationException(f"inputs.{name}: {value!r} is not between {given.min} and {given.max}.")


def _check_data(name: str, given: Input, path: str) -> None:
    if path.startswith("azureml://datastores/") or uri.datastore_path(path):
        _check_place(f"inputs.{name}.path", path)
    elif uri.is_local(path):
        _check_local(f"inputs.{name}.path", given, path)
    elif given.mode != "direct" or path.startswith("azureml:"):
        raise UnsupportedFieldError(
            f"inputs.{name}.path: '{path}' cannot be read here yet.",
            resolution="Use a local path, azureml://datastores/<datastore>/paths/<path>, or mode='direct' for a URL.",
        )


def _check_local(field: str, given: Input, path: str) -> None:
    local = Path(uri.local_path(path))
    try:
        check(local)
    except AssetPathException as error:
        raise type(error)(f"{field}: {error.message}", resolution=error.resolution) from None
    if given.type in _FILE_OR_FOLDER and (given.type == "uri_file") != local.is_file():
        found = "a file" if local.is_file() else "a folder"
        raise AssetPathException(f"{field}: a {given.type} is expected, '{path}' is {found}.")


def _check_place(field: str, path: str) -> uri.DatastorePath:
    """The place in a datastore of this workspace that `path` names, and never one outside."""
    place = uri.datastore_path(path)
    if place is None:
        message = f"{field}: data goes to and comes from a datastore; found '{path}'."
        raise ValidationException(message, resolution="Use azureml://datastores/<datastore>/paths/<path>.")
    if place.datastore not in {*BUILT_IN_DATASTORES, "${{default_datastore}}"}:
        raise ValidationException(
            f"{field}: there is no datastore '{place.datastore}'.",
            resolution=did_you_mean(place.datastore, BUILT_IN_DATASTORES),
        )
    if posixpath.normpath(place.path).startswith("..") or "\0" in place.path:
        raise ValidationException(f"{field}: '{path}' leads out of its datastore.", resolution="Leave '..' out.")
    return place


def _one_of(field: str, value: str, known: frozenset[str]) -> None:
    if value not in known:
        raise ValidationException(f"{field}: '{value}' is not a mode.", resolution=did_you_mean(value, known))

"""A job's inputs, checked and made ready: literals stay, local data is uploaded, URIs are followed. No data is read."""

import math
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Final
from urllib.parse import urlsplit

from jupyter_aml.constants import LITERAL_TYPES
from jupyter_aml.data import uri
from jupyter_aml.data.upload import check
from jupyter_aml.entities.input_output import Input, LiteralInput
from jupyter_aml.entities.launch import InputSpec
from jupyter_aml.entities.names import checked
from jupyter_aml.entities.workspace import BUILT_IN_DATASTORES
from jupyter_aml.exceptions import (
    AssetPathException,
    AuthorizationError,
    MlException,
    UnsupportedFieldError,
    ValidationException,
    did_you_mean,
)
from jupyter_aml.operations import places, uploads
from jupyter_aml.operations.workspaces import Workspace

_MODES: Final = frozenset({"ro_mount", "rw_mount", "download", "direct", "eval_mount", "eval_download"})
_FILE_OR_FOLDER: Final = frozenset({"uri_file", "uri_folder", "mltable"})
"""Types that say which of the two they are; a model may be either."""
_BOOLEANS: Final = frozenset({"true", "false", "1", "0", "yes", "no"})


def check_inputs(workspace: Workspace, inputs: Mapping[str, Input]) -> None:
    """Refuse what cannot be honoured, before anything is stored; each error begins with the input's path."""
    for name, given in inputs.items():
        checked("input", name)
        check_place(f"inputs.{name}", given.path_on_compute)
        _check_mode(f"inputs.{name}.mode", given)
        if given.type in LITERAL_TYPES:
            check_literal(name, given)
        elif given.path:
            _check_data(workspace, f"inputs.{name}", given, given.path)
        elif not given.optional:
            raise ValidationException(f"inputs.{name}.path: required for data of type {given.type}, and not given.")


def pinned(workspace: Workspace, inputs: Mapping[str, Input]) -> dict[str, Input]:
    """The inputs with the version that each label stands for now: what a job has read can be read again."""
    return {name: _pinned(workspace, given) for name, given in inputs.items()}


def type_at(workspace: Workspace, path: str) -> str:
    """The type of what lies at a path, for a line that does not say it: an asset's own, else a file's or a folder's.

    Of what is elsewhere the name tells: one with a suffix is a file. A path that cannot be is a folder until the
    input is checked, which says what is wrong with it.
    """
    try:
        place = None if uri.is_local(path) else uri.parse(path)
        if isinstance(place, uri.AssetReference):
            return str(places.asset(workspace, place).spec.get("type"))
        found = places.locate(workspace, path)
    except MlException:
        return "uri_folder"
    is_file = found.path.is_file() if isinstance(found, places.Here) else bool(_suffix(found.address))
    return "uri_file" if is_file else "uri_folder"


def input_specs(workspace: Workspace, inputs: Mapping[str, Input]) -> dict[str, InputSpec]:
    """The inputs as the runner needs them; local data is uploaded first."""
    return {name: _input_spec(workspace, given) for name, given in inputs.items()}


def shown_path(given: Input, spec: InputSpec) -> str | None:
    """The path as the job's YAML says it: of data that was uploaded its URI, of the rest what was given."""
    return str(spec.value) if given.path and uri.is_local(given.path) else given.path


def check_mode(field: str, mode: str, known: frozenset[str]) -> None:
    """Accept one of the modes; ValidationException with the nearest one otherwise."""
    if mode not in known:
        raise ValidationException(f"{field}: '{mode}' is not a mode.", resolution=did_you_mean(mode, known))


def check_place(field: str, place: str | None) -> None:
    """Refuse `path_on_compute`: jobs share this machine, and a path that one takes is taken from all of them."""
    if place:
        raise UnsupportedFieldError(
            f"{field}.path_on_compute: data is not put at '{place}' here.",
            resolution=f"Leave it out: the command is told the path as ${{{{{field}}}}}.",
        )


@contextmanager
def by_path(field: str) -> Generator[None]:
    """What is said against a value begins with the path of its field; a denial stays Azure's text."""
    try:
        yield
    except AuthorizationError:
        raise
    except MlException as error:
        raise type(error)(f"{field}: {error.message}", resolution=error.resolution) from None


def _input_spec(workspace: Workspace, given: Input) -> InputSpec:
    optional = bool(given.optional)
    if given.type in LITERAL_TYPES:
        return InputSpec(given.type, given.default, optional=optional)
    if not given.path:
        return InputSpec(given.type, None, optional=optional)
    mode = given.mode or "ro_mount"
    place = places.followed(workspace, uploads.uploaded(workspace, given.path, given.datastore))
    if mode == "direct":
        return InputSpec(given.type, _long(workspace, place), mode, optional)
    if isinstance(place, uri.DatastorePath) and place.datastore in BUILT_IN_DATASTORES and place.workspace is None:
        return InputSpec(given.type, str(place), mode, optional)
    found = places.opened(workspace, place)
    if isinstance(found, places.Here):
        return InputSpec(given.type, str(found.path), mode, optional)
    return InputSpec(given.type, _long(workspace, place), mode, optional, remote=True)


def _pinned(workspace: Workspace, given: Input) -> Input:
    path = given.path or ""
    place = None if uri.is_local(path) else uri.parse(path)
    if not isinstance(place, uri.AssetReference) or not place.label:
        return given
    version, end = places.asset(workspace, place).version, f"@{place.label}"
    short = f"{path.removesuffix(end)}:{version}"
    long = path.replace(f"/labels/{place.label}", f"/versions/{version}")
    return given.model_copy(update={"path": short if path.endswith(end) else long})


def _suffix(address: str) -> str:
    return PurePosixPath(urlsplit(address).path).suffix


def _long(workspace: Workspace, place: places.Followed) -> str:
    """The text that means the same wherever it is read."""
    return place.long(workspace.id) if isinstance(place, uri.DatastorePath) else str(place)


def _check_mode(field: str, given: Input) -> None:
    if given.mode is None:
        return
    check_mode(field, given.mode, _MODES)
    if given.mode.startswith("eval_") and given.type != "mltable":
        raise ValidationException(
            f"{field}: '{given.mode}' is for data of type mltable, this is {given.type}.",
            resolution=f"Use '{given.mode.replace('eval_', 'ro_').replace('ro_download', 'download')}'.",
        )


def check_literal(name: str, given: Input) -> None:
    """Refuse a value that is not of its type, or out of the bounds that are given with it."""
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
    if math.isnan(number) or (given.type == "integer" and not number.is_integer()):
        raise ValidationException(f"inputs.{name}: {value!r} is not of type {given.type}.")
    least, most = (-math.inf if given.min is None else given.min, math.inf if given.max is None else given.max)
    if not least <= number <= most:
        raise ValidationException(f"inputs.{name}: {value!r} is not between {least} and {most}.")


def _check_data(workspace: Workspace, field: str, given: Input, path: str) -> None:
    with by_path(f"{field}.path"):
        if uri.is_local(path):
            _check_local(given, path)
            uploads.target(workspace, given.datastore)
            return
        place = uri.parse(path)
        if isinstance(place, uri.AssetReference):
            _check_kind(given, path, str(places.asset(workspace, place).spec.get("type")))
        found = places.locate(workspace, path)
        if given.mode == "rw_mount" and not isinstance(found, places.Here):
            raise UnsupportedFieldError(
                f"'{path}' is not on this machine, and mode 'rw_mount' would write to it.",
                resolution="Use ro_mount or download for what is read, and an output for what is written.",
            )


def _check_local(given: Input, path: str) -> None:
    local = Path(uri.local_path(path))
    check(local)
    if given.type in _FILE_OR_FOLDER and (given.type == "uri_file") != local.is_file():
        found = "a file" if local.is_file() else "a folder"
        raise AssetPathException(f"a {given.type} is expected, '{path}' is {found}.")


def _check_kind(given: Input, path: str, found: str) -> None:
    """A file is no folder; Azure refuses it too, once the job has started."""
    if {given.type, found} <= _FILE_OR_FOLDER and (given.type == "uri_file") != (found == "uri_file"):
        message = f"a {given.type} is expected, '{path}' is a {found}."
        raise ValidationException(message, resolution=f"Say type: {found}.")

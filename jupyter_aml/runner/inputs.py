"""What a job's inputs are in its process: literals as text, data as a path or URI. Only its own copies change."""

import os
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from jupyter_aml.constants import DATA_TYPES
from jupyter_aml.entities.launch import InputSpec
from jupyter_aml.exceptions import ValidationException, did_you_mean
from jupyter_aml.runner.working_directory import copy

_DATASTORE: Final = re.compile(
    r"azureml://(?:subscriptions/[^/]+/resourcegroups/[^/]+/workspaces/[^/]+/)?"
    r"datastores/(?P<datastore>[^/]+)/paths/(?P<path>.*)",
    re.IGNORECASE,
)
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")
_COPIED: Final = frozenset({"download", "eval_download"})
_MOUNTED: Final = frozenset({"", "ro_mount", "eval_mount"})
_TRUE: Final = frozenset({"true", "1", "yes"})


@dataclass(frozen=True, slots=True)
class Inputs:
    """Every input's text, None where an optional one is not given; `data` names those that are files or URIs.

    `mounted` has the paths of those that the job may only read.
    """

    values: Mapping[str, str | None]
    data: frozenset[str]
    mounted: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Ground:
    """Where an attempt finds its data: datastores and fetched inputs by name, the folder of its own copies.

    `look_up` is called between files and may raise to stop.
    """

    datastores: Mapping[str, str]
    copies: Path
    look_up: Callable[[], None]
    fetched: Mapping[str, str] = field(default_factory=dict[str, str])


def resolve(inputs: Mapping[str, InputSpec], ground: Ground) -> Inputs:
    """The inputs of an attempt; downloaded ones are copied.

    Raises:
        ValidationException: an input's value or data cannot be used; it names the input.
    """
    values = {name: _value(name, spec, ground) for name, spec in inputs.items()}
    data = frozenset(name for name, spec in inputs.items() if spec.type in DATA_TYPES)
    mounted = {name: path for name in data if (path := values[name]) and inputs[name].mode in _MOUNTED}
    return Inputs(values, data, mounted)


def read_only_copies(given: Inputs, ground: Ground) -> Inputs:
    """The same with copies in place of what cannot be mounted; nobody can write to them by accident."""
    copies: dict[str, str | None] = {}
    for name, path in given.mounted.items():
        copies[name] = _downloaded(path, ground.copies / name, ground.look_up)
        _protect(ground.copies / name)
    return replace(given, values={**given.values, **copies}, mounted={})


def _protect(folder: Path) -> None:
    for parent, _, names in os.walk(folder, topdown=False):
        for name in names:
            Path(parent, name).chmod(0o444)
        Path(parent).chmod(0o555)


def _value(name: str, spec: InputSpec, ground: Ground) -> str | None:
    if spec.value is None:
        return None
    if spec.type not in DATA_TYPES:
        return _literal(name, spec)
    if spec.mode == "direct":
        return str(spec.value)
    path = ground.fetched.get(name) or local_path(name, str(spec.value), ground.datastores)
    if not Path(path).exists():
        raise ValidationException(
            f"Input '{name}' is {spec.value}, and there is nothing at '{path}'.",
            resolution=f"Put the data there, or give '{name}' another path.",
        )
    if spec.type == "uri_file" and Path(path).is_dir():
        raise ValidationException(
            f"Input '{name}' is a uri_file, and '{path}' is a folder.",
            resolution=f"Say type: uri_folder, or give '{name}' the path of a file.",
        )
    return _downloaded(path, ground.copies / name, ground.look_up) if spec.mode in _COPIED else path


def _literal(name: str, spec: InputSpec) -> str:
    value = spec.value
    try:
        match spec.type:
            case "boolean":
                return str(value if isinstance(value, bool) else str(value).strip().lower() in _TRUE)
            case "integer":
                return str(int(value)) if isinstance(value, int) else str(int(float(value or 0)))
            case _:
                return str(value)
    except ValueError as error:
        raise ValidationException(
            f"Input '{name}' is an integer and got '{value}'.", resolution=f"Give '{name}' a number."
        ) from error


def local_path(name: str, uri: str, datastores: Mapping[str, str]) -> str:
    """The path on this machine of a local path, a `file:` URI or a datastore URI in its short or long form."""
    if found := _DATASTORE.fullmatch(uri):
        return _in_datastore(name, found["datastore"], found["path"], datastores)
    if uri.startswith("file:"):
        return unquote(urlsplit(uri).path)
    if not _SCHEME.match(uri):
        return os.path.normpath(Path(uri).absolute())
    raise ValidationException(
        f"Input '{name}' is {uri}, which is not on this machine.",
        resolution="Use mode 'direct' to hand the address itself to the job, or a path or a datastore.",
    )


def _in_datastore(name: str, datastore: str, path: str, datastores: Mapping[str, str]) -> str:
    if datastore not in datastores:
        raise ValidationException(
            f"Input '{name}' is on datastore '{datastore}', which this workspace does not have.",
            resolution=did_you_mean(datastore, datastores),
        )
    root = os.path.normpath(datastores[datastore])
    found = os.path.normpath(f"{root}/{path}")
    if found != root and not found.startswith(root + os.sep):
        raise ValidationException(
            f"Input '{name}' is {path}, which leads out of datastore '{datastore}'.",
            resolution="Leave '..' out of the path.",
        )
    return found


def _downloaded(source: str, target: Path, look_up: Callable[[], None]) -> str:
    target.mkdir(parents=True, exist_ok=True)
    if Path(source).is_file():
        return _copied(Path(source), target / Path(source).name)
    for folder, _, names in os.walk(source, followlinks=True):
        below = target / Path(folder).relative_to(source)
        below.mkdir(parents=True, exist_ok=True)
        for name in names:
            look_up()
            _copied(Path(folder, name), below / name)
    return str(target)


def remove(downloads: Path) -> None:
    """Take the copies away; what the job made unremovable stays. The data itself is not touched."""
    if downloads.exists():
        import shutil

        for folder, _, _ in os.walk(downloads):
            with suppress(OSError):
                Path(folder).chmod(0o700)
        shutil.rmtree(downloads, ignore_errors=True)


def _copied(source: Path, target: Path) -> str:
    copy(str(source), str(target), source.stat().st_mode & 0o777)  # its own, so it may write to it
    return str(target)

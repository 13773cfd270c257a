"""YAML of the SDK v2's entities. Text in, drafts out, and back; a relative path is taken from the file's folder."""

from collections.abc import Mapping, Sequence
from io import TextIOBase
from pathlib import Path
from typing import IO, Any, Final, TypeAlias, cast

import yaml

from jupyter_aml.entities.job import Command
from jupyter_aml.exceptions import UnsupportedFieldError, ValidationException

Source: TypeAlias = str | Path | IO[str]

JOB_TYPES: Final = ("command",)


def load_job(
    source: Source, *, relative_origin: str | Path | None = None, params_override: Sequence[Mapping[str, Any]] = ()
) -> Command:
    """The job in a YAML file or open stream (SDK v2's `load_job`).

    `params_override` is a list of mappings with dotted keys: `[{"inputs.rate": 0.5}]`.
    ValidationException names the field; UnsupportedFieldError a type that does not run here yet.
    """
    text, folder = _read(source)
    fields = _mapping(text, source)
    for override in params_override:
        for key, value in override.items():
            _set(fields, key.split("."), value)
    fields.pop("$schema", None)
    kind = fields.get("type", "command")
    if kind not in JOB_TYPES:
        raise UnsupportedFieldError(
            f"type: '{kind}' jobs do not run here yet; found in {_named(source)}.",
            resolution=f"There is: {', '.join(JOB_TYPES)}.",
        )
    return Command.of(_placed(fields, Path(relative_origin) if relative_origin else folder))


def dump(fields: Mapping[str, Any]) -> str:
    """A mapping as YAML, in the order in which it was written."""
    return yaml.safe_dump(dict(fields), sort_keys=False, allow_unicode=True)


def _read(source: Source) -> tuple[str, Path]:
    if isinstance(source, str | Path):
        path = Path(source)
        if not path.is_file():
            raise ValidationException(
                f"No such file or directory: {path}", resolution=f"Paths are taken from {Path.cwd()}."
            )
        return path.read_text(encoding="utf-8-sig"), path.parent
    return source.read(), Path(getattr(source, "name", "")).parent


def _named(source: Source) -> str:
    return str(getattr(source, "name", "the stream")) if isinstance(source, TextIOBase) else str(source)


def _mapping(text: str, source: Source) -> dict[str, Any]:
    try:
        fields = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ValidationException(f"{_named(source)} is not YAML: {error}") from None
    if not isinstance(fields, dict):
        raise ValidationException(
            f"{_named(source)} holds no job: a mapping is expected, found {type(fields).__name__}."
        )
    return cast("dict[str, Any]", fields)


def _set(fields: dict[str, Any], keys: list[str], value: object) -> None:
    for key in keys[:-1]:
        below = fields.setdefault(key, {})
        if not isinstance(below, dict):
            raise ValidationException(f"{'.'.join(keys)}: '{key}' holds {below!r}, so nothing can be set below it.")
        fields = cast("dict[str, Any]", below)
    fields[keys[-1]] = value


def _placed(fields: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Relative local paths, made relative to the YAML's own folder."""
    if isinstance(code := fields.get("code"), str):
        fields["code"] = _place(code, folder)
    for given in cast("dict[str, object]", fields.get("inputs") or {}).values():
        if isinstance(given, dict) and isinstance(path := cast("dict[str, Any]", given).get("path"), str):
            given["path"] = _place(path, folder)
    environment = fields.get("environment")
    if isinstance(environment, dict) and isinstance(
        conda := cast("dict[str, Any]", environment).get("conda_file"), str
    ):
        environment["conda_file"] = _place(conda, folder)
    return fields


def _place(path: str, folder: Path) -> str:
    bare = path.removeprefix("azureml:") if path.startswith(("azureml:./", "azureml:../")) else path
    return bare if ":" in bare.split("/", 1)[0] else str(folder / bare)

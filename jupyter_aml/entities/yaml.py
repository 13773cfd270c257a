"""YAML of the SDK v2's entities. Text in, drafts out, and back; a relative path is taken from the file's folder."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any, Final, TypeAlias, cast

import yaml

from jupyter_aml.entities.job import Command
from jupyter_aml.exceptions import UnsupportedFieldError, ValidationException

Source: TypeAlias = str | Path | IO[str]
Fields: TypeAlias = dict[str, Any]  # Any: YAML as it was written, before the drafts check it
Override: TypeAlias = Mapping[str, Any]

JOB_TYPES: Final = ("command",)
_READ_ONLY: Final = frozenset({"$schema", "id", "status", "creation_context", "studio_url", "error", "exit_code"})
"""What `print(job)` shows and a new job does not have."""
_PART: Final = re.compile(r"([^.\[\]]+)|\[(\d+)\]")


def load_job(
    source: Source,
    *,
    relative_origin: str | Path | None = None,
    params_override: Sequence[Override] | None = None,
) -> Command:
    """The job in a YAML file or open stream (SDK v2's `load_job`).

    `params_override` is a list of mappings with dotted keys: `[{"inputs.rate": 0.5, "services.x.nodes[0]": 1}]`.
    ValidationException names the field; UnsupportedFieldError a type that does not run here yet.
    """
    text, folder = _read(source)
    fields = _mapping(text, source)
    for override in params_override or ():
        for key, value in override.items():
            _set(fields, key, value)
    kind = fields.get("type", "command")
    if kind not in JOB_TYPES:
        raise UnsupportedFieldError(
            f"type: '{kind}' jobs do not run here yet; found in {_named(source)}.",
            resolution=f"There is: {', '.join(JOB_TYPES)}.",
        )
    _place_paths(fields, (Path(relative_origin) if relative_origin else folder).absolute())
    return Command.of({name: value for name, value in fields.items() if name not in _READ_ONLY})


def dump(fields: Mapping[str, Any]) -> str:
    """A mapping as YAML, in the order in which it was written."""
    return yaml.safe_dump(dict(fields), sort_keys=False, allow_unicode=True)


def _read(source: Source) -> tuple[str, Path]:
    if not isinstance(source, str | Path):
        return source.read(), Path(_named(source)).parent
    path = Path(source)
    if not path.is_file():
        raise ValidationException(
            f"No such file or directory: {path}", resolution=f"Paths are taken from {Path.cwd()}."
        )
    try:
        return path.read_text(encoding="utf-8-sig"), path.parent
    except UnicodeDecodeError as error:
        raise ValidationException(f"{path} is not YAML: {error}", resolution="Save it as UTF-8.") from None


def _named(source: Source) -> str:
    if isinstance(source, str | Path):
        return str(source)
    name = getattr(source, "name", None)
    return name if isinstance(name, str) else "the stream"


def _mapping(text: str, source: Source) -> Fields:
    try:
        fields = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ValidationException(f"{_named(source)} is not YAML: {error}") from None
    if not isinstance(fields, dict):
        raise ValidationException(
            f"{_named(source)} holds no job: a mapping is expected, found {type(fields).__name__}."
        )
    return cast("Fields", fields)


def _set(fields: Fields, key: str, value: object) -> None:
    """Set what a dotted key names, making the mappings on the way; `[0]` is a place in a list."""
    *above, last = [int(number) if number else name for name, number in _PART.findall(key)]
    below: Any = fields
    for part in above:
        below = _below(below, part, key)
    _check_place(below, last, key)
    below[last] = value


def _below(holder: Any, part: str | int, key: str) -> Any:  # noqa: ANN401 - YAML, walked
    _check_place(holder, part, key)
    if isinstance(part, str) and holder.get(part) is None:
        holder[part] = {}
    return holder[part]


def _check_place(holder: object, part: str | int, key: str) -> None:
    """Accept a name in a mapping and a number within a list."""
    if isinstance(part, str) and isinstance(holder, dict):
        return
    if isinstance(part, int) and isinstance(holder, list) and part < len(cast("list[object]", holder)):
        return
    raise ValidationException(f"{key}: there is no place for '{part}' in {holder!r}.")


def _place_paths(fields: Fields, folder: Path) -> None:
    """Relative local paths, taken from the YAML's own folder."""
    _place(fields, "code", folder)
    inputs = fields.get("inputs")
    for given in cast("Fields", inputs).values() if isinstance(inputs, dict) else ():
        _place(given, "path", folder)
    environment = fields.get("environment")
    _place(environment, "conda_file", folder)
    if isinstance(environment, dict):
        _place(cast("Fields", environment).get("build"), "path", folder)


def _place(holder: object, key: str, folder: Path) -> None:
    if isinstance(holder, dict) and isinstance(path := cast("Fields", holder).get(key), str):
        bare = re.sub(r"^(?:azureml:|file:)(?=\.{1,2}(?:/|$))", "", path)
        holder[key] = bare if ":" in bare.split("/", 1)[0] else str(folder / bare)

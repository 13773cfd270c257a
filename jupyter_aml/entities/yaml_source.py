"""YAML as a person wrote it: read, overridden, its paths placed. Text in, plain fields out; no draft is made here."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any, Final, TypeAlias, cast

import yaml

from jupyter_aml.entities import dotted
from jupyter_aml.entities.dotted import Fields
from jupyter_aml.exceptions import ValidationException, did_you_mean

Source: TypeAlias = str | Path | IO[str]
Override: TypeAlias = Mapping[str, Any]
Origin: TypeAlias = str | Path | None

_URI: Final = re.compile(
    r"^(?:azureml:|file:)(?=\.{1,2}(?:/|$))|^azureml:(?=[a-z][a-z0-9+.-]*://|/(?!/|subscriptions/))", re.IGNORECASE
)
"""A prefix that says nothing: Azure writes it before any path."""


def read(source: Source, kind: str, origin: Origin, overrides: Sequence[Override] | None) -> tuple[Fields, Path]:
    """The fields of a YAML file or open stream, `overrides` set, and the folder its relative paths start from.

    ValidationException when it cannot be read, is not YAML, or holds no mapping.
    """
    text, folder = _text(source)
    fields = _mapping(text, source, kind)
    for override in overrides or ():
        for key, value in override.items():
            dotted.put(fields, key, value)
    return fields, (Path(origin) if origin else folder).absolute()


def named(source: Source) -> str:
    """How an error calls the source."""
    if isinstance(source, str | Path):
        return str(source)
    name = getattr(source, "name", None)
    return name if isinstance(name, str) else "the stream"


def place(holder: object, keys: Sequence[str], folder: Path) -> None:
    """Take the relative local paths under dotted `keys` from `folder`: a text, or each of a list.

    `*` is every item of a mapping.
    """
    for key in keys:
        _place(holder, key.split("."), folder)


def _place(holder: object, parts: Sequence[str], folder: Path) -> None:
    if not isinstance(holder, dict):
        return
    fields, (first, *rest) = cast("Fields", holder), parts
    for name in list(fields) if first == "*" else [first]:
        if rest:
            _place(fields.get(name), rest, folder)
        elif isinstance(path := fields.get(name), str):
            fields[name] = placed(path, folder)
        elif isinstance(path, list):
            several = cast("list[object]", path)
            fields[name] = [placed(one, folder) if isinstance(one, str) else one for one in several]


def placed(path: str, folder: Path) -> str:
    """A relative local path, taken from `folder`; a URI, an absolute path and what is bound as they are."""
    bare = _URI.sub("", path)
    if ":" in bare.split("/", 1)[0] or bare.startswith("${{"):
        return bare
    return str((folder / bare).resolve() if ".." in Path(bare).parts else folder / bare)


def _text(source: Source) -> tuple[str, Path]:
    if not isinstance(source, str | Path):
        return source.read(), Path(named(source)).parent
    path = Path(source)
    if not path.is_file():
        raise ValidationException(f"No such file or directory: {path}", resolution=_other_than(path))
    try:
        return path.read_text(encoding="utf-8-sig"), path.parent
    except UnicodeDecodeError as error:
        raise ValidationException(f"{path} is not YAML: {error}", resolution="Save it as UTF-8.") from None


def _other_than(path: Path) -> str:
    """What may have been meant by a path where nothing is: a file beside it, or one below another folder."""
    if path.parent.is_dir():
        files = [one.name for one in path.parent.iterdir() if one.suffix in {".yml", ".yaml"}]
        if (meant := did_you_mean(path.name, files)).startswith("Did you mean"):
            return meant
    return f"There is no {path.name} in {path.parent}." if path.is_absolute() else f"Paths are taken from {Path.cwd()}."


def _mapping(text: str, source: Source, kind: str) -> Fields:
    try:
        fields = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ValidationException(f"{named(source)} is not YAML: {error}") from None
    if not isinstance(fields, dict):
        raise ValidationException(
            f"{named(source)} holds no {kind}: a mapping is expected, found {type(fields).__name__}."
        )
    return cast("Fields", fields)

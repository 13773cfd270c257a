"""An MLTable file as a value: paths, steps, traits, metadata. Text in, text out; a mistake is named by its path."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, cast

import yaml

from jupyter_aml.data.mltable.datatypes import Json
from jupyter_aml.data.mltable.paths import KINDS, Location, kind_of, location
from jupyter_aml.data.mltable.shapes import Field, fields, many, mapping, no_others, text, wrong
from jupyter_aml.data.mltable.steps import Step, step_of
from jupyter_aml.exceptions import UnsupportedFieldError, UserErrorException

FILE_NAME: Final = "MLTable"
_KEYS: Final = ("$schema", "type", "metadata", "paths", "traits", "transformations", "query_source")
_TRAITS: Final = fields({"index_columns": Field(many(text)), "timestamp_column": Field(text)}, open_ended=True)
_LONGEST_DELIMITER: Final = 2


@dataclass(frozen=True, slots=True)
class Document:
    """What an MLTable file says, checked and complete. `base` is the folder its relative paths are taken from."""

    base: Path
    paths: tuple[Location, ...] = ()
    steps: tuple[Step, ...] = ()
    traits: Mapping[str, Json] = field(default_factory=dict[str, Json])
    metadata: Mapping[str, Json] = field(default_factory=dict[str, Json])

    def then(self, step: Step, at: int | None = None) -> "Document":
        """The document with one more step, at the end or before the step `at`."""
        steps = [*self.steps]
        steps.insert(len(steps) if at is None else at, step)
        return replace(self, steps=tuple(steps))

    def dumped(self, paths: list[dict[str, str]] | None = None) -> str:
        """The file's text; `paths` stand for the document's own absolute ones."""
        written = [{one.kind: one.where} for one in self.paths] if paths is None else paths
        parts: dict[str, object] = {
            "metadata": _without_nulls(self.metadata),
            "paths": written,
            "traits": _without_nulls(self.traits),
            "transformations": [step.dumped() for step in self.steps],
        }
        kept = {name: value for name, value in parts.items() if value} | {"type": "mltable"}
        return yaml.safe_dump(kept, allow_unicode=True)


def read(folder: Path) -> Document:
    """The document of the file named exactly `MLTable` in a folder. Raises UserErrorException."""
    path = folder / FILE_NAME
    if not path.is_file():
        raise UserErrorException(
            "Not able to find MLTable file from the MLTable folder",
            resolution=f"Looked for {path}: give the folder that holds a file named exactly '{FILE_NAME}'.",
        )
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise UserErrorException(f"MLTable yaml is invalid: {error}") from error
    return document(found, folder.absolute())


def document(found: object, base: Path) -> Document:
    """A checked document from what YAML held. Raises UserErrorException by the field's path."""
    given = mapping(found, FILE_NAME)
    no_others(given, _KEYS, FILE_NAME)
    if given.get("type", "mltable") != "mltable":
        raise wrong("type", given["type"], "'mltable'")
    text(given.get("$schema", ""), "$schema")
    if "query_source" in given:
        raise UnsupportedFieldError(
            "query_source: tables over a database are not read here.", resolution="Use `paths` of files."
        )
    if "paths" not in given:
        raise wrong(FILE_NAME, found, "complete: 'paths' is required")
    return Document(
        base=base,
        paths=locations(given["paths"], base),
        steps=_steps(given.get("transformations", [])),
        traits=_traits(given.get("traits", {})),
        metadata=cast("dict[str, Json]", mapping(given.get("metadata", {}), "metadata")),
    )


def locations(found: object, base: Path) -> tuple[Location, ...]:
    """The entries of `paths`, each with exactly one of file, folder and pattern. Raises UserErrorException."""
    if not isinstance(found, list):
        raise wrong("paths", found, "a list")
    return tuple(_location(one, f"paths[{index}]", base) for index, one in enumerate(cast("list[object]", found)))


def _traits(found: object) -> dict[str, Json]:
    """The two traits, checked, and whatever else stands beside them."""
    others = cast("dict[str, Json]", mapping(found, "traits"))
    return others | cast("dict[str, Json]", _TRAITS(found, "traits"))


def _without_nulls(value: object) -> object:
    """A value as it is written: nulls inside are left out."""
    if isinstance(value, Mapping):
        pairs = cast("Mapping[object, object]", value).items()
        return {name: _without_nulls(one) for name, one in pairs if one is not None}
    if isinstance(value, list):
        return [_without_nulls(one) for one in cast("list[object]", value) if one is not None]
    return value


def _location(found: object, place: str, base: Path) -> Location:
    given = mapping(found, place)
    name, path = next(iter(given.items()), ("", ""))
    kind = kind_of(name)
    if kind is None or len(given) != 1:
        raise wrong(place, found, f"a mapping with exactly one of {', '.join(KINDS)}")
    return location(kind, str(text(path, f"{place}.{kind}")), base)


def _steps(found: object) -> tuple[Step, ...]:
    if not isinstance(found, list):
        raise wrong("transformations", found, "a list")
    steps = [step_of(one, f"transformations[{index}]") for index, one in enumerate(cast("list[object]", found))]
    for index, step in enumerate(steps):
        if step.name == "read_delimited" and len(str(step.mapping()["delimiter"])) > _LONGEST_DELIMITER:
            raise wrong(f"transformations[{index}].read_delimited.delimiter", step.mapping()["delimiter"], "that short")
    return tuple(steps)

"""The kinds of fields that drafts are made of: texts, choices, paths, secrets. Types only; no draft is here."""

import os
import re
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Final, TypeAlias, TypeVar, cast

from pydantic import BeforeValidator, Field, GetCoreSchemaHandler, GetJsonSchemaHandler, WithJsonSchema
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from jupyter_aml.entities.draft import Mark
from jupyter_aml.exceptions import did_you_mean

_Kind = TypeVar("_Kind")


def snake(text: str) -> str:
    """`LowPriority`, `low_priority` and `Low_Priority` are one word in Azure's YAML: `low_priority`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", text).lower()


class Choice:
    """A text that is one of a few words, in any of Azure's spellings: `type: Annotated[str, Choice("cron")]`.

    The field then holds the word as listed; with `keeps_case`, the text as it was given (Azure's `tier`).
    """

    def __init__(self, *words: str, keeps_case: bool = False) -> None:
        self.words = words
        self.keeps_case = keeps_case

    def __call__(self, text: str) -> str:
        """The word that is meant. ValueError with the nearest one when there is none."""
        spelled = {text, text.lower(), snake(text)}
        same = next((word for word in self.words if spelled & {word, word.lower(), word.replace("_", "")}), None)
        if same is None:
            raise ValueError(f"{text!r} is none of its values. {did_you_mean(text, self.words)}")
        return text if self.keeps_case else same

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        """A text, then the choice."""
        return core_schema.no_info_after_validator_function(self, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """A text, and one of the words."""
        return handler(schema) | self.json_schema()

    def json_schema(self) -> JsonSchemaValue:
        """The words, for an editor to offer, or the same in another case."""
        spelled = "|".join("".join(_either_case(letter) for letter in word) for word in self.words)
        return {"anyOf": [{"enum": list(self.words)}, {"pattern": f"^(?:{spelled})$"}]}


def _either_case(letter: str) -> str:
    if letter == "_":
        return "_?"
    return f"[{letter.upper()}{letter.lower()}]" if letter.isalpha() else re.escape(letter)


def _texts(value: object) -> object:
    if not isinstance(value, Mapping):
        return {} if value is None else value
    items = cast("Mapping[object, object]", value).items()
    return {str(name): "" if given is None else str(given) for name, given in items}


def _none_is_empty(value: object) -> object:
    return {} if value is None else value


def _secret(value: object) -> object:
    if value is None or isinstance(value, str):
        return value
    raise ValueError(f"a text is expected (found {type(value).__name__})")


def _path(value: object) -> object:
    return os.fspath(value) if isinstance(value, Path) else value


def _moment(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime | date) else value


def _version(value: object) -> object:
    if value is None or isinstance(value, str):
        return value
    raise ValueError(f"Asset version must be a string, not type {type(value)}.")


ReadOnly: TypeAlias = Annotated[_Kind | None, Mark.READ_ONLY]
"""Set on what the workspace returned, and no part of the spec."""
_SCALARS: Final = {"type": ["string", "number", "boolean", "null"]}
Texts: TypeAlias = Annotated[
    dict[str, str],
    BeforeValidator(_texts),
    WithJsonSchema({"type": "object", "additionalProperties": _SCALARS}),
]
"""Tags and properties: any value becomes text, as the service does."""
StrictTexts: TypeAlias = Annotated[dict[str, str], BeforeValidator(_none_is_empty)]
"""Tags where Azure's own YAML takes nothing but texts."""
Secret: TypeAlias = Annotated[str | None, BeforeValidator(_secret), Field(exclude=True), Mark.SECRET]
"""A text that is never shown or dumped, not even in the error about it."""
PathText: TypeAlias = Annotated[str, BeforeValidator(_path)]
Moment: TypeAlias = Annotated[str, BeforeValidator(_moment)]
"""A time as YAML writes it; a datetime becomes its text."""
Version: TypeAlias = Annotated[str, BeforeValidator(_version), WithJsonSchema({"type": ["string", "number"]})]
Loose: TypeAlias = dict[str, Any]  # Any: kept and echoed as it was written; Azure does not look into it either

"""Every transformation of an MLTable file, with its arguments and their defaults. Checked here, done elsewhere."""

import re
from dataclasses import dataclass
from typing import Final, cast

from jupyter_aml.data.mltable.datatypes import Json, MLTableHeaders, check_truths
from jupyter_aml.data.mltable.shapes import (
    Field,
    Rule,
    either,
    fields,
    flag,
    many,
    mapping,
    one_of,
    share,
    text,
    whole,
    wrong,
)
from jupyter_aml.exceptions import did_you_mean

PARTITION_SIZE: Final = 20 * 1024 * 1024
SAMPLE_SIZE: Final = 200
"""Rows looked at to infer types, as the real package does (its own schema says 100, which it does not honour)."""
READS: Final = frozenset({"read_delimited", "read_json_lines", "read_parquet", "read_delta_lake"})
_BARE: Final = READS | {"extract_columns_from_partition_format"}

_TEXT_ENCODINGS: Final = {
    "utf8": "utf8",
    "utf-8": "utf8",
    "iso88591": "iso88591",
    "latin1": "latin1",
    "ascii": "ascii",
    "utf16": "utf-16",
    "windows1252": "windows-1252",
}
_DELIMITED_ENCODINGS: Final = _TEXT_ENCODINGS | {
    "iso-8859-1": "iso88591",
    "latin-1": "latin1",
    "utf-16": "utf-16",
    "windows-1252": "windows-1252",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One transformation, complete: every default is spelled out."""

    name: str
    arguments: Json

    def mapping(self) -> dict[str, Json]:
        """The arguments of a step that takes a mapping."""
        return cast("dict[str, Json]", self.arguments)

    def dumped(self) -> dict[str, Json]:
        return {self.name: self.arguments}


def step_of(value: object, place: str) -> Step:
    """A step as a file writes it: `name: arguments`, or a reader's bare name. Raises UserErrorException by its path."""
    if isinstance(value, str) and value in _BARE:
        return step(value, {}, place)
    given = mapping(value, place)
    if len(given) != 1:
        raise wrong(place, value, "one transformation", "Write each as a list item of its own.")
    name, arguments = next(iter(given.items()))
    return step(name, arguments, place)


def step(name: object, arguments: object, place: str = "transformations") -> Step:
    """A checked step with its defaults. Raises UserErrorException."""
    if not isinstance(name, str) or name not in _RULES:
        raise wrong(place, name, "a transformation", did_you_mean(str(name), _RULES))
    return Step(name, _RULES[name](arguments, f"{place}.{name}"))


def _delimiter(value: object, place: str) -> Json:
    if not isinstance(value, str) or not value:
        raise wrong(place, value, "a character")
    if not value[0].isascii():
        raise wrong(place, value, "an ASCII character", "The delimiter is one byte of the file.")
    return value


def _pattern(value: object, place: str) -> Json:
    try:
        re.compile(str(text(value, place)))
    except re.error as error:
        raise wrong(place, value, f"a regular expression ({error})") from error
    return str(value)


def _several(value: object, place: str) -> Json:
    """A list of texts; of one text, that text: so Azure writes it."""
    found = cast("list[Json]", many(text)(value, place))
    return found[0] if len(found) == 1 else found


def _selector(value: object, place: str) -> Json:
    """A pattern over column names, as Azure writes it: it reads `ignoreCase`, and knows no `ignore_case`."""
    found = cast("dict[str, Json]", _PATTERN(value, place))
    return {"ignoreCase": False, "invert": False, "selector": "name_regex"} | found


def _boolean(value: object, place: str) -> Json:
    options = cast("dict[str, Json]", _BOOLEAN(value, place))
    trues, falses = (cast("list[str] | None", options.get(name) or None) for name in ("true_values", "false_values"))
    check_truths(trues, falses)
    if options:
        options.setdefault("mismatch_as", "error")
    return options


def _column_type(*, streams: bool) -> Rule:
    words = {name: name for name in ("boolean", "float", "string", "int", *(["stream_info"] if streams else []))}
    kinds: dict[str, Rule] = {
        "datetime": _DATETIME,
        "boolean": _boolean,
        **({"stream_info": _STREAM} if streams else {}),
    }

    def options(value: object, place: str) -> Json:
        given = mapping(value, place)
        if len(given) != 1 or next(iter(given)) not in kinds:
            raise wrong(place, value, f"one of {', '.join(kinds)}")
        name, argument = next(iter(given.items()))
        kept = kinds[str(name)](argument, f"{place}.{name}")
        return {str(name): kept} if kept else str(name)

    return either("a column type", {str: one_of(words), dict: options})


_STREAM: Final = fields(
    {name: Field(text, required=True) for name in ("subscription", "resource_group", "workspace_name")}
    | {"escaped": Field(flag)}
)
_BOOLEAN: Final = fields(
    {
        "true_values": Field(many(text)),
        "false_values": Field(many(text)),
        "mismatch_as": Field(one_of({"error": "error", "true": "true", "false": "false"})),
    }
)
_FORMATS: Final = either("a format or a list of formats", {str: text, list: _several})
_DATETIME: Final = fields({"formats": Field(_FORMATS, required=True), "date_constant": Field(text)})
_PATTERN: Final = fields(
    {"pattern": Field(_pattern, required=True), "ignoreCase": Field(flag), "invert": Field(flag)}, open_ended=True
)
_NAMES: Final = {str: text, list: many(text)}
_COLUMNS: Final = either(
    "a column, a list of columns or a pattern",
    _NAMES | {dict: _selector},
)
_OVERRIDE: Final = fields(
    {
        "columns": Field(either("a column or a list of columns", _NAMES), required=True),
        "column_type": Field(_column_type(streams=False), required=True),
    }
)
_INFER: Final = either(
    "true, false or a mapping",
    {
        bool: flag,
        dict: fields({"sample_size": Field(whole(1)), "column_type_overrides": Field(many(_OVERRIDE))}),
    },
)
_PATH: Final = {"include_path_column": Field(flag, default=False), "path_column": Field(text, "Path")}
_SAMPLER: Final = fields(
    {
        "probability": Field(share, required=True),
        "probability_lower_bound": Field(share, required=True),
        "seed": Field(whole(0), required=True),
    }
)
_RULES: Final[dict[str, Rule]] = {
    "read_delimited": fields(
        {
            "delimiter": Field(_delimiter, ","),
            "empty_as_string": Field(flag, default=False),
            "encoding": Field(one_of(_DELIMITED_ENCODINGS), "utf8"),
            "header": Field(one_of({name: name for name in MLTableHeaders.__members__}), "all_files_same_headers"),
            **_PATH,
            "infer_column_types": Field(_INFER, default=True),
            "partition_size": Field(whole(1), PARTITION_SIZE),
            "support_multi_line": Field(flag, default=False),
        }
    ),
    "read_json_lines": fields(
        {
            "encoding": Field(one_of(_TEXT_ENCODINGS), "utf8"),
            **_PATH,
            "invalid_lines": Field(one_of({"error": "error", "drop": "drop"}), "error"),
            "partition_size": Field(whole(1), PARTITION_SIZE),
        }
    ),
    "read_parquet": fields(_PATH),
    "read_delta_lake": fields(
        {
            "include_path_column": Field(flag, default=False),
            "version_as_of": Field(whole(0)),
            "timestamp_as_of": Field(text),
        }
    ),
    "extract_columns_from_partition_format": fields(
        {
            "ignore_errors": Field(flag, default=False),
            "partition_format": Field(text, required=True),
            "path_column": Field(text, "Path"),
        }
    ),
    "convert_column_types": many(
        fields(
            {
                "columns": Field(_COLUMNS, required=True),
                "column_type": Field(_column_type(streams=True), required=True),
            }
        )
    ),
    "keep_columns": _COLUMNS,
    "drop_columns": _COLUMNS,
    "filter": text,
    "take": whole(0),
    "skip": whole(0),
    "take_random_sample": fields({"probability": Field(share, required=True), "seed": Field(whole(0), required=True)}),
    "sample": fields(
        {
            "sampler": Field(
                one_of({"random_percent": "random_percent", "randomPercent": "randomPercent"}), required=True
            ),
            "sampler_arguments": Field(_SAMPLER, required=True),
        }
    ),
    "select_partitions": many(whole(0)),
}

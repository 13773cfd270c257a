"""Tables from MLTable files, and from paths alone: the module functions of Azure's `mltable` package."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, cast

from jupyter_aml.data.mltable.datatypes import (
    OFF,
    ON,
    DataType,
    MLTableFileEncoding,
    MLTableHeaders,
    MLTableInvalidLines,
    Switch,
    encoding_name,
    header_name,
    type_mappings,
)
from jupyter_aml.data.mltable.document import Document, locations, read
from jupyter_aml.data.mltable.paths import Resolver, has_scheme, location, refuse
from jupyter_aml.data.mltable.steps import step
from jupyter_aml.data.mltable.table import MLTable
from jupyter_aml.exceptions import UnsupportedFieldError, UserErrorException

Paths = Sequence[Mapping[str, str]]
_RFC3339: Final = re.compile(r"\d{4}-(0[1-9]|1[0-2])-[0-3]\dT\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})?")


def load(
    uri: str, storage_options: Mapping[str, str] | None = None, ml_client: object = None, *, resolver: Resolver = refuse
) -> MLTable:
    """The table of a folder with a file named `MLTable`.

    A `uri` with a scheme, and such paths in the file, are made local by `resolver`; `storage_options` and `ml_client`
    name the workspace to Azure's package and are for the caller that wires a resolver. Raises UserErrorException.
    """
    del storage_options, ml_client
    folder = resolver(uri) if has_scheme(uri) else Path(location("folder", uri, Path.cwd()).local)
    return MLTable.of(read(folder), resolver)


def from_paths(paths: Paths, *, resolver: Resolver = refuse) -> MLTable:
    """A table of the files themselves: one row each, with its stream. Relative paths start in the current folder."""
    base = Path.cwd()
    return MLTable.of(Document(base, locations(cast("object", paths), base)), resolver)


def from_delimited_files(  # noqa: PLR0917 - Azure's signature
    paths: Paths,
    header: str | MLTableHeaders = "all_files_same_headers",
    delimiter: str = ",",
    support_multi_line: Switch = OFF,
    empty_as_string: Switch = OFF,
    encoding: str | MLTableFileEncoding = "utf8",
    include_path_column: Switch = OFF,
    infer_column_types: Switch | Mapping[str, object] = ON,
    *,
    resolver: Resolver = refuse,
) -> MLTable:
    """A table of delimited files. Raises UserErrorException."""
    arguments = {
        "delimiter": delimiter,
        "header": header_name(header),
        "support_multi_line": support_multi_line,
        "empty_as_string": empty_as_string,
        "encoding": encoding_name(encoding),
        "include_path_column": include_path_column,
        "infer_column_types": _inference(infer_column_types),
    }
    return _reading(paths, "read_delimited", arguments, resolver)


def from_parquet_files(
    paths: Paths,
    include_path_column: Switch = OFF,
    *,
    resolver: Resolver = refuse,
) -> MLTable:
    """A table of parquet files. Raises UserErrorException."""
    return _reading(paths, "read_parquet", {"include_path_column": include_path_column}, resolver)


def from_json_lines_files(
    paths: Paths,
    invalid_lines: str | MLTableInvalidLines = "error",
    encoding: str | MLTableFileEncoding = "utf8",
    include_path_column: Switch = OFF,
    *,
    resolver: Resolver = refuse,
) -> MLTable:
    """A table of files with one JSON object on each line. Raises UserErrorException."""
    invalid = invalid_lines.name if isinstance(invalid_lines, MLTableInvalidLines) else invalid_lines
    if invalid not in MLTableInvalidLines.__members__:
        raise UserErrorException("Invalid value for invalid_lines, the supported values are ['error', 'drop']")
    arguments = {
        "invalid_lines": invalid,
        "encoding": encoding_name(encoding),
        "include_path_column": include_path_column,
    }
    return _reading(paths, "read_json_lines", arguments, resolver)


def from_delta_lake(
    delta_table_uri: str,
    timestamp_as_of: str | None = None,
    version_as_of: int | None = None,
    include_path_column: Switch = OFF,
) -> MLTable:
    """Refused: delta lake tables are not read here. Raises UserErrorException for what Azure refuses too."""
    del include_path_column
    if timestamp_as_of and version_as_of:
        raise UserErrorException("Both timestamp_as_of and version_as_of were provided, but only one can be specified.")
    if timestamp_as_of and not _RFC3339.fullmatch(timestamp_as_of):
        raise UserErrorException(
            f"Provided timestamp_as_of: {timestamp_as_of} is not in RFC-3339/ISO-8601 format.",
            resolution='Write it like "2022-10-01T00:00:00Z".',
        )
    raise UnsupportedFieldError(
        f"from_delta_lake: {delta_table_uri}: delta lake tables are not read here.",
        resolution="Read the table's parquet files: from_parquet_files.",
    )


def _reading(paths: Paths, name: str, arguments: Mapping[str, object], resolver: Resolver) -> MLTable:
    table = from_paths(paths, resolver=resolver)
    return MLTable.of(table.document.then(step(name, dict(arguments))), resolver)


def _inference(given: object) -> object:
    if isinstance(given, bool):
        return given
    if not isinstance(given, Mapping):
        raise UserErrorException("`infer_column_types` must be a bool or a dictionary.")
    options = dict(cast("Mapping[str, object]", given))
    if set(options) - {"sample_size", "column_type_overrides"}:
        raise UserErrorException(
            "If `infer_column_types` is a dictionary, may only contain keys `sample_size` and `column_type_overrides`."
        )
    size = options.get("sample_size", 1)
    if not isinstance(size, int) or size < 1:
        raise UserErrorException(
            "If `infer_column_types` is a dictionary with a `sample_size` key, its value must be a positive integer."
        )
    if "column_type_overrides" in options:
        options["column_type_overrides"] = _overrides(options["column_type_overrides"])
    return options or True


def _overrides(given: object) -> object:
    if not isinstance(given, Mapping):
        raise UserErrorException(
            "If `infer_column_types` is a dictionary with a `column_type_overrides` key, its value must be a "
            "dictionary of strings to `mltable.DataType`s or strings."
        )
    return type_mappings(cast("Mapping[str, DataType]", given), streams=False)

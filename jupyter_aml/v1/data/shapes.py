"""How SDK v1 says what a table's files look like: header lines, types, folders. Words only; no file is read here."""

from collections.abc import Mapping
from enum import IntEnum
from typing import Final, TypedDict

from jupyter_aml.data.mltable import DataType, MLTable
from jupyter_aml.exceptions import UserErrorException


class PromoteHeadersBehavior(IntEnum):
    """How the header lines of delimited files are taken."""

    NO_HEADERS = 0
    ONLY_FIRST_FILE_HAS_HEADERS = 1
    COMBINE_ALL_FILES_HEADERS = 2
    ALL_FILES_HAVE_SAME_HEADERS = 3


class Reading(TypedDict, total=False):
    """What else may be said of delimited files (ours, where SDK v1 does not take it)."""

    encoding: str
    support_multi_line: bool
    empty_as_string: bool


_HEADERS: Final = {
    PromoteHeadersBehavior.NO_HEADERS: "no_header",
    PromoteHeadersBehavior.ONLY_FIRST_FILE_HAS_HEADERS: "from_first_file",
    PromoteHeadersBehavior.COMBINE_ALL_FILES_HEADERS: "all_files_different_headers",
    PromoteHeadersBehavior.ALL_FILES_HAVE_SAME_HEADERS: "all_files_same_headers",
}


def header_of(given: bool | int) -> str:
    """The MLTable language's word for a header mode: True is the same header in all files, False none.

    UserErrorException for what is no mode.
    """
    if isinstance(given, bool):
        given = PromoteHeadersBehavior.ALL_FILES_HAVE_SAME_HEADERS if given else PromoteHeadersBehavior.NO_HEADERS
    try:
        return _HEADERS[PromoteHeadersBehavior(given)]
    except ValueError:
        raise UserErrorException(
            f"header: {given!r} is none.", resolution="Use True, False or one of PromoteHeadersBehavior."
        ) from None


def shaped(table: MLTable, types: Mapping[str, DataType] | None, partition_format: str | None) -> MLTable:
    """The same table with columns from its paths, and columns of other types."""
    if partition_format:
        table = table.extract_columns_from_partition_format(partition_format)
    return table.convert_column_types({**types}) if types else table

"""The small public types of the MLTable API: column types, header modes, encodings. They say what is meant, no more."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final, Literal, TypeAlias, cast

from jupyter_aml.exceptions import UserErrorException

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
Mismatch: TypeAlias = Literal["error", "true", "false"]
Switch: TypeAlias = bool
"""True or false where Azure's signature takes it by place."""
ON: Final[Switch] = True
OFF: Final[Switch] = False

_NAMED: Final = ("string", "int", "float", "boolean", "stream_info")
_MISMATCHES: Final = ("error", "true", "false")


class MLTableHeaders(Enum):
    """How the header lines of delimited files are taken."""

    no_header = auto()
    from_first_file = auto()
    all_files_different_headers = auto()
    all_files_same_headers = auto()


class MLTableInvalidLines(Enum):
    """What becomes of a line that is no JSON object."""

    error = auto()
    drop = auto()


class MLTableFileEncoding(Enum):
    """How the bytes of text files are read. As in Azure, the three one-byte encodings are all windows-1252."""

    utf8 = auto()
    iso88591 = auto()
    latin1 = auto()
    ascii = auto()
    utf16 = auto()
    utf8bom = auto()
    windows1252 = auto()


_ENCODINGS: Final = {
    "utf8": MLTableFileEncoding.utf8,
    "utf-8": MLTableFileEncoding.utf8,
    "utf-8 bom": MLTableFileEncoding.utf8,
    "iso88591": MLTableFileEncoding.iso88591,
    "iso-8859-1": MLTableFileEncoding.iso88591,
    "latin1": MLTableFileEncoding.latin1,
    "latin-1": MLTableFileEncoding.latin1,
    "ascii": MLTableFileEncoding.ascii,
    "windows1252": MLTableFileEncoding.windows1252,
    "windows-1252": MLTableFileEncoding.windows1252,
}
"""Names that the `from_*` functions take. utf16 has no name there (the enum's member does): so it is in Azure."""


def header_name(header: object) -> str:
    """The name of a header mode given as a string or an enum member. Raises UserErrorException."""
    if isinstance(header, MLTableHeaders):
        return header.name
    if not isinstance(header, str):
        raise UserErrorException("The header should be a string or an MLTableHeader enum")
    if header.lower() not in MLTableHeaders.__members__:
        raise UserErrorException(
            f"Given invalid header {header}, supported headers are: {', '.join(MLTableHeaders.__members__)}."
        )
    return header.lower()


def encoding_name(encoding: object) -> str:
    """The name of an encoding given as a string or an enum member. Raises UserErrorException."""
    if isinstance(encoding, MLTableFileEncoding):
        return encoding.name
    if not isinstance(encoding, str):
        raise UserErrorException("The encoding should be a string or an MLTableFileEncoding enum")
    if encoding not in _ENCODINGS:
        raise UserErrorException(
            f"Given invalid encoding '{encoding}', supported encodings are: {', '.join(_ENCODINGS)}."
        )
    return _ENCODINGS[encoding].name


@dataclass(frozen=True, slots=True)
class DataType:
    """The type a column is converted to; made by `DataType.to_…`, used by `convert_column_types`."""

    argument: str | dict[str, Json]

    @staticmethod
    def to_string() -> "DataType":
        return DataType("string")

    @staticmethod
    def to_int() -> "DataType":
        return DataType("int")

    @staticmethod
    def to_float() -> "DataType":
        return DataType("float")

    @staticmethod
    def to_stream() -> "DataType":
        return DataType("stream_info")

    @staticmethod
    def to_bool(
        true_values: str | Iterable[str] | None = None,
        false_values: str | Iterable[str] | None = None,
        mismatch_as: Mismatch | None = None,
    ) -> "DataType":
        """Booleans; text outside both lists becomes null, or what `mismatch_as` says. Raises UserErrorException."""
        if mismatch_as is not None and mismatch_as not in _MISMATCHES:
            raise UserErrorException(f"`mismatch_as` can only be {_MISMATCHES}")
        trues, falses = _words(true_values, "true_values"), _words(false_values, "false_values")
        check_truths(trues, falses)
        options: dict[str, Json] = {}
        if trues and falses:
            options = {"true_values": [*trues], "false_values": [*falses], "mismatch_as": "error"}
        if mismatch_as:
            options["mismatch_as"] = mismatch_as
        return DataType({"boolean": options} if options else "boolean")

    @staticmethod
    def to_datetime(formats: str | list[str] | tuple[str, ...], date_constant: str | None = None) -> "DataType":
        """Datetimes by the first format that fits; `date_constant` comes before the text. Raises UserErrorException."""
        several = _texts([formats] if isinstance(formats, str) else formats)
        if several is None:
            raise UserErrorException("Expect `formats` to be a single string, a list of strings, or a tuple of strings")
        options: dict[str, Json] = {"formats": [*several]}
        if date_constant is not None:
            options["date_constant"] = date_constant
        return DataType({"datetime": options})


def check_truths(trues: list[str] | None, falses: list[str] | None) -> None:
    """Both lists or neither, and nothing in both. Raises UserErrorException."""
    if (trues is None) != (falses is None):
        raise UserErrorException("`true_values` and `false_values` must both be None or non-empty list of strings")
    if set(trues or ()) & set(falses or ()):
        raise UserErrorException("`true_values` and `false_values` can not have overlapping values")


def type_mappings(mappings: object, *, streams: bool = True) -> list[Json]:
    """`{column or tuple of columns: DataType or name}` as the step's list. Raises UserErrorException."""
    if not isinstance(mappings, Mapping) or not mappings:
        raise UserErrorException("Expected a non-empty dict[Union[str, tuple[str]], Union[str, mltable.DataType]]")
    seen: set[str] = set()
    steps: list[Json] = []
    for columns, kind in cast("Mapping[object, object]", mappings).items():
        names = _columns(columns)
        for name in names:
            if name in seen:
                raise UserErrorException(
                    f"Found duplicate column. Cannot convert column '{name}' to multiple `mltable.DataType`s."
                )
            seen.add(name)
        argument = _type_of(kind).argument
        if argument == "stream_info" and not streams:
            raise UserErrorException(
                "Type overrides to stream are not supported, try mltable.MLTable.convert_column_types instead"
            )
        steps.append({"columns": columns if isinstance(columns, str) else [*names], "column_type": argument})
    return steps


def _columns(columns: object) -> tuple[str, ...]:
    texts = _texts([columns] if isinstance(columns, str) else columns)
    if not texts or isinstance(columns, list):
        raise UserErrorException("Expect column names to be single strings or non-empty tuples of strings.")
    return tuple(texts)


def _texts(found: object) -> list[str] | None:
    """A list or tuple of texts, as a list; None for anything else."""
    if not isinstance(found, list | tuple):
        return None
    items = cast("Sequence[object]", found)
    texts = [item for item in items if isinstance(item, str)]
    return texts if len(texts) == len(items) else None


def _type_of(kind: object) -> DataType:
    if isinstance(kind, DataType):
        return kind
    if isinstance(kind, str) and kind in _NAMED:
        return DataType(kind)
    raise UserErrorException(
        f"'{kind}' is not a supported string conversion for `mltable.DataType`, "
        "supported types are 'string', 'int', 'float', 'boolean', & 'stream_info'"
    )


def _words(values: str | Iterable[str] | None, name: str) -> list[str] | None:
    if values is None or isinstance(values, str):
        return None if values is None else [values]
    words = _texts(list(values))
    if words is None:
        raise UserErrorException(f"`{name}` must only consists of strings")
    return words or None

"""What SDK v1 makes of a logged value: plain Python, and the shapes in which `get_metrics` gives it back.

NumPy's numbers and arrays and pandas' series come as themselves; neither library is imported here.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, TypeAlias, cast

from jupyter_aml.exceptions import UserErrorException

Plain: TypeAlias = str | int | float | bool | None
Table: TypeAlias = dict[str, Any]  # Any: a column's one value, or the list of them

SCALAR: Final = "azureml.v1.scalar"
WHOLE: Final = "azureml.v1.scalar.int"
LIST: Final = "azureml.v1.list"
ROW: Final = "azureml.v1.row"
TABLE: Final = "azureml.v1.table"
IMAGE: Final = "azureml.v2.image"
ARTIFACTS: Final = {
    "confusion_matrix": "azureml.v2.confusion_matrix",
    "accuracy_table": "azureml.v2.accuracy_table",
    "residuals": "azureml.v2.residuals",
    "predictions": "azureml.v2.predictions",
}


def plain(value: object) -> Plain:
    """A number, a text or a truth value, of whatever library; anything else as its text."""
    if (item := getattr(value, "item", None)) is not None and not getattr(value, "shape", ()):
        return plain(item())  # NumPy's own; its float is one of Python's too
    return value if value is None or isinstance(value, str | bool | int | float) else repr(value)


def several(value: object) -> list[Plain] | None:
    """The values of a list, an array or a series; None for what is one value."""
    if isinstance(value, str | bytes | Mapping):
        return None
    if (given := getattr(value, "tolist", None)) is not None:
        listed: object = given()
        return [plain(one) for one in cast("list[object]", listed)] if isinstance(listed, list) else None
    if isinstance(value, Sequence | set | frozenset):
        return [plain(one) for one in cast("Iterable[object]", value)]
    return None


def column(value: object) -> Plain | list[Plain]:
    """A cell or a column of a table."""
    listed = several(value)
    return plain(value) if listed is None else listed


def numbers(values: Iterable[object]) -> list[float] | None:
    """The same as numbers; None when one of them is none."""
    listed = list(values)
    if not all(isinstance(value, int | float) for value in listed):
        return None
    return [float(cast("float", value)) for value in listed]


def checked_table(name: str, value: object) -> dict[str, Plain | list[Plain]]:
    """The columns of a table: of equal length, or one value each. UserErrorException otherwise."""
    if not isinstance(value, Mapping):
        raise UserErrorException(f"log_table '{name}': a dict of columns is expected.", resolution="{'x': [1, 2], …}")
    table = {str(key): column(given) for key, given in cast("Mapping[object, object]", value).items()}
    if len({len(given) if isinstance(given, list) else None for given in table.values()}) > 1:
        raise UserErrorException(f"log_table '{name}': the columns differ in length.", resolution="Fill up the gaps.")
    return table


def checked_document(name: str, kind: str, value: object) -> dict[str, Any]:
    """The JSON of a chart: `schema_type`, `schema_version`, `data`. UserErrorException for anything else."""
    try:
        document: object = json.loads(value) if isinstance(value, str) else value
    except ValueError as error:
        raise UserErrorException(f"log_{kind} '{name}': not JSON: {error}") from None
    wanted = {"schema_type", "schema_version", "data"}
    if not isinstance(document, Mapping) or not wanted <= set(cast("Mapping[str, object]", document)):
        raise UserErrorException(
            f"log_{kind} '{name}': a dict with schema_type, schema_version and data is expected.",
            resolution=f"{{'schema_type': '{kind}', 'schema_version': '1.0.0', 'data': {{…}}}}",
        )
    return cast("dict[str, Any]", document)


def gathered(notes: Iterable[Mapping[str, Any]], series: Mapping[str, list[float]]) -> dict[str, Any]:
    """What `get_metrics` says: one value of a name as it is, several as a list; rows and tables by column.

    `series` is what MLflow has: what stands there for lists and tables is told by their notes.
    """
    shapes: dict[str, list[Mapping[str, Any]]] = {}
    for note in notes:
        shapes.setdefault(note["name"], []).append(note)
    told = dict.fromkeys(name for name, said in shapes.items() if any(one["type"] != WHOLE for one in said))
    echoes = {
        f"{name}/{key}"
        for name in told
        for note in shapes[name]
        if isinstance(note["value"], dict)
        for key in note["value"]
    }
    found = {
        key: _numbers(values, shapes.get(key))
        for key, values in series.items()
        if key not in told and key not in echoes
    }
    return {**found, **{name: _shape(shapes[name]) for name in told}}


def _numbers(values: list[float], whole: object) -> object:
    shown = [int(value) if whole and value.is_integer() else value for value in values]
    return shown if len(shown) > 1 else shown[0]


def _shape(notes: list[Mapping[str, Any]]) -> object:
    match notes[-1]["type"]:
        case "azureml.v1.list":
            return [value for note in notes for value in note["value"]]
        case "azureml.v1.row" | "azureml.v1.table":
            return _columns([note["value"] for note in notes])
        case _:
            values = [note["value"] for note in notes if note["type"] != WHOLE]
            return values if len(values) > 1 else values[0]


def _columns(tables: list[Table]) -> Table:
    """The rows below each other; of a single one each value as it is."""
    if len(tables) == 1:
        return dict(tables[0])
    joined: Table = {}
    for table in tables:
        for key, value in table.items():
            joined.setdefault(key, []).extend(value if isinstance(value, list) else [value])
    return joined

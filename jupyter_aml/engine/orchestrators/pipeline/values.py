"""What steps wrote, read: values, decisions, the items of a loop. Files in, values out; nothing is begun here."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, cast

from jupyter_aml.constants import LITERAL_TYPES
from jupyter_aml.entities.launch import InputSpec
from jupyter_aml.entities.loop_items import problems, rounds
from jupyter_aml.entities.pipeline_plan import Bound, ForEach, Item
from jupyter_aml.exceptions import JobException

_DATASTORE: Final = "azureml://datastores/"
_TRUTHS: Final = {"true": True, "false": False}


def written(step: str, output: str, kind: str, place: str) -> str:
    """The value that a step wrote to an output: a file, or the only one in a folder. JobException for none."""
    path = Path(place)
    files = [path] if path.is_file() else sorted(path.iterdir()) if path.is_dir() else []
    if len(files) != 1 or not files[0].is_file():
        raise JobException(
            f"Step '{step}' wrote no value to its output '{output}'.",
            resolution=f"Its command writes the {kind} to the path ${{{{outputs.{output}}}}}.",
        )
    return files[0].read_text(encoding="utf-8").strip()


def truth(path: str, value: object) -> bool:
    """A decision. JobException, by its path, for what is none."""
    word = str(value).strip().lower()
    if word not in _TRUTHS:
        raise JobException(f"{path}: '{value}' is neither true nor false.")
    return _TRUTHS[word]


def typed(text: str, kind: str) -> str | int | float | bool:
    """A value that was written, as JSON says it; a text that is no such value stays a text."""
    try:
        match kind:
            case "integer":
                return int(text)
            case "number":
                return float(text)
            case "boolean":
                return _TRUTHS.get(text.lower(), text)
            case _:
                return text
    except ValueError:
        return text


def items_of(each: ForEach, given: object) -> tuple[Item, ...]:
    """Items that were a text until now. JobException for what cannot be given to the body, in the submit's words."""
    declared = {name: {"type": one.type} for name, one in each.takes.items()}
    found = dict(rounds(given))
    for problem in problems(given, declared):
        raise JobException(f"items: {problem}", resolution="Items are a JSON list of mappings of the body's inputs.")
    return tuple(_item(each, name, cast("Mapping[str, Any]", one)) for name, one in found.items())


def _item(each: ForEach, name: str, one: Mapping[str, Any]) -> Item:
    for wanted in each.needs:
        if wanted not in one:
            raise JobException(f"items: item {name} has no '{wanted}', which the body needs.")
    return Item({key: _input(f"items: item {name}: {key}", each.takes[key], value) for key, value in one.items()})


def _input(path: str, wanted: Bound, value: object) -> InputSpec:
    if wanted.type in LITERAL_TYPES:
        if isinstance(value, bool | int | float | str):
            return InputSpec(wanted.type, value, optional=wanted.optional)
        raise JobException(f"{path} is of type {wanted.type}; found {value}.")
    data = cast("Mapping[str, object]", value) if isinstance(value, Mapping) else {"path": value}
    place = str(data.get("path"))
    if not place.startswith(_DATASTORE):
        message = f"{path}: '{place}' is not known when the pipeline is submitted."
        raise JobException(message, resolution=f"Items that a step makes say where data is by {_DATASTORE}… .")
    mode = str(data.get("mode") or wanted.mode or "ro_mount")
    return InputSpec(str(data.get("type") or wanted.type), place, mode, wanted.optional)

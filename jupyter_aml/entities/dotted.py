"""Dotted keys into nested mappings (`inputs.rate`, `nodes[0].name`). Values in, values out; nothing is read here."""

import re
from typing import Any, Final, TypeAlias, cast

from jupyter_aml.exceptions import ValidationException

Fields: TypeAlias = dict[str, Any]  # Any: YAML as it was written, before the drafts check it
_PART: Final = re.compile(r"([^.\[\]]+)|\[(\d+)\]")


def put(fields: Fields, key: str, value: object) -> None:
    """Set what a dotted key names, making the mappings on the way; `[0]` is a place in a list.

    ValidationException when a part of the key has no place.
    """
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

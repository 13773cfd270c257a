"""What a parallel_for runs over, and what its outputs become: its items, said plainly. Pure; nothing is run here."""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any, Final, TypeAlias, cast

from jupyter_aml.constants import DATA_TYPES, LITERAL_TYPES
from jupyter_aml.entities.bindings import binding
from jupyter_aml.exceptions import did_you_mean

Plain: TypeAlias = Mapping[str, Any]  # Any: parts of a YAML, whose values are the user's
_TABLE: Final = "mltable"
_LIST: Final = "string"


def collected(kind: str) -> str:
    """The type of what the rounds made together: data is a table with an entry a round, values are a JSON list."""
    if kind in LITERAL_TYPES:
        return _LIST
    return _TABLE if kind in DATA_TYPES or kind == "path" else kind


def parsed(items: object) -> object:
    """Items that are a JSON text as what it says; others, and what is no JSON, as they are."""
    if isinstance(items, str):
        with suppress(ValueError):
            return json.loads(items)
    return items


def rounds(items: object) -> dict[str, object]:
    """The items by what they are called: their keys, or their numbers; nothing where these are no items."""
    found = parsed(items)
    if isinstance(found, Mapping):
        return {str(name): one for name, one in cast("Mapping[object, object]", found).items()}
    if isinstance(found, list):
        return {str(number): one for number, one in enumerate(cast("list[object]", found))}
    return {}


def given_by(items: object) -> frozenset[str]:
    """The inputs that the items give."""
    several = [cast("Plain", one) for one in rounds(items).values() if isinstance(one, Mapping)]
    return frozenset(name for one in several for name in one)


def problems(items: object, declared: Plain | None) -> Iterator[str]:
    """What is wrong with items, in Azure's words where it has some; `declared` are the body's inputs, if known."""
    if items is None:
        yield "Items is required for parallel_for node"
        return
    found = parsed(items)
    if isinstance(found, str) and binding(found):
        return
    if not isinstance(found, Mapping | list):
        yield "Items is neither a valid JSON string nor a binding string."
        return
    several = list(rounds(cast("object", found)).values())
    if not several:
        yield "Items is an empty list/dict."
    for one in several:
        yield from _item(one, several[0], declared)


def _item(one: object, first: object, declared: Plain | None) -> Iterator[str]:
    if not isinstance(one, Mapping):
        yield f"Items has to be list/dict of dict as value, but got {type(one)} for {one}."
        return
    item = cast("Plain", one)
    if isinstance(first, Mapping) and set(item) != set(cast("Plain", first)):
        yield f"Items should have same keys with body inputs, but got {[*item]} and {[*cast('Plain', first)]}."
    for name, value in item.items():
        if declared is not None and name not in declared:
            yield f"the body has no input '{name}'. {did_you_mean(name, declared)}"
        yield from _value(name, value)


def _value(name: str, value: object) -> Iterator[str]:
    """A value that is neither a literal nor data with a place."""
    if isinstance(value, bool | int | float | str):
        return
    if not isinstance(value, Mapping):
        yield f"Unsupported type {type(value)} in parallel_for items ('{name}'): give a literal or an Input."
    elif not cast("Plain", value).get("path"):
        yield f"Input path not provided for {dict(cast('Plain', value))}."

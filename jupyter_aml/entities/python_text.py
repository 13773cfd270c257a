"""Values as Python's source: calls with keywords, mappings, lists, literals. Text out; nothing of it is run here."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, cast

_WIDE: Final = 100
_STEP: Final = "    "


@dataclass(frozen=True, slots=True)
class Call:
    """A call of `name`, which is imported from `module`, with keywords."""

    module: str
    name: str
    given: Mapping[str, object]


def source(value: object, indent: str = "") -> str:
    """The value as it would be written: on one line where it fits, else an item a line."""
    flat = _flat(value)
    if len(indent) + len(flat) <= _WIDE or not (items := list(_items(value, f"{indent}{_STEP}"))):
        return flat
    begin, end = _brackets(value)
    body = "".join(f"{indent}{_STEP}{item},\n" for item in items)
    return f"{begin}\n{body}{indent}{end}"


def imports(*values: object) -> str:
    """The lines that import what is called in these values."""
    found = dict[str, set[str]]()
    for call in _calls(values):
        found.setdefault(call.module, set()).add(call.name)
    return "".join(f"from {module} import {', '.join(sorted(found[module]))}\n" for module in sorted(found))


def _flat(value: object) -> str:
    match value:
        case Call() | Mapping() | list() | tuple():
            begin, end = _brackets(cast("object", value))
            return f"{begin}{', '.join(_items(cast('object', value), None))}{end}"
        case float() if not math.isfinite(value):
            return f"float({str(value)!r})"
        case _:
            return repr(value)


def _items(value: object, indent: str | None) -> Iterator[str]:
    """What stands between the brackets; `indent` None: on one line."""

    def said(item: object) -> str:
        return _flat(item) if indent is None else source(item, indent)

    match value:
        case Call():
            yield from (f"{name}={said(item)}" for name, item in value.given.items())
        case Mapping():
            items = cast("Mapping[object, object]", value).items()
            yield from (f"{key!r}: {said(item)}" for key, item in items)
        case list() | tuple():
            yield from map(said, cast("Sequence[object]", value))
        case _:
            return


def _brackets(value: object) -> tuple[str, str]:
    if isinstance(value, Call):
        return f"{value.name}(", ")"
    return ("{", "}") if isinstance(value, Mapping) else ("[", "]")


def _calls(value: object) -> Iterator[Call]:
    match value:
        case Call():
            yield value
            yield from _calls(value.given)
        case Mapping():
            for item in cast("Mapping[object, object]", value).values():
                yield from _calls(item)
        case list() | tuple():
            for item in cast("Sequence[object]", value):
                yield from _calls(item)
        case _:
            return

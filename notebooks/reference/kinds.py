"""A page for every kind of YAML: its fields, their types and defaults. Made of the published JSON Schemas."""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeAlias

from jupyter_aml.verbs import MAGICS
from notebooks.reference.markdown import cell, code, codes, link, page, prose, table

FOLDER = "yaml"
Schema: TypeAlias = Mapping[str, Any]  # Any: JSON
SUFFIX = ".schema.json"
ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "tests" / "contracts" / "azure_ai_ml" / "yaml"
UP = "../../.."
"""From a page to the root."""
LEFT_OUT = {"$schema"}
"""Fields that say nothing about the thing itself."""
IN_CELLS = {*MAGICS, "workspace"}
"""Kinds that a magic reads from its cell."""


def pages() -> dict[str, str]:
    """The page of each kind."""
    return {f"{FOLDER}/{kind}.md": _page(kind) for kind in kinds()}


def kinds() -> list[str]:
    """Every kind that has a schema."""
    names = (entry.name for entry in files("jupyter_aml").joinpath("schemas").iterdir())
    return sorted(name.removesuffix(SUFFIX) for name in names if name.endswith(SUFFIX))


@cache
def schema(kind: str) -> Schema:
    """A kind's JSON Schema, as the package brings it."""
    return json.loads(files("jupyter_aml").joinpath("schemas", f"{kind}{SUFFIX}").read_text(encoding="utf-8"))


def _page(kind: str) -> str:
    known: Schema = schema(kind)["$defs"]
    tops = [_name(way) for way in schema(kind).get("anyOf", [schema(kind)])]
    below = [name for name in _reached(known, tops) if name not in tops]
    which = f"It is one of {', '.join(link(name, name) for name in tops)}." if len(tops) > 1 else ""
    sections = [_section(known, name) for name in [*tops, *below]]
    return page(f"# {kind} YAML", _read_by(kind), _examples(kind), which, *sections)


def _read_by(kind: str) -> str:
    ways = [f"load_{kind}", f"aml {kind} create -f FILE", *([f"%%aml_{kind} create"] if kind in IN_CELLS else [])]
    return f"Read by {codes(ways)}; its JSON Schema is {code(f'jupyter_aml/schemas/{kind}{SUFFIX}')}."


def _examples(kind: str) -> str:
    found = sorted(EXAMPLES.joinpath(kind).glob("*.yml"))
    named = ", ".join(f"[{path.stem}]({UP}/{path.relative_to(ROOT).as_posix()})" for path in found)
    return f"Examples, each of which loads in the real azure-ai-ml, too: {named}." if found else ""


def _reached(known: Schema, tops: list[str]) -> list[str]:
    """The names of all that a file of this kind may hold, in the order in which it is met."""
    found = dict.fromkeys(tops)
    for name in (queue := [*tops]):
        for below in _named_in(known[name].get("properties", {})):
            if below not in found:
                found[below] = None
                queue.append(below)
    return list(found)


def _named_in(part: object) -> Iterator[str]:
    if isinstance(part, Mapping):
        if isinstance(part.get("$ref"), str):
            yield _name(part)
        for inside in part.values():
            yield from _named_in(inside)
    elif isinstance(part, list):
        for inside in part:
            yield from _named_in(inside)


def _name(way: Schema) -> str:
    return str(way["$ref"]).rpartition("/")[2]


def _section(known: Schema, name: str) -> str:
    draft = known[name]
    required = set(draft.get("required", ()))
    properties = draft.get("properties", {}).items()
    fields = [(field, {} if part is True else part) for field, part in properties if field not in LEFT_OUT]
    fields.sort(key=lambda each: (each[0] not in required, each[0] != "type"))
    rows = [
        [code(field), type_of(part), "yes" if field in required else "", default_of(part)] for field, part in fields
    ]
    about = prose(draft.get("description", ""))
    return page(f"## {name}", about, table(["Field", "Type", "Required", "Default"], rows) or _otherwise(draft))


def _otherwise(draft: Schema) -> str:
    return type_of(draft) if "type" in draft or "anyOf" in draft else ""


def default_of(part: Schema) -> str:
    """The value of a field that is not written; empty ones are not worth a word."""
    value = part.get("default")
    return "" if value in (None, {}, [], "") else code(json.dumps(value) if not isinstance(value, str) else value)


def type_of(part: Schema) -> str:
    """What may stand at a field, for a reader."""
    if "$ref" in part:
        return link(_name(part), _name(part))
    if "enum" in part or "const" in part:
        return codes(str(word) for word in part.get("enum", [part.get("const")]))
    if ways := part.get("anyOf") or part.get("oneOf"):
        return " or ".join(dict.fromkeys(type_of(way) for way in ways if "pattern" not in way))
    named = part.get("type", "anything")
    return " or ".join(_plain(name, part) for name in (named if isinstance(named, list) else [named]) if name != "null")


def _plain(name: str, part: Schema) -> str:
    match name:
        case "array":
            return f"list of {type_of(part.get('items', {}))}"
        case "object" if isinstance(part.get("additionalProperties"), dict):
            return f"mapping to {type_of(part['additionalProperties'])}"
        case "object":
            return "mapping"
        case "integer" | "number":
            return f"{name}{_limits(part)}"
        case "string":
            return "text"
        case _:
            return cell(name)


def _limits(part: Schema) -> str:
    least, most = part.get("minimum"), part.get("maximum")
    if least is not None and most is not None:
        return f" {least} – {most}"
    return f" from {least} on" if least is not None else (f" up to {most}" if most is not None else "")

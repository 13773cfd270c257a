"""One thing as its fields, in HTML and as text. A mapping in, markup out; nothing is looked up here."""

import json
from collections.abc import Mapping
from typing import Final

from jupyter_aml.widgets.markup import EMPTY, Markup, clean, esc
from jupyter_aml.widgets.parts import code, pairs
from jupyter_aml.widgets.style import BASE

_CREATED: Final = "created_at"


def fields_html(kind: str, fields: Mapping[str, object]) -> str:
    """The fields that hold something, under the name of the thing's kind."""
    rows = pairs((name, _shown(value)) for name, value in fields.items())
    return f"<style>{BASE}</style><div class='aml-run pl'><b>{esc(kind)}</b>{rows}</div>"


def fields_text(fields: Mapping[str, object]) -> str:
    """The fields that hold something, one a line."""
    rows = {name: _word(value) for name, value in fields.items()}
    wide = max(map(len, rows), default=0)
    return "\n".join(f"{name:<{wide}}  {word}" for name, word in rows.items() if word)


def _word(value: object) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return "" if value is None or value == {} else clean(str(value)).replace("\n", " ")


def _made(context: Mapping[str, object]) -> str:
    """A creation context for people: when, to the second, and by whom."""
    moment = str(context[_CREATED]).replace("T", " ")[:19]
    return f"{moment} by {context['created_by']}" if context.get("created_by") else moment


def _shown(value: object) -> Markup:
    if value is None or value in ({}, [], ""):
        return EMPTY
    if isinstance(value, Mapping) and value.get(_CREATED):
        return esc(_made(value))
    if isinstance(value, Mapping | list):
        return code(json.dumps(value, ensure_ascii=False, default=str))
    return esc(str(value), 300)

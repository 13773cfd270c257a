"""The one door from anybody's text to HTML. Whatever is not `Markup` was not written by us; nothing is decided here."""

import html
import json
import re
from collections.abc import Iterable
from typing import Final, NewType

Markup = NewType("Markup", str)

EMPTY: Final = Markup("")
_UNPRINTABLE: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]"
)


def clean(text: str) -> str:
    """`text` without what no page or message can carry: control codes, direction overrides, half characters."""
    return _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def esc(text: str, limit: int = 2_000, *, lines: bool = False) -> Markup:
    """Anybody's text as HTML text or attribute value, on one line unless its `lines` are meant.

    Cut after `limit` characters; what is missing is counted.
    """
    shown = clean(text[: limit + 1])
    return Markup(html.escape(cut(shown if lines else shown.replace("\n", " "), limit, len(text))))


def cut(text: str, limit: int, length: int | None = None) -> str:
    """The first `limit` characters, then how many of `length` are not shown."""
    missing = (len(text) if length is None else length) - limit
    return text if missing <= 0 else f"{text[:limit]}… (+{missing:,} characters)"


def glue(parts: Iterable[Markup], between: str = "") -> Markup:
    """Several pieces as one."""
    return Markup(between.join(parts))


def saved_bytes(markup: str) -> int:
    """What `markup` weighs in an .ipynb: UTF-8, JSON escapes, and one indented string per line."""
    escaped = json.dumps(markup, ensure_ascii=False).encode("utf-8", "replace")
    return len(escaped) + 14 * markup.count("\n")

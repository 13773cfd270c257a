"""Pieces of Markdown: headings, tables, code. Text in, text out; what a page says is not decided here."""

import re
from collections.abc import Iterable, Sequence


def page(*parts: str) -> str:
    """The parts with a blank line between them; those that say nothing are left out."""
    return "\n\n".join(part.strip("\n") for part in parts if part.strip()) + "\n"


def table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table; nothing when it has no rows. Columns in which nothing stands are left out."""
    kept = [place for place, _ in enumerate(titles) if any(row[place] for row in rows)]
    lines = [titles, ["---"] * len(titles), *rows]
    return "\n".join(f"| {' | '.join(line[place] for place in kept)} |" for line in lines) if rows else ""


def cell(text: str) -> str:
    """Text as it may stand in a table, or anywhere: on one line, nothing of it is markup."""
    return _plain(" ".join(text.split()))


def code(text: str) -> str:
    """Code within a line; in a table, too."""
    return f"`{text.replace('|', chr(0x2758))}`" if text else ""


def codes(texts: Iterable[str]) -> str:
    """Several of them."""
    return ", ".join(map(code, texts))


def block(text: str, language: str = "") -> str:
    """Code on lines of its own; nothing for nothing."""
    return f"```{language}\n{text.strip()}\n```" if text.strip() else ""


def prose(docstring: str) -> str:
    """A docstring's words: doctests are left out, a word in `code` stays code, the rest is no markup."""
    words = re.split(r"\n\s*>>> ", docstring)[0]
    parts = re.split(r"(`[^`]*`)", " ".join(words.split()))
    return "".join(part if part.startswith("`") else _plain(part) for part in parts)


def sentence(text: str) -> str:
    """A phrase as a sentence."""
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith(('.', '…')) else '.'}" if text else ""


def link(text: str, heading: str) -> str:
    """A link to a heading of the same page."""
    return f"[{text}](#{re.sub(r'[^a-z0-9 _-]', '', heading.lower()).replace(' ', '-')})"


def _plain(text: str) -> str:
    return re.sub(r"([|<>*_])", r"\\\1", text)

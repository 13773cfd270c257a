"""Delimited text into rows of fields, exactly as the real package splits it, quotes and ragged rows included."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final, TypeAlias

Row: TypeAlias = list[str | None]

_BIT: Final = 1 << 14
_QUOTED: Final = re.compile(r'"((?:[^"]|"")*)"')


def rows(data: bytes | memoryview, delimiter: str, *, multi_line: bool) -> Iterator[Row]:
    """The rows of UTF-8 text, one by one. An empty field is None, a quoted empty one ''; short rows stay short.

    Without `multi_line` a line break ends the row, whatever the quotes say, and lines of nothing are no rows.
    """
    if multi_line:
        yield from _long_rows(bytes(data).decode(), delimiter)
        return
    for line in _lines(data):
        if line:
            yield _short_row(line.decode().removesuffix("\r"), delimiter)


def _lines(data: bytes | memoryview) -> Iterator[bytes]:
    """The lines without their line feeds; the text is copied bit by bit, as lines are asked for."""
    rest = b""
    for start in range(0, len(data), _BIT):
        *whole, rest = (rest + data[start : start + _BIT]).split(b"\n")
        yield from whole
    yield rest


def _short_row(line: str, delimiter: str) -> Row:
    if delimiter == "\n":
        return [line]
    if '"' not in line or delimiter == '"':
        return [part or None for part in line.split(delimiter)]
    found: Row = []
    place = 0
    while True:
        value, place = _field(line, place, _ends(delimiter))
        found.append(value)
        if place == len(line):
            return found
        place += 1
        if place == len(line):
            return [*found, None]


def _long_rows(text: str, delimiter: str) -> Iterator[Row]:
    """Rows of which quoted fields may hold line breaks. A quote that is never closed takes the text to its end.

    Azure takes a line feed at a row's start for a part of its first field, and so do we; a CRLF there is passed over.
    """
    found: Row = []
    place = 0
    while place < len(text):
        if not found and text.startswith("\r\n", place):
            place += 2
            continue
        open_ended = text[place] == '"' and not _QUOTED.match(text, place)
        value, place = _field(text, place, _ends(delimiter if open_ended else delimiter + "\n"), first=not found)
        if open_ended:
            yield [*found, value, *(part or None for part in text[place + 1 :].split(delimiter) if place < len(text))]
            return
        ended = place == len(text) or text[place] == "\n"
        found.append(value.removesuffix("\r") or None if ended and value and value.endswith("\r") else value)
        if ended:
            yield found
            found = []
        place += 1
    if found:
        yield [*found, None]


def _field(text: str, start: int, ends: re.Pattern[str], *, first: bool = False) -> tuple[str | None, int]:
    """The field that begins at `start`, and where it ends. What follows a closing quote belongs to it as it is."""
    quoted = _QUOTED.match(text, start)
    after = quoted.end() if quoted else start
    after += first and text.startswith("\n", after) and not quoted
    stop = ends.search(text, after)
    end = stop.start() if stop else len(text)
    rest = text[quoted.end() if quoted else start : end]
    return (quoted[1].replace('""', '"') + rest, end) if quoted else (rest or None, end)


@cache
def _ends(characters: str) -> re.Pattern[str]:
    return re.compile("[" + re.escape(characters) + "]")

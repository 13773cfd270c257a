"""Log text with terminal colours to HTML. It knows colours only: every other control sequence is dropped."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from jupyter_aml.widgets.markup import Markup, clean

SPANS_PER_LINE: Final = 40
_TAIL: Final = 400_000
_WINDOW: Final = 8  # characters of raw text looked at for each that may be shown
_SEQUENCE: Final = re.compile(
    r"\x1b\[([0-9;:]{0,64})m"  # colours: the only group
    r"|\x1b\[[0-?]{0,64}[ -/]{0,8}[@-~]?"  # any other CSI
    r"|\x1b[\]PX^_][^\x07\x1b]{0,4096}(?:\x07|\x1b\\)?"  # titles, links and other strings
    r"|\x1b[ -/]{0,4}[0-~]?"
)
_COLOURS: Final = {30 + n: n for n in range(8)} | {90 + n: 8 + n for n in range(8)}
_EXTENDED: Final = {38: True, 48: False}  # whether it colours the text, not the ground behind it
_NAMED: Final = 16  # of the 256 colours; then a cube of six levels, then greys
_GREYS: Final = 232
_LEVELS: Final = (0, 95, 135, 175, 215, 255)
_PALE: Final = 40  # a smaller difference between channels has no hue
_LIGHT: Final = 150
_BRIGHT: Final = 200


@dataclass(frozen=True, slots=True)
class Ink:
    """How text is written: one of the 16 colours, or None for the page's own."""

    colour: int | None = None
    bold: bool = False
    dim: bool = False
    italic: bool = False
    underline: bool = False

    def classes(self) -> str:
        """The CSS classes, empty for plain text."""
        named = [
            "" if self.colour is None else f"k{self.colour}",
            "kb" if self.bold else "",
            "kd" if self.dim else "",
            "ki" if self.italic else "",
            "ku" if self.underline else "",
        ]
        return " ".join(filter(None, named))


_PLAIN: Final = Ink()
_STYLES: Final = {
    1: {"bold": True},
    2: {"dim": True},
    3: {"italic": True},
    4: {"underline": True},
    22: {"bold": False, "dim": False},
    23: {"italic": False},
    24: {"underline": False},
    39: {"colour": None},
}


def last_lines(text: str, count: int) -> list[str]:
    """The last `count` lines; where a line was rewritten, as progress bars do, what stood there last."""
    lines = text[-_TAIL:].replace("\r\n", "\n").rstrip("\n").split("\n")[-count:]
    return [line.rstrip("\r").rpartition("\r")[2] for line in lines]


def plain(line: str) -> str:
    """A line without any control sequence."""
    return clean(_SEQUENCE.sub("", line))


def painted(lines: list[str], width: int) -> Markup:
    """`lines` as HTML, each cut after `width` characters; colours go on from line to line as in a terminal."""
    ink, shown = _PLAIN, list[str]()
    for line in lines:
        ink, markup = _line(line, ink, width)
        shown.append(markup)
    return Markup("\n".join(shown))


def _line(line: str, ink: Ink, width: int) -> tuple[Ink, str]:
    parts, room = list[str](), width
    window = line[: width * _WINDOW]
    for spans, (piece, codes) in enumerate(_pieces(window)):
        text = clean(piece)[:room]
        room -= len(text)
        parts.append(_span(text, ink if spans < SPANS_PER_LINE else _PLAIN))
        ink = ink if codes is None else _inked(ink, codes)
    missing = len(plain(line)) - width if len(line) > width else 0
    return ink, "".join(parts) + (f"… (+{missing:,} characters)" if missing > 0 else "")


def _pieces(line: str) -> Iterator[tuple[str, str | None]]:
    """Text up to each sequence, with the colour codes that follow it (None: not a colour)."""
    at = 0
    for found in _SEQUENCE.finditer(line):
        yield line[at : found.start()], found[1]
        at = found.end()
    yield line[at:], None


def _span(text: str, ink: Ink) -> str:
    classes = ink.classes()
    escaped = html.escape(text)
    return f"<span class='{classes}'>{escaped}</span>" if text.strip() and classes else escaped


def _inked(ink: Ink, codes: str) -> Ink:
    numbers = [int(code) if code else 0 for code in re.split("[;:]", codes)]
    while numbers:
        code = numbers.pop(0)
        if code in _EXTENDED:
            colour, numbers = _extended(numbers)
            ink = replace(ink, colour=colour) if _EXTENDED[code] else ink
        else:
            ink = _step(ink, code)
    return ink


def _step(ink: Ink, code: int) -> Ink:
    if code == 0:
        return _PLAIN
    if code in _COLOURS:
        return replace(ink, colour=_COLOURS[code])
    return replace(ink, **_STYLES.get(code, {}))


def _extended(numbers: list[int]) -> tuple[int | None, list[int]]:
    """The nearest of the 16 colours to `5;n` or `2;r;g;b`, and the codes after it."""
    match numbers:
        case [5, index, *rest]:
            return _of_256(index), rest
        case [2, red, green, blue, *rest]:
            return _nearest(red, green, blue), rest
        case _:
            return None, []


def _of_256(index: int) -> int:
    if index < _NAMED:
        return index
    if index >= _GREYS:
        return _nearest(*[8 + (index - _GREYS) * 10] * 3)
    cube = index - _NAMED
    return _nearest(_LEVELS[cube // 36 % 6], _LEVELS[cube // 6 % 6], _LEVELS[cube % 6])


def _nearest(red: int, green: int, blue: int) -> int:
    """Which of the 8 hues, and whether its bright form: grey stays grey."""
    top = max(red, green, blue)
    if top - min(red, green, blue) < _PALE:
        return 8 if top < _LIGHT else 7
    hue = sum(bit << place for place, bit in enumerate(level > top * 0.6 for level in (red, green, blue)))
    return hue + (8 if top > _BRIGHT else 0)

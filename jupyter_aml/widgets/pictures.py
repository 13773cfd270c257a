"""Logged images as data URIs, as many as fit. Files are read here and nowhere else in this room."""

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from jupyter_aml.entities.run_details import RunImage
from jupyter_aml.widgets.markup import Markup
from jupyter_aml.widgets.png import lighter

DRAWN: Final = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml"})
SHRUNK: Final = "image/png"
MOST: Final = 8  # pictures a page draws
LARGEST: Final = 4_000_000  # bytes of a file worth reading
_WRAPPING: Final = 220  # bytes of the element around one picture


@dataclass(frozen=True, slots=True)
class Drawing:
    """An image in the page; `is_lighter` when it lost colours or pixels on the way."""

    source: Markup
    is_lighter: bool


def inlined(images: Iterable[RunImage], room: int, *, shrink: bool) -> Mapping[str, Drawing]:
    """Images by name in at most `room` bytes, smallest first; `shrink` takes time and may make a large one fit.

    What does not fit or can't be read is left out.
    """
    drawn, waiting = dict[str, Drawing](), _smallest_first(images)[:MOST]
    while waiting and room > _WRAPPING:
        image = waiting.pop(0)
        share = room // (len(waiting) + 1) if shrink else room
        if one := _drawing(image, (share - _WRAPPING) // 4 * 3, shrink=shrink):
            drawn[image.name] = one
            room -= len(one.source) + _WRAPPING
    return drawn


def room_for(images: Iterable[RunImage], room: int, *, shrink: bool) -> int:
    """How much of `room` to leave for images: what those take that fit; all of it where others can be made to."""
    total = 0
    for image in _smallest_first(images):
        if total + _weight(image) > room:
            return room if shrink else total
        total += _weight(image)
    return total


def _drawing(image: RunImage, most: int, *, shrink: bool) -> Drawing | None:
    if image.size > (LARGEST if shrink else most):
        return None
    content = _content(image)
    if content and len(content) <= most:
        return Drawing(_source(image.media_type, content), is_lighter=False)
    made = lighter(content, most) if content and image.media_type == SHRUNK else None
    return None if made is None else Drawing(_source(SHRUNK, made), is_lighter=True)


def _source(media_type: str, content: bytes) -> Markup:
    return Markup(f"data:{media_type};base64,{base64.b64encode(content).decode()}")


def _smallest_first(images: Iterable[RunImage]) -> list[RunImage]:
    return sorted((one for one in images if one.media_type in DRAWN), key=lambda one: (one.size, one.name))


def _weight(image: RunImage) -> int:
    return (image.size + 2) // 3 * 4 + _WRAPPING


def _content(image: RunImage) -> bytes:
    """The file's bytes; none when it is gone or is not as long as it was said to be."""
    try:
        with Path(image.path).open("rb") as file:
            content = file.read(image.size + 1)
    except (OSError, ValueError):  # ValueError: a name that no file can have
        return b""
    return content if len(content) == image.size else b""

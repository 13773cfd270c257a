"""A PNG made lighter with nothing but zlib: fewer colours, then fewer pixels. Bytes in, bytes out; no file is opened.

Figures are drawn in few colours, so a palette alone makes most of them several times lighter, at full size.
"""

import struct
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

MOST_PIXELS: Final = 1_000_000
_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_CHANNELS: Final = {0: 1, 2: 3, 4: 2, 6: 4}  # by colour type; palettes are as light as they get
_TRIES: Final = ((1, 64), (2, 64), (2, 32), (3, 64), (3, 16), (4, 16))  # a pixel for n × n, in so many colours
_BYTE: Final = 8  # bits of a sample
_HALF: Final = 4
_OPAQUE: Final = 255
_COARSE: Final = bytes((value >> 3) * 255 // 31 for value in range(256))

Colour: TypeAlias = tuple[int, int, int]
Plane: TypeAlias = bytes


@dataclass(frozen=True, slots=True)
class Picture:
    """Pixels on white: for each row the red, green and blue plane."""

    width: int
    rows: tuple[tuple[Plane, Plane, Plane], ...]


def lighter(content: bytes, room: int) -> bytes | None:
    """The picture in at most `room` bytes; None when it is no plain 8-bit PNG, too large, or does not get so light."""
    try:
        picture = _decoded(content)
    except (struct.error, zlib.error, ValueError, IndexError, KeyError):
        return None
    made = (_encoded(_fewer_pixels(picture, step), colours) for step, colours in _TRIES)
    return next((one for one in made if len(one) <= room), None)


def _decoded(content: bytes) -> Picture:
    """Raises ValueError for what we don't read, and what struct and zlib raise for a broken file."""
    chunks = list(_chunks(content))
    width, height, depth, kind, _, _, laced = struct.unpack(">IIBBBBB", chunks[0][1])
    if content[:8] != _SIGNATURE or depth != _BYTE or laced or not 0 < width * height <= MOST_PIXELS:
        raise ValueError("not a plain 8-bit PNG of a size that can be shrunk")
    stride = width * _CHANNELS[kind]
    packed = b"".join(data for name, data in chunks if name == b"IDAT")
    raw = zlib.decompressobj().decompress(packed, (stride + 1) * height)
    lines = _unfiltered(raw, stride, _CHANNELS[kind], height)
    return Picture(width, tuple(_planes(line, _CHANNELS[kind]) for line in lines))


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(_SIGNATURE)
    while at + 12 <= len(content):
        length, name = struct.unpack(">I4s", content[at : at + 8])
        yield name, content[at + 8 : at + 8 + length]
        at += 12 + length


def _unfiltered(raw: bytes, stride: int, step: int, height: int) -> Iterator[bytes]:
    """PNG's five filters, undone line by line (PNG specification, section 9)."""
    before = bytes(stride)
    for n in range(height):
        start = n * (stride + 1)
        line = bytearray(raw[start + 1 : start + 1 + stride])
        if len(line) < stride:
            raise ValueError("the picture ends too early")
        _UNDO[raw[start]](line, before, step)
        before = bytes(line)
        yield before


def _none(line: bytearray, before: bytes, step: int) -> None:
    del line, before, step


def _sub(line: bytearray, before: bytes, step: int) -> None:
    del before
    for n in range(step, len(line)):
        line[n] = (line[n] + line[n - step]) & 255


def _up(line: bytearray, before: bytes, step: int) -> None:
    del step
    line[:] = bytes([(a + b) & 255 for a, b in zip(line, before, strict=True)])


def _average(line: bytearray, before: bytes, step: int) -> None:
    for n in range(len(line)):
        left = line[n - step] if n >= step else 0
        line[n] = (line[n] + (left + before[n]) // 2) & 255


def _paeth(line: bytearray, before: bytes, step: int) -> None:
    for n in range(len(line)):
        left, corner = (line[n - step], before[n - step]) if n >= step else (0, 0)
        up = before[n]
        to_left, to_up, to_corner = abs(up - corner), abs(left - corner), abs(left + up - 2 * corner)
        nearest = left if to_left <= to_up and to_left <= to_corner else (up if to_up <= to_corner else corner)
        line[n] = (line[n] + nearest) & 255


_UNDO: Final = (_none, _sub, _up, _average, _paeth)


def _planes(line: bytes, channels: int) -> tuple[Plane, Plane, Plane]:
    colour = channels - 1 + channels % 2  # the channels before alpha, if there is one
    planes = [line[min(n, colour - 1) :: channels] for n in range(3)]
    if channels % 2 == 0 and min(alpha := line[channels - 1 :: channels]) < _OPAQUE:
        planes = [bytes([255 + (c - 255) * a // 255 for c, a in zip(one, alpha, strict=True)]) for one in planes]
    red, green, blue = planes
    return red, green, blue


def _fewer_pixels(picture: Picture, step: int) -> Picture:
    """One pixel for each square of `step` × `step`: its average."""
    if step == 1:
        return picture
    width = picture.width // step
    groups = [picture.rows[n : n + step] for n in range(0, len(picture.rows) - step + 1, step)]
    rows = [tuple(_averaged([row[plane] for row in group], step, width) for plane in range(3)) for group in groups]
    return Picture(width, tuple((red, green, blue) for red, green, blue in rows))


def _averaged(lines: list[Plane], step: int, width: int) -> Plane:
    columns = [line[n : width * step : step] for line in lines for n in range(step)]
    return bytes([sum(values) // len(columns) for values in zip(*columns, strict=True)])


def _encoded(picture: Picture, colours: int) -> bytes:
    """As a palette PNG; two pixels share a byte when 16 colours do."""
    coarse = [list(zip(*(plane.translate(_COARSE) for plane in row), strict=True)) for row in picture.rows]
    places = _palette(Counter(colour for row in coarse for colour in row), colours)
    lines = [bytes([places[colour] for colour in row]) for row in coarse]
    depth = _HALF if colours <= 1 << _HALF else _BYTE
    if depth == _HALF:
        lines = [bytes([a << 4 | b for a, b in zip(line[::2], line[1::2] + b"\0", strict=False)]) for line in lines]
    kept = {place: colour for colour, place in reversed(places.items())}
    head = struct.pack(">IIBBBBB", picture.width, len(picture.rows), depth, 3, 0, 0, 0)
    palette = b"".join(bytes(kept[n]) for n in range(len(kept)))
    pixels = zlib.compress(b"".join(b"\0" + line for line in lines), 9)
    parts = ((b"IHDR", head), (b"PLTE", palette), (b"IDAT", pixels), (b"IEND", b""))
    return _SIGNATURE + b"".join(_chunk(name, data) for name, data in parts)


def _palette(counted: Counter[Colour], most: int) -> dict[Colour, int]:
    """A place in the palette for every colour: the most frequent ones are kept, others go to the nearest of them."""
    kept = [colour for colour, _ in counted.most_common(most)]
    places = {colour: n for n, colour in enumerate(kept)}
    for colour in counted.keys() - places.keys():
        places[colour] = places[min(kept, key=lambda one, of=colour: _distance(one, of))]
    return places


def _distance(one: Colour, other: Colour) -> int:
    return (one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2 + (one[2] - other[2]) ** 2


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

"""Logged images in the page: those that fit as they are, others with fewer colours and pixels, never a broken one."""

import base64
import random
import struct
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_aml.entities.run_details import RunImage
from jupyter_aml.widgets.pictures import MOST, inlined, room_for
from jupyter_aml.widgets.png import lighter
from tests.unit.widgets.sample_runs import drawn_images, png

COLOURS = ((255, 255, 255), (31, 119, 180), (255, 127, 14), (0, 0, 0))


def filtered(width: int, height: int, kinds: list[int]) -> tuple[bytes, list[bytes]]:
    """A picture in four colours whose lines use PNG's filters in turn, and its lines as they were."""
    rng = random.Random(3)
    lines = [bytes(c for x in range(width) for c in COLOURS[(x * y + rng.randrange(2)) % 4]) for y in range(height)]
    packed, before = b"", bytes(width * 3)
    for n, line in enumerate(lines):
        kind = kinds[n % len(kinds)]
        packed += bytes([kind]) + bytes((line[at] - guessed(kind, line, before, at)) & 255 for at in range(len(line)))
        before = line
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = [(b"IHDR", head), (b"IDAT", zlib.compress(packed)), (b"IEND", b"")]
    chunks = (struct.pack(">I", len(d)) + n + d + struct.pack(">I", zlib.crc32(n + d)) for n, d in parts)
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks), lines


def guessed(kind: int, line: bytes, before: bytes, at: int) -> int:
    left, corner = (line[at - 3], before[at - 3]) if at >= 3 else (0, 0)
    up = before[at]
    nearest = min((left, up, corner), key=lambda one: abs(left + up - corner - one))
    return (0, left, up, (left + up) // 2, nearest)[kind]


def pixels(content: bytes) -> tuple[int, int, bytes]:
    """Width, height and colours of a palette PNG of ours with 8 bits a pixel."""
    at, found = 8, dict[bytes, bytes]()
    while at < len(content):
        length, name = struct.unpack(">I4s", content[at : at + 8])
        data = content[at + 8 : at + 8 + length]
        assert zlib.crc32(name + data) == struct.unpack(">I", content[at + 8 + length : at + 12 + length])[0]
        found[name] = data
        at += 12 + length
    width, height, depth, kind = struct.unpack(">IIBB", found[b"IHDR"][:10])
    assert (depth, kind) == (8, 3)
    raw, palette = zlib.decompress(found[b"IDAT"]), found[b"PLTE"]
    lines = [raw[n * (width + 1) + 1 : (n + 1) * (width + 1)] for n in range(height)]
    return width, height, b"".join(palette[3 * place : 3 * place + 3] for line in lines for place in line)


@pytest.mark.parametrize("kinds", [[0], [1], [2], [3], [4], [0, 1, 2, 3, 4]], ids=str)
def test_every_filter_of_png_is_undone(kinds: list[int]) -> None:
    content, lines = filtered(40, 25, kinds)
    made = lighter(content, 10_000)
    assert made is not None
    width, height, colours = pixels(made)
    assert (width, height) == (40, 25)
    assert all(abs(a - b) <= 8 for a, b in zip(colours, b"".join(lines), strict=True))


def test_a_figure_gets_as_light_as_it_must() -> None:
    content = png(400, 300)
    for room in (12_000, 6_000, 3_000):
        made = lighter(content, room)
        assert made is not None
        assert len(made) <= room
    assert lighter(content, 100) is None


def test_a_transparent_figure_stands_on_white() -> None:
    rows = b"".join(b"\0" + b"\x10\x20\x30\x00" * 8 for _ in range(8))
    head = struct.pack(">IIBBBBB", 8, 8, 8, 6, 0, 0, 0)
    parts = [(b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    chunks = (struct.pack(">I", len(d)) + n + d + struct.pack(">I", zlib.crc32(n + d)) for n, d in parts)
    made = lighter(b"\x89PNG\r\n\x1a\n" + b"".join(chunks), 10_000)
    assert made is not None
    assert set(pixels(made)[2]) == {255}


@given(st.binary(max_size=300), st.integers(0, 400))
def test_a_broken_file_is_left_out_and_breaks_nothing(junk: bytes, at: int) -> None:
    content = bytearray(png(20, 20))
    content[at : at + len(junk)] = junk
    made = lighter(bytes(content), 5_000)
    assert made is None or made.startswith(b"\x89PNG")


def test_a_bomb_is_not_unpacked() -> None:
    head = struct.pack(">IIBBBBB", 900, 900, 8, 6, 0, 0, 0)
    bomb = zlib.compress(bytes(50_000_000))
    parts = [(b"IHDR", head), (b"IDAT", bomb), (b"IEND", b"")]
    chunks = (struct.pack(">I", len(d)) + n + d + struct.pack(">I", zlib.crc32(n + d)) for n, d in parts)
    assert lighter(b"\x89PNG\r\n\x1a\n" + b"".join(chunks), 9_000) is not None
    huge = struct.pack(">IIBBBBB", 2**31, 2**31, 8, 6, 0, 0, 0)
    assert lighter(b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + huge + b"0000", 9_000) is None


def test_what_fits_is_shown_as_it_is(tmp_path: Path) -> None:
    images = drawn_images(tmp_path / "a b 'c\" ;é", 2)
    drawn = inlined(images, 80_000, shrink=True)
    for image in images:
        kind, _, data = drawn[image.name].source.partition(";base64,")
        assert kind == "data:image/png"
        assert base64.b64decode(data) == Path(image.path).read_bytes()
        assert not drawn[image.name].is_lighter


@pytest.mark.parametrize("room", [500, 4_000, 20_000, 60_000])
def test_pictures_never_take_more_than_their_room(tmp_path: Path, room: int) -> None:
    images = drawn_images(tmp_path, 12)
    for shrink in (False, True):
        drawn = inlined(images, room, shrink=shrink)
        assert sum(len(one.source) for one in drawn.values()) <= room
        assert len(drawn) <= MOST
        assert room_for(images, room, shrink=shrink) <= room


def test_a_picture_that_is_gone_or_still_growing_is_left_out(tmp_path: Path) -> None:
    (growing,) = drawn_images(tmp_path, 1)
    gone = RunImage("gone.png", "image/png", 10, str(tmp_path / "gone.png"))
    with Path(growing.path).open("ab") as file:
        file.write(b"more")
    assert inlined((growing, gone), 60_000, shrink=True) == {}


def test_only_kinds_that_a_browser_draws_are_inlined(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text("<script>")
    assert inlined((RunImage("page", "text/html", 8, str(path)),), 60_000, shrink=True) == {}

"""Bytes of text files: decoded, and cut into the pieces that become partitions. Records are not looked at here."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from jupyter_aml.exceptions import UserErrorException

_UTF8_MARK: Final = b"\xef\xbb\xbf"
_UTF16_MARK: Final = b"\xff\xfe"
_ONE_BYTE: Final = frozenset({"iso88591", "latin1", "windows-1252"})


def utf8_of(data: bytes, encoding: str, path: Path) -> bytes:
    """The text as UTF-8 without a byte order mark. Raises UserErrorException for bytes that are not in the encoding."""
    try:
        if encoding == "utf-16":
            return data.removeprefix(_UTF16_MARK).decode("utf-16-le").encode()
        if encoding in _ONE_BYTE:
            return "".join(_WINDOWS[byte] for byte in data).encode() if not data.isascii() else data
        if not data.isascii():
            data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UserErrorException(
            f"EncodingError: {path} cannot be decoded as {encoding}: a bad byte at {error.start}.",
            resolution="Name the file's encoding: utf8, utf16, latin1, windows1252 …",
        ) from error
    return data.removeprefix(_UTF8_MARK)


def pieces(data: bytes, size: int) -> Iterator[memoryview]:
    """The text cut at line ends: a line belongs to the piece of `size` bytes that it starts in, or just after."""
    view = memoryview(data)
    start = 0
    for edge in range(size, len(data), size):
        end = max(start, data.find(b"\n", edge) + 1 or len(data))
        yield view[start:end]
        start = end
    yield view[start:]


def _windows() -> tuple[str, ...]:
    """Windows-1252 as browsers read it: bytes that it leaves open are the control characters of Latin-1."""
    return tuple(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(256))


_WINDOWS: Final = _windows()

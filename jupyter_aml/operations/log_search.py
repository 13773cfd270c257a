"""Which lines of a file hold a text or tell of trouble: read once, piece by piece. Bytes in, line numbers out.

No line is looked at alone unless it may be wanted: a million of them would take seconds.
"""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import IO, Final

from jupyter_aml.entities.log_levels import HINTS, JUDGES
from jupyter_aml.entities.run_logs import Level

_PIECE: Final = 1 << 22
"""Bytes that are looked at at once; a longer line is looked at in pieces that overlap."""
_OVERLAP: Final = 1 << 12
_MARKS: Final = b"\0\n"
_OTHERS: Final = bytes(byte for byte in range(256) if byte not in _MARKS)


def matches(file: IO[bytes], text: str, level: Level, limit: int) -> tuple[int, list[int]]:
    """How many lines are wanted, and the numbers of the first `limit`. Capitals and small letters are the same."""
    total, last, found = 0, -1, list[int]()
    for begin, piece in _pieces(file):
        number, lines = begin, piece
        if number == last:  # more of a long line that was found
            lines = piece.partition(b"\n")[2]
            number += 1
        count, places = _among(lines, text, level)
        total += count
        found += [number + place for place in islice(places, max(0, limit - len(found)))]
        if count and b"\n" not in lines:
            last = number
    return total, found


def _pieces(file: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """Many lines at once with the number of the first; a line that is too long comes in pieces that overlap."""
    number, rest = 0, b""
    while data := file.read(_PIECE):
        whole, newline, rest = (rest + data).rpartition(b"\n")
        if newline:
            yield number, whole
            number += whole.count(b"\n") + 1
        if len(rest) > _PIECE:
            yield number, rest
            rest = rest[-_OVERLAP:]
    if rest:
        yield number, rest


def _among(lines: bytes, text: str, level: Level) -> tuple[int, Iterator[int]]:
    """How many of these lines are wanted, and their places, in order."""
    needle = text.lower().encode(errors="replace")
    if level:
        judge = JUDGES[level]
        spans = sorted({span for hint in HINTS[level] for span in _holding(lines, hint)})
        kept = [begin for begin, end in spans if _is_wanted(lines[begin:end], needle, judge)]
        return len(kept), _numbers(lines, kept)
    small = _small(lines, text)
    if needle not in small:
        return 0, iter(())
    return _count(small, needle), _numbers(small, (begin for begin, _ in _holding(small, needle)))


def _is_wanted(line: bytes, needle: bytes, judge: Callable[[bytes], bool]) -> bool:
    return judge(line) and (needle in line.lower() or needle in _small(line, needle.decode()))


def _small(lines: bytes, text: str) -> bytes:
    """In small letters; those that are not ASCII only where the text has such."""
    return lines.lower() if text.isascii() or lines.isascii() else lines.decode(errors="replace").lower().encode()


def _holding(lines: bytes, needle: bytes) -> Iterator[tuple[int, int]]:
    """Where each line that holds the needle begins and ends."""
    end = -1
    while (place := lines.find(needle, end + 1)) >= 0:
        begin = lines.rfind(b"\n", 0, place) + 1
        end = lines.find(b"\n", place)
        yield begin, end if end >= 0 else len(lines)
        if end < 0:
            return


def _numbers(lines: bytes, begins: Iterator[int] | list[int]) -> Iterator[int]:
    """The numbers of the lines that begin there."""
    number, seen = 0, 0
    for begin in begins:
        number += lines.count(b"\n", seen, begin)
        seen = begin
        yield number


def _count(lines: bytes, needle: bytes) -> int:
    """How many lines hold the needle: all that is left of them are marks and newlines, so that no loop is needed."""
    if not needle:
        return lines.count(b"\n") + 1
    marked = lines.replace(b"\0", b" ").replace(needle, b"\0") if needle != b"\0" else lines
    return (marked.translate(None, _OTHERS) + b"\n").count(_MARKS)

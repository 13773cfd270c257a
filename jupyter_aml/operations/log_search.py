"""Which lines of a file hold a text or tell of trouble: read once, piece by piece. Bytes in, line numbers out.

No line is looked at alone unless it may be wanted: a million of them would take seconds.
"""

import os
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import islice
from pathlib import Path
from threading import Lock
from typing import IO, Final

from jupyter_aml.entities.log_levels import HINTS, JUDGES
from jupyter_aml.entities.run_logs import Level

_PIECE: Final = 1 << 22
"""Bytes that are looked at at once; a longer line is looked at in pieces that overlap."""
_OVERLAP: Final = 1 << 12
_MARK: Final = 64
_KEPT: Final = 16
"""Searches that are kept, so that one in a log that grows reads only what is new."""
_MARKS: Final = b"\0\n"
_OTHERS: Final = bytes(byte for byte in range(256) if byte not in _MARKS)


class Search:
    """One search of one file, which is gone on with when the file has grown. Whoever asks holds `lock`."""

    def __init__(self, text: str, level: Level, limit: int) -> None:
        self.lock = Lock()
        self._text, self._limit = text, limit
        self._level: Level = level
        self._begin()

    def _begin(self) -> None:
        """What holds of the whole lines that were read: where the next one begins, its number, what was found."""
        self._at, self._number, self._total, self._found = 0, 0, 0, list[int]()
        self._file, self._tail = (0, 0), b""

    def matches(self, file: IO[bytes]) -> tuple[int, list[int]]:
        """How many lines are wanted, and the numbers of the first. Capitals and small letters are the same."""
        stat = os.fstat(file.fileno())
        if (stat.st_dev, stat.st_ino) != self._file or stat.st_size < self._at or self._last(file) != self._tail:
            self._begin()
            self._file = stat.st_dev, stat.st_ino
        total, last, found = self._total, -1, list(self._found)
        file.seek(self._at)
        for number, piece, end in _pieces(file, self._number):
            here, lines = number, piece
            if number == last:  # more of a long line that was found
                lines = piece.partition(b"\n")[2]
                here += 1
            count, places = _among(lines, self._text, self._level) if here == number or lines else (0, iter(()))
            total += count
            found += [here + place for place in islice(places, max(0, self._limit - len(found)))]
            if end is None:
                last = number if count else last
            else:
                self._at, self._number, self._total, self._found = end, number + piece.count(b"\n") + 1, total, [*found]
        self._tail = self._last(file)
        return total, found

    def _last(self, file: IO[bytes]) -> bytes:
        """What stands before the next line: to know the file again."""
        file.seek(max(0, self._at - _MARK))
        return file.read(min(_MARK, self._at))


@lru_cache(_KEPT)
def search_of(path: Path, text: str, level: Level, limit: int) -> Search:  # noqa: ARG001 - by what it is kept
    """A search of a file, kept from the last time."""
    return Search(text, level, limit)


def _pieces(file: IO[bytes], number: int) -> Iterator[tuple[int, bytes, int | None]]:
    """Many whole lines at once: the number of the first, the lines, and where the next begins.

    What is not whole yet comes with None: the last line, and one that is too long, in pieces that overlap.
    """
    at, rest = file.tell(), b""
    while data := file.read(_PIECE):
        at += len(data)
        whole, newline, rest = (rest + data).rpartition(b"\n")
        if newline:
            yield number, whole, at - len(rest)
            number += whole.count(b"\n") + 1
        if len(rest) > _PIECE:
            yield number, rest, None
            rest = rest[-_OVERLAP:]
    if rest:
        yield number, rest, None


def _among(lines: bytes, text: str, level: Level) -> tuple[int, Iterator[int]]:
    """How many of these lines are wanted, and their places, in order."""
    needle = text.lower().encode(errors="replace")
    if level:
        judge = JUDGES[level]
        small = lines.lower()
        spans = sorted({span for hint in HINTS[level] for span in _holding(small, hint)})
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

"""Which lines of a file hold a text or tell of trouble: read once, piece by piece. Bytes in, line numbers out."""

import os
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import IO, Final

from jupyter_aml.entities.run_logs import Level
from jupyter_aml.operations.log_matches import matches

_PIECE: Final = 1 << 18
"""Bytes that are looked at at once: what a processor keeps at hand. A longer line comes in pieces that overlap."""
_OVERLAP: Final = 1 << 12
_MARK: Final = 64
_KEPT: Final = 16
"""Searches that are kept, so that one in a log that grows reads only what is new."""


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
        for piece, end in _pieces(file):
            count, places = matches(piece, self._text, self._level)
            if len(places) and self._number + places[0] == last:  # more of a long line that was found
                places = places[1:]
            total += len(places)
            found += [self._number + place for place in places[: max(0, self._limit - len(found))].tolist()]
            if end is None:
                last = self._number if len(places) else last
            else:
                self._at, self._number, self._total, self._found = end, self._number + count, total, [*found]
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


def _pieces(file: IO[bytes]) -> Iterator[tuple[bytes, int | None]]:
    """Many whole lines at once, and where the next begins.

    What is not whole yet comes with None: the last line, and one that is too long, in pieces that overlap.
    """
    at, rest = file.tell(), b""
    while data := file.read(_PIECE):
        at += len(data)
        whole, newline, rest = (rest + data).rpartition(b"\n")
        if newline:
            yield whole, at - len(rest)
        if len(rest) > _PIECE:
            yield rest, None
            rest = rest[-_OVERLAP:]
    if rest:
        yield rest, None

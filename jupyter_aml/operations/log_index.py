"""Where the lines of a file begin: newlines counted block by block, and only what was added when it has grown.

A line is what ends with a newline; what follows the last one is a line too. Bytes only; nothing is decoded here.
"""

import os
from bisect import bisect_left
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import IO, Final

_BLOCK: Final = 1 << 16
"""Bytes: how exactly the index knows; a line is found by reading one block."""
_PIECE: Final = 1 << 20
_MARK: Final = 64
_KEPT: Final = 32
"""Files whose index is kept."""


class LogIndex:
    """The lines of one file that may grow. One that was cut short or written anew is noticed and counted again.

    Whoever asks holds `lock`: a server asks from several threads.
    """

    def __init__(self) -> None:
        self.lock = Lock()
        self._begin()

    def _begin(self) -> None:
        self._counts: list[int] = []  # newlines up to the end of each whole block
        self.size, self._newlines, self._ends = 0, 0, True
        self._seen: tuple[int, ...] = ()
        self._head, self._tail = b"", b""

    def lines(self, file: IO[bytes]) -> int:
        """How many lines the open file has now."""
        self._refresh(file)
        return self._newlines + (not self._ends)

    def offset(self, file: IO[bytes], line: int) -> int:
        """Where a line (from 0) begins, in bytes; the file's size for one behind the last."""
        if line <= 0:
            return 0
        if line > self._newlines:
            return self.size
        block = bisect_left(self._counts, line)
        before = self._counts[block - 1] if block else 0
        file.seek(block * _BLOCK)
        data = file.read(_BLOCK)
        rest = data.split(b"\n", line - before)[-1]
        return block * _BLOCK + len(data) - len(rest)

    def line_at(self, file: IO[bytes], at: int) -> int:
        """The number of the line to which byte `at` belongs."""
        self._refresh(file)
        block = min(at // _BLOCK, len(self._counts))
        before = self._counts[block - 1] if block else 0
        file.seek(block * _BLOCK)
        return before + file.read(max(0, at - block * _BLOCK)).count(b"\n")

    def _refresh(self, file: IO[bytes]) -> None:
        stat = os.fstat(file.fileno())
        seen = (stat.st_dev, stat.st_ino, stat.st_size, stat.st_mtime_ns)
        if seen == self._seen:
            return
        if not self._has_only_grown(file, seen):
            self._begin()
        self._count(file, stat.st_size)
        self._seen = seen

    def _has_only_grown(self, file: IO[bytes], seen: tuple[int, ...]) -> bool:
        if self._seen[:2] != seen[:2] or seen[2] <= self.size:
            return False
        file.seek(0)
        head = file.read(len(self._head))
        file.seek(self.size - len(self._tail))
        return head == self._head and file.read(len(self._tail)) == self._tail

    def _count(self, file: IO[bytes], size: int) -> None:
        """Count on from the last whole block, up to the size that was seen; what is written meanwhile is for later."""
        at = len(self._counts) * _BLOCK
        total = self._counts[-1] if self._counts else 0
        file.seek(at)
        while at < size and (data := file.read(min(_PIECE, size - at))):
            for start in range(0, len(data), _BLOCK):
                total += data.count(b"\n", start, start + _BLOCK)
                if start + _BLOCK <= len(data):
                    self._counts.append(total)
            at += len(data)
        self.size, self._newlines = at, total
        self._marks(file)

    def _marks(self, file: IO[bytes]) -> None:
        """What is remembered of the content, to know it again."""
        file.seek(0)
        self._head = file.read(min(_MARK, self.size))
        file.seek(max(0, self.size - _MARK))
        self._tail = file.read(min(_MARK, self.size))
        self._ends = not self.size or self._tail.endswith(b"\n")


@lru_cache(_KEPT)
def index_of(path: Path) -> LogIndex:  # noqa: ARG001 - by what it is kept
    """The index of a file, kept from the last time."""
    return LogIndex()

"""Data cut into mini-batches: how many items each has, and which. Pure; nothing is opened here."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

_SIZE: Final = re.compile(r"(\d+)\s*(?:([kmg])b)?", re.IGNORECASE)
_UNITS: Final = {"k": 1024, "m": 1024**2, "g": 1024**3}
_TABLE_BYTES: Final = 1024**2
_LEAST_BYTES: Final = 1024


class CutError(Exception):
    """The data cannot be cut as it is asked for: what was found, and what to do."""


@dataclass(frozen=True)
class Batch:
    """One mini-batch: `count` items, which are files by path, or rows that lie at `place` in the cut table."""

    count: int
    files: tuple[str, ...] = ()
    place: int = -1
    key: Mapping[str, object] | None = None

    @property
    def title(self) -> str:
        """What a person reads of it."""
        if self.key is not None:
            return ", ".join(f"{name}={value}" for name, value in self.key.items())
        if not self.files:
            return f"{self.count} rows"
        more = f" and {self.count - 1} more" if self.count > 1 else ""
        return f"{self.files[0]}{more}"


@dataclass(frozen=True)
class Size:
    """A mini_batch_size as it was written."""

    number: int
    is_bytes: bool


def size_of(text: str) -> Size | None:
    """'10' or '100kb'; None where nothing is said (0 is nothing, as in Azure ML). Raises CutError."""
    if not text.strip():
        return None
    found = _SIZE.fullmatch(text.strip())
    if found is None:
        raise CutError(f"mini_batch_size: {text!r} is neither a number, nor bytes like '10kb', '10mb', '1gb'.")
    size = Size(int(found[1]) * _UNITS.get((found[2] or "").lower(), 1), is_bytes=bool(found[2]))
    return size if size.number else None


def of_files(files: Sequence[str], size: Size | None, length: Callable[[str], int]) -> list[Batch]:
    """So many files each, in order (1 unless told); by bytes, files as long as they fit, at least one."""
    if size is not None and size.is_bytes:
        return [Batch(len(some), tuple(some)) for some in _fitting(files, size.number, length)]
    step = size.number if size else 1
    parts = (tuple(files[start : start + step]) for start in range(0, len(files), step))
    return [Batch(len(part), part) for part in parts]


def _fitting(files: Sequence[str], most: int, length: Callable[[str], int]) -> list[list[str]]:
    parts: list[list[str]] = []
    left = -1
    for file in files:
        taken = length(file)
        if not parts or taken > left:
            parts.append([])
            left = most
        parts[-1].append(file)
        left -= taken
    return parts


def rows_each(size: Size | None, rows: int, length: int) -> int:
    """How many rows of a table of `length` bytes a mini-batch has (1 MB of it unless told).

    A number is rows. From 1024 on it is bytes, as in Azure ML, where '1024' and '1kb' are the same: its SDK sends
    bytes as a number.
    """
    if size is not None and not size.is_bytes and size.number < _LEAST_BYTES:
        return size.number
    most = size.number if size else _TABLE_BYTES
    return max(1, most * rows // max(length, 1))


def of_rows(rows: int, step: int) -> list[range]:
    """The rows of each mini-batch, in order."""
    return [range(start, min(start + step, rows)) for start in range(0, rows, step)]

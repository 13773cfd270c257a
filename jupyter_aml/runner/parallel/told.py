"""What a worker tells the driver: a record and its bytes in a frame. Both are one program; nothing is kept of it."""

from __future__ import annotations

import marshal
import struct
from typing import Final, NamedTuple

LENGTH: Final = struct.Struct("<I")
READY: Final = "ready"
BEGAN: Final = "began"
DONE: Final = "done"
BROKEN: Final = "broken"
WARNING: Final = "warning"


class Told(NamedTuple):
    """What became of a mini-batch: why it failed ('': it did not), how many results, their rows, its time."""

    kind: str
    number: int = -1
    results: int = 0
    seconds: float = 0.0
    reason: str = ""
    text: str = ""


def framed(told: Told) -> bytes:
    """The record behind its length. A fork of the driver writes it: both have the same `marshal`."""
    data = marshal.dumps(tuple(told))
    return LENGTH.pack(len(data)) + data


def taken(heard: bytearray) -> list[Told]:
    """The records that are whole, taken out of what was heard."""
    found: list[Told] = []
    start = 0
    while len(heard) - start >= LENGTH.size:
        (length,) = LENGTH.unpack_from(heard, start)
        end = start + LENGTH.size + length
        if len(heard) < end:
            break
        found.append(Told(*marshal.loads(heard[start + LENGTH.size : end])))  # noqa: S302 - our own fork's words
        start = end
    del heard[:start]
    return found

"""Waking the supervisor: one datagram to a socket in the workspace's folder. Says nothing but "look again"."""

import os
import socket
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_LONGEST: Final = 100
"""A socket's path must fit into 108 bytes; longer ones are reached through their folder's descriptor (Linux)."""


def ring(path: str) -> bool:
    """Wake whoever listens at `path`; False when nobody does. Never blocks, never raises."""
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as bell, _address(path) as address:
            bell.sendto(b"!", socket.MSG_DONTWAIT, address)
    except BlockingIOError:
        return True  # its queue is full, so it is awake already
    except OSError:
        return False
    return True


def listen(path: str) -> socket.socket:
    """The supervisor's end; a stale socket of a killed one is replaced."""
    Path(path).unlink(missing_ok=True)
    bell = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    with _address(path) as address:
        bell.bind(address)
    bell.settimeout(0)
    return bell


@contextmanager
def _address(path: str) -> Generator[str]:
    if len(os.fsencode(path)) <= _LONGEST:
        yield path
        return
    folder, name = os.path.split(path)
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{descriptor}/{name}"
    finally:
        os.close(descriptor)

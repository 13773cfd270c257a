"""The supervisor's lock: its holder is the workspace's one supervisor. Nothing is started or stopped here.

Taken by whoever starts a supervisor and handed to it, so there is no moment in which one is about to live unseen.
"""

import fcntl
import os
from pathlib import Path


def take(path: Path) -> int | None:
    """The lock as a descriptor, held until its last copy is closed; None when a supervisor holds it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    if hold(descriptor):
        return descriptor
    os.close(descriptor)
    return None


def hold(descriptor: int) -> bool:
    """Hold the lock from now on; False when another supervisor does. Those who only ask are waited out."""
    while not _flock(descriptor, fcntl.LOCK_EX):
        if not _flock(descriptor, fcntl.LOCK_SH):
            return False
        release(descriptor)
    os.ftruncate(descriptor, 0)  # the number of the one before is nobody's now
    return True


def wait(path: Path) -> int:
    """The lock as a descriptor, as soon as no supervisor holds it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    return descriptor


def release(descriptor: int) -> None:
    """Let go, the descriptor stays open."""
    fcntl.flock(descriptor, fcntl.LOCK_UN)


def is_held(path: Path) -> bool:
    """Whether a supervisor lives."""
    try:
        descriptor = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        # Shared: who asks is not taken for a supervisor, by `hold` or by others who ask.
        return not _flock(descriptor, fcntl.LOCK_SH)
    finally:
        os.close(descriptor)


def sign(descriptor: int) -> None:
    """Write this process's number into the lock's file."""
    os.pwrite(descriptor, str(os.getpid()).encode(), 0)


def _flock(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True

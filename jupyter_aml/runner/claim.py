"""Who runs an attempt: its lease and its `begun`. Files and locks only; nothing is started or stopped here."""

import fcntl
import os
import time

from jupyter_aml.entities import begun as records
from jupyter_aml.entities.begun import Begun, birth_of
from jupyter_aml.entities.job_folder import AttemptFolder

__all__ = ["Begun", "add_phase", "begin", "birth_of", "is_leased", "read_begun", "take_lease"]


def take_lease(folder: AttemptFolder) -> int | None:
    """The attempt's lease as a file descriptor, held until its last copy is closed; None when another holds it."""
    descriptor = os.open(folder.lease, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def is_leased(folder: AttemptFolder) -> bool:
    """Whether any process of the attempt is alive."""
    try:
        descriptor = os.open(folder.lease, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        # Shared, so that two who look at the same moment do not take each other for the holder.
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def begin(folder: AttemptFolder) -> Begun | None:
    """Make this process the attempt's runner; None when it already had one, for an attempt never runs twice."""
    try:
        descriptor = os.open(folder.begun, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644)
    except FileExistsError:
        return None
    begun = records.own(time.time())
    os.write(descriptor, begun.line)
    os.close(descriptor)
    return begun


def add_phase(folder: AttemptFolder, child: int) -> float:
    """Add to `begun` that the user's process started (the first time) or ended (the second); the time."""
    now = time.time()
    descriptor = os.open(folder.begun, os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC)
    os.write(descriptor, f"{child} {now!r}\n".encode())
    os.close(descriptor)
    return now


def read_begun(folder: AttemptFolder) -> Begun | None:
    """The attempt's runner, None while there is none."""
    return records.read_begun(folder.begun)

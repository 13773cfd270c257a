"""Who runs an attempt: its lease and its `begun`. Files and locks only; nothing is started or stopped here."""

import fcntl
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from jupyter_aml.entities.job_folder import AttemptFolder

HAS_PROC: Final = Path("/proc/self/stat").exists()
_DEAD: Final = frozenset({b"Z", b"X", b"x"})


@dataclass(frozen=True, slots=True)
class Begun:
    """The runner of an attempt: its pid, the kernel's mark of its birth ('' where there is none), when it began.

    Pid 0: its file is there and says nothing. It is about to write it, was killed before it could start anything, or
    a power cut spoiled the file.
    `started_at` and `ended_at` are those of the user's process, whose pid is `child`.
    """

    pid: int
    birth: str
    at: float
    child: int = 0
    started_at: float | None = None
    ended_at: float | None = None

    @property
    def is_alive(self) -> bool:
        """Whether this very process still runs: not another with its pid, not a zombie."""
        return self.pid == 0 or birth_of(self.pid) == self.birth


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
    pid = os.getpid()
    begun = Begun(pid, birth_of(pid) or "", time.time())
    os.write(descriptor, f"{begun.pid} {begun.at!r} {begun.birth}\n".encode())
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
    try:
        lines = _read(str(folder.begun)).splitlines()
    except FileNotFoundError:
        return None
    try:
        pid, at, birth = lines[0].decode("ascii").split(" ")
        phases = [line.decode("ascii").split(" ") for line in lines[1:]]
        child = int(phases[0][0]) if phases else 0
        times = [float(time) for _, time in phases[:2]]
        return Begun(int(pid), birth, float(at), child, *times)
    except (IndexError, ValueError):
        return Begun(0, "", 0.0)


def birth_of(pid: int) -> str | None:
    """The start of process `pid` in clock ticks since boot; '' where the system does not tell; None: it is gone."""
    if not HAS_PROC:
        return "" if _exists(pid) else None
    try:
        fields = _read(f"/proc/{pid}/stat").rpartition(b")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if fields[0] in _DEAD else fields[19].decode()


def _read(path: str) -> bytes:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return os.read(descriptor, 4096)
    finally:
        os.close(descriptor)


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return pid > 0

"""The process whose attempt it is, told from any other by its birth. One line of text; nothing is written here."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

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

    @property
    def line(self) -> bytes:
        """How it begins its file."""
        return f"{self.pid} {self.at!r} {self.birth}\n".encode()


def own(at: float) -> Begun:
    """This process, which begins now."""
    pid = os.getpid()
    return Begun(pid, birth_of(pid) or "", at)


def read_begun(path: Path) -> Begun | None:
    """The process that a file names, None while there is no file."""
    try:
        lines = _read(str(path)).splitlines()
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


def read_holders(path: Path) -> tuple[Begun, ...] | None:
    """The processes that a file names, one a line, the first one first; None while there is no file.

    A line that names none is passed over: the power went while it was written.
    """
    try:
        lines = path.read_bytes().splitlines()
    except FileNotFoundError:
        return None
    return tuple(found for line in lines if (found := _holder(line)))


def _holder(line: bytes) -> Begun | None:
    try:
        pid, at, birth = line.decode("ascii").split(" ")
        return Begun(int(pid), birth, float(at))
    except ValueError:
        return None


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

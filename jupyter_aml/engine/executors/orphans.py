"""What a killed runner left behind: found by the lease it holds, by the marker in its environment, by its session."""

import os
import signal
from pathlib import Path
from typing import Final

from jupyter_aml.entities.job_folder import AttemptFolder
from jupyter_aml.runner import claim
from jupyter_aml.runner.variables import MARKER

_PROC: Final = Path("/proc")


def end(folder: AttemptFolder) -> None:
    """End every process of an attempt whose runner is dead, and of its sessions; none while the runner lives."""
    begun = claim.read_begun(folder)
    if begun is None or begun.is_alive:
        return
    if _PROC.is_dir():
        for pid in left_by(folder, begun):
            _kill(pid)
    else:
        _end_group(begun.child)


def left_by(folder: AttemptFolder, begun: claim.Begun) -> list[int]:
    """The processes of the attempt that are alive (Linux)."""
    pids = [int(entry.name) for entry in _PROC.iterdir() if entry.name.isdigit()]
    marker = f"{MARKER}={folder.root}".encode()
    lease = os.path.realpath(folder.lease)
    return [
        pid
        for pid in pids
        if pid != os.getpid() and (_carries(pid, marker) or _in_session(pid, begun) or _holds(pid, lease))
    ]


def _carries(pid: int, marker: bytes) -> bool:
    try:
        return marker in (_PROC / str(pid) / "environ").read_bytes().split(b"\0")
    except OSError:
        return False


def _in_session(pid: int, begun: claim.Begun) -> bool:
    """In the runner's session; its number is not given to another process while the session lasts."""
    try:
        same = os.getsid(pid) == begun.pid
    except OSError:
        return False
    birth = claim.birth_of(pid)
    return same and birth is not None and bool(begun.birth) and int(birth) >= int(begun.birth)


def _holds(pid: int, lease: str) -> bool:
    try:
        return any(str(entry.readlink()) == lease for entry in (_PROC / str(pid) / "fd").iterdir())
    except OSError:
        return False


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def _end_group(leader: int) -> None:
    """Where processes cannot be searched: the group that the user's process leads."""
    try:
        if leader:
            os.killpg(leader, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return

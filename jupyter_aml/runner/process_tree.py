"""All processes that came from this one, and their end: polite, a moment, then hard. Decides nothing."""

import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from jupyter_aml.runner import signals

GRACE: Final = 0.5
"""Seconds between SIGTERM and SIGKILL."""
_PATIENCE: Final = 10.0
"""Seconds after which a process that SIGKILL does not end (stuck in the kernel, another user's) is given up."""
_BREATH: Final = 0.01
_PR_SET_CHILD_SUBREAPER: Final = 36
GUEST: Final = "JUPYTER_AML_SUPERVISOR"
"""In the environment of a supervisor: one that a job started (it submitted a job itself) is nobody's left-over."""
_LIBC: Final = ctypes.CDLL(None)


def lead() -> None:
    """Make this process the leader of a session and, on Linux, the new parent of every orphan below it."""
    if os.getsid(0) != os.getpid():
        os.setsid()
    if sys.platform == "linux":
        _LIBC.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def descendants(pid: int) -> list[int]:
    """Every process below `pid`, but supervisors and what is below them."""
    children = _children if Path(f"/proc/{pid}/task/{pid}/children").exists() else _children_by_ps()
    found: list[int] = []
    parents = [pid]
    while parents:
        born = [child for child in children(parents.pop()) if not _is_guest(child)]
        found += born
        parents += born
    return found


def _children(pid: int) -> list[int]:
    children: list[int] = []
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            children += map(int, (task / "children").read_bytes().split())
    except (FileNotFoundError, ProcessLookupError):
        return children
    return children


def _children_by_ps() -> Callable[[int], list[int]]:
    """For systems without /proc: who is whose child, from one look at the whole table."""
    import subprocess

    table = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    pairs = [tuple(map(int, line.split())) for line in table.splitlines()]
    return lambda parent: [pid for pid, ppid in pairs if ppid == parent]


def reaped() -> dict[int, int]:
    """The wait status of every child that has ended since the last call."""
    ended: dict[int, int] = {}
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return ended
        if pid == 0:
            return ended
        ended[pid] = status


def has_children() -> bool:
    """Whether any process below this one is left."""
    reaped()
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return False
    return any(not _is_guest(child) for child in _children(os.getpid())) if sys.platform == "linux" else True


def _is_guest(pid: int) -> bool:
    try:
        return f"{GUEST}=1".encode() in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return False


def end() -> bool:
    """End every descendant of this process; False when some could not be ended."""
    if not has_children():
        return True
    tell_all(signal.SIGTERM)
    if _gone(time.monotonic() + GRACE):
        return True
    give_up = time.monotonic() + _PATIENCE
    while has_children() and time.monotonic() < give_up:
        tell_all(signal.SIGKILL)
        _gone(time.monotonic() + _BREATH)
    return not has_children()


def tell_all(number: int) -> None:
    """Send a signal to every descendant of this process."""
    for pid in descendants(os.getpid()):
        try:
            os.kill(pid, number)
        except (ProcessLookupError, PermissionError):
            continue


def _gone(until: float) -> bool:
    while left := has_children():
        if time.monotonic() >= until:
            break
        signals.sleep(until)
    return not left

"""Inputs that cannot be written: a mount namespace of the user's own, with read-only binds. No byte is copied here.

Linux only. Root needs nothing else; others get a user namespace around it, in which they are who they were.
Where the kernel refuses (a container without the right, another system), the caller makes read-only copies instead.
"""

import ctypes
import functools
import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_NEW_MOUNTS: Final = 0x00020000
_NEW_USER: Final = 0x10000000
_BIND: Final = 0x1000
_RECURSIVE: Final = 0x4000
_PRIVATE: Final = 1 << 18
_AT_FDCWD: Final = -100
_MOUNT_SETATTR: Final = 442
"""The system call's number, the same on every architecture since Linux 5.12."""
_READ_ONLY: Final = 1
_LIBC: Final = ctypes.CDLL(None, use_errno=True)


class _Attributes(ctypes.Structure):
    """`struct mount_attr` of mount_setattr(2)."""

    _fields_ = [(name, ctypes.c_uint64) for name in ("set", "clear", "propagation", "user_namespace")]


@dataclass(frozen=True, slots=True)
class View:
    """What a process is to see: the files and folders that it may only read, and what stays writable inside of them."""

    read_only: tuple[str, ...]
    writable: tuple[str, ...]

    def enter(self) -> None:
        """Move this process, which has one thread, to a namespace of its own that looks so. Raises OSError."""
        _leave_the_others()
        for path in self.writable:
            if any(_is_inside(path, root) for root in self.read_only):
                _bind(path)
        for path in self.read_only:
            _bind(path)
            _protect(path)


@functools.cache
def are_possible() -> bool:
    """Whether a child of this process may enter a view. The kernel is asked once, by one that tries it."""
    if sys.platform != "linux":
        return False
    child = os.fork()
    if child == 0:
        try:
            View((str(Path(__file__).parent),), ()).enter()
            os._exit(0)
        finally:
            os._exit(1)
    return os.waitpid(child, 0)[1] == 0


def view(read_only: Iterable[str], writable: Iterable[str]) -> View:
    """The view of a job; a path that it writes to as well stays writable, and so does the root of everything."""
    kept = tuple(sorted({os.path.realpath(path) for path in writable}))
    paths = sorted({os.path.realpath(path) for path in read_only} - {*kept, "/"})
    return View(tuple(paths), kept)


def _leave_the_others() -> None:
    if os.geteuid() == 0:
        _called(_LIBC.unshare(_NEW_MOUNTS))
    else:
        user, group = os.geteuid(), os.getegid()
        _called(_LIBC.unshare(_NEW_USER | _NEW_MOUNTS))
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    _called(_LIBC.mount(b"none", b"/", None, _RECURSIVE | _PRIVATE, None))


def _bind(path: str) -> None:
    place = os.fsencode(path)
    _called(_LIBC.mount(place, place, None, _BIND | _RECURSIVE, None))


def _protect(path: str) -> None:
    attributes = _Attributes(_READ_ONLY, 0, 0, 0)
    size = ctypes.sizeof(attributes)
    _called(_LIBC.syscall(_MOUNT_SETATTR, _AT_FDCWD, os.fsencode(path), 0, ctypes.byref(attributes), size))


def _called(answer: int) -> None:
    if answer:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def _is_inside(path: str, root: str) -> bool:
    return path.startswith(root.rstrip("/") + "/")

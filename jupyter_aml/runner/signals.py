"""How a runner sleeps and is woken: signals it holds back and takes one at a time. No handler ever runs in it."""

import os
import signal
import time
from typing import Final

from jupyter_aml.entities.job_folder import AttemptFolder

STOP: Final = signal.SIGUSR1
"""Sent to the runner after its `cancel` file was written; the file alone is seen within `_LOOK_AGAIN`."""
LEAVE: Final = frozenset({signal.SIGTERM, signal.SIGINT, signal.SIGHUP})
HELD: Final = frozenset({STOP, signal.SIGCHLD, signal.SIGALRM, *LEAVE})
_LOOK_AGAIN: Final = 1.0
_UNTOUCHABLE: Final = frozenset({signal.SIGKILL, signal.SIGSTOP})
ALL: Final = tuple(sorted(number for number in signal.valid_signals() if number not in _UNTOUCHABLE))


def hold() -> None:
    """Hold back the signals that wake a runner. Before `begun`, or the first one would end it."""
    signal.pthread_sigmask(signal.SIG_BLOCK, HELD)
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)


def listen() -> None:
    """Between two attempts: a runner that is told to leave leaves at once."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, LEAVE)


def sleep(until: float | None) -> int | None:
    """Wait for the next signal, at most to `until` (monotonic) and never longer than a second; which one it was."""
    seconds = _LOOK_AGAIN if until is None else min(_LOOK_AGAIN, until - time.monotonic())
    # An alarm instead of sigtimedwait: that one does not exist everywhere.
    signal.setitimer(signal.ITIMER_REAL, max(seconds, 0.0001))
    number = signal.sigwait(HELD)
    signal.setitimer(signal.ITIMER_REAL, 0)
    return None if number == signal.SIGALRM else number


def stop_is_asked(folder: AttemptFolder) -> bool:
    """Whether somebody wants the attempt to end, asked cheaply and often while files are copied."""
    waiting = signal.sigpending()
    return bool(waiting & LEAVE) or (STOP in waiting and folder.cancel.exists())


class StoppedError(Exception):
    """Somebody wants the attempt to end before its user process exists."""


def pause(folder: AttemptFolder, seconds: float = _LOOK_AGAIN) -> None:
    """Sleep until the next signal, at most so long. Raises StoppedError when somebody wants the attempt to end."""
    number = sleep(time.monotonic() + seconds)
    if number in LEAVE or folder.cancel.exists():
        raise StoppedError


def release() -> None:
    """Give a forked user process the signals that a fresh interpreter has."""
    signal.set_wakeup_fd(-1)
    for number in HELD:
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())


def reset() -> None:
    """Before an exec in a fork: every signal as the system sets it, none held back."""
    signal.set_wakeup_fd(-1)
    for number in ALL:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())


def send(pid: int, birth: str, number: int) -> None:
    """Send a signal to that very process; nothing happens when it is gone or its pid is another's now."""
    from jupyter_aml.runner.claim import birth_of

    try:
        if hasattr(os, "pidfd_open"):
            _send_exactly(pid, birth, number)
        elif birth_of(pid) == birth:
            os.kill(pid, number)
    except ProcessLookupError:
        return


def _send_exactly(pid: int, birth: str, number: int) -> None:
    from jupyter_aml.runner.claim import birth_of

    handle = os.pidfd_open(pid)
    try:
        # The handle is fixed to one process, so the answer cannot grow stale before the signal.
        if birth_of(pid) == birth:
            signal.pidfd_send_signal(handle, number)
    finally:
        os.close(handle)

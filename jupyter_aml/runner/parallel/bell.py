"""What wakes the driver: a child that ended, or somebody who wants the end. No decision is made here."""

from __future__ import annotations

import signal
import socket
from types import FrameType
from typing import Final

STOPS: Final = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class StoppedError(BaseException):
    """Somebody wants the end: the signal. Not an Exception, so that nothing takes it for one of its own."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


class Bell:
    """Readable when a child has ended. Raises StoppedError in the process at a signal to stop."""

    def __init__(self) -> None:
        self._reader, self._writer = socket.socketpair()
        for end in (self._reader, self._writer):
            end.settimeout(0)
        signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, _heard)
        for number in STOPS:
            signal.signal(number, _stop)

    def fileno(self) -> int:
        return self._reader.fileno()

    def silence(self) -> None:
        """Until it rings again."""
        try:
            while self._reader.recv(1024):
                continue
        except BlockingIOError:
            return

    def close(self) -> None:
        signal.set_wakeup_fd(-1)
        self._reader.close()
        self._writer.close()


def _heard(_number: int, _frame: FrameType | None) -> None:
    """A signal that is ignored would not ring."""


def _stop(number: int, _frame: FrameType | None) -> None:
    for one in STOPS:
        signal.signal(one, signal.SIG_IGN)
    raise StoppedError(number)

"""The driver's side of its workers: forked, spoken to, ended with all that they started. Nothing is decided here."""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from jupyter_aml.runner.parallel import worker
from jupyter_aml.runner.parallel.batches import Batch
from jupyter_aml.runner.parallel.settings import Settings
from jupyter_aml.runner.parallel.told import Told, taken

HELD: Final = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD)
_PR_SET_PDEATHSIG: Final = 1
_CHUNK: Final = 1 << 18


class Hand:
    """One worker as the driver sees it: what it was given, oldest first, and since when it is at the first of them."""

    def __init__(self, pid: int, channel: socket.socket, place: worker.Place) -> None:
        self.pid, self.place = pid, place
        self.given: list[int] = []
        self.since = time.monotonic()
        self.is_ready = self.is_deaf = self.has_begun = False
        self.reason = ""
        self.late: int | None = None
        self._channel = channel
        self._heard = bytearray()

    def fileno(self) -> int:
        return self._channel.fileno()

    def give(self, number: int) -> None:
        """Hand it a mini-batch; it does one after the other."""
        if not self.given:
            self.since = time.monotonic()
        self.given.append(number)
        try:
            self._channel.send(worker.NUMBER.pack(number))
        except OSError:
            self.is_deaf = True

    def heard(self) -> list[Told]:
        """What it said since the last call."""
        try:
            while data := self._channel.recv(_CHUNK):
                self._heard += data
            self.is_deaf = True
        except BlockingIOError:
            pass
        except OSError:
            self.is_deaf = True
        return taken(self._heard)

    def dismiss(self) -> None:
        """There is nothing more to do: it calls shutdown() and leaves."""
        try:
            self._channel.shutdown(socket.SHUT_WR)
        except OSError:
            self.is_deaf = True

    def kill(self, reason: str) -> None:
        """End it, and what it started, at once."""
        self.reason = self.reason or reason
        _kill(self.pid)

    def buried(self) -> str | None:
        """How it ended, its own left-overs ended too; None while it lives."""
        pid, status = os.waitpid(self.pid, os.WNOHANG)
        if pid == 0:
            return None
        _kill(self.pid)
        return self.reason or _ended(status)

    def close(self) -> None:
        self._channel.close()


def _kill(pid: int) -> None:
    for end in (os.killpg, os.kill):
        try:
            end(pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            continue


def _ended(status: int) -> str:
    if os.WIFSIGNALED(status):
        return f"its worker process was ended by {signal.Signals(os.WTERMSIG(status)).name}"
    return f"its worker process ended with exit code {os.WEXITSTATUS(status)}"


class Crew:
    """The workers that are there, and how another is made."""

    def __init__(self, settings: Settings, batches: Sequence[Batch], logs: Path, scratch: Path) -> None:
        self.hands: list[Hand] = []
        self._settings, self._batches, self._logs, self._scratch = settings, batches, logs, scratch
        self._made = 0
        self._tie = _tie()

    def add(self, node: int) -> Hand:
        """A new worker process."""
        place = worker.Place(node, f"process{self._made:03d}", self._logs, self._scratch)
        self._made += 1
        ours, theirs = socket.socketpair()
        driver = os.getpid()
        # A signal between the fork and the child's own handlers would run the driver's in it.
        signal.pthread_sigmask(signal.SIG_BLOCK, HELD)
        sys.stdout.flush()
        sys.stderr.flush()
        pid = os.fork()
        if pid == 0:
            self._be(theirs, ours, place, driver)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, HELD)
        theirs.close()
        ours.settimeout(0)
        hand = Hand(pid, ours, place)
        self.hands.append(hand)
        return hand

    def _be(self, channel: socket.socket, other: socket.socket, place: worker.Place, driver: int) -> None:
        try:
            os.setpgid(0, 0)
            self._tie(driver)
            signal.set_wakeup_fd(-1)
            for number in HELD:
                signal.signal(number, signal.SIG_DFL)
            signal.signal(signal.SIGINT, signal.default_int_handler)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, HELD)
            other.close()
            for hand in self.hands:
                hand.close()
            worker.Worker(channel, self._settings, self._batches, place).live()
        finally:
            worker.leave()

    def end(self) -> None:
        """Nobody of it is left afterwards."""
        for hand in self.hands:
            hand.kill("the driver ended")
        for hand in self.hands:
            try:
                os.waitpid(hand.pid, 0)
            except ChildProcessError:
                continue
        self.hands.clear()


def _tie() -> Callable[[int], None]:
    """What a worker does so that it does not work for a driver that is gone.

    Elsewhere than on Linux, its closed channel says so after the mini-batch.
    """
    try:
        import ctypes  # an old Python may have been built without it
    except ImportError:
        return lambda _driver: None
    libc = ctypes.CDLL(None)

    def tie(driver: int) -> None:
        if sys.platform == "linux":
            libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != driver:
            os._exit(1)

    return tie

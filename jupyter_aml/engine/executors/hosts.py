"""The runner processes of an executor: given attempts, kept for the next one. What an attempt is, is not known here."""

import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from jupyter_aml.entities.job_folder import AttemptFolder
from jupyter_aml.entities.launch import Launch
from jupyter_aml.runner import host

_MOST_IDLE: Final = os.cpu_count() or 1
_LONGEST: Final = 64


@dataclass(slots=True)
class _Host:
    pid: int
    channel: socket.socket
    folder: AttemptFolder
    launch: Launch


class Hosts:
    """Forks runners off the caller, who is single-threaded. `start_again` gets what a dying one had not begun."""

    def __init__(self, start_again: Callable[[AttemptFolder, Launch], None]) -> None:
        self._start_again = start_again
        self._idle: list[_Host] = []
        self._busy: list[_Host] = []
        self._children: set[int] = set()

    def give(self, folder: AttemptFolder, launch: Launch, lease: int) -> None:
        """Let a runner begin the attempt, whose launch file is written and whose lease is taken."""
        for busy in list(self._busy):
            self._hear(busy)
        while self._idle:
            if self._sent(self._idle.pop(), folder, launch, lease):
                return
        self._sent(self._forked(folder, launch), folder, launch, lease)

    def _sent(self, to: _Host, folder: AttemptFolder, launch: Launch, lease: int) -> bool:
        try:
            socket.send_fds(to.channel, [os.fsencode(folder.root)], [lease])
        except OSError:  # it was killed while it was idle
            to.channel.close()
            return False
        to.folder, to.launch = folder, launch
        self._busy.append(to)
        return True

    def _forked(self, folder: AttemptFolder, launch: Launch) -> _Host:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        pid = os.fork()
        if pid == 0:
            host.serve(theirs.fileno())
        theirs.close()
        ours.setblocking(False)  # noqa: FBT003  socket takes it by position only
        self._children.add(pid)
        return _Host(pid, ours, folder, launch)

    def filenos(self) -> list[int]:
        return [busy.channel.fileno() for busy in self._busy]

    def drain(self, descriptor: int) -> None:
        """Hear the runner on that descriptor; nothing happens when there is none."""
        for busy in list(self._busy):
            if busy.channel.fileno() == descriptor:
                self._hear(busy)

    def _hear(self, busy: _Host) -> None:
        try:
            word = busy.channel.recv(_LONGEST)
        except BlockingIOError:
            return
        except ConnectionResetError:
            word = b""
        self._busy.remove(busy)
        if word and len(self._idle) < _MOST_IDLE:
            self._idle.append(busy)
            return
        busy.channel.close()
        if not word:
            self._start_again(busy.folder, busy.launch)

    def runs(self, folder: AttemptFolder) -> bool:
        """Whether one of these was given that attempt, and has not said that it is done."""
        return any(busy.folder == folder for busy in self._busy)

    def reap(self) -> None:
        """Take in the ends of these processes, and of no others."""
        for pid in list(self._children):
            if os.waitpid(pid, os.WNOHANG)[0]:
                self._children.discard(pid)

    def close(self) -> None:
        """Let them go: the idle ones at once, the others when their attempt is over."""
        for each in (*self._idle, *self._busy):
            each.channel.close()
        for each in self._idle:
            os.waitpid(each.pid, 0)
            self._children.discard(each.pid)
        self._idle, self._busy = [], []

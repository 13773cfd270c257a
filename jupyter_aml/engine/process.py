"""The supervisor's process: its lock, its doorbell, its waiting, its leaving. A turn's work is in `supervisor`."""

import math
import os
import select
import signal
import sys
import time
from pathlib import Path
from types import FrameType
from typing import Final

from jupyter_aml.engine import lock
from jupyter_aml.engine.executors.base import Executor
from jupyter_aml.engine.executors.subprocess import SubprocessExecutor
from jupyter_aml.engine.supervisor import LOCKED, READER, Supervisor
from jupyter_aml.entities.workspace import WorkspaceFolder
from jupyter_aml.runner.doorbell import listen
from jupyter_aml.store import facts
from jupyter_aml.store.database import Database

LOOK_AGAIN: Final = 1.0
"""Seconds between looks when nobody rings: only an attempt that died without a word needs it."""
_BREATH: Final = 0.01


def main(root: str, idle_seconds: float, held: int) -> None:
    """Be the supervisor of the workspace at `root`, whose lock `held` is; leave after `idle_seconds` without work."""
    folder = WorkspaceFolder(Path(root))
    os.set_inheritable(held, False)  # noqa: FBT003  the name says what is switched off
    leaving = _Leaving(folder.supervisor_lock, held)
    while lock.hold(held):
        lock.sign(held)
        _serve(folder, idle_seconds, leaving)
        # In this order, so that no wish falls between two supervisors: whoever rings from now on finds nobody and
        # starts one; whoever rang before is seen by the last look.
        folder.doorbell.unlink(missing_ok=True)
        lock.release(held)
        if leaving.is_due or not _has_wishes(folder):
            return


def serve(root: str) -> None:
    """Be the supervisor as a service: as soon as there is no other, and for good."""
    folder = WorkspaceFolder(Path(root))
    with folder.supervisor_log.open("ab") as log:
        os.dup2(log.fileno(), sys.stdout.fileno())
        os.dup2(log.fileno(), sys.stderr.fileno())
    main(root, math.inf, lock.wait(folder.supervisor_lock))


class _Leaving:
    """Whether to go at once: set by SIGTERM, and when the workspace was deleted from under us.

    Looked at between turns, so that no decision is left half carried out.
    """

    def __init__(self, path: Path, held: int) -> None:
        self._path, self._held, self._asked = path, held, False
        signal.signal(signal.SIGTERM, self._ask)

    @property
    def is_due(self) -> bool:
        return self._asked or not self._is_at_home()

    def _is_at_home(self) -> bool:
        try:
            return os.path.samestat(self._path.stat(), os.fstat(self._held))
        except FileNotFoundError:
            return False

    def _ask(self, _signal: int, _frame: FrameType | None) -> None:
        self._asked = True


def _serve(folder: WorkspaceFolder, idle_seconds: float, leaving: _Leaving) -> None:
    bell = listen(str(folder.doorbell))
    reader, writer = _signal_pipe()
    supervisor = Supervisor(folder, SubprocessExecutor())
    busy_at = time.monotonic()
    while not leaving.is_due:
        if try_turn(supervisor) or not supervisor.is_idle:
            busy_at = time.monotonic()
        left = busy_at + idle_seconds - time.monotonic()
        if left <= 0 and supervisor.is_idle:
            break
        _wait(supervisor.executor, bell.fileno(), reader, min(max(left, _BREATH), LOOK_AGAIN))
    supervisor.executor.close()
    signal.set_wakeup_fd(-1)
    supervisor.database.close()
    bell.close()
    os.close(reader)
    os.close(writer)


def try_turn(supervisor: Supervisor) -> bool:
    """A turn; one that finds its workspace locked by another program is said in the log, and made again later."""
    try:
        return supervisor.turn()
    except LOCKED as error:
        sys.stderr.write(f"{time.strftime('%FT%TZ', time.gmtime())} this turn is made again: {error}\n")
        sys.stderr.flush()
        return False


def _signal_pipe() -> tuple[int, int]:
    """A pipe that a signal writes to, so that the end of a child wakes the select."""
    reader, writer = os.pipe()
    os.set_blocking(reader, False)
    os.set_blocking(writer, False)
    signal.set_wakeup_fd(writer)
    signal.signal(signal.SIGCHLD, _noticed)
    return reader, writer


def _noticed(_signal: int, _frame: FrameType | None) -> None:
    """A handler, so that the signal is not ignored; the pipe does the rest."""


def _wait(executor: Executor, bell: int, reader: int, seconds: float) -> None:
    """Sleep until somebody rings, a child ends, a warm worker speaks, or it is time to look again."""
    ready, _, _ = select.select([bell, reader, *executor.filenos()], [], [], seconds)
    for descriptor in ready:
        if descriptor in {bell, reader}:
            _empty(descriptor)
        else:
            executor.drain(descriptor)


def _empty(descriptor: int) -> None:
    try:
        while os.read(descriptor, 4096):
            pass
    except BlockingIOError:
        pass


def _has_wishes(folder: WorkspaceFolder) -> bool:
    database = Database(folder.database)
    try:
        return bool(facts.wishes(database, facts.cursor(database, READER), limit=1))
    finally:
        database.close()

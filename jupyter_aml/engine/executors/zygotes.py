"""The warm workers of an executor, one per interpreter: started, asked, let go. What goes warm is not decided here.

The job that starts a worker runs cold beside it. Those that come while it imports wait for it: to import the same once
more each, all at once, takes them longer.
"""

import json
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NoReturn, cast

from jupyter_aml.entities import environment_build
from jupyter_aml.entities.job_folder import AttemptFolder
from jupyter_aml.entities.launch import Launch
from jupyter_aml.runner import signals, variables

IS_POSSIBLE: Final = sys.platform == "linux"
"""Elsewhere a fork after imports is not safe enough (macOS) or does not exist (Windows)."""
IDLE_SECONDS: Final = 600.0
_MAIN: Final = "from jupyter_aml.runner.zygote import main; main({channel}, {idle_seconds!r})()"
_PACKAGE: Final = str(Path(__file__).parents[2])
_LENT: Final = (
    "import sys, importlib.util as u; "
    f"s = u.spec_from_file_location('jupyter_aml', {_PACKAGE + '/__init__.py'!r}, "
    f"submodule_search_locations=[{_PACKAGE!r}]); "
    "m = sys.modules['jupyter_aml'] = u.module_from_spec(s); s.loader.exec_module(m); "
)
"""This package by itself, for an environment that was built without it: nothing beside it becomes importable."""
_CHANNEL: Final = 3
_LONGEST: Final = 1 << 16
_SLOW: Final = "the warm worker takes long to import"
_ENDED: Final = "the warm worker ended before it took the job"
_PATIENCE: Final = 10.0
"""Seconds a worker that is not importing may take to fork; then it is taken for stuck and killed."""
LONGEST_IMPORT: Final = 20.0
"""Seconds of importing that jobs wait for. MLflow and scikit-learn take 3, on a busy machine 12."""


@dataclass(slots=True)
class _Worker:
    """A warm worker as the executor knows it: what it was told to learn, what it holds, whom it has not answered."""

    pid: int
    channel: socket.socket
    asked: set[str] = field(default_factory=set[str])
    holds: set[str] = field(default_factory=set[str])
    marks: dict[str, int] = field(default_factory=dict[str, int])
    learning: int = 0
    learns_since: float = 0.0
    unanswered: dict[str, tuple[float, Launch]] = field(default_factory=dict[str, tuple[float, Launch]])
    waiting: dict[AttemptFolder, tuple[Launch, int]] = field(default_factory=dict[AttemptFolder, tuple[Launch, int]])
    """Jobs that wait until it has imported, and their leases: they are about to begin."""

    def tell_to_learn(self, modules: set[str]) -> None:
        self.asked |= modules
        self.learns_since = self.learns_since if self.learning else time.monotonic()
        self.learning += 1
        self.channel.send(json.dumps({"learn": sorted(modules)}).encode())

    @property
    def is_slow(self) -> bool:
        """Whether it imports for longer than a job should wait."""
        return self.learning > 0 and time.monotonic() - self.learns_since > LONGEST_IMPORT

    @property
    def is_stale(self) -> bool:
        """Whether something was installed or removed since it imported."""
        return any(_changed(place) != mark for place, mark in self.marks.items())


class Zygotes:
    """Hands attempts to warm workers. `start_cold` gets those that a dying worker had not begun."""

    def __init__(self, start_cold: Callable[[AttemptFolder, Launch, str], None], idle_seconds: float) -> None:
        self._start_cold, self._idle_seconds = start_cold, idle_seconds
        self._workers: dict[str, _Worker] = {}
        self._refused: dict[str, str] = {}
        self._leaving: dict[int, _Worker] = {}
        self._cold: set[tuple[str, str]] = set()

    def take(self, folder: AttemptFolder, launch: Launch, lease: int) -> str:
        """Hand the attempt to a warm worker: '' when one has it or will have it, else why it must start cold."""
        if not launch.warm.is_warm or not launch.warm.modules:
            return launch.warm.cold_because
        if reason := self._why_not(launch):
            return reason
        worker, modules = self._workers[launch.interpreter], set(launch.warm.modules)
        if worker.learning:
            worker.waiting[folder] = launch, os.dup(lease)
            return ""
        try:
            socket.send_fds(worker.channel, [json.dumps({"folder": str(folder.root)}).encode()], [lease])
            worker.unanswered[str(folder.root)] = (time.monotonic(), launch)
            if missing := modules - worker.asked:
                worker.tell_to_learn(missing)
        except OSError as error:
            return "" if str(folder.root) in worker.unanswered else f"the warm worker does not listen ({error})"
        return ""

    def _why_not(self, launch: Launch) -> str:
        if not IS_POSSIBLE:
            return "warm workers need Linux"
        if (launch.snapshot, launch.command) in self._cold:
            return "its last warm run was ended by a signal"
        if reason := environment_build.cold_because(launch.environment):
            return reason
        return self._refused.get(launch.interpreter, "") or self._not_ready(launch)

    def _not_ready(self, launch: Launch) -> str:
        worker = self._workers.get(launch.interpreter)
        if worker is None:
            return self._begin(launch, "no warm worker yet: starting one")
        if worker.learning:
            return _SLOW if worker.is_slow else ""
        if worker.is_stale:
            self._let_go(launch.interpreter)
            return self._begin(launch, "the environment changed: starting a new warm worker")
        return "" if worker.holds else "the warm worker could not import what the job needs"

    def hurry(self, folder: AttemptFolder) -> None:
        """A job that waits for a worker starts without: it is to end, and its runner says so."""
        for worker in self._workers.values():
            if folder in worker.waiting:
                self._without(worker, [folder], "it was told to end while the warm worker was importing")

    def _without(self, worker: _Worker, folders: Iterable[AttemptFolder], reason: str) -> None:
        """These start cold. All leases first: the fork of a runner holds those that are open for a moment."""
        waited = {folder: worker.waiting.pop(folder) for folder in list(folders)}
        for _, lease in waited.values():
            os.close(lease)
        for folder, (launch, _) in waited.items():
            self._start_cold(folder, launch, reason)

    def _hand_over(self, worker: _Worker) -> None:
        """It has imported: the jobs that waited are its; what it will not have starts cold."""
        waited, worker.waiting = worker.waiting, {}
        reasons = {folder: self.take(folder, launch, lease) for folder, (launch, lease) in waited.items()}
        for _, lease in waited.values():
            os.close(lease)
        for folder, (launch, _) in waited.items():
            if reasons[folder]:
                self._start_cold(folder, launch, reasons[folder])

    def remember_cold(self, launch: Launch) -> None:
        """From now on this code with this command starts cold."""
        self._cold.add((launch.snapshot, launch.command))

    # ── their life ──

    def _begin(self, launch: Launch, reason: str) -> str:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        pid = os.fork()
        if pid == 0:
            _exec(launch, theirs.fileno(), self._idle_seconds)
        theirs.close()
        ours.setblocking(False)  # noqa: FBT003  socket takes it by position only
        worker = self._workers[launch.interpreter] = _Worker(pid, ours)
        worker.tell_to_learn(set(launch.warm.modules))
        return reason

    def filenos(self) -> list[int]:
        return [worker.channel.fileno() for worker in self._workers.values()]

    def drain(self, descriptor: int) -> None:
        """Read what the worker on that descriptor says; nothing happens when there is none."""
        for interpreter, worker in list(self._workers.items()):
            if worker.channel.fileno() == descriptor:
                self._hear(interpreter, worker)

    def _hear(self, interpreter: str, worker: _Worker) -> None:
        try:
            while text := worker.channel.recv(_LONGEST):
                _understand(worker, cast("dict[str, Any]", json.loads(text)))
        except BlockingIOError:
            if not worker.learning:
                self._hand_over(worker)
            return
        except ConnectionResetError:
            pass
        self._bury(interpreter, worker)

    def _bury(self, interpreter: str, worker: _Worker) -> None:
        """It closed its end: it was idle, it died, or its environment has no part of us."""
        if not worker.marks:
            self._refused[interpreter] = "a warm worker could not be started in its environment"
        self._let_go(interpreter)
        self._without(worker, worker.waiting, _ENDED)

    def _let_go(self, interpreter: str) -> None:
        """Close the channel, which ends the worker; the attempts it forked go on."""
        worker = self._workers.pop(interpreter)
        worker.channel.close()
        self._leaving[worker.pid] = worker

    def reap(self) -> None:
        """Take in the ends of workers, end those that got stuck, and let no job wait for one too long."""
        for pid in list(self._leaving):
            if os.waitpid(pid, os.WNOHANG)[0]:
                self._start_unbegun(self._leaving.pop(pid))
        now = time.monotonic()
        for worker in self._workers.values():
            if any(now - asked > _PATIENCE for asked, _ in worker.unanswered.values()) and not worker.learning:
                os.kill(worker.pid, signal.SIGKILL)
            if worker.is_slow:
                self._without(worker, worker.waiting, _SLOW)

    def _start_unbegun(self, worker: _Worker) -> None:
        """What it was sent and never took. Not before it is gone: until then it holds their leases."""
        for root, (_, launch) in worker.unanswered.items():
            self._start_cold(AttemptFolder(Path(root)), launch, _ENDED)

    def close(self) -> None:
        """End every worker, also one that is importing; the attempts they forked go on."""
        for interpreter, worker in list(self._workers.items()):
            os.kill(worker.pid, signal.SIGTERM)
            self._let_go(interpreter)
            for _, lease in worker.waiting.values():
                os.close(lease)  # whoever comes next sees that it never began
        for pid in self._leaving:
            os.waitpid(pid, 0)
        self._leaving.clear()


def _understand(worker: _Worker, message: dict[str, Any]) -> None:
    if "forked" in message:
        worker.unanswered.pop(message["forked"], None)
    else:
        worker.learning -= 1
        worker.holds |= set(message["holds"])
        worker.marks = message["marks"]


def _changed(place: str) -> int:
    try:
        return Path(place).stat().st_mtime_ns
    except FileNotFoundError:
        return 0


def _exec(launch: Launch, channel: int, idle_seconds: float) -> NoReturn:
    """In a fork: become a worker, with what a job of this interpreter would find around it."""
    try:
        os.setsid()
        signals.reset()
        os.chdir("/")
        if channel != _CHANNEL:
            os.dup2(channel, _CHANNEL)
        os.set_inheritable(_CHANNEL, True)  # noqa: FBT003  os takes it by position only
        os.closerange(_CHANNEL + 1, os.sysconf("SC_OPEN_MAX"))
        lent = _LENT if launch.environment.target else ""
        code = lent + _MAIN.format(channel=_CHANNEL, idle_seconds=idle_seconds)
        interpreter = launch.interpreter
        os.execve(interpreter, [interpreter, "-c", code], variables.of_interpreter(interpreter))  # noqa: S606  our own
    finally:
        os._exit(127)

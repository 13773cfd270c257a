"""The warm worker: a process that holds slow imports and forks a runner per request. Runs no user code itself.

Started by the executor as `python -c "…main(FD, IDLE)()"`; FD is one end of a SOCK_SEQPACKET pair. It hears
`{"learn": [module, …]}` and answers `{"holds": […], "marks": {…}}`; it hears `{"folder": …}` with the attempt's lease
and answers `{"forked": folder, "pid": n}`. It leaves when the other end closes, or after IDLE seconds without a word.
"""

import ctypes
import json
import os
import select
import signal
import socket
import sys
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final, NoReturn

from jupyter_aml.entities.job_folder import AttemptFolder
from jupyter_aml.runner import attempt, rehearsal, variables
from jupyter_aml.runner.as_main import Interpreter
from jupyter_aml.runner.user_process import Become

LONGEST: Final = 65536
_PR_SET_PDEATHSIG: Final = 1


def main(descriptor: int, idle_seconds: float) -> Callable[[], NoReturn]:
    """Serve. What returns is a fork that is to become a user's program: the caller runs it from its outermost frame."""
    if sys.platform == "linux":
        # Even while a long import keeps it from reading, a worker does not outlive its supervisor.
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    variables.of_interpreter(sys.executable)
    interpreter = Interpreter()
    try:
        _serve(socket.socket(fileno=descriptor), idle_seconds, interpreter)
    except Become as become:
        return partial(become.program.run, interpreter)
    sys.exit(0)


def _serve(control: socket.socket, idle_seconds: float, interpreter: Interpreter) -> None:
    while select.select([control], [], [], idle_seconds)[0]:
        text, leases, _, _ = socket.recv_fds(control, LONGEST, 1)
        if not text:
            return
        message = json.loads(text)
        if "learn" in message:
            _learn(control, message["learn"])
            interpreter.learnt()
        else:
            _fork(control, message["folder"], leases[0])


def _learn(control: socket.socket, modules: list[str]) -> None:
    rehearsal.learn(modules)
    holds = sorted(name for name in modules if name in sys.modules) if rehearsal.is_forkable() else []
    control.send(json.dumps({"holds": holds, "marks": _marks()}).encode())


def _marks() -> dict[str, int]:
    """The folders that libraries are installed in, and when they last changed."""
    places = [Path(entry) for entry in sys.path if Path(entry).name in {"site-packages", "dist-packages"}]
    return {str(place): place.stat().st_mtime_ns for place in places if place.is_dir()}


def _fork(control: socket.socket, folder: str, lease: int) -> None:
    pid = os.fork()
    if pid == 0:
        control.close()
        _be_runner(AttemptFolder(Path(folder)), lease)
    os.close(lease)
    control.send(json.dumps({"forked": folder, "pid": pid}).encode())


def _be_runner(folder: AttemptFolder, lease: int) -> NoReturn:
    try:
        attempt.run(folder, lease=lease, is_warm=True)
    except Become:
        raise
    except BaseException:  # noqa: BLE001  the edge of a process: what cannot be in an outcome goes to its log
        traceback.print_exc()
    os._exit(0)

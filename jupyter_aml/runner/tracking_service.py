"""MLflow over HTTP, for a job whose MLflow does not know our store: the workspace's server, started when needed."""

import fcntl
import os
import socket
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from jupyter_aml.entities.environment_build import EnvironmentPlan
from jupyter_aml.entities.job_folder import AttemptFolder
from jupyter_aml.entities.tracking_server import Listening, TrackingServerFiles, read_listening
from jupyter_aml.exceptions import JobException
from jupyter_aml.runner import ending, process_tree, signals, start

_PATIENCE: Final = 120.0
_LOOK_AGAIN: Final = 0.05
_PROXIES: Final = ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY")
_IN_THE_BACKGROUND: Final = '"$@" &'
_PACKAGE: Final = str(Path(__file__).parents[2])
_MAIN: Final = (
    "import sys; sys.path.append(sys.argv[1]); from jupyter_aml.tracking.server import main; main(sys.argv[2])"
)


@dataclass(slots=True)
class Service:
    """The server in use: it stays until `close`."""

    listening: Listening
    _users: int

    def variables(self) -> dict[str, str]:
        """What leads MLflow to it, and keeps it from printing links that open for nobody without the token."""
        return {
            "MLFLOW_TRACKING_URI": self.listening.uri,
            "MLFLOW_TRACKING_TOKEN": self.listening.token,
            "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true",
            **_past_the_proxy(),
        }

    def close(self) -> None:
        """Not needed any more; when nobody does, it leaves after a while."""
        if self._users >= 0:
            os.close(self._users)
            self._users = -1


def use(plan: EnvironmentPlan, folder: AttemptFolder) -> Service:
    """The workspace's tracking server, running.

    Raises:
        JobException: it does not come up.
        StoppedError: somebody wants the attempt to end.
    """
    files = TrackingServerFiles(Path(plan.workspace))
    # Locked before the look: a server that is about to leave holds it alone until it is gone.
    users = os.open(files.users, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(users, fcntl.LOCK_SH)
        return Service(_found(files) or _started(plan, files, folder), users)
    except BaseException:
        os.close(users)
        raise


def _past_the_proxy() -> dict[str, str]:
    """What keeps MLflow from asking a company's proxy for this machine."""
    if not any(os.environ.get(name) for name in _PROXIES):
        return {}
    kept = os.environ.get("no_proxy") or os.environ.get("NO_PROXY") or ""
    return dict.fromkeys(("no_proxy", "NO_PROXY"), ",".join(filter(None, (kept, "127.0.0.1"))))


def _found(files: TrackingServerFiles) -> Listening | None:
    listening = read_listening(files.state)
    if listening is None or not _is_locked(files.lock):
        return None
    try:
        socket.create_connection(("127.0.0.1", listening.port), 5).close()
    except OSError:
        return None  # one that was killed left its file; the next one replaces it
    return listening


def _is_locked(path: Path) -> bool:
    try:
        lock = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(lock)
    return False


def _started(plan: EnvironmentPlan, files: TrackingServerFiles, folder: AttemptFolder) -> Listening:
    """Of several that are started at once the first stays."""
    _start(plan, files)
    until = time.monotonic() + _PATIENCE
    while (listening := _found(files)) is None:
        if time.monotonic() > until:
            raise JobException(
                f"MLflow's server for this workspace did not come up in {_PATIENCE:.0f} s. It said: "
                f"{ending.tail(files.log)}",
                resolution=f"See {files.log}.",
            )
        signals.pause(folder, _LOOK_AGAIN)
    return listening


def _start(plan: EnvironmentPlan, files: TrackingServerFiles) -> None:
    """In a session of its own and no child of ours, so that it outlives this job; no job's end takes it along."""
    words = [plan.server_interpreter, "-P", "-c", _MAIN, _PACKAGE, plan.workspace]
    log = start.open_log(str(files.log))
    actions = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_DUP2, log, 1),
        (os.POSIX_SPAWN_DUP2, log, 2),
    ]
    os.posix_spawn(
        "/bin/sh", ["sh", "-c", _IN_THE_BACKGROUND, "sh", *words], {**os.environ, process_tree.GUEST: "1"},
        file_actions=actions, setsid=True, setsigmask=(), setsigdef=signals.ALL,
    )  # fmt: skip
    os.close(log)

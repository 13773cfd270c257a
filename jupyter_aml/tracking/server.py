"""A workspace's runs over HTTP: MLflow's own server on our store, for jobs whose MLflow is not ours. A door to mlflow.

It listens on this machine only and answers who brings its token. It is started by the runner of a job that needs it,
and leaves when no such job runs any more and the workspace's supervisor is gone, or has been without one for a while.
"""

# pyright: standard
# MLflow's server has no annotations.

import fcntl
import hmac
import os
import secrets
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from jupyter_aml.entities.tracking_server import Listening, TrackingServerFiles
from jupyter_aml.entities.workspace import WorkspaceFolder
from jupyter_aml.tracking import plugin

if TYPE_CHECKING:
    from werkzeug.serving import BaseWSGIServer

# Any: WSGI's own words
Application: TypeAlias = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

IDLE_SECONDS: Final = 600.0
_LOOK_EVERY: Final = 0.5
_TRIES: Final = 50
_NAP: Final = 0.02


def main(root: str, idle_seconds: float = IDLE_SECONDS) -> None:
    """Be the server of the workspace in that folder, unless it has one."""
    files, folder = TrackingServerFiles(Path(root)), WorkspaceFolder(Path(root))
    lock = _taken(files.lock)
    if lock is None:
        return
    files.state.unlink(missing_ok=True)
    token = secrets.token_urlsafe(32)
    server = _bound(guarded(_application(folder), token))
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    _tell(files, Listening(server.server_port, token))
    _wait_until_unused(files, folder, idle_seconds)
    files.state.unlink(missing_ok=True)
    server.shutdown()
    serving.join()


def guarded(application: Application, token: str) -> Application:
    """The application for those who bring the token, 401 for everybody else."""
    expected = f"Bearer {token}"

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if hmac.compare_digest(environ.get("HTTP_AUTHORIZATION", "").encode(), expected.encode()):
            return application(environ, start_response)
        start_response("401 Unauthorized", [("Content-Type", "application/json"), ("WWW-Authenticate", "Bearer")])
        return [b'{"error_code": "UNAUTHENTICATED", "message": "This server answers the jobs of its workspace only."}']

    return answer


def _application(folder: WorkspaceFolder) -> Application:
    """MLflow's server application with the workspace's store behind it, ready for its first question."""
    os.environ.update(_settings(plugin.uri(folder.tracking_database)))
    from mlflow.server import app, handlers

    handlers._get_tracking_store()  # noqa: SLF001  so that the first job does not wait for it
    return app.wsgi_app


def _settings(uri: str) -> Mapping[str, str]:
    return {
        "_MLFLOW_SERVER_FILE_STORE": uri,
        "_MLFLOW_SERVER_REGISTRY_STORE": uri,
        "MLFLOW_TRACKING_URI": uri,
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
    }


def _bound(application: Application) -> "BaseWSGIServer":
    from werkzeug.serving import WSGIRequestHandler, make_server

    class Quiet(WSGIRequestHandler):
        """Without a line per request."""

        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            """Nothing is said."""

    return make_server("127.0.0.1", 0, application, threaded=True, request_handler=Quiet)


def _tell(files: TrackingServerFiles, listening: Listening) -> None:
    beside = files.state.with_name(f"{files.state.name}.{os.getpid()}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.write(descriptor, listening.to_json().encode())
    os.close(descriptor)
    beside.rename(files.state)


def _wait_until_unused(files: TrackingServerFiles, folder: WorkspaceFolder, idle_seconds: float) -> None:
    """Returns holding the users' lock alone: who comes now waits until this process is gone."""
    users = os.open(files.users, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    last_used = time.monotonic()
    while True:
        time.sleep(_LOOK_EVERY)
        if not _alone(users):
            last_used = time.monotonic()
        elif not _is_held(folder.supervisor_lock) or time.monotonic() - last_used > idle_seconds:
            return
        else:
            fcntl.flock(users, fcntl.LOCK_UN)


def _taken(path: Path) -> int | None:
    """The server's lock; None when there is another. Those who only look are waited out."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    for _ in range(_TRIES):
        if _alone(descriptor):
            return descriptor
        time.sleep(_NAP)
    os.close(descriptor)
    return None


def _alone(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_held(path: Path) -> bool:
    """Whether somebody, the supervisor, holds that lock."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


if __name__ == "__main__":
    main(sys.argv[1])

"""The REST endpoints of published pipelines: on the loopback, behind a secret, while this process lives.

Whoever posts to one has the pipeline submitted: what that may do is decided there, not here.
"""

import json
import os
import secrets
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, ClassVar, Final

from jupyter_aml.exceptions import AuthorizationError, MlException, UserErrorException

if TYPE_CHECKING:
    from jupyter_aml.v1.pipeline.core.published import PublishedPipeline

_HOST: Final = "127.0.0.1"
_LONGEST: Final = 1 << 20
"""Bytes of a request at most."""
_OK, _BAD, _UNKNOWN_CALLER, _FORBIDDEN, _NOT_FOUND, _TOO_LARGE = 200, 400, 401, 403, 404, 413
_SWITCHES: Final = {"ContinueRunOnStepFailure": "continue_on_step_failure", "RegenerateOutputs": "regenerate_outputs"}


def url(pipeline: "PublishedPipeline") -> str:
    """Where to post `{"ExperimentName": …, "ParameterAssignments": {…}}`; the server begins when it is first asked for.

    The address holds a secret that nobody guesses, new in each process; the answer holds the run's `Id`.
    """
    server = _Server.running()
    server.pipelines[pipeline.id] = pipeline
    return f"http://{_HOST}:{server.server_port}/{server.secret}/PipelineRuns/PipelineSubmit/{pipeline.id}"


def stop() -> None:
    """End the server of this process, if there is one; its addresses are worth nothing from now on."""
    _Server.end()


class _Server(ThreadingHTTPServer):
    """The one server of a process."""

    daemon_threads = True
    one: ClassVar["_Server | None"] = None
    guard: ClassVar[threading.Lock] = threading.Lock()

    def __init__(self) -> None:
        super().__init__((_HOST, 0), _Handler)
        self.secret, self.process = secrets.token_urlsafe(32), os.getpid()
        self.pipelines: dict[str, PublishedPipeline] = {}
        self.thread = threading.Thread(target=self.serve_forever, name="published pipelines", daemon=True)

    @classmethod
    def running(cls) -> "_Server":
        """It, begun if it is not; a fork begins its own."""
        with cls.guard:
            if cls.one is None or cls.one.process != os.getpid():
                cls.one = cls()
                cls.one.thread.start()
            return cls.one

    @classmethod
    def end(cls) -> None:
        """It is gone."""
        with cls.guard:
            if cls.one is not None:
                cls.one.shutdown()
                cls.one.server_close()
                cls.one.thread.join()
            cls.one = None


class _Handler(BaseHTTPRequestHandler):
    """One request: checked, submitted, answered."""

    server: _Server  # pyright: ignore[reportIncompatibleVariableOverride] - the only one that has it
    timeout = 30

    def do_POST(self) -> None:
        """Submit the pipeline that the address names."""
        try:
            code, answer = self._answered()
        except AuthorizationError as error:
            code, answer = _FORBIDDEN, _error("Forbidden", str(error))
        except (MlException, ValueError) as error:
            code, answer = _BAD, _error("BadRequest", str(error))
        text = json.dumps(answer).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the address is a secret."""

    def _answered(self) -> tuple[int, dict[str, Any]]:
        pipeline = self._pipeline()
        if pipeline is None:
            return _NOT_FOUND, _error("NotFound", "No published pipeline answers at this address.")
        if not self.headers.get("Authorization"):
            return _UNKNOWN_CALLER, _error("Unauthorized", "An Authorization header is expected.")
        size = int(self.headers.get("Content-Length") or 0)
        if not 0 <= size <= _LONGEST:
            return _TOO_LARGE, _error("TooLarge", f"At most {_LONGEST} bytes are taken.")
        return _OK, _submitted(pipeline, json.loads(self.rfile.read(size) or b"{}"))

    def _pipeline(self) -> "PublishedPipeline | None":
        """The one that is asked for, by somebody who has its whole address and means this machine."""
        _, _, rest = self.path.partition("/")
        secret, _, path = rest.partition("/")
        is_known = secrets.compare_digest(secret.encode(), self.server.secret.encode())
        if not is_known or self.headers.get("Host") != f"{_HOST}:{self.server.server_port}":
            return None
        return self.server.pipelines.get(path.rpartition("/")[2])


def _submitted(pipeline: "PublishedPipeline", asked: object) -> dict[str, Any]:
    """The run of a request, as Azure's service answers it. UserErrorException for one that says no experiment."""
    given: Mapping[str, Any] = dict(asked) if isinstance(asked, dict) else {}
    if not isinstance(given.get("ExperimentName"), str):
        raise UserErrorException("ExperimentName: required, and not given.")
    switches: dict[str, Any] = {ours: bool(given[name]) for name, ours in _SWITCHES.items() if name in given}
    values = given.get("ParameterAssignments") or {}
    try:
        run = pipeline.submit(pipeline.workspace, given["ExperimentName"], values, **switches)
        return {"Id": run.id, "Status": {"StatusCode": run.get_status()}, "PipelineId": pipeline.id}
    finally:
        pipeline.workspace.client.workspace.database.close()  # this thread's


def _error(code: str, message: str) -> dict[str, Any]:
    return {"error": {"code": code, "message": message}}

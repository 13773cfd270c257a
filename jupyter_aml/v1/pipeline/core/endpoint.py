"""The REST endpoints of published pipelines: on the loopback, behind a secret, while this process lives.

Whoever posts to one has the pipeline submitted: what that may do is decided there, not here.
"""

import json
import os
import secrets
import sys
import threading
import traceback
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, ClassVar, Final, Protocol, cast

from jupyter_aml.exceptions import AuthorizationError, MlException, UserErrorException, did_you_mean

if TYPE_CHECKING:
    from jupyter_aml.v1.core.workspace import Workspace
    from jupyter_aml.v1.pipeline.core.run import PipelineRun

_HOST: Final = "127.0.0.1"
_LONGEST: Final = 1 << 20
"""Bytes of a request at most."""
_OK, _BAD, _UNKNOWN_CALLER, _FORBIDDEN, _NOT_FOUND, _TOO_LARGE, _BROKEN = 200, 400, 401, 403, 404, 413, 500
_SWITCHES: Final = {"ContinueRunOnStepFailure": "continue_on_step_failure", "RegenerateOutputs": "regenerate_outputs"}
_MAPPINGS: Final = {"ParameterAssignments": "pipeline_parameters", "Tags": "tags"}
_SAID: Final = ("RunSource",)
"""Where a request comes from: that changes nothing."""


class Submittable(Protocol):
    """What an address stands for: a published pipeline, or an endpoint of several."""

    @property
    def id(self) -> str:
        """What the address ends with."""
        ...

    @property
    def workspace(self) -> "Workspace":
        """Where its runs are."""
        ...

    def posted(self, experiment: str, said: Mapping[str, Any]) -> "PipelineRun":
        """The run of a request, with the options that it said."""
        ...


def url(pipeline: Submittable, way: str = "PipelineSubmit") -> str:
    """Where to post `{"ExperimentName": …, "ParameterAssignments": {…}}`; the server begins when it is first asked for.

    The address holds a secret that nobody guesses, new in each process; the answer holds the run's `Id`.
    """
    server = _Server.running()
    server.pipelines[pipeline.id] = pipeline
    return f"http://{_HOST}:{server.server_port}/{server.secret}/PipelineRuns/{way}/{pipeline.id}"


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
        self.pipelines: dict[str, Submittable] = {}
        self.thread = threading.Thread(target=self.serve_forever, name="published pipelines", daemon=True)

    def handle_error(self, request: object, client_address: object) -> None:
        """What went wrong inside is told here; a caller that leaves before its answer is no news."""
        del request, client_address
        if not isinstance(sys.exception(), ConnectionError):
            traceback.print_exc()

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
        code, answer = _BROKEN, _error("InternalServerError", "The pipeline could not be submitted.")
        try:
            code, answer = self._answered()
        except AuthorizationError as error:
            code, answer = _FORBIDDEN, _error("Forbidden", str(error))
        except (MlException, ValueError, RecursionError) as error:
            code, answer = _BAD, _error("BadRequest", str(error))
        finally:  # also of what nobody foresaw, which the server tells here and no caller
            self._send(code, answer)

    def _send(self, code: int, answer: Mapping[str, Any]) -> None:
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

    def _pipeline(self) -> Submittable | None:
        """The one that is asked for, by somebody who has its whole address and means this machine."""
        _, _, rest = self.path.partition("/")
        secret, _, path = rest.partition("/")
        is_known = secrets.compare_digest(secret.encode(), self.server.secret.encode())
        if not is_known or self.headers.get("Host") != f"{_HOST}:{self.server.server_port}":
            return None
        return self.server.pipelines.get(path.rpartition("/")[2])


def _submitted(pipeline: Submittable, asked: object) -> dict[str, Any]:
    """The run of a request, as Azure's service answers it. UserErrorException for one that says something else."""
    given = _checked(asked)
    said = {ours: given[name] for name, ours in (_SWITCHES | _MAPPINGS).items() if given.get(name) is not None}
    try:
        run = pipeline.posted(given["ExperimentName"], said)
        return {"Id": run.id, "Status": {"StatusCode": run.get_status()}, "PipelineId": pipeline.id}
    finally:
        pipeline.workspace.client.workspace.database.close()  # this thread's


def _checked(asked: object) -> Mapping[str, Any]:
    """A request whose fields are what they should be; UserErrorException by the one that is not."""
    given: Mapping[str, Any] = cast("dict[str, Any]", asked) if isinstance(asked, dict) else {}
    if not isinstance(given.get("ExperimentName"), str):
        raise UserErrorException("ExperimentName: required, and not given.")
    known = ("ExperimentName", *_SWITCHES, *_MAPPINGS, *_SAID)
    for name, value in given.items():
        if name not in known and value not in (None, "", {}, []):
            raise UserErrorException(f"{name}: not honoured here.", resolution=did_you_mean(name, known))
        if name in _SWITCHES and not isinstance(value, bool | None):
            raise UserErrorException(f"{name}: true or false is expected; found {value!r}.")
        if name in _MAPPINGS and not isinstance(value, dict | None):
            raise UserErrorException(f"{name}: a mapping is expected; found a {type(value).__name__}.")
    return given


def _error(code: str, message: str) -> dict[str, Any]:
    return {"error": {"code": code, "message": message}}

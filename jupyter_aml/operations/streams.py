"""A job's log as it is written, in the words of SDK v2's `stream` (§7.7). Lines out; nothing is printed here."""

import codecs
import json
import time
from collections.abc import Callable, Iterator
from itertools import takewhile
from pathlib import Path
from typing import Final, TypeAlias

from jupyter_aml.entities.environment_build import BUILD_LOG
from jupyter_aml.entities.job_record import JobRecord
from jupyter_aml.entities.pipeline_plan import REUSED_RUN
from jupyter_aml.entities.status import JobStatus
from jupyter_aml.exceptions import JobException
from jupyter_aml.operations import access
from jupyter_aml.operations.workspaces import Workspace
from jupyter_aml.store import jobs

PAUSE: Final = 0.03
_WAKE_EVERY: Final = 2.0
_PIECE: Final = 1 << 20
OWN_LOGS: Final = {"sweep": "azureml-logs/hyperdrive.txt", "pipeline": "logs/azureml/executionlogs.txt"}
"""Where jobs that are made of other jobs say what they do."""
_NO_ERROR: Final = "Detailed error not set on the Run. Please check the logs for details."


Wake: TypeAlias = Callable[[], object]
"""What makes sure that somebody works on the job; the engine is no room of ours."""


class Patience:
    """Short naps while something is awaited. Now and then it wakes whoever may have died over the work."""

    def __init__(self, wake: Wake) -> None:
        self._wake = wake
        self._next = time.monotonic() + _WAKE_EVERY

    def nap(self) -> None:
        """Sleep a moment."""
        time.sleep(PAUSE)
        if time.monotonic() >= self._next:
            self._wake()
            self._next = time.monotonic() + _WAKE_EVERY


def wait(workspace: Workspace, name: str, timeout: float | None = None, *, wake: Wake = tuple) -> JobRecord:
    """The job, once it is over. TimeoutError after `timeout` seconds; the job goes on."""
    access.require(workspace, "jobs/read", f"jobs/{name}")
    patience = Patience(wake)
    job = jobs.get(workspace.database, name)
    deadline = None if timeout is None else time.monotonic() + timeout
    while not job.is_finished:
        if deadline is not None and time.monotonic() > deadline:
            message = f"Job '{name}' is still {job.status} after {timeout} s; it goes on running."
            raise TimeoutError(message)
        patience.nap()
        job = jobs.get(workspace.database, name)
    return job


def follow(workspace: Workspace, name: str, *, wake: Wake = tuple) -> Iterator[str]:
    """The text of `stream`, piece by piece, until the job is over. JobException at the end of a failed one.

    Of a step that did not run again it is that of the run from which it was taken.
    """
    access.require(workspace, "jobs/read", f"jobs/{name}")
    job = jobs.get(workspace.database, name)
    ran = job.properties.get(REUSED_RUN, name)
    view = workspace.folder.artifacts(ran)
    who = f"RunId: {name}\nWeb View: {view.as_uri()}\n"
    yield who
    if ran != name:
        yield f"\nReused from {ran}: it did not run again, and this is the log of that run.\n"
    last = "\n"
    for text in _log(workspace, job, view, Patience(wake)):
        yield text
        last = text[-1]
    yield "" if last == "\n" else "\n"
    yield f"\nExecution Summary\n=================\n{who}\n"
    ended = jobs.get(workspace.database, name)
    if ended.status == JobStatus.FAILED:
        raise JobException(f"Exception : \n {_error_json(ended.error or _NO_ERROR)} ")


def _error_json(error: str) -> str:
    """Azure's JSON of an error: its first line is the message, the lines below it are the details."""
    message, *details = error.splitlines()
    fields: dict[str, object] = {"code": "UserError", "message": message, "messageParameters": {}, "details": details}
    return json.dumps({"error": fields}, indent=4, ensure_ascii=False)


def _log(workspace: Workspace, job: JobRecord, view: Path, patience: Patience) -> Iterator[str]:
    """What is written to the log, until the job is over and everything was read; before it, the environment's build."""
    shown: Path | None = None
    news: Iterator[str] = iter(("",))
    while True:
        over = job.is_finished
        path = first_log(view)
        if path and path != shown and (over or job.type not in OWN_LOGS or path.match(OWN_LOGS[job.type])):
            yield from takewhile(len, news)
            title = path.relative_to(view).as_posix()
            yield f"\nStreaming {title}\n{'=' * (len(title) + 10)}\n\n"
            shown, news = path, _news(path)
        yield from takewhile(len, news)
        if over:
            return
        patience.nap()
        job = jobs.get(workspace.database, job.name)


def _news(path: Path) -> Iterator[str]:
    """What was written since the last look, a piece at a time, then ''; for ever.

    An unfinished character waits for its rest.
    """
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    with path.open("rb") as file:
        while True:
            data = file.read(_PIECE)
            if text := decoder.decode(data):
                yield text
            if not data:
                yield ""


def first_log(view: Path) -> Path | None:
    """A sweep's own; the log of the only process, or of rank 0; before there is one, of the environment's build."""
    for name in (*OWN_LOGS.values(), "user_logs/std_log.txt", "user_logs/std_log_process_0.txt", BUILD_LOG):
        if (path := view / name).exists():
            return path
    return None

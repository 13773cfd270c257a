"""A job's log as it is written, in the words of SDK v2's `stream` (§7.7). Lines out; nothing is printed here."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from jupyter_aml.entities.job_record import JobRecord
from jupyter_aml.entities.status import JobStatus
from jupyter_aml.exceptions import JobException
from jupyter_aml.operations.workspaces import Workspace
from jupyter_aml.store import jobs

PAUSE: Final = 0.03
_NO_ERROR: Final = "Detailed error not set on the Run. Please check the logs for details."


def wait(workspace: Workspace, name: str, timeout: float | None = None) -> JobRecord:
    """The job, once it is over. TimeoutError after `timeout` seconds; the job goes on."""
    job = jobs.get(workspace.database, name)
    deadline = None if timeout is None else time.monotonic() + timeout
    while not job.is_finished:
        if deadline is not None and time.monotonic() > deadline:
            message = f"Job '{name}' is still {job.status} after {timeout} s; it goes on running."
            raise TimeoutError(message)
        _until_news(workspace)
        job = jobs.get(workspace.database, name)
    return job


def follow(workspace: Workspace, name: str) -> Iterator[str]:
    """The text of `stream`, piece by piece, until the job is over. JobException at the end of a failed one."""
    job = jobs.get(workspace.database, name)
    view = workspace.folder.artifacts(name)
    yield f"RunId: {name}\nWeb View: {view.as_uri()}\n"
    yield from _log(workspace, job, view)
    yield f"\nExecution Summary\n=================\nRunId: {name}\nWeb View: {view.as_uri()}\n\n"
    ended = jobs.get(workspace.database, name)
    if ended.status == JobStatus.FAILED:
        raise JobException(f"Exception : \n {ended.error or _NO_ERROR} ")


def _log(workspace: Workspace, job: JobRecord, view: Path) -> Iterator[str]:
    """What is written to the log, until the job is over and everything was read."""
    path: Path | None = None
    position = 0
    while True:
        over = job.is_finished
        if path is None and (path := first_log(view)):
            title = path.relative_to(view).as_posix()
            yield f"\nStreaming {title}\n{'=' * (len(title) + 10)}\n\n"
        if path is not None:
            text, position = _more(path, position)
            if text:
                yield text
        if over:
            return
        _until_news(workspace)
        job = jobs.get(workspace.database, job.name)


def first_log(view: Path) -> Path | None:
    """The log of the only process, or of rank 0."""
    for name in ("std_log.txt", "std_log_process_0.txt"):
        if (path := view / "user_logs" / name).exists():
            return path
    return None


def _more(path: Path, position: int) -> tuple[str, int]:
    """What was written since; an unfinished character waits for its rest."""
    with path.open("rb") as file:
        file.seek(position)
        data = file.read()
    for cut in range(min(4, len(data) + 1)):
        try:
            return data[: len(data) - cut].decode(), position + len(data) - cut
        except UnicodeDecodeError:
            continue
    return data.decode(errors="replace"), position + len(data)


def _until_news(_workspace: Workspace) -> None:
    time.sleep(PAUSE)

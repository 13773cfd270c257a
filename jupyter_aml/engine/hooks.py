"""The command that a workspace runs when a job of its own is over. No job waits for it, and none ends otherwise for it.

It is begun after the end was written down, and never again: a supervisor that is killed in between has run it for
nobody. So it is run at most once for a job.
"""

import os
import signal
import sys
import time
from collections import deque
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Final

from jupyter_aml.entities.job_record import JobRecord
from jupyter_aml.entities.names import JobName
from jupyter_aml.entities.status import JobStatus
from jupyter_aml.entities.workspace import ON_FINISH, WorkspaceFolder, WorkspaceId
from jupyter_aml.exceptions import StoreError
from jupyter_aml.runner.process_tree import GUEST
from jupyter_aml.store import resources
from jupyter_aml.store.database import Database

LONGEST: Final = 60.0
"""Seconds that a command may take."""
MOST: Final = 4
"""Commands that run at once; the others wait for their turn."""


class Hooks:
    """The commands of one workspace: those that run, and those that wait."""

    def __init__(self, folder: WorkspaceFolder, database: Database, longest: float = LONGEST) -> None:
        self._folder, self._database, self._longest = folder, database, longest
        self._waiting = deque[tuple[str, Mapping[str, str]]]()
        self._running: dict[int, tuple[str, float]] = {}

    @property
    def are_set(self) -> bool:
        """Whether any runs, or waits."""
        return bool(self._running or self._waiting)

    def ended(self, jobs: Iterable[JobRecord], over: Mapping[JobName, JobStatus]) -> None:
        """Run the command for each of these jobs that is a part of no other; nothing where there is no command."""
        own = [job for job in jobs if not job.parent]
        if own and (command := self._command()):
            self._waiting += [(command, self._said(job, over[job.name])) for job in own]
            self.look()

    def look(self) -> None:
        """Take in the ends of commands, end those that take too long, begin those that wait. Cheap, for every turn."""
        for pid, (job, deadline) in list(self._running.items()):
            self._look(pid, job, deadline)
        while self._waiting and len(self._running) < MOST:
            self._begin(*self._waiting.popleft())

    def _look(self, pid: int, job: str, deadline: float) -> None:
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            del self._running[pid]
            if code := os.waitstatus_to_exitcode(status):
                _say(f"on_finish of '{job}' ended with {code}")
        elif time.monotonic() >= deadline:
            _say(f"on_finish of '{job}' took longer than {self._longest:.0f} s")
            with suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)

    def _begin(self, command: str, said: Mapping[str, str]) -> None:
        """In a session of its own, in the person's home. The job's words are variables: no shell reads them."""
        quiet = [(os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0)]
        words = ["/bin/sh", "-c", f"cd\n{command}"]
        try:
            pid = os.posix_spawn(words[0], words, said, file_actions=quiet, setsid=True)
        except (OSError, ValueError, NotImplementedError) as error:
            _say(f"on_finish of '{said['JUPYTER_AML_JOB']}' could not be started: {error}")
        else:
            self._running[pid] = said["JUPYTER_AML_JOB"], time.monotonic() + self._longest

    def _command(self) -> str:
        try:
            return next((str(row.spec.get(ON_FINISH, "")) for row in resources.select(self._database, "workspace")), "")
        except StoreError as error:
            _say(f"on_finish was not run: {error}")
            return ""

    def _said(self, job: JobRecord, status: JobStatus) -> dict[str, str]:
        """What the command finds: the person's own variables, and which job it is about."""
        around = {name: value for name, value in os.environ.items() if name != GUEST}
        about = {
            "JUPYTER_AML_JOB": job.name, "JUPYTER_AML_STATUS": str(status), "JUPYTER_AML_EXPERIMENT": job.experiment,
            "JUPYTER_AML_DISPLAY_NAME": job.display_name, "JUPYTER_AML_WORKSPACE": self._arm,
        }  # fmt: skip
        return around | {name: value.replace("\0", "") for name, value in about.items()}

    @property
    def _arm(self) -> str:
        """Which workspace this is, for an `aml` in the command."""
        from urllib.parse import unquote  # the supervisor starts without it

        return WorkspaceId(*map(unquote, self._folder.root.parts[-3:])).arm


def _say(text: str) -> None:
    sys.stderr.write(f"{time.strftime('%FT%TZ', time.gmtime())} {text}\n")
    sys.stderr.flush()

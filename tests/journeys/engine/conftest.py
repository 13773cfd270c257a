"""A workspace whose supervisor is a real process, and the hand that kills things in it."""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

from jupyter_aml import MLClient, command
from jupyter_aml.engine import lifecycle
from jupyter_aml.entities.job_folder import AttemptFolder
from jupyter_aml.entities.job_record import JobRecord
from jupyter_aml.entities.names import Seq
from jupyter_aml.entities.status import FINISHED
from jupyter_aml.entities.workspace import WorkspaceFolder
from jupyter_aml.runner import claim
from jupyter_aml.store import facts, jobs
from jupyter_aml.store.database import Database
from tests.conftest import is_alive, processes_of

LIMIT = 120.0


def until(is_so: Callable[[], object], what: Callable[[], object] = str) -> None:
    """Wait for a condition, with a limit; `what` is said when it does not come."""
    deadline = time.monotonic() + LIMIT
    while not is_so():
        assert time.monotonic() < deadline, what()
        time.sleep(0.002)  # a breath between two looks


def kill(processes: Sequence[psutil.Process]) -> None:
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.kill()


class Site:
    """One workspace under attack."""

    def __init__(self, ml: MLClient, home: Path) -> None:
        self.ml, self.home = ml, home
        self.scratch = home.parent / "scratch"
        self.scratch.mkdir()

    @property
    def database(self) -> Database:
        return self.ml.workspace.database

    @property
    def folder(self) -> WorkspaceFolder:
        return self.ml.workspace.folder

    # ── jobs ──

    def submit(self, line: str, **fields: Any) -> str:
        """Submit as a user would; the line may name the scratch folder as $SCRATCH."""
        job = command(command=line, environment_variables={"SCRATCH": str(self.scratch)}, **fields)
        return self.ml.jobs.create_or_update(job).name or ""

    def get(self, name: str) -> JobRecord:
        return jobs.get(self.database, name)

    def unfinished(self) -> list[JobRecord]:
        return jobs.unfinished(self.database)

    def until_status(self, name: str, *wanted: str) -> JobRecord:
        until(lambda: self.get(name).status in wanted, lambda: self.ml.facts.story(name))
        return self.get(name)

    def until_finished(self, name: str) -> JobRecord:
        return self.until_status(name, *FINISHED)

    def lines(self, name: str) -> list[str]:
        path = self.scratch / name
        return path.read_text().splitlines() if path.exists() else []

    def until_all_finished(self) -> None:
        """As a user who waits: a supervisor is started whenever there is none."""

        def is_done() -> bool:
            lifecycle.ensure(self.folder)
            return not self.unfinished()

        until(is_done, lambda: [self.ml.facts.story(job.name) for job in self.unfinished()][:3])

    def end_all(self) -> None:
        for job in self.unfinished():
            self.ml.jobs.begin_cancel(job.name)
        self.until_all_finished()

    def ensure_supervisor(self) -> None:
        """Start one as a user's next call would, and see it live."""
        lifecycle.ensure(self.folder)
        until(lambda: lifecycle.pid(self.folder), lambda: self.folder.supervisor_log.read_text()[-2000:])

    # ── attacks ──

    def kill_supervisor(self) -> bool:
        """Kill -9; False when there was none."""
        number = lifecycle.pid(self.folder)
        if number is None:
            return False
        with suppress(psutil.NoSuchProcess):
            psutil.Process(number).kill()
        until(lambda: lifecycle.pid(self.folder) != number)
        return True

    def runners(self) -> list[psutil.Process]:
        """The runners of attempts that have no outcome yet."""
        found: list[psutil.Process] = []
        for path in self.folder.jobs.glob("*/*/begun"):
            folder = AttemptFolder(path.parent)
            begun = claim.read_begun(folder)
            if begun and begun.pid and begun.is_alive and not folder.outcome.exists():
                with suppress(psutil.NoSuchProcess):
                    found.append(psutil.Process(begun.pid))
        return found

    def pull_the_plug(self) -> int:
        """Stop every process of the workspace where it stands, then kill them all: nobody saw another die."""
        stopped: list[psutil.Process] = []
        while new := [one for one in processes_of(self.home) if one not in stopped]:
            for one in new:
                with suppress(psutil.NoSuchProcess):
                    one.suspend()
            stopped += new
        kill(stopped)
        until(lambda: not any(map(is_alive, stopped)))
        return len(stopped)

    def until_something_happens(self, rng: random.Random, at_most: int) -> None:
        """Let up to so many facts be written: the next blow falls in the midst of things."""
        last = facts.since(self.database, facts.cursor(self.database, "supervisor"))
        seen = last[-1].seq if last else Seq(0)
        wanted = rng.randint(0, at_most)
        until(lambda: len(facts.since(self.database, seen)) >= wanted or not self.unfinished())


@pytest.fixture
def site(ml_client: MLClient, home: Path) -> Iterator[Site]:
    site = Site(ml_client, home)
    yield site
    site.end_all()

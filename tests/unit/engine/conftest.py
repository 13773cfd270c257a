"""A supervisor driven by hand: a turn when the test says so, a real store, real processes, no supervisor process."""

import select
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

from jupyter_aml import MLClient, command
from jupyter_aml.engine.executors.subprocess import SubprocessExecutor
from jupyter_aml.engine.supervisor import Supervisor
from jupyter_aml.entities.job_folder import AttemptFolder, attempt_folder
from jupyter_aml.entities.job_record import JobRecord
from jupyter_aml.operations import jobs as wishes
from jupyter_aml.store import facts, jobs

LIMIT = 120.0


def kill(process: psutil.Process) -> None:
    """The runner and all below it at once, as an out-of-memory killer might."""
    tree = [process, *process.children(recursive=True)]
    for one in tree:
        with suppress(psutil.NoSuchProcess):  # it ended by itself meanwhile
            one.kill()


class Bench:
    """A workspace, and whoever supervises it just now."""

    def __init__(self, ml_client: MLClient, scratch: Path) -> None:
        self.ml, self.scratch = ml_client, scratch
        self.workspace = ml_client.workspace
        self.now: float | None = None
        self.executors: list[SubprocessExecutor] = []
        self.supervisor = self.begin()

    # ── supervisors come and go ──

    def begin(self, executor: SubprocessExecutor | None = None) -> Supervisor:
        """The next supervisor; what the one before had in mind is forgotten."""
        self.executors.append(executor or SubprocessExecutor())
        self.supervisor = Supervisor(self.workspace.folder, self.executors[-1], self.clock)
        return self.supervisor

    def clock(self) -> float:
        return time.time() if self.now is None else self.now

    def turn(self) -> None:
        self.supervisor.turn()
        select.select(self.supervisor.executor.filenos(), [], [], 0.005)

    def until(self, is_so: Callable[[], object]) -> None:
        deadline = time.monotonic() + LIMIT
        while not is_so():
            assert time.monotonic() < deadline, [fact for job in self.all() for fact in self.story(job.name)]
            self.turn()

    def close(self) -> None:
        for job in self.all():
            if not job.is_finished:
                self.supervisor.executor.stop(self.attempt(job.name, job.attempt or 1), "the test is over")
                self.until(lambda name=job.name: self.get(name).is_finished)
        for executor in self.executors:
            executor.close()
            executor.reap()
        self.supervisor.database.close()

    # ── wishes ──

    def submit(self, line: str, *, max_attempts: int = 1, **fields: Any) -> str:
        """Wish a job: nobody is told. Its lines may name the scratch folder as $SCRATCH."""
        record = wishes.submit(
            self.workspace, command(command=line, environment_variables={"SCRATCH": str(self.scratch)}, **fields)
        )
        self.sql("UPDATE jobs SET max_attempts = ? WHERE name = ?", max_attempts, record.name)
        return record.name

    def cancel(self, name: str) -> None:
        wishes.cancel(self.workspace, name)

    def sql(self, statement: str, *values: object) -> None:
        self.workspace.database.connection.execute(statement, values)

    # ── what there is to see ──

    def get(self, name: str) -> JobRecord:
        return jobs.get(self.workspace.database, name)

    def all(self) -> list[JobRecord]:
        return list(jobs.select(self.workspace.database, jobs.Filter()))

    def story(self, name: str) -> list[facts.Fact]:
        return facts.story(self.workspace.database, name)

    def statuses(self, name: str) -> list[str]:
        return [str(fact.body["status"]) for fact in self.story(name) if fact.kind == "job.status"]

    def attempt(self, name: str, number: int = 1) -> AttemptFolder:
        return attempt_folder(self.workspace.folder.jobs, name, number)

    def runner(self, name: str, number: int = 1) -> psutil.Process:
        return psutil.Process(int(self.attempt(name, number).begun.read_text().split()[0]))

    def mlflow_status(self, name: str) -> str | None:
        with sqlite3.connect(self.workspace.folder.tracking_database) as database:
            row = database.execute("SELECT status FROM runs WHERE run_uuid = ?", (name,)).fetchone()
        database.close()
        return row[0] if row else None

    def lines(self, name: str) -> list[str]:
        path = self.scratch / name
        return path.read_text().splitlines() if path.exists() else []

    # ── shorthands ──

    def until_status(self, name: str, status: str) -> None:
        self.until(lambda: self.get(name).status == status)

    def until_finished(self, name: str) -> JobRecord:
        self.until(lambda: self.get(name).is_finished)
        return self.get(name)

    def run(self, line: str, **fields: Any) -> JobRecord:
        return self.until_finished(self.submit(line, **fields))

    def running(self, line: str, **fields: Any) -> str:
        """A job whose user process runs and which the supervisor has seen running."""
        name = self.submit(line, **fields)
        self.until_status(name, "Running")
        return name


@pytest.fixture
def bench(ml_client: MLClient, home: Path) -> Iterator[Bench]:
    scratch = home.parent / "scratch"
    scratch.mkdir()
    bench = Bench(ml_client, scratch)
    yield bench
    bench.close()

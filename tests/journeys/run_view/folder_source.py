"""A small source of our own: a run in a folder, its state in SQLite, its log a file. Any process may use it."""

import sqlite3
from collections.abc import Hashable
from dataclasses import dataclass
from pathlib import Path

from jupyter_aml.entities.metric import MetricPoint, MetricSeries
from jupyter_aml.entities.names import JobName
from jupyter_aml.entities.run_details import LogTail, RunIdentity, RunTabs, RunTimes
from jupyter_aml.entities.status import JobStatus
from jupyter_aml.exceptions import ResourceNotFoundError

SCHEMA = """
PRAGMA journal_mode = WAL;
CREATE TABLE run (name TEXT PRIMARY KEY, status TEXT, created REAL, started REAL, ended REAL);
CREATE TABLE metric (run TEXT, step INTEGER, value REAL);
"""


@dataclass(frozen=True)
class FolderRuns:
    """Runs below `root`; each call opens its own connection, so any thread may ask."""

    root: Path

    def details(self, name: JobName, /) -> RunTabs:
        with self._open() as database:
            run = database.execute("SELECT status, created, started, ended FROM run WHERE name = ?", [name]).fetchone()
            points = database.execute("SELECT step, value FROM metric WHERE run = ? ORDER BY step", [name]).fetchall()
        database.close()
        if run is None:
            raise ResourceNotFoundError(f"There is no run '{name}'.")
        text = self.log.read_text() if self.log.exists() else ""
        loss = MetricSeries("loss", tuple(MetricPoint(step, 1_000 * step, value) for step, value in points))
        return RunTabs(
            RunIdentity(name, JobStatus(run[0]), "journeys"),
            RunTimes(*run[1:]),
            metrics=(loss,) if points else (),
            log=LogTail("user_logs/std_log.txt", text, len(text)),
        )

    def version(self, name: JobName, /) -> Hashable:
        with self._open() as database:
            changes = database.execute("SELECT count(*), (SELECT group_concat(status) FROM run) FROM metric").fetchone()
        database.close()
        return tuple(changes)

    def begin(self, name: str) -> None:
        with self._open() as database:
            database.executescript(SCHEMA)
            database.execute("INSERT INTO run VALUES (?, 'Running', 1790000000, 1790000001, NULL)", [name])
        database.close()

    def log_metric(self, name: str, step: int, value: float) -> None:
        with self._open() as database:
            database.execute("INSERT INTO metric VALUES (?, ?, ?)", [name, step, value])
        database.close()

    def end(self, name: str, status: str = "Completed") -> None:
        with self._open() as database:
            database.execute("UPDATE run SET status = ?, ended = 1790000013 WHERE name = ?", [status, name])
        database.close()

    @property
    def log(self) -> Path:
        return self.root / "log.txt"

    @property
    def database(self) -> Path:
        return self.root / "runs.db"

    def _open(self) -> sqlite3.Connection:
        if not self.root.is_dir():
            raise NotADirectoryError(f"{self.root} is away")
        return sqlite3.connect(self.database, timeout=10)


@dataclass(frozen=True)
class FolderClient:
    """What RunDetails asks for: a thing with jobs."""

    jobs: FolderRuns

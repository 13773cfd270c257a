"""One file, many threads and processes: what is written is whole, and is there."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from jupyter_aml.exceptions import StoreError
from jupyter_aml.store import facts, migrations
from jupyter_aml.store.database import Database
from jupyter_aml.store.facts import Seq

WRITER = """
import sys
from jupyter_aml.entities.job_record import JobRecord
from jupyter_aml.entities.names import ComputeName, JobName
from jupyter_aml.entities.status import JobStatus
from jupyter_aml.store import facts, jobs
from jupyter_aml.store.database import Database
from pathlib import Path

database = Database(Path(sys.argv[1]))
for number in range(1_000_000):
    name = JobName(f"{sys.argv[2]}-{number}")
    with database.transaction() as connection:
        record = JobRecord(name, "command", JobStatus.NOT_STARTED, "e", "d", ComputeName("c"), {}, 0.0)
        jobs.insert(connection, record, "{}")
        facts.append(connection, at=0.0, kind="job.wished", subject=name)
        facts.append(connection, at=0.0, kind="job.described", subject=name)
    print(number, flush=True)
"""
FIRST_USE = """
import sys, time
from pathlib import Path
from jupyter_aml.store.database import Database

while not Path(sys.argv[2]).exists():
    pass
Database(Path(sys.argv[1])).close()
"""


def test_a_new_file_has_the_newest_schema_and_is_closed_to_others(root: Path, database: Database) -> None:
    assert database.connection.execute("PRAGMA user_version").fetchone()[0] == len(migrations.STEPS)
    assert database.connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    assert (root / "workspace.db").stat().st_mode & 0o077 == 0


def test_a_reopened_file_keeps_its_rows(root: Path, database: Database) -> None:
    with database.transaction() as connection:
        facts.append(connection, at=1.0, kind="x", subject="s")
    database.close()
    again = Database(root / "workspace.db")
    assert [fact.kind for fact in facts.since(again, Seq(0))] == ["x"]
    again.close()


def test_an_old_file_is_brought_forward_once(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Database(root / "old.db").close()

    def version_2(connection: sqlite3.Connection) -> None:
        connection.execute("CREATE TABLE added (x)")

    monkeypatch.setattr(migrations, "STEPS", (*migrations.STEPS, version_2))
    for _ in range(2):
        newer = Database(root / "old.db")
        assert newer.connection.execute("SELECT count(*) FROM added").fetchone()[0] == 0
        newer.close()


def test_a_step_that_fails_leaves_the_old_version_whole(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Database(root / "old.db").close()

    def version_2(connection: sqlite3.Connection) -> None:
        connection.execute("CREATE TABLE added (x)")
        connection.execute("SELECT nonsense")

    with monkeypatch.context() as patched:
        patched.setattr(migrations, "STEPS", (*migrations.STEPS, version_2))
        with pytest.raises(StoreError, match="nonsense"):
            Database(root / "old.db")
    same = Database(root / "old.db")
    assert same.connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'added'").fetchone()[0] == 0
    same.close()


def test_a_newer_file_is_refused_and_says_what_to_do(root: Path, database: Database) -> None:
    database.connection.execute(f"PRAGMA user_version={len(migrations.STEPS) + 1}")
    with pytest.raises(StoreError, match="newer jupyter_aml") as caught:
        Database(root / "workspace.db")
    assert "pip install --upgrade" in str(caught.value)


def test_a_file_that_is_no_database_is_named(root: Path) -> None:
    (root / "workspace.db").write_text("not a database, and long enough to be looked at twice " * 30)
    with pytest.raises(StoreError, match=r"workspace\.db"):
        Database(root / "workspace.db")


def test_processes_that_meet_a_new_file_at_once_all_succeed(root: Path) -> None:
    for attempt in range(3):
        path, gate = root / f"{attempt}.db", root / f"gate{attempt}"
        command = [sys.executable, "-c", FIRST_USE, str(path), str(gate)]
        starters = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(4)]
        gate.touch()
        said = [starter.communicate(timeout=120)[1].decode() for starter in starters]
        assert [starter.returncode for starter in starters] == [0] * 4, said


def test_a_transaction_that_raises_leaves_nothing(database: Database) -> None:
    def half_done() -> None:
        with database.transaction() as connection:
            facts.append(connection, at=1.0, kind="x", subject="s")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        half_done()
    assert facts.since(database, Seq(0)) == []
    with database.transaction() as connection:
        facts.append(connection, at=1.0, kind="y", subject="s")
    assert [fact.kind for fact in facts.since(database, Seq(0))] == ["y"]


def test_a_commit_that_is_refused_does_not_block_the_next_transaction(database: Database) -> None:
    database.connection.execute("CREATE TABLE parent (id INTEGER PRIMARY KEY)")
    database.connection.execute("CREATE TABLE child (id REFERENCES parent DEFERRABLE INITIALLY DEFERRED)")
    database.connection.execute("PRAGMA foreign_keys = ON")

    def orphan() -> None:
        with database.transaction() as connection:
            connection.execute("INSERT INTO child VALUES (7)")

    with pytest.raises(sqlite3.IntegrityError):
        orphan()
    with database.transaction() as connection:
        assert connection.execute("SELECT count(*) FROM child").fetchone()[0] == 0


def test_a_killed_writer_leaves_every_transaction_whole_or_absent(root: Path) -> None:
    path = root / "workspace.db"
    Database(path).close()
    for round_ in range(6):
        writers = [
            subprocess.Popen(
                [sys.executable, "-c", WRITER, str(path), f"w{round_}-{which}"], stdout=subprocess.PIPE, text=True
            )
            for which in range(2)
        ]
        told = [int(_line(writer, 1 + 7 * round_)) for writer in writers]
        for writer in writers:
            writer.kill()
            rest = writer.communicate()[0].split()
            told[writers.index(writer)] = max([told[writers.index(writer)], *map(int, rest[:-1] if rest else [])])
        database = Database(path)
        for which, last in enumerate(told):
            names = _names(database, f"w{round_}-{which}-%")
            assert len(names) > last, "a commit that was told of is lost"
        _assert_whole(database)
        database.close()


def _line(writer: "subprocess.Popen[str]", number: int) -> str:
    assert writer.stdout
    text = ""
    for _ in range(number):
        text = writer.stdout.readline()
    return text


def _names(database: Database, like: str) -> list[str]:
    rows = database.connection.execute("SELECT name FROM jobs WHERE name LIKE :like", {"like": like})
    return [row["name"] for row in rows]


def _assert_whole(database: Database) -> None:
    jobs, wished, described = database.connection.execute(
        "SELECT (SELECT count(*) FROM jobs), (SELECT count(*) FROM facts WHERE kind = 'job.wished'),"
        " (SELECT count(*) FROM facts WHERE kind = 'job.described')"
    ).fetchone()
    assert jobs == wished == described
    assert database.connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"


def test_every_thread_has_a_connection_of_its_own(database: Database) -> None:
    seen: list[sqlite3.Connection] = []

    def look() -> None:
        seen.append(database.connection)
        with database.transaction() as connection:
            facts.append(connection, at=0.0, kind="x", subject="s")
        database.close()

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(connection) for connection in [*seen, database.connection]}) == 5
    assert [fact.seq for fact in facts.since(database, Seq(0))] == [1, 2, 3, 4]


def test_a_forked_child_writes_through_a_connection_of_its_own(database: Database) -> None:
    before = database.connection
    child = os.fork()
    if child == 0:
        try:
            own = database.connection is not before
            with database.transaction() as connection:
                facts.append(connection, at=0.0, kind="child", subject=str(own))
        finally:
            os._exit(0)
    assert _ended(child) == 0
    assert database.connection is before
    with database.transaction() as connection:
        facts.append(connection, at=0.0, kind="parent", subject="s")
    assert [(fact.kind, fact.subject) for fact in facts.since(database, Seq(0))] == [("child", "True"), ("parent", "s")]


def _ended(child: int) -> int:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.01)
    os.kill(child, signal.SIGKILL)
    raise AssertionError("the child hangs")


def test_the_version_tells_of_other_connections_only(root: Path, database: Database) -> None:
    start = database.version
    with database.transaction() as connection:
        facts.append(connection, at=0.0, kind="own", subject="s")
    assert database.version == start
    other = Database(root / "workspace.db")
    with other.transaction() as connection:
        facts.append(connection, at=0.0, kind="other", subject="s")
    other.close()
    assert database.version != start

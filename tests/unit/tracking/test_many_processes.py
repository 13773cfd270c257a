"""Many processes, each in a process group of its own, on one tracking database: nobody fails and nothing is lost."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.unit.tracking.conftest import AWKWARD, run_script


@pytest.fixture(scope="session")
def shared(session_folder: Path) -> Path:
    return session_folder / AWKWARD / "shared" / "mlflow.db"


@pytest.fixture(scope="session")
def said(session_folder: Path, shared: Path) -> Any:
    return run_script("many_processes.py", str(shared), str(session_folder), folder=session_folder)


@pytest.fixture
def connection(shared: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(shared)) as opened:
        yield opened


def test_four_first_users_at_once_all_succeed(said: Any, connection: sqlite3.Connection) -> None:
    assert said["first users"] == [0, 0, 0, 0]
    names = connection.execute("SELECT name FROM experiments ORDER BY name").fetchall()
    assert names == [("Default",), ("own 0",), ("own 2",), ("shared",)]
    found = connection.execute(
        "SELECT r.name, r.status, m.value, p.value FROM runs r JOIN latest_metrics m USING (run_uuid) "
        "JOIN params p USING (run_uuid) WHERE p.key = 'p' ORDER BY r.name"
    ).fetchall()
    assert found == [(str(number), "FINISHED", float(number), str(number)) for number in range(4)]


def test_no_point_is_lost_when_a_process_is_killed_after_the_call_returned(said: Any) -> None:
    for writer in said["killed"]:
        # The kill may have come between a commit and its claim: one more may be kept, none less.
        assert 0 <= writer["kept"] - writer["claimed"] <= 1
    assert [writer["claimed"] > 0 for writer in said["killed"]] == [True] * 6


def test_the_points_of_a_killed_process_are_its_first_ones_without_a_gap(
    said: Any, connection: sqlite3.Connection
) -> None:
    for writer in said["killed"]:
        rows = connection.execute("SELECT step FROM metrics WHERE run_uuid = ? ORDER BY step", (writer["run"],))
        assert [step for (step,) in rows] == list(range(writer["kept"]))


def test_the_database_is_whole_after_the_kills(said: Any, connection: sqlite3.Connection) -> None:
    assert said["killed"]
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)

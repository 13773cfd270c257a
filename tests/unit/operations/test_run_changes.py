"""What is new about a run: all of it, once, whoever writes it and however."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from jupyter_aml.entities.environment_build import BUILD_LOG
from jupyter_aml.entities.job_record import JobRecord
from jupyter_aml.entities.names import ComputeName, JobName
from jupyter_aml.entities.run_changes import Changes, Cursor
from jupyter_aml.entities.status import JobStatus
from jupyter_aml.exceptions import AssetPathException, ResourceNotFoundError
from jupyter_aml.operations import run_changes
from jupyter_aml.operations.run_changes import changes, version
from jupyter_aml.operations.workspaces import Workspace
from jupyter_aml.store import jobs
from tests.unit.operations import stored_sweeps

NAME = JobName("calm_owl")
STD = "user_logs/std_log.txt"
LIMIT = 400.0  # MLflow's import alone takes long on a busy machine


@pytest.fixture
def workspace(workspace: Workspace) -> Workspace:
    """A workspace in which `calm_owl` runs."""
    job = JobRecord(NAME, "command", JobStatus.NOT_STARTED, "e", "owl", ComputeName("local"), {"command": "echo"}, 1e9)
    workspace.runs.create(NAME, "e", display_name="owl", artifact_uri="file:///x", tags={}, start_ms=0)
    with workspace.database.transaction() as connection:
        jobs.insert(connection, job, "{}")
        jobs.set_status(connection, NAME, JobStatus.RUNNING, started_at=1e9)
    return workspace


@pytest.fixture
def write(workspace: Workspace) -> Callable[..., Path]:
    """Append to a log of the run, as its process would."""

    def written(content: bytes, name: str = STD) -> Path:
        path = workspace.folder.artifacts(NAME) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab") as file:
            file.write(content)
        return path

    return written


def end(workspace: Workspace) -> None:
    with workspace.database.transaction() as connection:
        jobs.set_status(connection, NAME, JobStatus.COMPLETED, ended_at=1e9 + 1)


def seen(workspace: Workspace, cursor: Cursor = Cursor()) -> Cursor:  # noqa: B008 - frozen
    return changes(workspace, NAME, cursor).cursor


def until_final(workspace: Workspace) -> Iterator[Changes]:
    """Every answer until the run is over, as a carrier asks for them."""
    cursor, until = Cursor(), time.monotonic() + LIMIT
    while time.monotonic() < until:
        answer = changes(workspace, NAME, cursor)
        cursor = Cursor.of_json(answer.cursor.to_json())
        yield answer
        if answer.is_final:
            return
        if answer.is_empty:
            time.sleep(0.01)  # the writers need the processor more
    pytest.fail(f"the run never ended: {cursor}")


def run_python(script: str, *arguments: object, **environment: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, "-c", script, *map(str, arguments)], env={**os.environ, **environment})


# ── details ──


def test_the_first_answer_has_everything_but_points_and_text(workspace: Workspace, write: Callable[..., Path]) -> None:
    write(b"hello\n")
    workspace.runs.set_tags(NAME, {"a": "b"})
    answer = changes(workspace, NAME, Cursor())
    assert answer.details
    assert (answer.details.identity.name, answer.details.metrics) == (NAME, ())
    assert answer.details.log
    assert (answer.details.log.name, answer.details.log.text) == (STD, "")
    assert not answer.is_final


def test_what_is_known_is_not_told_again(workspace: Workspace, write: Callable[..., Path]) -> None:
    write(b"hello\n")
    assert changes(workspace, NAME, seen(workspace)).is_empty


def test_a_log_that_grows_tells_no_details_again(workspace: Workspace, write: Callable[..., Path]) -> None:
    write(b"hello\n")
    cursor = seen(workspace)
    write(b"more\n")
    answer = changes(workspace, NAME, cursor)
    assert answer.details is None
    assert answer.log
    assert answer.log.text == "more\n"


def test_a_new_file_or_status_tells_them_again(workspace: Workspace, write: Callable[..., Path]) -> None:
    cursor = seen(workspace)
    write(b"x", "outputs/model.bin")
    answer = changes(workspace, NAME, cursor)
    assert answer.details
    assert [file.name for file in answer.details.files] == ["outputs/model.bin"]
    end(workspace)
    answer = changes(workspace, NAME, answer.cursor)
    assert answer.details
    assert (answer.details.identity.status, answer.is_final) == (JobStatus.COMPLETED, True)


def test_no_run_has_no_news(workspace: Workspace) -> None:
    with pytest.raises(ResourceNotFoundError):
        changes(workspace, "nobody", Cursor())


def test_a_large_sweep_is_told_once(workspace: Workspace) -> None:
    stored_sweeps.many(workspace, 200, points=3)
    first = changes(workspace, stored_sweeps.NAME, Cursor())
    assert first.details
    assert first.details.sweep
    assert len(first.details.sweep.trials) == 200
    assert changes(workspace, stored_sweeps.NAME, first.cursor).is_empty


# ── logs ──


@pytest.mark.parametrize("name", [STD, "user_logs/std_log_process_0.txt", BUILD_LOG])
def test_a_log_is_told_in_pieces_that_follow_each_other(
    workspace: Workspace, write: Callable[..., Path], name: str
) -> None:
    cursor, text, line = Cursor(), "", 0
    for content in ("one\ntw", "o\n", "three\nfour\n", "fi"):
        write(content.encode(), name)
        piece = changes(workspace, NAME, cursor).log
        cursor = seen(workspace, cursor)
        assert piece
        assert (piece.name, piece.start, piece.first_line) == (name, len(text), line)
        assert piece.is_new == (not text)
        text, line = text + piece.text, line + content.count("\n")
    assert text == "one\ntwo\nthree\nfour\nfi"


def test_an_unfinished_character_waits_for_its_rest(workspace: Workspace, write: Callable[..., Path]) -> None:
    write("é".encode()[:1])
    first = changes(workspace, NAME, Cursor())
    assert first.log
    assert (first.log.text, first.cursor.log_at) == ("", 0)
    assert changes(workspace, NAME, first.cursor).log is None
    write("é".encode()[1:])
    second = changes(workspace, NAME, first.cursor)
    assert second.log
    assert second.log.text == "é"


def test_at_its_end_an_unfinished_character_is_told_too(workspace: Workspace, write: Callable[..., Path]) -> None:
    write(b"x\xc3")
    cursor = seen(workspace)
    end(workspace)
    answer = changes(workspace, NAME, cursor)
    assert answer.log
    assert (answer.log.text, answer.is_final) == ("\N{REPLACEMENT CHARACTER}", True)


def test_of_too_much_only_the_end_comes_and_it_begins_with_a_line(
    workspace: Workspace, write: Callable[..., Path]
) -> None:
    write(b"".join(b"line %07d\n" % number for number in range(100_000)))
    answer = changes(workspace, NAME, Cursor())
    assert answer.log
    assert len(answer.log.text) <= run_changes.MOST_LOG
    assert answer.log.text.startswith(f"line {answer.log.first_line:07}\n")
    assert answer.log.text.endswith("line 0099999\n")
    assert (answer.log.start, answer.log.size) == (answer.log.first_line * 13, 1_300_000)
    assert changes(workspace, NAME, answer.cursor).is_empty


def test_one_line_without_end_comes_by_its_end(workspace: Workspace, write: Callable[..., Path]) -> None:
    write("é".encode() * 300_000 + b"x")
    answer = changes(workspace, NAME, Cursor())
    assert answer.log
    assert "\N{REPLACEMENT CHARACTER}" not in answer.log.text
    assert (answer.log.text[-1], answer.log.first_line) == ("x", 0)


@pytest.mark.parametrize("again", ["short", "a text as long as before", "a much longer text than it was before"])
def test_a_log_that_was_cut_and_written_anew_is_told_from_its_beginning(
    workspace: Workspace, write: Callable[..., Path], again: str
) -> None:
    path = write(b"the text that was before")
    cursor = seen(workspace)
    path.write_text(again)
    answer = changes(workspace, NAME, cursor)
    assert answer.log
    assert (answer.log.text, answer.log.start, answer.log.is_new) == (again, 0, True)


def test_a_log_that_was_replaced_is_told_from_its_beginning(workspace: Workspace, write: Callable[..., Path]) -> None:
    path = write(b"before")
    cursor = seen(workspace)
    path.rename(path.with_name("old"))
    write(b"before, and more")
    answer = changes(workspace, NAME, cursor)
    assert answer.log
    assert (answer.log.text, answer.log.is_new) == ("before, and more", True)


def test_a_log_that_is_gone_is_no_news(workspace: Workspace, write: Callable[..., Path]) -> None:
    path = write(b"before")
    cursor = seen(workspace)
    path.unlink()
    answer = changes(workspace, NAME, cursor)
    assert (answer.log, answer.cursor.log_at) == (None, 6)


def test_the_rest_of_the_build_comes_before_the_jobs_own_log(workspace: Workspace, write: Callable[..., Path]) -> None:
    write(b"built", BUILD_LOG)
    cursor = seen(workspace)
    write(b" well\n", BUILD_LOG)
    write(b"hello\n")
    end(workspace)
    first = changes(workspace, NAME, cursor)
    second = changes(workspace, NAME, first.cursor)
    assert first.log
    assert second.log
    assert (first.log.name, first.log.text, first.is_final) == (BUILD_LOG, " well\n", False)
    assert (second.log.name, second.log.text, second.is_final) == (STD, "hello\n", True)


def test_whoever_wants_another_log_follows_that(workspace: Workspace, write: Callable[..., Path]) -> None:
    other = "user_logs/std_log_process_1.txt"
    write(b"first\n", "user_logs/std_log_process_0.txt")
    write(b"second\n", other)
    cursor = replace(seen(workspace), follow=other)
    answer = changes(workspace, NAME, cursor)
    assert answer.log
    assert (answer.log.name, answer.log.text, answer.log.is_new) == (other, "second\n", True)
    write(b"third\n", other)
    answer = changes(workspace, NAME, answer.cursor)
    assert answer.log
    assert answer.log.text == "third\n"


def test_nobody_follows_a_file_of_somebody_else(workspace: Workspace, write: Callable[..., Path]) -> None:
    write(b"x")
    with pytest.raises(AssetPathException):
        changes(workspace, NAME, Cursor(follow="../../../workspace.db"))
    with pytest.raises(AssetPathException):
        changes(workspace, NAME, Cursor(log="../../../workspace.db|1|2"))


# ── metrics ──


def insert(workspace: Workspace, key: str, *points: tuple[int, float], run: str = NAME) -> None:
    rows = [(key, value, step, run, step) for step, value in points]
    with workspace.runs._connections.writing() as connection:  # noqa: SLF001 - as MLflow would
        connection.executemany(
            "INSERT INTO metrics (key, value, timestamp, run_uuid, step, is_nan) VALUES (?, ?, ?, ?, ?, 0)", rows
        )


def test_only_metrics_with_new_points_are_told(workspace: Workspace) -> None:
    insert(workspace, "loss", (0, 2.0), (1, 1.0))
    insert(workspace, "rate", (0, 0.5))
    first = changes(workspace, NAME, Cursor())
    assert [(one.key, one.count, one.least, one.most, one.last) for one in first.series] == [
        ("loss", 2, 1.0, 2.0, 1.0), ("rate", 1, 0.5, 0.5, 0.5),
    ]  # fmt: skip
    insert(workspace, "other run's", (0, 1.0), run="else")
    insert(workspace, "rate", (1, 0.25))
    second = changes(workspace, NAME, first.cursor)
    assert [(one.key, one.count, one.last_step) for one in second.series] == [("rate", 2, 1)]
    assert changes(workspace, NAME, second.cursor).is_empty


def test_a_cursor_of_another_process_is_understood(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    insert(workspace, "loss", *((step, 1.0) for step in range(100)))
    cursor = seen(workspace)
    insert(workspace, "rate", (0, 0.5))
    monkeypatch.setattr(run_changes, "MOST_ROWS", 10)
    from jupyter_aml.operations import metric_columns

    monkeypatch.setattr(metric_columns, "_KEPT", metric_columns.Kept())
    answer = changes(workspace, NAME, cursor)
    assert [one.key for one in answer.series] == ["rate"]


def test_many_points_come_in_several_answers(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    insert(workspace, "loss", *((step, float(step)) for step in range(25)))
    end(workspace)
    monkeypatch.setattr(run_changes, "MOST_ROWS", 10)
    answers = list(until_final(workspace))
    assert [answer.series[0].count for answer in answers if answer.series] == [10, 20, 25]
    assert [answer.is_final for answer in answers] == [False, False, True]


def test_a_database_that_was_made_anew_is_told_from_its_beginning(workspace: Workspace) -> None:
    insert(workspace, "loss", (0, 2.0), (1, 1.0))
    cursor = seen(workspace)
    with workspace.runs._connections.writing() as connection:  # noqa: SLF001 - as `mlflow gc` would
        connection.execute("DELETE FROM metrics")
    insert(workspace, "rate", (0, 0.5))
    answer = changes(workspace, NAME, cursor)
    assert [(one.key, one.count) for one in answer.series] == [("rate", 1)]


# ── writers in other processes ──

AHEAD = 4000  # lines, which are fewer bytes than come at once
WRITER = """
import os, sys, time
path, lines, ahead, read, marks = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4], "é€😀"
with open(path, "ab", buffering=0) as log:
    for number in range(lines):
        while number % ahead == 0 and not os.path.exists(f"{read}/{number}"):
            time.sleep(0.001)  # a slow reader is not outrun: of too much only the end comes
        line = f"{number} {marks * (number % 7)}\\n".encode()
        log.write(line[:len(line) // 2])
        log.write(line[len(line) // 2:])
"""
LOGGER = """
import sys
from mlflow import MlflowClient
client = MlflowClient(sys.argv[1])
for step in range(int(sys.argv[3])):
    client.log_metric(sys.argv[2], "loss", step / 2, step=step)
    client.log_metric(sys.argv[2], sys.argv[4], step, step=step)
"""


def test_no_byte_of_a_writer_is_missed(workspace: Workspace, write: Callable[..., Path], tmp_path: Path) -> None:
    lines = 20_000
    writer = run_python(WRITER, write(b""), lines, AHEAD, tmp_path)
    threading.Thread(target=lambda: (writer.wait(LIMIT), end(workspace), workspace.database.close())).start()
    text, at = "", 0
    for answer in until_final(workspace):
        if answer.log:
            assert answer.log.start == at
            text += answer.log.text
            at = answer.cursor.log_at
        (tmp_path / str(text.count("\n") // AHEAD * AHEAD)).touch()
    assert writer.returncode == 0
    assert text == "".join(f"{number} {'é€😀' * (number % 7)}\n" for number in range(lines))


def test_no_metric_of_a_client_of_mlflow_is_missed(workspace: Workspace) -> None:
    steps, known = 20, dict[str, Any]()
    writer = run_python(LOGGER, workspace.tracking_uri, NAME, steps, "rate", MLFLOW_DISABLE_TELEMETRY="true")
    threading.Thread(target=lambda: (writer.wait(LIMIT), end(workspace), workspace.database.close())).start()
    for answer in until_final(workspace):
        known |= {one.key: one for one in answer.series}
    assert writer.returncode == 0
    assert {key: one.count for key, one in known.items()} == {"loss": steps, "rate": steps}
    assert (known["loss"].most, known["rate"].last_step) == ((steps - 1) / 2, steps - 1)


# ── version ──


def test_the_version_changes_with_whatever_another_process_writes(
    workspace: Workspace, write: Callable[..., Path]
) -> None:
    other = Workspace(workspace.id, workspace.folder)
    acts: list[Callable[[], object]] = [
        lambda: write(b"x", "user_logs/std_log_process_3.txt"),
        lambda: write(b"y", "user_logs/std_log_process_3.txt"),
        lambda: insert(other, "loss", (0, 1.0)),
        lambda: write(b"x", "outputs/new.bin"),
        lambda: end(other),
    ]
    for act in acts:
        before = version(workspace, NAME)
        assert version(workspace, NAME) == before
        act()
        assert version(workspace, NAME) != before
    other.database.close()
    other.runs.close()


def test_every_thread_sees_the_same_version(workspace: Workspace) -> None:
    found = [version(workspace, NAME)]
    thread = threading.Thread(target=lambda: found.append(version(workspace, NAME)))
    thread.start()
    thread.join()
    assert found[0] == found[1]

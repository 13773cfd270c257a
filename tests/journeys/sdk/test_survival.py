"""What a person may do to a workspace: poll it, submit from inside a job, be first with MLflow, lock it."""

import os
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from jupyter_aml import MLClient, command
from jupyter_aml.engine import lifecycle
from jupyter_aml.entities.workspace import WorkspaceFolder
from jupyter_aml.exceptions import StoreError
from jupyter_aml.store.database import Database

LIMIT = 120.0


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + LIMIT
    while not true():
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(0.02)


def test_a_loop_that_asks_for_the_status_sees_the_end_though_the_supervisor_was_killed(ml_client: MLClient) -> None:
    running = ml_client.jobs.create_or_update(command(command="while [ ! -e outputs/go ]; do sleep 0.05; done"))
    until(lambda: ml_client.jobs.get(str(running.name)).status == "Running")
    number = lifecycle.pid(ml_client.workspace.folder)
    assert number
    os.kill(number, signal.SIGKILL)
    (ml_client.workspace.folder.artifacts(str(running.name)) / "outputs" / "go").touch()
    until(lambda: ml_client.jobs.get(str(running.name)).status == "Completed")


def test_a_job_submitted_by_a_job_outlives_it(ml_client: MLClient, home: Path, tmp_path: Path) -> None:
    code = tmp_path / "code"
    code.mkdir()
    (code / "outer.py").write_text(
        "from jupyter_aml import MLClient, command\n"
        "from jupyter_aml.entities.workspace import WorkspaceId\n"
        "print('in', MLClient.default().workspace_name)\n"
        "MLClient.of(WorkspaceId('s', 'g', 'other')).jobs.create_or_update(command(command='sleep 1', name='inner'))\n"
    )
    there = MLClient("c", "s", "g", "here")
    outer = there.jobs.create_or_update(command(command="python outer.py", code=str(code)))
    assert there.jobs.wait(str(outer.name), LIMIT).status == "Completed"
    log = there.workspace.folder.artifacts(str(outer.name)) / "user_logs" / "std_log.txt"
    assert log.read_text() == "in here\n"
    inner = MLClient("c", "s", "g", "other").jobs.wait("inner", LIMIT)
    assert (inner.status, inner.error) == ("Completed", "")


def test_a_job_finds_the_person_s_environment_and_not_the_kernel_s(
    ml_client: MLClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("A_KEY_OF_THE_KERNEL", "secret")
    monkeypatch.setenv("LC_TIME", "C.UTF-8")
    job = ml_client.jobs.create_or_update(command(command="env", environment_variables={"MINE": "yes"}))
    ml_client.jobs.wait(str(job.name), LIMIT)
    log = ml_client.workspace.folder.artifacts(str(job.name)) / "user_logs" / "std_log.txt"
    seen = log.read_text().splitlines()
    assert {"MINE=yes", "LC_TIME=C.UTF-8"} <= set(seen)
    assert not [line for line in seen if "secret" in line]


def test_nobody_else_may_look_into_a_workspace_whoever_was_first(home: Path) -> None:
    ml_client = MLClient.default()
    code = "import mlflow; mlflow.log_text('x', 'x.txt'); print(mlflow.active_run().info.artifact_uri)"
    env = {**os.environ, "MLFLOW_TRACKING_URI": ml_client.workspace.tracking_uri, "MLFLOW_DISABLE_TELEMETRY": "true"}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True, cwd=home)
    root = ml_client.workspace.folder.root
    assert stat.S_IMODE(root.stat().st_mode) == 0o700
    assert "workspaceartifactstore" in done.stdout


def test_a_locked_database_is_said_in_plain_words(tmp_path: Path) -> None:
    path = WorkspaceFolder(tmp_path / "w").database
    database = Database(path)
    database.connection.execute("PRAGMA busy_timeout=10")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="locked"), database.transaction():
            pass
    database.close()

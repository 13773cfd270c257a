"""A job whose MLflow is not ours logs over HTTP to the same run; the server comes when needed, and leaves."""

import http.client
import os
import signal
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from jupyter_aml.entities.environment_build import EnvironmentPlan
from jupyter_aml.entities.tracking_server import Listening, TrackingServerFiles, read_listening
from jupyter_aml.entities.workspace import WorkspaceFolder
from jupyter_aml.tracking import schema
from jupyter_aml.tracking.runs import Runs
from tests.contracts.executors.yard import Attempt, Yard, wait_for
from tests.unit.environments.conftest import lent_plan

WAIT = """
import os, time
print("logged", flush=True)
while not os.path.exists(os.environ["GATE"]):
    time.sleep(0.01)
"""
ASK = """
import http.client, os
uri, token = os.environ["MLFLOW_TRACKING_URI"], os.environ["MLFLOW_TRACKING_TOKEN"]
connection = http.client.HTTPConnection(uri.removeprefix("http://"))
connection.request("GET", "/health", headers={"Authorization": f"Bearer {token}"})
assert connection.getresponse().read() == b"OK"
"""
LOG = """
import os, mlflow
assert os.environ["MLFLOW_TRACKING_URI"].startswith("http://127.0.0.1:"), os.environ["MLFLOW_TRACKING_URI"]
with mlflow.start_run():
    mlflow.log_metric("loss", 0.5, step=1)
    mlflow.log_metric("loss", 0.25, step=2)
    mlflow.log_param("who", os.environ["AZUREML_RUN_ID"])
    mlflow.log_text("noted", "note.txt")
"""


class Ground:
    """A yard with a tracking database, and an environment that asks for MLflow over HTTP."""

    def __init__(self, yard: Yard) -> None:
        self.yard, self.plan = yard, lent_plan(yard.root)
        self.folder = WorkspaceFolder(Path(self.plan.workspace))
        self.folder.root.mkdir()
        schema.ensure(self.folder.tracking_database, self.folder.artifact_root)
        self.runs = Runs(self.folder.tracking_database)
        self.files = TrackingServerFiles(self.folder.root)
        self.gate = yard.root / "gate"

    def start(self, script: str, command: str = "python log.py", **more: Any) -> Attempt:
        """A job that does that and then waits for the gate."""
        known: dict[str, Any] = {"environment": self.plan, "interpreter": self.plan.interpreter}
        attempt = self.yard.prepare(
            command, {"log.py": script + WAIT}, **{**known, **more},
            tracking_uri="jupyter-aml:///nowhere", environment_variables={"GATE": str(self.gate)},
        )  # fmt: skip
        place = Path(attempt.launch.artifacts).as_uri()
        self.runs.create(attempt.launch.job, "Default", display_name="shown", artifact_uri=place, tags={}, start_ms=1)
        self.yard.executor.launch(attempt.folder, attempt.launch)
        return attempt

    def wait_until_logged(self, attempt: Attempt) -> None:
        log = Path(attempt.launch.artifacts, "user_logs", "std_log.txt")
        wait_for(lambda: (self.yard.turn(), attempt.folder.outcome.exists() or (log.exists() and log.read_text()))[1])
        wait_for(lambda: (self.yard.turn(), attempt.folder.outcome.exists() or "logged" in log.read_text())[1])
        assert "logged" in log.read_text(), (log.read_text(), self.files.log.read_text())

    def listening(self) -> Listening:
        found = read_listening(self.files.state)
        assert found
        return found

    def assert_logged(self, attempt: Attempt) -> None:
        (loss,) = self.runs.metrics(attempt.launch.job)
        assert [(point.step, point.value) for point in loss.points] == [(1, 0.5), (2, 0.25)]
        assert self.runs.params(attempt.launch.job) == {"who": attempt.launch.job}
        assert (attempt.artifacts / "note.txt").read_text() == "noted"

    def servers(self) -> list[int]:
        table = subprocess.run(
            ["ps", "-A", "-ww", "-o", "pid=,args="], capture_output=True, text=True, check=True
        ).stdout
        lines = [line for line in table.splitlines() if "tracking.server" in line and str(self.yard.root) in line]
        return [int(line.split()[0]) for line in lines]


@pytest.fixture
def ground(yard: Yard) -> Ground:
    return Ground(yard)


def test_jobs_at_once_log_to_their_runs_through_one_server_that_leaves_after_them(ground: Ground) -> None:
    attempts = [ground.start(LOG), ground.start(ASK)]
    for attempt in attempts:
        ground.wait_until_logged(attempt)
    assert len(ground.servers()) == 1
    _assert_that_it_knows_its_own(ground, attempts)
    ground.gate.touch()
    for attempt in attempts:
        assert ground.yard.outcome(attempt).exit_code == 0
    ground.assert_logged(attempts[0])
    wait_for(lambda: not ground.servers())
    assert not ground.files.state.exists()
    ground.runs.close()


def test_a_job_that_installs_its_own_mlflow_in_place_of_ours_logs_so_too(ground: Ground) -> None:
    own = {"environment": EnvironmentPlan(), "interpreter": sys.executable}
    for command in ("pip install --help 'mlflow<2.19' -q > pip.txt && python log.py", "python log.py"):
        attempt = ground.start(
            LOG, command, **own, transfer=(sys.executable, "-m", "nothing.to.fetch", ground.plan.workspace)
        )
        if "pip" in command:
            ground.wait_until_logged(attempt)
            ground.gate.touch()
            assert ground.yard.outcome(attempt).exit_code == 0
            ground.assert_logged(attempt)
            ground.gate.unlink()
        else:
            assert "jupyter-aml:///nowhere" in ground.yard.outcome(attempt).error
    wait_for(lambda: not ground.servers())
    ground.runs.close()


def _assert_that_it_knows_its_own(ground: Ground, attempts: list[Attempt]) -> None:
    """Only who may read the workspace has the token, which is nowhere else; without it nothing is answered."""
    listening = ground.listening()
    assert stat.S_IMODE(ground.files.state.stat().st_mode) == 0o600
    assert listening.token not in repr(listening)
    for attempt in attempts:
        for file in (*attempt.folder.root.glob("*.json"), *attempt.artifacts.rglob("*.*")):
            assert listening.token not in file.read_text(errors="replace")
    for token in ("", "Bearer wrong"):
        with closing(http.client.HTTPConnection("127.0.0.1", listening.port, timeout=30)) as connection:
            connection.request("GET", "/health", headers={"Authorization": token})
            assert connection.getresponse().status == 401


def test_a_server_that_was_killed_is_replaced(ground: Ground) -> None:
    first = ground.start(ASK)
    ground.wait_until_logged(first)
    (old,) = ground.servers()
    os.kill(old, signal.SIGKILL)
    wait_for(lambda: (ground.yard.turn(), old not in ground.servers())[1])
    second = ground.start(ASK)
    ground.wait_until_logged(second)
    ground.gate.touch()
    for attempt in (first, second):
        assert ground.yard.outcome(attempt).exit_code == 0
    wait_for(lambda: not ground.servers())
    ground.runs.close()

"""`mlflow server` and `mlflow ui` open the workspace's database as what it is: a stock sqlite:/// store."""

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from jupyter_aml.tracking.runs import Runs
from tests.unit.tracking.conftest import add_run, bare_environment

PATIENCE_S = 300.0


@pytest.fixture
def server(db: Path, tmp_path: Path) -> Iterator[int]:
    words = ["-m", "mlflow", "server", "--host", "127.0.0.1", "--port", "0", "--workers", "1"]
    command = [sys.executable, *words, "--backend-store-uri", f"sqlite:///{db}"]
    environment = bare_environment(tmp_path, MLFLOW_SERVER_ENABLE_JOB_EXECUTION="false")
    with (tmp_path / "server.log").open("wb") as log:
        process = subprocess.Popen(
            command, stdout=log, stderr=log, env=environment, cwd=tmp_path, start_new_session=True
        )
    try:
        yield port_of(process, tmp_path / "server.log")
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(60)


def ask(port: int, verb: str, path: str, **body: object) -> Any:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    with closing(connection):
        connection.request(verb, path, json.dumps(body), {"Content-Type": "application/json"})
        answer = connection.getresponse()
        text = answer.read().decode()
    assert answer.status == 200, text
    return json.loads(text) if text.startswith("{") else text


def port_of(server: "subprocess.Popen[bytes]", log: Path) -> int:
    """The free one that it took, once it listens."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until and server.poll() is None:
        if found := re.search(r"running on http://127\.0\.0\.1:(\d+) ", log.read_text()):
            return int(found[1])
        time.sleep(0.1)
    raise TimeoutError(log.read_text())


def test_mlflow_server_shows_our_experiments_and_runs(server: int, runs: Runs) -> None:
    add_run(runs, "job_1")
    found = ask(server, "POST", "/api/2.0/mlflow/experiments/search", max_results=10)["experiments"]
    assert {experiment["name"] for experiment in found} == {"Default", "an experiment"}
    of_it = next(experiment["experiment_id"] for experiment in found if experiment["name"] == "an experiment")
    (run,) = ask(server, "POST", "/api/2.0/mlflow/runs/search", experiment_ids=[of_it])["runs"]
    assert (run["info"]["run_id"], run["info"]["status"]) == ("job_1", "SCHEDULED")

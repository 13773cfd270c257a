"""A tracking database in an awkward folder, and interpreters that use it. No claim is made here."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jupyter_aml.tracking.runs import Runs
from jupyter_aml.tracking.schema import ensure

AWKWARD = "a b 'c\" ;é"
SCRIPTS = Path(__file__).parent / "scripts"


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return new_database(tmp_path)


@pytest.fixture
def runs(db: Path) -> Iterator[Runs]:
    opened = Runs(db)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def session_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tracking")


def new_database(folder: Path) -> Path:
    db = folder / AWKWARD / "mlflow.db"
    ensure(db, db.parent / "arti facts")
    return db


def add_run(runs: Runs, run_id: str, **more: Any) -> bool:
    given: dict[str, Any] = {"display_name": "A run", "tags": {}, "start_ms": 1_000}
    return runs.create(run_id, "an experiment", artifact_uri=runs.artifact_uri(run_id), **given | more)


def bare_environment(home: Path, **more: str) -> dict[str, str]:
    """What a process has that knows nothing of us: a path and a home of its own."""
    return {"PATH": os.environ["PATH"], "HOME": str(home), "MLFLOW_DISABLE_TELEMETRY": "true", **more}


def run_script(name: str, *words: str, folder: Path, given: str = "", **more: str) -> Any:
    """What a script of ours prints as JSON, run in a fresh interpreter in `folder`."""
    command = [sys.executable, str(SCRIPTS / name), *words]
    environment = bare_environment(folder, **more)
    done = subprocess.run(
        command, input=given, capture_output=True, text=True, check=False, cwd=folder, env=environment, timeout=500
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)

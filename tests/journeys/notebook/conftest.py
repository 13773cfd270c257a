"""Warm kernels, warm scripts, and what they logged. It makes no claim."""

import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
import pytest
from jupyter_client.manager import KernelManager
from nbclient import NotebookClient

from jupyter_aml import MLClient
from jupyter_aml.tracking import plugin, schema
from tests.journeys.engine.conftest import Site
from tests.journeys.notebook import corpus, warm

LIMIT = 300.0  # the slow libraries alone take long on a cold disk


@dataclass
class Logged:
    """What a run left: metrics as (name, step, value), params, and `metrics.json` of those without mlflow."""

    metrics: list[tuple[str, int, float]] = field(default_factory=list[tuple[str, int, float]])
    params: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    written: dict[str, Any] = field(default_factory=dict[str, Any])

    @property
    def names(self) -> set[str]:
        return {name for name, _, _ in self.metrics} | self.written.keys()


class Place:
    """A copy of the corpus with a tracking database of its own, where something is run once."""

    def __init__(self, folder: Path, template: Path) -> None:
        self.folder = corpus.copied(folder / "corpus")
        self.database = folder / "mlflow.db"
        shutil.copy(template, self.database)

    @contextmanager
    def environment(self, tracking_uri: str = "") -> Iterator[None]:
        """Whatever starts here tracks into the database of this place."""
        before = dict(os.environ)
        os.environ |= {
            "MLFLOW_TRACKING_URI": tracking_uri or plugin.uri(self.database), "MLFLOW_DISABLE_TELEMETRY": "true",
            "MPLCONFIGDIR": str(self.folder.parent.parent), "IPYTHONDIR": str(self.folder.parent / "ipython"),
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{before['PATH']}",
        }  # fmt: skip
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)

    def logged(self) -> Logged:
        with closing(sqlite3.connect(self.database)) as db:
            # distinct, since the same value at the same step twice within a millisecond is one in MLflow, too
            metrics = db.execute("select distinct key, step, value from metrics order by key, step, value").fetchall()
            params = db.execute("select key, value from params order by key, value").fetchall()
        written = self.folder / "metrics.json"
        return Logged(metrics, params, json.loads(written.read_text()) if written.exists() else {})


class Forge:
    """Starts scripts and kernels warm."""

    def __init__(self, path: Path) -> None:
        self.path = str(path)

    def script(self, place: Place, *words: str) -> socket.socket:
        """`python *words` in the place; what it says goes to `log.txt` there."""
        with place.environment(), (place.folder / "log.txt").open("wb") as log:
            return warm.ask(self.path, list(words), cwd=str(place.folder), out=log.fileno(), err=log.fileno())

    def notebook(self, place: Place, name: str) -> nbformat.NotebookNode:
        """Execute a notebook top to bottom in a real kernel."""
        notebook = nbformat.read(place.folder / f"{name}.ipynb", as_version=4)
        where = {"metadata": {"path": str(place.folder)}}
        limit = int(LIMIT)
        with place.environment():
            return _WarmClient(self.path, notebook, timeout=limit, startup_timeout=limit, resources=where).execute()


class _WarmClient(NotebookClient):
    """Executes a notebook in a kernel that need not import the slow libraries."""

    def __init__(self, path: str, notebook: nbformat.NotebookNode, **options: Any) -> None:
        super().__init__(notebook, kernel_name="python3", **options)
        self.forge = path

    def create_kernel_manager(self) -> KernelManager:
        manager = super().create_kernel_manager()
        assert manager.kernel_spec
        door = [sys.executable, "-I", "-S", warm.__file__, "kernel", self.forge, "{connection_file}"]
        manager.kernel_spec.argv = door
        return manager


@pytest.fixture
def site(ml_client: MLClient, home: Path) -> Iterator[Site]:
    made = Site(ml_client, home)
    yield made
    made.end_all()


@pytest.fixture(scope="session")
def tracking_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tracking database that holds nothing yet."""
    root = tmp_path_factory.mktemp("tracking")
    schema.ensure(root / "mlflow.db", root / "mlartifacts")
    return root / "mlflow.db"


@pytest.fixture(scope="session")
def forge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forge]:
    """A server that has imported what the notebooks import."""
    path = tmp_path_factory.mktemp("forge") / "s"
    argv = [sys.executable, warm.__file__, "serve", str(path)]
    with subprocess.Popen(argv, env={**os.environ, "MLFLOW_DISABLE_TELEMETRY": "true"}) as server:
        deadline = time.monotonic() + LIMIT
        while not path.exists() and server.poll() is None and time.monotonic() < deadline:
            time.sleep(0.02)
        yield Forge(path)
        server.terminate()


@pytest.fixture
def places(tmp_path: Path, tracking_database: Path) -> tuple[Place, Place]:
    """One for the notebook, one for its script."""
    return Place(tmp_path / "notebook", tracking_database), Place(tmp_path / "script", tracking_database)

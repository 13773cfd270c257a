"""Tracking against stock MLflow: writers at once, a new database, first users at once. One child process each."""

import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from tests.benchmarks.row import Row

ROOT = Path(__file__).parents[3]
WRITERS = 8
SECONDS = 5.0
FIRST_USERS = 4
KINDS = ("ours", "stock")

Ours = dict[str, Any]


def rows() -> list[Row]:
    """Every row of tracking."""
    return [*_writers(), _ready(), _first_users()]


def _writers() -> list[Row]:
    ours, stock = (_measured("writers", kind) for kind in KINDS)
    rate, peer = ours["points"] / SECONDS, stock["points"] / SECONDS
    what = f"mlflow.log_metric, {WRITERS} processes"
    return [
        Row(what, rate, peer, "points/s", rate / peer, "≥ 40", rate / peer >= 40),
        Row(f"{what}: errors", ours["errors"], stock["errors"], "errors", 0.0, "0", ours["errors"] == 0),
        _lost(what, ours),
        Row(
            f"{what}: slowest call",
            ours["slowest"] * 1e3,
            stock["slowest"] * 1e3,
            "ms",
            ours["slowest"] / stock["slowest"],
            "≤ 1",
            ours["slowest"] <= stock["slowest"],
        ),
    ]


def _lost(what: str, ours: Ours) -> Row:
    kept, logged = float(ours["kept"]), float(ours["points"])
    return Row(f"{what}: kept of all logged", kept, logged, "points", kept / logged, "= 1", kept == logged)


def _ready() -> Row:
    ours = median(_measured("ready", "ours") for _ in range(5)) * 1e3
    stock = _measured("ready", "stock") * 1e3
    return Row("A new tracking database is ready", ours, stock, "ms", ours / stock, "≤ 50 ms", ours <= 50)


def _first_users() -> Row:
    ours, stock = (float(_measured("first_users", kind)) for kind in KINDS)
    share = ours / FIRST_USERS
    return Row(f"{FIRST_USERS} first users at once: who succeeds", ours, stock, "users", share, "all", share == 1)


def _measured(what: str, kind: str) -> Any:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment |= {"MLFLOW_DISABLE_TELEMETRY": "true"}
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "tests.benchmarks.rows.tracking", what, kind, folder]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return json.loads(done.stdout.splitlines()[-1])


# ------------------------------------------------------------------- in the child


def writers(kind: str, folder: Path) -> Ours:
    """8 processes log into a run of their own for some seconds."""
    from mlflow import MlflowClient

    uri = _uri(kind, folder)
    client = MlflowClient(uri)
    runs = [client.create_run("0").info.run_id for _ in range(WRITERS)]
    context = multiprocessing.get_context("fork")
    gate, said = context.Barrier(WRITERS), context.Queue()
    # The parent's own engine is dropped: stock MLflow shares its connections with a forked child.
    client._tracking_client.store._dispose_engine()
    children = [context.Process(target=_write, args=(uri, run, gate, said)) for run in runs]
    for child in children:
        child.start()
    reports = [said.get() for _ in runs]
    for child in children:
        child.join()
    kept = sum(_kept(client, run) for run in runs)
    return {name: sum(report[name] for report in reports) for name in ("points", "errors")} | {
        "slowest": max(report["slowest"] for report in reports),
        "kept": kept,
    }


def _write(uri: str, run: str, gate: Any, said: Any) -> None:
    from mlflow import MlflowClient

    client = MlflowClient(uri)
    client.log_metric(run, "warm", 0.0)
    gate.wait()
    points, errors, slowest = 0, 0, 0.0
    start = time.perf_counter()
    while (begun := time.perf_counter()) - start < SECONDS:
        try:
            client.log_metric(run, "m", points, step=points)
            points += 1
        except Exception:  # noqa: BLE001  # counting them is the measurement
            errors += 1
        slowest = max(slowest, time.perf_counter() - begun)
    said.put({"points": points, "errors": errors, "slowest": slowest})


def _kept(client: Any, run: str) -> int:
    return len(client.get_metric_history(run, "m"))


def ready(kind: str, folder: Path) -> float:
    """Seconds until a new database can be used; MLflow's import is not counted for either."""
    if kind == "ours":
        start = time.perf_counter()
        from jupyter_aml.tracking.schema import ensure

        ensure(folder / "mlflow.db", folder)
        return time.perf_counter() - start
    from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

    start = time.perf_counter()
    SqlAlchemyStore(f"sqlite:///{folder}/mlflow.db", str(folder))
    return time.perf_counter() - start


def first_users(kind: str, folder: Path) -> int:
    """How many of 4 processes that meet a new database at the same moment can create a run."""
    uri = _uri(kind, folder)
    context = multiprocessing.get_context("fork")
    gate = context.Barrier(FIRST_USERS)
    children = [context.Process(target=_first_use, args=(uri, gate)) for _ in range(FIRST_USERS)]
    for child in children:
        child.start()
    for child in children:
        child.join()
    return sum(child.exitcode == 0 for child in children)


def _first_use(uri: str, gate: Any) -> None:
    from mlflow import MlflowClient

    gate.wait()
    MlflowClient(uri).create_run("0")


def _uri(kind: str, folder: Path) -> str:
    import mlflow  # in the parent: a forked child does not pay for it again

    from jupyter_aml.tracking.plugin import uri

    assert mlflow
    return uri(folder / "mlflow.db") if kind == "ours" else f"sqlite:///{folder}/mlflow.db"


MEASURES: dict[str, Callable[[str, Path], Any]] = {
    "writers": writers,
    "ready": ready,
    "first_users": first_users,
}

if __name__ == "__main__":
    print(json.dumps(MEASURES[sys.argv[1]](sys.argv[2], Path(sys.argv[3]))))

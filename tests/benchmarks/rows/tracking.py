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
SECONDS = 4.0
ROUNDS = 2
FIRST_USERS = 4
KINDS = ("ours", "stock")


def rows() -> list[Row]:
    """Every row of tracking."""
    return [*_writers(), _ready(), _first_users()]


def _writers() -> list[Row]:
    # Turn by turn: what else the machine does meets both alike.
    turns = [[_measured("writers", kind) for kind in KINDS] for _ in range(ROUNDS)]
    ours, stock = (_together(list(of_kind)) for of_kind in zip(*turns, strict=True))
    rate, peer = (kind["points"] / SECONDS / ROUNDS for kind in (ours, stock))
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


def _together(reports: list[dict[str, Any]]) -> dict[str, Any]:
    added = {name: sum(report[name] for report in reports) for name in ("points", "errors", "kept")}
    return added | {"slowest": max(report["slowest"] for report in reports)}


def _lost(what: str, ours: dict[str, Any]) -> Row:
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


def writers(kind: str, folder: Path) -> dict[str, Any]:
    """8 processes log into a run of their own for some seconds."""
    uri = _uri(kind, folder)
    context = multiprocessing.get_context("fork")
    gate, said = context.Barrier(WRITERS), context.Queue()
    # Not in this process: stock MLflow would share its connections with the children.
    first = context.Process(target=_add_runs, args=(uri, said))
    first.start()
    runs = said.get()
    first.join()
    children = [context.Process(target=_write, args=(uri, run, gate, said)) for run in runs]
    for child in children:
        child.start()
    reports = [said.get() for _ in runs]
    for child in children:
        child.join()
    return _together(reports) | {"kept": sum(_kept(uri, run) for run in runs)}


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
    said.put({"points": points, "errors": errors, "slowest": slowest, "kept": 0})


def _add_runs(uri: str, said: Any) -> None:
    from mlflow import MlflowClient

    client = MlflowClient(uri)
    said.put([client.create_run("0").info.run_id for _ in range(WRITERS)])


def _kept(uri: str, run: str) -> int:
    from mlflow import MlflowClient

    return len(MlflowClient(uri).get_metric_history(run, "m"))


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

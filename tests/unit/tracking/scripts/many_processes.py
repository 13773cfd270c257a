"""Many processes on one new tracking database: first users at once, and writers that are killed. Prints JSON.

MLflow is imported once and the processes are forked from there; the database is not opened before the fork.
"""

# ruff: noqa: TID253  # a program of its own, and MLflow is what it is about

import json
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import mlflow
from mlflow import MlflowClient

from jupyter_aml.tracking.plugin import uri

FIRST_USERS = 4
WRITERS = 6
POINTS_BEFORE_THE_KILL = (1, 2, 10, 100, 400, 800)
PATIENCE_S = 120.0

FORK = multiprocessing.get_context("fork")


def fork(act: Callable[..., None], *words: Any) -> int:
    """Start `act` in a forked child with a process group of its own; its process id."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        os.setsid()
        act(*words)
        code = 0
    finally:
        os._exit(code)


def first_user(db: Path, number: int, gate: Any) -> None:
    gate.wait()
    mlflow.set_tracking_uri(uri(db))
    mlflow.set_experiment("shared" if number % 2 else f"own {number}")
    with mlflow.start_run(run_name=str(number)):
        mlflow.log_metric("m", number)
        mlflow.log_param("p", number)


def writer(db: Path, run_id: str, said: Path) -> None:
    client = MlflowClient(uri(db))
    with said.open("ab", buffering=0) as report:
        step = 0
        while True:
            client.log_metric(run_id, "m", step, step=step)
            report.write(b".")  # a point is only claimed once the call has returned
            step += 1


def first_users(db: Path) -> list[int]:
    gate = FORK.Barrier(FIRST_USERS)
    children = [fork(first_user, db, number, gate) for number in range(FIRST_USERS)]
    return [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]


def killed_writers(db: Path, folder: Path) -> list[dict[str, Any]]:
    client = MlflowClient(uri(db))
    runs = [client.create_run("0").info.run_id for _ in range(WRITERS)]
    claims = [folder / f"claimed {number}" for number in range(WRITERS)]
    children = [fork(writer, db, *pair) for pair in zip(runs, claims, strict=True)]
    for child, claim, points in zip(children, claims, POINTS_BEFORE_THE_KILL, strict=True):
        wait_for(lambda claim=claim, points=points: claim.exists() and claim.stat().st_size >= points)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    return [
        {"run": run, "claimed": claim.stat().st_size, "kept": len(client.get_metric_history(run, "m"))}
        for run, claim in zip(runs, claims, strict=True)
    ]


def wait_for(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE_S
    while not condition() and time.monotonic() < until:
        time.sleep(0.001)


def main(db: Path, folder: Path) -> dict[str, Any]:
    return {"first users": first_users(db), "killed": killed_writers(db, folder)}


if __name__ == "__main__":
    json.dump(main(Path(sys.argv[1]), Path(sys.argv[2])), sys.stdout)

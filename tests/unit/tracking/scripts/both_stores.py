"""Runs the same calls through MLflow's own store and through ours. Prints the rows and errors of both, as JSON."""

# ruff: noqa: TID253  # a program of its own, and MLflow is what it is about

import json
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

from mlflow import MlflowException
from mlflow.entities import LoggedModelParameter, Metric, Param, RunTag
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

from jupyter_aml.tracking.mlflow_store import WorkspaceStore
from jupyter_aml.tracking.runs import Runs

TABLES = {
    "metrics": "run_uuid, key, value, timestamp, step, is_nan",
    "latest_metrics": "run_uuid, key, value, timestamp, step, is_nan",
    "params": "run_uuid, key, value",
    "tags": "run_uuid, key, value",
    "logged_model_metrics": "run_id, metric_name, metric_value, metric_timestamp_ms, metric_step, dataset_name",
}


def metrics_of(given: list[list[Any]], model: str) -> list[Metric]:
    made: list[Metric] = []
    for key, value, timestamp, step, *of_model in given:
        number = float(value) if value in {"nan", "inf", "-inf"} else value
        about = {"model_id": model, "dataset_name": "d", "dataset_digest": "1"} if of_model else {}
        made.append(Metric(key, number, timestamp, step, **about))
    return made


def one_call(store: SqlAlchemyStore, run_id: str, model: str, call: list[Any]) -> None:
    match call:
        case ["log_metric", metric]:
            store.log_metric(run_id, metrics_of([metric], model)[0])
        case ["log_batch", metrics, params, tags]:
            given = [Param(*pair) for pair in params], [RunTag(*pair) for pair in tags]
            store.log_batch(run_id, metrics_of(metrics, model), *given)
        case ["delete_run"]:
            store.delete_run(run_id)
        case _:
            raise ValueError(call)


def error_of(store: SqlAlchemyStore, run_id: str, model: str, call: list[Any]) -> list[str]:
    try:
        one_call(store, run_id, model, call)
    except MlflowException as error:
        # SQLAlchemy quotes its own statement; the rest of what is said is MLflow's and must be the same.
        return [str(error.error_code), str(error).partition("\n")[0].removeprefix("(sqlite3.ProgrammingError) ")]
    return []


def rows(db: Path, run_id: str) -> dict[str, list[Any]]:
    with closing(sqlite3.connect(db)) as connection:
        return {
            table: connection.execute(
                f"SELECT {columns} FROM {table} WHERE {columns.partition(',')[0]} = ? ORDER BY {columns}", (run_id,)
            ).fetchall()
            for table, columns in TABLES.items()
        }


def add_run(db: Path, run_id: str) -> None:
    with closing(sqlite3.connect(db)) as connection, connection:
        connection.execute(
            "INSERT INTO runs (run_uuid, name, status, lifecycle_stage, experiment_id) "
            "VALUES (?, 'r', 'RUNNING', 'active', 0)",
            (run_id,),
        )


def went(store: SqlAlchemyStore, db: Path, name: str, calls: list[Any]) -> dict[str, Any]:
    run_id = name.replace(" ", "-")  # MLflow's rule for ids
    if name != "unknown run":
        add_run(db, run_id)
    model = store.create_logged_model("0", "m", run_id, [], [LoggedModelParameter("a", "b")]).model_id
    errors = [error_of(store, run_id, model, call) for call in calls]
    return {"errors": errors, "rows": rows(db, run_id)}


def run_rows(stock: SqlAlchemyStore, folder: Path) -> list[dict[str, Any]]:
    """The row of a run that MLflow made, and of one that we made without it."""
    runs = Runs(folder / "ours.db")
    runs.create("j", "Default", display_name="A run", artifact_uri="x", tags={}, start_ms=7, status="RUNNING")
    user = runs.tags("j")["mlflow.user"]
    run_id = stock.create_run("0", user, 7, [], "A run").info.run_id
    return [run_row(folder / "stock.db", run_id), run_row(folder / "ours.db", "j")]


def run_row(db: Path, run_id: str) -> dict[str, Any]:
    with closing(sqlite3.connect(db)) as connection:
        connection.row_factory = sqlite3.Row
        return dict(connection.execute("SELECT * FROM runs WHERE run_uuid = ?", (run_id,)).fetchone())


def main(folder: Path, cases: dict[str, list[Any]]) -> dict[str, Any]:
    stock = SqlAlchemyStore(f"sqlite:///{folder}/stock.db", f"{folder}/stock")
    ours = WorkspaceStore(folder / "ours.db")
    outcomes = {
        name: [went(stock, folder / "stock.db", name, calls), went(ours, folder / "ours.db", name, calls)]
        for name, calls in cases.items()
    }
    return {"cases": outcomes, "runs": run_rows(stock, folder)}


if __name__ == "__main__":
    json.dump(main(Path(sys.argv[1]), json.load(sys.stdin)), sys.stdout)

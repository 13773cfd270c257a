"""Our short way for metrics against MLflow's own store: the same calls leave the same rows and the same errors."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.unit.tracking.conftest import run_script


def one(*metric: Any) -> list[Any]:
    return ["log_metric", list(metric)]


def batch(*metrics: list[Any], params: Any = (), tags: Any = ()) -> list[Any]:
    return ["log_batch", list(metrics), list(params), list(tags)]


RIGHT: dict[str, list[Any]] = {
    "one": [one("m", 0.5, 10, 0)],
    "an int becomes a float": [one("m", 3, 10, 0)],
    "nan": [one("m", "nan", 10, 0)],
    "both infinities": [one("m", "inf", 10, 0), one("m", "-inf", 11, 1)],
    "the same twice": [one("m", 0.5, 10, 0), one("m", 0.5, 10, 0)],
    "later steps win": [one("m", 1.0, 10, 5), one("m", 2.0, 20, 4), one("m", 3.0, 5, 6)],
    "later times win in a step": [one("m", 1.0, 10, 1), one("m", 2.0, 20, 1), one("m", 3.0, 15, 1)],
    "larger values win in an instant": [one("m", 1.0, 10, 1), one("m", 3.0, 10, 1), one("m", 2.0, 10, 1)],
    "nan counts as zero": [one("m", "nan", 10, 1), one("m", -1.0, 10, 1), one("m", 1.0, 10, 1)],
    "zero after nan in an instant": [one("m", "nan", 10, 1), one("m", 0.0, 10, 1)],
    "nan after zero in an instant": [one("m", 0.0, 10, 1), one("m", "nan", 10, 1)],
    "a step below zero": [one("m", 1.0, 10, -3)],
    "names with signs": [one("a/b c.d-e_f:g", 1.0, 10, 0)],
    "a batch": [batch(["a", 1.0, 10, 0], ["b", "nan", 10, 0], ["a", 2.0, 10, 1])],
    "an empty batch": [batch()],
    "a batch with twins": [batch(["a", 1.0, 10, 0], ["a", 1.0, 10, 0], ["b", 1.0, 10, 0])],
    "a batch over what is there": [one("a", 1.0, 10, 0), batch(["a", 1.0, 10, 0], ["a", 2.0, 10, 0])],
    "a batch with params and tags": [batch(["a", 1.0, 10, 0], params=[["p", "1"]], tags=[["t", "1"]])],
    "600 keys": [batch(*[[f"k{number}", number, 10, 0] for number in range(600)])],
    "a metric of a model": [one("m", 0.5, 10, 0, "of the model")],
    "a batch of a model": [batch(["m", 0.5, 10, 0, "of the model"], ["n", 0.5, 10, 0])],
}
WRONG: dict[str, list[Any]] = {
    "a param that would change": [batch(params=[["p", "1"]]), batch(["a", 1.0, 10, 0], params=[["p", "2"]])],
    "a bad name": [one("a|b", 1.0, 10, 0), batch(["ok", 1.0, 10, 0], ["a|b", 1.0, 10, 0])],
    "a path as a name": [one("../a", 1.0, 10, 0)],
    "a name too long": [one("x" * 251, 1.0, 10, 0)],
    "no name": [one(None, 1.0, 10, 0)],
    "text as a value": [one("m", "high", 10, 0), batch(["ok", 1.0, 10, 0], ["m", "high", 10, 0])],
    "no value": [one("m", None, 10, 0)],
    "a truth as a value": [one("m", True, 10, 0)],
    "a time below zero": [one("m", 1.0, -1, 0)],
    "text as a step": [one("m", 1.0, 10, "one")],
    "a step beyond 64 bits": [one("m", 1.0, 10, 2**63)],
    "a batch too large": [batch(*[["m", 1.0, 10, step] for step in range(1_001)])],
    "unknown run": [one("m", 1.0, 10, 0), batch(["m", 1.0, 10, 0])],
    "deleted run": [one("m", 1.0, 10, 0), ["delete_run"], one("m", 2.0, 10, 1), batch(["m", 2.0, 10, 1])],
}


@pytest.fixture(scope="session")
def outcomes(session_folder: Path) -> dict[str, Any]:
    return run_script("both_stores.py", str(session_folder), folder=session_folder, given=json.dumps(RIGHT | WRONG))


@pytest.mark.parametrize("case", RIGHT | WRONG)
def test_our_store_leaves_what_mlflows_leaves(outcomes: dict[str, Any], case: str) -> None:
    stock, ours = outcomes["cases"][case]
    assert ours["errors"] == stock["errors"]
    assert ours["rows"] == stock["rows"]


def test_the_table_holds_what_is_right_and_what_is_wrong(outcomes: dict[str, Any]) -> None:
    refused = {name for name, (stock, _) in outcomes["cases"].items() if any(stock["errors"])}
    assert refused == WRONG.keys()
    silent = {name for name, (stock, _) in outcomes["cases"].items() if not stock["rows"]["metrics"]}
    assert silent - WRONG.keys() == {"an empty batch"}


def test_the_row_of_a_job_is_one_that_mlflow_would_write(outcomes: dict[str, Any]) -> None:
    stock, ours = outcomes["runs"]
    assert {name for name in stock if stock[name] != ours[name]} == {"run_uuid", "artifact_uri"}

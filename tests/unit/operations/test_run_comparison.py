"""Runs side by side: a column a run, a row a key, and what differs is marked."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from jupyter_aml import command
from jupyter_aml.entities.run_comparison import ComparedRow
from jupyter_aml.exceptions import AuthorizationError, ResourceNotFoundError, UserErrorException
from jupyter_aml.operations import access, jobs
from jupyter_aml.operations.run_comparison import MOST, compare
from jupyter_aml.operations.workspaces import Workspace


def _run(workspace: Workspace, name: str, **fields: Any) -> None:
    jobs.submit(workspace, command(**{"name": name, "command": "python train.py", "code": "src", **fields}))


def _log(workspace: Workspace, run: str, params: dict[str, str], metrics: dict[str, list[float]]) -> None:
    """What MLflow would have written."""
    connection = sqlite3.connect(workspace.folder.tracking_database)
    with connection:
        rows = [(key, value, run) for key, value in params.items()]
        connection.executemany("INSERT INTO params (key, value, run_uuid) VALUES (?, ?, ?)", rows)
        points = [(key, value, step, run, step) for key, values in metrics.items() for step, value in enumerate(values)]
        insert = "INSERT INTO metrics (key, value, timestamp, run_uuid, step, is_nan) VALUES (?, ?, ?, ?, ?, 0)"
        connection.executemany(insert, points)
        last = [(key, values[-1], 9, run, len(values) - 1) for key, values in metrics.items()]
        insert = "INSERT INTO latest_metrics (key, value, timestamp, run_uuid, step, is_nan) VALUES (?, ?, ?, ?, ?, 0)"
        connection.executemany(insert, last)
    connection.close()


@pytest.fixture
def three(workspace: Workspace, here: Path) -> None:
    """Three runs, the last of an edited folder."""
    _run(workspace, "one", inputs={"rate": 0.1, "kind": "a"}, tags={"team": "x"}, display_name="First")
    _run(workspace, "two", inputs={"rate": 0.2, "kind": "a"}, tags={"team": "x"}, environment_variables={"K": "v"})
    (here / "src" / "train.py").write_text("print('other')\n")
    (here / "src" / "more.py").write_text("")
    _run(workspace, "three", command="python train.py --fast")
    _log(workspace, "one", {"depth": "3", "seed": "1"}, {"loss": [3, 1, 2], "flat": [5]})
    _log(workspace, "two", {"depth": "4", "seed": "1"}, {"loss": [0.123456789]})


def _rows(rows: tuple[ComparedRow, ...]) -> dict[str, tuple[tuple[str, ...], bool]]:
    return {row.key: (row.values, row.differs) for row in rows}


@pytest.mark.usefixtures("three")
def test_each_run_has_its_column(workspace: Workspace) -> None:
    found = compare(workspace, ["one", "two", "three"])
    assert [(head.name, head.display_name) for head in found.runs] == [
        ("one", "First"),
        ("two", "two"),
        ("three", "three"),
    ]
    assert _rows(found.params) == {"depth": (("3", "4", ""), True), "seed": (("1", "1", ""), True)}
    assert _rows(found.tags) == {"team": (("x", "x", ""), True)}
    assert _rows(found.inputs) == {"rate": (("0.1", "0.2", ""), True), "kind": (("a", "a", ""), True)}
    assert _rows(found.metrics) == {
        "flat": (("5", "", ""), True),
        "loss": (("2", "0.123457", ""), True),
        "loss (least)": (("1", "0.123457", ""), True),
        "loss (most)": (("3", "0.123457", ""), True),
    }
    environment = _rows(found.environment)
    assert environment["command"] == (("python train.py", "python train.py", "python train.py --fast"), True)
    assert environment["environment"] == (("kernel:1",) * 3, False)
    assert environment["variable K"] == (("", "v", ""), True)


@pytest.mark.usefixtures("three")
def test_code_is_compared_file_by_file_where_it_differs(workspace: Workspace) -> None:
    found = compare(workspace, ["one", "three"]).code
    assert [row.key for row in found] == ["snapshot", "more.py", "train.py"]
    assert found[1].values[0] == ""
    assert all(row.differs for row in found)
    same = compare(workspace, ["one", "two"]).code
    assert [(row.key, row.differs) for row in same] == [("snapshot", False)]


@pytest.mark.usefixtures("three")
def test_what_cannot_be_compared_is_said(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(compare(workspace, ["one", "one"]).runs) == 2
    for names in ([], ["one"] * (MOST + 1)):
        with pytest.raises(UserErrorException, match="cannot be compared"):
            compare(workspace, names)
    with pytest.raises(ResourceNotFoundError, match="Did you mean 'three'"):
        compare(workspace, ["one", "thre"])
    monkeypatch.setenv(access.NAMED, "nobody.in.particular")
    with pytest.raises(AuthorizationError):
        compare(workspace, ["one", "two"])

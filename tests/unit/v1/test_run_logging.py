"""What a run logs beside numbers, and in which shapes `get_metrics` gives it back."""

import io
import json
import math
from pathlib import Path
from typing import Any

import pytest

from jupyter_aml import MLClient
from jupyter_aml.exceptions import UserErrorException
from jupyter_aml.v1.core.experiment import Experiment
from jupyter_aml.v1.core.run import Run
from jupyter_aml.v1.core.workspace import Workspace

ACCURACY = {
    "schema_type": "accuracy_table", "schema_version": "1.0.1",
    "data": {
        "probability_tables": [[[1, 0, 0, 1], [0, 1, 1, 0]]], "percentile_tables": [[[1, 0, 0, 1], [0, 1, 1, 0]]],
        "class_labels": ["a"], "probability_thresholds": [0.0, 1.0], "percentile_thresholds": [0.0, 1.0],
    },
}  # fmt: skip
CONFUSION = {
    "schema_type": "confusion_matrix", "schema_version": "1.0.0",
    "data": {"class_labels": ["a", "b"], "matrix": [[3, 1], [0, 2]]},
}  # fmt: skip
RESIDUALS = {
    "schema_type": "residuals", "schema_version": "1.0.0",
    "data": {"bin_edges": [0, 1], "bin_counts": [1], "mean": 0, "stddev": 1, "res_count": 1},
}  # fmt: skip
PREDICTIONS = {
    "schema_type": "predictions", "schema_version": "1.0.0",
    "data": {"bin_averages": [0.25], "bin_errors": [0.1], "bin_counts": [1], "bin_edges": [0, 1]},
}  # fmt: skip
CHARTS: dict[str, dict[str, Any]] = {
    "accuracy_table": ACCURACY, "confusion_matrix": CONFUSION, "residuals": RESIDUALS, "predictions": PREDICTIONS,
}  # fmt: skip


@pytest.fixture
def run(ml_client: MLClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    folder = tmp_path / "notebooks"
    folder.mkdir()
    monkeypatch.chdir(folder)
    with Experiment(Workspace.of(ml_client), "logs").start_logging(snapshot_directory=None) as begun:
        return begun


def test_every_kind_of_chart_is_a_file_that_get_metrics_points_to(run: Run) -> None:
    for name, document in CHARTS.items():
        getattr(run, f"log_{name}")(name, document)
        getattr(run, f"log_{name}")(f"{name} as text", json.dumps(document), description="the same")
    metrics = run.get_metrics()
    assert metrics == {
        key: f"aml://artifactId/ExperimentRun/dcid.{run.id}/{key}"
        for name in CHARTS for key in (name, f"{name} as text")
    }  # fmt: skip
    assert run.get_metrics("residuals", populate=True) == {"residuals": RESIDUALS}
    run.download_files(prefix="accuracy_table", output_directory="got")
    assert [json.loads(Path("got", name).read_text()) for name in sorted(metrics)[:2]] == [ACCURACY, ACCURACY]


def test_a_chart_that_is_logged_twice_is_two_files(run: Run) -> None:
    for _ in range(2):
        run.log_confusion_matrix("m", CONFUSION)
    assert run.get_file_names() == ["m", "m_2"]
    assert run.get_metrics("m", populate=True) == {"m": [CONFUSION, CONFUSION]}


@pytest.mark.parametrize("kind", CHARTS)
def test_what_is_no_chart_leaves_nothing_behind(run: Run, kind: str) -> None:
    for wrong in ("{", [1], {"data": {}}, '"text"'):
        with pytest.raises(UserErrorException, match=f"log_{kind} 'm'"):
            getattr(run, f"log_{kind}")("m", wrong)
    assert (run.get_metrics(), run.get_file_names()) == ({}, [])


def test_tables_and_lists_have_sdk_v1s_shapes(run: Run) -> None:
    run.log_table("t", {"x": [1, 2], "y": ["a", "b"]})
    run.log_table("cell", {"x": 1, "y": "a"})
    run.log_row("r", x=1, y=0.5)
    run.log_list("l", [1])
    run.log_list("words", ["a", "b"])
    assert run.get_metrics() == {
        "t": {"x": [1, 2], "y": ["a", "b"]}, "cell": {"x": 1, "y": "a"}, "r": {"x": 1, "y": 0.5}, "l": [1],
        "words": ["a", "b"],
    }  # fmt: skip
    run.log_row("r", x=2, y=0.25)
    assert run.get_metrics("r") == {"r": {"x": [1, 2], "y": [0.5, 0.25]}}


def test_one_value_is_a_scalar_and_several_are_a_list(run: Run) -> None:
    for step in range(3):
        run.log("loss", 1 / (step + 1), step=step)
    run.log("rows", 3)
    run.log("name", "model")
    run.log("done", True)
    run.log("worst", math.inf)
    assert run.get_metrics() == {
        "loss": [1.0, 0.5, 1 / 3], "rows": 3, "name": "model", "done": True, "worst": math.inf
    }  # fmt: skip
    assert run.get_metrics("none") == {}
    with pytest.raises(UserErrorException, match=r"Use run\.log_list instead"):
        run.log("loss", [1, 2])


def test_an_image_is_a_file_or_a_figure_and_not_both(run: Run) -> None:
    class Figure:
        def savefig(self, fname: io.BytesIO, *, format: str) -> None:
            fname.write(format.encode())

    Path("a.png").write_bytes(b"png")
    with pytest.raises(UserErrorException, match="exactly one of path and plot"):
        run.log_image("i", path="a.png", plot=Figure())
    with pytest.raises(UserErrorException, match="exactly one of path and plot"):
        run.log_image("i")
    run.log_image("i", path="a.png")
    run.log_image("curves/roc", plot=Figure())
    first, second = run.get_file_names()
    assert (first, second.startswith("curves/roc_"), second.endswith(".png")) == ("a.png", True, True)
    assert run.get_metrics("i") == {"i": f"aml://artifactId/ExperimentRun/dcid.{run.id}/a.png"}

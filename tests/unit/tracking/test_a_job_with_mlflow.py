"""User code in a job: plain mlflow, two variables set, an awkward folder, and what it leaves behind."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from jupyter_aml.tracking.plugin import uri
from jupyter_aml.tracking.runs import Runs
from tests.unit.tracking.conftest import add_run, new_database, run_script

ACTS = (
    "metric",
    "metric_in_the_background",
    "batch",
    "params_and_tags",
    "changed_param_is_refused",
    "artifacts",
    "figure",
    "nested",
    "dataset",
    "autolog_a_model_and_register_it",
    "trace",
    "search",
    "ended_by_the_script",
)


class Left(NamedTuple):
    """What the job printed and what it left."""

    said: dict[str, str]
    status: str
    runs: Runs
    folder: Path


@pytest.fixture(scope="session")
def left(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Left]:
    folder = tmp_path_factory.mktemp("job")
    db = new_database(folder)
    runs = Runs(db)
    add_run(runs, "job_1")
    runs.set_status("job_1", "RUNNING", None)
    said, status = run_script("a_job.py", folder=folder, MLFLOW_TRACKING_URI=uri(db), MLFLOW_RUN_ID="job_1")
    yield Left(said, status, runs, db.parent)
    runs.close()


@pytest.mark.parametrize("act", ACTS)
def test_what_mlflow_users_do_goes_well(left: Left, act: str) -> None:
    assert left.said[act] == "well"


def test_every_act_of_the_script_is_looked_at(left: Left) -> None:
    assert tuple(left.said) == ACTS


def test_the_jobs_name_is_its_run_id(left: Left) -> None:
    loss = next(series for series in left.runs.metrics("job_1") if series.key == "loss")
    assert [(point.step, point.value) for point in loss.points] == [(0, 0.5), (1, 0.25)]
    assert left.runs.latest(["job_1"])["job_1"]["loss"] == 0.25
    assert left.runs.params("job_1")["alpha"] == "0.1"
    assert left.runs.tags("job_1")["who"] == "me"


def test_a_script_does_not_end_its_job(left: Left) -> None:
    assert left.status == "RUNNING"


def test_artifacts_lie_where_azure_puts_them(left: Left) -> None:
    folder = left.folder / "arti facts" / "ExperimentRun" / "dcid.job_1"
    names = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert {"file é.txt", "many/file é.txt", "notes/text.txt", "figure.png", "table.json", "estimator.html"} <= names


def test_a_nested_run_is_a_child_with_a_place_of_its_own(left: Left) -> None:
    (child,) = left.runs.children("job_1")
    assert (child.name, child.status) == ("child", "FINISHED")
    assert child.end_ms is not None
    assert (left.folder / "arti facts" / "ExperimentRun" / f"dcid.{child.run_id}" / "child.txt").read_text() == "x"


def test_nothing_is_left_outside_the_workspace(left: Left) -> None:
    here = {path.name for path in left.folder.iterdir()}
    assert here - {"mlflow.db-wal", "mlflow.db-shm"} == {"mlflow.db", "arti facts"}
    assert [
        path for path in left.folder.parent.iterdir() if path != left.folder and not path.name.startswith(".")
    ] == []

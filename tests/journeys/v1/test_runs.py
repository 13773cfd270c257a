"""Runs as SDK v1's notebooks write them: begun in the notebook or submitted as a script, and what they leave behind."""

import json
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest

from jupyter_aml.exceptions import ResourceExistsError, UserErrorException
from jupyter_aml.v1.core import Environment, Experiment, Model, Run, ScriptRunConfig, Workspace
from jupyter_aml.v1.core.exceptions import ModelPathNotFoundException

SCRIPT = """
import argparse, os
import numpy as np
from azureml.core import Run

run = Run.get_context()
print("begun as", run.id)
rate = argparse.ArgumentParser()
rate.add_argument("--rate", type=float)
rate = rate.parse_args().rate
run.log("rows", np.int64(768))
for k, v in {"yes": 3, "no": 5}.items():
    run.log("Label: " + k, v)
run.log("rate", np.float(rate))
os.makedirs("outputs", exist_ok=True)
with open("outputs/model.pkl", "w") as file:
    file.write("a model")
run.upload_file("outputs/model.pkl", "outputs/model.pkl")
with run.child_run("fold") as fold:
    fold.log("score", 0.5)
run.complete()
"""
CONDA = """
name: simple
dependencies:
- python=3.6.2
- scikit-learn=0.24
- pandas
- pip:
  - azureml-defaults
  - azureml-mlflow
"""


def test_a_run_that_is_begun_in_a_notebook_is_kept_like_a_job(ws: Workspace) -> None:
    Path("data.csv").write_text("a,b\n1,2\n")
    experiment = Experiment(workspace=ws, name="diabetes")
    run = experiment.start_logging()
    run.log("observations", 10_000)
    run.log_list("categories", [0, 1, 2])
    for stat, value in (("count", 2), ("mean", 1.5)):
        run.log_row("Glucose", stat=stat, value=value)
    run.upload_file(name="outputs/sample.csv", path_or_stream="./data.csv")
    assert run.get_status() == "Running"
    run.complete()
    assert (run.get_status(), run.type) == ("Completed", None)
    assert run.get_metrics() == {
        "observations": 10_000,
        "categories": [0, 1, 2],
        "Glucose": {"stat": ["count", "mean"], "value": [2, 1.5]},
    }
    assert run.get_file_names() == ["outputs/sample.csv"]
    run.download_files(prefix="outputs", output_directory="downloaded")
    assert Path("downloaded/outputs/sample.csv").read_text() == "a,b\n1,2\n"
    shown = {series.key for series in ws.client.jobs.details(run.id).metrics}
    assert {"observations", "categories", "Glucose/value"} <= shown
    with zipfile.ZipFile(run.restore_snapshot()) as snapshot:
        assert "data.csv" in snapshot.namelist()


def test_a_script_logs_to_the_run_that_it_is(ws: Workspace) -> None:
    Path("src").mkdir()
    Path("src/train.py").write_text(SCRIPT)
    Path("environment.yml").write_text(CONDA)
    environment = Environment.from_conda_specification("experiment_env", "environment.yml")
    config = ScriptRunConfig(
        source_directory="src", script="train.py", arguments=["--rate", 0.1], environment=environment
    )
    experiment = Experiment(ws, "diabetes")
    run = experiment.submit(config=config, tags={"by": "script"})
    details = run.wait_for_completion()
    log = run.get_details_with_logs()["logFiles"]["user_logs/std_log.txt"]
    assert details["status"] == "Completed", log
    assert f"begun as {run.id}" in log
    assert run.get_metrics() == {"Label: no": 5, "Label: yes": 3, "rate": 0.1, "rows": 768}
    assert "outputs/model.pkl" in run.get_file_names()
    assert "Azure ML's own packages are answered by this one" in run.properties["environment.note"]
    assert run.get_environment().name == "experiment_env"
    assert [(child.display_name, child.get_metrics(), child.status) for child in run.get_children()] == [
        ("fold", {"score": 0.5}, "Completed")
    ]
    assert run.get_metrics(recursive=True).keys() == {run.id, *(child.id for child in run.get_children())}
    assert [str(Path(name).relative_to("logs")) for name in run.get_all_logs("logs")][-1] == "user_logs/std_log.txt"
    assert [each.id for each in experiment.get_runs()] == [run.id]
    assert len(list(experiment.get_runs(include_children=True))) == 2
    assert list(experiment.get_runs(tags="by", status="Failed")) == []
    assert [each.id for each in ws.experiments["diabetes"].get_runs(tags={"by": "script"})] == [run.id]

    made = run.register_model("diabetes", "outputs/model.pkl", tags={"context": "script"}, properties={"AUC": 0.9})
    again = run.register_model("diabetes", "outputs/model.pkl")
    assert (made.id, again.version, made.run_id) == ("diabetes:1", 2, run.id)
    assert [(model.version, model.properties) for model in Model.list(ws)] == [(2, {}), (1, {"AUC": "0.9"})]
    assert Path(Model.get_model_path("diabetes", 1, _workspace=ws)).read_text() == "a model"
    again.delete()
    assert ws.models["diabetes"].version == 1
    with pytest.raises(ModelPathNotFoundException, match=r"outputs/none\.pkl"):
        run.register_model("diabetes", "outputs/none.pkl")


@pytest.mark.parametrize(("wrong", "status"), [(ValueError("no data"), "Failed"), (None, "Completed")])
def test_a_run_ends_with_its_block(ws: Workspace, wrong: Exception | None, status: str) -> None:
    run = Experiment(ws, "blocks").start_logging(snapshot_directory=None)
    with suppress(ValueError), run:
        run.log("rows", 1)
        if wrong:
            raise wrong
    assert run.get_status() == status
    error = run.get_details().get("error", {})
    assert ("no data" in json.dumps(error)) == (wrong is not None)


def test_pictures_and_charts_are_files_of_the_run(ws: Workspace) -> None:
    import matplotlib as mpl

    mpl.use("agg")
    from matplotlib.figure import Figure

    matrix = {"schema_type": "confusion_matrix", "schema_version": "1.0.0", "data": {"matrix": [[1]]}}
    with Experiment(ws, "pictures").start_logging() as run:
        run.log_image("ROC", plot=Figure())
        run.log_image("ROC", plot=Figure())
        run.log_confusion_matrix("matrix", matrix)
    metrics = run.get_metrics()
    assert len(metrics["ROC"]) == 2
    assert metrics["matrix"] == f"aml://artifactId/ExperimentRun/dcid.{run.id}/matrix"
    images = [image.name for image in ws.client.jobs.details(run.id).images]
    assert [f"aml://artifactId/ExperimentRun/dcid.{run.id}/{name}" for name in sorted(images)] == sorted(metrics["ROC"])
    run.download_file("matrix")
    assert json.loads(Path("matrix").read_text()) == matrix


def test_what_a_run_has_kept_never_changes(ws: Workspace) -> None:
    with Experiment(ws, "kept").start_logging() as run:
        for name in ("a.txt", "b.txt"):
            Path(name).write_text(name)
        run.upload_files(["x/a", "x/b"], ["a.txt", "b.txt"])
        with pytest.raises(ResourceExistsError, match="already exists"):
            run.upload_file("x/a", "b.txt")
        with pytest.raises(TypeError):
            run.upload_files(["x/c"], [])
        run.add_properties({"author": "me"})
        with pytest.raises(UserErrorException, match=r"properties\.author: it is 'me'"):
            run.add_properties({"author": "you"})
        run.set_tags({"a": 1, "b": 2})
        run.remove_tags(["a"])
    assert (run.tags, run.properties["author"], run.get_file_names()) == ({"b": "2"}, "me", ["x/a", "x/b"])


def test_mlflow_and_the_run_share_their_metrics_and_tags(ws: Workspace) -> None:
    Path("src").mkdir()
    Path("src/both.py").write_text(
        "import mlflow\nfrom azureml.core import Run\nwith mlflow.start_run():\n    mlflow.log_metric('a', 1)\n"
        "    mlflow.set_tag('stage', 'trained')\n"
        "Run.get_context().log('b', 2)\nRun.get_context().tag('by', 'the run')\n"
    )
    run = Experiment(ws, "both").submit(ScriptRunConfig("src", "both.py"), tags={"stage": "new"})
    run.wait_for_completion()
    assert run.get_metrics() == {"a": 1, "b": 2}
    assert run.tags == dict(ws.client.jobs.get(run.id).tags) == {"stage": "trained", "by": "the run"}
    assert isinstance(Run.get(ws, run.id), Run)

"""What user code does in a job, with nothing but MLflow's two variables set. Prints how each act went, as JSON."""

# ruff: noqa: TID253  # a program of its own, and MLflow is what it is about

import json
import sys
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path

import mlflow
from mlflow.entities import Dataset, DatasetInput, Metric, Param, RunTag


def metric() -> None:
    mlflow.log_metric("loss", 0.5)
    mlflow.log_metric("loss", 0.25, step=1)
    mlflow.log_metrics({"a": 1.0, "b": float("nan")}, step=3)


def metric_in_the_background() -> None:
    operation = mlflow.log_metric("later", 7.0, synchronous=False)
    assert operation is not None
    operation.wait()


def batch() -> None:
    job = mlflow.active_run()
    assert job is not None
    mlflow.MlflowClient().log_batch(
        job.info.run_id, [Metric("batched", 1.0, 5, 0)], [Param("p", "1")], [RunTag("t", "1")]
    )


def params_and_tags() -> None:
    mlflow.log_params({"alpha": 0.1, "beta": "x"})
    mlflow.set_tags({"who": "me"})


def changed_param_is_refused() -> None:
    try:
        mlflow.log_param("alpha", 0.2)
    except mlflow.MlflowException:
        return
    raise AssertionError


def artifacts() -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "file é.txt")
        file.write_text("hello")
        mlflow.log_artifact(str(file))
        mlflow.log_artifacts(folder, "many")
    mlflow.log_text("text", "notes/text.txt")
    mlflow.log_dict({"a": 1}, "dict.json")
    mlflow.log_table({"a": [1, 2]}, "table.json")


def figure() -> None:
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    drawn, axes = plt.subplots()
    axes.plot([1, 2])
    mlflow.log_figure(drawn, "figure.png")


def nested() -> None:
    with mlflow.start_run(nested=True, run_name="child") as child:
        mlflow.log_metric("inner", 1.0)
        mlflow.log_text("x", "child.txt")
    assert mlflow.get_run(child.info.run_id).info.status == "FINISHED"


def dataset() -> None:
    job = mlflow.active_run()
    assert job is not None
    given = DatasetInput(Dataset(name="d", digest="1", source_type="local", source="{}"), [])
    mlflow.MlflowClient().log_inputs(job.info.run_id, [given])


def autolog_a_model_and_register_it() -> None:
    import mlflow.sklearn as flavour
    from sklearn.linear_model import LogisticRegression

    flavour.autolog()
    LogisticRegression().fit([[0.0], [1.0], [2.0], [3.0]], [0, 0, 1, 1])
    flavour.autolog(disable=True)
    model = mlflow.last_logged_model()
    assert model is not None
    mlflow.log_metric("of the model", 0.75, model_id=model.model_id)
    version = mlflow.register_model(model.model_uri, "champion")
    assert str(version.version) == "1"
    loaded = flavour.load_model("models:/champion/1")
    assert loaded is not None
    assert list(loaded.predict([[3.0]])) == [1]


def trace() -> None:
    with mlflow.start_span("outer") as span:
        span.set_inputs({"x": 1})
    mlflow.flush_trace_async_logging()
    job = mlflow.active_run()
    assert job is not None
    found = mlflow.search_traces(locations=[job.info.experiment_id], return_type="list")
    assert len(found) == 1


def search() -> None:
    # A search looks at metrics, and at params and tags of the job that this process is.
    found = mlflow.search_runs(
        search_all_experiments=True, filter_string="metrics.loss < 0.3 and params.alpha = '0.1'", output_format="list"
    )
    assert [run.data.metrics["loss"] for run in found] == [0.25]


def ended_by_the_script() -> None:
    mlflow.end_run("FAILED")


ACTS: tuple[Callable[[], None], ...] = (
    metric,
    metric_in_the_background,
    batch,
    params_and_tags,
    changed_param_is_refused,
    artifacts,
    figure,
    nested,
    dataset,
    autolog_a_model_and_register_it,
    trace,
    search,
    ended_by_the_script,
)


def went(act: Callable[[], None]) -> str:
    try:
        act()
    except Exception:  # noqa: BLE001  # the report is the point: the test asserts on it
        return traceback.format_exc()
    return "well"


if __name__ == "__main__":
    job = mlflow.start_run()
    report = {act.__name__: went(act) for act in ACTS}
    json.dump([report, mlflow.get_run(job.info.run_id).info.status], sys.stdout)

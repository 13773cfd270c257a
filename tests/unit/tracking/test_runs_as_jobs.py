"""A run that MLflow begins outside of a job is a job; what MLflow does with it afterwards, the job tells too."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jupyter_aml import MLClient
from jupyter_aml.entities.job_folder import attempt_folder
from jupyter_aml.entities.job_record import INTERACTIVE, JobRecord
from jupyter_aml.entities.launch import Outcome, read_outcome
from jupyter_aml.exceptions import JobException
from jupyter_aml.operations import interactive, jobs, run_tags
from jupyter_aml.store.jobs import Filter
from tests.unit.tracking.conftest import new_database


@pytest.fixture
def mlflow(ml_client: MLClient, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The real one, on a workspace of its own."""
    monkeypatch.setenv("MLFLOW_DISABLE_TELEMETRY", "true")
    for name in ("MLFLOW_EXPERIMENT_ID", "MLFLOW_TRACKING_URI"):  # MLflow sets them, and they are put back at the end
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    import mlflow
    from mlflow.tracking import fluent

    monkeypatch.setattr(fluent, "_active_experiment_id", None)
    before = mlflow.get_tracking_uri()
    mlflow.set_tracking_uri(ml_client.workspace.tracking_uri)
    mlflow.set_experiment("by-hand")
    yield mlflow
    while mlflow.active_run():
        mlflow.end_run()
    mlflow.set_tracking_uri(before)


def all_jobs(ml: MLClient, **which: Any) -> list[JobRecord]:
    return list(jobs.select(ml.workspace, Filter(**which)))


def outcome(ml: MLClient, name: str) -> Outcome | None:
    return read_outcome(attempt_folder(ml.workspace.folder.jobs, name, 1).outcome)


def ended(ml: MLClient, name: str) -> JobRecord:
    ml.jobs.wait(name, 120)
    return jobs.get(ml.workspace, name)


def test_a_run_is_a_job_of_its_experiment_at_once(ml_client: MLClient, mlflow: Any) -> None:
    run = mlflow.start_run(run_name="first", tags={"colour": "red"})
    (job,) = all_jobs(ml_client)
    assert (job.name, job.type, job.status) == (run.info.run_id, INTERACTIVE, "Running")
    assert (job.experiment, job.display_name, job.tags, job.compute) == ("by-hand", "first", {"colour": "red"}, "local")
    shown = ml_client.jobs.get(job.name)
    assert (shown.type, shown.status) == ("interactive", "Running")
    with pytest.raises(JobException, match="interactive run"):
        shown()


def test_a_run_that_ends_well_completes_its_job_and_one_that_raises_fails_it(ml_client: MLClient, mlflow: Any) -> None:
    with mlflow.start_run() as well:
        mlflow.log_metric("loss", 0.5)
    with pytest.raises(ValueError, match="boom"), mlflow.start_run() as badly:
        raise ValueError("boom")
    assert ended(ml_client, well.info.run_id).status == "Completed"
    failed = ended(ml_client, badly.info.run_id)
    assert (failed.status, failed.error) == ("Failed", "ValueError: boom")
    assert mlflow.get_run(failed.name).info.status == "FAILED"


def test_a_nested_run_is_a_child_job(ml_client: MLClient, mlflow: Any) -> None:
    with mlflow.start_run() as parent, mlflow.start_run(nested=True) as child:
        assert [job.name for job in all_jobs(ml_client, parent="")] == [parent.info.run_id]
        assert [job.name for job in all_jobs(ml_client, parent=parent.info.run_id)] == [child.info.run_id]


def test_a_run_inside_of_a_job_is_no_job(ml_client: MLClient, mlflow: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZUREML_RUN_ID", "the-job")
    with mlflow.start_run() as run:
        assert "azureml.job" not in run.data.tags
    assert all_jobs(ml_client) == []


def test_a_run_that_another_tool_brings_along_keeps_its_times(ml_client: MLClient, mlflow: Any) -> None:
    client = mlflow.MlflowClient()
    run = client.create_run("0", start_time=1_000_000, tags={"azureml.job": "true", "from": "elsewhere"})
    client.set_terminated(run.info.run_id, "FINISHED", 1_060_123)
    job = ended(ml_client, run.info.run_id)
    assert (job.status, job.created_at, job.started_at, job.ended_at) == ("Completed", 1000.0, 1000.0, 1060.123)
    assert job.tags == {"from": "elsewhere"}
    info = client.get_run(job.name).info
    assert (info.status, info.start_time, info.end_time) == ("FINISHED", 1_000_000, 1_060_123)


def test_the_first_end_of_a_run_is_its_last(ml_client: MLClient, mlflow: Any) -> None:
    with mlflow.start_run() as run:
        pass
    assert ended(ml_client, run.info.run_id).status == "Completed"
    mlflow.start_run(run_id=run.info.run_id)
    mlflow.log_metric("late", 1.0)
    mlflow.end_run("FAILED")
    assert mlflow.get_run(run.info.run_id).info.status == "FINISHED"
    assert mlflow.get_run(run.info.run_id).data.metrics == {"late": 1.0}
    assert jobs.get(ml_client.workspace, run.info.run_id).status == "Completed"


BEGIN = """
import sys
from jupyter_aml import MLClient
from jupyter_aml.operations import interactive
interactive.begin(MLClient.default().workspace, "by-hand")
"""
BEGUN_ELSEWHERE = """
import sys
from jupyter_aml import MLClient
from jupyter_aml.operations import interactive
for name in ("shared", "alone"):
    interactive.begin(MLClient.default().workspace, "by-hand", name=name)
print("begun", flush=True)
sys.stdin.read()
"""


def test_a_run_that_is_resumed_here_outlives_the_process_that_began_it(ml_client: MLClient, mlflow: Any) -> None:
    command = [sys.executable, "-c", BEGUN_ELSEWHERE]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout
        assert other.stdout.readline() == "begun\n"
        mlflow.start_run(run_id="shared")
        other.kill()
    assert ended(ml_client, "alone").status == "Failed"
    mlflow.log_metric("loss", 0.5)
    mlflow.end_run()
    assert ended(ml_client, "shared").status == "Completed"
    assert mlflow.get_run("shared").info.status == "FINISHED"


def test_a_killed_run_is_a_canceled_job(ml_client: MLClient, mlflow: Any) -> None:
    client = mlflow.MlflowClient()
    run = client.create_run("0")
    client.set_terminated(run.info.run_id, "KILLED")
    assert ended(ml_client, run.info.run_id).status == "Canceled"


def test_a_deleted_run_is_an_archived_job_until_it_is_restored(ml_client: MLClient, mlflow: Any) -> None:
    with mlflow.start_run() as run:
        pass
    mlflow.delete_run(run.info.run_id)
    assert all_jobs(ml_client) == []
    mlflow.MlflowClient().restore_run(run.info.run_id)
    assert [job.name for job in all_jobs(ml_client)] == [run.info.run_id]


def test_a_renamed_run_is_a_renamed_job(ml_client: MLClient, mlflow: Any) -> None:
    with mlflow.start_run() as run:
        mlflow.MlflowClient().update_run(run.info.run_id, name="another")
    assert jobs.get(ml_client.workspace, run.info.run_id).display_name == "another"


def test_a_tracking_database_without_a_workspace_has_runs_and_no_jobs(
    ml_client: MLClient, mlflow: Any, tmp_path: Path
) -> None:
    from jupyter_aml.tracking import plugin

    db = new_database(tmp_path / "bare")
    client = mlflow.MlflowClient(plugin.uri(db))
    run = client.create_run("0")
    client.set_terminated(run.info.run_id)
    client.delete_run(run.info.run_id)
    assert (all_jobs(ml_client), db.with_name("workspace.db").exists()) == ([], False)


def test_mlflow_logs_to_a_run_that_was_begun_by_the_operation(ml_client: MLClient, mlflow: Any, tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text("print('hello')")
    job = interactive.begin(ml_client.workspace, "by-hand", name="mine", code=tmp_path, tags={"colour": "red"})
    with mlflow.start_run(run_id=job.name):
        mlflow.log_metric("loss", 0.5)
    assert ended(ml_client, "mine").status == "Completed"
    tabs = ml_client.jobs.details("mine")
    assert "train.py" in [file.name for file in tabs.snapshot]
    assert [series.key for series in tabs.metrics] == ["loss"]
    assert mlflow.get_run("mine").data.tags["colour"] == "red"


def test_a_run_is_begun_in_a_moment(ml_client: MLClient) -> None:
    told: list[str] = []
    interactive.begin(ml_client.workspace, "exp")
    ml_client.workspace.database.connection.set_trace_callback(told.append)
    interactive.begin(ml_client.workspace, "exp")
    ml_client.workspace.database.connection.set_trace_callback(None)
    assert [line.split()[0] for line in told] == ["SELECT", "BEGIN", "INSERT", "INSERT", "COMMIT"]
    assert {job.status for job in all_jobs(ml_client)} == {"Running"}
    alone = f"{BEGIN}\nprint(*sys.modules)\nassert not __import__('psutil').Process().children()"
    done = subprocess.run([sys.executable, "-c", alone], capture_output=True, text=True, check=True)
    assert {"mlflow", "sqlalchemy", "numpy", "pandas"}.isdisjoint(done.stdout.split())


def test_tags_are_the_jobs_whoever_sets_them(ml_client: MLClient, mlflow: Any) -> None:
    with mlflow.start_run(tags={"colour": "red"}) as run:
        name = run.info.run_id
        mlflow.set_tag("size", 3)
        mlflow.set_tags({"colour": "blue", "shape": "round", "mlflow.user": "nobody"})
        jobs.describe(ml_client.workspace, name, tags={"by": "the job"})
        mlflow.delete_tag("shape")
        mlflow.set_tag("mlflow.note.content", "what it is")
        mlflow.set_tag("mlflow.runName", "renamed")
    told = ended(ml_client, name)
    assert (told.tags, told.description, told.display_name) == (
        {"colour": "blue", "size": "3", "by": "the job"}, "what it is", "renamed"
    )  # fmt: skip
    known = mlflow.get_run(name).data.tags
    assert {key: known[key] for key in told.tags} == told.tags


def test_a_finished_job_is_tagged_and_keeps_its_status(ml_client: MLClient, mlflow: Any) -> None:
    with mlflow.start_run() as run:
        pass
    before = ended(ml_client, run.info.run_id)
    mlflow.MlflowClient().set_tag(before.name, "judged", "good")
    after = jobs.get(ml_client.workspace, before.name)
    assert (after.tags, after.status, after.ended_at) == ({"judged": "good"}, before.status, before.ended_at)


def test_tags_that_are_set_at_once_by_many_are_all_kept(ml_client: MLClient, mlflow: Any) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with mlflow.start_run() as run:
        name, client = run.info.run_id, mlflow.MlflowClient()

        def tag(place: int) -> None:
            if place % 2:
                client.set_tag(name, f"t{place}", "x")
            else:
                jobs.describe(MLClient.default().workspace, name, tags={f"t{place}": "x"})

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(tag, range(16)))
    assert jobs.get(ml_client.workspace, name).tags == {f"t{place}": "x" for place in range(16)}


def test_nobody_takes_the_mark_from_a_jobs_run_that_keeps_its_status_its_own(ml_client: MLClient, mlflow: Any) -> None:
    from mlflow.exceptions import MlflowException

    client = mlflow.MlflowClient()
    with mlflow.start_run() as run:
        name = run.info.run_id
        jobs.describe(ml_client.workspace, name, tags={"azureml.job": "no"})
        run_tags.remove(ml_client.workspace, name, ["azureml.job"])
        for take in (
            lambda: mlflow.set_tag("azureml.job", "no"),
            lambda: mlflow.set_tags({"azureml.job": "no"}),
            lambda: mlflow.delete_tag("azureml.job"),
        ):
            with pytest.raises(MlflowException, match=r"azureml\.job"):
                take()
    before = ended(ml_client, name)
    client.set_terminated(name, "FAILED")
    assert (before.status, client.get_run(name).info.status) == ("Completed", "FINISHED")
    assert client.get_run(name).data.tags["azureml.job"] == "interactive"

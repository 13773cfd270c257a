"""A job that is submitted again runs the code that it ran, whatever became of the folder since."""

import shutil
from pathlib import Path

import pytest

from jupyter_aml import MLClient, command, load_job
from jupyter_aml.operations import streams
from jupyter_aml.sweep import Choice

LIMIT = 300.0
PIPELINE = """
type: pipeline
experiment_name: e
settings: {default_compute: serverless, force_rerun: true}
jobs:
  say:
    component:
      type: command
      code: src
      command: python say.py
      environment: azureml:AzureML-sklearn-1.5@latest
"""


@pytest.fixture
def source(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A script in a folder that is the code of jobs, in a repository."""
    folder = home.parent / "project"
    (folder / "src").mkdir(parents=True)
    (folder / ".git/refs/heads").mkdir(parents=True)
    (folder / ".git/HEAD").write_text("ref: refs/heads/main")
    commit(folder, "1" * 40)
    (folder / "src/say.py").write_text("print('the old one')\n")
    monkeypatch.chdir(folder)
    return folder / "src/say.py"


def commit(folder: Path, name: str) -> None:
    (folder / ".git/refs/heads/main").write_text(name)


@pytest.fixture
def client(home: Path) -> MLClient:
    assert home.exists()
    return MLClient.default()


def printed(client: MLClient, name: str) -> str:
    """What the job printed, once it is over."""
    assert client.jobs.wait(name, LIMIT).status == "Completed"
    return "".join(streams.follow(client.workspace, name, wake=lambda: None))


def again(client: MLClient, name: str) -> str:
    return str(client.run_views.resubmit(name).run)


def test_a_job_prints_the_old_when_its_file_was_changed(client: MLClient, source: Path) -> None:
    first = str(client.jobs.create_or_update(command(code="./src", command="python say.py", tags={"a": "b"})).name)
    assert "the old one" in printed(client, first)
    source.write_text("print('the new one')\n")
    commit(source.parents[1], "2" * 40)
    second = again(client, first)
    assert second != first
    assert "the old one" in printed(client, second)
    before, after = client.jobs.get(first), client.jobs.get(second)
    for told in ("ContentSnapshotId", "azureml.git.commit"):
        assert after.properties[told] == before.properties[told]
    assert after.tags == {"a": "b"}
    assert "the new one" in printed(client, str(client.jobs.create_or_update(after()).name)), (
        "a call is for the new code"
    )
    assert "the old one" in printed(client, again(client, second)), "… and again of what was run again"


def test_a_folder_that_is_gone_is_not_needed(client: MLClient, source: Path) -> None:
    first = str(client.jobs.create_or_update(command(code="./src", command="python say.py")).name)
    printed(client, first)
    shutil.rmtree(source.parent)
    assert "the old one" in printed(client, again(client, first))


def test_a_job_without_code_is_run_again(client: MLClient) -> None:
    first = str(client.jobs.create_or_update(command(command="echo hello")).name)
    assert "hello" in printed(client, again(client, first))


def test_the_trials_of_a_sweep_print_the_old(client: MLClient, source: Path) -> None:
    source.write_text("import mlflow; mlflow.log_metric('m', 1); print('the old one')\n")
    trial = command(code="./src", command="python say.py ${{search_space.n}}", inputs={"n": Choice([1])})
    sweep = trial.sweep(primary_metric="m", goal="maximize", max_total_trials=1)
    first = str(client.jobs.create_or_update(sweep).name)
    client.jobs.begin_cancel(first).result(LIMIT)
    source.write_text("import mlflow; mlflow.log_metric('m', 1); print('the new one')\n")
    second = again(client, first)
    assert client.jobs.wait(second, LIMIT).status == "Completed"
    (child,) = client.jobs.list(parent_job_name=second)
    assert "the old one" in printed(client, str(child.name))


def test_the_steps_of_a_pipeline_print_the_old(client: MLClient, source: Path) -> None:
    (source.parents[1] / "pipeline.yml").write_text(PIPELINE)
    first = str(client.jobs.create_or_update(load_job("pipeline.yml")).name)
    assert client.jobs.wait(first, LIMIT).status == "Completed"
    source.write_text("print('the new one')\n")
    second = again(client, first)
    assert client.jobs.wait(second, LIMIT).status == "Completed"
    (child,) = client.jobs.list(parent_job_name=second)
    assert "the old one" in printed(client, str(child.name))

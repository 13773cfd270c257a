"""A person declares an environment and submits: it is built before their eyes, it is what they declared, it is kept."""

from pathlib import Path

import pytest

from jupyter_aml import MLClient, command
from jupyter_aml.entities import Environment, Job
from jupyter_aml.entities.job_folder import attempt_folder
from jupyter_aml.operations.workspaces import current, folder_of, open_workspace
from jupyter_aml.runner import claim

OLD_ENOUGH = "3.8|3.9|3.7|3.10"
OLD = """
import json, sys, warnings
warnings.simplefilter("ignore")
import mlflow, pandas
with mlflow.start_run() as run:
    mlflow.log_metric("loss", 0.5)
    mlflow.log_param("kind", "old")
    mlflow.log_text("noted", "note.txt")
print(json.dumps([sys.version_info[:2], pandas.__version__, mlflow.__version__, run.info.run_id]))
"""
SHOW = "import sklearn, humanize, sys; print(sklearn.__version__, humanize.naturalsize(10**6), sys.prefix)"


@pytest.fixture
def code(home: Path) -> Path:
    folder = home.parent / "my code"
    folder.mkdir()
    (folder / "old.py").write_text(OLD)
    (folder / "show.py").write_text(SHOW)
    (folder / "version.py").write_text("import sys, cloudpickle; print('version', sys.version)")
    return folder


def submit(ml_client: MLClient, code: Path, script: str, *dependencies: object) -> Job:
    environment = Environment(
        image="mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu20.04", conda_file={"dependencies": list(dependencies)}
    )
    draft = command(code=str(code), command=f"python {script}", environment=environment, experiment_name="journey")
    return ml_client.jobs.create_or_update(draft)


def streamed(ml_client: MLClient, job: Job, capsys: pytest.CaptureFixture[str]) -> str:
    capsys.readouterr()
    ml_client.jobs.stream(job.name or "")
    return capsys.readouterr().out


def streamed_if_there(ml_client: MLClient, job: Job, capsys: pytest.CaptureFixture[str]) -> str:
    try:
        return streamed(ml_client, job, capsys)
    except Exception as error:
        if "none is on this machine" in str(error):
            pytest.skip("the declared Python is not on this machine")
        raise


def test_an_old_declared_environment_really_is_old_and_its_mlflow_logs_to_the_jobs_run(
    ml_client: MLClient, code: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = (f"python={OLD_ENOUGH}", "pandas<2", {"pip": ["mlflow-skinny<3", "azureml-mlflow"]})
    job = submit(ml_client, code, "old.py", *old)
    said = streamed_if_there(ml_client, job, capsys).splitlines()
    assert "Streaming azureml-logs/20_image_build_log.txt" in said
    assert said.index("Streaming azureml-logs/20_image_build_log.txt") < said.index("Streaming user_logs/std_log.txt")
    (line,) = [line for line in said if line.startswith("[[3, ")]
    assert line.startswith(("[[3, 7]", "[[3, 8]", "[[3, 9]", "[[3, 10]"))
    assert '"1.' in line.split(", ")[2]
    assert line.endswith(f'"{job.name}"]')
    workspace = open_workspace(current())
    assert [series.points[-1].value for series in workspace.runs.metrics(job.name or "")] == [0.5]
    assert workspace.runs.params(job.name or "") == {"kind": "old"}
    assert (workspace.folder.artifacts(job.name or "") / "note.txt").read_text() == "noted"
    workspace.database.close()
    workspace.runs.close()


def test_python_3_6_which_the_first_notebooks_declare_is_built_too(
    ml_client: MLClient, code: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    job = submit(ml_client, code, "version.py", "python=3.6.2", {"pip": ["cloudpickle"]})
    assert "version 3.6" in streamed_if_there(ml_client, job, capsys)


def test_what_was_built_before_the_eyes_is_found_at_once_the_next_time(
    ml_client: MLClient, code: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = submit(ml_client, code, "show.py", "scikit-learn", {"pip": ["humanize"]})
    text = streamed(ml_client, first, capsys)
    for words in ("Looking for Python", "Resolved", "Installed", "Bytecode compiled", " + humanize==", "Ready after"):
        assert words in text
    assert " 1.0 MB " in text
    second = submit(ml_client, code, "show.py", "scikit-learn", {"pip": ["humanize"]})
    assert "20_image_build_log" not in streamed(ml_client, second, capsys)
    plain = ml_client.jobs.create_or_update(command(command="true", experiment_name="journey"))
    streamed(ml_client, plain, capsys)
    added = seconds_to_prepare(second) - seconds_to_prepare(plain)
    assert added < seconds_to_prepare(first) / 40, "to find it is nothing beside what it took to build it"


def seconds_to_prepare(job: Job) -> float:
    begun = claim.read_begun(attempt_folder(folder_of(current()).jobs, job.name or "", 1))
    assert begun
    assert begun.started_at
    return begun.started_at - begun.at

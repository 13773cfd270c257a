"""Jobs and assets: outputs that become assets, assets that become inputs, models from what a job left."""

from pathlib import Path

import pytest

from jupyter_aml import Input, MLClient, Output, command
from jupyter_aml.entities import Data, Environment, Model, PipelineJob
from jupyter_aml.exceptions import AssetPathException, ResourceNotFoundError, ValidationException

LIMIT = 300.0


def _write(ml_client: MLClient, line: str, **outputs: Output) -> str:
    job = ml_client.jobs.create_or_update(command(command=line, outputs=outputs))
    return str(ml_client.jobs.wait(str(job.name), LIMIT).name)


def test_a_named_output_of_a_completed_job_is_a_data_asset_and_the_next_jobs_input(ml_client: MLClient) -> None:
    for text in ("first", "second"):
        line = "echo " + text + " > ${{outputs.out}}/d.txt"
        name = _write(ml_client, line, out=Output(type="uri_folder", name="prepared"))
    made = ml_client.data.get("prepared", label="latest")
    assert (made.version, made.type) == ("2", "uri_folder")
    assert str(made.path).endswith(f"/datastores/workspaceblobstore/paths/azureml/{name}/out/")
    assert [found.version for found in ml_client.data.list("prepared")] == ["2", "1"]
    job = command(
        command="cat ${{inputs.data}}/d.txt",
        inputs={
            "data": Input(type="uri_folder", path="azureml:prepared:1"),
            "newest": Input(path="azureml:prepared@latest"),
        },
    )
    done = ml_client.jobs.wait(str(ml_client.jobs.create_or_update(job).name), LIMIT)
    assert (ml_client.workspace.folder.artifacts(str(done.name)) / "user_logs/std_log.txt").read_text() == "first\n"


def test_a_label_is_the_version_that_it_stood_for_when_the_job_was_submitted(ml_client: MLClient) -> None:
    for number in ("1", "2"):
        ml_client.data.create_or_update(
            Data(name="d", version=number, path=f"azureml://datastores/workspaceblobstore/paths/{number}/")
        )
    draft = command(command="echo ${{inputs.d}}", inputs={"d": Input(path="azureml:d@latest")})
    job = ml_client.jobs.create_or_update(draft)
    assert (job.inputs["d"].path, draft.inputs["d"].path) == ("azureml:d:2", "azureml:d@latest")
    ml_client.jobs.wait(str(job.name), LIMIT)


def test_an_output_of_a_failed_job_registers_nothing(ml_client: MLClient) -> None:
    _write(ml_client, "echo x > ${{outputs.out}}/d.txt; exit 3", out=Output(name="half"))
    assert list(ml_client.data.list()) == []


def test_a_model_output_is_a_model_here_and_for_mlflow(ml_client: MLClient) -> None:
    name = _write(ml_client, "echo x > ${{outputs.m}}/w.bin", m=Output(type="custom_model", name="churn", version="4"))
    made = ml_client.models.get("churn", "4")
    assert (made.type, made.job_name) == ("custom_model", name)
    assert ml_client.workspace.models.newest("churn") == 4
    ml_client.workspace.models.close()


LOGS_A_MODEL = """import mlflow
from sklearn.linear_model import LogisticRegression
mlflow.sklearn.log_model(LogisticRegression().fit([[0.0], [1.0]], [0, 1]), name="model")
"""


def test_a_model_that_a_job_logged_is_where_azure_has_it(ml_client: MLClient, tmp_path: Path) -> None:
    (tmp_path / "log.py").write_text(LOGS_A_MODEL)
    job = ml_client.jobs.create_or_update(command(command="python log.py", code=str(tmp_path)))
    name = str(ml_client.jobs.wait(str(job.name), LIMIT).name)
    for path in (f"azureml://jobs/{name}/outputs/artifacts/paths/model/", f"runs:/{name}/model"):
        made = ml_client.models.create_or_update(Model(name="logged", path=path, type="mlflow_model"))
        assert "sklearn" in (made.flavors or {})
    ml_client.jobs.download(name, download_path=tmp_path / "to")
    assert (tmp_path / "to" / "artifacts" / "model" / "MLmodel").is_file()
    shown = command(command="ls ${{inputs.m}}", inputs={"m": Input(type="mlflow_model", path="azureml:logged:1")})
    done = ml_client.jobs.wait(str(ml_client.jobs.create_or_update(shown).name), LIMIT)
    assert "MLmodel" in (ml_client.workspace.folder.artifacts(str(done.name)) / "user_logs/std_log.txt").read_text()


def test_a_version_that_exists_is_refused_at_submit(ml_client: MLClient) -> None:
    ml_client.data.create_or_update(
        Data(name="d", version="1", path="azureml://datastores/workspaceblobstore/paths/x/")
    )
    with pytest.raises(ValidationException, match=r"outputs\.out\.version: data 'd' has a version '1' already"):
        ml_client.jobs.create_or_update(command(command="true", outputs={"out": Output(name="d", version="1")}))
    assert list(ml_client.jobs.list()) == []


def test_a_model_comes_from_a_jobs_artifacts_by_every_address(ml_client: MLClient, tmp_path: Path) -> None:
    job = ml_client.jobs.create_or_update(command(command="mkdir -p outputs/model && echo x > outputs/model/w.bin"))
    name = str(ml_client.jobs.wait(str(job.name), LIMIT).name)
    for number, path in enumerate(
        (f"azureml://jobs/{name}/outputs/artifacts/paths/outputs/model/", f"runs:/{name}/outputs/model"), start=1
    ):
        made = ml_client.models.create_or_update(Model(name="churn", path=path))
        assert (made.version, made.job_name) == (str(number), name)
        assert f"/workspaceartifactstore/paths/ExperimentRun/dcid.{name}/outputs/model" in str(made.path)
    ml_client.models.download("churn", "1", tmp_path)
    assert (tmp_path / "churn" / "model" / "w.bin").read_text() == "x\n"
    ml_client.workspace.models.close()


def test_what_is_not_there_is_said_before_anything_is_stored(ml_client: MLClient) -> None:
    for path, error in (
        ("azureml://jobs/no_such_job/outputs/artifacts/paths/model/", ResourceNotFoundError),
        ("no/such/model.pkl", AssetPathException),
    ):
        with pytest.raises(error):
            ml_client.models.create_or_update(Model(name="churn", path=path))
    assert list(ml_client.models.list()) == []
    job = command(command="true", inputs={"d": Input(path="azureml:nothing:1")})
    with pytest.raises(ResourceNotFoundError, match="nothing"):
        ml_client.jobs.create_or_update(job)
    assert list(ml_client.jobs.list()) == []


def test_what_the_workspace_keeps_may_be_named_by_its_id(ml_client: MLClient, tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text("kept\n")
    data = ml_client.data.create_or_update(Data(name="d", path=str(tmp_path / "d.csv"), type="uri_file"))
    environment = ml_client.environments.create_or_update(Environment(name="e", image="library/python"))
    inputs = {"d": Input(type="uri_file", path=data.id)}
    runs = command(command="cat ${{inputs.d}}", inputs=inputs, environment=environment.id)
    component = ml_client.create_or_update(runs.component)
    step = {"component": component.id, "inputs": inputs}
    compute = ml_client.compute.get("local-cluster").id
    for job in (runs, PipelineJob(jobs={"step": step})):
        job.compute = compute
        done = ml_client.jobs.wait(str(ml_client.jobs.create_or_update(job).name), LIMIT)
        assert done.status == "Completed"

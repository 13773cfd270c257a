"""Jobs from a kernel that answers Azure's import names answer them too, warm or cold; so do the jobs they submit."""

import os
from pathlib import Path

import pytest

from jupyter_aml import MLClient, command
from jupyter_aml.emulation import shim
from jupyter_aml.entities.emulation import AZ, MARK
from jupyter_aml.entities.job import Job

LIMIT = 300.0
SCRIPT = """
import sys
import pandas
import mltable
from azure.ai.ml import MLClient
from azure.identity import DefaultAzureCredential
from azureml.core import Run, Workspace
print("workspace", MLClient.from_config(DefaultAzureCredential()).workspace_name, Workspace.from_config().name)
print("ours", mltable.load.__module__, Run.__module__)
"""
PARENT = """
from azure.ai.ml import MLClient, command
ml_client = MLClient.from_config()
job = ml_client.jobs.create_or_update(command(command="python -c 'import azureml.core; print(7)'"))
ml_client.jobs.wait(job.name, timeout=120)
ml_client.jobs.stream(job.name)
"""


def ran(
    ml_client: MLClient, folder: Path, script: str, line: str = "python train.py", **variables: str
) -> tuple[Job, str]:
    """The job of that script once it is over, and its log."""
    code = folder / "code"
    code.mkdir()
    (code / "train.py").write_text(script)
    draft = command(code=str(code), command=line, environment_variables=variables)
    job = ml_client.jobs.wait(ml_client.jobs.create_or_update(draft).name or "", timeout=LIMIT)
    return job, (ml_client.workspace.folder.artifacts(job.name or "") / "user_logs" / "std_log.txt").read_text()


@pytest.mark.parametrize(
    ("line", "variables"),
    [("python train.py", {}), ("cd . && python train.py", {}), ("python train.py", {"PYTHONPATH": "elsewhere"})],
)
def test_a_job_of_an_emulated_kernel_finds_azures_names(
    ml_client: MLClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, variables: dict[str, str]
) -> None:
    monkeypatch.setenv(MARK, "1")
    job, log = ran(ml_client, tmp_path, SCRIPT, line, **variables)
    assert job.status == "Completed", log
    assert "workspace default default" in log
    assert "ours jupyter_aml.mltable jupyter_aml.v1.core" in log


def test_a_job_that_it_submits_finds_them_too(
    ml_client: MLClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(MARK, "1")
    job, log = ran(ml_client, tmp_path, PARENT)
    assert job.status == "Completed", log
    assert "\n7\n" in log


def test_a_job_of_any_other_kernel_does_not(
    ml_client: MLClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(MARK, "1")
    ran(ml_client, tmp_path, SCRIPT)
    monkeypatch.delenv(MARK)
    other = tmp_path / "other"
    other.mkdir()
    job, log = ran(ml_client, other, "import mltable")
    assert job.status == "Failed"
    assert "No module named 'mltable'" in log


@pytest.mark.parametrize("script", ["import mltable", "import pandas, mltable"])
@pytest.mark.parametrize("switched", [{"around": "0"}, {"around": "1", MARK: "no"}])
def test_nor_does_one_for_which_they_are_switched_off(
    ml_client: MLClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, switched: dict[str, str]
) -> None:
    monkeypatch.setenv(MARK, switched["around"])
    job, log = ran(ml_client, tmp_path, script, **switched)
    assert job.status == "Failed"
    assert "No module named 'mltable'" in log


def test_the_az_of_an_emulated_kernel_reaches_no_job_of_another(
    ml_client: MLClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", os.environ["PATH"])
    monkeypatch.delenv(AZ, raising=False)
    shim.on_path()
    folder, _, _ = os.environ["PATH"].partition(os.pathsep)
    ml_client.jobs.wait(ml_client.jobs.create_or_update(command(command="true")).name or "", timeout=LIMIT)
    shim.off_path()
    job, log = ran(ml_client, tmp_path, "import os; print(os.environ['PATH'])")
    assert job.status == "Completed", log
    assert (Path(folder) / "az").exists()
    assert folder not in log


def test_what_another_sitecustomize_does_is_done_as_well(
    ml_client: MLClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(MARK, "1")
    place = tmp_path / "site"
    place.mkdir()
    (place / "sitecustomize.py").write_text("import sys; sys.customized = 'yes'")
    job, log = ran(ml_client, tmp_path, "import sys, mltable; print(sys.customized)", PYTHONPATH=str(place))
    assert job.status == "Completed", log
    assert log.startswith("yes")

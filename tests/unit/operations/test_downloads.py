"""A finished job's files in SDK v2's layout (§7.8)."""

import os
from pathlib import Path
from typing import Any

import pytest

from jupyter_aml import Output, command
from jupyter_aml.entities.status import JobStatus
from jupyter_aml.exceptions import ResourceNotFoundError
from jupyter_aml.operations import jobs
from jupyter_aml.operations.downloads import download
from jupyter_aml.operations.workspaces import Workspace
from jupyter_aml.store import jobs as rows


@pytest.fixture
def artifacts(workspace: Workspace, here: Path) -> Path:
    """The default output of the finished job 'mine', which has a folder and a file as outputs too."""
    outputs = {"model": Output(), "score": Output(type="uri_file")}
    jobs.submit(workspace, command(command="echo", name="mine", outputs=outputs))
    root = workspace.folder.artifacts("mine")
    for path in ("outputs/m.txt", "user_logs/std_log.txt"):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(path)
    blobs = workspace.folder.datastore("workspaceblobstore") / "azureml" / "mine"
    (blobs / "model" / "sub").mkdir(parents=True)
    (blobs / "model" / "sub" / "w.bin").write_text("w")
    (blobs / "score").write_text("0.9")
    with workspace.database.transaction() as connection:
        rows.set_status(connection, "mine", JobStatus.COMPLETED)
    return root


def _found(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


ARTIFACTS = {"artifacts/outputs/m.txt", "artifacts/user_logs/std_log.txt"}
MODEL, SCORE = {"named-outputs/model/sub/w.bin"}, {"named-outputs/score/score"}


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, ARTIFACTS), ({"output_name": "default"}, ARTIFACTS), ({"output_name": "model"}, MODEL),
        ({"output_name": "score"}, SCORE), ({"everything": True}, ARTIFACTS | MODEL | SCORE),
    ],
)  # fmt: skip
def test_the_layout_is_azures(
    workspace: Workspace, artifacts: Path, tmp_path: Path, asked: dict[str, Any], expected: set[str]
) -> None:
    for _ in range(2):  # what is there is written over
        download(workspace, "mine", tmp_path / "to", **asked)
    assert _found(tmp_path / "to") == expected


def test_an_unknown_output_names_the_nearest_one(workspace: Workspace, artifacts: Path, tmp_path: Path) -> None:
    with pytest.raises(ResourceNotFoundError, match="no output named 'modle'") as caught:
        download(workspace, "mine", tmp_path / "to", output_name="modle")
    assert "Did you mean 'model'?" in str(caught.value)
    assert not (tmp_path / "to").exists()


def test_what_jobs_leave_lying_around_does_not_stop_a_download(
    workspace: Workspace, artifacts: Path, tmp_path: Path
) -> None:
    outputs = artifacts / "outputs"
    (outputs / "nowhere").symlink_to("nothing")
    (outputs / "self").symlink_to(".")
    (outputs / "up").symlink_to(artifacts)
    (outputs / "latest.txt").symlink_to("m.txt")
    os.mkfifo(outputs / "pipe")
    (outputs / "fixed.txt").write_text("1")
    (outputs / "fixed.txt").chmod(0o444)
    for _ in range(2):
        download(workspace, "mine", tmp_path / "to")
    assert _found(tmp_path / "to") == ARTIFACTS | {"artifacts/outputs/latest.txt", "artifacts/outputs/fixed.txt"}


def test_a_job_that_wrote_nothing_gives_an_empty_folder(workspace: Workspace, here: Path, tmp_path: Path) -> None:
    jobs.submit(workspace, command(command="echo", name="mine", outputs={"model": None}))
    with workspace.database.transaction() as connection:
        rows.set_status(connection, "mine", JobStatus.CANCELED)
    download(workspace, "mine", tmp_path / "to", everything=True)
    assert (tmp_path / "to" / "artifacts").is_dir()
    assert (tmp_path / "to" / "named-outputs" / "model").is_dir()

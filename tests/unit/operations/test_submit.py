"""What a submit leaves: a frozen job, a wish, a run; what changes it later, and what does not."""

import json
import re
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from jupyter_aml import Input, Output, command, load_job
from jupyter_aml.entities.launch import Launch, launch_from_json
from jupyter_aml.entities.names import Seq
from jupyter_aml.exceptions import JobException, UserErrorException
from jupyter_aml.operations import jobs, run_details
from jupyter_aml.operations.workspaces import Workspace
from jupyter_aml.store import facts
from jupyter_aml.store import jobs as rows

LOOSE: Any = {"N": 1, "YES": True}  # what YAML may hold where texts are expected
UPLOADED = re.compile(r"azureml://datastores/workspaceblobstore/paths/(LocalUpload/[0-9a-f]{32}/.+)")


def _launch(workspace: Workspace, name: str) -> Launch:
    return launch_from_json(rows.launch_text(workspace.database, name))


def test_a_made_up_name_has_azures_shape(workspace: Workspace, here: Path) -> None:
    names = {jobs.submit(workspace, command(command="echo")).name for _ in range(20)}
    assert len(names) == 20
    assert all(re.fullmatch(r"[a-z]+_[a-z]+_[bcdfghjklmnpqrstvwxyz0-9]{10}", name) for name in names)


def test_the_defaults_are_azures(workspace: Workspace, here: Path) -> None:
    job = jobs.submit(workspace, command(command="echo"))
    assert job.experiment == "projectone"  # the folder is "project one"
    assert job.display_name == job.name
    assert (job.compute, job.type, job.status, job.nodes) == ("serverless", "command", "NotStarted", 1)
    assert job.properties["environment"] == "kernel:1"
    assert "ContentSnapshotId" not in job.properties


def test_a_submit_is_one_row_one_wish_and_one_run(workspace: Workspace, here: Path) -> None:
    draft = command(
        command="echo", name="mine", display_name="Mine", experiment_name="exp", description="why",
        tags={"a": "é"}, properties={"p": "1"}, code="src", compute="azureml:local-cluster",
    )  # fmt: skip
    job = jobs.submit(workspace, draft)
    assert rows.get(workspace.database, "mine") == job
    story = facts.story(workspace.database, "mine")
    assert [(fact.kind, dict(fact.body)) for fact in story] == [
        ("job.wished", {"experiment": "exp", "compute": "local-cluster"})
    ]
    tags = workspace.runs.tags("mine")
    assert (tags["a"], tags["p"], tags["mlflow.runName"], tags["mlflow.note.content"]) == ("é", "1", "Mine", "why")
    assert job.properties["ContentSnapshotId"] == tags["ContentSnapshotId"]
    assert Path(_launch(workspace, "mine").snapshot).is_file()


def test_a_draft_that_is_changed_after_the_submit_changes_nothing(workspace: Workspace, here: Path) -> None:
    draft = command(command="echo", tags={"a": "1"}, name="mine")
    before = jobs.submit(workspace, draft)
    draft.tags["a"] = "2"
    assert rows.get(workspace.database, "mine") == before
    assert before.tags == {"a": "1"}


def test_local_data_is_uploaded_once_and_replaced_by_its_uri(workspace: Workspace, here: Path) -> None:
    draft = command(
        command="cat ${{inputs.file}} ${{inputs.folder}}",
        inputs={"file": Input(type="uri_file", path="data/d.csv"), "folder": Input(path="./data")},
    )
    jobs.submit(workspace, draft)
    job = jobs.submit(workspace, draft)
    spec, launch = job.spec["inputs"], _launch(workspace, job.name)
    for name, ending in (("file", "/d.csv"), ("folder", "/data/")):
        found = UPLOADED.fullmatch(spec[name]["path"])
        assert found
        assert found[1].endswith(ending)
        assert launch.inputs[name].value == spec[name]["path"]
        assert launch.inputs[name].mode == "ro_mount"
        assert (workspace.folder.datastore("workspaceblobstore") / found[1]).exists()
    uploads = workspace.folder.datastore("workspaceblobstore") / "LocalUpload"
    assert len(list(uploads.iterdir())) == 2


def test_a_file_uri_and_a_direct_address_are_inputs_too(workspace: Workspace, here: Path) -> None:
    odd = here / "d é%20 1.csv"
    odd.write_text("x")
    inputs = {
        "file": Input(type="uri_file", path=odd.as_uri()),
        "web": Input(type="uri_file", path="https://x/y.csv", mode="direct"),
        "there": Input(type="uri_folder", path="azureml://datastores/workspaceblobstore/paths/not/yet/"),
        "model": Input(type="custom_model", path="data/d.csv"),
    }
    launch = _launch(workspace, jobs.submit(workspace, command(command="echo", inputs=inputs)).name)
    assert str(launch.inputs["file"].value).endswith("/d é%20 1.csv")
    assert launch.inputs["web"].value == "https://x/y.csv"
    assert launch.inputs["there"].value == "azureml://datastores/workspaceblobstore/paths/not/yet/"


def test_outputs_go_to_their_default_place_or_where_their_path_says(workspace: Workspace, here: Path) -> None:
    store = "azureml://datastores/${{default_datastore}}/paths"
    outputs = {
        "plain": None,
        "placed": Output(path=f"{store}/models/${{{{name}}}}/${{{{output_name}}}}", mode="upload"),
        "long": Output(
            path="azureml://subscriptions/s/resourcegroups/r/workspaces/w/datastores/workspaceartifactstore/paths/x"
        ),
    }
    job = jobs.submit(workspace, command(command="echo", name="mine", outputs=outputs))
    blobs, found = workspace.folder.datastore("workspaceblobstore"), _launch(workspace, job.name).outputs
    assert found["plain"].path == str(blobs / "azureml" / "mine" / "plain")
    assert found["placed"].path == str(blobs / "models" / "mine" / "placed")
    assert found["long"].path == str(workspace.folder.datastore("workspaceartifactstore") / "x")
    assert [found[name].mode for name in outputs] == ["rw_mount", "upload", "rw_mount"]
    shown = {output.name: output.path for output in run_details.details(workspace, "mine").outputs}
    assert shown == {name: output.path for name, output in found.items()}


def test_code_may_be_a_file_and_is_remembered_by_its_full_path(workspace: Workspace, here: Path) -> None:
    spelled = ["src", "./src", "src/train.py", str(here / "src"), "data/../src", here / "src"]
    found = [jobs.submit(workspace, command(command="echo", code=code)) for code in spelled]
    assert {job.spec["code"] for job in found} == {str(here / "src")}
    assert len({job.properties["ContentSnapshotId"] for job in found}) == 1


def test_resources_limits_and_distribution_reach_the_launch(workspace: Workspace, here: Path) -> None:
    wanted = command(
        command="echo", timeout=90, instance_count=1, shm_size="2g", environment_variables=LOOSE,
        distribution={"type": "PyTorch", "process_count_per_instance": 3},
    )  # fmt: skip
    launch = _launch(workspace, jobs.submit(workspace, wanted).name)
    assert (launch.timeout, launch.nodes, launch.environment_variables) == (90, 1, {"N": "1", "YES": "True"})
    assert (launch.distribution.type, launch.distribution.processes_per_node) == ("pytorch", 3)


YAML = """
$schema: https://azuremlschemas.azureedge.net/latest/commandJob.schema.json
type: command
code: ../src
command: python train.py ${{inputs.data}} --rate ${{inputs.rate}} --out ${{outputs.model}}
environment: azureml:sklearn-1.5@latest
compute: azureml:local-cluster
display_name: Shown
experiment_name: exp
description: why
inputs:
  data: {type: uri_file, path: ../data/d.csv, mode: download}
  rate: 0.5
outputs:
  model: {type: uri_folder}
environment_variables: {SEED: 7}
resources: {instance_count: 1}
limits: {timeout: 60}
tags: {a: b}
"""


def _same_by_sdk() -> object:
    return command(
        code="./src", command="python train.py ${{inputs.data}} --rate ${{inputs.rate}} --out ${{outputs.model}}",
        environment="sklearn-1.5@latest", compute="local-cluster", display_name="Shown", experiment_name="exp",
        description="why", outputs={"model": Output()}, environment_variables={"SEED": "7"}, instance_count=1,
        inputs={"data": Input(type="uri_file", path="data/d.csv", mode="download"), "rate": 0.5}, timeout=60,
        tags={"a": "b"},
    )  # fmt: skip


def test_the_same_job_by_yaml_and_by_sdk_leaves_the_same_rows(workspace: Workspace, here: Path) -> None:
    (here / "jobs").mkdir()
    (here / "jobs" / "job.yml").write_text(YAML)
    seen: list[str] = []
    for draft in (load_job("jobs/job.yml"), _same_by_sdk()):
        job = jobs.submit(workspace, draft)  # pyright: ignore[reportArgumentType] - a Command both times
        row = dict(workspace.database.connection.execute("SELECT * FROM jobs WHERE name = ?", (job.name,)).fetchone())
        spec, launch = json.loads(row.pop("spec")), json.loads(row.pop("launch"))
        environment = spec.pop("environment").removeprefix("azureml:")
        story = [(fact.kind, dict(fact.body)) for fact in facts.story(workspace.database, job.name)]
        everything = [
            {**row, "seq": 0, "created_at": 0},
            spec,
            launch,
            environment,
            story,
            workspace.runs.tags(job.name),
        ]
        seen.append(json.dumps(everything, sort_keys=True).replace(job.name, "NAME"))
    assert seen[0] == seen[1]


def test_an_update_merges_tags_adds_properties_and_never_touches_the_status(workspace: Workspace, here: Path) -> None:
    before = jobs.submit(
        workspace, command(command="echo", name="mine", tags={"a": "1", "b": "1"}, properties={"p": "1"})
    )
    after = jobs.describe(
        workspace, "mine", display_name="New", tags={"b": "2", "c": "2"}, properties={"p": "1", "q": "2"}
    )
    assert after.tags == {"a": "1", "b": "2", "c": "2"}
    assert (after.properties["p"], after.properties["q"]) == ("1", "2")
    assert (after.display_name, after.description, after.status) == ("New", before.description, before.status)
    tags = workspace.runs.tags("mine")
    assert (tags["b"], tags["c"], tags["mlflow.runName"]) == ("2", "2", "New")
    assert [fact.kind for fact in facts.story(workspace.database, "mine")] == ["job.wished", "job.described"]


def test_an_update_of_nothing_is_refused(workspace: Workspace, here: Path) -> None:
    jobs.submit(workspace, command(command="echo", name="mine"))
    with pytest.raises(UserErrorException, match="Nothing to update"):
        jobs.describe(workspace, "mine")


def test_a_cancel_is_a_wish_and_archiving_hides(workspace: Workspace, here: Path) -> None:
    jobs.submit(workspace, command(command="echo", name="mine"))
    jobs.cancel(workspace, "mine")
    jobs.archive(workspace, "mine")
    assert list(rows.select(workspace.database, rows.Filter())) == []
    jobs.archive(workspace, "mine", archived=False)
    assert [job.name for job in rows.select(workspace.database, rows.Filter())] == ["mine"]
    kinds = [fact.kind for fact in facts.wishes(workspace.database, Seq(0))]
    assert kinds == ["job.wished", "job.cancel.wished"]


def test_a_job_that_is_not_over_cannot_be_downloaded(workspace: Workspace, here: Path) -> None:
    jobs.submit(workspace, command(command="echo", name="mine"))
    with pytest.raises(JobException, match="in state NotStarted"):
        jobs.finished(workspace, "mine")


@pytest.fixture
def both_add(workspace: Workspace, here: Path) -> Callable[[str, str], Mapping[str, str]]:
    """Adds one property while another is being added; the job's properties then."""

    def add(name: str, meanwhile: str) -> Mapping[str, str]:
        job = jobs.submit(workspace, command(command="echo", properties={"first": "1"}))

        def describe() -> None:
            try:
                jobs.describe(workspace, job.name, display_name="Seen", properties={name: "mine"})
            finally:
                workspace.database.close()

        with ThreadPoolExecutor(1) as pool:
            with workspace.database.transaction() as connection:
                slow = pool.submit(describe)
                while workspace.runs.tags(job.name)["mlflow.runName"] != "Seen":
                    assert not slow.done()  # it has read the job, and waits for our transaction to write
                rows.add_properties(connection, job.name, {meanwhile: "yours"})
            slow.result()
        return rows.get(workspace.database, job.name).properties

    return add


def test_of_two_that_add_properties_at_once_both_are_heard(both_add: Callable[[str, str], Mapping[str, str]]) -> None:
    assert both_add("one", "other").items() >= {"first": "1", "one": "mine", "other": "yours"}.items()


def test_of_two_that_add_one_property_at_once_the_second_is_told(
    workspace: Workspace, both_add: Callable[[str, str], Mapping[str, str]]
) -> None:
    with pytest.raises(UserErrorException, match=r"properties\.one: it is 'yours' and never changes"):
        both_add("one", "one")
    (job,) = rows.select(workspace.database, rows.Filter())
    assert job.properties["one"] == "yours"


def test_who_changes_a_property_is_told_before_anything_changes(workspace: Workspace, here: Path) -> None:
    job = jobs.submit(workspace, command(command="echo", display_name="Old", properties={"a": "1"}))
    before = (rows.get(workspace.database, job.name), workspace.runs.tags(job.name))
    with pytest.raises(UserErrorException, match=r"properties\.a: it is '1' and never changes, asked for '2'"):
        jobs.describe(workspace, job.name, display_name="New", tags={"t": "1"}, properties={"a": "2", "b": "é"})
    assert (rows.get(workspace.database, job.name), workspace.runs.tags(job.name)) == before

"""The front door: SDK v2's shapes, over a workspace in which nothing runs."""

import json
from pathlib import Path

import pytest

from jupyter_aml import MLClient, command
from jupyter_aml.entities import AmlCompute, Environment
from jupyter_aml.exceptions import ResourceNotFoundError, ValidationException
from jupyter_aml.operations import jobs
from jupyter_aml.store import jobs as rows


class Credential:
    """Any object will do."""


def test_a_client_is_made_as_in_sdk_v2_and_touches_nothing(home: Path) -> None:
    client = MLClient(Credential(), "S", "R", "W")
    assert (client.subscription_id, client.resource_group_name, client.workspace_name) == ("S", "R", "W")
    assert repr(client) == "MLClient(subscription_id=S,\n         resource_group_name=R,\n         workspace_name=W)"
    assert list(home.iterdir()) == []
    MLClient(
        credential=Credential(), subscription_id="S", resource_group_name="R", workspace_name="W", logging_enable=True
    )


def test_names_that_nobody_filled_in_mean_the_current_workspace(home: Path) -> None:
    client = MLClient(Credential(), "<SUBSCRIPTION_ID>", "<RESOURCE_GROUP>", "<AML_WORKSPACE_NAME>")
    assert client.workspace_name == client.workspaces.get("<AML_WORKSPACE_NAME>").name == "default"
    of_no_workspace = MLClient(Credential(), "<SUBSCRIPTION_ID>", "<RESOURCE_GROUP>")
    assert of_no_workspace.workspaces.get("<AML_WORKSPACE_NAME>").name == "default"
    assert [compute.name for compute in client.compute.list()] == ["local-cluster"]
    assert len(list(home.rglob("workspace.db"))) == 1


def test_what_cannot_be_a_client_is_refused(home: Path) -> None:
    with pytest.raises(ValueError, match="credential can not be None"):
        MLClient(None, "S", "R", "W")
    with pytest.raises(ValidationException, match="workspace_name and registry_name"):
        MLClient(Credential(), "S", "R", "W", "registry")
    with pytest.raises(ValidationException, match="workspace_name is empty"):
        MLClient(Credential(), "S", "R").compute.get("local-cluster")
    with pytest.raises(ValidationException, match="resource_group is empty"):
        MLClient(Credential(), "S")


def test_a_config_file_names_the_workspace(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = {"subscription_id": "S", "resource_group": "R", "workspace_name": "W"}
    (home.parent / "mine.json").write_text(json.dumps(names))
    monkeypatch.chdir(home)
    assert MLClient.from_config(Credential(), file_name="mine.json").workspace_name == "W"
    assert MLClient.from_config(credential=Credential(), path=str(home.parent / "mine.json")).workspace_name == "W"
    with pytest.raises(ValidationException, match=r"We could not find config\.json in: "):
        MLClient.from_config(Credential())
    assert MLClient.default().workspace_name == "default"


def test_the_workspace_shows_what_notebooks_ask_for(ml_client: MLClient) -> None:
    workspace = ml_client.workspaces.get()
    assert workspace.name == "default"
    assert workspace.mlflow_tracking_uri == ml_client.workspace.tracking_uri
    assert str(workspace.id).endswith("/workspaces/default")
    assert (workspace.location, workspace.resource_group) == ("local", "local")
    assert ml_client.workspaces.get("default").name == "default"
    with pytest.raises(ResourceNotFoundError, match="'other'"):
        ml_client.workspaces.get("other")


def test_the_front_door_takes_jobs_and_environments_only(ml_client: MLClient) -> None:
    with pytest.raises(TypeError, match="Please refer to create_or_update docstring for valid input types"):
        ml_client.create_or_update(AmlCompute(name="cpu"))  # pyright: ignore[reportArgumentType, reportCallIssue] - as users do
    with pytest.raises(TypeError, match="Please refer to begin_create_or_update docstring"):
        ml_client.begin_create_or_update(command(command="x"))  # pyright: ignore[reportArgumentType, reportCallIssue] - as users do
    with pytest.raises(TypeError):
        ml_client.jobs.create_or_update(Environment(name="x", image="y"))  # pyright: ignore[reportArgumentType] - as users do
    assert ml_client.create_or_update(Environment(name="tools", image="x")).version == "1"


def test_a_cluster_is_made_polled_shown_and_deleted(ml_client: MLClient) -> None:
    with pytest.raises(ResourceNotFoundError):
        ml_client.compute.get("aml-cluster")
    cluster = AmlCompute(
        name="aml-cluster", type="amlcompute", size="STANDARD_DS11_V2", min_instances=0, max_instances=1,
        idle_time_before_scale_down=120, tier="Dedicated",
    )  # fmt: skip
    poller = ml_client.compute.begin_create_or_update(cluster)
    poller.wait()
    assert (poller.done(), poller.status()) == (True, "Succeeded")
    made = poller.result(timeout=120)
    assert isinstance(made, AmlCompute)
    assert (made.provisioning_state, made.size, made.tier) == ("Succeeded", "STANDARD_DS11_V2", "dedicated")
    assert ml_client.begin_create_or_update(made).result().name == "aml-cluster"
    assert [compute.name for compute in ml_client.compute.list()] == ["aml-cluster", "local-cluster"]
    assert list(ml_client.compute.list(compute_type="ComputeInstance")) == []
    assert {"STANDARD_DS11_V2", "STANDARD_DS3_V2"} <= {size.name for size in ml_client.compute.list_sizes()}
    ml_client.compute.begin_delete("aml-cluster").wait()
    with pytest.raises(ResourceNotFoundError):
        ml_client.compute.get("aml-cluster")


def test_environments_are_listed_as_containers_and_as_versions(ml_client: MLClient) -> None:
    for image in ("a", "b"):
        ml_client.environments.create_or_update(Environment(name="tools", image=image))
    containers = {found.name: found for found in ml_client.environments.list()}
    assert "AzureML-sklearn-0.24-ubuntu18.04-py37-cpu" in containers
    assert (containers["tools"].version, containers["tools"].latest_version) == (None, "2")
    assert [found.version for found in ml_client.environments.list("tools")] == ["2", "1"]
    assert [found.version for found in ml_client.environments.list(name="kernel")] == ["1"]


def test_an_environment_is_got_by_a_version_or_a_label(ml_client: MLClient) -> None:
    ml_client.environments.create_or_update(Environment(name="tools", image="a", version="odd-version_1"))
    get = ml_client.environments.get
    assert get("tools", "odd-version_1").image == "a"
    assert get(name="tools", label="latest").version == "odd-version_1"
    curated = get("AzureML-sklearn-0.24-ubuntu18.04-py37-cpu", version=44)
    assert curated.tags["Scikit-learn"] == "0.24.1"
    assert str(curated.id).endswith("/environments/AzureML-sklearn-0.24-ubuntu18.04-py37-cpu/versions/44")
    for wrong, words in (
        ({}, "Must provide either version or label"),
        ({"version": "1", "label": "latest"}, "Cannot specify both version and label"),
    ):
        with pytest.raises(ValidationException, match=words):
            get("tools", **wrong)
    with pytest.raises(ResourceNotFoundError, match="does not exist"):
        get("tools", label="stable")
    with pytest.raises(ResourceNotFoundError) as caught:
        get("tolls", "1")
    assert "Did you mean 'tools'?" in str(caught.value)


def test_a_returned_environment_can_be_a_jobs(ml_client: MLClient) -> None:
    made = ml_client.environments.create_or_update(Environment(name="tools", image="a"))
    for environment in (made, str(made.id), f"azureml:{made.id}", f"{made.name}:{made.version}", f"{made.name}@latest"):
        record = jobs.submit(ml_client.workspace, command(command="x", environment=environment))
        assert record.properties["environment"] == "tools:1"


def test_jobs_are_listed_newest_first_by_view_experiment_and_status(ml_client: MLClient) -> None:
    for number in range(5):
        jobs.submit(ml_client.workspace, command(command="x", name=f"j{number}", experiment_name=f"e{number % 2}"))
    ml_client.jobs.archive("j1")
    listed = ml_client.jobs.list()
    assert next(listed).name == "j4"
    assert [job.name for job in listed] == ["j3", "j2", "j0"]
    assert [job.name for job in ml_client.jobs.list(list_view_type="ArchivedOnly")] == ["j1"]
    assert [job.name for job in ml_client.jobs.list(list_view_type="All", experiment_name="e1")] == ["j3", "j1"]
    assert [job.name for job in ml_client.jobs.list(status="Completed")] == []
    assert [job.name for job in ml_client.jobs.list(parent_job_name="j0")] == []
    ml_client.jobs.restore("j1")
    assert len(list(ml_client.jobs.list())) == 5
    with pytest.raises(ValidationException, match="'Archived' is not a view"):
        ml_client.jobs.list(list_view_type="Archived")


def test_a_missing_job_is_not_found_by_any_verb(ml_client: MLClient) -> None:
    jobs.submit(ml_client.workspace, command(command="x", name="happy_frog"))
    on = ml_client.jobs
    verbs = (on.get, on.stream, on.begin_cancel, on.archive, on.restore, on.download, on.details, on.wait)
    for verb in verbs:
        with pytest.raises(ResourceNotFoundError) as caught:
            verb("happy_frgo")
        assert "Did you mean 'happy_frog'?" in str(caught.value)
        assert caught.value.status_code == 404


def test_validate_finds_what_a_submit_would_say_and_stores_nothing(ml_client: MLClient) -> None:
    wrong = command(command="x", compute="no-such")
    found = ml_client.jobs.validate(wrong)
    assert not found.passed
    assert "no-such" in str(found.error_messages)
    with pytest.raises(ResourceNotFoundError):
        ml_client.jobs.validate(wrong, raise_on_failure=True)
    assert ml_client.jobs.validate(command(command="x")).passed
    assert rows.recent_names(ml_client.workspace.database) == []

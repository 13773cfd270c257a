"""Compute targets of SDK v1: the computes of SDK v2, found and made by their names."""

from pathlib import Path

import pytest

from jupyter_aml import MLClient
from jupyter_aml.exceptions import NotAvailableError
from jupyter_aml.v1.core.compute import AmlCompute, ComputeInstance, ComputeTarget
from jupyter_aml.v1.core.compute_target import ComputeTargetException
from jupyter_aml.v1.core.experiment import Experiment
from jupyter_aml.v1.core.script_run_config import ScriptRunConfig
from jupyter_aml.v1.core.workspace import Workspace
from tests.journeys.engine.conftest import until


@pytest.fixture
def ws(ml_client: MLClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.chdir(tmp_path)
    return Workspace.of(ml_client)


def made(ws: Workspace, **said: object) -> AmlCompute:
    wanted = AmlCompute.provisioning_configuration(vm_size="STANDARD_DS11_V2", **said)  # pyright: ignore[reportArgumentType] - of the test's own
    found = ComputeTarget.create(ws, "your-cluster", wanted)
    found.wait_for_completion()
    assert isinstance(found, AmlCompute)
    return found


def test_a_name_that_nobody_has_is_the_error_that_labs_catch(ws: Workspace) -> None:
    for kind in (ComputeTarget, AmlCompute):
        with pytest.raises(ComputeTargetException, match="your-cluster not found"):
            kind(workspace=ws, name="your-cluster")


def test_a_cluster_is_sdk_v2s(ws: Workspace) -> None:
    cluster = made(ws, max_nodes=2)
    kept = ws.client.compute.get("your-cluster")
    assert (kept.type, vars(kept)["max_instances"]) == ("amlcompute", 2)
    assert isinstance(ComputeTarget(ws, "your-cluster"), AmlCompute)
    assert (cluster.type, cluster.vm_size, cluster.provisioning_state) == (
        "AmlCompute",
        "STANDARD_DS11_V2",
        "Succeeded",
    )
    assert "your-cluster" in ws.compute_targets
    assert {one.name for one in ComputeTarget.list(ws)} == {"local-cluster", "your-cluster"}


def test_its_status_has_the_words_that_labs_print(ws: Workspace) -> None:
    status = made(ws, max_nodes=2, vm_priority="lowpriority").get_status()
    assert (status.allocation_state, status.current_node_count, status.vm_priority) == ("Steady", 0, "low_priority")
    assert status.serialize()["scaleSettings"] == {
        "minNodeCount": 0, "maxNodeCount": 2, "nodeIdleTimeBeforeScaleDown": "PT1800S"
    }  # fmt: skip


def test_the_end_of_the_wait_is_printed_when_asked_for(ws: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    made(ws)
    assert capsys.readouterr().out == ""
    ComputeTarget(ws, "your-cluster").wait_for_completion(show_output=True)
    assert capsys.readouterr().out == "Succeeded\nAmlCompute wait for completion finished\n\n"


def test_a_cluster_is_changed_and_deleted(ws: Workspace) -> None:
    cluster = made(ws, max_nodes=2)
    cluster.update(max_nodes=3, idle_seconds_before_scaledown=60)
    assert (cluster.scale_settings.maximum_node_count, cluster.scale_settings.idle_seconds_before_scaledown) == (3, 60)
    cluster.delete()
    until(lambda: "your-cluster" not in ws.compute_targets)


def test_what_cannot_be_made_is_told_by_the_error_that_labs_catch(ws: Workspace) -> None:
    with pytest.raises(ComputeTargetException, match="min_nodes"):
        AmlCompute.provisioning_configuration(min_nodes=3, max_nodes=2)
    with pytest.raises(ComputeTargetException, match="not a valid cluster name"):
        ComputeTarget.create(ws, "x", AmlCompute.provisioning_configuration())


def test_an_instance_is_stopped_and_started(ws: Workspace) -> None:
    machine = ComputeTarget.create(ws, "machine-1", ComputeInstance.provisioning_configuration("STANDARD_DS3_V2"))
    machine.wait_for_completion()
    assert isinstance(machine, ComputeInstance)
    assert machine.get_status().state == "Running"
    machine.stop(wait_for_completion=True)
    assert machine.get_status().state == "Stopped"
    machine.start(wait_for_completion=True)
    assert machine.get_status().state == "Running"


def test_what_sdk_v1_attaches_is_not_here(ws: Workspace) -> None:
    with pytest.raises(
        NotAvailableError, match=r"ComputeTarget\.attach: attached computes of SDK v1 are not available"
    ):
        ComputeTarget.attach(ws, "vm", object())
    assert "vm" not in ws.compute_targets


def test_what_was_made_here_is_not_detached_and_what_is_busy_not_deleted(ws: Workspace) -> None:
    cluster = made(ws, max_nodes=1)
    with pytest.raises(ComputeTargetException, match="it was created here, not attached"):
        cluster.detach()
    Path("src").mkdir()
    Path("src/main.py").write_text("import time; time.sleep(600)")
    run = Experiment(ws, "busy").submit(ScriptRunConfig("src", "main.py", compute_target=cluster))
    with pytest.raises(ComputeTargetException, match="has 1 unfinished jobs"):
        cluster.delete()
    run.cancel()
    run.wait_for_completion(raise_on_error=False)
    cluster.delete()
    cluster.wait_for_completion(is_delete_operation=True)
    assert "your-cluster" not in ws.compute_targets
    with pytest.raises(ComputeTargetException, match="Not found compute with name your-cluster"):
        cluster.delete()


def test_a_wait_knows_its_words(ws: Workspace) -> None:
    with pytest.raises(TypeError, match="timeout_in_minute"):
        made(ws).wait_for_completion(timeout_in_minute=1)  # pyright: ignore[reportCallIssue] - wrong on purpose


def test_what_a_cloud_would_ask_of_a_node_has_no_meaning(ws: Workspace) -> None:
    wanted = AmlCompute.provisioning_configuration(
        "STANDARD_DS3_V2", admin_username="me", admin_user_ssh_key="a key", vnet_name="net", location="westeurope"
    )
    assert "a key" not in repr(wanted)
    assert ComputeTarget.create(ws, "plain", wanted).name == "plain"
    with pytest.raises(TypeError, match="max_node"):
        AmlCompute.provisioning_configuration(max_node=2)  # pyright: ignore[reportCallIssue] - wrong on purpose


def test_an_instance_says_how_it_stands_when_asked(ws: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    machine = ComputeTarget.create(ws, "machine-2", ComputeInstance.provisioning_configuration("STANDARD_DS3_V2"))
    machine.wait_for_completion()
    assert isinstance(machine, ComputeInstance)
    machine.stop(wait_for_completion=True, show_output=True)
    assert capsys.readouterr().out == "Stopped\nComputeInstance stop finished\n\n"

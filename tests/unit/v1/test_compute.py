"""Compute targets of SDK v1: the computes of SDK v2, found and made by their names."""

import pytest

from jupyter_aml import MLClient
from jupyter_aml.v1.core.compute import AmlCompute, ComputeInstance, ComputeTarget
from jupyter_aml.v1.core.compute_target import ComputeTargetException
from jupyter_aml.v1.core.workspace import Workspace
from tests.journeys.engine.conftest import until


@pytest.fixture
def ws(ml_client: MLClient) -> Workspace:
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

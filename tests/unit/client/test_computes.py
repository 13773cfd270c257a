"""`ml_client.compute` as SDK v2 shows it: Azure's names for what a compute is and does."""

import pytest

from jupyter_aml import MLClient
from jupyter_aml.entities.attached_compute import KubernetesCompute
from jupyter_aml.entities.compute import AmlCompute
from jupyter_aml.entities.compute_instance import ComputeInstance
from jupyter_aml.exceptions import ResourceNotFoundError, UserErrorException


def test_a_cluster_shows_every_state_that_azure_counts_and_its_tier_in_azures_spelling(ml_client: MLClient) -> None:
    draft = AmlCompute(name="cheap", tier="LowPriority", min_instances=1)
    made = ml_client.compute.begin_create_or_update(draft).result(timeout=60)
    assert isinstance(made, AmlCompute)
    assert made.node_state_counts == {
        "idle": 1, "running": 0, "preparing": 0, "leaving": 0, "unusable": 0, "preempted": 0,
    }  # fmt: skip
    assert (made.tier, made.current_node_count, made.allocation_state) == ("low_priority", 1, "Steady")
    assert made.provisioning_state == "Succeeded"
    assert made.id == f"{ml_client.workspace.id.arm}/computes/cheap"
    (node,) = ml_client.compute.list_nodes("cheap")
    assert (node.node_state, node.run_id) == ("idle", None)


def test_what_was_fetched_can_be_changed_and_sent_back(ml_client: MLClient) -> None:
    ml_client.compute.begin_create_or_update(AmlCompute(name="cpu", size="Standard_NC6", tier="Dedicated")).result(60)
    fetched = ml_client.compute.get("cpu")
    assert isinstance(fetched, AmlCompute)
    fetched.max_instances = 7
    again = ml_client.compute.begin_update(fetched).result(timeout=60)
    assert isinstance(again, AmlCompute)
    assert (again.max_instances, again.size) == (7, "Standard_NC6")


def test_an_instance_shows_its_last_operation(ml_client: MLClient) -> None:
    made = ml_client.begin_create_or_update(ComputeInstance(name="my-ci")).result(timeout=60)
    assert isinstance(made, ComputeInstance)
    operation = made.last_operation or {}
    assert set(operation) == {"operation_name", "operation_time", "operation_status", "operation_trigger"}
    assert (operation["operation_name"], operation["operation_trigger"]) == ("Create", "User")
    assert [one.name for one in ml_client.compute.list(compute_type="ComputeInstance")] == ["my-ci"]


def test_an_attached_compute_comes_and_goes(ml_client: MLClient) -> None:
    draft = KubernetesCompute(name="k8s", resource_id="/subscriptions/x", namespace="ml")
    made = ml_client.compute.begin_attach(draft).result(timeout=60)
    assert isinstance(made, KubernetesCompute)
    assert (made.namespace, made.provisioning_state) == ("ml", "Succeeded")
    assert ml_client.compute.begin_delete("k8s", action="Detach").result(timeout=60) is True
    with pytest.raises(ResourceNotFoundError):
        ml_client.compute.get("k8s")


def test_a_poller_of_what_is_refused_is_never_made(ml_client: MLClient) -> None:
    with pytest.raises(UserErrorException):
        ml_client.compute.begin_start("local-cluster")
    with pytest.raises(ResourceNotFoundError, match="Not found compute with name nobody"):
        ml_client.compute.begin_update(AmlCompute(name="nobody"))

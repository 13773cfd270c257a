"""Clusters: made, scaled, deleted; what cannot be is refused before it is stored (§5.2)."""

import os

import pytest

from jupyter_aml import command
from jupyter_aml.entities.attached_compute import KubernetesCompute, SynapseSparkCompute, VirtualMachineCompute
from jupyter_aml.entities.compute import AmlCompute, Compute, UnsupportedCompute
from jupyter_aml.entities.compute_instance import ComputeInstance
from jupyter_aml.entities.compute_record import ComputeRecord
from jupyter_aml.exceptions import (
    MlException,
    ResourceExistsError,
    ResourceNotFoundError,
    UnsupportedFieldError,
    UserErrorException,
    ValidationException,
)
from jupyter_aml.operations import computes, jobs, vm_sizes
from jupyter_aml.operations.workspaces import Workspace
from jupyter_aml.store import computes as rows
from jupyter_aml.store import facts
from tests.unit.operations.conftest import stored


def _cluster(**fields: object) -> AmlCompute:
    return AmlCompute.of({"name": "cpu-cluster", **fields})


def test_azures_own_keywords_make_a_cluster(workspace: Workspace) -> None:
    draft = AmlCompute(
        name="aml-cluster", type="amlcompute", size="STANDARD_DS11_V2", min_instances=0, max_instances=1,
        idle_time_before_scale_down=120, tier="Dedicated",
    )  # fmt: skip
    made = computes.create_or_update(workspace, draft)
    assert (made.min_nodes, made.max_nodes, made.idle_seconds, made.low_priority) == (0, 1, 120, False)
    assert made.spec["tier"] == "Dedicated"
    assert [fact.kind for fact in facts.story(workspace.database, "aml-cluster")] == ["compute.wished"]


def test_creating_again_changes_the_scaling(workspace: Workspace) -> None:
    computes.create_or_update(workspace, _cluster(max_instances=1))
    again = computes.create_or_update(workspace, _cluster(max_instances=3, idle_time_before_scale_down=None))
    assert (again.max_nodes, again.idle_seconds) == (3, 1800)


@pytest.mark.parametrize(
    ("fields", "kind", "words"),
    [
        ({"name": "a"}, ValidationException, "2 to 32"),
        ({"name": "1cluster"}, ValidationException, "a letter first"),
        ({"name": "my cluster"}, ValidationException, "'my-cluster'"),
        ({"min_instances": 3, "max_instances": 2}, ValidationException, "do not fit together"),
        ({"min_instances": -1}, ValidationException, "do not fit together"),
        ({"max_instances": 0}, ValidationException, "do not fit together"),
        ({"idle_time_before_scale_down": -5}, ValidationException, "in seconds; found -5"),
        ({"tier": "cheap"}, ValidationException, "'cheap' is not a tier"),
        ({"size": "STANDARD_NC6"}, UserErrorException, "size: compute 'cpu-cluster' is standard_ds3_v2"),
        ({"tier": "low_priority"}, UserErrorException, "tier: compute 'cpu-cluster' is dedicated"),
        ({"name": "serverless"}, UserErrorException, "part of every workspace"),
        ({"name": "Local"}, UserErrorException, "part of every workspace"),
    ],
)
def test_what_cannot_be_a_cluster_is_refused_and_nothing_is_stored(
    workspace: Workspace, fields: dict[str, object], kind: type[MlException], words: str
) -> None:
    computes.create_or_update(workspace, _cluster())
    before = stored(workspace)
    with pytest.raises(kind, match=words):
        computes.create_or_update(workspace, _cluster(**fields))
    assert stored(workspace) == before


def test_a_cluster_with_unfinished_jobs_stays(workspace: Workspace) -> None:
    computes.create_or_update(workspace, _cluster())
    jobs.submit(workspace, command(command="echo", name="mine", compute="cpu-cluster"))
    with pytest.raises(UserErrorException, match="1 unfinished jobs, the first is 'mine'"):
        computes.delete(workspace, "cpu-cluster")


def test_a_deleted_cluster_is_deleting_until_the_supervisor_has_taken_it_away(workspace: Workspace) -> None:
    computes.create_or_update(workspace, _cluster())
    computes.delete(workspace, "cpu-cluster")
    assert computes.get(workspace, "cpu-cluster").provisioning == "Deleting"
    assert not computes.has_settled(workspace, "cpu-cluster")
    with pytest.raises(ResourceExistsError, match="is being deleted"):
        computes.create_or_update(workspace, _cluster())
    with pytest.raises(ValidationException, match="compute: 'cpu-cluster' is being deleted"):
        jobs.submit(workspace, command(command="echo", compute="cpu-cluster"))


def test_what_is_not_there_cannot_be_deleted_or_updated(workspace: Workspace) -> None:
    computes.create_or_update(workspace, _cluster())
    for attempt in (lambda: computes.delete(workspace, "cpu-clutser"), lambda: _updated(workspace, "cpu-clutser")):
        with pytest.raises(ResourceNotFoundError, match="Did you mean 'cpu-cluster'"):
            attempt()


def _updated(workspace: Workspace, name: str) -> ComputeRecord:
    return computes.update(workspace, AmlCompute(name=name))


@pytest.mark.parametrize("name", ["serverless", "local"])
def test_the_two_that_are_everyones_cannot_be_deleted(workspace: Workspace, name: str) -> None:
    with pytest.raises(UserErrorException, match="part of every workspace"):
        computes.delete(workspace, name)


# ── what may change ──


def test_what_is_not_said_again_of_size_and_tier_stays(workspace: Workspace) -> None:
    computes.create_or_update(workspace, _cluster(size="STANDARD_NC6", tier="low_priority"))
    again = computes.create_or_update(workspace, _cluster(max_instances=2))
    assert (again.spec["size"], again.spec["tier"], again.low_priority, again.max_nodes) == (
        "STANDARD_NC6", "low_priority", True, 2,
    )  # fmt: skip


def test_a_cluster_cannot_become_an_instance(workspace: Workspace) -> None:
    computes.create_or_update(workspace, _cluster())
    with pytest.raises(
        UserErrorException, match="type: compute 'cpu-cluster' is of type amlcompute, and cannot become"
    ):
        computes.create_or_update(workspace, ComputeInstance(name="cpu-cluster"))


def test_its_password_is_kept_nowhere(workspace: Workspace) -> None:
    computes.create_or_update(
        workspace, _cluster(ssh_settings={"admin_username": "me", "admin_password": "s3cr3t-word"})
    )
    assert computes.get(workspace, "cpu-cluster").spec["ssh_settings"] == {"admin_username": "me"}
    workspace.database.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert b"s3cr3t-word" not in workspace.folder.database.read_bytes()


# ── attached computes ──

ATTACHED = [
    KubernetesCompute(name="k8s", resource_id="/subscriptions/x"),
    VirtualMachineCompute(name="k8s", resource_id="/subscriptions/x"),
    SynapseSparkCompute(name="k8s", resource_id="/subscriptions/x"),
]


@pytest.mark.parametrize("draft", ATTACHED, ids=lambda draft: draft.type)
def test_an_attached_compute_is_a_record_that_runs_no_job_and_can_be_detached(
    workspace: Workspace, draft: Compute
) -> None:
    made = computes.create_or_update(workspace, draft)
    assert (made.type, made.provisioning, computes.has_settled(workspace, "k8s")) == (draft.type, "Succeeded", True)
    before = stored(workspace)
    with pytest.raises(UnsupportedFieldError, match="compute: 'k8s' is attached") as caught:
        jobs.submit(workspace, command(command="echo", compute="k8s"))
    assert "serverless is this machine" in str(caught.value)
    assert stored(workspace) == before
    computes.delete(workspace, "k8s", action="Detach")
    assert [compute.name for compute in computes.every(workspace)] == ["local-cluster"]
    kinds = [fact.kind for fact in facts.story(workspace.database, "k8s")]
    assert kinds == ["compute.attached", "compute.detached"]


def test_an_attached_compute_needs_its_id_and_a_cluster_is_not_detached(workspace: Workspace) -> None:
    with pytest.raises(ValidationException, match="resource_id: required to attach"):
        computes.create_or_update(workspace, KubernetesCompute(name="k8s"))
    computes.create_or_update(workspace, _cluster())
    with pytest.raises(UserErrorException, match="it was created here, not attached"):
        computes.delete(workspace, "cpu-cluster", action="detach")
    with pytest.raises(UserErrorException, match="neither Delete nor Detach"):
        computes.delete(workspace, "cpu-cluster", action="drop")


def test_an_unknown_kind_cannot_be_created(workspace: Workspace) -> None:
    with pytest.raises(ValidationException, match="type: a compute of type 'databricks' cannot be created here"):
        computes.create_or_update(workspace, UnsupportedCompute(name="bricks", type="databricks"))


@pytest.mark.parametrize("kind", ["AmlCompute", "amlcompute", "aml_compute"])
def test_computes_are_listed_by_kind_in_any_spelling(workspace: Workspace, kind: str) -> None:
    computes.create_or_update(workspace, ATTACHED[0])
    assert [compute.name for compute in computes.every(workspace, kind)] == ["local-cluster"]
    assert [compute.name for compute in computes.every(workspace)] == ["k8s", "local-cluster"]


# ── sizes and usage ──


def test_sizes_are_azures_and_those_in_use_that_azure_lacks(workspace: Workspace) -> None:
    computes.create_or_update(workspace, _cluster(size="MY_LAPTOP"))
    sizes = {size.name: size for size in vm_sizes.sizes(workspace)}
    assert {"STANDARD_DS3_V2", "STANDARD_DS11_V2", "MY_LAPTOP"} <= set(sizes)
    assert (sizes["STANDARD_NC6"].gpus, sizes["STANDARD_NC6"].v_cp_us, sizes["STANDARD_NC6"].premium_io) == (
        1,
        6,
        False,
    )
    assert sizes["STANDARD_DS3_V2"].memory_gb == 14
    assert sizes["STANDARD_DS3_V2"].premium_io
    assert sizes["MY_LAPTOP"].v_cp_us == os.cpu_count()
    assert {size.name for size in vm_sizes.sizes(workspace, "ComputeInstance")} == set(sizes) - {"MY_LAPTOP"}


def test_usage_counts_nodes_and_cores_up_to_what_every_cluster_may_have(workspace: Workspace) -> None:
    computes.create_or_update(workspace, _cluster(max_instances=3, tier="low_priority", size="Standard_DS3_v2"))
    with workspace.database.transaction() as connection:
        rows.set_nodes(connection, "cpu-cluster", {"idle": 1, "running": 1})
    found = {usage.name.value: (usage.current_value, usage.limit) for usage in vm_sizes.usage(workspace)}
    assert found["Total Cluster Low Priority vCPUs"] == (8, 12)
    assert found["standardDSv2Family Cluster Low Priority vCPUs"] == (8, 12)
    assert found["Total Cluster Nodes"] == (2, 3 + (os.cpu_count() or 1))

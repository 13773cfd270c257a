"""Computes as rows."""

from dataclasses import replace

import pytest

from jupyter_aml.entities.compute_record import ComputeRecord, NodeRecord, Operation
from jupyter_aml.entities.names import ComputeName
from jupyter_aml.exceptions import ResourceNotFoundError
from jupyter_aml.store import computes
from jupyter_aml.store.database import Database

CLUSTER = ComputeRecord(ComputeName("cpu-cluster"), "amlcompute", 0, 2, 120.0, spec={"size": "é"}, created_at=1.0)


def _put(database: Database, *wanted: ComputeRecord) -> None:
    with database.transaction() as connection:
        for compute in wanted:
            computes.put(connection, compute)


def test_a_compute_is_found_in_any_case_and_keeps_its_own(database: Database) -> None:
    _put(database, CLUSTER)
    assert computes.get(database, "CPU-Cluster") == CLUSTER


def test_putting_again_changes_the_scaling_and_keeps_the_birth(database: Database) -> None:
    _put(database, CLUSTER, replace(CLUSTER, max_nodes=5, idle_seconds=1.0, created_at=9.0))
    assert computes.get(database, "cpu-cluster") == replace(CLUSTER, max_nodes=5, idle_seconds=1.0)


def test_a_missing_compute_names_the_nearest_one(database: Database) -> None:
    _put(database, CLUSTER)
    with pytest.raises(ResourceNotFoundError, match="Not found compute with name cpu-clutser") as caught:
        computes.get(database, "cpu-clutser")
    assert "Did you mean 'cpu-cluster'?" in str(caught.value)


def test_hidden_computes_are_listed_only_when_asked_for(database: Database) -> None:
    _put(database, CLUSTER, replace(CLUSTER, name=ComputeName("serverless"), hidden=True))
    assert [compute.name for compute in computes.select(database)] == ["cpu-cluster"]
    assert [compute.name for compute in computes.select(database, hidden=True)] == ["cpu-cluster", "serverless"]


def test_an_instance_is_what_the_supervisor_said_last_unless_it_is_to_be_deleted(database: Database) -> None:
    operation = Operation("Stop", "Succeeded", "Schedule", 5.0)
    _put(database, replace(CLUSTER, type="computeinstance", owner="me", state="Creating"))
    with database.transaction() as connection:
        computes.set_instance(connection, "cpu-cluster", "Stopped", operation)
    found = computes.get(database, "cpu-cluster")
    assert (found.state, found.operation, found.owner) == ("Stopped", operation, "me")
    with database.transaction() as connection:
        computes.begin_delete(connection, "cpu-cluster")
        computes.set_instance(connection, "cpu-cluster", "Running", operation)
    assert computes.get(database, "cpu-cluster").provisioning == "Deleting"


def test_each_node_is_kept_with_its_number_and_job(database: Database) -> None:
    each = (NodeRecord(1, "idle", since=2.5), NodeRecord(4, "running", "é job"))
    _put(database, CLUSTER)
    with database.transaction() as connection:
        computes.set_nodes(connection, "cpu-cluster", {"idle": 1, "running": 1}, each)
    assert computes.get(database, "cpu-cluster").each == each


def test_nodes_are_what_was_last_seen(database: Database) -> None:
    _put(database, CLUSTER)
    with database.transaction() as connection:
        computes.set_nodes(connection, "cpu-cluster", {"idle": 1})
    assert computes.get(database, "cpu-cluster").nodes == {"idle": 1}

"""Nodes: how they are called, which may be taken away; nobody reads the wishes here."""

import re

import pytest

from jupyter_aml.entities.attached_compute import KubernetesCompute
from jupyter_aml.entities.compute import AmlCompute
from jupyter_aml.entities.compute_record import NodeRecord
from jupyter_aml.exceptions import MlException, ResourceNotFoundError, UserErrorException
from jupyter_aml.operations import computes, nodes
from jupyter_aml.operations.workspaces import Workspace
from jupyter_aml.store import computes as rows
from jupyter_aml.store import facts

THERE = (NodeRecord(1, "idle", since=1.0), NodeRecord(2, "running", "a"), NodeRecord(5, "running", "b"))


def _made(workspace: Workspace, *there: NodeRecord, tier: str = "low_priority") -> None:
    computes.create_or_update(workspace, AmlCompute(name="cheap", tier=tier))
    with workspace.database.transaction() as connection:
        rows.set_nodes(connection, "cheap", {}, there)


def _taken(workspace: Workspace) -> int:
    return int(facts.story(workspace.database, "cheap")[-1].body["node"] or 0)


def test_nodes_have_azures_names_states_and_jobs(workspace: Workspace) -> None:
    _made(workspace, *THERE)
    found = nodes.every(workspace, "cheap")
    assert [(node.node_state, node.current_job_name) for node in found] == [
        ("idle", None), ("running", "a"), ("running", "b"),
    ]  # fmt: skip
    assert all(re.fullmatch("tvmps_[0-9a-f]{64}_p", node.node_id) for node in found)
    assert len({node.node_id for node in found}) == 3
    assert nodes.every(workspace, "cheap") == found


def test_a_node_of_that_id_or_that_job_is_taken(workspace: Workspace) -> None:
    _made(workspace, *THERE)
    first = nodes.every(workspace, "cheap")[0]
    assert nodes.preempt(workspace, "cheap", node=first.node_id) == first
    assert _taken(workspace) == 1
    assert nodes.preempt(workspace, "cheap", job="a").run_id == "a"
    assert _taken(workspace) == 2


def test_with_neither_the_newest_of_those_that_work_is_taken(workspace: Workspace) -> None:
    _made(workspace, *THERE)
    assert nodes.preempt(workspace, "cheap").run_id == "b"
    assert _taken(workspace) == 5


def test_a_node_that_is_going_is_not_taken_twice(workspace: Workspace) -> None:
    _made(workspace, NodeRecord(1, "preempted", "a"))
    with pytest.raises(UserErrorException, match="has no node that could be preempted"):
        nodes.preempt(workspace, "cheap")


@pytest.mark.parametrize(
    ("which", "kind", "words"),
    [
        ({"job": "aa"}, ResourceNotFoundError, "There is no job 'aa' on this compute"),
        ({"node": "tvmps_1"}, ResourceNotFoundError, "There is no node 'tvmps_1' on this compute"),
    ],
)
def test_what_is_not_there_is_not_found(
    workspace: Workspace, which: dict[str, str], kind: type[MlException], words: str
) -> None:
    _made(workspace, *THERE)
    with pytest.raises(kind, match=words):
        nodes.preempt(workspace, "cheap", **which)


def test_capacity_that_is_paid_for_is_not_taken_back(workspace: Workspace) -> None:
    _made(workspace, *THERE, tier="dedicated")
    with pytest.raises(UserErrorException, match="is not low priority") as caught:
        nodes.preempt(workspace, "cheap")
    assert "tier='low_priority'" in str(caught.value)


def test_the_nodes_of_an_attached_compute_are_not_ours(workspace: Workspace) -> None:
    computes.create_or_update(workspace, KubernetesCompute(name="k8s", resource_id="/subscriptions/x"))
    with pytest.raises(UserErrorException, match="its nodes are not ours"):
        nodes.every(workspace, "k8s")

"""A node of a low-priority cluster is taken away: its job waits for another, and that costs it nothing."""

import pytest

from jupyter_aml.engine import machine
from jupyter_aml.engine.machine import ClusterFact, Leaving, Record, Stop
from jupyter_aml.entities.names import JobName
from tests.machine.test_machine import A, B, Cluster, after, canceled, cluster, ended, launched, lost, started, statuses
from tests.machine.test_machine import wished as wish


def cheap(high: int = 1) -> Cluster:
    return after(cluster(), machine.Resized(0, 0, high, 60.0, low_priority=True))[0]


def taken(number: int = 1) -> machine.NodePreempted:
    return machine.NodePreempted(1, number)


def test_the_job_is_stopped_waits_again_and_runs_on_another_node() -> None:
    there, commands = after(cheap(), wish(A), started(A), taken())
    assert commands[-1] == Stop(A, 1, Leaving.PREEMPTED)
    assert there.node_counts == {"idle": 0, "running": 0, "preempted": 1}
    there, commands = after(there, ended(A, "canceled"))
    assert commands[0] == Record(A, machine.Task(A).status.QUEUED, 1, Leaving.PREEMPTED)
    assert launched(commands) == [(A, 2)]
    assert [(node.number, node.state) for node in there.each] == [(2, "running")]


def test_a_preempted_job_goes_before_those_that_were_wished_after_it() -> None:
    _, commands = after(cheap(), wish(A), wish(B), started(A), taken(), ended(A, "canceled"))
    assert launched(commands) == [(A, 1), (A, 2)]


def test_preemption_costs_none_of_the_attempts() -> None:
    there, _ = after(cheap(), wish(A, max_attempts=2), started(A), taken(), ended(A, "canceled"))
    there, commands = after(there, started(A, 2), lost(A, 2))
    assert launched(commands) == [(A, 3)]
    _, commands = after(there, started(A, 3), lost(A, 3))
    assert statuses(commands)[-1] == "Failed"


def test_a_runner_that_dies_of_it_counts_as_preempted() -> None:
    _, commands = after(cheap(), wish(A), started(A), taken(), lost(A))
    assert launched(commands)[-1] == (A, 2)


def test_an_attempt_that_was_told_to_end_before_it_began_is_not_launched_again_under_its_number() -> None:
    _, commands = after(cheap(), wish(A), taken(), lost(A, begun=False))
    assert launched(commands) == [(A, 1), (A, 2)]


@pytest.mark.parametrize(
    ("result", "status"), [("completed", "Completed"), ("failed", "Failed"), ("expired", "Canceled")]
)
def test_a_job_that_ended_by_itself_meanwhile_keeps_its_outcome(result: machine.Result, status: str) -> None:
    there, commands = after(cheap(), wish(A), started(A), taken(), ended(A, result))
    assert statuses(commands)[-1] == status
    assert there.each == (), "the node is gone all the same"


def test_a_cancel_during_it_wins() -> None:
    there, commands = after(cheap(), wish(A), started(A), taken(), canceled(A), ended(A, "canceled"))
    assert statuses(commands)[-2:] == ["CancelRequested", "Canceled"]
    assert there.is_empty


def test_a_gang_is_stopped_whole_and_its_other_nodes_stay() -> None:
    there, commands = after(cheap(high=3), wish(A, nodes=3), started(A), taken(2), taken(3))
    assert commands.count(Stop(A, 1, Leaving.PREEMPTED)) == 1
    there, _ = after(there, ended(A, "canceled"))
    assert [node.number for node in there.each] == [1, 3, 4]


def test_an_idle_node_goes_and_the_minimum_is_made_up_for() -> None:
    there, _ = after(cluster(), machine.Resized(0, 1, 2, 60.0, low_priority=True), taken(1))
    assert [node.number for node in there.each] == [2]


@pytest.mark.parametrize("number", [1, 7])
def test_nodes_of_a_dedicated_cluster_are_not_taken_and_neither_are_those_that_are_not_there(number: int) -> None:
    for there in (cluster(), cheap()):
        before, _ = after(there, wish(A), started(A))
        if there.low_priority and number == 1:
            continue
        assert after(before, taken(number)) == (before, [])


def test_the_next_supervisor_knows_what_it_had_told_to_end_and_why() -> None:
    there, _ = after(cheap(), wish(A), started(A), taken())
    task = machine.Task(A, attempt=1, status=there.held[A].status)
    facts: list[ClusterFact] = [ended(A, "canceled")]
    again = machine.recovered(cheap(), [task], there.each)
    assert again.held[A].leaving is Leaving.PREEMPTED
    assert launched(after(again, *facts)[1]) == [(JobName("a"), 2)]

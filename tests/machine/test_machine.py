"""What the machine decides, case by case: the claims a reader wants to find."""

import pytest

from jupyter_aml.engine import machine
from jupyter_aml.engine.machine import Cluster, ClusterFact, Command, Launch, Record, Stop, Task, advance, recovered
from jupyter_aml.entities.names import ComputeName, JobName
from jupyter_aml.entities.status import JobStatus as S

A, B, C = JobName("a"), JobName("b"), JobName("c")


def cluster(low: int = 0, high: int = 2, idle_seconds: float = 60.0) -> Cluster:
    return Cluster(ComputeName("c"), low, high, idle_seconds)


def after(start: Cluster, *facts: ClusterFact) -> tuple[Cluster, list[Command]]:
    """Where the facts lead, and every command on the way."""
    commands: list[Command] = []
    for fact in facts:
        start, new = advance(start, fact)
        commands += new
    return start, commands


def statuses(commands: list[Command], job: JobName = A) -> list[str]:
    return [command.status for command in commands if isinstance(command, Record) and command.job == job]


def launched(commands: list[Command]) -> list[tuple[JobName, int]]:
    return [(command.job, command.attempt) for command in commands if isinstance(command, Launch)]


def wished(job: JobName, nodes: int = 1, max_attempts: int = 1) -> machine.JobWished:
    return machine.JobWished(0, job, nodes, max_attempts)


def started(job: JobName, attempt: int = 1) -> machine.AttemptStarted:
    return machine.AttemptStarted(1, job, attempt)


def ended(job: JobName, result: machine.Result = "completed", attempt: int = 1, at: float = 2) -> ClusterFact:
    return machine.AttemptEnded(at, job, attempt, result)


def lost(job: JobName, attempt: int = 1, *, begun: bool = True) -> machine.AttemptLost:
    return machine.AttemptLost(2, job, attempt, begun)


def canceled(job: JobName) -> machine.CancelWished:
    return machine.CancelWished(1, job)


def test_a_job_walks_through_azures_states() -> None:
    _, commands = after(cluster(), wished(A), started(A), machine.AttemptFinishing(2, A, 1), ended(A))
    assert statuses(commands) == [
        "Queued", "Preparing", "Provisioning", "Starting", "Running", "Finalizing", "Completed",
    ]  # fmt: skip


@pytest.mark.parametrize(("result", "status"), [("completed", "Completed"), ("failed", "Failed")])
def test_an_attempt_that_ends_before_it_was_seen_running_still_ends_its_job(
    result: machine.Result, status: str
) -> None:
    _, commands = after(cluster(), wished(A), ended(A, result))
    assert statuses(commands)[-2:] == ["Preparing", status]


def test_each_job_beyond_the_nodes_waits_for_one_and_the_oldest_goes_first() -> None:
    there, commands = after(cluster(high=1), wished(A), wished(B), wished(C))
    assert launched(commands) == [(A, 1)]
    there, commands = after(there, ended(A))
    assert launched(commands) == [(B, 1)]
    assert there.waiting == [C]


def test_a_gang_waits_until_all_its_nodes_are_free() -> None:
    there, commands = after(cluster(high=2), wished(A), wished(B, nodes=2))
    assert launched(commands) == [(A, 1)]
    there, commands = after(there, ended(A))
    assert launched(commands) == [(B, 1)]
    assert there.busy_nodes == 2


def test_those_behind_a_gang_do_not_starve_it() -> None:
    _, commands = after(cluster(high=2), wished(A), wished(B, nodes=2), wished(C))
    assert launched(commands) == [(A, 1)]


def test_a_job_that_is_larger_than_the_cluster_holds_nobody_up() -> None:
    there, commands = after(cluster(high=2), wished(A, nodes=3), wished(B))
    assert launched(commands) == [(B, 1)]
    _, commands = after(there, machine.Resized(3, 0, 4, 60.0))
    assert launched(commands) == [(A, 1)]


def test_a_canceled_job_that_waits_is_over_at_once() -> None:
    there, commands = after(cluster(high=1), wished(A), wished(B), canceled(B))
    assert statuses(commands, B) == ["Queued", "CancelRequested", "Canceled"]
    assert B not in there.tasks


def test_a_canceled_job_that_runs_is_stopped_and_keeps_its_nodes_until_it_is_gone() -> None:
    there, commands = after(cluster(), wished(A), started(A), canceled(A))
    assert commands[-1] == Stop(A, 1)
    assert there.busy_nodes == 1
    _, commands = after(there, ended(A, "canceled"))
    assert statuses(commands) == ["Canceled"]


def test_a_job_is_canceled_once_however_often_it_is_asked() -> None:
    _, commands = after(cluster(), wished(A), started(A), canceled(A), canceled(A), canceled(A))
    assert commands.count(Stop(A, 1)) == 1
    assert statuses(commands).count("CancelRequested") == 1


def test_a_job_that_ended_before_its_cancel_arrived_keeps_its_true_outcome() -> None:
    _, commands = after(cluster(), wished(A), started(A), canceled(A), ended(A, "completed"))
    assert statuses(commands)[-1] == "Completed"


def test_a_job_canceled_while_it_starts_is_not_seen_running_afterwards() -> None:
    _, commands = after(cluster(), wished(A), canceled(A), started(A), machine.AttemptFinishing(2, A, 1))
    assert statuses(commands)[-1] == "CancelRequested"


def test_a_canceled_job_whose_runner_disappears_is_canceled() -> None:
    _, commands = after(cluster(), wished(A, max_attempts=3), started(A), canceled(A), lost(A))
    assert statuses(commands)[-1] == "Canceled"


def test_an_attempt_that_never_began_is_given_back_and_launched_under_its_own_number() -> None:
    _, commands = after(cluster(), wished(A), lost(A, begun=False))
    assert launched(commands) == [(A, 1), (A, 1)]


def test_an_attempt_that_began_is_never_launched_again() -> None:
    _, commands = after(cluster(), wished(A), started(A), lost(A))
    assert launched(commands) == [(A, 1)]
    assert statuses(commands)[-1] == "Failed"


def test_a_lost_attempt_is_repeated_as_often_as_the_job_allows() -> None:
    _, commands = after(cluster(), wished(A, max_attempts=2), started(A), lost(A), started(A, 2), lost(A, 2))
    assert launched(commands) == [(A, 1), (A, 2)]
    assert statuses(commands)[-1] == "Failed"


def test_a_job_whose_own_code_failed_is_not_repeated() -> None:
    _, commands = after(cluster(), wished(A, max_attempts=3), started(A), ended(A, "failed"))
    assert launched(commands) == [(A, 1)]


def test_a_repeated_job_keeps_its_place_in_the_queue() -> None:
    there, _ = after(cluster(high=1), wished(A, max_attempts=2), wished(B), started(A))
    _, commands = after(there, lost(A))
    assert launched(commands) == [(A, 2)]


def test_a_finished_job_never_changes() -> None:
    there, _ = after(cluster(), wished(A), started(A), ended(A))
    late = [started(A), machine.AttemptFinishing(3, A, 1), ended(A, "failed"), lost(A), canceled(A)]
    assert after(there, *late) == (there, [])


@pytest.mark.parametrize("attempt", [0, 1, 3])
def test_word_of_another_attempt_changes_nothing(attempt: int) -> None:
    there, _ = after(cluster(), wished(A, max_attempts=3), started(A), lost(A), started(A, 2))
    assert after(there, ended(A, "failed", attempt), lost(A, attempt)) == (there, [])


def test_a_refused_job_fails_only_while_it_waits() -> None:
    there, commands = after(cluster(high=1), wished(A), wished(B), machine.JobRefused(1, A), machine.JobRefused(1, B))
    assert statuses(commands, A)[-1] == "Preparing"
    assert statuses(commands, B)[-1] == "Failed"
    assert list(there.tasks) == [A]


def test_a_node_that_nobody_needs_leaves_after_its_idle_time() -> None:
    there, _ = after(cluster(idle_seconds=60), wished(A), ended(A, at=100))
    assert there.node_counts == {"idle": 1, "running": 0}
    assert there.next_scale_down == 160
    assert after(there, machine.Ticked(159))[0].node_counts["idle"] == 1
    there, _ = after(there, machine.Ticked(160))
    assert there.node_counts["idle"] == 0
    assert there.next_scale_down is None


def test_a_job_takes_an_idle_node_before_a_new_one() -> None:
    there, _ = after(cluster(), wished(A), ended(A), wished(B))
    assert there.node_counts == {"idle": 0, "running": 1}


def test_the_minimum_stays_and_is_there_at_once() -> None:
    there, _ = after(cluster(low=2, high=3), machine.Ticked(0))
    assert there.node_counts["idle"] == 2
    assert there.next_scale_down is None
    there, _ = after(there, machine.Ticked(10_000))
    assert there.node_counts["idle"] == 2


def test_busy_nodes_count_towards_the_minimum() -> None:
    there, _ = after(cluster(low=1, high=3), wished(A), wished(B))
    assert there.node_counts == {"idle": 0, "running": 2}


def test_a_smaller_cluster_ends_no_job_and_starts_none_until_it_fits() -> None:
    there, _ = after(cluster(high=2), wished(A), wished(B), wished(C), machine.Resized(1, 0, 1, 60.0))
    assert there.busy_nodes == 2
    there, commands = after(there, ended(A))
    assert launched(commands) == []
    _, commands = after(there, ended(B))
    assert launched(commands) == [(C, 1)]


def test_a_larger_cluster_starts_those_that_wait() -> None:
    _, commands = after(cluster(high=1), wished(A), wished(B), machine.Resized(1, 0, 2, 60.0))
    assert launched(commands) == [(A, 1), (B, 1)]


def test_a_task_remembered_from_the_store_goes_on_where_it_was() -> None:
    there = recovered(cluster(), [Task(A, attempt=1, status=S.RUNNING)], [])
    assert there.node_counts == {"idle": 0, "running": 1}
    _, commands = after(there, ended(A))
    assert statuses(commands) == ["Completed"]


def test_a_waiting_job_keeps_its_place_over_a_restart() -> None:
    waiting = [Task(name, status=S.QUEUED) for name in (B, A, C)]
    there = recovered(cluster(high=1), waiting, [])
    _, commands = after(there, machine.Ticked(0), ended(B))
    assert launched(commands) == [(B, 1), (A, 1)]


@pytest.mark.parametrize("result", ["canceled", "expired"])
def test_an_attempt_whose_time_is_over_is_canceled(result: machine.Result) -> None:
    _, commands = after(cluster(), wished(A), started(A), ended(A, result))
    assert statuses(commands)[-1] == "Canceled"


def test_a_node_keeps_its_number_and_no_number_is_given_twice() -> None:
    there, _ = after(cluster(high=2), wished(A), wished(B))
    assert [(node.number, node.job) for node in there.each] == [(1, A), (2, B)]
    there, _ = after(there, ended(A), wished(C))
    assert [(node.number, node.job) for node in there.each] == [(1, C), (2, B)]
    there, _ = after(there, ended(B), machine.Ticked(1000), ended(C))
    there, _ = after(there, machine.Ticked(2000), wished(JobName("d")))
    assert [node.number for node in there.each] == [3]


def test_ten_thousand_wait_as_cheaply_as_ten() -> None:
    """By counting, not by the clock: what a changed queue does not share with the one before is one short chunk."""
    there = cluster(high=1)
    for number in range(10_000):
        there, _ = advance(there, wished(JobName(f"job{number}")))
    before = there.queue
    there, _ = advance(there, ended(JobName("job0")))
    assert len(there.queue) == 9_998
    assert sum(chunk not in before.chunks for chunk in there.queue.chunks) == 1
    assert max(map(len, there.queue.chunks)) <= 256
    assert there.waiting[:2] == [JobName("job2"), JobName("job3")]


# ── jobs that are a part of somebody's own process ──


def test_what_runs_already_neither_waits_nor_takes_a_node() -> None:
    there, commands = after(cluster(high=1), wished(A), machine.JobBegun(1, B), machine.JobBegun(1, C))
    assert (statuses(commands, B), statuses(commands, C)) == (["Running"], ["Running"])
    assert launched(commands) == [(A, 1)]
    assert there.node_counts == {"idle": 0, "running": 1}
    assert [node.job for node in there.each] == [A]


def test_what_runs_already_holds_back_no_scale_down() -> None:
    there, _ = after(cluster(idle_seconds=60), machine.JobBegun(1, B), wished(A), ended(A, at=10))
    there, _ = advance(there, machine.Ticked(71))
    assert (there.idle, there.next_scale_down) == ((), None)
    assert not there.is_empty


@pytest.mark.parametrize("begun", [True, False])
def test_what_ran_in_a_process_that_is_gone_failed_and_is_never_launched(*, begun: bool) -> None:
    there, commands = after(cluster(), machine.JobBegun(1, A), lost(A, begun=begun))
    assert (statuses(commands), launched(commands)) == (["Running", "Failed"], [])
    assert there.is_empty


def test_a_job_that_is_taken_up_twice_is_one() -> None:
    there, commands = after(cluster(), machine.JobBegun(1, A), machine.JobBegun(1, A), canceled(A), canceled(A))
    assert statuses(commands) == ["Running", "CancelRequested"]
    _, commands = after(there, ended(A, "canceled"))
    assert statuses(commands) == ["Canceled"]

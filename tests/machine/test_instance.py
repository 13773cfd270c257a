"""A compute instance: one node, started and stopped; what that does to the jobs on it."""

from dataclasses import replace

import pytest

from jupyter_aml.engine import machine
from jupyter_aml.engine.machine import Became, Cluster, Command, Instance, Leaving, Record, Stop
from jupyter_aml.entities.compute_record import InstanceState, Operation, Power
from jupyter_aml.entities.status import JobStatus
from tests.machine.test_machine import A, B, after, canceled, cluster, ended, launched, started, statuses, wished


def instance(idle_seconds: float = 0.0) -> Cluster:
    there = replace(cluster(low=1, high=1), instance=Instance(InstanceState.CREATING, idle_seconds=idle_seconds))
    return after(there, machine.Ticked(0))[0]


def power(word: Power, at: float = 1.0) -> machine.PowerWished:
    return machine.PowerWished(at, word)


def states(commands: list[Command]) -> list[str]:
    return [command.state for command in commands if isinstance(command, Became)]


def test_a_new_instance_is_made_and_runs() -> None:
    there = replace(cluster(low=1, high=1), instance=Instance(InstanceState.CREATING))
    there, commands = after(there, machine.Resized(5, 1, 1, 60.0))
    assert commands == [Became(InstanceState.RUNNING, Operation("Create", "Succeeded", "User", 5))]
    assert there.node_counts == {"idle": 1, "running": 0}


def test_it_runs_one_job_at_a_time_and_says_so() -> None:
    there, commands = after(instance(), wished(A), wished(B))
    assert launched(commands) == [(A, 1)]
    assert states(commands) == ["JobRunning"]
    there, commands = after(there, ended(A))
    assert launched(commands) == [(B, 1)]
    assert states(commands) == []
    assert states(after(there, ended(B))[1]) == ["Running"]


def test_stop_start_and_restart_walk_through_azures_states() -> None:
    there, commands = after(instance(), power("stop"))
    assert commands == [
        Became(InstanceState.STOPPING, Operation("Stop", "InProgress", "User", 1)),
        Became(InstanceState.STOPPED, Operation("Stop", "Succeeded", "User", 1)),
    ]
    assert there.each == ()
    there, commands = after(there, power("start"))
    assert states(commands) == ["Starting", "Running"]
    assert states(after(there, power("restart"))[1]) == ["Restarting", "Running"]


def test_jobs_wait_while_it_is_stopped() -> None:
    there, commands = after(instance(), power("stop"), wished(A), machine.Ticked(9))
    assert (launched(commands), there.waiting) == ([], [A])
    _, commands = after(there, power("start"))
    assert launched(commands) == [(A, 1)]
    assert states(commands) == ["Starting", "Running", "JobRunning"]


@pytest.mark.parametrize(("word", "end"), [("stop", "Stopped"), ("restart", "Running")])
def test_the_job_on_it_is_told_to_end_and_failed_before_it_is_there(word: Power, end: str) -> None:
    there, commands = after(instance(), wished(A), started(A), power(word))
    assert commands[-1] == Stop(A, 1, Leaving.HALTED)
    assert states(commands)[-1] in {"Stopping", "Restarting"}
    _, commands = after(there, ended(A, "canceled"))
    assert commands[0] == Record(A, JobStatus.FAILED, 1, Leaving.HALTED)
    assert states(commands) == [end]


def test_a_job_that_ended_by_itself_meanwhile_keeps_its_outcome() -> None:
    _, commands = after(instance(), wished(A), started(A), power("stop"), ended(A, "completed"))
    assert statuses(commands)[-1] == "Completed"


def test_a_canceled_job_is_canceled_though_the_instance_stops() -> None:
    _, commands = after(instance(), wished(A), started(A), canceled(A), power("stop"), ended(A, "canceled"))
    assert statuses(commands)[-1] == "Canceled"


@pytest.mark.parametrize("words", [("start",), ("stop", "stop"), ("stop", "restart"), ("start", "start")])
def test_a_wish_that_says_nothing_new_changes_nothing(words: tuple[Power, ...]) -> None:
    there, _ = after(instance(), *(power(word) for word in words[:-1]))
    assert after(there, power(words[-1])) == (there, [])


def test_a_start_during_the_stop_is_obeyed_and_so_is_a_stop_during_the_start() -> None:
    stopping, _ = after(instance(), wished(A), started(A), power("stop"))
    starting, commands = after(stopping, power("start"))
    assert states(commands) == ["Starting"]
    assert states(after(starting, ended(A, "canceled"))[1]) == ["Running"]
    _, commands = after(starting, power("stop"), ended(A, "canceled"))
    assert states(commands) == ["Stopping", "Stopped"]


def test_it_is_shut_down_once_it_was_idle_for_long_enough() -> None:
    there, _ = after(instance(idle_seconds=1800), wished(A), ended(A, at=100))
    assert there.next_shutdown == 1900
    assert after(there, machine.Ticked(1899)) == (there, [])
    there, commands = after(there, machine.Ticked(1900))
    assert commands[-1] == Became(InstanceState.STOPPED, Operation("Stop", "Succeeded", "IdleShutdown", 1900))
    assert there.next_shutdown is None


def test_it_is_not_shut_down_under_a_job_nor_in_the_moment_in_which_one_comes() -> None:
    there, _ = after(instance(idle_seconds=1800), wished(A), machine.Ticked(9_000))
    assert there.next_shutdown is None
    _, commands = after(instance(idle_seconds=1800), machine.JobWished(5_000, A))
    assert states(commands) == ["JobRunning"]


def test_a_start_begins_a_new_idle_time() -> None:
    there, _ = after(instance(idle_seconds=1800), power("stop", at=100), power("start", at=500))
    assert there.next_shutdown == 2300


def test_the_next_supervisor_fails_the_job_that_was_told_to_end_with_its_instance() -> None:
    there, _ = after(instance(), wished(A), started(A), power("stop"))
    task = machine.Task(A, attempt=1, status=JobStatus.RUNNING)
    stopping = replace(instance(), instance=there.instance)
    again = machine.recovered(stopping, [task], there.each)
    _, commands = after(again, ended(A, "canceled"))
    assert commands[0] == Record(A, JobStatus.FAILED, 1, Leaving.HALTED)
    assert states(commands) == ["Stopped"]

"""Low-priority nodes that are taken away: what is written down, what runs again, what a killed supervisor leaves."""

import pytest

from jupyter_aml.engine.executors.subprocess import SubprocessExecutor
from jupyter_aml.entities.compute import AmlCompute
from jupyter_aml.entities.job_folder import AttemptFolder
from jupyter_aml.entities.launch import Launch
from jupyter_aml.operations import computes, nodes
from tests.unit.engine.conftest import Bench, kill

TWICE = 'echo ran >> "$SCRATCH/ran"; [ -e "$SCRATCH/again" ] && exit 0; touch "$SCRATCH/again"; sleep 600'


class KilledError(BaseException):
    """The supervisor was killed here."""


class DiesAtLaunch(SubprocessExecutor):
    """The decision is written down; the deed never comes."""

    def launch(self, folder: AttemptFolder, launch: Launch) -> None:
        raise KilledError


class DiesAtStop(SubprocessExecutor):
    """The decision is written down; the deed never comes."""

    def stop(self, folder: AttemptFolder, reason: str) -> None:
        raise KilledError


def cheap(bench: Bench, **fields: object) -> None:
    draft = AmlCompute.of({"name": "cheap", "tier": "low_priority", "max_instances": 1, **fields})
    computes.create_or_update(bench.workspace, draft)


def running(bench: Bench, line: str = TWICE) -> str:
    name = bench.running(line, compute="cheap")
    bench.until((bench.scratch / "again").exists)
    return name


def test_the_story_of_a_preempted_job_says_so_and_the_compute_says_which_node(bench: Bench) -> None:
    cheap(bench)
    name = running(bench)
    taken = nodes.preempt(bench.workspace, "cheap")
    assert taken.current_job_name == name
    job = bench.until_finished(name)
    assert (job.status, job.attempt, job.error) == ("Completed", 2, "")
    assert bench.lines("ran") == ["ran", "ran"]
    told = [fact.body for fact in bench.story(name) if fact.body.get("why") == "preempted"]
    assert told == [{"status": "Queued", "attempt": 1, "why": "preempted"}]
    told = [(fact.kind, dict(fact.body)) for fact in bench.story("cheap") if "preempt" in str((fact.kind, fact.body))]
    assert told == [
        ("compute.preempt.wished", {"node": 1}),
        ("compute.node.preempted", {"node": 1, "job": name}),
        ("compute.nodes", {"idle": 0, "running": 0, "preempted": 1}),
    ]


def test_the_node_is_seen_preempted_until_its_job_is_gone_and_then_no_more(bench: Bench) -> None:
    cheap(bench)
    name = running(bench)
    (before,) = nodes.every(bench.workspace, "cheap")
    nodes.preempt(bench.workspace, "cheap", node=before.node_id)
    bench.supervisor.turn()
    (seen,) = nodes.every(bench.workspace, "cheap")
    assert (seen.node_id, seen.node_state, seen.run_id) == (before.node_id, "preempted", name)
    bench.until_finished(name)
    (after,) = nodes.every(bench.workspace, "cheap")
    assert (after.node_state, after.run_id) == ("idle", None)
    assert after.node_id != before.node_id


def test_preemption_costs_a_job_none_of_its_attempts_not_even_after_a_restart(bench: Bench) -> None:
    cheap(bench)
    name = running(bench)
    nodes.preempt(bench.workspace, "cheap", job=name)
    bench.until(lambda: bench.get(name).attempt == 2)
    bench.begin()
    assert bench.supervisor.clusters[bench.get(name).compute].held[bench.get(name).name].spared == 1
    assert bench.until_finished(name).status == "Completed"


def test_a_preemption_that_was_decided_but_not_done_is_done_by_the_next(bench: Bench) -> None:
    cheap(bench)
    name = running(bench)
    nodes.preempt(bench.workspace, "cheap")
    with pytest.raises(KilledError):
        bench.begin(DiesAtStop()).turn()
    assert bench.get(name).status == "Running"
    bench.begin()
    job = bench.until_finished(name)
    assert (job.status, job.attempt) == ("Completed", 2)
    assert bench.lines("ran") == ["ran", "ran"]


def test_a_job_whose_runner_was_killed_while_it_was_preempted_is_not_lost(bench: Bench) -> None:
    cheap(bench)
    name = running(bench)
    nodes.preempt(bench.workspace, "cheap")
    with pytest.raises(KilledError):
        bench.begin(DiesAtStop()).turn()
    kill(bench.runner(name))
    bench.begin()
    job = bench.until_finished(name)
    assert (job.status, job.attempt) == ("Completed", 2)


def test_a_next_attempt_that_was_decided_but_not_launched_still_costs_nothing(bench: Bench) -> None:
    cheap(bench)
    name = running(bench)
    nodes.preempt(bench.workspace, "cheap")
    bench.supervisor.turn()
    bench.begin(DiesAtLaunch())
    with pytest.raises(KilledError):
        bench.until_finished(name)
    assert (bench.get(name).status, bench.get(name).attempt) == ("Preparing", 2)
    bench.begin().turn()
    job = bench.get(name)
    assert bench.supervisor.clusters[job.compute].held[job.name].spared == 1
    assert bench.until_finished(name).status == "Completed"
    bench.begin()
    assert bench.until_finished(name).attempt == 2


def test_a_cancel_of_a_preempted_job_is_a_cancel(bench: Bench) -> None:
    cheap(bench)
    name = running(bench)
    nodes.preempt(bench.workspace, "cheap")
    bench.cancel(name)
    assert bench.until_finished(name).status == "Canceled"
    assert bench.lines("ran") == ["ran"]


def test_an_idle_node_that_is_taken_is_replaced_up_to_the_minimum(bench: Bench) -> None:
    cheap(bench, min_instances=1)
    bench.turn()
    (before,) = nodes.every(bench.workspace, "cheap")
    nodes.preempt(bench.workspace, "cheap")
    bench.turn()
    (after,) = nodes.every(bench.workspace, "cheap")
    assert before.node_id != after.node_id

"""What the next supervisor makes of what the one before left, killed at any point."""

import signal
import time

import psutil
import pytest

from jupyter_aml.engine.executors.subprocess import SubprocessExecutor
from jupyter_aml.entities.job_folder import AttemptFolder
from jupyter_aml.entities.launch import Launch, read_outcome
from tests.unit.engine.conftest import LIMIT, Bench, kill

WAITS = 'echo ran >> "$SCRATCH/ran"; until [ -e "$SCRATCH/go" ]; do sleep 0.01; done; exit 3'


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


def test_a_running_job_is_adopted_and_ends_with_its_true_exit_code(bench: Bench) -> None:
    name = bench.running(WAITS)
    bench.begin()
    (bench.scratch / "go").touch()
    job = bench.until_finished(name)
    assert (job.status, job.exit_code) == ("Failed", 3)
    assert bench.lines("ran") == ["ran"]
    assert bench.statuses(name).count("Running") == 1


def test_an_outcome_that_was_written_while_nobody_watched_is_taken_as_it_is(bench: Bench) -> None:
    name = bench.running(WAITS)
    (bench.scratch / "go").touch()
    deadline = time.monotonic() + LIMIT
    while (outcome := read_outcome(bench.attempt(name).outcome)) is None:
        assert time.monotonic() < deadline
    bench.begin().turn()
    job = bench.get(name)
    assert (job.status, job.exit_code) == ("Failed", 3)
    assert job.ended_at == outcome.ended_at, "when it ended, not when it was found"


def test_an_attempt_that_was_decided_but_never_began_is_given_back_and_runs_once(bench: Bench) -> None:
    name = bench.submit('echo ran >> "$SCRATCH/ran"')
    with pytest.raises(KilledError):
        bench.begin(DiesAtLaunch()).turn()
    assert bench.get(name).status == "Preparing"
    bench.begin()
    assert bench.until_finished(name).status == "Completed"
    assert bench.lines("ran") == ["ran"]
    assert bench.get(name).attempt == 1
    assert bench.statuses(name)[:4] == ["Queued", "Preparing", "Queued", "Preparing"]


def test_a_wish_that_nobody_read_is_read_by_the_next(bench: Bench) -> None:
    name = bench.submit("true")
    bench.begin()
    assert bench.until_finished(name).status == "Completed"


def test_a_job_whose_processes_were_killed_fails_with_a_clear_error(bench: Bench) -> None:
    name = bench.running(WAITS)
    kill(bench.runner(name))
    job = bench.until_finished(name)
    assert (job.status, job.exit_code) == ("Failed", None)
    assert "runner disappeared" in job.error
    assert "Submit it again" in job.error
    assert bench.lines("ran") == ["ran"]


def test_a_job_that_was_killed_while_nobody_watched_fails_too(bench: Bench) -> None:
    name = bench.running(WAITS)
    kill(bench.runner(name))
    bench.begin()
    assert bench.until_finished(name).status == "Failed"


def test_processes_that_outlive_their_killed_runner_are_ended_before_the_job_is_over(bench: Bench) -> None:
    name = bench.running(WAITS)
    runner = bench.runner(name)
    below = runner.children(recursive=True)
    runner.kill()
    assert bench.until_finished(name).status == "Failed"
    assert [one for one in below if one.is_running() and one.status() != psutil.STATUS_ZOMBIE] == []


def test_a_job_that_may_be_repeated_is_repeated_after_a_loss(bench: Bench) -> None:
    twice = 'echo ran >> "$SCRATCH/ran"; [ -e "$SCRATCH/again" ] && exit 0; touch "$SCRATCH/again"; sleep 600'
    name = bench.running(twice, max_attempts=2)
    bench.until((bench.scratch / "again").exists)
    kill(bench.runner(name))
    job = bench.until_finished(name)
    assert (job.status, job.attempt, job.error) == ("Completed", 2, "")
    assert bench.lines("ran") == ["ran", "ran"]


def test_a_job_whose_runner_was_told_to_leave_by_a_shutdown_counts_as_lost(bench: Bench) -> None:
    twice = '[ -e "$SCRATCH/again" ] && exit 0; touch "$SCRATCH/again"; sleep 600'
    name = bench.running(twice, max_attempts=2)
    bench.until((bench.scratch / "again").exists)
    bench.runner(name).send_signal(signal.SIGTERM)
    assert bench.until_finished(name).attempt == 2
    once = bench.running("sleep 600")
    bench.runner(once).send_signal(signal.SIGTERM)
    job = bench.until_finished(once)
    assert job.status == "Failed"
    assert "SIGTERM" in job.error


def test_a_cancel_that_was_decided_but_not_done_is_done_by_the_next(bench: Bench) -> None:
    name = bench.running("sleep 600")
    bench.cancel(name)
    with pytest.raises(KilledError):
        bench.begin(DiesAtStop()).turn()
    assert bench.get(name).status == "CancelRequested"
    bench.begin()
    assert bench.until_finished(name).status == "Canceled"


def test_a_cancel_that_comes_while_nobody_watches_is_not_lost(bench: Bench) -> None:
    name = bench.running("sleep 600")
    bench.cancel(name)
    bench.begin()
    assert bench.until_finished(name).status == "Canceled"


def test_a_job_that_ended_by_itself_before_its_cancel_was_read_keeps_its_outcome(bench: Bench) -> None:
    name = bench.running(WAITS)
    (bench.scratch / "go").touch()
    deadline = time.monotonic() + LIMIT
    while not bench.attempt(name).outcome.exists():
        assert time.monotonic() < deadline
    bench.cancel(name)
    bench.begin()
    job = bench.until_finished(name)
    assert (job.status, job.exit_code) == ("Failed", 3)
    assert bench.statuses(name)[-2:] == ["CancelRequested", "Failed"]


def test_a_finished_job_is_left_alone_by_all_who_come_after(bench: Bench) -> None:
    job = bench.run("true")
    told = bench.story(job.name)
    bench.begin().turn()
    bench.cancel(job.name)
    bench.turn()
    assert bench.get(job.name) == job
    assert bench.story(job.name) == told

"""The contract of `engine.executors.base`, claim by claim, for every executor, on real processes."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

from jupyter_aml.engine.executors.base import Executor, State
from jupyter_aml.entities.job_folder import AttemptFolder
from jupyter_aml.entities.launch import Outcome
from jupyter_aml.runner import claim
from jupyter_aml.runner.variables import MARKER
from tests.contracts.executors.yard import Attempt, Yard, wait_for

ROOT = Path(__file__).parents[3]
FAMILY = """
trap 'echo told' TERM
sleep 600 &
(sleep 600 & sleep 600) &
setsid sleep 600 &
(setsid bash -c 'trap "" TERM; sleep 600; sleep 600' & )
python -c 'import os, time; os.fork() and os._exit(0); os.setsid(); os.fork() and os._exit(0); time.sleep(600)'
touch ready
"""


def alive(folder: AttemptFolder) -> list[psutil.Process]:
    """The user's processes of an attempt; the shells and their children carry its marker."""
    return [process for process in psutil.process_iter() if _marker(process) == str(folder.root)]


def _marker(process: psutil.Process) -> str | None:
    try:
        return None if process.status() == psutil.STATUS_ZOMBIE else process.environ().get(MARKER)
    except psutil.Error:
        return None


def started_family(yard: Yard, ending: str, **rest: Any) -> Attempt:
    attempt = yard.start(FAMILY + ending, **rest)
    wait_for((attempt.folder.code / "ready").exists)
    return attempt


# ── 1. at once, and at most once ──


def test_an_attempt_leaves_its_exit_code_and_its_log(yard: Yard) -> None:
    attempt, outcome = yard.run("echo out; echo err >&2; cat; exit 7")
    assert (outcome.why, outcome.exit_code) == ("exited", 7)
    assert attempt.log() == "out\nerr\n"
    assert outcome.began_at <= outcome.started_at <= outcome.ended_at


def test_an_attempt_launched_twice_runs_once(yard: Yard, make_executor: Callable[[], Executor]) -> None:
    attempt = yard.start("echo once; until [ -e go ]; do sleep 0.01; done")
    yard.executor.launch(attempt.folder, attempt.launch)
    other = make_executor()
    other.launch(attempt.folder, attempt.launch)
    yard.wait_until(attempt, lambda seen: seen.started_at is not None)
    (attempt.folder.code / "go").touch()
    yard.outcome(attempt)
    other.launch(attempt.folder, attempt.launch)
    other.close()
    assert attempt.log() == "once\n"


def test_a_second_runner_of_an_attempt_touches_nothing(yard: Yard) -> None:
    attempt = yard.start("echo once; until [ -e go ]; do sleep 0.01; done")
    yard.wait_until(attempt, lambda seen: seen.started_at is not None)
    portable = [sys.executable, "-I", "-S", str(ROOT / "jupyter_aml/runner/__main__.py"), str(attempt.folder.root)]
    assert subprocess.run(portable, check=False).returncode == 75
    (attempt.folder.code / "go").touch()
    outcome = yard.outcome(attempt)
    assert subprocess.run(portable, check=False).returncode == 0
    assert yard.outcome(attempt) == outcome
    assert attempt.log() == "once\n"


# ── 2. seen from outside ──


def test_an_attempt_that_nobody_launched_is_absent(yard: Yard) -> None:
    assert yard.executor.look(yard.prepare("true").folder).state == State.ABSENT


def test_an_attempt_that_was_launched_is_never_seen_absent(yard: Yard) -> None:
    seen: list[State] = []
    for _ in range(20):
        attempt = yard.start("true")
        while not seen or seen[-1] != State.ENDED:
            seen.append(yard.executor.look(attempt.folder).state)
            yard.executor.reap()
        seen.append(State.RUNNING)
    assert set(seen) == {State.RUNNING, State.ENDED}


def test_start_and_end_of_the_user_process_are_seen(yard: Yard) -> None:
    attempt = yard.start("until [ -e go ]; do sleep 0.01; done")
    running = yard.wait_until(attempt, lambda seen: seen.started_at is not None)
    assert (running.state, running.ended_at) == (State.RUNNING, None)
    (attempt.folder.code / "go").touch()
    ended = yard.wait_until(attempt, lambda seen: seen.state == State.ENDED)
    assert ended.started_at is not None
    assert ended.ended_at is not None
    assert ended.started_at <= ended.ended_at


# ── 3. and 4. the end, and nothing after it ──


def test_nothing_of_a_job_outlives_its_normal_end(yard: Yard) -> None:
    attempt = started_family(yard, "exit 3")
    assert yard.outcome(attempt).exit_code == 3
    assert alive(attempt.folder) == []


def test_nothing_of_a_job_outlives_its_cancel(yard: Yard) -> None:
    attempt = started_family(yard, "while true; do sleep 600; done")
    yard.executor.stop(attempt.folder, "somebody said so")
    outcome = yard.outcome(attempt)
    assert (outcome.why, outcome.exit_code, outcome.error) == ("canceled", None, "Canceled: somebody said so")
    assert alive(attempt.folder) == []
    assert "told" in attempt.log()


def test_nothing_of_a_job_outlives_its_time(yard: Yard) -> None:
    for limit in (1, 8, 64):  # as long as a slow machine needs for the whole family
        attempt, outcome = yard.run(f"{FAMILY}while true; do sleep 600; done", timeout=float(limit))
        assert outcome.why == "timeout"
        assert f"limit of {limit} s" in outcome.error
        assert alive(attempt.folder) == []
        if (attempt.folder.code / "ready").exists():
            return
    pytest.fail("the family was never whole")


def test_a_job_within_its_time_is_left_alone(yard: Yard) -> None:
    assert yard.run("sleep 0.1", timeout=60.0)[1].why == "exited"


def test_a_stop_before_the_launch_counts(yard: Yard) -> None:
    attempt = yard.prepare("echo never")
    yard.executor.stop(attempt.folder, "too late to begin")
    yard.executor.launch(attempt.folder, attempt.launch)
    assert yard.outcome(attempt).why == "canceled"
    assert not (attempt.artifacts / "user_logs" / "std_log.txt").exists()


def test_a_stop_at_any_moment_ends_the_attempt(yard: Yard) -> None:
    for delay in range(12):
        attempt = yard.start("sleep 600")
        time.sleep(delay / 2000)  # not a wait: the moments from fork to started are what is tried
        yard.executor.stop(attempt.folder, "now")
        yard.executor.stop(attempt.folder, "again")
        assert yard.outcome(attempt).why == "canceled"
        assert alive(attempt.folder) == []


def test_a_stop_after_the_end_changes_nothing(yard: Yard) -> None:
    attempt, outcome = yard.run("true")
    yard.executor.stop(attempt.folder, "too late")
    assert yard.executor.look(attempt.folder).outcome == outcome


# ── 5. a killed runner ──


def killed_runner(yard: Yard) -> Attempt:
    attempt = started_family(yard, "sleep 600")
    begun = claim.read_begun(attempt.folder)
    assert begun
    os.kill(begun.pid, signal.SIGKILL)
    return attempt


def test_a_killed_runner_leaves_orphans_and_then_a_loss(yard: Yard) -> None:
    attempt = killed_runner(yard)
    yard.wait_until(attempt, lambda seen: seen.state == State.ORPHANED)
    assert len(alive(attempt.folder)) > 5
    yard.executor.end_orphans(attempt.folder)
    yard.wait_until(attempt, lambda seen: seen.state == State.LOST)
    wait_for(lambda: not alive(attempt.folder))


def test_a_lost_attempt_does_not_run_again(yard: Yard) -> None:
    attempt = killed_runner(yard)
    yard.executor.end_orphans(attempt.folder)
    yard.wait_until(attempt, lambda seen: seen.state != State.RUNNING)
    yard.executor.end_orphans(attempt.folder)
    yard.wait_until(attempt, lambda seen: seen.state == State.LOST)
    yard.executor.launch(attempt.folder, attempt.launch)
    yard.wait_until(attempt, lambda seen: seen.state == State.LOST)


def test_orphans_are_not_ended_while_the_runner_lives(yard: Yard) -> None:
    attempt = yard.start("until [ -e go ]; do sleep 0.01; done; exit 5")
    yard.wait_until(attempt, lambda seen: seen.started_at is not None)
    yard.executor.end_orphans(attempt.folder)
    (attempt.folder.code / "go").touch()
    assert yard.outcome(attempt).exit_code == 5


def test_the_death_of_another_executors_runner_wakes_the_one_that_looked(
    yard: Yard, make_executor: Callable[[], Executor]
) -> None:
    attempt = yard.start("sleep 600")
    yard.wait_until(attempt, lambda seen: seen.started_at is not None)
    other = Yard(yard.root, make_executor())
    other.executor.look(attempt.folder)
    assert len(other.executor.filenos()) == 1
    begun = claim.read_begun(attempt.folder)
    assert begun
    os.kill(begun.pid, signal.SIGKILL)
    yard.wait_until(attempt, lambda seen: seen.state == State.ORPHANED)
    wait_for(lambda: other.turn() or not other.executor.filenos())
    other.executor.end_orphans(attempt.folder)
    other.wait_until(attempt, lambda seen: seen.state == State.LOST)
    other.executor.close()


# ── 6. the executor's own end ──


def test_close_leaves_attempts_running(yard: Yard, make_executor: Callable[[], Executor]) -> None:
    attempt = yard.start("until [ -e go ]; do sleep 0.01; done; exit 6")
    yard.wait_until(attempt, lambda seen: seen.started_at is not None)
    yard.executor.close()
    (attempt.folder.code / "go").touch()
    other = Yard(yard.root, make_executor())
    assert other.outcome(attempt).exit_code == 6
    other.executor.close()


def test_an_attempt_outlives_the_killed_process_of_its_executor(yard: Yard) -> None:
    attempt = yard.prepare("until [ -e go ]; do sleep 0.01; done; echo whole; exit 6")
    pid = os.fork()
    if pid == 0:
        yard.executor.launch(attempt.folder, attempt.launch)
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(pid, 0)
    yard.wait_until(attempt, lambda seen: seen.started_at is not None)
    (attempt.folder.code / "go").touch()
    assert yard.outcome(attempt).exit_code == 6
    assert attempt.log() == "whole\n"


def test_an_attempt_inherits_no_descriptor_of_its_executors_process(yard: Yard, tmp_path: Path) -> None:
    held = os.open(tmp_path / "held", os.O_WRONLY | os.O_CREAT)
    os.set_inheritable(held, True)
    attempt, _ = yard.run("ls -l /proc/self/fd")
    os.close(held)
    assert "held" not in attempt.log()
    assert str(attempt.folder.lease) in attempt.log()


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_runner_told_to_leave_takes_the_job_along(yard: Yard, signum: signal.Signals) -> None:
    attempt = started_family(yard, "sleep 600")
    begun = claim.read_begun(attempt.folder)
    assert begun
    os.kill(begun.pid, signum)
    assert yard.outcome(attempt).why == "lost"
    assert alive(attempt.folder) == []


def test_an_ended_attempt_is_seen_without_its_launch_file(yard: Yard) -> None:
    attempt = yard.start("true")
    yard.outcome(attempt)
    attempt.folder.launch.unlink()
    attempt.folder.outcome.write_text(Outcome("exited", 137, warm=True).to_json())
    assert yard.executor.look(attempt.folder).state == State.ENDED

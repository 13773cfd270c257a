"""A warm worker's life: started on demand, gone with its executor or when idle; its jobs go on, and can be ended."""

import os
import signal
import sys
import venv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from jupyter_aml.engine.executors import zygotes
from jupyter_aml.engine.executors.base import State
from jupyter_aml.engine.executors.subprocess import SubprocessExecutor
from jupyter_aml.entities.launch import WarmPlan
from jupyter_aml.runner import claim
from tests.conftest import is_alive
from tests.contracts.executors.yard import Attempt, Yard, wait_for
from tests.journeys.warm.conftest import warm_up

NUMPY = WarmPlan(("numpy",))
SLOW = WarmPlan(("slow",))
ROOT = Path(__file__).parents[3]
OWN = 601.0
"""Seconds of patience by which these workers are told from others."""
WAIT = """
import numpy, os, sys, time
open('ready', 'w').close()
while not os.path.exists('go'): time.sleep(.01)
print('whole'); sys.exit(5)
"""
FAMILY = """
import numpy, os, subprocess, sys, time
subprocess.Popen(['sleep', '600'])
subprocess.Popen(['sleep', '600'], start_new_session=True)
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0: time.sleep(600)
    os._exit(0)
os.wait()
open('ready', 'w').close()
time.sleep(600)
"""


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Yard]:
    """A yard with an executor of its own, to be mistreated."""
    made = Yard(tmp_path, SubprocessExecutor(idle_seconds=OWN))
    yield made
    made.close()


def started(yard: Yard, source: str, **rest: Any) -> Attempt:
    attempt = yard.start("python main.py", {"main.py": source}, warm=NUMPY, **rest)
    wait_for((attempt.folder.code / "ready").exists)
    return attempt


def workers(idle_seconds: float = OWN) -> list[psutil.Process]:
    """The warm workers of this process's executors with that patience."""
    call = f"main(3, {idle_seconds!r})"
    return [child for child in psutil.Process().children() if any(call in word for word in _command(child))]


def _command(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def left_of(attempt: Attempt) -> list[int]:
    """Everything in a session that the attempt's runner or its job leads."""
    begun = claim.read_begun(attempt.folder)
    assert begun
    lease = str(attempt.folder.lease)
    return [process.pid for process in psutil.process_iter() if process.pid != os.getpid() and _holds(process, lease)]


def _holds(process: psutil.Process, lease: str) -> bool:
    try:
        return any(str(entry.readlink()) == lease for entry in Path(f"/proc/{process.pid}/fd").iterdir())
    except OSError:
        return False


def test_the_first_job_starts_the_worker_and_itself_runs_cold(own: Yard) -> None:
    outcome = own.run("python main.py", {"main.py": "import numpy"}, warm=NUMPY)[1]
    assert (outcome.warm, outcome.cold_because) == (False, "no warm worker yet: starting one")
    assert len(workers()) == 1
    warm_up(own, NUMPY.modules)
    assert len(workers()) == 1


def test_a_module_that_the_worker_lacks_is_learnt_after_the_job(own: Yard) -> None:
    warm_up(own, ("joblib",))
    assert own.run("python main.py", {"main.py": "import numpy"}, warm=NUMPY)[1].warm
    assert own.run("python main.py", {"main.py": "import numpy"}, warm=NUMPY)[1].warm


def importing(yard: Yard, tmp_path: Path) -> Path:
    """A worker that is at its imports until the file that is returned is there."""
    go = tmp_path / "go"
    place = environment(yard, tmp_path, path=sys.path)
    (place / "slow.py").write_text(f"import os, time\nwhile not os.path.exists({str(go)!r}): time.sleep(.01)")
    yard.run("python main.py", {"main.py": ""}, warm=SLOW)
    return go


def test_jobs_that_come_while_the_worker_imports_wait_for_it(own: Yard, tmp_path: Path) -> None:
    go = importing(own, tmp_path)
    waiting = [own.start("python main.py", {"main.py": f"print({number})"}, warm=SLOW) for number in range(3)]
    own.turn()
    assert {own.executor.look(attempt.folder).state for attempt in waiting} == {State.RUNNING}
    assert not any(attempt.folder.begun.exists() for attempt in waiting)
    go.touch()
    assert [own.outcome(attempt).warm for attempt in waiting] == [True] * 3
    assert [attempt.log() for attempt in waiting] == ["0\n", "1\n", "2\n"]


def test_a_job_that_waits_for_the_worker_can_be_canceled_at_once(own: Yard, tmp_path: Path) -> None:
    importing(own, tmp_path)
    attempt = own.start("python main.py", {"main.py": "print(1)"}, warm=SLOW)
    own.executor.stop(attempt.folder, "enough")
    assert own.outcome(attempt).why == "canceled"


def test_a_job_that_waited_for_a_worker_that_died_runs_cold(own: Yard, tmp_path: Path) -> None:
    importing(own, tmp_path)
    attempt = own.start("python main.py", {"main.py": "print(1)"}, warm=SLOW)
    workers()[0].kill()
    outcome = own.outcome(attempt)
    assert (outcome.warm, outcome.cold_because) == (False, "the warm worker ended before it took the job")


def test_a_job_waits_for_no_worker_that_takes_too_long(
    own: Yard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    importing(own, tmp_path)
    waiting = [own.start("python main.py", {"main.py": ""}, warm=SLOW) for _ in range(3)]
    monkeypatch.setattr(zygotes, "LONGEST_IMPORT", 0.0)
    later = own.start("python main.py", {"main.py": ""}, warm=SLOW)
    reasons = {own.outcome(attempt).cold_because for attempt in [*waiting, later]}
    assert reasons == {"the warm worker takes long to import"}


def test_a_job_that_waited_for_the_worker_of_a_closed_executor_can_be_launched_again(own: Yard, tmp_path: Path) -> None:
    importing(own, tmp_path)
    attempt = own.start("python main.py", {"main.py": "print(1)"}, warm=SLOW)
    own.executor.close()
    assert own.executor.look(attempt.folder).state == State.ABSENT
    own.executor.launch(attempt.folder, attempt.launch)
    assert (own.outcome(attempt).exit_code, attempt.log()) == (0, "1\n")


def test_a_job_without_slow_imports_starts_no_worker(own: Yard) -> None:
    own.run("python main.py", {"main.py": ""}, warm=WarmPlan())
    assert workers() == []


def test_a_changed_environment_gets_a_new_worker(own: Yard, tmp_path: Path) -> None:
    place = environment(own, tmp_path, path=sys.path)
    warm_up(own, NUMPY.modules)
    before = workers()[0].pid
    (place / "installed.dist-info").mkdir()
    outcome = own.run("python main.py", {"main.py": "import numpy"}, warm=NUMPY)[1]
    assert outcome.cold_because == "the environment changed: starting a new warm worker"
    warm_up(own, NUMPY.modules)
    assert before not in [worker.pid for worker in workers()]


def environment(yard: Yard, tmp_path: Path, *, path: list[str]) -> Path:
    """A new environment for the yard that finds what is on `path`; its site-packages."""
    venv.create(tmp_path / "bare", symlinks=True)
    yard.interpreter = str(tmp_path / "bare" / "bin" / "python")
    place = next((tmp_path / "bare" / "lib").glob("python*/site-packages"))
    (place / "more.pth").write_text(
        "\n".join(entry for entry in path if entry.endswith("packages") or entry == str(ROOT))
    )
    return place


def test_an_idle_worker_leaves(tmp_path: Path) -> None:
    yard = Yard(tmp_path, SubprocessExecutor(idle_seconds=0.3))
    warm_up(yard, NUMPY.modules)
    wait_for(lambda: yard.turn() or not yard.executor.filenos())
    wait_for(lambda: yard.turn() or not workers(0.3))
    warm_up(yard, NUMPY.modules)
    yard.executor.close()


def test_a_killed_worker_is_replaced_and_its_jobs_go_on(own: Yard) -> None:
    warm_up(own, NUMPY.modules)
    attempt = started(own, WAIT)
    workers()[0].kill()
    (attempt.folder.code / "go").touch()
    outcome = own.outcome(attempt)
    assert (outcome.warm, outcome.exit_code, attempt.log()) == (True, 5, "whole\n")
    warm_up(own, NUMPY.modules)


def test_a_job_handed_to_a_worker_that_dies_runs_all_the_same(own: Yard) -> None:
    warm_up(own, NUMPY.modules)
    worker = workers()[0]
    worker.suspend()
    attempt = own.start("python main.py", {"main.py": "print(1)"}, warm=NUMPY)
    assert own.executor.look(attempt.folder).state == State.RUNNING
    worker.kill()
    outcome = own.outcome(attempt)
    assert (outcome.warm, outcome.exit_code, attempt.log()) == (False, 0, "1\n")
    assert outcome.cold_because == "the warm worker ended before it took the job"


def test_close_ends_the_worker_and_leaves_its_jobs(own: Yard) -> None:
    warm_up(own, NUMPY.modules)
    attempt = started(own, WAIT)
    own.executor.close()
    assert workers() == []
    (attempt.folder.code / "go").touch()
    assert own.outcome(attempt).exit_code == 5


def test_a_worker_does_not_outlive_its_killed_supervisor(tmp_path: Path) -> None:
    yard = Yard(tmp_path, SubprocessExecutor(idle_seconds=OWN))
    attempt = yard.prepare("python main.py", {"main.py": WAIT}, warm=NUMPY)
    pid = os.fork()
    if pid == 0:
        try:
            warm_up(yard, NUMPY.modules)
            yard.executor.launch(attempt.folder, attempt.launch)
            wait_for((attempt.folder.code / "ready").exists)
            (tmp_path / "worker").write_text(str(workers()[0].pid))
        finally:  # whatever went wrong: this process goes on with no other test
            os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(pid, 0)
    worker = int((tmp_path / "worker").read_text())
    wait_for(lambda: not is_alive(worker))
    (attempt.folder.code / "go").touch()
    outcome = yard.outcome(attempt)
    assert (outcome.warm, outcome.exit_code) == (True, 5)


@pytest.mark.parametrize("how", ["cancel", "timeout"])
def test_nothing_of_a_warm_job_outlives_its_end(own: Yard, how: str) -> None:
    warm_up(own, NUMPY.modules)
    attempt = started(own, FAMILY, **({"timeout": 3.0} if how == "timeout" else {}))
    assert len(left_of(attempt)) > 1
    if how == "cancel":
        own.executor.stop(attempt.folder, "enough")
    outcome = own.outcome(attempt)
    assert (outcome.warm, outcome.why) == (True, "timeout" if how == "timeout" else "canceled")
    wait_for(lambda: not left_of(attempt))  # the runner itself is about to leave


def test_a_killed_runner_of_a_warm_job_leaves_orphans_that_can_be_ended(own: Yard) -> None:
    warm_up(own, NUMPY.modules)
    attempt = started(own, FAMILY)
    begun = claim.read_begun(attempt.folder)
    assert begun
    os.kill(begun.pid, signal.SIGKILL)
    own.wait_until(attempt, lambda seen: seen.state == State.ORPHANED)
    own.executor.end_orphans(attempt.folder)
    own.wait_until(attempt, lambda seen: seen.state == State.LOST)


def test_an_environment_without_us_runs_cold_and_is_not_asked_again(own: Yard, tmp_path: Path) -> None:
    environment(own, tmp_path, path=[])
    main = {"main.py": "import sys; print(sys.prefix)"}
    assert own.run("python main.py", main, warm=NUMPY)[0].log() == f"{tmp_path / 'bare'}\n"
    wait_for(lambda: own.turn() or not own.executor.filenos())
    outcome = own.run("python main.py", main, warm=NUMPY)[1]
    assert outcome.cold_because == "a warm worker could not be started in its environment"

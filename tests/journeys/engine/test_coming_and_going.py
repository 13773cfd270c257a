"""The supervisor's coming and going: one at a time, no child of anybody, gone when idle, and no wish lost meanwhile."""

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil

from jupyter_aml import MLClient
from jupyter_aml.engine import lifecycle
from jupyter_aml.entities.compute import AmlCompute
from tests.conftest import is_alive
from tests.journeys.engine.conftest import Site, until

ROUNDS = 60
ASKING = """
import sys
from pathlib import Path
from jupyter_aml.engine import lock
while True:
    lock.is_held(Path(sys.argv[1]))
"""


def supervisors(site: Site) -> list[psutil.Process]:
    return [one for one in psutil.process_iter() if is_alive(one) and str(site.folder.root) in _words(one)]


def _words(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def test_of_ten_supervisors_started_at_once_one_lives(site: Site) -> None:
    assert site.database.version >= 0
    with ThreadPoolExecutor(10) as pool:
        list(pool.map(lambda _: lifecycle.start(site.folder), range(10)))
    until(lambda: lifecycle.pid(site.folder))
    assert [one.pid for one in supervisors(site)] == [lifecycle.pid(site.folder)]
    assert site.until_finished(site.submit("true")).status == "Completed"


def test_the_supervisor_is_nobodys_child_and_in_a_session_of_its_own(site: Site) -> None:
    site.until_finished(site.submit("true"))
    process = psutil.Process(lifecycle.pid(site.folder))
    assert process.ppid() != os.getpid()
    assert os.getsid(process.pid) != os.getsid(0)


def test_one_that_is_told_to_stop_while_it_starts_does_stop(site: Site) -> None:
    assert site.database.version >= 0
    for _ in range(10):
        lifecycle.start(site.folder)
        lifecycle.stop(site.folder)
        until(lambda: not supervisors(site))


def test_jobs_run_on_while_there_is_no_supervisor(site: Site) -> None:
    name = site.submit('until [ -e "$SCRATCH/go" ]; do sleep 0.01; done; exit 5')
    site.until_status(name, "Running")
    lifecycle.stop(site.folder)
    (site.scratch / "go").touch()
    until(lambda: not site.runners())
    assert site.get(name).status == "Running"
    lifecycle.ensure(site.folder)
    job = site.until_finished(name)
    assert (job.status, job.exit_code) == ("Failed", 5)


def test_an_idle_supervisor_leaves(site: Site) -> None:
    assert site.database.version >= 0
    lifecycle.start(site.folder, idle_seconds=0.05)
    until(lambda: not supervisors(site))
    assert not site.folder.doorbell.exists()


def test_a_supervisor_with_work_stays(site: Site) -> None:
    assert site.database.version >= 0
    lifecycle.start(site.folder, idle_seconds=0.5)
    name = site.submit('until [ -e "$SCRATCH/go" ]; do sleep 0.01; done')
    site.until_status(name, "Running")
    before = lifecycle.pid(site.folder)
    assert before
    site.until_finished(site.submit("sleep 1"))
    assert lifecycle.pid(site.folder) == before
    (site.scratch / "go").touch()
    site.until_finished(name)


def test_those_who_only_ask_keep_nobody_from_starting(site: Site) -> None:
    assert site.database.version >= 0
    askers = [subprocess.Popen([sys.executable, "-c", ASKING, site.folder.supervisor_lock]) for _ in range(2)]
    try:
        for _ in range(10):
            lifecycle.start(site.folder)
            until(lambda: lifecycle.pid(site.folder))
            lifecycle.stop(site.folder)
    finally:
        for asker in askers:
            asker.kill()
            asker.wait()


def test_a_supervisor_whose_workspace_was_deleted_leaves_and_makes_nothing_anew(site: Site) -> None:
    root = site.folder.root
    site.until_status(site.submit("sleep 600"), "Running")
    runners = site.runners()
    site.database.close()
    site.ml.workspace.runs.close()
    until(lambda: shutil.rmtree(root, ignore_errors=True) or not root.exists())  # somebody may just write there
    until(lambda: set(supervisors(site)) <= set(runners))  # a runner is a fork: it has the same arguments
    assert not root.exists()
    for runner in runners:
        runner.terminate()
    until(lambda: not any(map(is_alive, runners)))
    site.ml = MLClient.default()


def test_no_wish_is_lost_while_the_supervisor_leaves(site: Site) -> None:
    """A user's process submits again and again, just when the supervisor is about to go."""
    site.ml.begin_create_or_update(AmlCompute(name="brief", idle_time_before_scale_down=0))
    lifecycle.stop(site.folder)
    script = Path(__file__).with_name("hammer.py")
    environment = {**os.environ, "JUPYTER_AML_SUPERVISOR_IDLE_SECONDS": "0.02"}
    done = subprocess.run(
        [sys.executable, script, str(ROUNDS)], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    lives, finished = map(int, done.stdout.split())
    assert finished == ROUNDS
    assert lives > ROUNDS // 4, "it did leave in between"

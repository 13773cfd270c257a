"""A job that is ended takes along all that it started, however far that went."""

import signal

import psutil
import pytest

from jupyter_aml.entities import AmlCompute
from tests.conftest import is_alive, processes_of
from tests.journeys.engine.conftest import Site, until

TREE = """
sleep 600 &
setsid sleep 601 &
( ( trap '' TERM HUP; exec sleep 602 ) & )
( setsid setsid bash -c 'sleep 603 & exec sleep 604' & )
python3 -c 'import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0: time.sleep(605)
    os._exit(0)
time.sleep(606)' &
: > "$SCRATCH/up"
wait
"""
SLEEPERS = 7


def sleepers(site: Site) -> list[psutil.Process]:
    return [one for one in processes_of(site.home) if is_alive(one) and _sleeps(one)]


def _sleeps(process: psutil.Process) -> bool:
    """Whether it is one of the tree's, and not a supervisor's Python."""
    try:
        return process.name() == "sleep" or any(word.endswith("time.sleep(606)") for word in process.cmdline())
    except psutil.Error:  # it went while we looked
        return False


def grown(site: Site, **fields: object) -> str:
    """A job whose whole tree is up."""
    name = site.submit(TREE, **fields)
    until(lambda: len(sleepers(site)) >= SLEEPERS, lambda: (site.ml.facts.story(name), sleepers(site)))
    return name


def test_a_canceled_job_leaves_no_process(site: Site) -> None:
    name = grown(site)
    job = site.ml.jobs.begin_cancel(name).result(timeout=60)
    assert job.status == "Canceled"
    assert sleepers(site) == []


def test_a_job_that_is_over_its_time_is_canceled_and_leaves_no_process(site: Site) -> None:
    name = site.submit(TREE, timeout=2.0)
    job = site.until_finished(name)
    assert job.status == "Canceled"
    assert "limit of 2 s" in job.error
    assert (site.scratch / "up").exists()
    assert sleepers(site) == []


def test_a_job_that_ends_leaves_no_process_behind_in_the_background(site: Site) -> None:
    name = site.submit("setsid sleep 600 & sleep 601 & exit 0")
    assert site.until_finished(name).status == "Completed"
    assert sleepers(site) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_cancel_is_not_delayed_by_a_job_that_ignores_signals(site: Site, number: signal.Signals) -> None:
    name = site.submit(f'trap "" {number.name.removeprefix("SIG")}; touch "$SCRATCH/up"; while :; do sleep 600; done')
    until((site.scratch / "up").exists)
    assert site.ml.jobs.begin_cancel(name).result(timeout=60).status == "Canceled"
    assert sleepers(site) == []


def test_a_waiting_job_is_canceled_without_ever_running(site: Site) -> None:
    cluster = site.ml.compute.get("local-cluster")
    assert isinstance(cluster, AmlCompute)
    busy = [site.submit("sleep 600") for _ in range(cluster.max_instances)]
    name = site.submit('touch "$SCRATCH/ran"')
    site.until_status(name, "Queued")
    site.ml.jobs.begin_cancel(name).result(timeout=60)
    for other in busy:
        site.ml.jobs.begin_cancel(other).result(timeout=60)
    assert not (site.scratch / "ran").exists()

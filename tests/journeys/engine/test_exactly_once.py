"""Whatever is killed, a job runs at most once, its outcome is the true one, and none stays unfinished."""

import random

import pytest

from jupyter_aml.engine import lifecycle
from tests.conftest import is_alive, processes_of
from tests.journeys.engine.conftest import Site, kill, until

JOBS = 300
KILLS = 60
WAIT = 'until [ -e "$SCRATCH/go" ]; do sleep 0.01; done'


def submit(site: Site, count: int, seconds: str = "0.0{digit}") -> dict[str, int]:
    """Jobs that say that they ran and end with a code of their own: name → code. None ends before all are submitted."""
    names: dict[str, int] = {}
    for number in range(count):
        rest = seconds.format(digit=number % 4)
        line = f'{WAIT}; echo {number} >> "$SCRATCH/ran"; sleep {rest}; exit {number % 2}'
        names[site.submit(line, name=f"job-{number}")] = number % 2
    (site.scratch / "go").touch()
    return names


def ran(site: Site) -> list[int]:
    return sorted(map(int, site.lines("ran")))


def assert_true_or_lost(site: Site, codes: dict[str, int]) -> int:
    """Each job has its own exit code, or says that its runner is gone; how many were lost."""
    lost = 0
    for name, code in codes.items():
        job = site.get(name)
        if job.exit_code is None:
            assert job.status == "Failed"
            assert "runner disappeared" in job.error
            lost += 1
        else:
            assert (job.status, job.exit_code) == (("Completed", "Failed")[code], code)
    return lost


def assert_nothing_runs(site: Site) -> None:
    lifecycle.stop(site.folder)
    until(lambda: not any(map(is_alive, processes_of(site.home))))


@pytest.mark.slow
def test_300_jobs_run_once_each_while_the_supervisor_is_killed_60_times(site: Site) -> None:
    rng = random.Random(2)
    codes = submit(site, JOBS)
    kills = 0
    while site.unfinished():
        site.until_something_happens(rng, at_most=24)
        kills += site.kill_supervisor()
        site.ensure_supervisor()
    assert kills >= KILLS
    assert ran(site) == list(range(JOBS))
    assert {name: site.get(name).exit_code for name in codes} == codes
    assert {site.get(name).attempt for name in codes} == {1}


def test_a_killed_runner_costs_its_own_job_and_no_other(site: Site) -> None:
    rng = random.Random(3)
    codes = submit(site, 60, "0.1")
    kills = 0
    while site.unfinished():
        site.until_something_happens(rng, at_most=10)
        victims = site.runners()[:1]
        kill(victims)
        kills += len(victims)
        lifecycle.ensure(site.folder)
    lost = assert_true_or_lost(site, codes)
    assert 0 < lost <= kills
    assert len(set(ran(site))) == len(ran(site))
    assert_nothing_runs(site)


def test_supervisor_and_runner_killed_together_run_nothing_twice(site: Site) -> None:
    rng = random.Random(4)
    codes = submit(site, 60, "0.1")
    while site.unfinished():
        site.until_something_happens(rng, at_most=20)
        kill(site.runners())
        site.kill_supervisor()
        site.ensure_supervisor()
    assert assert_true_or_lost(site, codes) > 0
    assert len(set(ran(site))) == len(ran(site))
    assert_nothing_runs(site)


def test_after_a_power_cut_nothing_runs_twice_and_nothing_is_stuck(site: Site) -> None:
    rng = random.Random(5)
    codes = submit(site, 60, "0.1")
    cuts = 0
    while site.unfinished():
        site.until_something_happens(rng, at_most=24)
        assert site.pull_the_plug()
        cuts += 1
        site.ensure_supervisor()
    assert cuts > 5
    assert assert_true_or_lost(site, codes) > 0
    assert len(set(ran(site))) == len(ran(site))
    assert_nothing_runs(site)

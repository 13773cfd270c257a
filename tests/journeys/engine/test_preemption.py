"""Low-priority nodes are taken away again and again, the supervisor is killed, and every job still runs to its end."""

import random
from collections import Counter

from jupyter_aml.entities.compute import AmlCompute
from jupyter_aml.exceptions import MlException
from tests.journeys.engine.conftest import Site, until

JOBS = 24
BLOWS = 30
LINE = (
    'until [ -e "$SCRATCH/all" ]; do sleep 0.01; done; '
    'echo {number}:begins >> "$SCRATCH/ran"; sleep 0.15; echo {number} >> "$SCRATCH/done"; exit {code}'
)


def cheap(site: Site, nodes: int = 2) -> None:
    site.ml.begin_create_or_update(AmlCompute(name="cheap", tier="low_priority", max_instances=nodes)).result()


def preempt(site: Site) -> bool:
    """Take a node that works; False when there is none just now."""
    try:
        return site.ml.compute.preempt("cheap").node_state == "running"
    except MlException:
        return False


def test_every_job_comes_to_its_own_end_however_often_its_node_is_taken(site: Site) -> None:
    cheap(site)
    rng = random.Random(6)
    codes = {
        site.submit(LINE.format(number=number, code=number % 2), compute="cheap", name=f"job-{number}"): number % 2
        for number in range(JOBS)
    }
    (site.scratch / "all").touch()
    taken = killed = 0
    while site.unfinished():
        site.until_something_happens(rng, at_most=8)
        if taken < BLOWS:
            taken += preempt(site)
            killed += rng.random() < 0.3 and site.kill_supervisor()
        site.ensure_supervisor()
    assert taken > JOBS // 2
    assert killed > 0
    assert {name: site.get(name).exit_code for name in codes} == codes
    done = Counter(map(int, site.lines("done")))
    assert sorted(done) == list(range(JOBS)), "each came to its end"
    for number, times in done.items():  # its node may be taken between its last word and its exit
        assert times <= site.get(f"job-{number}").attempt
    again = [fact for name in codes for fact in site.ml.facts.story(name) if fact.body.get("why") == "preempted"]
    assert 0 < len(again) <= taken
    attempts = sum(site.get(name).attempt for name in codes)
    assert attempts == JOBS + len(again), "an attempt more for each time, and for nothing else"


def test_a_preempted_jobs_processes_are_gone_before_it_runs_again(site: Site) -> None:
    cheap(site, nodes=1)
    alone = 'mkdir "$SCRATCH/here" || exit 9; trap \'rmdir "$SCRATCH/here"\' EXIT; [ -e "$SCRATCH/go" ] && exit 0; '
    name = site.submit(f'{alone} touch "$SCRATCH/go"; sleep 600', compute="cheap")
    until((site.scratch / "go").exists, lambda: site.ml.facts.story(name))
    assert preempt(site)
    job = site.until_finished(name)
    assert (job.status, job.exit_code, job.attempt) == ("Completed", 0, 2)

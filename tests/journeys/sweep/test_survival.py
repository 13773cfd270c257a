"""Whatever is killed in the middle of a sweep, no trial is lost, repeated or invented, and it draws the same."""

import random
from contextlib import suppress

import psutil
import pytest

from jupyter_aml.engine import lifecycle
from jupyter_aml.sweep import Uniform
from tests.conftest import is_alive, processes_of
from tests.journeys.engine.conftest import Site, kill, until
from tests.journeys.sweep.conftest import Field

TRIALS = 60
BODY = "open(os.environ['SCRATCH'] + '/ran', 'a').write(sys.argv[1] + '\\n'); log('score', float(sys.argv[1]))"


def sown(field: Field, trials: int = TRIALS) -> str:
    job = field.trial(BODY, "python trial.py ${{inputs.x}}")
    draft = job(x=Uniform(0, 1)).sweep(primary_metric="score", goal="maximize", max_total_trials=trials)
    draft.sampling_algorithm = {"type": "random", "seed": 11}
    return field.sweep(draft)


def programs(site: Site) -> list[psutil.Process]:
    """The programs of sweeps, not their runners."""
    found: list[psutil.Process] = []
    for process in processes_of(site.home):
        with suppress(psutil.NoSuchProcess):
            if "jupyter_aml.engine.orchestrators.sweep" in process.cmdline():
                found.append(process)
    return found


def assert_whole(field: Field, name: str, plain: str) -> None:
    """Every trial ran once, with the values that an undisturbed sweep of the same seed draws."""
    sweep = field.get(name)
    assert sweep.status == "Completed", field.ml.facts.story(name)
    drawn, wanted = (list(field.params(one).values()) for one in (name, plain))
    assert drawn == wanted[:TRIALS]
    assert list(field.params(name)) == [f"{name}_{n}" for n in range(TRIALS)]
    assert sorted(field.lines("ran")) == sorted(str(params["x"]) for params in (*drawn, *wanted))
    assert {str(child.status) for child in field.children(name)} == {"Completed"}
    best = max(field.params(name), key=lambda child: field.params(name)[child]["x"])
    assert sweep.properties["best_child_run_id"] == best


@pytest.fixture
def plain(field: Field) -> str:
    """The same sweep, left alone."""
    name = sown(field)
    field.until_finished(name)
    return name


@pytest.mark.slow
def test_killed_supervisors_cost_a_sweep_no_trial(field: Field, plain: str) -> None:
    rng, kills = random.Random(1), 0
    name = sown(field)
    while field.unfinished():
        field.until_something_happens(rng, at_most=24)
        kills += field.kill_supervisor()
        field.ensure_supervisor()
    assert kills >= 15
    assert_whole(field, name, plain)


@pytest.mark.slow
def test_a_killed_program_begins_again_where_it_was(field: Field, plain: str) -> None:
    rng, kills = random.Random(2), 0
    name = sown(field)
    while field.unfinished():
        field.until_something_happens(rng, at_most=60)
        victims = programs(field)
        kill(victims)
        kills += bool(victims)
        until(lambda victims=victims: not any(map(is_alive, victims)))  # or it is killed, and counted, twice
        until(lambda: programs(field) or not field.unfinished())
    assert kills >= 5
    assert_whole(field, name, plain)
    assert field.get(name).attempt == kills + 1


@pytest.mark.slow
def test_a_killed_supervisor_is_replaced_by_the_sweeps_own_program(field: Field, plain: str) -> None:
    """Nobody else looks: the notebook is closed."""
    name = sown(field)
    until(lambda: len(field.children(name)) > 8)
    assert field.kill_supervisor()
    until(lambda: field.get(name).is_finished, lambda: field.diary(name))
    assert_whole(field, name, plain)


def test_after_a_power_cut_a_sweep_is_whole_but_for_the_trials_that_ran(field: Field) -> None:
    rng = random.Random(3)
    name, cuts = sown(field, 40), 0
    while field.unfinished():
        field.until_something_happens(rng, at_most=40)
        cuts += bool(field.pull_the_plug())
        lifecycle.ensure(field.folder)
        until(lambda: lifecycle.pid(field.folder))
    assert cuts > 2
    assert list(field.params(name)) == [f"{name}_{n}" for n in range(40)]
    assert len(set(field.lines("ran"))) == len(field.lines("ran"))
    assert all(child.status in {"Completed", "Failed"} for child in field.children(name))
    until(lambda: not any(map(is_alive, programs(field))))

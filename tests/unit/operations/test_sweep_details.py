"""A sweep gathered from a real store: its trials, what they logged, what was said of them."""

import json

import pytest

from jupyter_aml.entities.status import JobStatus
from jupyter_aml.entities.sweep_details import Fate, Parameter, SweepDetails
from jupyter_aml.operations import run_details, sweep_details
from jupyter_aml.operations.workspaces import Workspace
from jupyter_aml.store import facts, jobs
from tests.unit.operations import stored_sweeps
from tests.unit.operations.stored_sweeps import NAME


def gathered(workspace: Workspace) -> SweepDetails:
    tabs = run_details.details(workspace, NAME)
    assert tabs.sweep is not None
    assert tabs.children == ()
    return tabs.sweep


@pytest.fixture
def swept(workspace: Workspace) -> Workspace:
    """Five trials: the best value of the first is not its last one, the last one has no number at all."""
    stored_sweeps.begin(workspace)
    values: list[list[float | str]] = [[0.5, 0.9, 0.7], [0.8, "nan"], [0.61, 0.6], ["nan"], [0.85]]
    statuses = [JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.CANCELED, JobStatus.COMPLETED, JobStatus.RUNNING]
    for number, (logged, status) in enumerate(zip(values, statuses, strict=True)):
        stored_sweeps.trial(workspace, number, {"rate": 0.01 * number, "depth": 3}, status, logged)
    return workspace


def test_a_trial_has_its_parameters_its_times_and_its_best_value(swept: Workspace) -> None:
    first, *others = gathered(swept).trials
    assert (first.number, first.name, first.params) == (0, f"{NAME}_0", {"rate": 0.0, "depth": 3})
    assert (first.value, first.fate, first.ran(0)) == (0.9, Fate.COMPLETED, 7.5)
    assert [one.value for one in others] == [0.8, 0.61, None, 0.85]
    assert others[-1].ended is None


def test_why_a_policy_ended_a_trial_is_said(swept: Workspace) -> None:
    assert gathered(swept).trials[2].stopped == "bandit at interval 6: 0.61, bound 0.683"
    assert gathered(swept).counts() == {Fate.COMPLETED: 2, Fate.STOPPED: 1, Fate.FAILED: 1, Fate.RUNNING: 1}


def test_what_the_sweep_is_comes_from_its_yaml(swept: Workspace) -> None:
    sweep = gathered(swept)
    assert (sweep.metric, sweep.goal, sweep.algorithm) == ("accuracy", "maximize", "random, seed 7")
    assert sweep.policy == "bandit, slack factor 0.1, evaluation interval 1"
    assert (sweep.max_total_trials, sweep.max_concurrent_trials) == (1000, 4)
    assert sweep.parameters == (
        Parameter("rate", "log"),
        Parameter("depth", "choice", ("3", "5", "8")),
        Parameter("drop"),
    )


def test_the_best_is_known_while_the_sweep_runs_and_is_its_own_word_at_the_end(swept: Workspace) -> None:
    assert gathered(swept).best == f"{NAME}_0"
    stored_sweeps.log(swept, {f"{NAME}_4": [0.95]})
    assert gathered(swept).best == f"{NAME}_4"
    stored_sweeps.end(swept, best=0, importance={"rate": 0.75, "depth": 0.25})
    assert gathered(swept).best == f"{NAME}_0"
    assert gathered(swept).importance == {"rate": 0.75, "depth": 0.25}


def test_warnings_are_shown_in_their_order(swept: Workspace) -> None:
    with swept.database.transaction() as connection:
        for text in ("first", "second"):
            facts.append(connection, at=1.0, kind="sweep.warning", subject=NAME, text=text)
    assert gathered(swept).warnings == ("first", "second")


def test_trials_among_the_sweeps_tags_are_not_shown_as_tags(swept: Workspace) -> None:
    tags = {"owner": "ada", f"{NAME}_0": '{"rate": 1}', f"{NAME}_x": "mine"}
    with swept.database.transaction() as connection:
        jobs.describe(connection, NAME, {"tags": json.dumps(tags)})
    assert run_details.details(swept, NAME).tags == {"owner": "ada", f"{NAME}_x": "mine"}


def test_a_minimized_metric_has_its_lowest_value(workspace: Workspace) -> None:
    stored_sweeps.begin(workspace, objective={"goal": "minimize", "primary_metric": "accuracy"})
    stored_sweeps.trial(workspace, 0, {}, JobStatus.COMPLETED, [0.5, 0.3, 0.4])
    sweep = gathered(workspace)
    assert (sweep.goal, sweep.trials[0].value, sweep.best) == ("minimize", 0.3, f"{NAME}_0")


def test_a_grid_has_as_many_trials_as_combinations(workspace: Workspace) -> None:
    kernel = {"type": "choice", "values": [1, 2]}
    space = {
        "depth": {"type": "choice", "values": [3, 5, 8]},
        "model": {"type": "choice", "values": [{"name": "svm", "c": kernel}, {"name": "tree"}]},
    }
    stored_sweeps.begin(workspace, sampling_algorithm="grid", search_space=space)
    sweep = gathered(workspace)
    assert (sweep.max_total_trials, sweep.algorithm) == (9, "grid")
    assert sweep.parameters[1:] == (
        Parameter("model.name", "choice", ("svm", "tree")),
        Parameter("model.c", "choice", ("1", "2")),
    )


def test_a_sweep_of_which_little_is_said_has_azures_defaults(workspace: Workspace) -> None:
    stored_sweeps.begin(workspace, limits=None, early_termination=None, sampling_algorithm=None, search_space={})
    sweep = gathered(workspace)
    assert (sweep.max_total_trials, sweep.policy, sweep.algorithm, sweep.trials) == (1000, "", "random", ())


def test_more_trials_cost_no_more_queries(workspace: Workspace) -> None:
    stored_sweeps.begin(workspace)
    asked = list[str]()
    workspace.database.connection.set_trace_callback(asked.append)
    counts = list[int]()
    for first, last in ((0, 2), (2, 40)):
        for number in range(first, last):
            stored_sweeps.trial(workspace, number, {"rate": 0.1}, JobStatus.COMPLETED, [0.5])
        asked.clear()
        assert len(sweep_details.gathered(workspace, jobs.get(workspace.database, NAME)).trials) == last
        counts.append(len(asked))
    assert counts[0] == counts[1]

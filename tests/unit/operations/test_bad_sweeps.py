"""A sweep that cannot be tried: each a clear error by its path, and nothing is stored."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from jupyter_aml import command
from jupyter_aml.entities.sweep import SweepJob
from jupyter_aml.exceptions import MlException
from jupyter_aml.operations import sweeps
from jupyter_aml.operations.workspaces import Workspace
from jupyter_aml.sweep import BanditPolicy, Choice, LogUniform, Normal, Randint, TruncationSelectionPolicy, Uniform
from tests.unit.operations.conftest import stored

LINE = "echo ${{inputs.x}}"


def sweep(space: dict[str, Any], line: str = LINE, **options: Any) -> Callable[[], SweepJob]:
    def make() -> SweepJob:
        given = {"primary_metric": "m", "goal": "maximize", "max_total_trials": 5, **options}
        return command(command=line, code="src", experiment_name="e")(**space).sweep(**given)

    return make


X = {"x": Choice([1, 2])}
BAD: dict[str, tuple[Callable[[], SweepJob], list[str]]] = {
    "nothing varies": (sweep({}, "echo"), ["search_space: required, and empty.", "Choice([1, 2])"]),
    "no metric": (sweep(X, primary_metric=""), ["objective.primary_metric: required", "mlflow.log_metric"]),
    "unknown goal": (sweep(X, goal="maximise"), ["objective.goal: 'maximise'", "Did you mean 'maximize'?"]),
    "no limits": (sweep(X, max_total_trials=None), ["limits: Missing data for required field.", "set_limits"]),
    "too many trials": (sweep(X, max_total_trials=1001), ["limits.max_total_trials: 1001 is not between 1 and 1000."]),
    "no trial": (sweep(X, max_total_trials=-1), ["limits.max_total_trials: -1"]),
    "more at once than all": (sweep(X, max_concurrent_trials=9), ["limits.max_concurrent_trials: 9", "at most 5"]),
    "grid over a range": (
        sweep({"x": Uniform(0, 1)}, sampling_algorithm="grid"),
        ["search_space.x", "'uniform'", "grid"],
    ),
    "grid over integers": (sweep({"x": Randint(3)}, sampling_algorithm="grid"), ["search_space.x", "'randint'"]),
    "grid over a range in a choice": (
        sweep({"x": Choice([{"a": Uniform(0, 1)}])}, sampling_algorithm="grid"),
        ["search_space.x", "grid"],
    ),
    "bayesian over a normal": (
        sweep({"x": Normal(0, 1)}, sampling_algorithm="bayesian"),
        ["search_space.x", "bayesian", "'normal'"],
    ),
    "bayesian with a policy": (
        sweep(X, sampling_algorithm="bayesian", early_termination_policy=BanditPolicy(slack_factor=0.1)),
        ["early_termination: bayesian"],
    ),
    "bounds the wrong way": (sweep({"x": Uniform(2, 1)}), ["search_space.x.", "min_value"]),
    "a bound is missing": (sweep({"x": LogUniform(-3)}), ["search_space.x.max_value"]),
    "an empty choice": (sweep({"x": Choice([])}), ["search_space.x.values"]),
    "no deviation": (sweep({"x": Normal(0, -1)}), ["search_space.x.sigma"]),
    "a name that the command never uses": (
        sweep({**X, "depth": Choice([1])}),
        ["search_space.depth: the command never uses it.", "--depth ${{search_space.depth}}"],
    ),
    "a name that is not declared": (sweep(X, "echo ${{inputs.x}} ${{inputs.y}}"), ["'y' referenced in command"]),
    "an illegal name": (sweep({"a-b": Choice([1])}, "echo"), ["'a-b' is not a valid input name"]),
    "unknown compute": (sweep(X, compute="local-clutser"), ["Did you mean 'local-cluster'?"]),
    "too much truncated": (
        sweep(X, early_termination_policy=TruncationSelectionPolicy(truncation_percentage=100)),
        ["early_termination.truncation_percentage: 100 is not 1 to 99."],
    ),
    "nothing truncated": (
        sweep(X, early_termination_policy=TruncationSelectionPolicy()),
        ["early_termination.truncation_percentage: required"],
    ),
    "two slacks": (
        sweep(X, early_termination_policy=BanditPolicy(slack_factor=0.1, slack_amount=1)),
        ["early_termination.slack_amount", "Give one of them"],
    ),
    "a negative delay": (
        sweep(X, early_termination_policy=BanditPolicy(slack_factor=0.1, delay_evaluation=-1)),
        ["early_termination.delay_evaluation: -1"],
    ),
    "a sweep that is not there": (
        lambda: sweep(X)().model_copy(update={"resume_from": "happy_frog"}),
        ["Not found job with name 'happy_frog'"],
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_sweep_is_a_clear_error_and_nothing_is_stored(workspace: Workspace, here: Path, case: str) -> None:
    make, words = BAD[case]
    before = stored(workspace)
    with pytest.raises(MlException) as raised:
        sweeps.submit(workspace, make())
    for word in words:
        assert word in str(raised.value)
    assert stored(workspace) == before


def test_a_job_with_a_distribution_is_told_to_become_a_sweep(workspace: Workspace) -> None:
    from jupyter_aml.operations import jobs

    before = stored(workspace)
    with pytest.raises(MlException, match=r"inputs\.x: .*(?s:.*)\.sweep\("):
        jobs.submit(workspace, command(command=LINE)(**X))
    assert stored(workspace) == before

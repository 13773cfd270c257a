"""SDK v1's sweep as SDK v2's draft: what is checked when, and what it becomes. Nothing is submitted."""

from pathlib import Path
from typing import Any

import pytest

from jupyter_aml.exceptions import UnsupportedFieldError, UserErrorException, ValidationException
from jupyter_aml.v1.core import ScriptRunConfig
from jupyter_aml.v1.train.hyperdrive import (
    BanditPolicy,
    BayesianParameterSampling,
    GridParameterSampling,
    HyperDriveConfig,
    MedianStoppingPolicy,
    NoTerminationPolicy,
    PrimaryMetricGoal,
    RandomParameterSampling,
    TruncationSelectionPolicy,
    choice,
    normal,
    uniform,
)
from jupyter_aml.v1.train.hyperdrive.exceptions import HyperDriveConfigException
from tests.conftest import AWKWARD

LR = {"--lr": uniform(0, 1)}


@pytest.fixture
def script(tmp_path: Path) -> ScriptRunConfig:
    folder = tmp_path / AWKWARD
    folder.mkdir()
    (folder / "train it.py").touch()
    return ScriptRunConfig(folder, "train it.py", ["--data", "a b", "--n", 3], compute_target="cpu")


def config(script: ScriptRunConfig, **fields: Any) -> HyperDriveConfig:
    given: dict[str, Any] = {
        "hyperparameter_sampling": RandomParameterSampling(LR), "primary_metric_name": "Accuracy",
        "primary_metric_goal": PrimaryMetricGoal.MAXIMIZE, "max_total_runs": 8, "run_config": script,
    }  # fmt: skip
    return HyperDriveConfig(**{**given, **fields})


def test_the_space_becomes_arguments_behind_the_scripts_own(script: ScriptRunConfig) -> None:
    space = {"--lr": uniform(0, 1), "batch_size": choice(16, 32), "-d": choice(1, 2), "drop-out": choice(0.1, 0.2)}
    draft = config(script, hyperparameter_sampling=RandomParameterSampling(space)).job("e")
    assert draft.trial
    assert draft.trial.command == (
        "python 'train it.py' --data 'a b' --n 3 --lr ${{search_space.--lr}} "
        "--batch_size ${{search_space.batch_size}} -d ${{search_space.-d}} --drop-out ${{search_space.--drop-out}}"
    )
    assert list(draft.search_space) == ["--lr", "batch_size", "-d", "--drop-out"]


def test_the_draft_says_what_the_config_says(script: ScriptRunConfig) -> None:
    script.max_run_duration_seconds = 90
    made = config(
        script, max_concurrent_runs=2, max_duration_minutes=30, policy=BanditPolicy(2, slack_factor=0.25),
        primary_metric_goal=PrimaryMetricGoal.MINIMIZE,
    )  # fmt: skip
    spec = made.job("e").spec()
    assert spec["objective"] == {"goal": "minimize", "primary_metric": "Accuracy"}
    assert spec["sampling_algorithm"] == "random"
    assert spec["limits"] == {
        "max_total_trials": 8, "max_concurrent_trials": 2, "timeout": 1800, "trial_timeout": 90,
    }  # fmt: skip
    assert spec["early_termination"] == {"type": "bandit", "evaluation_interval": 2, "slack_factor": 0.25} | {
        key: value for key, value in spec["early_termination"].items() if value == 0
    }
    assert (spec["experiment_name"], spec["compute"]) == ("e", "cpu")


@pytest.mark.parametrize(
    ("policy", "wanted"),
    [
        (NoTerminationPolicy(), None),
        (BanditPolicy(slack_amount=0.2, delay_evaluation=5), {"type": "bandit", "slack_amount": 0.2}),
        (MedianStoppingPolicy(2, 5), {"type": "median_stopping", "evaluation_interval": 2, "delay_evaluation": 5}),
        (
            TruncationSelectionPolicy(20, 2, exclude_finished_jobs=True),
            {"type": "truncation_selection", "truncation_percentage": 20, "exclude_finished_jobs": True},
        ),
    ],
)
def test_a_policy_is_sdk_v2s(script: ScriptRunConfig, policy: Any, wanted: dict[str, object] | None) -> None:
    spec = config(script, policy=policy).job("e").spec()
    assert (wanted is None) == ("early_termination" not in spec)
    assert (wanted or {}).items() <= spec.get("early_termination", {}).items()


@pytest.mark.parametrize(
    ("options", "slot"),
    [
        (["adam", "sgd"], "--o ${{search_space.--o}}"),
        (["a b", "$HOME"], "--o '${{search_space.--o}}'"),
        (["it's", "a b"], '--o "${{search_space.--o}}"'),
    ],
)
def test_a_text_that_a_shell_would_change_goes_in_quotes(options: list[str], slot: str) -> None:
    assert GridParameterSampling({"--o": choice(options)}).arguments() == slot


def test_what_else_is_said_of_a_sampler_reaches_the_sweep(script: ScriptRunConfig) -> None:
    sampling = RandomParameterSampling(LR, {"seed": 3, "rule": "sobol"})
    said = config(script, hyperparameter_sampling=sampling).job("e").spec()["sampling_algorithm"]
    assert said == {"type": "random", "seed": 3, "rule": "sobol"}
    assert config(script).job("e").spec()["sampling_algorithm"] == "random"


@pytest.mark.parametrize(("slack", "value"), [("slack_factor", 0), ("slack_amount", 0.0)])
def test_no_slack_is_a_slack(slack: str, value: float) -> None:
    assert getattr(BanditPolicy(**{slack: value}).draft(), slack) == value  # type: ignore[arg-type]


def test_arguments_stand_where_sdk_v1_has_them(script: ScriptRunConfig) -> None:
    made = HyperDriveConfig(
        RandomParameterSampling(LR),
        "Accuracy",
        "minimize",
        8,
        2,
        30,
        None,
        None,
        script,
        None,
        None,
        None,
        {"a": "b"},
        "mine",
    )
    assert (made.custom_run_id, made.primary_metric_goal) == ("mine", PrimaryMetricGoal.MINIMIZE)
    assert made.source_directory == script.source_directory


def test_a_local_compute_target_is_this_machine(script: ScriptRunConfig) -> None:
    for target in ("local", None):
        script.compute_target = target
        assert script.job("e").compute is None


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: GridParameterSampling({"--lr": uniform(0, 1)}), "grid sampling does not support 'uniform'"),
        (lambda: BayesianParameterSampling({"--lr": normal(0, 1)}), "bayesian sampling does not support 'normal'"),
        (lambda: RandomParameterSampling({}), "parameter_space: empty"),
        (lambda: RandomParameterSampling({"--lr": [1, 2]}), r"parameter_space\['--lr'\]: found \[1, 2\]"),  # type: ignore[dict-item]
        (lambda: RandomParameterSampling({"--l r": choice(1)}), "'--l r' is no option"),
        (lambda: GridParameterSampling({"--o": choice("it's", "$x")}).arguments(), "both kinds of quotes"),
        (lambda: RandomParameterSampling(LR, {"sed": 1}), r"properties: .*\n.*sed: "),
        (lambda: RandomParameterSampling(LR, {"rule": "sobbol"}), r"properties: .*\n.*rule: "),
        (lambda: GridParameterSampling({"--lr": choice(1)}, {"seed": 1}), r"properties: .*\n.*seed: "),
        (lambda: BanditPolicy(slack_factor=-0.1), "slack_factor: a number is expected, 0 or more; found -0.1"),
        (lambda: BanditPolicy(slack_amount="a"), "slack_amount: a number is expected"),  # type: ignore[arg-type]
        (lambda: BanditPolicy(slack_amount=float("inf")), "slack_amount: a number is expected"),
        (lambda: BanditPolicy(True, 0.1), "evaluation_interval: a whole number is expected"),
        (lambda: MedianStoppingPolicy(1, 1.5), "delay_evaluation: a whole number is expected"),  # type: ignore[arg-type]
        (lambda: TruncationSelectionPolicy(0), "truncation_percentage: 0 is not between 1 and 99"),
        (lambda: TruncationSelectionPolicy("5"), "truncation_percentage: '5' is not between"),  # type: ignore[arg-type]
        (BanditPolicy, "exactly one of slack_factor and slack_amount is expected; found 0"),
        (lambda: BanditPolicy(1, 0.1, 0.1), "exactly one of slack_factor and slack_amount is expected; found 2"),
        (lambda: MedianStoppingPolicy(-1), "evaluation_interval: a whole number is expected"),
        (lambda: TruncationSelectionPolicy(100), "truncation_percentage: 100 is not between 1 and 99"),
    ],
)
def test_what_does_not_fit_is_told_when_it_is_made(make: Any, told: str) -> None:
    with pytest.raises(HyperDriveConfigException, match=told):
        make()


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"run_config": None}, "Exactly one of run_config, estimator and pipeline is expected; found none"),
        ({"estimator": object()}, "found run_config, estimator"),
        ({"primary_metric_goal": "most"}, "primary_metric_goal: found 'most'"),
        ({"primary_metric_goal": None}, "primary_metric_goal: found None"),
        ({"max_total_runs": 0}, "max_total_runs: a whole number from 1 to 1000"),
        ({"max_total_runs": 1001}, "max_total_runs: a whole number from 1 to 1000"),
        ({"max_concurrent_runs": 9}, "max_concurrent_runs: a whole number from 1 to 8"),
        ({"max_duration_minutes": 10081}, "max_duration_minutes: a whole number from 1 to 10080"),
        (
            {"hyperparameter_sampling": BayesianParameterSampling(LR), "policy": MedianStoppingPolicy()},
            "policy: bayesian sampling learns from whole runs",
        ),
        ({"run_config": None, "pipeline": object()}, "pipeline: only a ScriptRunConfig is swept here"),
        ({"resume_child_runs": []}, "resume_child_runs"),
    ],
)
def test_a_config_that_does_not_fit_is_told_when_it_is_made(
    script: ScriptRunConfig, fields: dict[str, Any], told: str
) -> None:
    with pytest.raises(ValidationException, match=told):
        config(script, **fields)


def test_a_script_that_is_not_there_is_told_with_the_nearest_one(script: ScriptRunConfig) -> None:
    script.script = "train_it.py"
    with pytest.raises(UserErrorException, match=r"is no file in .*\nDid you mean 'train it.py'\?"):
        script.job("e")


def test_a_command_stands_for_script_and_arguments(tmp_path: Path) -> None:
    assert ScriptRunConfig(tmp_path, command="echo $HOME").job("e").command == "echo $HOME"
    assert ScriptRunConfig(tmp_path, command=["echo", "a b", 1]).job("e").command == "echo 'a b' 1"
    for script, line in ((None, None), ("a.py", "b")):
        with pytest.raises(UserErrorException, match="either script or command"):
            ScriptRunConfig(tmp_path, script, command=line)


def test_what_is_not_honoured_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedFieldError, match="resume_from is not available locally"):
        ScriptRunConfig(tmp_path, "a.py", resume_from=object())
    made = ScriptRunConfig(tmp_path, command="a", arguments=["x", {}])  # type: ignore[list-item]
    with pytest.raises(UnsupportedFieldError, match=r"arguments\[1\]: a dict"):
        made.job("e")

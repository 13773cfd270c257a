"""Sweeps as SDK v1 writes them: real runs, what they leave, how they are asked. One run is one job, whoever made it."""

import json
import signal
from pathlib import Path
from traceback import walk_stack
from types import FrameType
from typing import Any

import pytest

from jupyter_aml import command
from jupyter_aml.sweep import Choice
from jupyter_aml.v1.core import Experiment, Run, ScriptRunConfig, Workspace
from jupyter_aml.v1.core.exceptions import ActivityFailedException, ExperimentExecutionException
from jupyter_aml.v1.train.hyperdrive import (
    BanditPolicy,
    GridParameterSampling,
    HyperDriveConfig,
    HyperDriveRun,
    PrimaryMetricGoal,
    choice,
)
from jupyter_aml.v1.train.hyperdrive.exceptions import HyperDriveConfigException
from tests.conftest import AWKWARD
from tests.journeys.engine.conftest import until
from tests.journeys.sweep.conftest import LOGS, Field

SCRIPT = """
import argparse, os, sys
parser = argparse.ArgumentParser()
parser.add_argument("--tracking")
parser.add_argument("--lr", type=float)
given = parser.parse_args()
os.environ["TRACKING"] = given.tracking
from logs import log
"""
LEARNS = """
if given.lr == 5: sys.exit("no metric")
log("score", given.lr, given.lr * 2, 0.5)
log("once", 7)
if given.lr == 4: sys.exit("after the metric")
"""


@pytest.fixture
def experiment(field: Field) -> Experiment:
    return Experiment(Workspace.of(field.ml), "v1")


def script(field: Field, body: str) -> ScriptRunConfig:
    folder = field.home.parent / AWKWARD
    folder.mkdir()
    (folder / "logs.py").write_text(LOGS)
    (folder / "train.py").write_text(f"{SCRIPT}\n{body}")
    return ScriptRunConfig(folder, "train.py", ["--tracking", field.folder.tracking_database])


def config(runs: ScriptRunConfig, *rates: float, **fields: Any) -> HyperDriveConfig:
    sampling = GridParameterSampling({"--lr": choice(list(rates))})
    return HyperDriveConfig(
        sampling, "score", fields.pop("goal", PrimaryMetricGoal.MAXIMIZE), len(rates), run_config=runs, **fields
    )


def test_a_sweep_is_asked_as_in_sdk_v1(field: Field, experiment: Experiment) -> None:
    run = experiment.submit(config(script(field, LEARNS), 1, 3, 5, 2, 4), tags={"who": "me"})
    details = run.wait_for_completion()
    assert (details["runId"], details["status"], run.type, run.tags["who"]) == (run.id, "Completed", "hyperdrive", "me")
    names = [f"{run.id}_{n}" for n in range(5)]
    assert sorted(child.id for child in run.get_children()) == names
    assert [child.id for child in run.get_children(status="Failed")] == [names[4], names[2]]

    best = run.get_best_run_by_primary_metric()
    assert best
    assert (best.id, best.type, best.status) == (names[4], "azureml.scriptrun", "Failed")
    assert best.parent
    assert best.parent.id == run.id
    assert best.get_metrics() == {"score": [4.0, 8.0, 0.5], "once": 7.0}
    assert best.get_details()["runDefinition"]["arguments"][-2:] == ["--lr", "4"]
    assert best.get_details()["runDefinition"]["script"] == "train.py"
    completed = run.get_best_run_by_primary_metric(include_failed=False)
    assert completed
    assert completed.id == names[1]

    rows = run.get_children_sorted_by_primary_metric()
    assert [row["best_primary_metric"] for row in rows] == [8.0, 6.0, 4.0, 2.0, None]
    assert rows[0] == {
        "run_id": names[4], "hyperparameters": '{"--lr": 4}', "best_primary_metric": 8.0, "status": "Failed",
    }  # fmt: skip
    assert [row["run_id"] for row in run.get_children_sorted_by_primary_metric(2, reverse=True)] == [names[0], names[3]]
    assert run.get_children_sorted_by_primary_metric(reverse=True)[-1]["run_id"] == names[2]
    assert len(run.get_children_sorted_by_primary_metric(discard_no_metric=True)) == 4

    assert {name: json.loads(text) for name, text in run.get_hyperparameters().items()} == field.params(run.id)
    assert field.params(run.id)[names[0]] == {"--lr": 1}
    assert run.get_metrics()[names[0]] == {"score": [1.0, 2.0, 0.5], "once": 7.0}
    assert run.get_metrics()[names[2]] == {}
    again = HyperDriveRun(experiment, run.id)
    assert again.get_hyperparameters() == run.get_hyperparameters()


def test_a_sweep_leaves_the_rows_that_sdk_v2_leaves(field: Field, experiment: Experiment) -> None:
    runs = script(field, "log('score', given.lr)")
    policy = BanditPolicy(slack_amount=9)
    first = experiment.submit(config(runs, 2, 1, goal=PrimaryMetricGoal.MINIMIZE, policy=policy))
    job = command(
        command=f"{runs.job('v1').command} --lr ${{{{search_space.--lr}}}}", code=runs.source_directory,
        experiment_name="v1",
    )  # fmt: skip
    draft = job.sweep(
        primary_metric="score", goal="minimize", sampling_algorithm="grid", max_total_trials=2, timeout=10080 * 60,
        search_space={"--lr": Choice([2, 1])}, early_termination_policy=policy.draft(),
    )  # fmt: skip
    draft.name = "HD_by_v2"
    second = field.sweep(draft)
    field.until_all_finished()
    assert told(field, first.id) == told(field, second)
    assert [told(field, f"{first.id}_{n}") for n in range(2)] == [told(field, f"{second}_{n}") for n in range(2)]
    assert field.get(second).properties["best_child_run_id"] == f"{second}_1"


def told(field: Field, name: str) -> dict[str, Any]:
    """What a row says of a job, whatever it is called."""
    job = field.get(name)
    sweep = job.parent or name
    row = {
        "type": job.type, "status": job.status, "experiment": job.experiment, "compute": job.compute, "spec": job.spec,
        "tags": job.tags, "properties": dict(job.properties) | {"sampling.seed": ""}, "error": job.error,
    }  # fmt: skip
    return json.loads(json.dumps(row).replace(sweep, "SWEEP"))


def test_a_sweep_goes_on_from_another(field: Field, experiment: Experiment) -> None:
    runs = script(field, "log('score', given.lr)")
    first = experiment.submit(config(runs, 1, 2))
    first.wait_for_completion()
    more = config(runs, 1, 2, 3, resume_from=first)
    assert more.job("v1").resume_from == first.id
    second = experiment.submit(more)
    second.wait_for_completion()
    assert [params["--lr"] for params in field.params(second.id).values()] == [3]
    third = experiment.submit(config(runs, 1, 2, 3, 0, resume_from=second))
    third.wait_for_completion()
    best, own = (
        third.get_best_run_by_primary_metric(),
        third.get_best_run_by_primary_metric(include_resume_from_runs=False),
    )
    assert [run and run.get_metrics() for run in (best, own)] == [{"score": 3}, {"score": 0}]


def test_a_canceled_sweep_says_so(field: Field, experiment: Experiment) -> None:
    run = experiment.submit(config(script(field, "log('score', 1); import time; time.sleep(600)"), 1, 2, 3))
    until(lambda: any(child.status == "Running" for child in field.children(run.id)))
    assert run.cancel() is True
    assert run.wait_for_completion()["status"] == "Canceled"
    field.until_all_finished()
    assert {child.status for child in run.get_children()} == {"Canceled"}


def test_a_script_run_is_a_job_like_any_other(field: Field, experiment: Experiment, capsys: Any) -> None:
    runs = script(field, "print('learns'); log('score', given.lr)")
    runs.arguments += ["--lr", 0.25]
    run = experiment.submit(runs)
    details = run.wait_for_completion(show_output=True)
    said = capsys.readouterr().out
    assert said.startswith(f"RunId: {run.id}\nWeb View: ")
    assert "\nlearns\n" in said
    assert run.id.startswith("v1_")
    assert details["runDefinition"]["arguments"] == [*map(str, runs.arguments)]
    assert Path(details["logFiles"]["user_logs/std_log.txt"].removeprefix("file://")).name == "std_log.txt"
    assert run.get_metrics() == {"score": 0.25}
    assert repr(run) == f"Run(Experiment: v1,\nId: {run.id},\nType: azureml.scriptrun,\nStatus: Completed)"
    assert field.ml.jobs.get(run.id).type == "command"
    with pytest.raises(HyperDriveConfigException, match=r"is no sweep, it is a azureml.scriptrun run"):
        HyperDriveRun(experiment, run.id)


@pytest.mark.parametrize("show_output", [True, False])
def test_a_failed_run_is_told_with_its_error(field: Field, experiment: Experiment, show_output: bool) -> None:
    run = experiment.submit(script(field, "sys.exit(3)"))
    with pytest.raises(ActivityFailedException, match="Activity Failed:\n") as caught:
        run.wait_for_completion(show_output=show_output)
    error = json.loads(caught.value.message.partition("\n")[2])
    assert error["error"]["message"].startswith("Execution failed.")
    assert run.wait_for_completion(raise_on_error=False)["error"] == error


def interrupt(_number: int, frame: FrameType | None) -> None:
    """Ctrl-C while the log is streamed or the end is waited for; else a moment later."""
    if {"stream", "wait"} & {at.f_code.co_name for at, _ in walk_stack(frame)}:
        raise KeyboardInterrupt
    signal.setitimer(signal.ITIMER_REAL, 0.05)


@pytest.mark.parametrize("show_output", [True, False])
def test_an_interrupted_wait_leaves_the_run_alone(field: Field, experiment: Experiment, show_output: bool) -> None:
    run = experiment.submit(script(field, "import time; time.sleep(600)"))
    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.3)
        with pytest.raises(ExperimentExecutionException, match="But the run is still executing"):
            run.wait_for_completion(show_output=show_output)
    finally:
        signal.signal(signal.SIGALRM, before)
    assert not field.get(run.id).is_finished
    assert Run(experiment, run.id).cancel() is None
    assert run.wait_for_completion()["status"] == "Canceled"

"""Sweeps as steps of SDK v1's pipelines, run: the step is one sweep, and what it makes is what its best run made."""

import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from jupyter_aml.exceptions import UnsupportedFieldError, UserErrorException
from jupyter_aml.v1.core import Experiment, ScriptRunConfig, Workspace
from jupyter_aml.v1.core.runconfig import RunConfiguration
from jupyter_aml.v1.data import OutputFileDatasetConfig
from jupyter_aml.v1.pipeline.core import Pipeline, PipelineParameter, PipelineRun
from jupyter_aml.v1.pipeline.steps import HyperDriveStep, HyperDriveStepRun, PythonScriptStep
from jupyter_aml.v1.train.hyperdrive import (
    BanditPolicy,
    GridParameterSampling,
    HyperDriveConfig,
    PrimaryMetricGoal,
    choice,
)
from jupyter_aml.v1.train.hyperdrive.exceptions import HyperDriveConfigException

TRAIN = """
    import argparse, os
    from azureml.core import Run
    parser = argparse.ArgumentParser()
    parser.add_argument("--out"); parser.add_argument("--lr", type=float); parser.add_argument("--plus", type=float)
    args = parser.parse_args()
    Run.get_context().log("score", args.lr + args.plus)
    open(os.path.join(args.out, "model.txt"), "w").write(str(args.lr))
"""
READ = """
    import sys
    from azureml.core import Run
    Run.get_context().log("lr", float(open(sys.argv[1] + "/model.txt").read()))
"""


def swept(arguments: list[Any], **more: Any) -> HyperDriveConfig:
    Path("code").mkdir(exist_ok=True)
    Path("code/train.py").write_text(textwrap.dedent(TRAIN))
    run = ScriptRunConfig("code", "train.py", arguments, compute_target="local-cluster")
    space = GridParameterSampling({"--lr": choice(1, 3, 2)})
    given: Mapping[str, Any] = {"max_concurrent_runs": 2, **more}
    return HyperDriveConfig(space, "score", PrimaryMetricGoal.MAXIMIZE, 3, run_config=run, **given)


def pipeline(ws: Workspace) -> Pipeline:
    out, plus = OutputFileDatasetConfig("model"), PipelineParameter("plus", 1)
    tune = HyperDriveStep("Tune It", swept(["--out", out, "--plus", plus]))
    Path("code/read.py").write_text(textwrap.dedent(READ))
    read = PythonScriptStep(
        "read.py", "Read It", [out.as_input()], "local-cluster", RunConfiguration(), source_directory="code"
    )
    return Pipeline(ws, [tune, read])


def done(ws: Workspace, made: Pipeline, **options: Any) -> PipelineRun:
    run = Experiment(ws, "tuned").submit(made, **options)
    assert run.wait_for_completion(show_output=False) == "Completed"
    return run


def test_the_next_step_reads_what_the_best_run_made(ws: Workspace) -> None:
    run = done(ws, pipeline(ws), pipeline_parameters={"plus": 10})
    assert run.find_step_run("Read It")[0].get_metrics() == {"lr": 3}
    (step,) = run.find_step_run("Tune It")
    tuned = HyperDriveStepRun(step)
    best = tuned.get_best_run_by_primary_metric()
    assert best is not None
    assert best.get_metrics() == {"score": 13}
    assert [row["best_primary_metric"] for row in tuned.get_children_sorted_by_primary_metric()] == [13, 12, 11]
    assert tuned.pipeline_run_id == run.id
    assert {child.id for child in run.get_children(recursive=True)} > {child.id for child in tuned.get_children()}
    with pytest.raises(HyperDriveConfigException, match="is no sweep"):
        HyperDriveStepRun(run.find_step_run("Read It")[0])
    again = done(ws, pipeline(ws), pipeline_parameters={"plus": 10})
    reused = HyperDriveStepRun(again.find_step_run("Tune It")[0])
    assert reused.properties["azureml.isreused"] == "true"
    found = reused.get_best_run_by_primary_metric()
    assert found is not None
    assert found.id == best.id


def test_what_a_sweep_as_a_step_cannot_be_is_refused(ws: Workspace) -> None:
    out = OutputFileDatasetConfig("metrics")
    with pytest.raises(UnsupportedFieldError, match="metrics_output is not available"):
        HyperDriveStep("tune", swept([]), metrics_output=out)
    with pytest.raises(UnsupportedFieldError, match="custom_run_id is not available"):
        HyperDriveStep("tune", swept([], custom_run_id="mine"))
    with pytest.raises(UserErrorException, match="Only one of"):
        HyperDriveStep("tune", swept(["--plus", 1]), estimator_entry_script_arguments=["--plus", 2])
    made = Pipeline(ws, [HyperDriveStep("tune", swept([], policy=BanditPolicy(2, slack_factor=0.5)), ["--plus", 2])])
    node = made.job().spec()["jobs"]["tune"]
    assert node["early_termination"]["slack_factor"] == 0.5
    assert node["limits"]["max_concurrent_trials"] == 2
    assert "--plus 2 --lr ${{search_space.--lr}}" in node["trial"]["command"]


def test_a_published_sweep_runs_the_code_that_it_was_published_with(ws: Workspace) -> None:
    ran = done(ws, pipeline(ws), pipeline_parameters={"plus": 10})
    kept = [pipeline(ws).publish("tuning"), ran.publish_pipeline("tuning again", None, None)]
    for script in Path("code").glob("*.py"):
        script.write_text("raise SystemExit(1)")
    for each in kept:
        run = each.submit(ws, "tuned", {"plus": 20}, regenerate_outputs=True)
        assert run.wait_for_completion(show_output=False) == "Completed"
        assert run.find_step_run("Read It")[0].get_metrics() == {"lr": 3}
        best = HyperDriveStepRun(run.find_step_run("Tune It")[0]).get_best_run_by_primary_metric()
        assert best is not None
        assert best.get_metrics() == {"score": 23}

"""When a step is taken from an earlier run (§9.4): a truth table, and what a reused step shows."""

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from jupyter_aml.engine.orchestrators.pipeline import step
from jupyter_aml.entities import AmlCompute
from jupyter_aml.entities.names import JobName
from jupyter_aml.entities.pipeline_job import PipelineJob
from jupyter_aml.operations import pipelines
from jupyter_aml.store import jobs
from jupyter_aml.v1.core import Experiment, Run, Workspace
from jupyter_aml.widgets import html, text
from jupyter_aml.widgets.detail import Look
from tests.journeys.engine.conftest import until
from tests.journeys.pipeline.conftest import Plant, component, node, programs

Fields = dict[str, Any]
Change = Callable[[Plant, Fields, Path], None]


def two(plant: Plant, code: Path) -> Fields:
    """first → second; the first reads a parameter, a file and its code."""
    first = component(
        "bash go.sh ${{inputs.n}} ${{inputs.f}} > ${{outputs.o}}/a", {"n": "integer", "f": "uri_file"}, "o",
        code=str(code),
    )  # fmt: skip
    second = component("cat ${{inputs.d}}/a > ${{outputs.o}}/b", {"d": "uri_folder"}, "o")
    data = {"type": "uri_file", "path": str(code.parent / "data.csv")}
    steps = {"first": node(first, n=1, f=data), "second": node(second, d="${{parent.jobs.first.outputs.o}}")}
    return plant.yaml(steps)


def put(path: str, value: object) -> Change:
    """Change one field of the YAML, by its dotted path."""

    def change(_plant: Plant, fields: Fields, _code: Path) -> None:
        *parts, last = path.split(".")
        for part in parts:
            fields = fields.setdefault(part, {})
        fields[last] = value

    return change


def write(name: str, text: str) -> Change:
    def change(_plant: Plant, _fields: Fields, code: Path) -> None:
        (code.parent / name).write_text(text)

    return change


def nothing(_plant: Plant, _fields: Fields, _code: Path) -> None:
    """No change at all."""


def other_cluster(plant: Plant, fields: Fields, _code: Path) -> None:
    plant.ml.compute.begin_create_or_update(AmlCompute(name="other", max_instances=1)).result()
    fields["settings"]["default_compute"] = "other"


def gone(plant: Plant, _fields: Fields, _code: Path) -> None:
    """Somebody removed what the first step had written."""
    import shutil

    earlier = next(job for job in plant.ml.jobs.list())
    shutil.rmtree(plant.output(f"{earlier.name}_first", "o"))


FIRST = "jobs.first.component"
BOTH, NEITHER, SECOND = {"first", "second"}, set[str](), {"second"}
TABLE: dict[str, tuple[Change, set[str]]] = {
    "nothing": (nothing, BOTH),
    "a byte of the code": (write("code/go.sh", 'echo $1; cat "$2"; :'), NEITHER),
    "a comment in the code": (write("code/go.sh", 'echo $1; cat "$2" # why'), NEITHER),
    "a file that is ignored": (write("code/__pycache__/x.pyc", "x"), BOTH),
    "the command": (put(f"{FIRST}.command", "bash go.sh ${{inputs.n}} ${{inputs.f}}  > ${{outputs.o}}/a"), NEITHER),
    "a parameter": (put("jobs.first.inputs.n", 2), NEITHER),
    "the data": (write("data.csv", "other"), NEITHER),
    "the environment": (put(f"{FIRST}.environment", "azureml:kernel@latest"), NEITHER),
    "an environment variable": (put("jobs.first.environment_variables", {"A": "1"}), NEITHER),
    "the mode of an input": (put("jobs.first.inputs.f.mode", "download"), NEITHER),
    "the mode of an output": (put("jobs.first.outputs", {"o": {"mode": "upload"}}), NEITHER),
    "the compute": (other_cluster, BOTH),
    "how many nodes": (put("jobs.first.resources", {"instance_count": 2}), NEITHER),
    "the display name": (put("display_name", "another"), BOTH),
    "the description of a component": (put(f"{FIRST}.description", "another"), BOTH),
    "tags": (put("tags", {"a": "b"}), BOTH),
    "the experiment": (put("experiment_name", "another"), BOTH),
    "force_rerun": (put("settings.force_rerun", True), NEITHER),
    "the first is not deterministic": (put(f"{FIRST}.is_deterministic", False), NEITHER),
    "the second is not deterministic": (put("jobs.second.component.is_deterministic", False), {"first"}),
    "the second's command": (put("jobs.second.component.command", "cp ${{inputs.d}}/a ${{outputs.o}}/b"), {"first"}),
    "the first's output is gone": (gone, NEITHER),
}


@pytest.mark.parametrize("what", TABLE)
def test_a_step_is_reused_or_run_again(plant: Plant, what: str) -> None:
    code = plant.home.parent / "code"
    (code / "__pycache__").mkdir(parents=True)
    (code / "go.sh").write_text('echo $1; cat "$2"')
    (code.parent / "data.csv").write_text("data")
    assert plant.get(plant.ran(two(plant, code))).status == "Completed"
    change, expected = TABLE[what]
    fields = two(plant, code)
    change(plant, fields, code)
    name = plant.ran(fields)
    assert plant.get(name).status == "Completed", plant.get(name).error
    assert plant.reused(name) == expected


def test_a_reused_step_points_to_the_earlier_one(plant: Plant) -> None:
    steps = {"one": node(component("echo hello | tee ${{outputs.o}}/a", outputs="o"))}
    first, second = (plant.ran(plant.yaml(steps)) for _ in range(2))
    child = plant.get(f"{second}_one")
    assert (child.status, child.attempt) == ("Completed", 0)
    assert child.properties["azureml.reusedrunid"] == f"{first}_one"
    assert plant.output(f"{second}_one", "o") == plant.output(f"{first}_one", "o")
    plant.ml.jobs.download(f"{second}_one", download_path=plant.scratch / "got")
    assert (plant.scratch / "got" / "artifacts" / "user_logs" / "std_log.txt").read_text() == "hello\n"


def log(plant: Plant, run: str, metric: str, value: float) -> None:
    """As mlflow writes it, without the seconds that its import takes."""
    with closing(sqlite3.connect(plant.folder.tracking_database, timeout=60, isolation_level=None)) as connection:
        connection.execute(
            "INSERT INTO metrics (key, value, timestamp, run_uuid, step, is_nan) VALUES (?, ?, 1, ?, 0, 0)",
            (metric, value, run),
        )


def test_the_view_the_log_and_the_metrics_of_a_reused_step_are_those_of_the_run_that_it_is(
    plant: Plant, capsys: pytest.CaptureFixture[str]
) -> None:
    steps = {"one": node(component("echo trained"))}
    first, second = (plant.ran(plant.yaml(steps)) for _ in range(2))
    log(plant, f"{first}_one", "m", 3.0)
    assert plant.reused(second) == {"one"}
    ran, tabs = (plant.ml.jobs.details(f"{name}_one") for name in (first, second))
    assert [(one.key, one.points[-1].value) for one in tabs.metrics] == [("m", 3.0)]
    assert (tabs.metrics, tabs.params, tabs.files, tabs.log) == (ran.metrics, ran.params, ran.files, ran.log)
    assert tabs.folders == ran.folders
    assert (tabs.identity.name, tabs.identity.reused, ran.identity.reused) == (f"{second}_one", f"{first}_one", "")
    for shown in (text.text(tabs, Look("v", time.time())), str(html.page(tabs, Look("v", time.time())))):
        assert "reused from" in shown
        assert f"{first}_one" in shown
    plant.ml.jobs.stream(f"{second}_one")
    said = capsys.readouterr().out
    assert f"Reused from {first}_one: it did not run again" in said
    assert "trained\n" in said
    assert Run(Experiment(Workspace.of(plant.ml), "e"), f"{second}_one").get_metrics() == {"m": 3.0}
    assert plant.ml.jobs.get(f"{second}_one").studio_url == plant.ml.jobs.get(f"{first}_one").studio_url


def test_a_forced_run_is_no_candidate_for_later_ones(plant: Plant) -> None:
    steps = {"one": node(component("date +%N > ${{outputs.o}}/a", outputs="o"))}
    forced = {"default_compute": "serverless", "force_rerun": True}
    plant.ran(plant.yaml(steps, settings=forced))
    assert plant.reused(plant.ran(plant.yaml(steps))) == set()
    third = plant.ran(plant.yaml(steps))
    assert plant.reused(third) == {"one"}


def test_a_failed_step_is_run_again(plant: Plant) -> None:
    steps = {"one": node(component("exit 1"))}
    plant.ran(plant.yaml(steps))
    again = plant.ran(plant.yaml(steps))
    assert str(plant.steps(again)["one"].status) == "Failed"
    assert plant.reused(again) == set()


def test_six_reused_steps_take_no_time_of_their_own(plant: Plant) -> None:
    """The figure is in the benchmarks; here, that nothing of it was run."""
    last = component("cp ${{inputs.d}}/a ${{outputs.o}}/a", {"d": "uri_folder"}, "o")
    steps = {"s0": node(component("echo 1 > ${{outputs.o}}/a", outputs="o"))}
    for n in range(1, 6):
        steps[f"s{n}"] = node(last, d=f"${{{{parent.jobs.s{n - 1}.outputs.o}}}}")
    plant.ran(plant.yaml(steps))
    began = time.time()
    name = plant.ran(plant.yaml(steps))
    assert plant.reused(name) == set(steps)
    assert all(child.started_at is None for child in plant.steps(name).values())
    assert plant.get(name).ended_at or began <= 0


def test_what_was_done_while_no_program_lived_is_reused_and_every_turn_of_a_loop(plant: Plant) -> None:
    count = component(
        "echo $((${{inputs.n}} + 1)) > ${{outputs.m}}; "
        "[ ${{inputs.n}} -lt 2 ] && echo true > ${{outputs.go}} || echo false > ${{outputs.go}}; "
        '[ ${{inputs.n}} = 0 ] || until [ -e "$GATES/${{inputs.n}}" ]; do sleep 0.02; done',
        {"n": "integer"}, environment_variables={"GATES": str(plant.scratch)},
    )  # fmt: skip
    count["outputs"] = {"m": {"type": "integer"}, "go": {"type": "boolean"}}
    loop = {
        "type": "do_while", "body": "${{parent.jobs.count}}", "condition": "go", "mapping": {"m": ["n"]},
        "limits": {"max_iteration_count": 6},
    }  # fmt: skip
    fields = plant.yaml({"count": node(count, n=0), "loop": loop})
    first = plant.pipeline(fields)
    for turn in (1, 2):
        until(lambda turn=turn: jobs.find(plant.database, f"{first}_count.{turn}"))
        plant.until_status(f"{first}_count.{turn}", "Running")  # so that the program, at rest, holds no lock
        until(lambda: len(programs(plant)) == 1)
        (program,) = programs(plant)
        program.suspend()
        (plant.scratch / str(turn)).touch()
        plant.until_finished(f"{first}_count.{turn}")
        program.kill()
    assert plant.until_finished(first).status == "Completed", plant.get(first).error
    second = plant.ran(fields)
    reused = {child.name for child in jobs.children(plant.database, second) if "azureml.isreused" in child.properties}
    assert reused == {f"{second}_count", f"{second}_count.1", f"{second}_count.2"}


def tuned(plant: Plant) -> Fields:
    """A sweep of three trials, and a step that reads what the best one wrote."""
    trial = component(
        "python -c \"import os,sqlite3,time; db = sqlite3.connect(os.environ['TRACKING'], timeout=60); "
        "db.execute('INSERT INTO metrics VALUES (?, ?, ?, ?, 0, 0)', ('m', ${{inputs.x}}, time.time_ns(), "
        "os.environ['AZUREML_RUN_ID'])); db.commit()\"; echo ${{inputs.x}} ${{inputs.k}} > ${{outputs.o}}/a",
        {"x": "number", "k": "string"}, "o", environment_variables={"TRACKING": str(plant.folder.tracking_database)},
    )  # fmt: skip
    sweep = {
        "type": "sweep", "trial": trial, "inputs": {"k": "K"}, "sampling_algorithm": "random",
        "search_space": {"x": {"type": "choice", "values": [1, 3, 2]}},
        "objective": {"goal": "maximize", "primary_metric": "m"},
        "limits": {"max_total_trials": 2, "max_concurrent_trials": 2},
    }  # fmt: skip
    use = component("cat ${{inputs.d}}/a > ${{outputs.o}}/a", {"d": "uri_folder"}, "o")
    return plant.yaml({"tune": sweep, "use": node(use, d="${{parent.jobs.tune.outputs.o}}")})


def test_a_sweep_is_reused_with_its_trials_its_best_one_and_what_that_wrote(plant: Plant) -> None:
    first = plant.ran(tuned(plant))
    assert plant.get(first).status == "Completed", plant.get(first).error
    second = plant.ran(tuned(plant))
    assert plant.reused(second) == {"tune", "use"}, "a seed that nobody said makes no difference"
    ran, again = (plant.ml.jobs.details(f"{name}_tune") for name in (first, second))
    assert ran.sweep
    assert again.sweep == ran.sweep
    assert len(ran.sweep.trials) == 2
    assert plant.ml.jobs.best_child(f"{second}_tune") == plant.ml.jobs.best_child(f"{first}_tune")
    assert plant.output(f"{second}_use", "o") == plant.output(f"{first}_use", "o")
    plant.ml.jobs.download(f"{second}_tune", download_path=plant.scratch / "got", all=True)
    assert (plant.scratch / "got" / "named-outputs" / "o" / "a").read_text().endswith(" K\n")
    more = plant.ml.jobs.extend(f"{second}_tune", 1)
    assert more.resume_from == f"{first}_tune"


SWEEPS: dict[str, Change] = {
    "its space": put("jobs.tune.search_space.x.values", [1, 3]),
    "its algorithm": put("jobs.tune.sampling_algorithm", "grid"),
    "a seed": put("jobs.tune.sampling_algorithm", {"type": "random", "seed": 4}),
    "its goal": put("jobs.tune.objective.goal", "minimize"),
    "its limits": put("jobs.tune.limits.max_total_trials", 3),
    "a policy": put("jobs.tune.early_termination", {"type": "bandit", "slack_factor": 0.1}),
    "an input": put("jobs.tune.inputs.k", "L"),
    "the trial's command": put("jobs.tune.trial.command", "echo ${{inputs.x}} ${{inputs.k}} > ${{outputs.o}}/a"),
    "it is not deterministic": put("jobs.tune.trial.is_deterministic", False),
}


def mark(plant: Plant, fields: Fields) -> str:
    """What tells the sweep apart, as its pipeline's program finds it; '' where it is always run."""
    job = PipelineJob.of({"name": "p", **fields})
    found = pipelines.frozen(plant.ml.workspace, pipelines.check(plant.ml.workspace, job), JobName("p"))
    (tune, _) = found.plan.steps
    made = step.made(tune, found.record, "p", {}, time.time())
    return step.mark_of(tune, made) if tune.is_deterministic else ""


def test_anything_that_is_said_of_a_sweep_makes_it_another_one(plant: Plant) -> None:
    assert mark(plant, tuned(plant)) == mark(plant, tuned(plant))
    marks = {"nothing": mark(plant, tuned(plant))}
    for what, change in SWEEPS.items():
        fields = tuned(plant)
        change(plant, fields, plant.scratch)
        marks[what] = mark(plant, fields)
    assert len(set(marks.values())) == len(marks), marks
    assert marks["it is not deterministic"] == ""

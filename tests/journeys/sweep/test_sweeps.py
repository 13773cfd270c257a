"""Sweeps as a user meets them: real trials on a real cluster, what they leave, how they end."""

import json
from pathlib import Path

import pytest

from jupyter_aml import Input, Output, load_job
from jupyter_aml.exceptions import JobException, ValidationException
from jupyter_aml.sweep import BanditPolicy, Choice, Uniform
from tests.journeys.engine.conftest import until
from tests.journeys.sweep.conftest import Field

SCORE = "x = float(sys.argv[1]); log('score', 1 - (x - 3) ** 2)"
GATED = "while x > 9 and not os.path.exists(os.environ['SCRATCH'] + '/go'): time.sleep(0.01)"


def grid(field: Field, body: str = SCORE, values: tuple[object, ...] = (1, 2, 3, 4), **options: object) -> str:
    job = field.trial(body, "python trial.py ${{inputs.x}}", experiment_name="e")
    swept = job(x=Choice(list(values))).sweep(
        primary_metric="score", goal="maximize", sampling_algorithm="grid", **{"max_total_trials": 50, **options}
    )
    return field.sweep(swept)


def test_a_grid_tries_every_value_once_and_names_the_best_child(field: Field) -> None:
    name = grid(field)
    sweep = field.until_finished(name)
    assert (sweep.status, sweep.type, sweep.compute) == ("Completed", "sweep", "serverless")
    assert field.params(name) == {f"{name}_{n}": {"x": n + 1} for n in range(4)}
    assert sweep.properties["best_child_run_id"] == f"{name}_2"
    assert float(sweep.properties["score"]) == 1.0
    assert {key: json.loads(text) for key, text in sweep.tags.items()} == field.params(name)
    assert [body["child"] for body in field.facts_of(name, "sweep.trial")] == list(field.params(name))


def test_a_trial_is_a_command_job_like_any_other(field: Field) -> None:
    name = grid(field, values=(2, "a b"), body="log('score', len(sys.argv))")
    field.until_finished(name)
    trial = field.ml.jobs.get(f"{name}_1")
    assert (trial.type, trial.status, trial.experiment_name) == ("command", "Completed", "e")
    assert trial.inputs["x"].default == "a b"
    assert [job.name for job in field.ml.jobs.list(parent_job_name=name)] == [f"{name}_1", f"{name}_0"]
    assert [job.name for job in field.ml.jobs.list()] == [name]
    from mlflow import MlflowClient

    client = MlflowClient(field.ml.workspace.tracking_uri)
    run = client.get_run(f"{name}_0")
    assert run.data.tags["mlflow.parentRunId"] == name
    assert json.loads(run.data.tags["hyperparameters"]) == {"x": 2}
    parent = client.get_run(name)
    assert (parent.info.status, json.loads(parent.data.tags[f"{name}_0"])) == ("FINISHED", {"x": 2})


def test_a_yaml_sweep_fills_search_space_and_inputs(field: Field, tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    both = 'for _ in $(seq 2400); do [ "$(wc -l < "$SCRATCH/said")" -ge 2 ] && exit; sleep 0.05; done\n'
    (tmp_path / "src" / "t.sh").write_text(
        'echo "$@" >> "$SCRATCH/said"\n' + both
    )  # one that ends first ends the sweep
    (tmp_path / "sweep.yml").write_text(
        "$schema: https://azuremlschemas.azureedge.net/latest/sweepJob.schema.json\n"
        "type: sweep\n"
        "trial:\n"
        "  code: src\n"
        "  command: >-\n"
        "    bash t.sh ${{search_space.a}} '${{search_space.b}}' ${{inputs.c}} $AZUREML_ROOT_RUN_ID $AZUREML_SWEEP_a\n"
        "  environment: azureml:AzureML-sklearn-1.5@latest\n"
        f"  environment_variables: {{SCRATCH: {json.dumps(str(field.scratch))}}}\n"
        "inputs: {c: 7}\n"
        "sampling_algorithm: grid\n"
        "search_space:\n"
        "  a: {type: choice, values: [1, 2.5]}\n"
        "  b: {type: choice, values: [x y]}\n"
        "objective: {goal: minimize, primary_metric: loss}\n"
        "limits: {max_total_trials: 2}\n"
    )
    name = field.sweep(load_job(tmp_path / "sweep.yml"))
    sweep = field.until_finished(name)
    assert sorted(field.lines("said")) == [f"1 x y 7 {name} 1", f"2.5 x y 7 {name} 2.5"]
    assert sweep.status == "Failed"
    assert sweep.error.startswith(f"objective.primary_metric: 'loss' was not logged by {name}_")


def test_conditional_spaces_reach_the_trial_as_json(field: Field) -> None:
    body = "import json; m = json.loads(sys.argv[1]); log('score', m.get('depth', 0) + m.get('c', 0))"
    space = [{"model": "tree", "depth": Choice([3, 5])}, {"model": 'it\'s "svm" $HOME', "c": 0.5}]
    name = grid(field, body, tuple(space))
    assert field.until_finished(name).status == "Completed"
    assert sorted(json.dumps(params["x"]) for params in field.params(name).values()) == sorted(
        json.dumps(value)
        for value in ({"model": "tree", "depth": 3}, {"model": "tree", "depth": 5}, space[1])
    )  # fmt: skip
    assert float(field.get(name).properties["score"]) == 5


def test_the_best_childs_files_are_the_sweeps(field: Field, tmp_path: Path) -> None:
    job = field.trial(
        f"{SCORE}\nopen(sys.argv[2] + '/m.txt', 'w').write(sys.argv[1])\nos.makedirs('outputs', exist_ok=True)\n"
        "open('outputs/o.txt', 'w').write(sys.argv[1])",
        "python trial.py ${{inputs.x}} ${{outputs.model}}",
        outputs={"model": Output(type="uri_folder")},
    )
    swept = job(x=Choice([1, 3])).sweep(
        sampling_algorithm="grid", primary_metric="score", goal="maximize", max_total_trials=2
    )
    name = field.sweep(swept)
    assert field.until_finished(name).status == "Completed"
    field.ml.jobs.download(name, download_path=tmp_path / "got", all=True)
    assert (tmp_path / "got" / "named-outputs" / "model" / "m.txt").read_text() == "3"
    assert (tmp_path / "got" / "artifacts" / "outputs" / "o.txt").read_text() == "3"
    assert (tmp_path / "got" / "hd-artifacts").is_dir()  # what the sweep itself wrote
    line = 'cat ${{inputs.m}}/m.txt > "$SCRATCH/read"'
    field.until_finished(field.submit(line, inputs={"m": Input(path=f"azureml://jobs/{name}/outputs/model")}))
    assert field.lines("read") == ["3"]


def test_some_failed_trials_leave_a_sweep_completed_and_all_of_them_fail_it(field: Field) -> None:
    name = grid(field, "x = float(sys.argv[1])\nif x < 3: sys.exit(4)\nlog('score', x)")
    assert field.until_finished(name).status == "Completed"
    assert [str(child.status) for child in field.children(name)] == ["Failed", "Failed", "Completed", "Completed"]
    name = grid(field, "raise RuntimeError('always')")
    sweep = field.until_finished(name)
    assert sweep.status == "Failed"
    assert f"All of the first 4 trials failed. {name}_0: Execution failed." in sweep.error
    assert "always" in sweep.error


def test_a_metric_that_is_never_logged_is_told_after_the_first_trial_with_what_was(field: Field) -> None:
    name = grid(field, "log('scores', 1); log('loss', 2)", tuple(range(40)), max_concurrent_trials=2)
    sweep = field.until_finished(name)
    assert sweep.status == "Failed"
    assert "it logged 'loss', 'scores'." in sweep.error
    assert "Did you mean 'scores'?" in sweep.error
    field.until_all_finished()
    assert len(field.children(name)) < 12
    with pytest.raises(JobException, match="has no best trial"):
        field.ml.jobs.download(name)


def test_canceling_a_sweep_cancels_its_trials(field: Field) -> None:
    name = grid(field, "import time; log('score', 1); time.sleep(600)", tuple(range(40)))
    until(lambda: sum(child.status == "Running" for child in field.children(name)) > 1)
    field.ml.jobs.begin_cancel(name).result()
    field.until_all_finished()
    assert field.get(name).status == "Canceled"
    assert {str(child.status) for child in field.children(name)} == {"Canceled"}
    assert len(field.children(name)) < 40


def test_a_sweep_that_takes_too_long_is_canceled_with_its_trials(field: Field) -> None:
    name = grid(field, "import time; time.sleep(600)", timeout=60, trial_timeout=60)
    plan = json.loads((field.folder.jobs / name / "trial.json").read_text())
    assert json.loads(plan["template"]["launch"])["timeout"] == 60
    until(lambda: field.children(name))
    field.ml.jobs.begin_cancel(name).result()
    field.until_all_finished()


def test_a_policy_ends_the_trials_that_fall_behind_while_they_run(field: Field) -> None:
    body = """
    import time
    x = float(sys.argv[1])
    for step in range(1, 6000):
        log('score', x * step)
        if x >= 3 and step == 30: break
        time.sleep(0.02)
    """
    name = grid(
        field, body, (1, 4, 3.9, 2), max_concurrent_trials=2,
        early_termination_policy=BanditPolicy(slack_factor=0.2, evaluation_interval=5, delay_evaluation=10),
    )  # fmt: skip
    assert field.until_finished(name).status == "Completed"
    assert [str(child.status) for child in field.children(name)] == ["Canceled", "Completed", "Completed", "Canceled"]
    ended = {body["child"]: body for body in field.facts_of(name, "sweep.terminated")}
    assert set(ended) == {f"{name}_0", f"{name}_3"}
    for fact in ended.values():
        assert fact["interval"] >= 10
        assert fact["interval"] % 5 == 0
        assert fact["value"] < fact["bound"]
    assert field.get(name).properties["best_child_run_id"] == f"{name}_1"
    assert f"bandit ends {name}_0" in field.diary(name)


def test_a_seeded_sweep_repeats_exactly_and_one_that_goes_on_repeats_none(field: Field) -> None:
    def random_sweep(trials: int) -> str:
        job = field.trial(SCORE, "python trial.py ${{inputs.x}}")
        draft = job(x=Uniform(0, 6)).sweep(primary_metric="score", goal="maximize", max_total_trials=trials)
        draft.sampling_algorithm = {"type": "random", "seed": 5}
        return field.sweep(draft)

    def drawn(name: str) -> list[float]:
        field.until_finished(name)
        return [params["x"] for params in field.params(name).values()]

    first, second = random_sweep(6), random_sweep(4)
    whole = drawn(first)
    assert drawn(second) == whole[:4]
    third = field.sweep(field.ml.jobs.extend(second, 2))
    assert drawn(third) == whole[4:]
    assert field.get(third).spec["resume_from"] == second
    with pytest.raises(ValidationException, match="began all of its trials"):
        field.ml.jobs.extend(second)


def test_a_canceled_sweep_goes_on_with_the_trials_that_it_did_not_begin(field: Field) -> None:
    name = grid(field, f"{SCORE}\nimport time\n{GATED}", tuple(range(30)), max_concurrent_trials=2)
    until(lambda: len(field.children(name)) > 5)
    field.ml.jobs.begin_cancel(name).result()
    field.until_all_finished()
    (field.scratch / "go").touch()
    rest = field.sweep(field.ml.jobs.extend(name))
    assert field.until_finished(rest).status == "Completed"
    tried = [params["x"] for one in (name, rest) for params in field.params(one).values()]
    assert sorted(tried) == list(range(30))


def test_its_log_can_be_streamed(field: Field, capsys: pytest.CaptureFixture[str]) -> None:
    name = grid(field)
    field.ml.jobs.stream(name)
    said = capsys.readouterr().out
    assert "Streaming azureml-logs/hyperdrive.txt" in said
    assert f"[SCHEDULER][INFO]Began {name}_0" in said
    assert f"4 trials are over; the best is {name}_2 with score 1." in said

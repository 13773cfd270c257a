"""Pipelines as a user meets them: real steps on a real cluster, what flows between them, how they end."""

import random
from pathlib import Path

import pytest

from jupyter_aml import Input, command
from jupyter_aml.exceptions import ResourceNotFoundError, UnsupportedFieldError, ValidationException
from tests.journeys.engine.conftest import kill, until
from tests.journeys.pipeline.conftest import Plant, component, node, programs

PREP = component("echo ${{inputs.n}} > ${{outputs.o}}/a", {"n": "integer"}, "o")
MORE = component("cat ${{inputs.d}}/a > ${{outputs.o}}/a; echo more >> ${{outputs.o}}/a", {"d": "uri_folder"}, "o")
JOIN = component("cat ${{inputs.a}}/a ${{inputs.b}}/a > ${{outputs.o}}/a", {"a": "uri_folder", "b": "uri_folder"}, "o")


def diamond(plant: Plant, **more: object) -> dict[str, object]:
    """prep → left, right → join, whose output is the pipeline's own."""
    steps = {
        "prep": node(PREP, n="${{parent.inputs.n}}"),
        "left": node(MORE, d="${{parent.jobs.prep.outputs.o}}"),
        "right": node(MORE, d={"path": "${{parent.jobs.prep.outputs.o}}", "mode": "download"}),
        "join": node(JOIN, a="${{parent.jobs.left.outputs.o}}", b="${{parent.jobs.right.outputs.o}}"),
    }
    steps["join"]["outputs"] = {"o": "${{parent.outputs.all}}"}
    return plant.yaml(steps, inputs={"n": 7}, outputs={"all": {"type": "uri_folder"}}, **more)


def test_data_flows_through_the_steps_to_the_pipelines_output(plant: Plant, tmp_path: Path) -> None:
    name = plant.ran(diamond(plant))
    job = plant.get(name)
    assert (job.status, job.type) == ("Completed", "pipeline"), job.error
    assert plant.output(name, "all").joinpath("a").read_text() == "7\nmore\n7\nmore\n"
    assert {step: str(child.status) for step, child in plant.steps(name).items()} == dict.fromkeys(
        ["prep", "left", "right", "join"], "Completed"
    )
    started = {step: child.started_at or 0 for step, child in plant.steps(name).items()}
    ended = {step: child.ended_at or 0 for step, child in plant.steps(name).items()}
    assert ended["prep"] <= min(started["left"], started["right"])
    assert max(ended["left"], ended["right"]) <= started["join"]
    plant.ml.jobs.download(name, download_path=tmp_path, output_name="all")
    assert (tmp_path / "named-outputs" / "all" / "a").read_text().startswith("7\n")


def test_a_step_finds_what_its_component_includes(plant: Plant, tmp_path: Path) -> None:
    for name in ("src/s", "shared/lib/a"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text(name)
    reads = component("cat s lib/a > ${{outputs.o}}/all", {}, "o")
    include = {"code": "./src", "additional_includes": ["./shared/lib"]}
    name = plant.ran(plant.yaml({"a": node({**reads, **include}), "b": {**reads, **include}}), tmp_path)
    assert plant.get(name).status == "Completed", plant.get(name).error
    for step in ("a", "b"):
        assert plant.output(plant.steps(name)[step].name, "o").joinpath("all").read_text() == "src/sshared/lib/a"


def test_an_output_called_artifacts_is_what_the_step_keeps_anyway(plant: Plant) -> None:
    greet = component("mkdir -p outputs; echo world > outputs/a; echo more > ${{outputs.artifacts}}/b", {}, "artifacts")
    read = component("cat ${{inputs.d}}/outputs/a ${{inputs.d}}/b > ${{outputs.o}}/a", {"d": "uri_folder"}, "o")
    steps = {"greet": node(greet), "read": node(read, d="${{parent.jobs.greet.outputs.artifacts}}")}
    for reused in (set[str](), {"greet", "read"}):
        name = plant.ran(plant.yaml(steps))
        assert plant.get(name).status == "Completed", plant.get(name).error
        assert plant.output(plant.steps(name)["read"].name, "o").joinpath("a").read_text() == "world\nmore\n"
        assert plant.reused(name) == reused


SCORING = component("echo f.csv,1 > ${{outputs.score}}/predictions.csv", None, "score")
BATCH_RUN = {"azureml.batchrun": "true"}


@pytest.mark.parametrize(
    ("tags", "place"),
    [
        (BATCH_RUN, "predictions.csv"),
        (BATCH_RUN | {"azureml.jobtype": "azureml.pipelinejob"}, "named-outputs/score/predictions.csv"),
        ({}, "named-outputs/score/predictions.csv"),
    ],
)
def test_tags_say_where_the_scores_of_a_batch_run_are_put(
    plant: Plant, tmp_path: Path, tags: dict[str, str], place: str
) -> None:
    step = {**node(SCORING), "outputs": {"score": "${{parent.outputs.score}}"}}
    fields = plant.yaml({"batchscoring": step}, outputs={"score": {"type": "uri_folder"}}, tags=tags)
    name, to = plant.ran(fields), tmp_path / "to"
    plant.ml.jobs.download(name, download_path=to, output_name="score")
    assert [path.relative_to(to).as_posix() for path in to.rglob("*.*")] == [place]
    with pytest.raises(ResourceNotFoundError, match=r"no output named 'scores'.\nDid you mean 'score'"):
        plant.ml.jobs.download(name, download_path=to, output_name="scores")


def test_a_steps_job_is_like_any_other_and_knows_its_pipeline(plant: Plant) -> None:
    name = plant.ran(diamond(plant))
    step = plant.ml.jobs.get(f"{name}_right")
    assert (step.type, step.display_name) == ("command", "right")
    assert step.inputs["d"].mode == "download"
    assert {job.name for job in plant.ml.jobs.list(parent_job_name=name)} == {
        f"{name}_{step}" for step in ("prep", "left", "right", "join")
    }
    assert [job.name for job in plant.ml.jobs.list()] == [name]
    line = "cat ${{inputs.x}}/a"
    read = plant.submit(line, inputs={"x": Input(path=f"azureml://jobs/{name}/outputs/all")})
    assert plant.until_finished(read).status == "Completed"


def test_a_pipeline_within_a_pipeline_reads_and_gives(plant: Plant) -> None:
    inner = {
        "type": "pipeline", "inputs": {"x": {"type": "uri_folder"}, "k": {"type": "integer"}},
        "outputs": {"z": {"type": "uri_folder"}},
        "jobs": {
            "one": node(MORE, d="${{parent.inputs.x}}"),
            "two": {**node(PREP, n="${{parent.inputs.k}}"), "outputs": {"o": "${{parent.outputs.z}}"}},
        },
    }  # fmt: skip
    steps = {
        "prep": node(PREP, n=1),
        "nest": node(inner, x="${{parent.jobs.prep.outputs.o}}", k="${{parent.inputs.k}}"),
        "last": node(MORE, d="${{parent.jobs.nest.outputs.z}}"),
    }
    name = plant.ran(plant.yaml(steps, inputs={"k": 9}))
    assert plant.get(name).status == "Completed", plant.get(name).error
    assert plant.output(f"{name}_last", "o").joinpath("a").read_text() == "9\nmore\n"
    assert set(plant.steps(f"{name}_nest")) == {"one", "two"}
    again = plant.ran(plant.yaml(steps, inputs={"k": 9}))
    assert plant.reused(again) == {"prep", "last"}
    assert plant.reused(f"{again}_nest") == {"one", "two"}


def test_a_sweep_within_a_pipeline_gives_what_its_best_trial_wrote(plant: Plant) -> None:
    import json

    trial = component(
        "python -c \"import os,sqlite3,time; db = sqlite3.connect(os.environ['TRACKING'], timeout=60); "
        "db.execute('INSERT INTO metrics VALUES (?, ?, ?, ?, 0, 0)', ('m', ${{inputs.x}}, time.time_ns(), "
        "os.environ['AZUREML_RUN_ID'])); db.commit()\"; echo ${{inputs.x}} ${{inputs.k}} > ${{outputs.o}}/a",
        {"x": "number", "k": "string"}, "o", environment_variables={"TRACKING": str(plant.folder.tracking_database)},
    )  # fmt: skip
    sweep = {
        "type": "sweep", "trial": trial, "inputs": {"k": "${{parent.inputs.k}}"}, "sampling_algorithm": "grid",
        "search_space": {"x": {"type": "choice", "values": [1, 3, 2]}},
        "objective": {"goal": "maximize", "primary_metric": "m"}, "limits": {"max_total_trials": 5},
    }  # fmt: skip
    fields = plant.yaml({"tune": sweep, "use": node(MORE, d="${{parent.jobs.tune.outputs.o}}")}, inputs={"k": "K"})
    name = plant.ran(json.loads(json.dumps(fields)))
    assert plant.get(name).status == "Completed", plant.get(name).error
    assert plant.output(f"{name}_use", "o").joinpath("a").read_text() == "3 K\nmore\n"


def test_a_decision_is_made_by_what_a_step_wrote(plant: Plant) -> None:
    flag = component("echo ${{inputs.is_it}} > ${{outputs.f}}", {"is_it": "string"})
    flag["outputs"] = {"f": {"type": "boolean"}}
    for word, ran in (("True", "yes"), ("false", "no")):
        steps = {
            "flag": node(flag, is_it=word),
            "if": {
                "type": "if_else", "condition": "${{parent.jobs.flag.outputs.f}}",
                "true_block": "${{parent.jobs.yes}}", "false_block": "${{parent.jobs.no}}",
            },
            "yes": node(component("echo yes")),
            "no": node(component("echo no")),
        }  # fmt: skip
        name = plant.ran(plant.yaml(steps))
        assert plant.get(name).status == "Completed", plant.get(name).error
        assert set(plant.steps(name)) == {"flag", ran}


def test_a_loop_gives_its_body_what_it_made_until_it_says_enough(plant: Plant) -> None:
    count = component(
        "n=$((${{inputs.n}} + 1)); echo $n > ${{outputs.m}}; [ $n -lt ${{inputs.most}} ] && echo true > ${{outputs.go}}"
        " || echo false > ${{outputs.go}}",
        {"n": "integer", "most": "integer"},
    )  # fmt: skip
    count["outputs"] = {"m": {"type": "integer"}, "go": {"type": "boolean"}}
    steps = {
        "count": node(count, n=0, most="${{parent.inputs.most}}"),
        "loop": {
            "type": "do_while", "body": "${{parent.jobs.count}}", "condition": "go", "mapping": {"m": ["n"]},
            "limits": {"max_iteration_count": 6},
        },
        "use": node(component("echo ${{inputs.k}}", {"k": "integer"}), k="${{parent.jobs.count.outputs.m}}"),
    }  # fmt: skip
    for most, rounds in ((3, 3), (100, 6)):
        name = plant.ran(plant.yaml(steps, inputs={"most": most}))
        assert plant.get(name).status == "Completed", plant.get(name).error
        assert plant.get(f"{name}_use").spec["inputs"]["k"] == str(rounds)
        jobs_ = {job.name for job in plant.ml.jobs.list(parent_job_name=name)}
        assert jobs_ == {f"{name}_count", f"{name}_use", *(f"{name}_count.{n}" for n in range(1, rounds))}


def test_a_parallel_step_runs_its_function_over_every_file(plant: Plant) -> None:
    code, data = plant.home.parent / "code", plant.home.parent / "many files"
    code.mkdir()
    data.mkdir()
    (code / "score.py").write_text(
        "import os\ndef init(): pass\n"
        "def run(files): return [f'{os.path.basename(str(f))} {open(f).read()}' for f in files]\n"
    )
    for n in range(7):
        (data / f"{n}.txt").write_text(str(n * n))
    parallel = {
        "type": "parallel", "inputs": {"d": {"type": "uri_folder"}}, "outputs": {"o": {"type": "uri_file"}},
        "mini_batch_size": "2", "max_concurrency_per_instance": 2, "input_data": "${{inputs.d}}",
        "task": {
            "type": "run_function", "code": str(code), "entry_script": "score.py",
            "environment": "azureml:AzureML-sklearn-1.5@latest", "append_row_to": "${{outputs.o}}",
        },
    }  # fmt: skip
    name = plant.ran(plant.yaml({"score": node(parallel, d={"type": "uri_folder", "path": str(data)})}))
    assert plant.get(name).status == "Completed", plant.get(name).error
    rows = plant.output(f"{name}_score", "o").read_text().splitlines()
    assert rows == [f"{n}.txt {n * n}" for n in range(7)]


def test_a_failed_step_ends_the_others_unless_told_to_go_on(plant: Plant) -> None:
    steps = {
        "bad": node(component("exit 3")),
        "long": node(component("sleep 600")),
        "other": node(component("true")),
        "after_bad": node(component("true", {"x": "uri_folder"}), x="${{parent.jobs.bad.outputs.o}}"),
    }
    steps["bad"]["component"]["outputs"] = {"o": {"type": "uri_folder"}}
    name = plant.ran(plant.yaml(steps))
    job = plant.get(name)
    assert job.status == "Failed"
    assert "Step 'bad' of the pipeline failed: Execution failed." in job.error
    plant.until_all_finished()
    assert str(plant.steps(name)["long"].status) == "Canceled"
    assert "after_bad" not in plant.steps(name)
    steps["long"] = node(component("sleep 0.3"))
    settings = {"default_compute": "serverless", "continue_on_step_failure": True, "force_rerun": True}
    name = plant.ran(plant.yaml(steps, settings=settings))
    assert plant.get(name).status == "Failed"
    assert {step: str(child.status) for step, child in plant.steps(name).items()} == {
        "bad": "Failed", "long": "Completed", "other": "Completed",
    }  # fmt: skip


def test_the_first_and_the_last_step_stand_around_the_others(plant: Plant) -> None:
    steps = {"fin": node(component("true")), "mid": node(component("exit 1")), "ini": node(component("true"))}
    settings = {"default_compute": "serverless", "on_init": "ini", "on_finalize": "${{parent.jobs.fin}}"}
    name = plant.ran(plant.yaml(steps, settings=settings))
    assert plant.get(name).status == "Failed"
    assert list(plant.steps(name)) == ["ini", "mid", "fin"]


def test_canceling_a_pipeline_cancels_its_steps_and_theirs(plant: Plant) -> None:
    inner = {"type": "pipeline", "inputs": {}, "outputs": {}, "jobs": {"deep": node(component("sleep 600"))}}
    name = plant.pipeline(plant.yaml({"nest": node(inner), "long": node(component("sleep 601"))}))
    until(lambda: {"deep"} <= set(plant.steps(f"{name}_nest")) if "nest" in plant.steps(name) else False)
    plant.ml.jobs.begin_cancel(name).result()
    plant.until_all_finished()
    for job in (name, f"{name}_nest", f"{name}_nest_deep", f"{name}_long"):
        assert plant.get(job).status == "Canceled"


def test_components_of_the_workspace_are_steps_with_the_code_that_they_were_registered_with(plant: Plant) -> None:
    from jupyter_aml.entities.component import CommandComponent, ComponentOutput

    code = plant.home.parent / "code"
    code.mkdir()
    (code / "say.sh").write_text('echo first > "$1/a"')
    draft = CommandComponent(
        name="say", version="1", command="bash say.sh ${{outputs.o}}", code=str(code),
        environment="azureml:AzureML-sklearn-1.5@latest", outputs={"o": ComponentOutput()},
    )  # fmt: skip
    plant.ml.components.create_or_update(draft)
    (code / "say.sh").write_text('echo second > "$1/a"')
    name = plant.ran(plant.yaml({"say": {"type": "command", "component": "azureml:say:1"}}))
    assert plant.get(name).status == "Completed", plant.get(name).error
    assert plant.output(f"{name}_say", "o").joinpath("a").read_text() == "first\n"


def test_what_cannot_be_a_pipeline_is_refused_by_its_path_and_nothing_is_stored(plant: Plant) -> None:
    bad = {
        "jobs.a.inputs.n": {"a": node(PREP)},
        "jobs.a.inputs.d": {"a": node(MORE, d="${{parent.jobs.b.outputs.o}}")},
        "has no output 'oo'. Did you mean 'o'?": {
            "p": node(PREP, n=1),
            "a": node(MORE, d="${{parent.jobs.p.outputs.oo}}"),
        },
        "jobs.a": {"a": {"type": "spark", "component": PREP}},
    }
    for path, steps in bad.items():
        with pytest.raises((ValidationException, UnsupportedFieldError)) as raised:
            plant.pipeline(plant.yaml(steps))
        assert path in str(raised.value)
    with pytest.raises(ValidationException, match=r"jobs\.a\.compute: Compute not set"):
        plant.pipeline(plant.yaml({"a": node(component("true"))}, settings={}))
    for field, given in {"compute": "lokal-cluster", "environment": "azureml:nope:1"}.items():
        with pytest.raises(ResourceNotFoundError, match=rf"^jobs\.a\.{field}: Not found {field} with name"):
            plant.pipeline(plant.yaml({"a": {**node(component("true")), field: given}}))
    assert list(plant.ml.jobs.list()) == []


def test_its_log_can_be_streamed(plant: Plant, capsys: pytest.CaptureFixture[str]) -> None:
    name = plant.pipeline(diamond(plant))
    plant.ml.jobs.stream(name)
    said = capsys.readouterr().out
    assert "Streaming logs/azureml/executionlogs.txt" in said
    assert f"[SCHEDULER][INFO]Began join ({name}_join)." in said
    assert "4 steps run, 0 reused." in said


def test_independent_steps_run_side_by_side(plant: Plant) -> None:
    paired = 'touch "$GATES/{n}"; until [ "$(ls "$GATES" | wc -l)" -ge 2 ]; do sleep 0.01; done'  # for each other
    gates = {"GATES": str(plant.scratch)}
    steps = {f"s{n}": node(component(paired.format(n=n), environment_variables=gates)) for n in range(4)}
    name = plant.ran(plant.yaml(steps))
    assert plant.get(name).status == "Completed", plant.get(name).error
    children = plant.steps(name).values()
    overlaps = [
        a
        for a in children
        for b in children
        if a is not b and (a.started_at or 0) <= (b.started_at or 0) < (a.ended_at or 0)
    ]
    assert overlaps


@pytest.mark.slow
def test_a_pipeline_of_100_steps_is_whole_though_its_supervisor_and_its_program_are_killed(plant: Plant) -> None:
    rng, kills = random.Random(4), 0
    steps = {f"s0_{wide}": node(PREP, n=wide) for wide in range(10)}
    for deep in range(1, 10):
        for wide in range(10):
            steps[f"s{deep}_{wide}"] = node(MORE, d=f"${{{{parent.jobs.s{deep - 1}_{(wide + 1) % 10}.outputs.o}}}}")
    name = plant.pipeline(plant.yaml(steps))
    while plant.unfinished():
        plant.until_something_happens(rng, at_most=80)
        victims = programs(plant) if rng.random() < 0.5 else []
        kill(victims)
        kills += bool(victims) or plant.kill_supervisor()
        plant.ensure_supervisor()
    assert kills >= 10
    assert plant.get(name).status == "Completed", plant.get(name).error
    assert {child.status for child in plant.steps(name).values()} == {"Completed"}
    assert len(plant.steps(name)) == 100
    assert plant.output(f"{name}_s9_0", "o").joinpath("a").read_text() == "9\n" + "more\n" * 9
    assert all(plant.get(child.name).attempt == 1 for child in plant.steps(name).values())


def test_an_ordinary_job_goes_on_beside_a_pipeline(plant: Plant) -> None:
    name = plant.pipeline(diamond(plant))
    other = plant.ml.jobs.create_or_update(command(command="echo hello"))
    assert plant.until_finished(str(other.name)).status == "Completed"
    assert plant.until_finished(name).status == "Completed"

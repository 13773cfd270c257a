"""`parallel_for`: a step that runs once for each item, on the real engine; what its rounds made, put together."""

import json
import random
from pathlib import Path
from typing import Any

import pytest

from jupyter_aml import Input, dsl
from jupyter_aml.data import mltable
from jupyter_aml.entities import Data
from jupyter_aml.entities.component import CommandComponent
from jupyter_aml.exceptions import MlException
from tests.journeys.engine.conftest import kill
from tests.journeys.pipeline.conftest import Plant, component, node, programs

SQUARE = component("echo $((${{inputs.n}} * ${{inputs.n}})) ${{inputs.w}} > ${{outputs.o}}/a", {"n": "integer"}, "o")
SQUARE["inputs"]["w"] = {"type": "string", "default": "w"}
PAIRED = 'touch "$GATES/${{inputs.n}}"; until [ "$(ls "$GATES" | wc -l)" -ge 2 ]; do sleep 0.01; done; sleep 0.2'
READ = component("cat ${{inputs.d}}/*/a > ${{outputs.o}}/all", {"d": "mltable"}, "o")
SAY = component("echo '${{inputs.text}}' > ${{outputs.t}}", {"text": "string"})
SAY["outputs"] = {"t": {"type": "string"}}
COUNT = component("echo $((${{inputs.n}} + 1)) > ${{outputs.m}}", {"n": "integer"})
COUNT["outputs"] = {"m": {"type": "integer"}}
LOOP = "${{parent.jobs.loop.outputs.%s}}"


def each(items: object, **more: object) -> dict[str, Any]:
    return {"type": "parallel_for", "body": "${{parent.jobs.body}}", "items": items, **more}


def numbers(*given: int) -> list[dict[str, int]]:
    return [{"n": n} for n in given]


def rounds(plant: Plant, name: str) -> dict[str, str]:
    """How the rounds of a pipeline's loop stand, by their jobs' names."""
    found = {str(job.name): str(job.status) for job in plant.ml.jobs.list(parent_job_name=name)}
    return {job.removeprefix(f"{name}_"): status for job, status in found.items() if job.startswith(f"{name}_body")}


def test_three_items_two_at_once_and_what_they_made_is_read_by_the_next_step(plant: Plant, tmp_path: Path) -> None:
    gates = {"GATES": str(plant.scratch)}  # two wait for each other
    paired = {**SQUARE, "command": f"{PAIRED}; {SQUARE['command']}", "environment_variables": gates}
    steps = {
        "body": node(paired, w="x"),
        "loop": each(numbers(3, 1, 2), max_concurrency=2, outputs={"o": "${{parent.outputs.all}}"}),
        "read": node(READ, d=LOOP % "o"),
    }
    name = plant.ran(plant.yaml(steps, outputs={"all": {"type": "mltable"}}))
    assert plant.get(name).status == "Completed", plant.get(name).error
    assert plant.output(f"{name}_read", "o").joinpath("all").read_text() == "9 x\n1 x\n4 x\n"
    assert rounds(plant, name) == dict.fromkeys(["body", "body.1", "body.2"], "Completed")
    spans = [plant.get(f"{name}_{job}") for job in rounds(plant, name)]
    assert max(sum((a.started_at or 0) <= (b.started_at or 0) < (a.ended_at or 0) for a in spans) for b in spans) == 2
    table = mltable.load(str(plant.output(name, "all")))
    assert [Path(str(one["folder"])).name for one in table.paths] == ["0", "1", "2"]
    plant.ml.jobs.download(name, download_path=tmp_path, output_name="all")
    assert (tmp_path / "named-outputs" / "all" / "1" / "a").read_text() == "1 x\n"


def test_values_are_put_together_as_a_list_and_items_may_be_a_text_that_a_step_wrote(plant: Plant) -> None:
    steps = {
        "made": node(SAY, text=json.dumps(numbers(4, 5))),
        "body": node(COUNT),
        "loop": each("${{parent.jobs.made.outputs.t}}"),
        "use": node(SAY, text=LOOP % "m"),
    }
    name = plant.ran(plant.yaml(steps))
    assert plant.get(name).status == "Completed", plant.get(name).error
    assert plant.output(f"{name}_use", "t").read_text() == "[5, 6]\n"


def test_items_are_lists_mappings_texts_or_bound(plant: Plant) -> None:
    given = {"n": 5, "all": json.dumps({"b": {"n": 4}, "a": {"n": 5}})}
    items = {
        "text": json.dumps(numbers(4, 5)),
        "named": {"first": {"n": 4}, "second": {"n": "${{parent.inputs.n}}"}},
        "bound": "${{parent.inputs.all}}",
    }
    steps: dict[str, Any] = {}
    for word, some in items.items():
        loop = each(some, outputs={"m": f"${{{{parent.outputs.{word}}}}}"})
        steps |= {f"{word}_body": node(COUNT), word: {**loop, "body": f"${{{{parent.jobs.{word}_body}}}}"}}
    name = plant.ran(plant.yaml(steps, inputs=given, outputs={word: {"type": "uri_file"} for word in items}))
    assert plant.get(name).status == "Completed", plant.get(name).error
    assert {json.dumps(json.loads(plant.output(name, word).read_text())) for word in items} == {"[5, 6]"}


def test_a_pipeline_is_a_body_too_and_runs_loops_of_its_own(plant: Plant) -> None:
    inner = {
        "type": "pipeline", "inputs": {"all": {"type": "string"}}, "outputs": {"z": {"type": "mltable"}},
        "jobs": {
            "body": node(SQUARE),
            "loop": each("${{parent.inputs.all}}", outputs={"o": "${{parent.outputs.z}}"}),
        },
    }  # fmt: skip
    items = [{"all": json.dumps(numbers(1, 2))}, {"all": json.dumps(numbers(3))}]
    last = component("cat ${{inputs.d}}/*/*/a > ${{outputs.o}}/all", {"d": "mltable"}, "o")
    steps = {"body": node(inner), "loop": each(items), "read": node(last, d=LOOP % "z")}
    name = plant.ran(plant.yaml(steps))
    assert plant.get(name).status == "Completed", plant.get(name).error
    assert plant.output(f"{name}_read", "o").joinpath("all").read_text() == "1 w\n4 w\n9 w\n"
    assert set(rounds(plant, name)) == {"body", "body.1"}
    assert set(rounds(plant, f"{name}_body")) == {"body", "body.1"}


def test_data_of_the_workspace_is_an_item_by_its_name(plant: Plant) -> None:
    for word in ("one", "two"):
        file = plant.home.parent / f"{word}.txt"
        file.write_text(word)
        plant.ml.data.create_or_update(Data(name=word, version="1", path=str(file), type="uri_file"))
    body = component("cp ${{inputs.f}} ${{outputs.o}}", {"f": "uri_file"})
    body["outputs"] = {"o": {"type": "uri_file"}}
    items = [{"f": {"type": "uri_file", "path": f"azureml:{word}@latest"}} for word in ("two", "one")]
    last = component("cat ${{inputs.d}}/0 ${{inputs.d}}/1 > ${{outputs.o}}/all", {"d": "uri_folder"}, "o")
    name = plant.ran(plant.yaml({"body": node(body), "loop": each(items), "read": node(last, d=LOOP % "o")}))
    assert plant.get(name).status == "Completed", plant.get(name).error
    assert plant.output(f"{name}_read", "o").joinpath("all").read_text() == "twoone"


def test_a_changed_item_is_run_again_and_the_others_are_not(plant: Plant) -> None:
    steps = {"body": node(SQUARE), "loop": each(numbers(1, 2, 3)), "read": node(READ, d=LOOP % "o")}
    plant.ran(plant.yaml(steps))
    steps["loop"] = each(numbers(3, 2, 7), max_concurrency=1)
    name = plant.ran(plant.yaml(steps))
    assert plant.output(f"{name}_read", "o").joinpath("all").read_text() == "9 w\n4 w\n49 w\n"
    reused = {job: plant.get(f"{name}_{job}").properties.get("azureml.isreused") for job in rounds(plant, name)}
    assert reused == {"body": "true", "body.1": "true", "body.2": None}
    assert plant.reused(name) == set()  # of the body, the last round tells
    again = plant.ran(plant.yaml(steps))
    assert plant.reused(again) == {"body", "read"}  # it reads what it read before, wherever that was put together


def test_a_failed_round_ends_the_others_unless_told_to_go_on(plant: Plant) -> None:
    body = component("[ ${{inputs.n}} = 2 ] && exit 3; sleep ${{inputs.n}}", {"n": "integer"}, "o")
    steps = {"body": node(body), "loop": each(numbers(600, 2, 1), max_concurrency=2), "read": node(READ, d=LOOP % "o")}
    name = plant.ran(plant.yaml(steps))
    assert "Step 'loop' of the pipeline failed: Execution failed." in plant.get(name).error
    assert f"'{name}_body.1'" in plant.get(name).error
    plant.until_all_finished()
    assert rounds(plant, name) == {"body": "Canceled", "body.1": "Failed"}
    settings = {"default_compute": "serverless", "continue_on_step_failure": True}
    steps["loop"] = each(numbers(0, 2, 0, 0), max_concurrency=1)
    steps["beside"] = node(component("true"))
    name = plant.ran(plant.yaml(steps, settings=settings))
    assert plant.get(name).status == "Failed"
    done = "Completed"
    assert rounds(plant, name) == {"body": done, "body.1": "Failed", "body.2": done, "body.3": done}
    assert "read" not in plant.steps(name)
    assert str(plant.steps(name)["beside"].status) == done


def test_items_that_turn_out_to_be_none_fail_the_step_and_say_why(plant: Plant) -> None:
    bad = {
        "no json": "Items is neither a valid JSON string nor a binding string.",
        "[]": "Items is an empty list/dict.",
        '[{"n": 1}, {}]': "Items should have same keys with body inputs",
        '[{"m": 1}]': "the body has no input 'm'. There is: n.",
        "[{}]": "item 0 has no 'n', which the body needs.",
    }
    body = node(COUNT)
    steps = {f"made{n}": node(SAY, text=text) for n, text in enumerate(bad)}
    steps |= {f"body{n}": body for n in range(len(bad))}
    loops = {f"loop{n}": f"${{{{parent.jobs.made{n}.outputs.t}}}}" for n in range(len(bad))}
    for (name, items), n in zip(loops.items(), range(len(bad)), strict=True):
        steps[name] = {**each(items), "body": f"${{{{parent.jobs.body{n}}}}}"}
    name = plant.ran(plant.yaml(steps, settings={"default_compute": "serverless", "continue_on_step_failure": True}))
    assert "Step 'loop0' of the pipeline failed: items: Items is neither" in plant.get(name).error
    log = plant.folder.artifacts(name).joinpath("logs/azureml/executionlogs.txt").read_text()
    for n, text in enumerate(bad.values()):
        line = next(line for line in log.splitlines() if f"loop{n} failed" in line)
        assert text in line
    assert set(plant.steps(name)) == {f"made{n}" for n in range(len(bad))}


BAD = {
    "jobs.loop.items: Items is an empty list/dict.": (each([]), {}),
    "jobs.loop.items: Items has to be list/dict of dict as value": (each([1]), {}),
    "jobs.loop.items: Items should have same keys with body inputs": (each([{"n": 1}, {"w": "x"}]), {}),
    "jobs.loop.items: the body has no input 'm'. There is: n, w.": (each([{"m": 1}]), {}),
    "jobs.loop.items: Unsupported type <class 'list'> in parallel_for items": (each([{"n": [1]}]), {}),
    "jobs.loop.items.1: inputs.n: 'x' is not of type integer.": (each([{"n": 1}, {"n": "x"}]), {}),
    "jobs.loop.items: Items is neither a valid JSON string": (each("[1"), {}),
    "the pipeline has no input 'al'. Did you mean 'all'?": (each("${{parent.inputs.al}}"), {"all": "[]"}),
    "jobs.loop.items: Items is an empty list/dict. ": (each("${{parent.inputs.all}}"), {"all": "[]"}),
    "items are a JSON text; the input 'all' is of type integer.": (each("${{parent.inputs.all}}"), {"all": 3}),
    "items are a JSON text; the output 'o' of step 'read'": (each("${{parent.jobs.read.outputs.o}}"), {}),
    "jobs.loop.max_concurrency: 0 is less than 1.": (each(numbers(1), max_concurrency=0), {}),
    "jobs.loop.outputs.z: unknown. There is: o.": (each(numbers(1), outputs={"z": {"mode": "upload"}}), {}),
    "what a parallel_for puts together is not registered": (each(numbers(1), outputs={"o": {"name": "n"}}), {}),
    "what a parallel_for puts together stays on this": (each(numbers(1), outputs={"o": {"mode": "direct"}}), {}),
}


def test_what_cannot_be_a_loop_is_refused_by_its_path_and_nothing_is_stored(plant: Plant) -> None:
    for told, (loop, inputs) in BAD.items():
        steps = {"body": node(SQUARE), "loop": loop, "read": node(component("true", outputs="o"))}
        with pytest.raises(MlException) as raised:
            plant.pipeline(plant.yaml(steps, inputs=inputs))
        assert told.strip() in str(raised.value)
    assert list(plant.ml.jobs.list()) == []


def test_a_bodys_own_output_is_nobodys_and_that_of_all_is_no_number(plant: Plant) -> None:
    for given, told in {
        "${{parent.jobs.body.outputs.m}}": "step 'body' runs once for each item of 'loop': read ${{parent.jobs.loop.",
        LOOP % "m": "which is that of all rounds, of type string.",
    }.items():
        steps = {"body": node(COUNT), "loop": each(numbers(1)), "use": node(COUNT, n=given)}
        with pytest.raises(MlException) as raised:
            plant.pipeline(plant.yaml(steps))
        assert "jobs.use.inputs.n" in str(raised.value)
        assert told in str(raised.value)


def test_a_loop_in_a_block_runs_only_if_it_is_decided(plant: Plant) -> None:
    for block in ("loop", "body"):
        for word, ran in ((True, {"body", "body.1"}), (False, set[str]())):
            choice = {"type": "if_else", "condition": "${{parent.inputs.go}}"}
            steps = {
                "if": {**choice, "true_block": f"${{{{parent.jobs.{block}}}}}"},
                "body": node(SQUARE),
                "loop": each(numbers(1, 2)),
                "read": node(READ, d=LOOP % "o"),
            }
            name = plant.ran(plant.yaml(steps, inputs={"go": word}))
            assert plant.get(name).status == "Completed", plant.get(name).error
            assert set(rounds(plant, name)) == ran
            assert ("read" in plant.steps(name)) is word


def test_a_loop_of_a_pipelines_function_runs(plant: Plant) -> None:
    square, read = (CommandComponent.of({**one, "name": name}) for one, name in ((SQUARE, "square"), (READ, "read")))

    @dsl.pipeline(default_compute="serverless", experiment_name="e")
    def squares(w: str) -> dict[str, Any]:
        body = square(w=w)
        every = dsl.parallel_for(body=body, items=[{"n": 2}, {"n": 3}], max_concurrency=1)
        last = read(d=every.outputs.o)
        return {"all": last.outputs.o, "table": every.outputs.o}

    made = squares(w="v")
    assert made.outputs["table"].type == "mltable"
    name = str(plant.ml.jobs.create_or_update(made).name)
    plant.until_finished(name)
    assert plant.get(name).status == "Completed", plant.get(name).error
    assert plant.output(name, "all").joinpath("all").read_text() == "4 v\n9 v\n"
    again = str(plant.ml.jobs.create_or_update(plant.ml.jobs.get(name)()).name)
    plant.until_finished(again)
    assert set(rounds(plant, again)) == {"body", "body.1"}
    assert isinstance(made.inputs["w"], Input)


def test_every_item_runs_once_though_program_and_supervisor_are_killed(plant: Plant) -> None:
    rng, kills = random.Random(7), 0
    steps = {
        "made": node(SAY, text=json.dumps(numbers(*range(8)))),
        "body": node(SQUARE),
        "loop": each("${{parent.jobs.made.outputs.t}}", max_concurrency=3, outputs={"o": "${{parent.outputs.all}}"}),
        "read": node(READ, d=LOOP % "o"),
    }
    name = plant.pipeline(plant.yaml(steps, outputs={"all": {"type": "mltable"}}))
    while plant.unfinished():
        plant.until_something_happens(rng, at_most=10)
        victims = programs(plant) if rng.random() < 0.5 else []
        kill(victims)
        kills += bool(victims) or plant.kill_supervisor()
        plant.ensure_supervisor()
    assert kills >= 4
    assert plant.get(name).status == "Completed", plant.get(name).error
    expected = {"body", *(f"body.{n}" for n in range(1, 8))}
    assert rounds(plant, name) == dict.fromkeys(expected, "Completed")
    assert plant.output(f"{name}_read", "o").joinpath("all").read_text() == "".join(f"{n * n} w\n" for n in range(8))
    assert {plant.get(f"{name}_{job}").attempt for job in expected} == {1}

"""A job that is a pipeline component of the workspace: run by its name from Python and a terminal, shown, run again."""

import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from jupyter_aml import load_component, load_job
from jupyter_aml.cli.main import run
from jupyter_aml.v1.core import Workspace
from jupyter_aml.v1.pipeline.core.published import PublishedPipeline
from jupyter_aml.v1.pipeline.core.run import PipelineRun
from tests.journeys.pipeline.conftest import Plant

SAY = """
type: command
name: say
code: ./src
command: bash say.sh ${{inputs.word}} ${{outputs.said}} $[[${{inputs.more}}]]
environment: azureml:AzureML-sklearn-1.5@latest
inputs: {word: {type: string}, more: {type: string, optional: true}}
outputs: {said: {type: uri_folder}}
"""
TALK = """
type: pipeline
name: talk
inputs: {word: {type: string, default: hello}, more: {type: string, optional: true}, times: {type: integer}}
outputs: {said: {type: uri_folder}}
jobs:
  first:
    type: command
    component: ./say.yml
    inputs: {word: "${{parent.inputs.word}}", more: "${{parent.inputs.more}}"}
  last:
    type: command
    command: cat ${{inputs.all}}/said.txt > ${{outputs.said}}/said.txt; echo ${{inputs.n}} >> ${{outputs.said}}/said.txt
    environment: azureml:AzureML-sklearn-1.5@latest
    inputs: {all: "${{parent.jobs.first.outputs.said}}", n: "${{parent.inputs.times}}"}
    outputs: {said: "${{parent.outputs.said}}"}
"""
JOB = """
type: pipeline
name: shown
experiment_name: e
component: azureml:talk@latest
inputs: {times: 2}
settings: {default_compute: azureml:serverless}
"""


@pytest.fixture
def talk(plant: Plant, tmp_path: Path) -> None:
    """The component in its first version, whose files are gone."""
    source = tmp_path / "source"
    (source / "src").mkdir(parents=True)
    (source / "src" / "say.sh").write_text('echo "$1 from the code $3" > "$2/said.txt"')
    (source / "say.yml").write_text(SAY)
    (source / "talk.yml").write_text(TALK)
    plant.ml.components.create_or_update(load_component(source / "talk.yml"))
    shutil.rmtree(source)


def done(plant: Plant, job: Any) -> str:
    """The name of the job, over."""
    name = plant.ml.jobs.create_or_update(job).name
    over = plant.until_finished(str(name))
    assert over.status == "Completed", over.error
    return str(name)


def text(plant: Plant, name: str) -> str:
    return plant.output(name, "said").joinpath("said.txt").read_text()


@pytest.mark.usefixtures("talk")
def test_it_runs_what_was_registered_and_its_yaml_runs_the_same_version_again(plant: Plant) -> None:
    name = done(plant, load_job(io.StringIO(JOB)))
    assert text(plant, name) == "hello from the code \n2\n"
    assert set(plant.steps(name)) == {"first", "last"}
    details = plant.ml.jobs.details(name).pipeline
    assert details
    assert [step.name for step in details.steps] == ["first", "last"]

    plant.ml.components.create_or_update(load_component(io.StringIO(TALK.partition("jobs:")[0] + "jobs: {only: {}}")))
    shown = yaml.safe_load(str(plant.ml.jobs.get(name)))
    assert shown["component"] == "azureml:talk:1"
    again = done(plant, load_job(io.StringIO(yaml.safe_dump({**shown, "name": "again"}))))
    assert plant.reused(again) == {"first", "last"}
    resubmitted = str(plant.ml.jobs.resubmit(name).name)
    assert plant.until_finished(resubmitted).status == "Completed"
    assert text(plant, resubmitted) == text(plant, name)


@pytest.mark.usefixtures("talk")
def test_a_call_of_it_outside_of_a_pipeline_is_such_a_job(plant: Plant) -> None:
    registered: Any = plant.ml.components.get("talk")
    step = registered(times=3, more="and more", word="hi")
    step.settings.default_compute = "serverless"
    name = done(plant, step)
    assert text(plant, name) == "hi from the code and\n3\n"
    assert yaml.safe_load(str(plant.ml.jobs.get(name)))["component"] == "azureml:talk:1"


@pytest.mark.usefixtures("talk")
def test_sdk_v1_sees_its_steps_and_publishes_them(plant: Plant) -> None:
    name, ws = done(plant, load_job(io.StringIO(JOB))), Workspace.of(plant.ml)
    ran = PipelineRun.get(ws, name)
    assert [node.name for node in ran.get_graph().nodes] == ["first", "last"]
    kept = ran.publish_pipeline("talk-again", "d", None)
    again = PublishedPipeline.get(ws, kept.id).submit(ws, "e", {"word": "published"}, regenerate_outputs=True)
    assert again.wait_for_completion(show_output=False) == "Completed"
    assert text(plant, again.id) == "published from the code \n2\n"


@pytest.fixture
def aml(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    def typed(*words: str) -> tuple[int, str]:
        capsys.readouterr()
        code = run(list(words))
        out, err = capsys.readouterr()
        return code, out + err

    return typed


@pytest.mark.usefixtures("talk")
def test_aml_creates_it_and_says_what_it_does_not_take(
    plant: Plant, tmp_path: Path, aml: Callable[..., tuple[int, str]]
) -> None:
    (tmp_path / "job.yml").write_text(JOB)
    file = ("-f", str(tmp_path / "job.yml"))
    code, said = aml("job", "create", *file, "--set", "inputs.wrod=hi")
    assert (code, "inputs.wrod: unknown. Did you mean 'word'" in said) == (1, True), said
    code, said = aml("job", "create", *file, "--set", "component=azureml:tlak", "inputs.times=2")
    assert (code, "Did you mean 'talk'" in said) == (3, True), said
    code, said = aml("job", "create", *file, "--set", "inputs.word=hi", "--stream")
    assert code == 0, said
    assert text(plant, "shown") == "hi from the code \n2\n"
    code, said = aml("job", "show", "-n", "shown")
    shown = json.loads(said)
    assert (shown["component"], shown["jobs"], shown["inputs"]["word"]) == ("azureml:talk:1", {}, "hi")
    (tmp_path / "job.yml").write_text(said)
    assert aml("job", "create", *file, "--set", "name=once_more")[0] == 0

"""A pipeline component that was downloaded, taken elsewhere and run there: its own folder is all that it needs."""

import shutil
from pathlib import Path

from jupyter_aml import load_component
from jupyter_aml.dsl import pipeline
from tests.conftest import AWKWARD
from tests.journeys.pipeline.conftest import Plant

STEP = """\
$schema: https://azuremlschemas.azureedge.net/latest/commandComponent.schema.json
type: command
name: say
version: 1
code: ./src
command: bash say.sh ${{inputs.word}} ${{outputs.said}}
environment: azureml:AzureML-sklearn-1.5@latest
inputs: {word: {type: string}}
outputs: {said: {type: uri_folder}}
"""
WHOLE = """\
$schema: https://azuremlschemas.azureedge.net/latest/pipelineComponent.schema.json
type: pipeline
name: talk
version: 1
inputs: {word: {type: string, default: hello}}
outputs: {said: {type: uri_folder}}
jobs:
  by_file:
    type: command
    component: ./step.yml
    inputs: {word: "${{parent.inputs.word}}"}
    outputs: {said: "${{parent.outputs.said}}"}
  by_name:
    type: command
    component: azureml:say:1
    inputs: {word: again}
"""


def test_it_runs_from_its_folder_wherever_that_is(plant: Plant, tmp_path: Path) -> None:
    source = tmp_path / "source"
    (source / "src").mkdir(parents=True)
    (source / "src" / "say.sh").write_text('echo "$1 from the code" > "$2/said.txt"')
    (source / "step.yml").write_text(STEP)
    (source / "whole.yml").write_text(WHOLE)
    plant.ml.components.create_or_update(load_component(source / "step.yml"))
    plant.ml.components.create_or_update(load_component(source / "whole.yml"))
    plant.ml.components.download("talk", tmp_path / "got", version=1)
    shutil.rmtree(source)
    place = (tmp_path / "got" / "talk").rename(tmp_path / f"{AWKWARD} elsewhere")
    talk = load_component(place / "component_spec.yaml")

    @pipeline(default_compute="serverless", force_rerun=True)
    def outer(word):  # noqa: ANN001, ANN202 - as people write it
        inner = talk(word=word)
        return {"said": inner.outputs.said}

    job = plant.ml.jobs.create_or_update(outer(word="hi"), experiment_name="e")
    done = plant.ml.jobs.wait(str(job.name))
    assert done.status == "Completed", done.error
    assert plant.output(str(job.name), "said").joinpath("said.txt").read_text() == "hi from the code\n"
    assert {child.status for child in plant.steps(f"{job.name}_inner").values()} == {"Completed"}

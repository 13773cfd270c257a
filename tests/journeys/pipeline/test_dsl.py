"""The course's pipeline lab, line for line but for the imports: components from YAML, a function, a real cluster."""

import json
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
import yaml

from jupyter_aml import Input, load_component, load_job
from jupyter_aml.constants import AssetTypes
from jupyter_aml.dsl import pipeline
from jupyter_aml.entities import AmlCompute, Data
from jupyter_aml.exceptions import ResourceNotFoundError, UserErrorException, ValidationException
from tests.journeys.pipeline.conftest import Plant

PREP_YML = """\
$schema: https://azuremlschemas.azureedge.net/latest/commandComponent.schema.json
name: prep_data
display_name: Prepare training data
version: 1
type: command
inputs:
  input_data:
    type: uri_file
outputs:
  output_data:
    type: uri_folder
code: ./src
environment: azureml:AzureML-sklearn-1.5@latest
command: >-
  python prep-data.py
  --input_data ${{inputs.input_data}}
  --output_data ${{outputs.output_data}}
"""
PREP_PY = """
import argparse, csv, pathlib
parser = argparse.ArgumentParser()
parser.add_argument("--input_data")
parser.add_argument("--output_data")
args = parser.parse_args()
rows = [row for row in csv.reader(open(args.input_data)) if all(row)]
with (pathlib.Path(args.output_data) / "diabetes.csv").open("w", newline="") as file:
    csv.writer(file).writerows(rows)
"""
TRAIN_YML = """\
$schema: https://azuremlschemas.azureedge.net/latest/commandComponent.schema.json
name: train_model
display_name: Train a decision tree
version: 1
type: command
inputs:
  training_data:
    type: uri_folder
  reg_rate:
    type: number
    default: 0.01
    min: 0
outputs:
  model_output:
    type: mlflow_model
code: ./train
environment: azureml:AzureML-sklearn-1.5@latest
command: >-
  python train-model.py
  --training_data ${{inputs.training_data}}
  --reg_rate ${{inputs.reg_rate}}
  --model_output ${{outputs.model_output}}
"""
TRAIN_PY = """
import argparse, csv, json, pathlib
parser = argparse.ArgumentParser()
parser.add_argument("--training_data")
parser.add_argument("--reg_rate", type=float)
parser.add_argument("--model_output")
args = parser.parse_args()
rows = list(csv.DictReader(open(next(pathlib.Path(args.training_data).glob("*.csv")))))
ill = [row for row in rows if row["Diabetic"] == "1"]
model = {"prior": len(ill) / len(rows), "rate": args.reg_rate, "rows": len(rows)}
(pathlib.Path(args.model_output) / "model.json").write_text(json.dumps(model))
print("Trained on", len(rows), "rows")
"""


@pytest.fixture
def lab(plant: Plant) -> Path:
    """The lab's folder: two YAMLs with their code, the data as an asset, the cluster."""
    folder = plant.home.parent / "lab"
    (folder / "src").mkdir(parents=True)
    (folder / "train").mkdir()
    for name, text in {
        "prep-data.yml": PREP_YML, "src/prep-data.py": PREP_PY, "train-model.yml": TRAIN_YML,
        "train/train-model.py": TRAIN_PY, "diabetes.csv": "Age,Diabetic\n21,0\n,1\n50,1\n43,1\n30,0\n",
    }.items():  # fmt: skip
        (folder / name).write_text(dedent(text))
    data = Data(path=str(folder / "diabetes.csv"), type=AssetTypes.URI_FILE, name="diabetes-data", version="1")
    plant.ml.data.create_or_update(data)
    plant.ml.compute.begin_create_or_update(AmlCompute(name="aml-cluster", min_instances=0, max_instances=2)).result()
    return folder


def built(lab: Path, *, clean: Any = None, rate: float = 0.5) -> Any:
    """The lab's cell."""
    prep_data = clean or load_component(source=str(lab / "prep-data.yml"))
    train_decision_tree = load_component(source=lab / "train-model.yml")

    @pipeline()
    def diabetes_classification(pipeline_job_input, rate):  # noqa: ANN001, ANN202 - as the course writes it
        """Clean, then train."""
        clean_data = prep_data(input_data=pipeline_job_input)
        train_model = train_decision_tree(training_data=clean_data.outputs.output_data, reg_rate=rate)
        return {
            "pipeline_job_transformed_data": clean_data.outputs.output_data,
            "pipeline_job_trained_model": train_model.outputs.model_output,
        }

    pipeline_job: Any = diabetes_classification(Input(type=AssetTypes.URI_FILE, path="azureml:diabetes-data:1"), rate)
    pipeline_job.outputs.pipeline_job_transformed_data.mode = "upload"
    pipeline_job.outputs.pipeline_job_trained_model.mode = "upload"
    pipeline_job.settings.default_compute = "aml-cluster"
    pipeline_job.settings.default_datastore = "workspaceblobstore"
    return pipeline_job


def ran(plant: Plant, draft: Any) -> str:
    submitted = plant.ml.jobs.create_or_update(draft, experiment_name="pipeline_job")
    plant.until_finished(submitted.name or "")
    job = plant.get(submitted.name or "")
    assert job.status == "Completed", job.error
    return str(job.name)


def test_the_labs_pipeline_runs_on_its_cluster_and_leaves_its_outputs(plant: Plant, lab: Path, tmp_path: Path) -> None:
    name = ran(plant, built(lab))
    done = plant.ml.jobs.get(name)
    assert (done.type, done.experiment_name, done.status) == ("pipeline", "pipeline_job", "Completed")
    assert plant.output(name, "pipeline_job_transformed_data").joinpath("diabetes.csv").read_text().count("\n") == 5
    model = json.loads((plant.output(name, "pipeline_job_trained_model") / "model.json").read_text())
    assert model == {"prior": 0.5, "rate": 0.5, "rows": 4}
    steps = {step: plant.ml.jobs.get(child.name) for step, child in plant.steps(name).items()}
    assert {step: (job.compute, job.display_name) for step, job in steps.items()} == {
        "clean_data": ("aml-cluster", "clean_data"), "train_model": ("aml-cluster", "train_model"),
    }  # fmt: skip
    plant.ml.jobs.download(name, download_path=tmp_path, output_name="pipeline_job_trained_model")
    assert (tmp_path / "named-outputs" / "pipeline_job_trained_model" / "model.json").exists()
    plant.ml.jobs.download(f"{name}_train_model", download_path=tmp_path, all=True)
    assert "Trained on 4 rows" in (tmp_path / "artifacts" / "user_logs" / "std_log.txt").read_text()


def test_a_second_submit_takes_both_steps_and_another_rate_only_the_first(plant: Plant, lab: Path) -> None:
    first = ran(plant, built(lab))
    assert plant.reused(first) == set()
    again = ran(plant, built(lab))
    assert plant.reused(again) == {"clean_data", "train_model"}
    assert plant.output(again, "pipeline_job_trained_model").joinpath("model.json").exists()
    assert plant.reused(ran(plant, built(lab, rate=0.25))) == {"clean_data"}


def test_a_registered_component_is_a_step(plant: Plant, lab: Path) -> None:
    prep = load_component(lab / "prep-data.yml")
    assert plant.ml.components.create_or_update(prep).version == "1"
    registered = plant.ml.components.get(name="prep_data", version="1")
    (lab / "src" / "prep-data.py").write_text("raise SystemExit('not what was registered')")
    name = ran(plant, built(lab, clean=registered))
    spec = plant.get(name).spec["jobs"]["clean_data"]
    assert spec["component"] == "azureml:prep_data:1"
    assert plant.ml.components.get("prep_data", label="latest").version == "1"


def test_printing_the_pipeline_gives_a_yaml_that_is_the_pipeline(plant: Plant, lab: Path) -> None:
    draft = built(lab)
    said = yaml.safe_load(str(draft))
    assert said["type"] == "pipeline"
    assert (said["display_name"], said["description"]) == ("diabetes_classification", "Clean, then train.")
    assert said["settings"]["default_compute"] == "azureml:aml-cluster"
    assert list(said["jobs"]) == ["clean_data", "train_model"]
    training = said["jobs"]["train_model"]["inputs"]["training_data"]
    assert training == {"path": "${{parent.jobs.clean_data.outputs.output_data}}"}
    assert said["outputs"]["pipeline_job_trained_model"] == {"mode": "upload", "type": "mlflow_model"}
    (lab / "pipeline.yml").write_text(str(draft))
    again = load_job(lab / "pipeline.yml")
    assert str(again) == str(draft)
    first = ran(plant, draft)
    assert plant.reused(ran(plant, again)) == set(plant.steps(first))


def test_what_a_call_cannot_mean_is_said_at_the_call(lab: Path) -> None:
    prep: Any = load_component(lab / "prep-data.yml")
    with pytest.raises(UserErrorException, match=r"inputt_data.*input_data"):
        prep(inputt_data=Input(path="azureml:diabetes-data:1"))
    draft = built(lab)
    with pytest.raises(AttributeError, match="pipeline_job_trained_model"):
        draft.outputs.pipeline_job_trained_mode.mode = "upload"


def test_a_pipelines_function_is_registered_as_the_component_that_its_steps_make(plant: Plant, lab: Path) -> None:
    prep: Any = load_component(source=lab / "prep-data.yml")
    train: Any = load_component(source=lab / "train-model.yml")

    @pipeline()
    def clean_and_train(raw, where: str, rate: float = 0.5):  # noqa: ANN001, ANN202 - as notebooks write it
        """Both steps."""
        clean = prep(input_data=raw)
        clean.compute = where
        return {"model": train(training_data=clean.outputs.output_data, reg_rate=rate).outputs.model_output}

    registered: Any = plant.ml.components.create_or_update(clean_and_train, version="3")
    assert (registered.name, registered.version, registered.description) == ("clean_and_train", "3", "Both steps.")
    assert {name: port.type for name, port in registered.inputs.items()} == {
        "raw": "uri_file", "where": "string", "rate": "number"
    }  # fmt: skip
    assert registered.inputs["rate"].default == 0.5

    @pipeline(default_compute="serverless")
    def around(raw, where):  # noqa: ANN001, ANN202 - as notebooks write it
        one = registered(raw=raw, where=where)
        other = clean_and_train(raw=raw, where="serverless")
        return {"one": one.outputs.model, "other": other.outputs.model}

    draft: Any = around(Input(type=AssetTypes.URI_FILE, path="azureml:diabetes-data:1"), "aml-cluster")
    name = ran(plant, draft)
    models = [plant.output(name, output).joinpath("model.json").read_text() for output in ("one", "other")]
    assert json.loads(models[0])["rate"] == json.loads(models[1])["rate"] == 0.5
    computes = {
        step: plant.get(plant.steps(child.name)["clean"].name).compute for step, child in plant.steps(name).items()
    }
    assert computes == {"one": "aml-cluster", "other": "serverless"}


def test_a_parameter_of_the_pipeline_names_the_compute_of_a_step(plant: Plant, lab: Path) -> None:
    prep: Any = load_component(source=lab / "prep-data.yml")

    @pipeline()
    def clean_only(raw, where="aml-cluster"):  # noqa: ANN001, ANN202 - as notebooks write it
        clean = prep(input_data=raw)
        clean.compute = where

    draft: Any = clean_only(Input(type=AssetTypes.URI_FILE, path="azureml:diabetes-data:1"))
    (lab / "pipeline.yml").write_text(str(draft))
    assert yaml.safe_load(str(draft))["jobs"]["clean"]["compute"] == "${{parent.inputs.where}}"
    again: Any = load_job(lab / "pipeline.yml")
    for each in (draft, again):
        assert plant.get(plant.steps(ran(plant, each))["clean"].name).compute == "aml-cluster"
    again.inputs["where"] = "nowhere"
    with pytest.raises(ResourceNotFoundError, match=r"jobs.clean.compute: .*nowhere"):
        plant.ml.jobs.create_or_update(again)
    again.jobs["clean"].compute = "${{parent.inputs.raw}}"
    with pytest.raises(ValidationException, match=r"jobs.clean.compute: .*has no value before the pipeline runs"):
        plant.ml.jobs.create_or_update(again)


@pytest.mark.parametrize("given", [len, lambda: 3, "train.yml"])
def test_what_is_no_component_is_refused_by_what_it_is(plant: Plant, given: Any) -> None:
    with pytest.raises(ValidationException, match=r"(?s)a component is expected; found .*load_component"):
        plant.ml.components.create_or_update(given)


def test_a_component_that_is_called_alone_is_a_job(plant: Plant, tmp_path: Path) -> None:
    (tmp_path / "say.yml").write_text(
        "name: say\ntype: command\nversion: 1\ncommand: echo ${{inputs.word}}\n"
        "inputs: {word: {type: string}}\nenvironment: azureml:AzureML-sklearn-1.5@latest\n"
    )
    say = load_component(source=tmp_path / "say.yml")
    job = plant.ml.create_or_update(say(word="hello"))
    assert plant.until_finished(str(job.name)).status == "Completed"
    assert job.inputs["word"].default == "hello"

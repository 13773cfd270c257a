"""Pipeline jobs that run a component of the workspace by its name: pinned, given what the job says, loadable again."""

import io
from pathlib import Path
from typing import Any

import pytest
import yaml

from jupyter_aml import Input, MLClient, load_job, load_schedule
from jupyter_aml.entities import CronTrigger, JobSchedule, Pipeline, PipelineJob
from jupyter_aml.entities.component import component_of
from jupyter_aml.entities.draft import DraftError
from jupyter_aml.entities.job_folder import pipeline_template
from jupyter_aml.entities.job_record import SNAPSHOT, JobRecord
from jupyter_aml.entities.node_job import job_of
from jupyter_aml.entities.pipeline_plan import PipelinePlan, plan_from_json
from jupyter_aml.exceptions import ResourceNotFoundError, UserErrorException, ValidationException
from jupyter_aml.operations import components, pipelines, schedules
from jupyter_aml.operations.run_code import code
from jupyter_aml.operations.workspaces import Workspace
from tests.unit.operations.conftest import stored

STEP = {
    "type": "command", "environment": "azureml:AzureML-sklearn-1.5@latest",
    "command": "echo ${{inputs.data}} ${{inputs.n}} ${{inputs.rate}} $[[${{inputs.note}}]]",
    "inputs": {
        "data": {"type": "uri_folder"}, "n": {"type": "integer"}, "rate": {"type": "number"},
        "note": {"type": "string", "optional": True},
    },
    "outputs": {"model": {"type": "mlflow_model"}},
}  # fmt: skip
WHOLE = {
    "type": "pipeline", "name": "whole", "description": "one step",
    "inputs": {
        "raw": {"type": "uri_folder"}, "n": {"type": "integer", "min": 1, "max": 9}, "note": STEP["inputs"]["note"],
        "rate": {"type": "number", "default": 0.5}, "kind": {"type": "string", "default": "a", "enum": ["a", "b"]},
    },
    "outputs": {"model": {"type": "mlflow_model", "mode": "upload"}},
    "jobs": {"only": {
        "type": "command", "component": STEP, "outputs": {"model": "${{parent.outputs.model}}"},
        "inputs": {
            "data": "${{parent.inputs.raw}}", "n": "${{parent.inputs.n}}", "rate": "${{parent.inputs.rate}}",
            "note": "${{parent.inputs.note}}",
        },
    }},
}  # fmt: skip
JOB = "type: pipeline\nsettings: {default_compute: serverless}\n"


@pytest.fixture
def registered(ml_client: MLClient, here: Path) -> Workspace:
    """Versions 1 and 2 of a pipeline component; its first step's component besides."""
    assert here
    workspace = ml_client.workspace
    for version in ("1", "2"):
        components.create(workspace, component_of({**WHOLE, "tags": {"v": version}}), version)
    components.create(workspace, component_of({**STEP, "name": "step"}), "1")
    return workspace


def draft(reference: str = "azureml:whole:1", **more: Any) -> PipelineJob:
    fields = {"raw": Input(path="data"), "n": 3} | more.pop("inputs", {})
    return PipelineJob.of({
        "component": reference, "inputs": {name: value for name, value in fields.items() if value is not None},
        "settings": {"default_compute": "serverless"}, **more,
    })  # fmt: skip


def plan_of(workspace: Workspace, record: JobRecord) -> PipelinePlan:
    return plan_from_json(pipeline_template(workspace.folder.jobs, record.name).read_text())


# ── which version, and what it is given ──


@pytest.mark.parametrize(
    ("reference", "pinned"),
    [
        ("azureml:whole:1", "azureml:whole:1"),
        ("azureml:whole@latest", "azureml:whole:2"),
        ("azureml:whole", "azureml:whole:2"),
        ("whole:1", "azureml:whole:1"),
        ("azureml:{arm}/components/whole/versions/1", "azureml:whole:1"),
    ],
)
def test_the_version_that_it_means_is_pinned_at_submit(registered: Workspace, reference: str, pinned: str) -> None:
    record = pipelines.submit(registered, draft(reference.format(arm=registered.id.arm)))
    assert record.spec["component"] == pinned
    assert [step.name for step in plan_of(registered, record).steps] == ["only"]


def test_it_has_the_components_defaults_and_outputs_and_what_the_job_says_of_them(registered: Workspace) -> None:
    record = pipelines.submit(
        registered, draft(outputs={"model": {"path": "azureml://datastores/workspaceblobstore/paths/m"}})
    )
    assert {name: value for name, value in record.spec["inputs"].items() if name != "raw"} == {
        "n": 3, "rate": 0.5, "kind": "a",
    }  # fmt: skip
    made = {"type": "mlflow_model", "mode": "upload", "path": "azureml://datastores/workspaceblobstore/paths/m"}
    assert record.spec["outputs"] == {"model": made}
    plan = plan_of(registered, record)
    assert {name: given.value for name, given in plan.inputs.items() if name != "raw"} == {
        "n": 3, "rate": 0.5, "kind": "a",
    }  # fmt: skip
    assert set(plan.steps[0].bound) == {"data", "n", "rate"}
    assert (str(plan.inputs["raw"].type), plan.steps[0].compute) == ("uri_folder", "serverless")


def test_an_optional_input_that_is_given_reaches_the_step(registered: Workspace) -> None:
    record = pipelines.submit(registered, draft(inputs={"note": "hi", "rate": 1, "kind": "b"}))
    assert set(plan_of(registered, record).steps[0].bound) == {"data", "n", "rate", "note"}
    assert record.spec["inputs"]["note"] == "hi"


def test_compute_and_settings_are_the_jobs_as_of_any_pipeline(registered: Workspace) -> None:
    said = {"settings": {"force_rerun": True, "continue_on_step_failure": True}, "compute": "local-cluster"}
    plan = plan_of(registered, pipelines.submit(registered, draft(**said)))
    assert (plan.force_rerun, plan.continue_on_step_failure) == (True, True)
    assert plan.steps[0].compute == "local-cluster"
    with pytest.raises(ValidationException, match=r"jobs\.only\.compute: Compute not set"):
        pipelines.check(registered, draft(settings={}))


def test_its_code_is_what_was_registered_wherever_that_lay(ml_client: MLClient, here: Path) -> None:
    whole = component_of({**WHOLE, "jobs": {"only": {**WHOLE["jobs"]["only"], "component": {**STEP, "code": "src"}}}})
    kept = ml_client.components.create_or_update(whole)
    (here / "src" / "train.py").unlink()
    given: tuple[Any, ...] = (draft(), PipelineJob.of({**draft().spec(), "component": kept}), job_of(called(kept)))
    for job in given:
        record = pipelines.submit(ml_client.workspace, job)
        assert plan_of(ml_client.workspace, record).steps[0].properties[SNAPSHOT]


def called(component: Any) -> Any:
    """A step of that component, outside of a pipeline: a job of its own."""
    step = component(raw=Input(path="data"), n=3)
    step.settings.default_compute = "serverless"
    return step


# ── what is refused, before anything is kept ──

TOLD: dict[str, dict[str, Any]] = {
    "inputs.n: Required input 'n' for pipeline not provided.": {"inputs": {"n": None}},
    "inputs.n: Required input 'n' for pipeline 'mine' not provided.": {"inputs": {"n": None}, "name": "mine"},
    "inputs.rat: unknown. Did you mean 'rate'": {"inputs": {"rat": 1}},
    "outputs.modle: unknown. Did you mean 'model'": {"outputs": {"modle": None}},
    "inputs.n: an input of type integer is given 'data', which is of type uri_folder": {
        "inputs": {"n": Input(path="data")}
    },
    "inputs.n: an input of type integer is given True, which is of type boolean": {"inputs": {"n": True}},
    "inputs.n: 'x' is not of type integer": {"inputs": {"n": "x"}},
    "inputs.n: 0.5 is not of type integer": {"inputs": {"n": 0.5}},
    "inputs.n: 10 is not between 1": {"inputs": {"n": 10}},
    "inputs.kind: 'c' is none of": {"inputs": {"kind": "c"}},
    "inputs.raw: an input of type uri_folder is given 3, which is of type integer": {"inputs": {"raw": 3}},
    "inputs.raw.path: a uri_folder is expected, 'data/d.csv' is a file": {"inputs": {"raw": "data/d.csv"}},
    "inputs.raw: an input of type uri_folder is given 'data/d.csv', which is of type uri_file": {
        "inputs": {"raw": Input(type="uri_file", path="data/d.csv")}
    },
    "On_init job name only not exists in jobs.": {"settings": {"on_init": "only"}},
    "component: a pipeline has either jobs or a component, not both": {"jobs": {"a": {"component": "azureml:step:1"}}},
}


@pytest.mark.parametrize("told", TOLD)
def test_what_the_component_does_not_take_is_told_by_its_path(registered: Workspace, told: str) -> None:
    before = stored(registered)
    with pytest.raises(ValidationException) as caught:
        pipelines.submit(registered, draft(**TOLD[told]))
    assert told in str(caught.value)
    assert stored(registered) == before


def test_every_problem_is_told_at_once(registered: Workspace) -> None:
    with pytest.raises(DraftError) as caught:
        pipelines.check(registered, draft(inputs={"raw": None, "rat": 1}, outputs={"x": None}))
    assert [path for path, _ in caught.value.problems] == ["inputs.rat", "outputs.x", "inputs.raw"]


@pytest.mark.parametrize(
    ("reference", "error", "told"),
    [
        ("azureml:whloe:1", ResourceNotFoundError, r"component: Not found component with name 'whloe'.*\n.*'whole'"),
        ("azureml:whole:7", ResourceNotFoundError, r"component: Not found component 'whole' with version '7'"),
        ("azureml:whole@best", ResourceNotFoundError, "component: Asset whole with version label best"),
        ("azureml://a", ValidationException, "component: 'azureml://a' is no component's reference"),
        ("azureml://registries/r/components/whole/versions/1", UserErrorException, "component: .* is in a registry"),
        ("azureml:step:1", ValidationException, r"a pipeline component is expected, 'azureml:step:1' is of type com"),
        ("azureml:step:1", ValidationException, r"Make it a step: jobs: {run: {component: azureml:step:1}}"),
    ],
)
def test_what_is_no_pipeline_component_is_refused(
    registered: Workspace, reference: str, error: type[Exception], told: str
) -> None:
    before = stored(registered)
    with pytest.raises(error, match=told):
        pipelines.submit(registered, draft(reference))
    assert stored(registered) == before


def test_another_kind_of_component_is_refused_where_it_is_given() -> None:
    with pytest.raises(DraftError, match=r"component: a pipeline component is expected \(found command\)"):
        PipelineJob(component=component_of({**STEP, "name": "step"}))


def test_steps_that_wait_for_each_other_are_refused_wherever_they_are_kept(ml_client: MLClient) -> None:
    step = {"type": "command", "component": STEP}
    jobs = {"a": {**step, "inputs": {"data": "${{parent.jobs.b.outputs.model}}", "n": 1, "rate": 1}}}
    jobs["b"] = {**step, "inputs": {"data": "${{parent.jobs.a.outputs.model}}", "n": 1, "rate": 1}}
    components.create(ml_client.workspace, component_of({"type": "pipeline", "name": "round", "jobs": jobs}))
    with pytest.raises(DraftError, match="the steps wait for each other"):
        pipelines.check(ml_client.workspace, PipelineJob(component="azureml:round", compute="serverless"))


# ── shown, and taken again ──


def test_what_is_shown_names_the_version_and_is_loadable(registered: Workspace, ml_client: MLClient) -> None:
    record = pipelines.submit(registered, draft("azureml:whole@latest"))
    shown = ml_client.jobs._job(record)  # noqa: SLF001 - without waking a supervisor
    for text in (str(shown), code(registered, record.name).yaml, yaml.safe_dump(shown.spec())):
        assert "component: azureml:whole:2" in text
        assert "jobs:" not in text
        assert _bare(pipelines.submit(registered, _read(text)).spec) == _bare(record.spec)
    again: Any = shown
    assert _bare(pipelines.submit(registered, again()).spec) == _bare(record.spec)


def _read(text: str) -> Any:
    """The YAML under no name: one is given once."""
    fields = {name: value for name, value in yaml.safe_load(text).items() if name != "name"}
    return load_job(io.StringIO(yaml.safe_dump(fields)))


def _bare(spec: Any) -> dict[str, Any]:
    """What it does; a compute is the same by its name and by its reference."""
    settings = {name: value.removeprefix("azureml:") for name, value in spec["settings"].items()}
    kept = {name: value for name, value in spec.items() if name not in {"name", "display_name"}}
    return kept | {"settings": settings}


def test_a_later_version_does_not_change_what_a_schedule_runs(registered: Workspace, ml_client: MLClient) -> None:
    trigger = CronTrigger(expression="0 3 * * *", start_time="2099-01-01T00:00:00")
    said = JobSchedule(name="nightly", trigger=trigger, create_job=draft("azureml:whole"))
    schedules.create_or_update(registered, said)
    components.create(registered, component_of({**WHOLE, "jobs": {"other": WHOLE["jobs"]["only"]}}))
    shown = ml_client.schedules._shown(schedules.get(registered, "nightly"))  # noqa: SLF001 - as above
    text = str(shown)
    assert "component: azureml:whole:2" in text
    again: Any = load_schedule(io.StringIO(text))
    assert again.create_job.spec()["component"] == "azureml:whole:2"


def test_a_step_that_names_a_pipeline_component_is_a_job_of_its_own(registered: Workspace) -> None:
    given = {"raw": Input(path="data"), "n": 3}
    job: Any = job_of(Pipeline.of({"component": "azureml:whole:1", "inputs": given, "compute": "serverless"}))
    record = pipelines.submit(registered, job)
    assert (record.spec["component"], record.spec["inputs"]["n"]) == ("azureml:whole:1", 3)


def test_a_schedules_yaml_says_it_in_its_own_file(registered: Workspace) -> None:
    trigger = "trigger: {type: cron, expression: 0 3 * * *, start_time: '2099-01-01T00:00:00'}"
    job = "{type: pipeline, component: azureml:whole:1, inputs: {raw: {path: data}, n: 3}, compute: serverless}"
    said = load_schedule(io.StringIO(f"name: nightly\n{trigger}\ncreate_job: {job}\n"), relative_origin=Path.cwd())
    assert schedules.create_or_update(registered, said)


def test_yaml_says_it_and_overrides_it(registered: Workspace) -> None:
    text = f"{JOB}component: azureml:whole\ninputs: {{raw: {{path: data}}, n: 3}}\n"
    job: Any = load_job(io.StringIO(text), relative_origin=Path.cwd(), params_override=[{"inputs.n": 4}])
    assert pipelines.submit(registered, job).spec["inputs"]["n"] == 4

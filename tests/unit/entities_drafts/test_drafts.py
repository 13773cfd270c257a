"""What a person writes is checked where it is written, and every problem is told by its path."""

import copy
from pathlib import Path
from typing import Any

import pytest

from jupyter_aml import Input, Output, command
from jupyter_aml.entities import AmlCompute, Environment
from jupyter_aml.entities.job import Command, CommandJob, Job
from jupyter_aml.exceptions import UserErrorException, ValidationException

LOOSE: Any = {"n": 1, "none": None}  # what YAML may hold where texts are expected


def _said(caught: pytest.ExceptionInfo[ValidationException]) -> str:
    return str(caught.value)


def test_every_problem_is_told_at_once_by_its_path() -> None:
    with pytest.raises(ValidationException) as caught:
        Command.of({
            "command": "x", "comput": "c", "resources": {"instance_cuont": 1}, "environment": {"imag": "x"},
            "inputs": {"a": {"pth": "x"}, "b": {"type": "uri_fil"}}, "outputs": {"o": {"mod": "x"}},
            "distribution": {"type": "x"},
        })  # fmt: skip
    for line in (
        "comput: unknown field. Did you mean 'compute'?",
        "resources.instance_cuont: unknown field. Did you mean 'instance_count'?",
        "environment.imag: unknown field. Did you mean 'image'?",
        "inputs.a.pth: unknown field. Did you mean 'path'?",
        "inputs.b.type: 'uri_fil' is none of its values. Did you mean 'uri_file'?",
        "outputs.o.mod: unknown field. Did you mean 'mode'?",
        "distribution.type: 'x' is none of its values.",
    ):
        assert f"\n  {line}" in _said(caught)


def test_an_assignment_is_checked_like_a_construction() -> None:
    job = command(command="x", inputs={"a": 1})
    for name, value, words in (
        ("inputs", {"a": {"pth": 1}}, "inputs.a.pth: unknown field"),
        ("enviroment", "x", "enviroment: unknown field. Did you mean 'environment'?"),
        ("timeout", 5, "timeout: unknown field"),
        ("command", None, "command: "),
    ):
        with pytest.raises(ValidationException) as caught:
            setattr(job, name, value)
        assert words in _said(caught)
    assert job.command == "x"
    job.inputs = {"b": 2.5}  # pyright: ignore[reportAttributeAccessIssue] - checked and made into Inputs
    assert job.inputs["b"].type == "number"


@pytest.mark.parametrize(
    ("value", "kind"), [(True, "boolean"), (3, "integer"), (0.5, "number"), ("x", "string"), ("", "string")]
)
def test_a_literal_knows_its_type(value: object, kind: str) -> None:
    given = command(command="x", inputs={"a": value}).inputs["a"]
    assert (given.type, given.default) == (kind, value)


def test_data_has_a_path_and_a_literal_a_value() -> None:
    with pytest.raises(UserErrorException, match="default value of an input of type uri_file"):
        Input(type="uri_file", default="x")
    with pytest.raises(UserErrorException, match=r"inputs\.a: The default"):
        command(command="x", inputs={"a": {"type": "uri_file", "default": "x"}})
    with pytest.raises(ValidationException, match="integer has no path"):
        Input(type="integer", path="x")
    with pytest.raises(ValidationException, match="default: a literal is a bool, int, float or str"):
        Input.of({"type": "integer", "default": [1]})


def test_azure_checks_these_only_at_submit() -> None:
    Input(type="uri_file", path="no/such.csv", mode="nonsense")
    Input(type="integer", default=5, min=6, max=7)
    command(command="${{inputs.nothing}}", compute="no-such", environment="nothing")
    Environment(name="x")
    AmlCompute(name="c", min_instances=5, max_instances=2)


def test_an_environment_reads_its_conda_file_at_once(tmp_path: Path) -> None:
    path = tmp_path / "a b é.yml"
    path.write_text("name: é\ndependencies: [python=3.11]\n")
    expected = {"name": "é", "dependencies": ["python=3.11"]}
    assert Environment.of({"image": "x", "conda_file": str(path)}).conda_file == expected
    assert Environment.of({"image": "x", "conda_file": path}).conda_file == expected
    assert Environment(image="x", conda_file=expected).conda_file == expected
    inline = Command.of({"command": "x", "environment": {"image": "x", "conda_file": path}}).environment
    assert inline == Environment(image="x", conda_file=expected)
    with pytest.raises(ValidationException, match=r"No such file or directory: .*no\.yml"):
        Environment.of({"conda_file": "no.yml"})
    path.write_text("a: [")
    with pytest.raises(ValidationException, match="is not YAML"):
        Environment.of({"conda_file": path})
    path.write_text("- x")
    with pytest.raises(ValidationException, match="conda_file: "):
        Environment.of({"conda_file": path})


def test_a_version_is_text() -> None:
    with pytest.raises(ValidationException, match="Asset version must be a string, not type <class 'int'>"):
        Environment.of({"name": "x", "version": 1})


def test_a_cluster_takes_azures_spellings() -> None:
    cluster = AmlCompute.of(
        {"name": "c", "type": "AmlCompute", "tier": "Dedicated", "idle_time_before_scale_down": None}
    )
    assert (cluster.type, cluster.tier, cluster.idle_time_before_scale_down) == ("amlcompute", "Dedicated", None)
    with pytest.raises(ValidationException, match=r"max_instance: unknown field\. Did you mean 'max_instances'\?"):
        AmlCompute.of({"name": "c", "max_instance": 3})


def test_the_shorthands_of_command_become_fields() -> None:
    job = command(
        command="x", instance_count=2, instance_type="T", shm_size="2g", docker_args="--x", locations=["west"],
        timeout=5, job_tier="Spot", priority="Low", code=Path("src"), tags=LOOSE,
    )  # fmt: skip
    assert job.resources.model_dump(exclude_none=True) == {
        "instance_count": 2, "instance_type": "T", "shm_size": "2g", "docker_args": "--x", "locations": ["west"],
    }  # fmt: skip
    assert (job.limits.timeout, job.code, job.tags) == (5, "src", {"n": "1", "none": ""})
    assert job.queue_settings is not None
    assert (job.queue_settings.job_tier, job.queue_settings.priority) == ("Spot", "Low")


def test_the_builders_setters_change_one_thing() -> None:
    job = command(command="x", instance_count=2, instance_type="T")
    job.set_resources(instance_count=3)
    job.set_limits(timeout=9)
    job.set_queue_settings(priority="High")
    assert (job.resources.instance_count, job.resources.instance_type, job.limits.timeout) == (3, "T", 9)
    assert job.queue_settings is not None
    assert job.queue_settings.priority == "High"


def test_calling_a_builder_gives_a_copy_with_other_inputs() -> None:
    builder = command(command="x", name="mine", inputs={"a": 1, "b": 2}, tags={"t": "1"})
    copy = builder(a=5)
    copy.tags["t"] = "2"
    assert (copy.name, copy.inputs["a"].default, copy.inputs["b"].default) == (None, 5, 2)
    assert (builder.name, builder.inputs["a"].default, builder.tags) == ("mine", 1, {"t": "1"})


def _returned(**fields: object) -> Job:
    known = {
        "command": "x", "name": "mine", "id": "/subscriptions/s/jobs/mine", "status": "Completed",
        "experiment_name": "exp", "display_name": "mine", "studio_url": "file:///x",
        "services": {"Studio": {"endpoint": "file:///x", "type": "Studio"}, "vs": {"type": "vs_code"}},
        "properties": {"ContentSnapshotId": "1", "azureml.git.commit": "2", "mine": "3"},
    }  # fmt: skip
    return CommandJob.of({**known, **fields})


def test_a_returned_job_shows_azures_small_table_and_escapes_it() -> None:
    html = _returned(experiment_name="<script>alert(1)</script>", studio_url='x" onclick="y')._repr_html_()
    assert "<script>" not in html
    assert 'onclick="' not in html
    for head in ("Experiment", "Name", "Type", "Status", "Details Page"):
        assert f"<th>{head}</th>" in html


def test_services_have_an_endpoint() -> None:
    services = _returned().services
    assert services
    assert services["Studio"].endpoint == "file:///x"


def test_calling_a_returned_job_gives_a_fresh_draft() -> None:
    draft = _returned(inputs={"a": 1})(a=2)
    assert type(draft) is Command
    assert (draft.name, draft.display_name, draft.inputs["a"].default) == (None, None, 2)
    assert draft.properties == {"mine": "3"}
    assert draft.services is not None
    assert list(draft.services) == ["vs"]
    assert _returned(display_name="Shown")().display_name == "Shown"


def test_an_output_may_be_nothing_a_mapping_or_an_output() -> None:
    outputs = command(command="x", outputs={"a": None, "b": {"type": "uri_file"}, "c": Output(mode="upload")}).outputs
    assert [output.type for output in outputs.values()] == ["uri_folder", "uri_file", "uri_folder"]
    assert outputs["c"].mode == "upload"


@pytest.mark.parametrize(
    ("name", "value"), [("A=B", "x"), ("", "x"), ("A\0B", "x"), ("A", "x\0y")], ids=["=", "empty", "NUL", "NUL value"]
)
def test_a_variable_that_no_process_can_have_is_refused_by_its_path(name: str, value: str) -> None:
    with pytest.raises(ValidationException) as caught:
        command(command="x", environment_variables={"FINE": "a=b", name: value})
    assert f"\n  environment_variables.{name}: " in _said(caught)
    job = command(command="x")
    with pytest.raises(ValidationException):
        job.environment_variables = {name: value}


def test_a_stored_job_is_shown_whatever_its_variables_are() -> None:
    job = CommandJob(command="x", id="i", status="Failed", environment_variables={"A=B": "x"})
    assert job.environment_variables == {"A=B": "x"}
    with pytest.raises(ValidationException, match=r"environment_variables\.A=B: "):
        job()


def test_inputs_and_outputs_are_read_and_set_by_name() -> None:
    job = command(command="x", inputs={"rate": 0.1}, outputs={"model": Output(type="mlflow_model")})
    assert job.inputs.rate is job.inputs["rate"]
    assert job.outputs.model.type == "mlflow_model"
    job.inputs.rate = 2
    job.inputs["word"] = "a"
    assert {name: (given.type, given.default) for name, given in job.inputs.items()} == {
        "rate": ("integer", 2), "word": ("string", "a"),
    }  # fmt: skip
    del job.inputs.word
    assert job.inputs == {"rate": Input(type="integer", default=2)}
    with pytest.raises(ValidationException, match="An input must be"):
        job.inputs.rate = object()


def test_a_name_that_is_no_input_says_which_one_was_meant() -> None:
    job = command(command="x", inputs={"rate": 0.1})
    for use in (lambda: job.inputs.raet, lambda: delattr(job.inputs, "raet")):
        with pytest.raises(AttributeError, match=r"no 'raet'\. Did you mean 'rate'\?"):
            use()
    assert not hasattr(job.outputs, "rate")


def test_a_copy_of_a_job_has_named_inputs_of_its_own() -> None:
    job = command(command="x", inputs={"rate": 0.1}, outputs={"model": None})
    done = CommandJob(**{**dict(job), "id": "i", "status": "Completed"})
    for other in (job(rate=3), done(rate=3), copy.deepcopy(job(rate=3))):
        assert (other.inputs.rate.default, job.inputs.rate.default) == (3, 0.1)
        assert other.outputs.model == Output()
        assert type(other.model_dump()["inputs"]) is dict

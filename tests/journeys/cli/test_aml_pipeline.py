"""`aml job …` over pipelines, as a person at a terminal meets them: real steps, exit codes, what is printed where."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.journeys.cli.conftest import Aml

Write = Callable[..., str]
SKLEARN = "azureml:AzureML-sklearn-1.5@latest"
FIRST = {
    "type": "command", "name": "first", "command": "bash say.sh ${{inputs.word}} > ${{outputs.said}}/a", "code": "src",
    "environment": SKLEARN, "inputs": {"word": {"type": "string"}}, "outputs": {"said": {"type": "uri_folder"}},
}  # fmt: skip
SECOND = {
    "type": "command", "command": "cat ${{inputs.read}}/a | tee ${{outputs.kept}}/b", "environment": SKLEARN,
    "inputs": {"read": "${{parent.jobs.first.outputs.said}}"}, "outputs": {"kept": "${{parent.outputs.kept}}"},
}  # fmt: skip


@pytest.fixture
def pipeline_yml(home: Path) -> Write:
    """Writes a pipeline of two steps below an awkward path: a component in a file of its own, and a command."""
    folder = home.parent
    (folder / "parts" / "src").mkdir(parents=True)
    (folder / "parts" / "src" / "say.sh").write_text('echo "said: $1"')
    (folder / "parts" / "first.yml").write_text(yaml.safe_dump(FIRST))

    def write(steps: dict[str, object] | None = None, **fields: object) -> str:
        word = {"word": "${{parent.inputs.word}}"}
        made = {"first": {"type": "command", "component": "./parts/first.yml", "inputs": word}, "second": SECOND}
        pipeline = {
            "type": "pipeline", "settings": {"default_compute": "azureml:local-cluster"}, "inputs": {"word": "hello"},
            "outputs": {"kept": {"type": "uri_folder"}}, **fields, "jobs": steps or made,
        }  # fmt: skip
        (folder / "pipeline.yml").write_text(yaml.safe_dump(pipeline))
        return str(folder / "pipeline.yml")

    return write


def test_create_stream_waits_for_the_end_and_prints_the_pipeline(aml: Aml, pipeline_yml: Write) -> None:
    said = aml("job", "create", "-f", pipeline_yml(name="p", experiment_name="e"), "--stream")
    assert (said.code, said.err) == (0, ""), said
    log, _, shown = said.out.partition("Execution Summary")
    assert log.startswith("RunId: p\n")
    pipeline = json.loads(shown[shown.index("\n{") :])
    assert (pipeline["status"], pipeline["type"], pipeline["experiment_name"]) == ("Completed", "pipeline", "e")
    assert list(pipeline["jobs"]) == ["first", "second"]
    assert pipeline["jobs"]["second"]["inputs"]["read"] == "${{parent.jobs.first.outputs.said}}"
    assert pipeline["jobs"]["first"]["inputs"]["word"] == "${{parent.inputs.word}}"


def test_list_hides_the_steps_and_shows_them_under_their_parent(aml: Aml, pipeline_yml: Write) -> None:
    aml("job", "create", "-f", pipeline_yml(name="p"), "-s")
    assert [job["name"] for job in aml("job", "list").json] == ["p"]
    query = "[].[name, status, display_name]"
    lines = aml("job", "list", "-p", "p", "--query", query, "-o", "tsv").out.splitlines()
    assert lines == ["p_second\tCompleted\tsecond", "p_first\tCompleted\tfirst"]
    assert aml("job", "show", "-n", "p_second").json["properties"]["azureml.step"] == "second"
    assert "said: hello" in aml("job", "stream", "-n", "p_second").out.splitlines()


def test_download_names_one_of_its_outputs(aml: Aml, pipeline_yml: Write, tmp_path: Path) -> None:
    aml("job", "create", "-f", pipeline_yml(name="p"), "--set", "inputs.word=bye", "-s")
    said = aml("job", "download", "-n", "p", "-p", str(tmp_path / "got"), "--output-name", "kept")
    assert said.code == 0, said
    assert (tmp_path / "got/named-outputs/kept/b").read_text() == "said: bye\n"
    said = aml("job", "download", "-n", "p", "-p", str(tmp_path / "got"), "--output-name", "kepd")
    assert said.code != 0
    assert "Did you mean 'kept'?" in said.err


def test_a_second_create_takes_its_steps_from_the_first_unless_told_not_to(aml: Aml, pipeline_yml: Write) -> None:
    reused = '[].properties."azureml.isreused"'
    for name, changes, taken in (
        ("p1", (), []),
        ("p2", (), ["true", "true"]),
        ("p3", ("--set", "settings.force_rerun=true"), []),
    ):
        assert aml("job", "create", "-f", pipeline_yml(name=name), *changes, "-s").code == 0
        assert aml("job", "list", "-p", name, "--query", reused).json == taken


def test_a_step_that_fails_is_named_and_the_exit_code_is_1(aml: Aml, pipeline_yml: Write) -> None:
    bad = {"bad": {"type": "command", "command": "echo ouch; exit 7", "environment": SKLEARN}}
    said = aml("job", "create", "-f", pipeline_yml(bad, name="p", outputs={}), "--stream")
    assert said.code == 1
    assert said.err.startswith("ERROR: ")
    assert "Step 'bad' of the pipeline failed" in said.err
    assert "7" in aml("job", "stream", "-n", "p_bad").err


def test_cancel_ends_the_pipeline_and_its_steps(aml: Aml, pipeline_yml: Write) -> None:
    long = {"long": {"type": "command", "command": "sleep 600", "environment": SKLEARN}}
    aml("job", "create", "-f", pipeline_yml(long, name="long", outputs={}))
    assert aml("job", "cancel", "-n", "long").code == 0
    assert aml("job", "show", "-n", "long").json["status"] == "Canceled"
    assert {job["status"] for job in aml("job", "list", "-p", "long").json} <= {"Canceled"}


def test_validate_names_the_bad_field_by_its_path_and_stores_nothing(aml: Aml, pipeline_yml: Write) -> None:
    def first(**changes: object) -> dict[str, object]:
        return {"first": {"type": "command", "component": "./parts/first.yml", "inputs": {"word": "a"}, **changes}}

    bad = [
        (first(component="./parts/frist.yml"), ("jobs.first.component", "frist.yml", "Did you mean", "first.yml")),
        (first(component="azureml:frist:1"), ("jobs.first", "frist")),
        (first(inputs={"wrod": "a"}), ("jobs.first.inputs", "wrod", "word")),
        (first(inputs={}), ("jobs.first.inputs.word",)),
        (first(compute="azureml:local-clustr"), ("jobs.first", "Did you mean 'local-cluster'?")),
        ({"s": {**SECOND, "outputs": {"kept": {"type": "uri_folder"}}}}, ("jobs.s.inputs.read", "first")),
        (first(inputs={"word": "${{parent.inputs.wrod}}"}), ("jobs.first.inputs.word", "wrod", "word")),
        ({"first": {"type": "comand", "command": "echo"}}, ("jobs.first", "comand", "command")),
    ]
    for steps, named in bad:
        for verb in ("validate", "create"):
            said = aml("job", verb, "-f", pipeline_yml(steps, outputs={}))
            assert said.code in {1, 3}, (steps, said)
            assert said.err.startswith("ERROR: "), said.err
            assert [word for word in named if word not in said.err] == [], (steps, said.err)
            assert "Traceback" not in said.err
    assert aml("job", "validate", "-f", pipeline_yml()).json["result"] == "Succeeded"
    assert aml("job", "list").json == []

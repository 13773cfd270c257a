"""`aml job …` as a person at a terminal meets it: real jobs, exit codes, what is printed where."""

import time
from collections.abc import Callable
from pathlib import Path

import yaml

from jupyter_aml import MLClient
from jupyter_aml.entities.status import FINISHED
from tests.journeys.cli.conftest import Aml

Write = Callable[..., str]


def ended(aml: Aml, name: str) -> dict[str, object]:
    """The job once it is finished, as `aml job show` prints it."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        job = aml("job", "show", "-n", name).json
        if job["status"] in FINISHED:
            return job
    raise AssertionError(MLClient.default().facts.story(name))


def test_create_prints_the_job_as_json_with_its_nulls(aml: Aml, job_yml: Write) -> None:
    job = aml("job", "create", "-f", job_yml(experiment_name="first")).json
    assert job["experiment_name"] == "first"
    assert job["description"] is None
    assert ended(aml, job["name"])["status"] == "Completed"


def test_create_stream_prints_the_log_and_then_the_finished_job(aml: Aml, job_yml: Write) -> None:
    said = aml("job", "create", "-f", job_yml(name="streamed"), "--stream", "-o", "none")
    assert said.code == 0
    lines = said.out.splitlines()
    assert lines[0] == "RunId: streamed"
    assert "hello" in lines
    assert "Execution Summary" in lines


def test_create_stream_of_a_job_that_fails_exits_1(aml: Aml, job_yml: Write) -> None:
    said = aml("job", "create", "-f", job_yml(command="echo ouch; exit 7"), "--stream")
    assert said.code == 1
    assert said.err.startswith("ERROR: ")
    assert "7" in said.err


def test_set_changes_the_yaml_by_dotted_keys(aml: Aml, job_yml: Write) -> None:
    path = job_yml(command="echo rate=${{inputs.rate}}", inputs={"rate": 0.1})
    said = aml("job", "create", "-f", path, "--set", "inputs.rate=0.5", "--set", "tags.who=me", "-s", "-o", "none")
    assert "rate=0.5" in said.out.splitlines()
    assert aml("job", "list").json[0]["tags"] == {"who": "me"}


def test_a_name_and_an_experiment_on_the_command_line_win_over_the_yaml(aml: Aml, job_yml: Write) -> None:
    path = job_yml(name="theirs", experiment_name="theirs")
    job = aml("job", "create", "-f", path, "-n", "mine", "--experiment-name", "ours").json
    assert (job["name"], job["experiment_name"]) == ("mine", "ours")
    assert ended(aml, "mine")["status"] == "Completed"


def test_a_job_that_cannot_run_is_an_error_before_anything_is_stored(aml: Aml, job_yml: Write) -> None:
    said = aml("job", "create", "-f", job_yml(compute="azureml:local-clustr"))
    assert said.code == 3
    assert said.err.startswith("ERROR: ")
    assert "local-cluster" in said.err
    assert aml("job", "list").json == []


def test_validate_names_the_bad_field_and_stores_nothing(aml: Aml, job_yml: Write) -> None:
    said = aml("job", "validate", "-f", job_yml(comand="echo"))
    assert said.code == 1
    assert "comand" in said.err
    assert "command" in said.err
    assert aml("job", "list").json == []


def test_validate_is_quiet_about_a_good_job(aml: Aml, job_yml: Write) -> None:
    said = aml("job", "validate", "-f", job_yml())
    assert (said.code, said.err) == (0, "")
    assert said.json["result"] == "Succeeded"
    assert aml("job", "list").json == []


def test_show_of_an_unknown_job_exits_3_with_the_nearest_name(aml: Aml, job_yml: Write) -> None:
    aml("job", "create", "-f", job_yml(name="brave_bee"), "-s")
    said = aml("job", "show", "-n", "brave_be")
    assert said.code == 3
    assert said.err.startswith("ERROR: ")
    assert "Did you mean 'brave_bee'?" in said.err


def test_list_shows_the_newest_first_and_says_when_it_stops(aml: Aml, job_yml: Write) -> None:
    for name in ("one", "two", "three"):
        aml("job", "create", "-f", job_yml(name=name), "-s")
    assert [job["name"] for job in aml("job", "list").json] == ["three", "two", "one"]
    said = aml("job", "list", "-r", "2")
    assert [job["name"] for job in said.json] == ["three", "two"]
    assert said.err == "Displaying top 2 results from the list command.\n"


def test_list_filters_by_experiment_and_status(aml: Aml, job_yml: Write) -> None:
    aml("job", "create", "-f", job_yml(name="good", experiment_name="a"), "-s")
    aml("job", "create", "-f", job_yml(name="bad", experiment_name="b", command="exit 1"), "-s")
    assert [job["name"] for job in aml("job", "list", "--experiment-name", "a").json] == ["good"]
    assert [job["name"] for job in aml("job", "list", "--status", "Failed").json] == ["bad"]


def test_an_archived_job_leaves_the_list_until_it_is_restored(aml: Aml, job_yml: Write) -> None:
    aml("job", "create", "-f", job_yml(name="old"), "-s")
    assert aml("job", "archive", "-n", "old").code == 0
    assert aml("job", "list").json == []
    assert [job["name"] for job in aml("job", "list", "--archived-only").json] == ["old"]
    assert [job["name"] for job in aml("job", "list", "--include-archived").json] == ["old"]
    assert aml("job", "restore", "-n", "old").code == 0
    assert [job["name"] for job in aml("job", "list").json] == ["old"]


def test_cancel_ends_a_running_job(aml: Aml, job_yml: Write) -> None:
    aml("job", "create", "-f", job_yml(name="long", command="sleep 600"))
    assert aml("job", "cancel", "-n", "long").code == 0
    assert ended(aml, "long")["status"] == "Canceled"


def test_download_lays_the_files_out_as_azure_does(aml: Aml, job_yml: Write, tmp_path: Path) -> None:
    command = "echo made > outputs/made.txt; echo named > ${{outputs.table}}/t.csv"
    path = job_yml(name="maker", command=command, outputs={"table": {"type": "uri_folder"}})
    aml("job", "create", "-f", path, "-s")
    assert aml("job", "download", "-n", "maker", "-p", str(tmp_path / "got"), "--all").code == 0
    assert (tmp_path / "got/artifacts/outputs/made.txt").read_text() == "made\n"
    assert (tmp_path / "got/artifacts/user_logs/std_log.txt").exists()
    assert (tmp_path / "got/named-outputs/table/t.csv").read_text() == "named\n"


def test_every_output_format_shows_the_same_job(aml: Aml, job_yml: Write) -> None:
    aml("job", "create", "-f", job_yml(name="shown", experiment_name="formats"), "-s")
    as_json = aml("job", "show", "-n", "shown").json
    assert yaml.safe_load(aml("job", "show", "-n", "shown", "-o", "yaml").out) == as_json
    titles, rule, row = aml("job", "list", "-o", "table").out.splitlines()
    assert titles.split()[:3] == ["Name", "Status", "Experiment"]
    assert set(rule) == {"-", " "}
    assert row.split()[:3] == ["shown", "Completed", "formats"]
    assert aml("job", "list", "-o", "tsv").out.split("\t")[:3] == ["shown", "Completed", "formats"]
    assert aml("job", "list", "-o", "none").out == ""


def test_another_workspace_keeps_its_own_jobs(aml: Aml, job_yml: Write) -> None:
    aml("job", "create", "-f", job_yml(name="here"), "-s")
    elsewhere = ("-w", "second", "-g", "group")
    aml("job", "create", "-f", job_yml(name="there"), "-s", *elsewhere)
    assert [job["name"] for job in aml("job", "list").json] == ["here"]
    assert [job["name"] for job in aml("job", "list", *elsewhere).json] == ["there"]

"""Inputs and outputs as a job's command and environment see them."""

from pathlib import Path
from typing import Any

import pytest

from jupyter_aml.entities.launch import InputSpec, OutputSpec
from tests.contracts.executors.yard import Yard

LONG = "azureml://subscriptions/s/resourcegroups/g/workspaces/w/datastores/blob/paths/d/f.csv"


@pytest.fixture
def store(yard: Yard) -> Path:
    folder = yard.root / "store"
    (folder / "d" / "deep").mkdir(parents=True)
    (folder / "d" / "f.csv").write_text("1,2")
    (folder / "d" / "deep" / "é.csv").write_text("3")
    return folder


def printed(yard: Yard, store: Path, **spec: Any) -> str:
    inputs = {"x": InputSpec(**spec)}
    attempt, outcome = yard.run("printf %s $[[${{inputs.x}}]]", inputs=inputs, datastores={"blob": str(store)})
    return attempt.log() if outcome.exit_code == 0 else outcome.error


@pytest.mark.parametrize(
    ("type", "value", "text"),
    [
        ("boolean", True, "True"), ("boolean", False, "False"), ("boolean", "true", "True"), ("boolean", "no", "False"),
        ("integer", 3, "3"), ("integer", 3.9, "3"), ("integer", "12.0", "12"), ("integer", 2**60 + 1, str(2**60 + 1)),
        ("number", 0.1, "0.1"), ("number", 1e-9, "1e-09"), ("number", 2, "2"), ("string", "a", "a"), ("string", "", ""),
    ],
)  # fmt: skip
def test_a_literal_is_text(yard: Yard, store: Path, type: str, value: str | float, text: str) -> None:
    assert printed(yard, store, type=type, value=value) == text


def test_an_input_that_is_not_given_drops_its_block(yard: Yard, store: Path) -> None:
    assert printed(yard, store, type="string", value=None, optional=True) == ""


def test_a_literal_that_is_no_number_names_its_input(yard: Yard, store: Path) -> None:
    assert "Input 'x' is an integer and got 'many'" in printed(yard, store, type="integer", value="many")


@pytest.mark.parametrize("uri", ["azureml://datastores/blob/paths/d/f.csv", LONG])
@pytest.mark.parametrize("mode", ["", "ro_mount", "eval_mount", "rw_mount"])
def test_mounted_data_is_the_file_itself(yard: Yard, store: Path, uri: str, mode: str) -> None:
    assert printed(yard, store, type="uri_file", value=uri, mode=mode) == str(store / "d" / "f.csv")


def test_a_local_path_and_a_file_uri_are_the_same_file(yard: Yard, store: Path) -> None:
    file = store / "d" / "f.csv"
    assert printed(yard, store, type="uri_file", value=str(file)) == str(file)
    assert printed(yard, store, type="uri_file", value=file.as_uri()) == str(file)


def test_direct_data_is_the_address_itself(yard: Yard, store: Path) -> None:
    for address in ("https://example.org/f.csv", "azureml://datastores/none/paths/f"):
        assert printed(yard, store, type="uri_file", value=address, mode="direct") == address


@pytest.mark.parametrize("mode", ["download", "eval_download"])
def test_downloaded_data_is_a_copy_of_the_jobs_own(yard: Yard, store: Path, mode: str) -> None:
    inputs = {
        "file": InputSpec("uri_file", LONG, mode),
        "folder": InputSpec("uri_folder", "azureml://datastores/blob/paths/d", mode),
    }
    command = 'cat "${{inputs.file}}" && cat ${{inputs.folder}}/deep/é.csv && cd ${{inputs.folder}} && '
    command += "echo mine > f.csv && cat f.csv"
    attempt, outcome = yard.run(command, inputs=inputs, datastores={"blob": str(store)})
    assert outcome.exit_code == 0, outcome.error
    assert attempt.log() == "1,23mine\n"
    assert (store / "d" / "f.csv").read_text() == "1,2"


@pytest.mark.parametrize("end", ["true", "exit 3", "cat ${{inputs.gone}}"])
def test_downloaded_copies_leave_with_the_attempt(yard: Yard, store: Path, end: str) -> None:
    inputs = {"folder": InputSpec("uri_folder", "azureml://datastores/blob/paths/d", "download")}
    command = f"ln -s {store}/d ${{{{inputs.folder}}}}/link; chmod a-w ${{{{inputs.folder}}}}/deep; {end}"
    if "gone" in end:
        inputs["gone"] = InputSpec("uri_file", "/no/such/file", "download")
    attempt, _ = yard.run(command, inputs=inputs, datastores={"blob": str(store)})
    assert not attempt.folder.inputs.exists()
    assert (store / "d" / "deep" / "é.csv").read_text() == "3"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("azureml://datastores/blob/paths/gone.csv", "there is nothing at"),
        ("azureml://datastores/blob/paths/d", "Say type: uri_folder"),
        ("azureml://datastores/blbo/paths/d", "Did you mean 'blob'?"),
        ("azureml://datastores/blob/paths/../../etc", "leads out of datastore"),
        ("https://example.org/x.csv", "is not on this machine"),
        ("/no/such/file", "Put the data there"),
    ],
)
def test_data_that_cannot_be_used_is_refused_by_its_inputs_name(yard: Yard, store: Path, value: str, said: str) -> None:
    error = printed(yard, store, type="uri_file", value=value)
    assert error.startswith("The job could not start: Input 'x' is ")
    assert said in error


def test_outputs_exist_before_the_job_starts(yard: Yard) -> None:
    outputs = {
        "folder": OutputSpec("uri_folder", str(yard.root / "out" / "folder")),
        "file": OutputSpec("uri_file", str(yard.root / "out" / "deep" / "f.txt")),
    }
    attempt, outcome = yard.run("ls -d ${{outputs.folder}}; echo 1 > ${{outputs.file}}", outputs=outputs)
    assert outcome.exit_code == 0, outcome.error
    assert attempt.log() == f"{yard.root / 'out' / 'folder'}\n"
    assert (yard.root / "out" / "deep" / "f.txt").read_text() == "1\n"


def test_a_legacy_command_runs(yard: Yard) -> None:
    attempt, _ = yard.run("echo {inputs.x}", inputs={"x": InputSpec("string", "old")})
    assert attempt.log() == "old\n"


def test_an_undeclared_input_is_refused(yard: Yard) -> None:
    assert "does not contain 'y' referenced in command" in yard.run("echo ${{inputs.y}}")[1].error

"""Claims about inputs as they are typed: which are literals, which are data."""

from pathlib import Path

import pytest

from jupyter_aml.entities.input_output import Input
from jupyter_aml.magics import options
from jupyter_aml.magics.drafts import draft, value
from jupyter_aml.magics.parser import parse


@pytest.mark.parametrize(
    ("text", "meant"),
    [("0.1", 0.1), ("3", 3), ("1e-3", 0.001), ("True", True), ("False", False), ("adam", "adam"), ("null", "null"),
     ("[1]", "[1]"), ("a/b", "a/b"), ("", "")],
)  # fmt: skip
def test_what_does_not_look_like_a_path_is_a_literal(text: str, meant: object) -> None:
    found = value(text)
    assert (found, type(found)) == (meant, type(meant))


def test_a_path_is_data_of_the_type_that_lies_there(tmp_path: Path) -> None:
    (tmp_path / "x.csv").touch()
    assert value(str(tmp_path / "x.csv")) == Input(type="uri_file", path=str(tmp_path / "x.csv"))
    assert value(str(tmp_path)) == Input(type="uri_folder", path=str(tmp_path))
    assert value("azureml://datastores/workspaceblobstore/paths/x/") == Input(
        type="uri_folder", path="azureml://datastores/workspaceblobstore/paths/x/"
    )


def test_every_option_of_a_job_reaches_the_draft() -> None:
    line = parse(
        "--compute c --environment e@latest --experiment x --name n --display-name d --description t --input a=1 "
        "--output o --env K=V --tag g=h --timeout 9 --instance-count 2 --cold",
        options.JOB,
    )
    job = draft(line, command="echo", code="src")
    assert job.spec() == {
        "type": "command", "name": "n", "display_name": "d", "experiment_name": "x", "description": "t",
        "command": "echo", "environment": "e@latest", "code": "src", "compute": "c", "inputs": {"a": 1},
        "outputs": {"o": {"type": "uri_folder"}}, "environment_variables": {"K": "V", "JUPYTER_AML_WARM": "0"},
        "resources": {"instance_count": 2}, "limits": {"timeout": 9.0}, "tags": {"g": "h"},
    }  # fmt: skip

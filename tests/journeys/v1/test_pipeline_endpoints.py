"""Endpoints over published pipelines of SDK v1: versions under one name, submitted by code and by REST."""

import json
import socket
import struct
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from jupyter_aml.exceptions import NotAvailableError, UnsupportedFieldError, UserErrorException
from jupyter_aml.v1.core import Experiment, Workspace
from jupyter_aml.v1.core.runconfig import RunConfiguration
from jupyter_aml.v1.pipeline.core import (
    Pipeline,
    PipelineEndpoint,
    PipelineParameter,
    PipelineRun,
    PublishedPipeline,
    endpoint,
)
from jupyter_aml.v1.pipeline.steps import PythonScriptStep
from tests.journeys.engine.conftest import until

LOG = "import sys\nfrom azureml.core import Run\nRun.get_context().log('x', int(sys.argv[1]))\n"


@pytest.fixture(autouse=True)
def no_server_left() -> Iterator[None]:
    yield
    endpoint.stop()


def made(ws: Workspace, number: int = 1) -> Pipeline:
    Path("code").mkdir(exist_ok=True)
    Path("code/log.py").write_text(LOG)
    given = PipelineParameter("x", number)
    step = PythonScriptStep("log.py", "log", [given], "local-cluster", RunConfiguration(), source_directory="code")
    return Pipeline(ws, [step])


def logged(run: PipelineRun) -> Any:
    assert run.wait_for_completion(show_output=False) == "Completed"
    return run.find_step_run("log")[0].get_metrics()["x"]


def test_an_endpoint_runs_its_default_version_or_the_one_that_is_named(ws: Workspace) -> None:
    first, second = made(ws, 1).publish("first"), made(ws, 2).publish("second")
    point = PipelineEndpoint.publish(ws, "training", "trains", first)
    point.add_default(second)
    assert (point.default_version, [one.version for one in point.list_versions()]) == ("1", ["0", "1"])
    assert [one.name for one in point.list_pipelines()] == ["first", "second"]
    assert logged(point.submit("by-endpoint")) == 2
    assert logged(Experiment(ws, "by-endpoint").submit(point, tags={"by": "me"}, pipeline_version="0")) == 1
    assert logged(point.submit("by-endpoint", {"x": 7})) == 7
    assert [run.tags.get("by") for run in ws.experiments["by-endpoint"].get_runs()] == [None, "me", None]


def test_an_endpoint_is_found_changed_and_hidden(ws: Workspace) -> None:
    point = PipelineEndpoint.publish(ws, "training", "trains", made(ws))
    assert point.get_pipeline().name.startswith("training-")
    found = PipelineEndpoint.get(ws, name="training")
    assert (found.id, found.description, found.status) == (point.id, "trains", "Active")
    assert PipelineEndpoint.get(ws, id=point.id).name == "training"
    with pytest.raises(UserErrorException, match="Did you mean 'training'"):
        PipelineEndpoint.get(ws, name="trainin")
    with pytest.raises(UserErrorException, match="no other has"):
        PipelineEndpoint.publish(ws, "training", "again", made(ws))
    other = made(ws, 3).publish("other")
    for wrong in (
        lambda: point.set_default_version("1"),
        lambda: point.set_default(other),
        lambda: point.get_pipeline("9"),
    ):
        with pytest.raises(UserErrorException, match="no version"):
            wrong()
    found.add(other)
    point.set_default(other)
    assert point.get_default_version() == "1"
    point.disable()
    assert (point.status, PipelineEndpoint.list(ws), len(PipelineEndpoint.list(ws, active_only=False))) == (
        "Disabled",
        [],
        1,
    )
    with pytest.raises(UserErrorException, match="is disabled"):
        point.submit("never")
    point.archive()
    PipelineEndpoint.publish(ws, "training", "a new one", other)
    with pytest.raises(UserErrorException, match="already"):
        point.reactivate("training")
    assert point.reactivate("old").name == "old"
    assert "never" not in ws.experiments
    with pytest.raises(UserErrorException, match="no published one"):
        point.add(made(ws))  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="Did you mean 'name'"):
        PipelineEndpoint.get(ws, nam="training")


def test_a_hostile_name_is_text_on_an_endpoints_face(ws: Workspace) -> None:
    point = PipelineEndpoint.publish(ws, "<script>x</script>", None, made(ws))
    assert "<script>" not in point._repr_html_()
    assert "&lt;script&gt;" in point._repr_html_()


def ask(address: str, body: bytes, *, method: str = "POST", **headers: str) -> tuple[int, str]:
    """The code and the answer of a request, whatever it is."""
    place = urlsplit(address)
    connection = HTTPConnection(place.hostname or "", place.port, timeout=60)
    try:
        connection.request(method, place.path, body, {"Authorization": "Bearer x", **headers})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def test_an_endpoint_is_submitted_by_rest(ws: Workspace) -> None:
    point = PipelineEndpoint.publish(ws, "training", None, made(ws, 1))
    asked = {"ExperimentName": "by-rest", "RunSource": "API", "ParameterAssignments": {"x": 5}, "Tags": {"by": "rest"}}
    code, text = ask(point.endpoint, json.dumps(asked).encode())
    assert code == 200
    run = PipelineRun(ws.experiments["by-rest"], json.loads(text)["Id"])
    assert (logged(run), run.tags["by"]) == (5, "rest")
    point.disable()
    assert ask(point.endpoint, json.dumps(asked).encode())[0] == 400


@pytest.mark.parametrize(
    "body",
    [
        b"{", b"[]", b"null", b"\xff", b"[" * 100_000, b'{"ExperimentName": 1}', b'{"ExperimentName": "a b"}',
        b'{"ExperimentName": "e", "ParameterAssignments": "abc"}',
        b'{"ExperimentName": "e", "ParameterAssignments": [1]}',
        b'{"ExperimentName": "e", "ParameterAssignments": {"x": {"a": 1}}}',
        b'{"ExperimentName": "e", "ContinueRunOnStepFailure": "false"}',
        b'{"ExperimentName": "e", "RegenerateOutput": true}',
        b'{"ExperimentName": "e", "DataPathAssignments": {"a": 1}}', b'{"ExperimentName": "e", "ParentRunId": "x"}',
    ],
)  # fmt: skip
def test_a_request_that_says_something_else_is_a_bad_one(ws: Workspace, body: bytes) -> None:
    code, text = ask(made(ws).publish("one").endpoint, body)
    assert (code, json.loads(text)["error"]["code"]) == (400, "BadRequest")
    assert "Traceback" not in text
    assert ws.experiments == {}


def test_what_breaks_inside_is_told_here_and_not_outside(ws: Workspace, capfd: pytest.CaptureFixture[str]) -> None:
    kept = made(ws).publish("one")
    address = kept.endpoint
    vars(kept)["_component"] = None
    code, text = ask(address, b'{"ExperimentName": "e"}')
    assert (code, json.loads(text)["error"]["code"]) == (500, "InternalServerError")
    assert "Traceback" not in text
    assert "NoneType" not in text
    told = ""

    def is_told() -> bool:
        nonlocal told
        told += capfd.readouterr().err
        return "NoneType" in told

    until(is_told)
    assert told.startswith("Traceback")


def test_a_server_reads_no_more_than_it_wants(ws: Workspace) -> None:
    address = made(ws).publish("one").endpoint
    assert ask(address, b"", **{"Content-Length": str(1 << 30)})[0] == 413
    assert ask(address, b"", **{"Content-Length": "many"})[0] == 400
    assert ask(address, b"", **{"Content-Length": "-1"})[0] == 413
    assert ask(address, b"", method="GET")[0] == 501


def test_a_caller_that_leaves_is_no_news(ws: Workspace, capfd: pytest.CaptureFixture[str]) -> None:
    address = made(ws).publish("one").endpoint
    place = urlsplit(address)
    with socket.create_connection(("127.0.0.1", place.port or 0)) as caller:
        caller.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # leaves without a word
        caller.sendall(f"POST {place.path} HTTP/1.0\r\nHost: {place.netloc}\r\nContent-Length: 9\r\n".encode())
    assert ask(address, b"{")[0] == 400
    endpoint.stop()
    assert capfd.readouterr().err == ""


def test_nobody_beyond_this_machine_reaches_a_server(ws: Workspace) -> None:
    place = urlsplit(made(ws).publish("one").endpoint)
    assert place.hostname == "127.0.0.1"
    with socket.create_server(("127.0.0.2", place.port or 0)):  # free: the server listens on its one address only
        pass


def test_a_disabled_pipeline_is_submitted_by_nobody(ws: Workspace) -> None:
    kept = made(ws).publish("one")
    address = kept.endpoint
    kept.disable()
    with pytest.raises(UserErrorException, match="is disabled"):
        kept.submit(ws, "never")
    assert ask(address, b'{"ExperimentName": "never"}')[0] == 400
    assert "never" not in ws.experiments
    kept.enable()
    run = Experiment(ws, "again").submit(kept, tags={"by": "me"}, pipeline_parameters={"x": 4})
    assert (logged(run), run.tags["by"]) == (4, "me")


def test_what_a_published_pipeline_is_made_of_is_told(ws: Workspace, tmp_path: Path) -> None:
    kept = made(ws).publish("one", continue_on_step_failure=True)
    assert (kept.get_step_names(), kept.total_run_steps, kept.continue_on_step_failure) == (["log"], 1, True)
    kept.save(tmp_path / "kept.yml")
    assert "type: pipeline" in (tmp_path / "kept.yml").read_text()
    with pytest.raises(UnsupportedFieldError, match="parent_run_id is not available"):
        kept.submit(ws, "never", parent_run_id="x")
    with pytest.raises(TypeError, match="Did you mean 'regenerate_outputs'"):
        Experiment(ws, "never").submit(kept, regenerate_output=True)
    with pytest.raises(TypeError, match="Did you mean 'active_only'"):
        PublishedPipeline.list(ws, active=False)
    with pytest.raises(NotAvailableError, match="YAML files"):
        Pipeline.load_yaml(ws, "x.yml")

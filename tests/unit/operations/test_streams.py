"""`stream` in the words of SDK v2 (§7.7), while the log is being written."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from jupyter_aml import command
from jupyter_aml.entities.status import JobStatus
from jupyter_aml.exceptions import JobException, ResourceNotFoundError
from jupyter_aml.operations import jobs, streams
from jupyter_aml.operations.workspaces import Workspace
from jupyter_aml.store import jobs as rows


@pytest.fixture
def log(workspace: Workspace, here: Path) -> Path:
    """The log of the job 'mine', not yet written."""
    jobs.submit(workspace, command(command="echo", name="mine"))
    path = workspace.folder.artifacts("mine") / "user_logs" / "std_log.txt"
    path.parent.mkdir(parents=True)
    return path


def _end(workspace: Workspace, status: JobStatus, error: str = "") -> None:
    with workspace.database.transaction() as connection:
        rows.set_status(connection, "mine", status, error=error)


def _expected(workspace: Workspace, body: str) -> str:
    who = f"RunId: mine\nWeb View: {workspace.folder.artifacts('mine').as_uri()}\n"
    return f"{who}{body}\nExecution Summary\n=================\n{who}\n"


HEAD = "\nStreaming user_logs/std_log.txt\n===============================\n\n"


@pytest.mark.parametrize(
    ("text", "body"), [("one\ntwo\n", HEAD + "one\ntwo\n"), ("no end", HEAD + "no end\n"), ("", HEAD)]
)
def test_the_text_is_azures(workspace: Workspace, log: Path, text: str, body: str) -> None:
    log.write_text(text)
    _end(workspace, JobStatus.COMPLETED)
    assert "".join(streams.follow(workspace, "mine")) == _expected(workspace, body)


def test_a_job_that_never_wrote_has_a_summary_only(workspace: Workspace, log: Path) -> None:
    _end(workspace, JobStatus.CANCELED)
    assert "".join(streams.follow(workspace, "mine")) == _expected(workspace, "")


BUILD = "\nStreaming azureml-logs/20_image_build_log.txt\n=============================================\n\n"


def test_the_build_of_the_environment_is_told_until_the_job_has_a_log(workspace: Workspace, log: Path) -> None:
    build = log.parents[1] / "azureml-logs" / "20_image_build_log.txt"
    build.parent.mkdir()
    build.write_text("Resolved\n")
    said = streams.follow(workspace, "mine")
    assert "".join(next(said) for _ in range(3)).endswith(BUILD + "Resolved\n")
    with build.open("a") as file:
        file.write("Ready\n")
    log.write_text("hello\n")
    _end(workspace, JobStatus.COMPLETED)
    assert "".join(said).startswith("Ready\n" + HEAD + "hello\n")


def test_a_job_whose_environment_could_not_be_built_shows_why(workspace: Workspace, log: Path) -> None:
    build = log.parents[1] / "azureml-logs" / "20_image_build_log.txt"
    build.parent.mkdir()
    build.write_text("no such package\n")
    _end(workspace, JobStatus.CANCELED)
    assert "".join(streams.follow(workspace, "mine")) == _expected(workspace, BUILD + "no such package\n")


def test_a_failed_job_ends_with_azures_json(workspace: Workspace, log: Path) -> None:
    log.write_text("é\n")
    _end(workspace, JobStatus.FAILED, 'Execution failed.\nTraceback "é"\nValueError')
    said: list[str] = []
    with pytest.raises(JobException) as caught:
        said.extend(streams.follow(workspace, "mine"))
    assert "".join(said) == _expected(workspace, HEAD + "é\n")
    text = str(caught.value)
    assert text.startswith("Exception : \n {\n    ")
    assert text.endswith("} ")
    error = json.loads(text.removeprefix("Exception : \n "))["error"]
    assert (error["code"], error["message"]) == ("UserError", "Execution failed.")
    assert error["details"] == ['Traceback "é"', "ValueError"]


def test_a_failed_job_without_an_error_says_so(workspace: Workspace, log: Path) -> None:
    _end(workspace, JobStatus.FAILED)
    with pytest.raises(JobException, match=r"Detailed error not set on the Run\. Please check the logs for details"):
        list(streams.follow(workspace, "mine"))


def test_a_log_is_told_as_it_grows_and_characters_stay_whole(workspace: Workspace, log: Path) -> None:
    said = streams.follow(workspace, "mine")
    next(said)
    pieces = ["a€".encode()[:2], "a€".encode()[2:3], "a€".encode()[3:] + b"\xff!", b"end\n"]
    with log.open("wb", buffering=0) as file:
        file.write(pieces[0])
        assert next(said).startswith("\nStreaming")
        assert next(said) == "a"
        told: list[str] = []
        reader = threading.Thread(target=_rest, args=(workspace, said, told))
        reader.start()
        for piece in pieces[1:]:
            file.write(piece)
    _end(workspace, JobStatus.COMPLETED)
    reader.join(120)
    assert "".join(told).startswith("€\ufffd!end\n\nExecution Summary")


def _rest(workspace: Workspace, said: Iterator[str], told: list[str]) -> None:
    told.extend(said)
    workspace.database.close()


def test_a_long_log_comes_in_pieces(workspace: Workspace, log: Path) -> None:
    log.write_text("x" * 99 + "\n" + "é" * 3_000_000)
    _end(workspace, JobStatus.COMPLETED)
    said = list(streams.follow(workspace, "mine"))
    assert max(map(len, said)) <= 1 << 20
    assert "".join(said) == _expected(workspace, HEAD + log.read_text() + "\n")


def test_the_first_process_of_many_is_followed(workspace: Workspace, log: Path) -> None:
    for rank in (0, 1):
        log.with_name(f"std_log_process_{rank}.txt").write_text(f"rank {rank}\n")
    _end(workspace, JobStatus.COMPLETED)
    text = "".join(streams.follow(workspace, "mine"))
    assert "Streaming user_logs/std_log_process_0.txt\n" + "=" * 41 in text
    assert "rank 1" not in text


def test_a_missing_job_is_no_stream(workspace: Workspace) -> None:
    with pytest.raises(ResourceNotFoundError):
        next(streams.follow(workspace, "nothing"))


def test_a_wait_that_is_too_short_says_that_the_job_goes_on(workspace: Workspace, log: Path) -> None:
    with pytest.raises(TimeoutError, match="still NotStarted"):
        streams.wait(workspace, "mine", 0)
    _end(workspace, JobStatus.COMPLETED)
    assert streams.wait(workspace, "mine").status == "Completed"

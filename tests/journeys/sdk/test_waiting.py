"""Submits that wait (`JUPYTER_AML_WAIT=1`): what comes back is over; Ctrl-C ends only the waiting."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from jupyter_aml import MLClient, command
from jupyter_aml.cli.main import run
from jupyter_aml.client import waiting
from jupyter_aml.entities import AmlCompute
from jupyter_aml.entities.status import FINISHED
from jupyter_aml.exceptions import ValidationException
from tests.journeys.engine.conftest import until

ENDLESS = "touch outputs/begun; while [ ! -e outputs/go ]; do sleep 0.05; done"
SUBMIT = f"""
import sys, threading, traceback
from jupyter_aml import MLClient, command
from jupyter_aml.operations import streams

def tell(main):
    while streams.__file__ not in [frame.filename for frame in traceback.extract_stack(sys._current_frames()[main])]:
        pass
    print("waits", flush=True)

threading.Thread(target=tell, args=(threading.get_ident(),), daemon=True).start()
try:
    MLClient.default().jobs.create_or_update(command(name="endless", command="{ENDLESS}"))
except Exception as error:
    print(type(error).__name__, error)
"""


@pytest.fixture
def waits(ml_client: MLClient, monkeypatch: pytest.MonkeyPatch) -> MLClient:
    """A client in a process whose submits wait."""
    monkeypatch.setenv("JUPYTER_AML_WAIT", "1")
    return ml_client


def test_what_a_submit_gives_back_is_over(waits: MLClient) -> None:
    assert waits.jobs.create_or_update(command(command="exit 0")).status == "Completed"


@pytest.mark.parametrize(("word", "over"), [("y", True), ("Off", False)])
def test_the_switch_is_read_as_every_other(
    waits: MLClient, monkeypatch: pytest.MonkeyPatch, word: str, over: bool
) -> None:
    monkeypatch.setenv("JUPYTER_AML_WAIT", word)
    assert (waits.jobs.create_or_update(command(command="exit 0")).status == "Completed") == over


def test_a_switch_that_says_neither_is_told_before_anything_is_stored(
    waits: MLClient, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    job = waits.jobs.create_or_update(command(command="exit 0"))
    monkeypatch.setenv("JUPYTER_AML_WAIT", "maybe")
    for submit in (
        lambda: waits.jobs.create_or_update(command(command="exit 0")),
        lambda: waits.jobs.resubmit(str(job.name)),
    ):
        with pytest.raises(ValidationException, match="JUPYTER_AML_WAIT: on or off, found 'maybe'"):
            submit()
    assert [one.name for one in waits.jobs.list()] == [job.name]
    waits.compute.begin_create_or_update(AmlCompute(name="two", max_instances=2))
    assert "JUPYTER_AML_WAIT: on or off, found 'maybe'; it counts as off." in capsys.readouterr().err


def test_what_is_submitted_again_is_over_too(waits: MLClient) -> None:
    job = waits.jobs.create_or_update(command(command="exit 0"))
    assert waits.jobs.resubmit(str(job.name)).status == "Completed"


def test_a_failed_job_raises_nothing_and_one_line_tells_it(waits: MLClient, capsys: pytest.CaptureFixture[str]) -> None:
    job = waits.jobs.create_or_update(command(name="unlucky", command="exit 3"))
    assert job.status == "Failed"
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("unlucky failed. ")
    assert "3" in line


def test_a_job_does_not_wait_for_what_it_submits_itself(waits: MLClient) -> None:
    job = waits.jobs.create_or_update(command(command='echo "wait=$JUPYTER_AML_WAIT." > outputs/said'))
    assert (waits.workspace.folder.artifacts(str(job.name)) / "outputs" / "said").read_text() == "wait=.\n"


def test_a_poller_has_its_result_when_it_is_handed_over(waits: MLClient) -> None:
    assert waits.compute.begin_create_or_update(AmlCompute(name="two", max_instances=2)).done()
    assert waits.compute.begin_delete("two").done()


def test_whoever_shows_the_job_meanwhile_submits_at_once(waits: MLClient) -> None:
    with waiting.at_once():
        job = waits.jobs.create_or_update(command(command="sleep 600"))
    assert job.status not in FINISHED
    assert waits.jobs.begin_cancel(str(job.name)).done()


def test_the_command_line_waits_as_well(waits: MLClient, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "job.yml").write_text("command: exit 0\n")
    assert run(["job", "create", "-f", str(tmp_path / "job.yml"), "--query", "status"]) == 0
    assert capsys.readouterr().out == '"Completed"\n'


def test_ctrl_c_ends_the_waiting_and_not_the_job(waits: MLClient) -> None:
    submit = subprocess.Popen([sys.executable, "-c", SUBMIT], stdout=subprocess.PIPE, text=True)
    outputs = waits.workspace.folder.artifacts("endless") / "outputs"
    assert submit.stdout
    assert submit.stdout.readline() == "waits\n"
    until((outputs / "begun").exists)
    os.kill(submit.pid, signal.SIGINT)
    said = submit.communicate(timeout=120)[0]
    assert said.startswith("JobException endless goes on; only the waiting was interrupted.")
    assert "begin_cancel('endless')" in said
    until(lambda: waits.jobs.get("endless").status == "Running")
    (outputs / "go").touch()
    assert waits.jobs.wait("endless", 120).status == "Completed"

"""Jobs through the SDK with the real supervisor: the same rows from every form, streamed, canceled, run again."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from jupyter_aml import Input, MLClient, Output, command, load_job
from jupyter_aml.client.jobs import Overrides
from jupyter_aml.engine import lifecycle
from jupyter_aml.entities import AmlCompute
from jupyter_aml.entities.job import Command, Job
from jupyter_aml.entities.names import Seq
from jupyter_aml.entities.workspace import WorkspaceFolder
from jupyter_aml.exceptions import JobException, UserErrorException
from jupyter_aml.store import facts

LIMIT = 120.0
YAML = """
$schema: https://azuremlschemas.azureedge.net/latest/commandJob.schema.json
code: src
command: cat ${{inputs.data}} && echo rate=${{inputs.rate}} $GREETING && echo m > ${{outputs.model}}/m.txt
environment: azureml:sklearn-1.5@latest
compute: azureml:local-cluster
experiment_name: same
display_name: The same
inputs:
  data: {type: uri_file, path: data/d.csv}
  rate: 0.5
outputs: {model: {type: uri_folder}}
environment_variables: {GREETING: hello}
tags: {a: b}
"""


@pytest.fixture
def here(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = home.parent / "project"
    for path, text in (("src/train.py", "print('hello')\n"), ("data/d.csv", "1,2\n"), ("job.yml", YAML)):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    monkeypatch.chdir(folder)
    return folder


def by_sdk() -> Command:
    return command(
        code="./src",
        command="cat ${{inputs.data}} && echo rate=${{inputs.rate}} $GREETING && echo m > ${{outputs.model}}/m.txt",
        environment="azureml:sklearn-1.5@latest", compute="local-cluster", experiment_name="same",
        display_name="The same", inputs={"data": Input(type="uri_file", path="./data/d.csv"), "rate": 0.5},
        outputs={"model": Output(type="uri_folder")}, environment_variables={"GREETING": "hello"}, tags={"a": "b"},
    )  # fmt: skip


def by_command_line(ml_client: MLClient) -> Job:
    aml = [str(Path(sys.executable).with_name("aml")), "job", "create", "-f", "job.yml"]
    done = subprocess.run(aml, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return ml_client.jobs.get(json.loads(done.stdout)["name"])


def by_magic(ml_client: MLClient) -> Job:
    line = (
        "%%aml_job --code src --environment azureml:sklearn-1.5@latest --compute local-cluster --experiment same "
        "--display-name 'The same' --input data=./data/d.csv --input rate=0.5 --output model "
        "--env GREETING=hello --tag a=b"
    )
    shell = InteractiveShell(config=Config(HistoryManager={"enabled": False}))
    shell.run_line_magic("load_ext", "jupyter_aml")
    shell.run_cell(f"{line}\n{by_sdk().command}").raise_error()
    return ml_client.jobs.get(shell.user_ns["_aml_job"].name)


FORMS: dict[str, Callable[[MLClient], Job]] = {
    "sdk": lambda ml_client: ml_client.jobs.create_or_update(by_sdk()),
    "front door": lambda ml_client: ml_client.create_or_update(by_sdk()),
    "yaml": lambda ml_client: ml_client.jobs.create_or_update(load_job("job.yml")),
    "keywords": lambda ml_client: ml_client.jobs.create_or_update(
        load_job("job.yml", params_override=[{"experiment_name": "other", "tags.x": "y"}]),
        experiment_name="same", tags={"a": "b"}, compute="local-cluster",
    ),
    "command line": by_command_line,
    "magic": by_magic,
    "again": lambda ml_client: ml_client.jobs.create_or_update(ml_client.jobs.create_or_update(by_sdk())()),
}  # fmt: skip


def rows_of(ml_client: MLClient, name: str) -> str:
    """Everything the workspace and MLflow know of a finished job, but for its name and times."""
    workspace = ml_client.workspace
    row = dict(workspace.database.connection.execute("SELECT * FROM jobs WHERE name = ?", (name,)).fetchone())
    left_out = {"seq", "created_at", "started_at", "ended_at"}
    story = [(fact.kind, _timeless(dict(fact.body))) for fact in facts.story(workspace.database, name)]
    everything = {
        "row": {column: value for column, value in row.items() if column not in left_out},
        "story": [line for line in story if line[0] != "job.cold"],
        "tags": workspace.runs.tags(name),
        "files": sorted(file.name for file in ml_client.jobs.details(name).files),
    }
    return json.dumps(everything, sort_keys=True, indent=1).replace(name, "NAME")


def _timeless(body: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in body.items() if not isinstance(value, float)}


def test_the_same_job_in_every_form_leaves_the_same_rows(ml_client: MLClient, here: Path) -> None:
    seen: dict[str, str] = {}
    for form, make in FORMS.items():
        name = str(make(ml_client).name)
        ml_client.jobs.wait(name, LIMIT)
        seen[form] = rows_of(ml_client, name)
    assert set(seen.values()) == {seen["sdk"]}, seen
    assert '"status": "Completed"' in seen["sdk"]


def test_a_stream_prints_the_log_in_azures_words(
    ml_client: MLClient, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    job = ml_client.jobs.create_or_update(command(command="echo hé; echo to-stderr >&2"))
    ml_client.jobs.stream(str(job.name))
    who = f"RunId: {job.name}\nWeb View: {job.studio_url}\n"
    log = "\nStreaming user_logs/std_log.txt\n===============================\n\nhé\nto-stderr\n"
    assert capsys.readouterr().out == f"{who}{log}\nExecution Summary\n=================\n{who}\n"
    assert job.services is not None
    assert job.services["Studio"].endpoint == job.studio_url


def test_a_failed_job_raises_at_the_end_of_its_stream(ml_client: MLClient, here: Path) -> None:
    job = ml_client.jobs.create_or_update(command(command="echo why; exit 7"))
    with pytest.raises(JobException) as caught:
        ml_client.jobs.stream(name=str(job.name))
    error = json.loads(str(caught.value).removeprefix("Exception : \n "))["error"]
    assert error["code"] == "UserError"
    assert "exited with status code 7" in error["message"]
    ended = ml_client.jobs.get(str(job.name))
    assert (ended.status, ended.exit_code) == ("Failed", 7)


def test_cancel_ends_a_queued_and_a_running_job_and_leaves_a_finished_one(
    ml_client: MLClient, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ml_client.compute.begin_create_or_update(AmlCompute(name="one", max_instances=1)).result()
    first, second = (
        ml_client.jobs.create_or_update(command(command="echo up; exec sleep 600", compute="one", name=name))
        for name in ("running", "queued")
    )
    _until(ml_client, "running", lambda job: job.status == "Running")
    assert ml_client.jobs.get("queued").status in {"NotStarted", "Queued"}
    assert ml_client.jobs.begin_cancel(str(second.name)).result(LIMIT).status == "Canceled"
    assert ml_client.jobs.begin_cancel(str(first.name)).result(LIMIT).status == "Canceled"
    ml_client.jobs.stream("running")
    assert "Execution Summary" in capsys.readouterr().out
    done = ml_client.jobs.create_or_update(command(command="true", compute="one"))
    assert ml_client.jobs.wait(str(done.name), LIMIT).status == "Completed"
    assert ml_client.jobs.begin_cancel(str(done.name)).result(LIMIT).status == "Completed"


def _until(ml_client: MLClient, name: str, holds: Callable[[Job], bool]) -> None:
    deadline = time.monotonic() + LIMIT
    while not holds(ml_client.jobs.get(name)):
        assert time.monotonic() < deadline, ml_client.facts.story(name)
        time.sleep(0.02)


def test_a_returned_job_is_described_and_not_run_again(ml_client: MLClient, here: Path) -> None:
    job = ml_client.jobs.create_or_update(command(command="echo ${{inputs.x}}", inputs={"x": 1}, tags={"a": "1"}))
    ended = ml_client.jobs.wait(str(job.name), LIMIT)
    ended.display_name, ended.tags["b"], ended.description = "New", "2", "told"
    again = ml_client.jobs.create_or_update(ended, tags={"c": "3"})
    assert (again.name, again.status, again.display_name, again.description) == (job.name, "Completed", "New", "told")
    assert again.tags == {"a": "1", "b": "2", "c": "3"}
    assert [found.name for found in ml_client.jobs.list()] == [job.name]


def test_a_returned_job_is_not_moved(ml_client: MLClient, here: Path) -> None:
    job = ml_client.jobs.create_or_update(command(command="true", experiment_name="one"))
    ml_client.jobs.wait(str(job.name), LIMIT)
    same = ml_client.jobs.create_or_update(job, compute="azureml:serverless", experiment_name="one", tags={"a": "1"})
    assert same.tags == {"a": "1"}
    for field, moved in (
        ("compute", Overrides(compute="local-cluster")), ("experiment_name", Overrides(experiment_name="two")),
    ):  # fmt: skip
        with pytest.raises(UserErrorException, match=f"^{field}: job '{job.name}' exists, and its {field} is"):
            ml_client.jobs.create_or_update(job, **(moved | Overrides(tags={"a": "2"})))
    assert ml_client.jobs.get(str(job.name)).tags == {"a": "1"}


def test_a_returned_job_without_its_name_or_called_runs_once_more(ml_client: MLClient, here: Path) -> None:
    job = ml_client.jobs.create_or_update(command(command="echo x=${{inputs.x}}", inputs={"x": 1}, code="src"))
    called = ml_client.jobs.create_or_update(job(x=2))
    job.name = None
    nameless = ml_client.jobs.create_or_update(job)
    job.name = "renamed"
    renamed = ml_client.jobs.create_or_update(job)
    assert renamed.name == "renamed"
    said = [_log(ml_client, ml_client.jobs.wait(str(run.name), LIMIT)) for run in (called, nameless, renamed)]
    assert said == ["x=2\n", "x=1\n", "x=1\n"]
    assert len({run.name for run in ml_client.jobs.list()}) == 4


def _log(ml_client: MLClient, job: Job) -> str:
    log = ml_client.jobs.details(str(job.name)).log
    assert log is not None, job.error
    return log.text


def test_a_job_is_printed_as_yaml_that_runs_it_again(ml_client: MLClient, here: Path) -> None:
    job = ml_client.jobs.wait(str(FORMS["sdk"](ml_client).name), LIMIT)
    Path("again.yml").write_text(str(job))
    again = load_job("again.yml", params_override=[{"name": "again"}])
    assert again.inputs == job.inputs
    assert ml_client.jobs.wait(str(ml_client.jobs.create_or_update(again).name), LIMIT).status == "Completed"


STREAM = """
import sys
from jupyter_aml import MLClient
try:
    MLClient.default().jobs.stream(sys.argv[1])
except Exception as error:
    print(type(error).__name__, error)
"""


def test_ctrl_c_ends_the_stream_and_not_the_job(ml_client: MLClient, here: Path) -> None:
    job = ml_client.jobs.create_or_update(command(command="echo up; while [ ! -e outputs/go ]; do sleep 0.05; done"))
    reader = subprocess.Popen([sys.executable, "-c", STREAM, str(job.name)], stdout=subprocess.PIPE, text=True)
    assert reader.stdout
    while reader.stdout.readline() != "up\n":
        assert reader.poll() is None
    os.kill(reader.pid, signal.SIGINT)
    said = reader.communicate(timeout=LIMIT)[0]
    assert "JobException The output streaming for the run interrupted.\nBut the run is still executing" in said
    _until(ml_client, str(job.name), lambda found: found.status == "Running")
    (ml_client.workspace.folder.artifacts(str(job.name)) / "outputs" / "go").touch()
    assert ml_client.jobs.wait(str(job.name), LIMIT).status == "Completed"


@pytest.mark.parametrize("waiting", ["wait", "stream", "cancel"])
def test_whoever_waits_sees_to_it_that_a_supervisor_lives(ml_client: MLClient, here: Path, waiting: str) -> None:
    job = ml_client.jobs.create_or_update(command(command="while [ ! -e outputs/go ]; do sleep 0.05; done"))
    _until(ml_client, str(job.name), lambda found: found.status == "Running")
    folder = ml_client.workspace.folder
    killer = threading.Thread(target=_kill_supervisor_and_go, args=(folder, str(job.name), waiting != "cancel"))
    acts: dict[str, Callable[[str], object]] = {
        "wait": lambda name: ml_client.jobs.wait(name, LIMIT),
        "stream": ml_client.jobs.stream,
        "cancel": lambda name: _canceled_after(killer, ml_client, name),
    }
    if waiting != "cancel":
        killer.start()
    acts[waiting](str(job.name))
    killer.join()
    assert ml_client.jobs.get(str(job.name)).status == ("Canceled" if waiting == "cancel" else "Completed")


def _canceled_after(killer: threading.Thread, ml_client: MLClient, name: str) -> None:
    poller = ml_client.jobs.begin_cancel(name)
    killer.start()
    poller.result(LIMIT)


def _kill_supervisor_and_go(folder: WorkspaceFolder, name: str, go: bool) -> None:
    if (supervisor := lifecycle.pid(folder)) is not None:
        os.kill(supervisor, signal.SIGKILL)
    if go:
        (folder.artifacts(name) / "outputs" / "go").touch()


def test_a_named_output_is_where_azure_puts_it_and_is_downloaded(ml_client: MLClient, here: Path) -> None:
    job = ml_client.jobs.wait(str(FORMS["yaml"](ml_client).name), LIMIT)
    blobs = ml_client.workspace.folder.datastore("workspaceblobstore")
    assert (blobs / "azureml" / str(job.name) / "model" / "m.txt").read_text() == "m\n"
    ml_client.jobs.download(str(job.name), download_path=here / "got", output_name="model")
    assert [path.name for path in (here / "got" / "named-outputs" / "model").iterdir()] == ["m.txt"]


def test_facts_are_numbered_without_a_gap(ml_client: MLClient, here: Path) -> None:
    ml_client.jobs.wait(str(ml_client.jobs.create_or_update(command(command="true")).name), LIMIT)
    numbers = [fact.seq for fact in facts.since(ml_client.workspace.database, Seq(0))]
    assert numbers == list(range(1, len(numbers) + 1))

"""The driver as the command of a job: its inputs and outputs, its error, and its end when somebody cancels it."""

import os
import signal
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import pytest

from jupyter_aml import Input, Output, command
from jupyter_aml.dsl import pipeline
from jupyter_aml.entities.parallel_plan import driver_command
from jupyter_aml.entities.parallel_step import parallel_plan
from jupyter_aml.parallel import RunFunction, parallel_run_function
from tests.conftest import is_alive
from tests.contracts.executors.yard import wait_for

if TYPE_CHECKING:
    from jupyter_aml import MLClient

FILES = """
import os, pathlib, time
def init():
    pathlib.Path(os.environ["UP"]).joinpath(str(os.getpid())).touch()
def run(mini_batch):
    if os.environ.get("HANG"):
        time.sleep(600)
    if os.environ.get("FAIL"):
        raise ValueError("poisoned")
    return [f"{os.path.basename(path)} {open(path).read()}" for path in mini_batch]
"""
TABLE = """
import argparse
def init():
    global factor
    parser = argparse.ArgumentParser()
    parser.add_argument("--factor", type=int)
    factor = parser.parse_known_args()[0].factor
def run(mini_batch, context):
    mini_batch["product"] = mini_batch.amount * factor
    mini_batch["key"] = str(context.partition_key_value)
    return mini_batch
"""
BY_STORE = {"type": "mltable", "partition_keys": ["store"]}


class Ground:
    """A client, code and data."""

    def __init__(self, client: "MLClient", folder: Path) -> None:
        self.client, self.folder = client, folder
        for name in ("code", "data", "up"):
            folder.joinpath(name).mkdir()

    def submitted(self, script: str, step: Mapping[str, Any], **variables: str) -> str:
        """The parallel step as a plain command job; its name."""
        self.folder.joinpath("code", "score.py").write_text(script)
        whole = {
            "inputs": {"data": {"type": step.get("type", "uri_folder")}, "factor": {"type": "integer"}},
            "outputs": {"rows": {"type": "uri_file"}},
            "input_data": "${{inputs.data}}",
            "task": {
                "entry_script": "score.py",
                "program_arguments": "--factor ${{inputs.factor}}",
                "append_row_to": "${{outputs.rows}}",
            },
            "max_concurrency_per_instance": 2,
            **step,
        }
        line, needed = driver_command(parallel_plan(whole))
        job = command(
            command=line, code=self.folder / "code",
            inputs={"data": Input(type=step.get("type", "uri_folder"), path=str(self.folder / "data")), "factor": 3},
            outputs={"rows": Output(type="uri_file")},
            environment_variables={**needed, **variables, "UP": str(self.folder / "up")},
        )  # fmt: skip
        return str(self.client.jobs.create_or_update(job).name)

    def rows(self, job: str) -> list[str]:
        """What the output of a job holds."""
        self.client.jobs.download(job, download_path=self.folder / "rows", output_name="rows")
        found = [path for path in self.folder.joinpath("rows").rglob("*") if path.is_file()]
        assert len(found) == 1, found
        return found[0].read_text().splitlines()

    @property
    def workers(self) -> list[int]:
        return [int(path.name) for path in (self.folder / "up").iterdir()]


@pytest.fixture
def ground(ml_client: "MLClient", home: Path) -> Ground:
    folder = home.parent / "ground"
    folder.mkdir()
    return Ground(ml_client, folder)


def test_files_become_rows_of_a_named_output(ground: Ground) -> None:
    for number in range(9):
        ground.folder.joinpath("data", f"{number}.txt").write_text(f"text {number}")
    name = ground.submitted(FILES, {"mini_batch_size": "2"})
    job = ground.client.jobs.wait(name)
    assert job.status == "Completed", job.error
    assert ground.rows(str(job.name)) == [f"{number}.txt text {number}" for number in range(9)]
    ground.client.jobs.download(name, download_path=ground.folder / "got", all=True)
    logs = {path.relative_to(ground.folder / "got").as_posix() for path in ground.folder.joinpath("got").rglob("*.txt")}
    wanted = ("logs/job_result.txt", "logs/job_progress_overview.0.txt", "logs/user/stdout/0/process000.stdout.txt")
    assert all(any(found.endswith(log) for found in logs) for log in wanted), logs


def test_a_step_of_a_pipeline_hands_its_rows_on(ground: Ground) -> None:
    for number in range(5):
        ground.folder.joinpath("data", f"{number}.txt").write_text(str(number))
    ground.folder.joinpath("code", "score.py").write_text(FILES)
    score = parallel_run_function(
        inputs={"data": Input(type="uri_folder")}, outputs={"rows": Output(type="uri_file")},
        input_data="${{inputs.data}}", mini_batch_size="2", max_concurrency_per_instance=2,
        task=RunFunction(code=str(ground.folder / "code"), entry_script="score.py", append_row_to="${{outputs.rows}}"),
        environment_variables={"UP": str(ground.folder / "up")},
    )  # fmt: skip

    @pipeline(default_compute="local-cluster")
    def scored(data: Input) -> object:
        step = score(data=data)
        return {"rows": step.outputs.rows}

    job = ground.client.jobs.create_or_update(scored(data=Input(type="uri_folder", path=str(ground.folder / "data"))))
    ended = ground.client.jobs.wait(str(job.name))
    assert ended.status == "Completed", ended.error
    assert ground.rows(str(job.name)) == [f"{number}.txt {number}" for number in range(5)]


def test_rows_of_a_table_come_as_data_frames_by_their_keys(ground: Ground) -> None:
    data = ground.folder / "data"
    data.joinpath("rows.csv").write_text("store,amount\n1,10\n2,20\n1,30\n")
    data.joinpath("MLTable").write_text(
        "paths:\n  - file: ./rows.csv\ntransformations:\n  - read_delimited:\n      delimiter: ','\n"
    )
    job = ground.client.jobs.wait(ground.submitted(TABLE, {**BY_STORE, "max_concurrency_per_instance": 1}))
    assert job.status == "Completed", job.error
    assert ground.rows(str(job.name)) == [
        "1 10 30 \"{'store': 1}\"",
        "1 30 90 \"{'store': 1}\"",
        "2 20 60 \"{'store': 2}\"",
    ]


def test_the_error_of_the_job_says_which_threshold_was_passed(ground: Ground) -> None:
    ground.folder.joinpath("data", "one.txt").write_text("1")
    step = {"mini_batch_error_threshold": 0, "retry_settings": {"max_retries": 1, "timeout": 60}}
    job = ground.client.jobs.wait(ground.submitted(FILES, step, FAIL="1"))
    assert job.status == "Failed"
    assert "1 mini-batch failed, more than the 0 that mini_batch_error_threshold allows" in job.error
    assert "ValueError: poisoned" in job.error


def test_a_canceled_step_leaves_no_process(ground: Ground) -> None:
    for number in range(4):
        ground.folder.joinpath("data", f"{number}.txt").write_text("1")
    name = ground.submitted(FILES, {}, HANG="1")
    wait_for(lambda: len(ground.workers) == 2)
    drivers = {psutil.Process(pid).ppid() for pid in ground.workers}
    ground.client.jobs.begin_cancel(name).result()
    assert ground.client.jobs.wait(name).status == "Canceled"
    assert not any(is_alive(pid) for pid in {*ground.workers, *drivers})


def test_workers_do_not_outlive_a_driver_that_is_killed(ground: Ground) -> None:
    ground.folder.joinpath("data", "0.txt").write_text("1")
    name = ground.submitted(FILES, {}, HANG="1")
    wait_for(lambda: ground.workers)
    os.kill(psutil.Process(ground.workers[0]).ppid(), signal.SIGKILL)
    assert ground.client.jobs.wait(name).status == "Failed"
    assert not is_alive(ground.workers[0])

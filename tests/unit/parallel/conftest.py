"""A parallel step to run: its code, its data, and the driver on them as a process. It makes no claim."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from jupyter_aml.entities.parallel_plan import PLAN, ParallelPlan

AWKWARD = "a b 'c\" ;é"
HEAD = """
import os, sys, time, signal, pathlib
NOTES = pathlib.Path(os.environ["NOTES"])
def note(name, text=""):
    with NOTES.joinpath(name).open("a") as stream:
        stream.write(f"{os.getpid()} {text}\\n")
def noted(name):
    path = NOTES / name
    return path.read_text().splitlines() if path.exists() else []
def init():
    note("init")
def name_of(path):
    return os.path.basename(path)
"""


@dataclass(frozen=True)
class Ended:
    """A step that is over."""

    exit_code: int
    printed: str
    folder: Path

    @property
    def rows(self) -> list[str]:
        return (self.folder / "out" / "rows.txt").read_text().splitlines()

    @property
    def error(self) -> str:
        return (self.folder / "attempt" / "error").read_text()

    @property
    def result(self) -> str:
        return self.log("job_result.txt")

    def log(self, name: str) -> str:
        return (self.folder / "logs" / name).read_text()

    def notes(self, name: str) -> list[str]:
        """What workers noted under a name, without their pids."""
        path = self.folder / "notes" / name
        return [line.partition(" ")[2] for line in path.read_text().splitlines()] if path.exists() else []

    def pids(self, name: str) -> list[int]:
        lines = (self.folder / "notes" / name).read_text().splitlines()
        return [int(line.partition(" ")[0]) for line in lines]


@dataclass(frozen=True)
class Step:
    """What is prepared for a step below `folder`."""

    folder: Path

    def prepare(self, script: str, files: int | Mapping[str, str] = 4) -> None:
        """The entry script with helpers before it, and so many files."""
        for name in ("code", "data", "out", "attempt", "notes", "logs"):
            self.folder.joinpath(name).mkdir()
        self.folder.joinpath("code", "score.py").write_text(HEAD + script)
        texts = {f"f{n:03d}": str(n) for n in range(files)} if isinstance(files, int) else files
        for name, text in texts.items():
            self.folder.joinpath("data", name).write_text(text)

    def start(self, *words: str, **plan: Any) -> "subprocess.Popen[str]":
        """The driver, as the job's process."""
        given = {"output": "rows", "output_type": "uri_file", "workers_per_node": 2, **plan}
        variables = {
            PLAN: ParallelPlan("score.py", "data", **given).to_json(),
            "AZURE_ML_INPUT_data": str(self.folder / "data"),
            "AZURE_ML_OUTPUT_rows": str(self.folder / "out" / "rows.txt"),
            "AZUREML_LOGDIRECTORY_PATH": str(self.folder / "logs"),
            "JUPYTER_AML_ATTEMPT": str(self.folder / "attempt"),
            "NOTES": str(self.folder / "notes"),
            "PYTHONUNBUFFERED": "1",
        }
        command = [sys.executable, "-m", "jupyter_aml.runner.parallel", *words]
        return subprocess.Popen(
            command, cwd=self.folder / "code", env={**os.environ, **variables}, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip

    def run(self, script: str, *words: str, files: int | Mapping[str, str] = 4, **plan: Any) -> Ended:
        """The whole step."""
        self.prepare(script, files)
        process = self.start(*words, **plan)
        printed, _ = process.communicate(timeout=120)
        assert not list(self.folder.joinpath("attempt").glob("mini-batches-*")), "the cut table was left behind"
        return Ended(process.returncode, printed, self.folder)


@pytest.fixture
def step(tmp_path: Path) -> Step:
    """A step under an awkward name."""
    folder = tmp_path / AWKWARD
    folder.mkdir()
    return Step(folder)

"""Binder's files, as far as they go without the service: what repo2docker reads, and what it runs, is run here."""

import os
import re
import stat
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from jupyter_aml import MLClient

ROOT = Path(__file__).parents[2]
BINDER = ROOT / "binder"


def test_only_files_that_repo2docker_reads_are_there() -> None:
    assert {path.name for path in BINDER.iterdir()} == {"requirements.txt", "runtime.txt", "postBuild"}
    assert not (ROOT / ".binder").exists(), "with both folders it refuses"


def test_the_checkout_is_what_is_installed() -> None:
    """`pip install -r binder/requirements.txt` runs at the top of the checkout."""
    assert (BINDER / "requirements.txt").read_text().split("\n") == ["-e .", ""]
    assert (ROOT / "pyproject.toml").is_file()


def test_its_python_is_one_that_the_project_runs_on() -> None:
    found = re.fullmatch(r"python-3\.(\d+)\n?", (BINDER / "runtime.txt").read_text())
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]
    assert found
    assert int(found[1]) >= int(wanted.removeprefix(">=3."))


@pytest.mark.slow
def test_what_runs_after_the_build_ends_well_and_leaves_a_workspace(home: Path) -> None:
    script = BINDER / "postBuild"
    assert script.stat().st_mode & stat.S_IXUSR
    assert script.read_text().startswith("#!/bin/bash\n")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [script], cwd=ROOT, env={**os.environ, "PATH": path}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    folder = MLClient.default().workspace.folder
    assert folder.root.is_relative_to(home)
    assert folder.tracking_database.stat().st_size > 0


@pytest.mark.slow
def test_it_stops_where_something_is_missing(home: Path) -> None:
    """An image without our extension is no image: the build says so, not the first reader."""
    assert home.is_dir()
    done = subprocess.run(
        [BINDER / "postBuild"], cwd=ROOT, env={**os.environ, "PATH": "/usr/bin:/bin"}, capture_output=True, check=False
    )
    assert done.returncode != 0

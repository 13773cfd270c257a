"""What a person at a terminal waits for: a list of jobs, against the bare import of what parsing and printing take."""

import os
import subprocess
import sys
import tempfile
import time
from statistics import median

from tests.benchmarks.row import Row

TURNS = 7
LISTED = "from jupyter_aml.cli.main import run; run(['job', 'list'])"
HELPED = "from jupyter_aml.cli.main import run; run(['job', 'create', '-h'])"


def rows() -> list[Row]:
    """Every row of the command line."""
    with tempfile.TemporaryDirectory() as home:
        _spent(LISTED, home)  # the workspace comes into being, bytecode is written
        return [
            _row("aml job list", LISTED, "click, pydantic, yaml, sqlite3", 4, home),
            _row("aml job create -h", HELPED, "click", 3, home),
        ]


def _row(name: str, ours: str, libraries: str, bar: float, home: str) -> Row:
    pairs = [(_spent(ours, home), _spent(f"import {libraries}", home)) for _ in range(TURNS)]
    mine, bare = median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)
    ratio = mine / bare
    return Row(f"{name}, against import {libraries}", mine * 1e3, bare * 1e3, "ms", ratio, f"≤ {bar}", ratio <= bar)


def _spent(code: str, home: str) -> float:
    env = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    env["JUPYTER_AML_HOME"] = home
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], env=env, cwd=home, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began

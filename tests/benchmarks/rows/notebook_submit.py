"""A live kernel submits the notebook that it runs; against the bare submit of a command by the same client."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from tests.benchmarks.row import Row
from tests.benchmarks.rows.notebook import cells

BAR: Final = 0.5
CELLS: Final = (60, 200)
LIVE: Final = """
import json, os, statistics, sys, time
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
shell.run_cell("%load_ext jupyter_aml")
def seconds(act):
    began = time.perf_counter()
    act()
    return time.perf_counter() - began
def magic(line):
    found = shell.run_cell(line, store_history=True)
    found.raise_error()
live = [seconds(lambda: magic("%aml_submit_notebook --param rate=0.5")) for _ in range(8)][1:]
from jupyter_aml import MLClient, command
client = MLClient.default()
bare = [seconds(lambda: client.jobs.create_or_update(command(command="true"))) for _ in range(8)][1:]
open("took.json", "w").write(json.dumps([max(live), statistics.median(bare)]))
"""
_END: Final = """
from jupyter_aml import MLClient
jobs = MLClient.default().jobs
for job in jobs.list():
    if job.status not in ("Completed", "Failed", "Canceled"):
        jobs.begin_cancel(job.name)
"""


def rows() -> list[Row]:
    """The slowest of seven after the first, of a notebook of 60 cells and of one of 200; the view is shown."""
    return [_row(count) for count in CELLS]


def _row(count: int) -> Row:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "train.ipynb")
        sources = ["# parameters\nrate = 0.1", *cells(count - 2), "%aml_submit_notebook --param rate=0.5"]
        made = [{"cell_type": "code", "metadata": {}, "source": source} for source in sources]
        path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": made}))
        env = {**os.environ, "JUPYTER_AML_HOME": folder, "JPY_SESSION_NAME": str(path), "IPYTHONDIR": folder}
        try:
            _run(LIVE, folder, env)
            live, bare = json.loads(Path(folder, "took.json").read_text())
        finally:
            _run(_END, folder, env)
    name = f"a notebook of {count} cells submitted from within, slowest of 7; against submitting a bare command"
    return Row(name, live * 1000, bare * 1000, "ms", live / bare, f"≤ {BAR * 1000:.0f} ms", live <= BAR)


def _run(code: str, folder: str, env: dict[str, str]) -> None:
    subprocess.run([sys.executable, "-c", code], cwd=folder, env=env, capture_output=True, check=True)

"""What a saved notebook holds of a view: static HTML that needs no kernel and no network, and plain text."""

import json
import subprocess
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from jupyter_aml.widgets.run_details import RunDetails
from tests.journeys.run_view.conftest import LIMIT, ROOT, RUN
from tests.journeys.run_view.folder_source import FolderClient, FolderRuns
from tests.unit.widgets.reading import Page

FOLLOW = f"RunDetails({RUN!r}, client).show()"
DRIVE = f"""
import threading
for step in range(50):
    client.jobs.log_metric({RUN!r}, step, 1 / (step + 1))
client.jobs.end({RUN!r})
for thread in [t for t in threading.enumerate() if t.name == "aml-run-views"]:
    while thread.is_alive(): pass  # busy: the view must not need the main thread
"""


def executed(imports: str, tmp_path: Path) -> nbformat.NotebookNode:
    cells = [nbformat.v4.new_code_cell(source) for source in (imports, FOLLOW, DRIVE)]
    notebook = nbformat.v4.new_notebook(cells=cells)
    NotebookClient(
        notebook,
        timeout=int(LIMIT),
        startup_timeout=int(LIMIT),
        kernel_name="python3",
        resources={"metadata": {"path": str(tmp_path)}},
    ).execute()
    path = tmp_path / "saved.ipynb"
    nbformat.write(notebook, path)
    return nbformat.read(path, as_version=4)


def test_a_saved_notebook_holds_the_end_of_the_run_as_static_html(imports: str, tmp_path: Path) -> None:
    notebook = executed(imports, tmp_path)
    frame, body = notebook.cells[1].outputs
    shown = Page(body.data["text/html"])
    assert "Completed" in shown.text
    assert "50 points" in shown.text
    assert shown.fetched() == []
    assert {"script", "iframe", "object"} & set(shown.tags) == set()
    assert "widgets" not in notebook.metadata
    assert "Completed" in body.data["text/plain"]
    assert notebook.cells[2].outputs == []
    assert len(json.dumps(notebook.cells[1].outputs, indent=1, ensure_ascii=False).encode()) <= 60_000
    assert "type=radio" in frame.data["text/html"]


def test_a_terminal_gets_the_text_once(runs: FolderRuns, imports: str) -> None:
    runs.end(RUN)
    done = subprocess.run(
        [sys.executable, "-c", f"{imports}\n{FOLLOW}"], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.startswith(f"{RUN}\nCompleted · waited 1.0 s, ran 12 s")
    assert "<" not in done.stdout
    assert done.stderr == ""


def test_an_ipython_terminal_gets_the_text_once(runs: FolderRuns, imports: str, tmp_path: Path) -> None:
    runs.log_metric(RUN, 1, 0.5)
    command = [
        sys.executable,
        "-m",
        "IPython",
        "--ipython-dir",
        str(tmp_path),
        "--colors=nocolor",
        "-c",
        f"{imports}\n{FOLLOW}",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.stdout.count("Running · ") == 1, done.stdout + done.stderr
    assert "<article" not in done.stdout


def test_the_page_of_a_run_can_be_kept_as_a_file(runs: FolderRuns) -> None:
    runs.log_metric(RUN, 1, 0.5)
    page = RunDetails(RUN, FolderClient(runs)).to_html()
    assert "Running" in Page(page).text
    assert repr(RunDetails(RUN, FolderClient(runs))) == f"RunDetails('{RUN}')"

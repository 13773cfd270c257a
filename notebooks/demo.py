"""`make demo`: the first tutorial, headless in a real kernel; then what it left behind, by the client's word."""

import sys
import time
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from jupyter_aml import MLClient
from jupyter_aml.entities.run_details import RunTabs

TUTORIAL = Path(__file__).parent / "tutorials" / "01-first-job.ipynb"


def run(path: Path) -> nbformat.NotebookNode:
    """Execute a notebook as a person would: every cell, in order, in a kernel, in its own folder. It is not saved."""
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=600,
        kernel_name="python3",
        extra_arguments=["--log-level=ERROR"],  # ipykernel warns about its own sockets
        resources={"metadata": {"path": path.parent}},
    )
    return client.execute()


def runs_since(began: float) -> Iterator[RunTabs]:
    """What is known of each job made since then, oldest first."""
    ml_client = MLClient.default()
    every = (ml_client.jobs.details(str(job.name)) for job in ml_client.jobs.list())
    yield from reversed(list(takewhile(lambda tabs: tabs.times.created >= began, every)))


def said(tabs: RunTabs) -> str:
    """A run in a few lines: the job, its metrics, where its outputs are."""
    last = {series.key: series.points[-1].value for series in tabs.metrics}
    lines = [
        f"job      {tabs.identity.name}  {tabs.identity.status}",
        f"         {tabs.identity.display_name}, in experiment '{tabs.identity.experiment}'",
        *(f"param    {key} = {value}" for key, value in tabs.params.items()),
        *(f"metric   {key} = {value:.4f}" for key, value in last.items()),
        *(f"output   {file.name}  ({file.size:,} bytes)" for file in tabs.files),
        *(f"output   {output.name}: {output.path}" for output in tabs.outputs),
        *(f"folder   {folder.label}: {folder.path}" for folder in tabs.folders),
    ]
    return "\n".join(lines)


def main() -> int:
    """Run, then tell."""
    print(f"Running {TUTORIAL.name} in a kernel …", flush=True)
    began = time.time()
    run(TUTORIAL)
    print(f"Every cell ran, in {time.time() - began:.0f} s. What it left behind:")
    runs = list(runs_since(began))
    for tabs in runs:
        print(f"\n{said(tabs)}")
    return 0 if runs and all(tabs.identity.status == "Completed" for tabs in runs) else 1


if __name__ == "__main__":
    sys.exit(main())

"""A job in a cell that goes on until it is told to stop. Not a test; it makes no claim."""

from pathlib import Path
from typing import Final

SETUP: Final = "%load_ext jupyter_aml"
_JOB: Final = """%%aml_job --name {name} --experiment lab
import os, time, mlflow
step = 0
while not os.path.exists({flag!r}):
    mlflow.log_metric("loss", 1 / (step + 1), step=step)
    print("step", step, flush=True)
    step += 1
    time.sleep(0.1)
"""


def running(name: str, flag: Path) -> str:
    """A cell that submits a job of that name: it logs a metric and a line ten times a second until `flag` is there."""
    return _JOB.format(name=name, flag=str(flag))

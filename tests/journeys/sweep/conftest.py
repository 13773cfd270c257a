"""A workspace for sweeps, and trials that log without a library of two seconds. It makes no claim."""

import sqlite3
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jupyter_aml import MLClient, command
from jupyter_aml.entities.job import Command
from jupyter_aml.entities.job_record import ChildRecord
from jupyter_aml.entities.pipeline_job import PipelineJob
from jupyter_aml.entities.sweep import SweepJob
from jupyter_aml.entities.sweep_plan import hyperparameters
from jupyter_aml.store import jobs
from tests.journeys.engine.conftest import Site

LOGS = '''
"""Logs as MLflow does, a row a value, for trials that are to be quick."""
import os, sqlite3, time

def log(key, *values):
    db = sqlite3.connect(os.environ["TRACKING"], timeout=60, isolation_level=None)
    for value in values:
        db.execute("INSERT INTO metrics (key, value, timestamp, run_uuid, step, is_nan) VALUES (?, ?, ?, ?, 0, 0)",
                   (key, value, time.time_ns(), os.environ["AZUREML_RUN_ID"]))
        db.execute("INSERT OR REPLACE INTO latest_metrics (key, value, timestamp, step, is_nan, run_uuid) "
                   "VALUES (?, ?, ?, 0, 0, ?)", (key, value, time.time_ns(), os.environ["AZUREML_RUN_ID"]))
    db.close()
'''


class Field(Site):
    """A site where sweeps are sown."""

    def trial(self, body: str, line: str = "python trial.py", **fields: Any) -> Any:
        """A command job whose script is `body`; its arguments are x, y … as in the command."""
        code = self.home.parent / "code"
        code.mkdir(exist_ok=True)
        (code / "logs.py").write_text(LOGS)
        (code / "trial.py").write_text(f"import os, sys\nfrom logs import log\n{textwrap.dedent(body)}\n")
        around = {"TRACKING": str(self.folder.tracking_database), "SCRATCH": str(self.scratch)}
        return command(command=line, code=str(code), environment_variables=around, **fields)

    def sweep(self, draft: Command | SweepJob | PipelineJob) -> str:
        return self.ml.create_or_update(draft).name or ""

    def children(self, sweep: str) -> list[ChildRecord]:
        return jobs.children(self.database, sweep)

    def params(self, sweep: str) -> dict[str, dict[str, Any]]:
        return {child.name: hyperparameters(child.tags) for child in self.children(sweep)}

    def facts_of(self, sweep: str, kind: str) -> list[Any]:
        return [fact.body for fact in self.ml.facts.story(sweep) if fact.kind == kind]

    def diary(self, sweep: str) -> str:
        return (self.folder.artifacts(sweep) / "azureml-logs" / "hyperdrive.txt").read_text()


@pytest.fixture
def field(ml_client: MLClient, home: Path) -> Iterator[Field]:
    made = Field(ml_client, home)
    yield made
    for job in made.unfinished():
        ml_client.jobs.begin_cancel(job.name)
    made.until_all_finished()


def values(field: Field, run: str) -> list[float]:
    with sqlite3.connect(field.folder.tracking_database) as db:
        return [row[0] for row in db.execute("SELECT value FROM metrics WHERE run_uuid = ? ORDER BY rowid", (run,))]

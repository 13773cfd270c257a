"""`%aml_jobs`: which jobs, as rows of a table. Reads only."""

import time
from itertools import islice
from typing import Final

from jupyter_aml.entities.job_record import JobRecord
from jupyter_aml.entities.status import JobStatus
from jupyter_aml.exceptions import ValidationException, did_you_mean
from jupyter_aml.magics.parser import Line
from jupyter_aml.operations import jobs, names
from jupyter_aml.operations.workspaces import Workspace
from jupyter_aml.store.jobs import Filter
from jupyter_aml.widgets.jobs_table import JobRow, JobsTable

MOST: Final = 20


def table(workspace: Workspace, line: Line) -> JobsTable:
    """The jobs that the options ask for. ValidationException for a status or experiment that does not exist."""
    status, experiment = line.one("--status") or "", line.one("--experiment") or ""
    _check("--status", status, list(JobStatus))
    _check("--experiment", experiment, names.experiments(workspace))
    which = Filter(experiment, status, "", archived="--archived" in line.flags)
    most = int(line.number("--max") or MOST)
    if most < 1:
        raise ValidationException(f"--max: at least 1 is expected, found {most}.")
    return JobsTable([_row(job) for job in islice(jobs.select(workspace, which, page=most), most)])


def _check(option: str, value: str, known: list[str]) -> None:
    if value and value not in known:
        raise ValidationException(f"{option}: there is no '{value}'.", resolution=did_you_mean(value, known))


def _row(job: JobRecord) -> JobRow:
    ran = None if job.started_at is None else (job.ended_at or time.time()) - job.started_at
    return JobRow(
        job.name, job.display_name, job.experiment, job.status, job.compute, job.created_at, ran, dict(job.tags)
    )

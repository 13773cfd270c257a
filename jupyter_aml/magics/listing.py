"""`%aml_jobs`, `%aml_sweep trials`, `%aml_pipeline list` and `steps`: which jobs, as rows of a table. Reads only."""

import time
from itertools import islice
from typing import TYPE_CHECKING, Final

from jupyter_aml.entities.job_record import JobRecord
from jupyter_aml.entities.status import JobStatus
from jupyter_aml.exceptions import UserErrorException, ValidationException, did_you_mean
from jupyter_aml.magics.parser import Line
from jupyter_aml.operations import jobs, names
from jupyter_aml.operations.sweep_details import own_tags
from jupyter_aml.operations.workspaces import Workspace
from jupyter_aml.store.jobs import Filter
from jupyter_aml.verbs.value import filled
from jupyter_aml.widgets.jobs_table import JobRow, JobsTable

if TYPE_CHECKING:
    from jupyter_aml.client import MLClient
    from jupyter_aml.entities.sweep_details import JsonValue
    from jupyter_aml.widgets.listing import Listing

MOST: Final = 20


def table(workspace: Workspace, line: Line, kind: str = "") -> JobsTable:
    """The jobs that the options ask for, of one kind or all.

    ValidationException for a status or experiment that does not exist.
    """
    status, experiment = line.one("--status") or "", line.one("--experiment") or ""
    _check("--status", status, list(JobStatus))
    _check("--experiment", experiment, names.experiments(workspace))
    which = Filter(experiment, status, "", archived="--archived" in line.flags, type=kind)
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
        job.name, job.display_name, job.experiment, job.status, job.compute, job.created_at, ran, own_tags(job)
    )


def trials_table(client: "MLClient", name: str) -> "Listing":
    """The trials of a sweep, the best one first. UserErrorException when it is no sweep."""
    from jupyter_aml.entities.sweep_details import flat
    from jupyter_aml.widgets.listing import Listing

    found = client.jobs.details(name).sweep
    if found is None:
        raise UserErrorException(f"'{name}' is no sweep.", resolution=f"%aml_job show {name}")
    trials = found.best_first()
    params = [flat(trial.params) for trial in trials]
    keys = list(dict.fromkeys(key for one in params for key in one))
    rows = [
        [trial.name, str(trial.fate), *(_cell(one.get(key)) for key in keys), _cell(trial.value)]
        for trial, one in zip(trials, params, strict=True)
    ]
    return Listing("trials", trials, ["Trial", "Status", *keys, found.metric], rows)


def steps_table(client: "MLClient", name: str) -> "Listing":
    """The steps of a pipeline in the order in which they run. UserErrorException when it is no pipeline."""
    from jupyter_aml.widgets.figures import span
    from jupyter_aml.widgets.listing import Listing

    found = client.jobs.details(name).pipeline
    if found is None:
        raise UserErrorException(f"'{name}' is no pipeline.", resolution=f"%aml_job show {name}")
    rows = [
        [
            step.name,
            str(step.state),
            step.component or step.type,
            step.job,
            step.reused,
            "" if ran is None else span(ran),
        ]
        for step in found.steps
        for ran in [step.ran(time.time())]
    ]
    titles, rows = filled(["Step", "Status", "Runs", "Job", "Taken from", "Duration"], rows)
    return Listing("steps", found.steps, titles, rows)


def _cell(value: "JsonValue") -> str:
    if value is None:
        return ""
    return f"{value:.6g}" if isinstance(value, float) else str(value)

"""`job`: run code as jobs and look after them, on the command line. Each verb is one call of the client."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final

from jupyter_aml.exceptions import JobException
from jupyter_aml.verbs import drafts
from jupyter_aml.verbs.assets import view
from jupyter_aml.verbs.option import (
    ARCHIVED_ONLY,
    DESCRIPTION,
    INCLUDE_ARCHIVED,
    MAX_RESULTS,
    SET,
    TAGS,
    Option,
    name_of,
)
from jupyter_aml.verbs.table import Noun

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_aml import MLClient
    from jupyter_aml.entities.job import Job

NOUN: Final = Noun(
    "job",
    "Run code as jobs and look after them.",
    "jobs",
    absent={"connect-ssh": "there is no other machine to connect to: open a terminal on this one."},
)
COLUMNS: Final = (
    ("Name", "name"),
    ("Status", "status"),
    ("Experiment", "experiment_name"),
    ("DisplayName", "display_name"),
    ("Compute", "compute"),
    ("Created", "creation_context.created_at"),
)
PAGE: Final = 50
NAME: Final = name_of("job", "the job's name")
FILE: Final = Option("--file", "FILE", "a job's YAML", short="-f", required=True, known="file")
EXPERIMENT: Final = Option("--experiment-name", "NAME", "the experiment it belongs to", known="experiment")
STREAM: Final = Option("--stream", "", "print its log and wait for its end; exit 1 when it failed", short="-s")
WEB: Final = Option("--web", "", short="-e", hidden=True)
FIELDS: Final = (
    name_of("", "the job's name; made up when not given", required=False),
    EXPERIMENT,
)


@NOUN.verb(
    "create",
    FILE,
    SET,
    *FIELDS,
    STREAM,
    Option("--skip-validation", "", "check nothing first", hidden=True),
    WEB,
    columns=COLUMNS,
    examples=(
        "aml job create -f job.yml --stream",
        "aml job create -f job.yml --set inputs.learning_rate=0.1 --experiment-name tuning",
    ),
)
def create(ml: MLClient, *, stream: bool, web: bool, skip_validation: bool, **said: object) -> Job:
    """Run the job that a YAML file describes."""
    job = ml.jobs.create_or_update(drafts.loaded("load_job", FIELDS, said), skip_validation=skip_validation)
    _point_to(job, web=web)
    return streamed(ml, job, stream=stream)


@NOUN.verb(
    "list",
    Option("--experiment-name", "NAME", "only this experiment's", known="experiment"),
    Option("--status", "STATUS", "only those that are Running, Failed, …"),
    Option("--parent-job-name", "NAME", "only the children of this job: a sweep's trials", short="-p", known="sweep"),
    MAX_RESULTS,
    Option("--all-results", "", "all of them"),
    ARCHIVED_ONLY,
    INCLUDE_ARCHIVED,
    columns=COLUMNS,
    page=PAGE,
    examples=("aml job list -o table", "aml job list --experiment-name tuning --status Failed"),
)
def list_(ml: MLClient, *, archived_only: bool, include_archived: bool, **which: str | None) -> Iterator[Job]:
    """The newest jobs first."""
    return ml.jobs.list(list_view_type=view(only=archived_only, too=include_archived), **which)


@NOUN.verb("show", NAME, WEB, columns=COLUMNS)
def show(ml: MLClient, *, name: str, web: bool) -> Job:
    """All that is known of a job."""
    job = ml.jobs.get(name)
    _point_to(job, web=web)
    return job


@NOUN.verb(
    "update",
    NAME,
    Option("--display-name", "TEXT", "what lists show"),
    DESCRIPTION,
    TAGS,
    SET,
    columns=COLUMNS,
)
def update(ml: MLClient, *, name: str, tags: dict[str, str], **said: Any) -> Job:  # noqa: ANN401 - what was typed
    """Change what a job is called."""
    for change in drafts.sets(said):
        for key, value in change.items():
            field, _, below = key.partition(".")
            if below:
                tags[below] = str(value)
            said[field] = None if below else value
    shown = {key: said.get(key) for key in ("display_name", "description")}
    return ml.jobs.update(name, tags=tags or None, **shown)


@NOUN.verb("stream", NAME)
def stream(ml: MLClient, name: str) -> None:
    """Print a job's log until it ends; exit 1 when it failed."""
    _follow(ml, name)


@NOUN.verb("cancel", NAME)
def cancel(ml: MLClient, name: str) -> None:
    """End a job and every process it started."""
    ml.jobs.begin_cancel(name).result()


@NOUN.verb(
    "download",
    NAME,
    Option("--download-path", "DIR", "the folder to put it in: this one", short="-p"),
    Option("--output-name", "NAME", "only this named output"),
    Option("--all", "", "logs, artifacts and every named output"),
)
def download(ml: MLClient, *, name: str, download_path: str | None, output_name: str | None, all: bool) -> None:
    """Copy a finished job's logs and outputs into a folder."""
    ml.jobs.download(name, download_path=download_path or ".", output_name=output_name, all=all)


@NOUN.verb("archive", NAME)
def archive(ml: MLClient, name: str) -> None:
    """Hide a job from lists."""
    ml.jobs.archive(name)


@NOUN.verb("restore", NAME)
def restore(ml: MLClient, name: str) -> None:
    """Bring an archived job back into lists."""
    ml.jobs.restore(name)


@NOUN.verb("show-services", NAME)
def show_services(ml: MLClient, name: str) -> dict[str, object] | None:
    """A job's interactive services."""
    return ml.jobs.show_services(name)


@NOUN.verb("validate", FILE, SET)
def validate(ml: MLClient, **said: object) -> dict[str, object]:
    """Check a job's YAML and all that it refers to; nothing is stored."""
    ml.jobs.validate(drafts.loaded("load_job", (), said), raise_on_failure=True)
    return {"result": "Succeeded", "errors": []}


def streamed(ml: MLClient, job: Job, *, stream: bool) -> Job:
    """The submitted job; to `stream` it, once it has ended and its log was printed."""
    if not stream:
        return job
    submitted = str(job.name)
    _follow(ml, submitted)
    return ml.jobs.get(submitted)


def _follow(ml: MLClient, name: str) -> None:
    """The job's log; in a terminal a sweep's progress below it. On Ctrl-C a JobException, and the job goes on."""
    from jupyter_aml.widgets.progress_line import progress_line

    try:
        with progress_line(ml.jobs, name):
            ml.jobs.stream(name)
    except JobException as error:
        if not isinstance(error.__context__, KeyboardInterrupt):
            raise
        ways = f"Follow it: aml job stream -n {name}   End it: aml job cancel -n {name}"
        raise JobException(f"{name} goes on. {ways}") from None


def _point_to(job: Job, *, web: bool) -> None:
    """Say where a job can be looked at, in place of the page that `--web` opens in Azure."""
    if web:
        ways = f"aml job stream -n {job.name}, or %aml_run {job.name} in a notebook"
        sys.stderr.write(f"--web: there is no studio on this machine. To look at the job: {ways}.\n")

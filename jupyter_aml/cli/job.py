"""`aml job …`: run code as jobs and look after them. Each verb is one call of the client."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from jupyter_aml.cli.assignments import assigned
from jupyter_aml.cli.command import noun as named
from jupyter_aml.cli.command import verb
from jupyter_aml.constants import ListViewType
from jupyter_aml.exceptions import UserErrorException

if TYPE_CHECKING:
    from jupyter_aml import MLClient
    from jupyter_aml.entities.job import Command, Job

COLUMNS: Final = (
    ("Name", "name"),
    ("Status", "status"),
    ("Experiment", "experiment_name"),
    ("DisplayName", "display_name"),
    ("Compute", "compute"),
    ("Created", "creation_context.created_at"),
)
PAGE: Final = 50
CREATE: Final = (
    "aml job create -f job.yml --stream",
    "aml job create -f job.yml --set inputs.learning_rate=0.1 --experiment-name tuning",
)
LIST: Final = ("aml job list -o table", "aml job list --experiment-name tuning --status Failed")

Words = tuple[str, ...]
Function = Callable[..., object]
NAME: Final[Callable[[Function], Function]] = click.option("-n", "--name", required=True, help="The job's name.")
FILE: Final[Callable[[Function], Function]] = click.option(
    "-f", "--file", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A job's YAML."
)
SET: Final[Callable[[Function], Function]] = click.option(
    "--set", "assignments", multiple=True, metavar="KEY=VALUE", help="Change the YAML: --set limits.timeout=60."
)


noun = named("job", "Run code as jobs and look after them.")


@verb(noun, "create", columns=COLUMNS, examples=CREATE)
@FILE
@SET
@click.option("-n", "--name", help="The job's name.  [default: one is made up]")
@click.option("--experiment-name", help="The experiment it belongs to.")
@click.option("-s", "--stream", is_flag=True, help="Print its log and wait for its end; exit 1 when it failed.")
@click.option("-e", "--web", is_flag=True, hidden=True)
def create(ml: MLClient, file: Path, assignments: Words, *, stream: bool, web: bool, **named: str | None) -> Job:
    """Run the job that a YAML file describes."""
    if web:
        raise _no_studio()
    job = ml.jobs.create_or_update(_loaded(file, assignments, **named))
    if not stream:
        return job
    submitted = str(job.name)
    ml.jobs.stream(submitted)
    return ml.jobs.get(submitted)


@verb(noun, "list", columns=COLUMNS, examples=LIST)
@click.option("--experiment-name", help="Only this experiment's.")
@click.option("--status", help="Only those that are Running, Failed, …")
@click.option("-r", "--max-results", type=click.IntRange(1), default=PAGE, show_default=True, help="At most so many.")
@click.option("--all-results", is_flag=True, help="All of them.")
@click.option("--archived-only", "view", flag_value=ListViewType.ARCHIVED_ONLY, help="The archived ones.")
@click.option("--include-archived", "view", flag_value=ListViewType.ALL, help="The archived ones too.")
def list_(ml: MLClient, max_results: int, *, all_results: bool, view: str | None, **which: str | None) -> list[Job]:
    """The newest jobs first."""
    jobs = ml.jobs.list(list_view_type=view or ListViewType.ACTIVE_ONLY, **which)
    if all_results:
        return list(jobs)
    shown = list(islice(jobs, max_results + 1))
    if len(shown) > max_results:
        click.echo(f"Displaying top {max_results} results from the list command.", err=True)
    return shown[:max_results]


@verb(noun, "show", columns=COLUMNS)
@NAME
def show(ml: MLClient, name: str) -> Job:
    """All that is known of a job."""
    return ml.jobs.get(name)


@verb(noun, "stream")
@NAME
def stream(ml: MLClient, name: str) -> None:
    """Print a job's log until it ends; exit 1 when it failed."""
    ml.jobs.stream(name)


@verb(noun, "cancel")
@NAME
def cancel(ml: MLClient, name: str) -> None:
    """End a job and every process it started."""
    ml.jobs.begin_cancel(name).result()


@verb(noun, "download")
@NAME
@click.option("-p", "--download-path", default=".", show_default=True, help="Folder to put it in.")
@click.option("--output-name", help="Only this named output.")
@click.option("--all", "everything", is_flag=True, help="Logs, artifacts and every named output.")
def download(ml: MLClient, name: str, download_path: str, output_name: str | None, *, everything: bool) -> None:
    """Copy a finished job's logs and outputs into a folder."""
    ml.jobs.download(name, download_path=download_path, output_name=output_name, all=everything)


@verb(noun, "archive")
@NAME
def archive(ml: MLClient, name: str) -> None:
    """Hide a job from lists."""
    ml.jobs.archive(name)


@verb(noun, "restore")
@NAME
def restore(ml: MLClient, name: str) -> None:
    """Bring an archived job back into lists."""
    ml.jobs.restore(name)


@verb(noun, "validate")
@FILE
@SET
def validate(ml: MLClient, file: Path, assignments: Words) -> dict[str, object]:
    """Check a job's YAML and all that it refers to; nothing is stored."""
    ml.jobs.validate(_loaded(file, assignments), raise_on_failure=True)
    return {"result": "Succeeded", "errors": []}


def _loaded(file: Path, assignments: Words, **named: str | None) -> Command:
    from jupyter_aml import load_job

    overrides = [*assigned(assignments), *({key: value} for key, value in named.items() if value)]
    return load_job(file, params_override=overrides)


def _no_studio() -> UserErrorException:
    message = "--web opens Azure's studio; this workspace is on your own machine and has none."
    return UserErrorException(message, resolution="Use --stream, or RunDetails(job) in a notebook.")

"""Several runs side by side: what each was given, logged and ran. Read with a query for all; nothing is written."""

from collections.abc import Mapping, Sequence
from typing import Final

from jupyter_aml.entities.job_record import SNAPSHOT, JobRecord
from jupyter_aml.entities.names import SnapshotId
from jupyter_aml.entities.run_comparison import ComparedRow, RunComparison, RunHead, side_by_side
from jupyter_aml.entities.sweep_plan import HYPERPARAMETERS
from jupyter_aml.exceptions import UserErrorException
from jupyter_aml.operations import access
from jupyter_aml.operations.run_facts import command_of, environment_of, inputs_of, ran
from jupyter_aml.operations.workspaces import Workspace
from jupyter_aml.store import jobs

MOST: Final = 100
"""Runs that can be compared at once."""
_MOST_FILES: Final = 500
_SHORT: Final = 12
"""Digits of a hash that tell files apart."""


def compare(workspace: Workspace, names: Sequence[str]) -> RunComparison:
    """The runs in the order in which they were named.

    ResourceNotFoundError for one that is not there; UserErrorException for none, or for more than 100.
    """
    for name in names:
        access.require(workspace, "jobs/read", f"jobs/{name}")
    if not 0 < len(names) <= MOST:
        raise UserErrorException(f"{len(names)} runs cannot be compared.", resolution=f"Name 1 to {MOST} of them.")
    found = [jobs.get(workspace.database, name) for name in names]
    return RunComparison(
        tuple(map(_head, found)),
        params=side_by_side([workspace.runs.params(ran(job)) for job in found], is_sorted=True),
        metrics=_metrics(workspace, found),
        tags=side_by_side([_tags(job) for job in found]),
        inputs=side_by_side([inputs_of(job) for job in found]),
        environment=side_by_side([{**command_of(job), **environment_of(job)} for job in found]),
        code=_code(workspace, found),
    )


def _head(job: JobRecord) -> RunHead:
    return RunHead(
        job.name, job.display_name, job.type, job.experiment, job.status, job.created_at, job.started_at, job.ended_at
    )


def _tags(job: JobRecord) -> Mapping[str, str]:
    """A person's own; the parameters of a sweep's trial stand among its inputs."""
    return {name: text for name, text in job.tags.items() if name != HYPERPARAMETERS}


def _metrics(workspace: Workspace, found: Sequence[JobRecord]) -> tuple[ComparedRow, ...]:
    """The last value of each; the least and the most that a run ever had, where that says more."""
    summaries = workspace.runs.summaries(list(dict.fromkeys(map(ran, found))))
    columns, more = list[dict[str, str]](), set[str]()
    for job in found:
        column = dict[str, str]()
        for one in summaries[ran(job)]:
            ends = {"least": one.least, "most": one.most}
            column[one.key] = _number(one.last)
            column |= {f"{one.key} ({word})": _number(end) for word, end in ends.items() if end is not None}
            more |= {f"{one.key} ({word})" for word, end in ends.items() if end is not None and end != one.last}
        columns.append(column)
    last = {one.key for job in found for one in summaries[ran(job)]}
    return tuple(row for row in side_by_side(columns, is_sorted=True) if row.key in last | more)


def _number(value: float) -> str:
    return f"{value:.6g}"


def _code(workspace: Workspace, found: Sequence[JobRecord]) -> tuple[ComparedRow, ...]:
    """The folders as wholes, then file by file what is not the same in all."""
    whole = side_by_side([{"snapshot": job.properties.get(SNAPSHOT, "")[:_SHORT]} for job in found])
    if not whole[0].differs:
        return whole
    files = side_by_side([_hashes(workspace, job.properties.get(SNAPSHOT, "")) for job in found], is_sorted=True)
    return (*whole, *[row for row in files if row.differs][:_MOST_FILES])


def _hashes(workspace: Workspace, snapshot: str) -> Mapping[str, str]:
    if not snapshot:
        return {}
    return {file.path: file.blob[:_SHORT] for file in workspace.snapshots.read(SnapshotId(snapshot)).files}

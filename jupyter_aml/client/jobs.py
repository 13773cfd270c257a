"""`ml_client.jobs`: SDK v2's job operations over the workspace's. Translates; decides nothing."""

import sys
import time
from collections.abc import Hashable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypedDict

from jupyter_aml.client import waiting
from jupyter_aml.client.absent import AbsentCall
from jupyter_aml.client.poller import LROPoller
from jupyter_aml.client.views import archived_in
from jupyter_aml.constants import ListViewType
from jupyter_aml.engine import lifecycle
from jupyter_aml.entities.interactive_job import InteractiveJob
from jupyter_aml.entities.job import CommandJob, Job
from jupyter_aml.entities.job_record import JobRecord
from jupyter_aml.entities.pipeline import SubmittedPipelineJob
from jupyter_aml.entities.pipeline_plan import REUSED_RUN
from jupyter_aml.entities.run_files import Area
from jupyter_aml.entities.sweep import Sweep
from jupyter_aml.exceptions import JobException, MlException, UserErrorException
from jupyter_aml.operations import jobs, run_marks, streams
from jupyter_aml.operations.workspaces import Workspace
from jupyter_aml.store.facts import Fact
from jupyter_aml.store.jobs import Filter

if TYPE_CHECKING:  # a list of jobs waits for none of them
    from jupyter_aml.entities.job_draft import JobDraft
    from jupyter_aml.entities.run_details import RunTabs
    from jupyter_aml.entities.step import Node
    from jupyter_aml.entities.sweep import SweepJob
    from jupyter_aml.operations import sweeps

_RETURNED: Final[Mapping[str, type[Job]]] = {
    "command": CommandJob,
    "sweep": Sweep,
    "pipeline": SubmittedPipelineJob,
    "interactive": InteractiveJob,
}
_LOOK_EVERY = 1.0
"""Seconds: a loop that asks for a status may ask as often as it likes."""


class Overrides(TypedDict, total=False):
    """What may be said at submit instead of in the job."""

    description: str
    compute: str
    tags: Mapping[str, str]
    experiment_name: str
    skip_validation: bool


class JobOperations:
    """Jobs of one workspace."""

    begin_delete = AbsentCall("jobs", "deletions of jobs")

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._next_look = 0.0

    def create_or_update(
        self,
        job: "JobDraft | Node",
        *,
        description: str | None = None,
        compute: str | None = None,
        tags: Mapping[str, str] | None = None,
        experiment_name: str | None = None,
        skip_validation: bool = False,  # noqa: ARG002 - SDK v2's keyword; checks here cost nothing
    ) -> Job:
        """Submit a job; it runs on its own from here, whatever becomes of this kernel.

        A job that was returned from here is not run again: its names and tags are updated. To run it once more,
        call it, or set its `name` to None or a new one. Keywords win over what the job itself says; UserErrorException
        for those that would move a job that was sent already.
        With `%aml_wait on` (JUPYTER_AML_WAIT=1) it returns when the job is over.
        Raises ValidationException or ResourceNotFoundError before anything is stored.

        >>> from jupyter_aml import MLClient, command
        >>> job = MLClient.default().jobs.create_or_update(command(command="echo hello"))
        >>> job.status
        'NotStarted'
        """
        from jupyter_aml.client import submissions

        if isinstance(job, Job) and job.name and jobs.exists(self._workspace, job.name):
            _check_stays(job, compute=compute, experiment_name=experiment_name)
            return self._redescribe(job, description, tags)
        waits, known = waiting.is_on(), submissions.known(job)
        given = {"description": description, "compute": compute, "experiment_name": experiment_name, "tags": tags}
        draft = submissions.draft_of(known)
        for name, value in given.items():
            if value is not None:
                setattr(draft, name, value)
        return self._submitted(submissions.submit(self._workspace, draft), waits=waits)

    def resubmit(self, name: str) -> Job:
        """Submit a job like this one under a new name (ours): the code that it ran runs again, as it was then.

        Azure's own *Resubmit*. To run what the code folder holds now, call the job and submit what that returns.
        """
        from jupyter_aml.client import submissions

        waits, draft = waiting.is_on(), submissions.known(self.get(name)())
        record = submissions.submit(self._workspace, draft, jobs.get(self._workspace, name))
        return self._submitted(record, waits=waits)

    def estimate(self, sweep: "SweepJob") -> "sweeps.Estimate":
        """How many trials a sweep will have, how many at once, and how long that may take (ours). Nothing is stored."""
        from jupyter_aml.operations import sweeps

        return sweeps.estimate(self._workspace, sweep)

    def best_child(self, name: str) -> str:
        """The name of a sweep's best trial so far (ours). JobException while there is none."""
        from jupyter_aml.operations import sweeps

        return sweeps.best_child(self._workspace, name)

    def extend(self, name: str, trials: int | None = None) -> "SweepJob":
        """A sweep that goes on where a finished one ended, to be submitted (ours): with so many trials more.

        Without a number, with those that it did not begin. A finished job never changes, so this is a new one.
        """
        from jupyter_aml.operations import sweeps

        return sweeps.more(self._workspace, name, trials)

    def validate(self, job: "JobDraft", *, raise_on_failure: bool = False) -> "ValidationResult":
        """What would be said against the job at submit."""
        from jupyter_aml.client import submissions

        try:
            submissions.check(self._workspace, submissions.known(job))
        except MlException as error:
            if raise_on_failure:
                raise
            return ValidationResult({"job": str(error)})
        return ValidationResult({})

    def get(self, name: str) -> Job:
        """The job as it is now. ResourceNotFoundError when there is none of that name."""
        return self._job(self._looked_after(jobs.get(self._workspace, name)))

    def list(
        self,
        *,
        parent_job_name: str | None = None,
        list_view_type: str = ListViewType.ACTIVE_ONLY,
        experiment_name: str | None = None,
        status: str | None = None,
    ) -> Iterator[Job]:
        """Jobs, newest first, read as they are walked; a sweep's trials under its name only.

        `experiment_name` and `status` are ours.
        """
        which = Filter(experiment_name or "", status or "", parent_job_name or "", archived_in(list_view_type))
        return (self._job(self._looked_after(record)) for record in jobs.select(self._workspace, which))

    def stream(self, name: str) -> None:
        """Print the job's log as it is written, until the job is over.

        JobException at the end of a failed job, and on Ctrl-C: the job itself goes on.
        """
        self._wake()
        try:
            for text in streams.follow(self._workspace, name, wake=self._wake):
                sys.stdout.write(text)
                sys.stdout.flush()
        except KeyboardInterrupt:
            raise JobException(
                "The output streaming for the run interrupted.\nBut the run is still executing on the compute target.",
                resolution=f"Again: ml_client.jobs.stream('{name}'). To end it: ml_client.jobs.begin_cancel('{name}').",
            ) from None

    def wait(self, name: str, timeout: float | None = None) -> Job:
        """The job, once it is over (ours). TimeoutError after `timeout` seconds; the job goes on."""
        self._wake()
        return self._job(streams.wait(self._workspace, name, timeout, wake=self._wake))

    def download(
        self,
        name: str,
        *,
        download_path: str | Path = ".",
        output_name: str | None = None,
        all: bool = False,
    ) -> None:
        """Copy a finished job's `artifacts/`, its `named-outputs/<output_name>/`, or all of them."""
        from jupyter_aml.operations import downloads

        downloads.download(self._workspace, name, Path(download_path), output_name=output_name, everything=all)

    def begin_cancel(self, name: str) -> LROPoller[Job]:
        """Ask for the job's end; the poller's result is the job once it is over. No error for a finished one."""
        jobs.cancel(self._workspace, name)
        self._wake()
        return waiting.begun(lambda: self._over(name), wake=self._wake)

    def archive(self, name: str) -> None:
        """Hide the job from lists."""
        jobs.archive(self._workspace, name)

    def restore(self, name: str) -> None:
        """Show an archived job again."""
        jobs.archive(self._workspace, name, archived=False)

    def update(
        self,
        name: str,
        *,
        display_name: str | None = None,
        description: str | None = None,
        tags: Mapping[str, str] | None = None,
        properties: Mapping[str, str] | None = None,
    ) -> Job:
        """Change what a job is called; tags are merged. UserErrorException when nothing is given."""
        record = jobs.describe(
            self._workspace, name, display_name=display_name, description=description, tags=tags, properties=properties
        )
        return self._job(record)

    def show_services(self, name: str, node_index: int = 0) -> dict[str, object] | None:  # noqa: ARG002 - SDK v2's signature
        """The job's interactive services: none run on one machine."""
        jobs.get(self._workspace, name)
        return None

    def details(self, name: str) -> "RunTabs":
        """The tabs of the job's run view, as plain data (ours)."""
        from jupyter_aml.operations import run_details

        self._looked_after(jobs.get(self._workspace, name))
        return run_details.details(self._workspace, name)

    def version(self, name: str) -> Hashable:
        """Something that changes whenever `details` may (ours): a few cheap looks, nothing is read."""
        from jupyter_aml.operations import run_changes

        return run_changes.version(self._workspace, name)

    def looked_at(self, view: str) -> None:
        """Somebody looks at this view of a run now (ours)."""
        run_marks.looked_at(self._workspace, view)

    def last_look(self, view: str) -> float | None:
        """When somebody last did, in seconds since the epoch; None: nobody did (ours)."""
        return run_marks.last_look(self._workspace, view)

    def file(self, name: str, area: Area, path: str) -> Path:
        """Where a file of the job's `outputs` or `snapshot` lies (ours). ResourceNotFoundError when there is none."""
        from jupyter_aml.operations import run_files

        return run_files.opened(self._workspace, name, area, path)

    def story(self, name: str) -> "list[Fact]":
        """Everything that happened to the job, in order (ours)."""
        return jobs.story(self._workspace, name)

    def _submitted(self, record: JobRecord, *, waits: bool) -> Job:
        """The job as it was wished; where submits wait, as it ended."""
        self._wake()
        return waiting.ended(record.name, self.wait) if waits else self._job(record)

    def _redescribe(self, job: Job, description: str | None, tags: Mapping[str, str] | None) -> Job:
        record = jobs.describe(
            self._workspace, job.name or "", display_name=job.display_name,
            description=description or job.description, tags={**job.tags, **(tags or {})},
        )  # fmt: skip
        return self._job(record)

    def look_after(self) -> None:
        """Make sure that somebody works on what is unfinished (ours): whoever reads a status wants it true."""
        now = time.monotonic()
        if now >= self._next_look:
            self._next_look = now + _LOOK_EVERY
            self._wake()

    def _looked_after(self, record: JobRecord) -> JobRecord:
        if not record.is_finished:
            self.look_after()
        return record

    def _wake(self) -> None:
        """Make sure that a supervisor lives; waiting does it again, for one may be killed meanwhile."""
        lifecycle.ensure(self._workspace.folder)

    def _over(self, name: str) -> Job | None:
        record = jobs.get(self._workspace, name)
        return self._job(record) if record.is_finished else None

    def _job(self, record: JobRecord) -> Job:
        """A row as the SDK shows it."""
        view = self._workspace.folder.artifacts(record.properties.get(REUSED_RUN, record.name)).as_uri()
        known = {
            "name": record.name, "display_name": record.display_name, "description": record.description or None,
            "tags": dict(record.tags), "properties": dict(record.properties), "status": str(record.status),
            "error": record.error, "exit_code": record.exit_code, "studio_url": view,
            "id": f"{self._workspace.id.arm}/jobs/{record.name}",
            "services": {
                **record.spec.get("services", {}),
                "Tracking": {"endpoint": self._workspace.tracking_uri, "type": "Tracking"},
                "Studio": {"endpoint": view, "type": "Studio"},
            },
            "creation_context": {"created_at": datetime.fromtimestamp(record.created_at, UTC)},
        }  # fmt: skip
        return _RETURNED[record.type].of({**record.spec, **known})


class ValidationResult:
    """What `validate` found: `passed`, and `error_messages` by path."""

    def __init__(self, error_messages: Mapping[str, str]) -> None:
        self.error_messages = dict(error_messages)

    @property
    def passed(self) -> bool:
        """Whether nothing was found."""
        return not self.error_messages

    def __repr__(self) -> str:
        """The findings, readable."""
        return f"ValidationResult(passed={self.passed}, error_messages={self.error_messages})"


def _check_stays(job: Job, **wanted: str | None) -> None:
    """UserErrorException for what a job that was sent already cannot change."""
    for field, value in wanted.items():
        own = getattr(job, field)
        if value is not None and value.removeprefix("azureml:") != own:
            raise UserErrorException(
                f"{field}: job '{job.name}' exists, and its {field} is {own!r}, not {value!r}.",
                resolution="To run it once more, submit job() – or a new job – with it.",
            )

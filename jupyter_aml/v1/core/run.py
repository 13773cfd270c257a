"""SDK v1's Run: a job by its id. It reads and asks; nothing is decided here."""

import json
import shlex
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from jupyter_aml.entities import command_line
from jupyter_aml.entities.job_record import JobRecord
from jupyter_aml.entities.pipeline_plan import REUSED_RUN
from jupyter_aml.entities.status import JobStatus
from jupyter_aml.exceptions import JobException
from jupyter_aml.operations import jobs
from jupyter_aml.v1.core.exceptions import ActivityFailedException, ExperimentExecutionException

if TYPE_CHECKING:
    from jupyter_aml.client import MLClient
    from jupyter_aml.v1.core.experiment import Experiment

Details: TypeAlias = dict[str, Any]  # Any: Azure's own mapping of mappings

_TYPES: Final = {"command": "azureml.scriptrun", "sweep": "hyperdrive"}
_LOGS: Final = ("azureml-logs", "logs", "user_logs")


class Run:
    """A run of an experiment. What it tells is read when it is asked for."""

    def __init__(self, experiment: "Experiment", run_id: str) -> None:
        self.experiment = experiment
        self.id = run_id

    # ── what it is ──

    @property
    def type(self) -> str:
        """SDK v1's word for its kind: `azureml.scriptrun`, `hyperdrive`."""
        return _TYPES.get(self._record.type, self._record.type)

    @property
    def status(self) -> str:
        """How it stands, in Azure's words."""
        return self.get_status()

    @property
    def display_name(self) -> str:
        """What it is called."""
        return self._record.display_name

    @property
    def parent(self) -> "Run | None":
        """The run that it is a part of."""
        return Run(self.experiment, self._record.parent) if self._record.parent else None

    @property
    def tags(self) -> dict[str, str]:
        """Its tags."""
        return dict(self._record.tags)

    @property
    def properties(self) -> dict[str, str]:
        """Its properties, which are written once."""
        return dict(self._record.properties)

    def get_status(self) -> str:
        """How it stands, in Azure's words."""
        return str(self._record.status)

    def get_tags(self) -> dict[str, str]:
        """Its tags."""
        return self.tags

    def get_properties(self) -> dict[str, str]:
        """Its properties."""
        return self.properties

    def get_portal_url(self) -> str:
        """Where its files are."""
        return self._view.as_uri()

    def get_details(self) -> Details:
        """All that is known of it, as SDK v1 arranges it; `error` only where there is one."""
        job = self._record
        return {
            "runId": job.name,
            "target": job.compute,
            "status": str(job.status),
            "startTimeUtc": _time(job.started_at),
            "endTimeUtc": _time(job.ended_at),
            "services": {},
            "properties": dict(job.properties),
            "inputDatasets": [],
            "outputDatasets": [],
            **({"error": _error(job)} if job.error else {}),
            "runDefinition": _definition(job),
            "logFiles": self._log_files(),
        }

    # ── what it logged ──

    def get_metrics(self, name: str | None = None, *, recursive: bool = False) -> dict[str, Any]:
        """What it logged: a value, or the list of them where there are several; `recursive`: by child."""
        if recursive:
            return {child.id: child.get_metrics(name) for child in (self, *self.get_children())}
        series = self._client.workspace.runs.metrics(self._ran)
        found = {one.key: [point.value for point in one.points] for one in series if name in {None, one.key}}
        return {key: values if len(values) > 1 else values[0] for key, values in found.items()}

    # ── what belongs to it ──

    def get_children(self, *, tags: Mapping[str, str] | None = None, status: str | None = None) -> "Iterator[Run]":
        """Its children, newest first; with these tags, in that status."""
        for job in self._client.jobs.list(parent_job_name=self.id, status=status):
            if (tags or {}).items() <= job.tags.items():
                yield Run(self.experiment, job.name or "")

    # ── what can be done ──

    def cancel(self) -> object:
        """Ask for its end. No error for a run that is over."""
        self._client.jobs.begin_cancel(self.id)

    def wait_for_completion(
        self,
        show_output: bool = False,  # noqa: FBT001, FBT002 - SDK v1's signature
        wait_post_processing: bool = False,  # noqa: ARG002, FBT001, FBT002 - as above; nothing comes after the end here
        raise_on_error: bool = True,  # noqa: FBT001, FBT002 - as above
    ) -> Details:
        """Its details, once it is over. `show_output`: its log meanwhile.

        Raises ActivityFailedException for a run that failed, if `raise_on_error`; ExperimentExecutionException when
        the wait is interrupted: the run goes on.
        """
        try:
            self._follow(show_output=show_output)
        except KeyboardInterrupt:
            raise self._interrupted() from None
        details = self.get_details()
        if raise_on_error and details["status"] == JobStatus.FAILED:
            text = json.dumps(details.get("error", {}), indent=4, ensure_ascii=False)
            raise ActivityFailedException(f"Activity Failed:\n{text}")
        return details

    def _follow(self, *, show_output: bool) -> None:
        if not show_output:
            self._client.jobs.wait(self.id)
            return
        try:
            self._client.jobs.stream(self.id)
        except JobException:
            if not self._record.is_finished:  # its own word for Ctrl-C
                raise self._interrupted() from None

    def _interrupted(self) -> ExperimentExecutionException:
        return ExperimentExecutionException(
            "The output streaming for the run interrupted.\nBut the run is still executing on the compute target.",
            resolution="Wait again: run.wait_for_completion(). To end it: run.cancel().",
        )

    # ── inside ──

    @property
    def _client(self) -> "MLClient":
        return self.experiment.workspace.client

    @property
    def _record(self) -> JobRecord:
        job = jobs.get(self._client.workspace, self.id)
        if not job.is_finished:
            self._client.jobs.look_after()
        return job

    @property
    def _ran(self) -> str:
        """Whose log, metrics and files are its own: of a step that did not run again, those of an earlier run."""
        return self._record.properties.get(REUSED_RUN, self.id)

    @property
    def _view(self) -> Path:
        return self._client.workspace.folder.artifacts(self._ran)

    def _log_files(self) -> dict[str, str]:
        """Its logs, by name: where each of them is."""
        found = sorted(path for folder in _LOGS for path in (self._view / folder).rglob("*") if path.is_file())
        return {path.relative_to(self._view).as_posix(): path.as_uri() for path in found}

    def __repr__(self) -> str:
        """As SDK v1 prints it."""
        job = self._record
        return f"Run(Experiment: {job.experiment},\nId: {job.name},\nType: {self.type},\nStatus: {job.status})"

    def _repr_html_(self) -> str:
        """Azure's own small table."""
        return self._client.jobs.get(self.id)._repr_html_()


def _time(seconds: float | None) -> str | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")


def _error(job: JobRecord) -> Details:
    """Azure's form: the first line is the message, those below it are the details."""
    message, *details = job.error.splitlines()
    return {"error": {"code": "UserError", "message": message, "messageParameters": {}, "details": details}}


def _definition(job: JobRecord) -> Details:
    """A command job as SDK v1 defines one: a script and its arguments; else a command, which needs a shell."""
    line = _filled(job)
    about = {"target": job.compute, "environment": {"name": job.properties.get("environment", "").partition(":")[0]}}
    try:
        first, *words = shlex.split(line)
    except ValueError:
        first, words = "", list[str]()
    if first == "python" and words and not words[0].startswith("-"):
        return {"script": words[0], "command": "", "arguments": words[1:], **about}
    return {"script": None, "command": line, "arguments": [], **about}


def _filled(job: JobRecord) -> str:
    """The command with its literal inputs in it, each as one word; data and outputs stay what they are called."""
    command = command_line.swept(command_line.modernised(job.spec.get("command", "")))
    inputs: Mapping[str, object] = job.spec.get("inputs") or {}
    return command_line.filled(command, {name: str(given) for name, given in inputs.items() if _is_literal(given)})


def _is_literal(given: object) -> bool:
    return isinstance(given, str | int | float)

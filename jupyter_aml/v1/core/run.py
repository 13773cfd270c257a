"""SDK v1's Run: a job by its id. It reads and asks; nothing is decided here."""

import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final, NoReturn, Self, TypeAlias

from jupyter_aml.entities.input_output import Input, Output
from jupyter_aml.entities.status import JobStatus
from jupyter_aml.exceptions import JobException, NotAvailableError, UserErrorException
from jupyter_aml.operations import interactive, jobs
from jupyter_aml.store.jobs import Filter
from jupyter_aml.v1.arguments import meaningless, refuse
from jupyter_aml.v1.core.exceptions import ActivityFailedException, ExperimentExecutionException
from jupyter_aml.v1.core.run_assets import RunAssets
from jupyter_aml.v1.core.run_details import Details, RunDetails
from jupyter_aml.v1.core.run_marks import RunMarks
from jupyter_aml.v1.core.run_metrics import RunMetrics

if TYPE_CHECKING:
    from jupyter_aml.v1.core.compute import ComputeTarget
    from jupyter_aml.v1.core.experiment import Experiment
    from jupyter_aml.v1.core.script_run_config import ScriptRunConfig
    from jupyter_aml.v1.core.workspace import Workspace

__all__ = ["Run"]  # `_OfflineRun` too, by `__getattr__`

_Kind: TypeAlias = type[Input] | type[Output]
_INTERACTIVE: Final = "interactive"
_TYPES: Final = {"command": "azureml.scriptrun", "sweep": "hyperdrive", "pipeline": "azureml.PipelineRun"}
_KINDS: Final = {
    "sweep": ("jupyter_aml.v1.train.hyperdrive.run", "HyperDriveRun"),
    "pipeline": ("jupyter_aml.v1.pipeline.core.run", "PipelineRun"),
}
"""What a job of that kind is in SDK v1; every other one is a Run."""
_PATIENCE: Final = 10.0
"""Seconds that `complete` waits until the run's status says so."""
OWN_JOB: Final = "AZUREML_RUN_ID"


class Run(RunMetrics, RunDetails, RunMarks, RunAssets):
    """A run of an experiment. What it tells is read when it is asked for."""

    def __init__(self, experiment: "Experiment", run_id: str) -> None:
        self.experiment = experiment
        self.id = run_id

    # ── which one ──

    @staticmethod
    def get_context(allow_offline: bool = True, used_for_context_manager: bool = False) -> "Run":
        """In a job, its run; elsewhere one whose logging is printed.

        RunEnvironmentException elsewhere, unless `allow_offline`. `used_for_context_manager` has no meaning: it is
        SDK v1's own.
        """
        meaningless("SDK v1 says it to itself", used_for_context_manager=used_for_context_manager)
        return import_module("jupyter_aml.v1.core.offline_run").context(allow_offline=allow_offline)

    @staticmethod
    def get(workspace: "Workspace", run_id: str) -> "Run":
        """The run of that id, whatever its kind. ResourceNotFoundError with the nearest one."""
        record = jobs.get(workspace.client.workspace, run_id)
        return run_of(workspace.experiment(record.experiment), run_id, record.type)

    @staticmethod
    def list(experiment: "Experiment", *args: Any, **filters: Any) -> "Iterator[Run]":  # noqa: ANN401 - those of `get_runs`
        """The experiment's runs, newest first."""
        return experiment.get_runs(*args, **filters)

    @staticmethod
    def list_by_compute(
        compute: "ComputeTarget",
        type: str | None = None,
        tags: str | Mapping[str, str] | None = None,
        properties: str | Mapping[str, str] | None = None,
        status: str | None = None,
    ) -> "Iterator[Run]":
        """The runs on a compute target, newest first: of that kind, with these tags and properties, in that status."""
        workspace = compute.workspace
        for job in jobs.select(workspace.client.workspace, Filter(status=status or "", parent=None)):
            run = run_of(workspace.experiment(job.experiment), job.name, job.type)
            is_wanted = job.compute == compute.name and type in {None, run.type}
            if is_wanted and has_marks(job.tags, tags) and has_marks(job.properties, properties):
                yield run

    @staticmethod
    def get_submitted_run() -> "Run":
        """In a job, its run: an older word for `get_context`."""
        return Run.get_context()

    @staticmethod
    def add_type_provider(runtype: str, run_factory: object) -> NoReturn:
        """Refused: NotAvailableError, for there are no kinds of runs but those that are here."""
        meaningless("nothing is added", runtype=runtype, run_factory=run_factory)
        raise NotAvailableError.of("Run.add_type_provider", "kinds of runs of one's own")

    # ── what it is ──

    @property
    def type(self) -> str | None:
        """SDK v1's word for its kind: `azureml.scriptrun`, `hyperdrive`; None for an interactive one."""
        kind = self._record.type
        return None if kind == _INTERACTIVE else _TYPES.get(kind, kind)

    @property
    def status(self) -> str:
        """How it stands, in Azure's words."""
        return self.get_status()

    @property
    def parent(self) -> "Run | None":
        """The run that it is a part of."""
        above = self._record.parent
        return Run.get(self.experiment.workspace, above) if above else None

    @property
    def number(self) -> int:
        """Its place among the runs of its experiment, the oldest first."""
        ids = [job.name for job in jobs.select(self._workspace, Filter(self._record.experiment, archived=None))]
        return len(ids) - [str(name) for name in ids].index(self.id)

    @property
    def input_datasets(self) -> dict[str, Any]:
        """What the job was given, by name: a dataset, or the path where its files are."""
        return self._data("inputs", Input)

    @property
    def output_datasets(self) -> dict[str, Any]:
        """Where the job writes what it makes, by name."""
        return self._data("outputs", Output)

    def get_status(self) -> str:
        """How it stands, in Azure's words."""
        return str(self._record.status)

    def get_detailed_status(self) -> Details:
        """How it stands, and why."""
        job = self._record
        return {"status": str(job.status), "details": [job.error] if job.error else []}

    def get_portal_url(self) -> str:
        """Where its files are."""
        return self._view.as_uri()

    def get_metrics(
        self,
        name: str | None = None,
        recursive: bool = False,
        run_type: str | None = None,
        populate: bool = False,
    ) -> dict[str, Any]:
        """What it logged: a value, or the list of them where there are several; `recursive`: by child.

        `populate`: of a confusion matrix and the like the document, not where it lies.
        """
        if not recursive:
            return self._logged(name, populate=populate)
        family = (self, *self.get_children(recursive=True))
        return {run.id: run.get_metrics(name, populate=populate) for run in family if run_type in {None, run.type}}

    # ── what belongs to it ──

    def get_children(
        self,
        recursive: bool = False,
        tags: str | Mapping[str, str] | None = None,
        properties: str | Mapping[str, str] | None = None,
        type: str | None = None,
        status: str | None = None,
    ) -> "Iterator[Run]":
        """Its children, newest first: with these tags and properties, of that kind, in that status."""
        for job in jobs.select(self._workspace, Filter(status=status or "", parent=self.id)):
            child = run_of(self.experiment, job.name, job.type)
            if has_marks(job.tags, tags) and has_marks(job.properties, properties) and type in {None, child.type}:
                yield child
            if recursive:
                yield from child.get_children(
                    recursive=True, tags=tags, properties=properties, type=type, status=status
                )

    def child_run(
        self,
        name: str | None = None,
        run_id: str | None = None,
        outputs: object = None,
    ) -> "Run":
        """A run below this one, which is a part of this process until it is completed."""
        refuse("run.child_run", "Keep the folder when it is done: run.upload_folder(…).", outputs=outputs)
        made = interactive.begin(
            self._workspace, self._record.experiment, name=run_id or f"{self.id[:200]}_{uuid.uuid4().hex[:12]}",
            display_name=name or "", parent=self.id,
        )  # fmt: skip
        return Run(self.experiment, made.name)

    def create_children(
        self, count: int | None = None, tag_key: str | None = None, tag_values: Sequence[str] | None = None
    ) -> "list[Run]":
        """Several runs below this one: so many, or one a value of a tag.

        UserErrorException unless one of the two is said, and for a count below 1.
        """
        is_tagged = tag_key is not None and tag_values is not None
        if is_tagged == (count is not None) or (tag_key is None) != (tag_values is None):
            raise UserErrorException("create_children: either count, or tag_key and tag_values are expected.")
        if count is not None:
            if count < 1:
                raise UserErrorException(f"create_children: count: {count} is none.", resolution="Give 1 or more.")
            return [self.child_run() for _ in range(count)]
        children = [(self.child_run(), value) for value in tag_values or ()]
        for child, value in children:
            child.tag(tag_key or "", value)
        return [child for child, _ in children]

    def submit_child(self, config: "ScriptRunConfig", tags: Mapping[str, str] | None = None) -> "Run":
        """Submit a ScriptRunConfig below this run. NotAvailableError for a sweep or a pipeline."""
        if type_name(config) != "ScriptRunConfig":
            raise NotAvailableError.of(f"run.submit_child({type_name(config)})", "sweeps and pipelines below a run")
        return config.submitted(self.experiment, tags or {}, parent=self.id)

    # ── what can be done ──

    def start(self) -> None:
        """Nothing to do: a run is on its way from its beginning."""

    def clean(self) -> "list[str]":
        """The files of the run that were deleted where it ran: none, they are those that the workspace keeps."""
        return []

    def complete(self, _set_status: bool = True) -> None:
        """It is done. Of the job that this process is in, the exit decides: nothing changes then."""
        if _set_status:
            self._end()

    def fail(self, error_details: object = None, error_code: str | None = None, _set_status: bool = True) -> None:
        """It went wrong, and so. Of the job that this process is in, the exit decides: nothing changes then."""
        words = [str(said) for said in (error_code, error_details) if said is not None]
        if _set_status:
            self._end(error=": ".join(words) or "The run was failed.")

    def cancel(self) -> object:
        """Ask for its end. No error for a run that is over."""
        if self._record.type == _INTERACTIVE:
            self._end(canceled=True)
        else:
            self._client.jobs.begin_cancel(self.id)

    def wait_for_completion(
        self,
        show_output: bool = False,
        wait_post_processing: bool = False,
        raise_on_error: bool = True,
    ) -> Details:
        """Its details, once it is over. `show_output`: its log meanwhile.

        `wait_post_processing` has no meaning: a run is over when all of it is.
        Raises ActivityFailedException for a run that failed, if `raise_on_error`; ExperimentExecutionException when
        the wait is interrupted: the run goes on.
        """
        meaningless("a run is over when all of it is", wait_post_processing=wait_post_processing)
        try:
            self._follow(show_output=show_output)
        except KeyboardInterrupt:
            raise self._interrupted() from None
        details = self.get_details()
        if raise_on_error and details["status"] == JobStatus.FAILED:
            text = json.dumps(details.get("error", {}), indent=4, ensure_ascii=False)
            raise ActivityFailedException(f"Activity Failed:\n{text}")
        return details

    def __enter__(self) -> Self:
        """It completes with the block, or fails with what is raised there."""
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        """The end of the block."""
        if error is None:
            self.complete()
        else:
            self.fail(str(error), error_code=type_name(error))

    # ── inside ──

    def _end(self, *, error: str = "", canceled: bool = False) -> None:
        if self._record.type != _INTERACTIVE:
            return
        interactive.end(self._workspace, self.id, error=error, canceled=canceled)
        with suppress(TimeoutError):
            self._client.jobs.wait(self.id, _PATIENCE)

    def _data(self, way: str, kind: "_Kind") -> dict[str, Any]:
        """The datasets of its inputs or outputs. By its name: that room is another's."""
        given: Mapping[str, object] = self._record.spec.get(way) or {}
        found = {name: kind.of(dict(one)) for name, one in given.items() if isinstance(one, Mapping)}
        if not found:
            return {}
        return import_module("jupyter_aml.v1.data").of_job(self, way, found)

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

    def __repr__(self) -> str:
        """As SDK v1 prints it."""
        job = self._record
        return f"Run(Experiment: {job.experiment},\nId: {job.name},\nType: {self.type},\nStatus: {job.status})"

    def _repr_html_(self) -> str | None:
        """Azure's own small table."""
        return self._client.jobs.get(self.id)._repr_html_()


def run_of(experiment: "Experiment", run_id: str, kind: str) -> Run:
    """The run as what SDK v1 has for its kind of job."""
    module, name = _KINDS.get(kind, ("", ""))
    if not module or find_spec(module.rpartition(".")[0]) is None or find_spec(module) is None:
        return Run(experiment, run_id)
    return getattr(import_module(module), name)(experiment, run_id)


def type_name(value: object) -> str:
    """What its class is called: a Run's own `type` hides Python's within it."""
    return type(value).__name__


def has_marks(known: Mapping[str, str], wanted: str | Mapping[str, str] | None) -> bool:
    """Whether a tag of that name is there, or these with these values."""
    if isinstance(wanted, str):
        return wanted in known
    return {key: str(value) for key, value in (wanted or {}).items()}.items() <= dict(known).items()


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever has that name
    """`_OfflineRun`, which scripts ask for here: it stands on this module."""
    if name != "_OfflineRun":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return import_module("jupyter_aml.v1.core.offline_run").OfflineRun

"""SDK v1's runs of pipelines and of their steps: jobs by their ids. They read and ask; nothing is decided here."""

import copy
import json
import sys
import uuid
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn, Self, cast

from jupyter_aml.data import uri
from jupyter_aml.entities.input_output import Input
from jupyter_aml.entities.pipeline_job import PipelineJob
from jupyter_aml.entities.pipeline_plan import STEP
from jupyter_aml.exceptions import NotAvailableError, UserErrorException, did_you_mean
from jupyter_aml.operations import jobs, places
from jupyter_aml.store.jobs import Filter
from jupyter_aml.v1.arguments import meaningless, refuse, refuse_others
from jupyter_aml.v1.core.binding import Binding
from jupyter_aml.v1.core.run import Run, has_marks
from jupyter_aml.v1.data.datapath import GIVEN_A_PATH
from jupyter_aml.v1.data.datastore import Datastore
from jupyter_aml.v1.data.paths import bring, is_taken, matched
from jupyter_aml.v1.pipeline.core.outline import Graph, graph_of, save

if TYPE_CHECKING:
    from jupyter_aml.v1.core.experiment import Experiment
    from jupyter_aml.v1.core.workspace import Workspace
    from jupyter_aml.v1.pipeline.core.builder import PipelineStep
    from jupyter_aml.v1.pipeline.core.published import PublishedPipeline

__all__ = ["PipelineRun", "PortDataReference", "StepRun", "StepRunOutput"]

_LOG: Final = "user_logs/std_log.txt"
_AT_MOST: Final = sys.maxsize
_NAMED: Final = "azureml.v1.outputs"
"""Property of a pipeline: the outputs of its steps by what it calls them, as JSON."""


class _EndsByItself(Run):
    """What runs of pipelines and of steps share: nobody but they decides how they end, or what is below them."""

    def wait_for_completion(  # pyright: ignore[reportIncompatibleMethodOverride] - SDK v1's: it has another signature, and gives a word
        self, show_output: bool = True, timeout_seconds: float = _AT_MOST, raise_on_error: bool = True
    ) -> str:
        """Its status, once it is over. ActivityFailedException for one that failed; TimeoutError after so long.

        A limit is waited for first, so that the log of a run in time is whole.
        """
        if timeout_seconds < _AT_MOST:
            self._client.jobs.wait(self.id, timeout_seconds)
        super().wait_for_completion(show_output=show_output, raise_on_error=raise_on_error)
        return self.get_status()

    def complete(self, *_: object, **__: object) -> NoReturn:
        """NotAvailableError, as in SDK v1."""
        raise _decided("complete")

    def fail(self, *_: object, **__: object) -> NoReturn:
        """NotAvailableError, as in SDK v1."""
        raise _decided("fail")

    def child_run(self, *_: object, **__: object) -> NoReturn:
        """NotAvailableError, as in SDK v1."""
        raise _decided("child_run")


class PipelineRun(_EndsByItself):
    """A run of a pipeline: by its id, `PipelineRun(experiment, run_id)`."""

    # ── its steps ──

    def get_children(
        self,
        recursive: bool = False,
        tags: str | Mapping[str, str] | None = None,
        properties: str | Mapping[str, str] | None = None,
        type: str | None = None,
        status: str | None = None,
        **others: object,
    ) -> "Iterator[StepRun]":
        """The runs of its steps, newest first; `recursive`: with those of steps that are pipelines or sweeps."""
        refuse_others("get_children", others, "recursive", "tags", "properties", "type", "status")
        for job in jobs.select(self._workspace, Filter(parent=self.id)):
            child = StepRun(self.experiment, job.name, self.id)
            known = has_marks(job.tags, tags) and has_marks(job.properties, properties)
            if known and type in {None, child.type} and status in {None, "", str(job.status)}:
                yield child
            if recursive:
                below = PipelineRun(self.experiment, job.name)
                yield from below.get_children(recursive, tags, properties, type, status)

    def get_steps(self) -> "Iterator[StepRun]":
        """The same."""
        return self.get_children()

    def find_step_run(self, name: str) -> "list[StepRun]":
        """The runs of the steps of that name: one, or none."""
        return [step for step in self.get_children() if name in {step.name, step.key}]

    def get_pipeline_output(self, pipeline_output_name: str) -> "PortDataReference":
        """What the pipeline or one of its steps calls so. UserErrorException with the nearest name."""
        known, names = dict[str, tuple[StepRun, str]](), json.loads(self._record.properties.get(_NAMED, "{}"))
        for step in self.get_children():
            known |= {name: (step, name) for name in step.output_names}
            known |= {said: (step, name) for said, (key, name) in names.items() if key == step.key}
        if pipeline_output_name not in known:
            raise UserErrorException(
                f"The pipeline has no output '{pipeline_output_name}'.",
                resolution=did_you_mean(pipeline_output_name, known),
            )
        made, output = known[pipeline_output_name]
        return made.get_output_data(output)

    def get_graph(self) -> Graph:
        """Its steps, and what they hand on."""
        return graph_of(self.whole())

    def save(self, path: str | Path | None = None) -> None:
        """Write its YAML, as SDK v2 reads it: to a file, or as `pipeline.yml` into a folder, here by default."""
        save(self._job(), path)

    def whole(self) -> PipelineJob:
        """It with its steps, although it may name the component whose steps they are (ours)."""
        job = self._job()
        steps = {"component": None, "jobs": self._record.spec["jobs"]} if job.component else {}
        return PipelineJob.of({**job.spec(), **steps})

    def _job(self) -> PipelineJob:
        return cast("PipelineJob", self._client.jobs.get(self.id))

    # ── what is made of it ──

    def publish_pipeline(
        self,
        name: str,
        description: str | None,
        version: str | None,
        continue_on_step_failure: bool | None = None,
        **others: object,
    ) -> "PublishedPipeline":
        """Keep the pipeline with the code that ran, to be submitted by its id."""
        refuse_others("publish_pipeline", others, "name", "description", "version", "continue_on_step_failure")
        room = import_module("jupyter_aml.v1.pipeline.core.published")  # which knows this one
        return room.published_run(self, name, description, version, continue_on_step_failure)

    @staticmethod
    def get(workspace: "Workspace", run_id: str) -> "PipelineRun":
        """The run of that id. UserErrorException when it is another kind."""
        found = Run.get(workspace, run_id)
        if not isinstance(found, PipelineRun):
            raise UserErrorException(f"'{run_id}' is no run of a pipeline.", resolution="Run.get shows it.")
        return found

    @staticmethod
    def get_pipeline_runs(workspace: "Workspace", pipeline_id: str) -> "list[PipelineRun]":
        """The runs of a published pipeline, newest first."""
        found = jobs.select(workspace.client.workspace, Filter())
        return [
            PipelineRun(workspace.experiment(job.experiment), job.name)
            for job in found if job.properties.get("azureml.pipelineid") == pipeline_id
        ]  # fmt: skip


class StepRun(_EndsByItself):
    """The run of a step."""

    def __init__(
        self,
        experiment: "Experiment",
        step_run_id: str,
        pipeline_run_id: str = "",
        node_id: str | None = None,
        **others: object,
    ) -> None:
        refuse_others("StepRun", others, "experiment", "step_run_id", "pipeline_run_id", "node_id")
        meaningless("a run knows which step it is of", node_id=node_id)
        super().__init__(experiment, step_run_id)
        self.pipeline_run_id = pipeline_run_id

    @property
    def key(self) -> str:
        """What the pipeline's YAML calls the step (ours)."""
        return self._record.properties.get(STEP, "")

    @property
    def output_names(self) -> list[str]:
        """What it makes, by name (ours)."""
        return [*cast("Mapping[str, object]", self._record.spec.get("outputs") or {})]

    def get_output_data(self, name: str) -> "PortDataReference":
        """What it made under that name. UserErrorException with the nearest name."""
        if name not in self.output_names:
            raise UserErrorException(
                f"The step '{self.name}' has no output '{name}'.", resolution=did_you_mean(name, self.output_names)
            )
        return PortDataReference(self, name)

    def get_output(self, name: str) -> "StepRunOutput":
        """The same, as an output."""
        return StepRunOutput(self.get_output_data(name))

    def get_outputs(self) -> "dict[str, StepRunOutput]":
        """All of them, by name."""
        return {name: self.get_output(name) for name in self.output_names}

    def get_stdout_log(self) -> str:
        """What it printed."""
        return self._log_texts(self._log_files()).get(_LOG, "")

    get_job_log = get_stderr_log = get_stdout_log
    """The same: what a job says in one way or the other stands in one file."""


class PortDataReference:
    """What a step made: to be downloaded, or to be read by a step of another pipeline."""

    def __init__(self, run: StepRun, name: str) -> None:
        self._run, self.name = run, name
        self._mode, self._input = "ro_mount", name

    @property
    def path_on_datastore(self) -> str:
        """Where it is in its datastore, such as `azureml/<run>/<output>`."""
        place = self._place
        return place.path.strip("/") if place else f"azureml/{self._run.id}/{self.name}"

    @property
    def datastore_name(self) -> str | None:
        """The datastore that it is in; None for storage that is none."""
        place = self._place
        return place.datastore if place else None

    @property
    def datastore(self) -> Datastore | None:
        """The same, as a datastore."""
        name = self.datastore_name
        return Datastore(self._run.experiment.workspace, name) if name else None

    def download(self, local_path: str | Path, overwrite: bool | None = None, show_progress: bool | None = None) -> int:
        """Copy its files to `<local_path>/<path_on_datastore>/`; how many files came.

        Files that are there already are replaced, unless `overwrite` is False.
        """
        meaningless("copies are not shown while they are made", show_progress=show_progress)
        found = matched(self._run.experiment.workspace.client.workspace, self._address)
        target, count = Path(local_path, self.path_on_datastore), 0
        for file in found.files:
            copy_ = target / file.relative_to(found.root)
            if overwrite is not False or not is_taken(copy_):
                bring(file, copy_)
                count += 1
        return count

    # ── as data of another pipeline's step ──

    def as_input(self, input_name: str) -> Self:
        """It as the input of a step, by this name there."""
        return self._with(self._mode, input_name)

    def as_mount(self, input_name: str | None = None) -> Self:
        """The files where they are."""
        return self._with("ro_mount", input_name)

    def as_download(
        self, input_name: str | None = None, path_on_compute: str | None = None, overwrite: bool | None = None
    ) -> Self:
        """A copy of the files."""
        refuse("as_download", GIVEN_A_PATH, path_on_compute=path_on_compute)
        meaningless("the copy begins empty", overwrite=overwrite)
        return self._with("download", input_name)

    def binding(self) -> Binding:
        """What it becomes in a job."""
        return Binding(self._input, Input(type="uri_folder", path=self.address, mode=self._mode))

    @property
    def address(self) -> str:
        """SDK v2's address of where it is (ours)."""
        return places.locate(self._run.experiment.workspace.client.workspace, self._address).address

    @property
    def _address(self) -> str:
        return f"azureml://jobs/{self._run.id}/outputs/{self.name}"

    @property
    def _place(self) -> uri.DatastorePath | None:
        found = places.followed(self._run.experiment.workspace.client.workspace, self._address)
        return found if isinstance(found, uri.DatastorePath) else None

    def _with(self, mode: str, name: str | None) -> Self:
        made = copy.copy(self)
        vars(made).update(_mode=mode, _input=name or self._input)
        return made


class StepRunOutput:
    """An output of a step's run."""

    def __init__(self, reference: PortDataReference) -> None:
        self._reference, self.name = reference, reference.name

    def get_port_data_reference(self) -> PortDataReference:
        """What was made."""
        return self._reference


def submitted(experiment: "Experiment", draft: PipelineJob, tags: Mapping[str, str]) -> PipelineRun:
    """The run of a draft, which has only just been wished."""
    draft.name, draft.experiment_name = str(uuid.uuid4()), experiment.name
    draft.tags = {**draft.tags, **tags}
    made = experiment.workspace.client.jobs.create_or_update(draft)
    return PipelineRun(experiment, made.name or "")


def named(keys: Mapping[int, str], steps: "Sequence[PipelineStep]") -> dict[str, str]:
    """The property of a job that says what a pipeline calls the outputs of its steps, if it calls any of them so.

    UserErrorException for a name of two outputs.
    """
    said = dict[str, tuple[str, str]]()
    for step in steps:
        for name, output in step.named_outputs.items():
            if name in said:
                raise UserErrorException(f"pipeline_output_name: '{name}' is that of two outputs.")
            said[name] = (keys[id(step)], output)
    return {_NAMED: json.dumps(said)} if said else {}


def called(properties: Mapping[str, str]) -> dict[str, str]:
    """The same property, of a job that has it among its own."""
    return {name: text for name, text in properties.items() if name == _NAMED}


def check_others(call: str, given: Mapping[str, Any]) -> None:
    """What else SDK v1 takes when a pipeline is submitted: there is one user, and no run above a pipeline.

    UnsupportedFieldError for `parent_run_id`, TypeError for what SDK v1 does not take.
    """
    known = dict(given)
    refuse(call, "Tag the runs with what they belong to.", parent_run_id=known.pop("parent_run_id", None))
    meaningless("every job runs as the user", credential_passthrough=known.pop("credential_passthrough", None))
    refuse_others(call, known, "pipeline_parameters", "continue_on_step_failure", "regenerate_outputs", "parent_run_id")


def _decided(call: str) -> NotAvailableError:
    return NotAvailableError(
        f"{call}: a run of a pipeline, or of a step, ends by itself.", resolution="run.cancel() asks for its end."
    )

"""SDK v1's runs of pipelines and of their steps: jobs by their ids. They read and ask; nothing is decided here."""

import shutil
import sys
import uuid
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from jupyter_aml.entities.pipeline_job import PipelineJob
from jupyter_aml.entities.pipeline_plan import STEP
from jupyter_aml.exceptions import UserErrorException, did_you_mean
from jupyter_aml.operations import jobs, places
from jupyter_aml.store.jobs import Filter
from jupyter_aml.v1.core.run import Run, has_marks
from jupyter_aml.v1.data.paths import matched

if TYPE_CHECKING:
    from jupyter_aml.v1.core.experiment import Experiment
    from jupyter_aml.v1.core.workspace import Workspace
    from jupyter_aml.v1.pipeline.core.published import PublishedPipeline

__all__ = ["PipelineRun", "PortDataReference", "StepRun", "StepRunOutput"]

_LOG: Final = "user_logs/std_log.txt"
_AT_MOST: Final = sys.maxsize


class PipelineRun(Run):
    """A run of a pipeline: by its id, `PipelineRun(experiment, run_id)`."""

    def wait_for_completion(  # pyright: ignore[reportIncompatibleMethodOverride] - SDK v1's: it has another signature, and gives a word
        self, show_output: bool = True, timeout_seconds: float = _AT_MOST, raise_on_error: bool = True
    ) -> str:
        """Its status, once it is over. ActivityFailedException for one that failed; TimeoutError after so long."""
        return _waited(self, show_output, timeout_seconds, raise_on_error)

    # ── its steps ──

    def get_children(
        self,
        recursive: bool = False,
        tags: str | Mapping[str, str] | None = None,
        properties: str | Mapping[str, str] | None = None,
        type: str | None = None,
        status: str | None = None,
        **_: object,
    ) -> "Iterator[StepRun]":
        """The runs of its steps, newest first."""
        for job in jobs.select(self._workspace, Filter(status=status or "", parent=self.id)):
            child = StepRun(self.experiment, job.name, self.id)
            if has_marks(job.tags, tags) and has_marks(job.properties, properties) and type in {None, child.type}:
                yield child

    def get_steps(self) -> "Iterator[StepRun]":
        """The same."""
        return self.get_children()

    def find_step_run(self, name: str) -> "list[StepRun]":
        """The runs of the steps of that name: one, or none."""
        return [step for step in self.get_children() if name in {step.name, step.key}]

    def get_pipeline_output(self, pipeline_output_name: str) -> "PortDataReference":
        """What one of its steps made under that name. UserErrorException with the nearest name."""
        known = dict[str, StepRun]()
        for step in self.get_children():
            known |= dict.fromkeys(step.output_names, step)
        if pipeline_output_name not in known:
            raise UserErrorException(
                f"The pipeline has no output '{pipeline_output_name}'.",
                resolution=did_you_mean(pipeline_output_name, known),
            )
        return known[pipeline_output_name].get_output_data(pipeline_output_name)

    def publish_pipeline(
        self,
        name: str,
        description: str | None,
        version: str | None,
        continue_on_step_failure: bool | None = None,
        **_: object,
    ) -> "PublishedPipeline":
        """Keep the pipeline with the code that ran, to be submitted by its id."""
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


class StepRun(Run):
    """The run of a step."""

    def __init__(self, experiment: "Experiment", step_run_id: str, pipeline_run_id: str = "", **_: object) -> None:
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

    def wait_for_completion(  # pyright: ignore[reportIncompatibleMethodOverride] - as a pipeline's
        self, show_output: bool = True, timeout_seconds: float = _AT_MOST, raise_on_error: bool = True
    ) -> str:
        """Its status, once it is over. ActivityFailedException for one that failed; TimeoutError after so long."""
        return _waited(self, show_output, timeout_seconds, raise_on_error)

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


class PortDataReference:
    """What a step made: to be downloaded."""

    def __init__(self, run: StepRun, name: str) -> None:
        self._run, self.name = run, name

    @property
    def path_on_datastore(self) -> str:
        """Where SDK v1 says it is: `azureml/<run>/<output>`."""
        return f"azureml/{self._run.id}/{self.name}"

    def download(
        self, local_path: str | Path, overwrite: bool | None = None, show_progress: bool | None = None, **_: object
    ) -> int:
        """Copy its files to `<local_path>/azureml/<run>/<output>/`; how many files came."""
        found = matched(self._run.experiment.workspace.client.workspace, self._address)
        target, count = Path(local_path, self.path_on_datastore), 0
        for file in found.files:
            copy = target / file.relative_to(found.root)
            if overwrite is not False or not copy.exists():
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file, copy)
                count += 1
        return count

    @property
    def address(self) -> str:
        """SDK v2's address of where it is (ours)."""
        return places.locate(self._run.experiment.workspace.client.workspace, self._address).address

    @property
    def _address(self) -> str:
        return f"azureml://jobs/{self._run.id}/outputs/{self.name}"


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


def _waited(run: Run, show_output: bool, timeout: float, raise_on_error: bool) -> str:
    """The status at the end; a limit is waited for first, so that the log of a run in time is whole."""
    if timeout < _AT_MOST:
        run.experiment.workspace.client.jobs.wait(run.id, timeout)
    Run.wait_for_completion(run, show_output=show_output, raise_on_error=raise_on_error)
    return run.get_status()

"""SDK v1's run outside of a job: what is logged is printed, nothing is kept. And how a script finds its own run."""

import os
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from jupyter_aml.entities.job_record import JobRecord
from jupyter_aml.operations.run_uploads import Source
from jupyter_aml.v1.arguments import meaningless
from jupyter_aml.v1.core import logged
from jupyter_aml.v1.core.exceptions import RunEnvironmentException
from jupyter_aml.v1.core.experiment import Experiment
from jupyter_aml.v1.core.run import OWN_JOB, Run
from jupyter_aml.v1.core.run_details import Details
from jupyter_aml.v1.core.run_marks import text_of
from jupyter_aml.v1.core.run_metrics import Plot
from jupyter_aml.v1.core.workspace import Workspace

_NOT_KEPT: Final = "nothing is kept of it"


def context(*, allow_offline: bool) -> Run:
    """The run of the job that this process is in; RunEnvironmentException where there is none, unless allowed."""
    if run := os.environ.get(OWN_JOB):
        return Run.get(Workspace.default(), run)
    if allow_offline:
        return OfflineRun()
    raise RunEnvironmentException(
        "Could not load a submitted run, if outside of an execution context, use experiment.start_logging to "
        "initialize an azureml.core.Run."
    )


class OfflineRun(Run):
    """A run that is none: a script that is tried out by hand goes through, and nothing of it is kept.

    RunEnvironmentException for what only a run that was kept can tell.
    """

    def __init__(self, run_id: str | None = None, name: str | None = None) -> None:
        self.id = run_id or f"OfflineRun_{uuid.uuid4()}"
        self._said = {"name": name or self.id, "description": ""}
        self._tags: dict[str, str] = {}
        self._properties: dict[str, str] = {}

    @property
    def _record(self) -> JobRecord:
        raise RunEnvironmentException(
            f"'{self.id}' is an offline run: nothing is kept of it, so there is nothing to be found.",
            resolution="Submit the script, or begin a run with experiment.start_logging().",
        )

    @property
    def display_name(self) -> str:
        return self._said["name"]

    @display_name.setter
    def display_name(self, text: str) -> None:
        self._said["name"] = text

    @property
    def description(self) -> str:
        return self._said["description"]

    @description.setter
    def description(self, text: str) -> None:
        self._said["description"] = text

    @property
    def experiment(self) -> Experiment:
        return Experiment(Workspace.default(), "offline")

    @property
    def type(self) -> str | None:
        return None

    @property
    def parent(self) -> Run | None:
        return None

    @property
    def tags(self) -> dict[str, str]:
        return dict(self._tags)

    @property
    def properties(self) -> dict[str, str]:
        return dict(self._properties)

    @property
    def input_datasets(self) -> dict[str, Any]:
        return {}

    @property
    def output_datasets(self) -> dict[str, Any]:
        return {}

    def get_status(self) -> str:
        return "Running"

    def get_portal_url(self) -> str:
        return ""

    def get_details(self) -> Details:
        return {"runId": self.id, "status": "Running", "properties": self.properties, "logFiles": {}}

    def get_details_with_logs(self) -> Details:
        return self.get_details()

    def get_file_names(self) -> list[str]:
        return []

    def get_metrics(
        self,
        name: str | None = None,
        recursive: bool = False,
        run_type: str | None = None,
        populate: bool = False,
    ) -> dict[str, Any]:
        meaningless(_NOT_KEPT, name=name, recursive=recursive, run_type=run_type, populate=populate)
        return {}

    def get_children(self, *given: object, **filters: object) -> Iterator[Run]:
        meaningless(_NOT_KEPT, given=given, filters=filters)
        return iter(())

    def log(self, name: str, value: object, description: str = "", step: int | None = None) -> None:
        meaningless(_NOT_KEPT, description=description, step=step)
        _say("scalar metric", name, value)

    def log_list(self, name: str, value: object, description: str = "") -> None:
        meaningless(_NOT_KEPT, description=description)
        _say("list metric", name, logged.several(value))

    def log_row(self, name: str, description: str | None = None, **kwargs: object) -> None:
        meaningless(_NOT_KEPT, description=description)
        _say("row metric", name, kwargs)

    def log_table(self, name: str, value: object, description: str = "") -> None:
        meaningless(_NOT_KEPT, description=description)
        _say("table metric", name, value)

    def log_image(self, name: str, path: str | None = None, plot: Plot | None = None, description: str = "") -> None:
        meaningless(_NOT_KEPT, description=description)
        _say("image metric", name, path or plot)

    def _document(self, name: str, kind: str, value: object) -> None:
        _say(f"{kind} metric", name, value)

    def _keep(self, files: Sequence[tuple[str, Source]]) -> None:
        for name, source in files:
            print(f"Attempted to upload {source if isinstance(source, Path) else 'a stream'} as {name}")

    def set_tags(self, tags: Mapping[str, object]) -> None:
        self._tags |= {key: text_of(value) for key, value in tags.items()}

    def remove_tags(self, tags: Iterable[str]) -> None:
        for name in tags:
            self._tags.pop(name, None)

    def add_properties(self, properties: Mapping[str, object]) -> None:
        self._properties |= {key: text_of(value) for key, value in properties.items()}

    def child_run(self, name: str | None = None, run_id: str | None = None, outputs: object = None) -> Run:
        meaningless(_NOT_KEPT, outputs=outputs)
        return OfflineRun(run_id, name)

    def complete(self, _set_status: bool = True) -> None:
        """Nothing was begun."""

    def fail(self, error_details: object = None, error_code: str | None = None, _set_status: bool = True) -> None:
        """Nothing was begun."""

    def cancel(self) -> object:
        """Nothing was begun."""

    def wait_for_completion(
        self,
        show_output: bool = False,
        wait_post_processing: bool = False,
        raise_on_error: bool = True,
    ) -> Details:
        """Nothing was begun, so nothing is waited for."""
        meaningless(
            _NOT_KEPT, show=show_output, wait_post_processing=wait_post_processing, raise_on_error=raise_on_error
        )
        return self.get_details()

    def __repr__(self) -> str:
        """It has nothing but its id."""
        return f"OfflineRun({self.id})"

    def _repr_html_(self) -> str | None:
        """There is no table of it: IPython shows its text."""
        return None


def _say(kind: str, name: str, value: object) -> None:
    print(f"Attempted to log {kind} {name}:\n{value}")

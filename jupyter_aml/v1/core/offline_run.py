"""SDK v1's run outside of a job: what is logged is printed, nothing is kept. And how a script finds its own run."""

import os
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any, Final

from jupyter_aml.v1.arguments import meaningless
from jupyter_aml.v1.core import logged
from jupyter_aml.v1.core.exceptions import RunEnvironmentException
from jupyter_aml.v1.core.experiment import Experiment
from jupyter_aml.v1.core.run import OWN_JOB, Run
from jupyter_aml.v1.core.run_details import Details
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
    """A run that is none: a script that is tried out by hand goes through, and nothing of it is kept."""

    def __init__(self, run_id: str | None = None) -> None:
        self.id = run_id or f"OfflineRun_{uuid.uuid4()}"
        self._tags: dict[str, str] = {}
        self._properties: dict[str, str] = {}

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

    def get_file_names(self) -> list[str]:
        return []

    def get_metrics(
        self,
        name: str | None = None,
        *,
        recursive: bool = False,
        run_type: str | None = None,
        populate: bool = False,
    ) -> dict[str, Any]:
        meaningless(_NOT_KEPT, name=name, recursive=recursive, run_type=run_type, populate=populate)
        return {}

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

    def upload_file(
        self, name: str, path_or_stream: str | os.PathLike[str] | IO[bytes], datastore_name: str | None = None
    ) -> None:
        meaningless(_NOT_KEPT, datastore_name=datastore_name)
        said = path_or_stream if isinstance(path_or_stream, str | Path) else "a stream"
        print(f"Attempted to upload {said} as {name}")

    def set_tags(self, tags: Mapping[str, object]) -> None:
        self._tags |= {key: str(value) for key, value in tags.items()}

    def add_properties(self, properties: Mapping[str, object]) -> None:
        self._properties |= {key: str(value) for key, value in properties.items()}

    def child_run(self, name: str | None = None, run_id: str | None = None, outputs: object = None) -> Run:
        meaningless(_NOT_KEPT, name=name, outputs=outputs)
        return OfflineRun(run_id)

    def complete(self, _set_status: bool = True) -> None:
        """Nothing was begun."""

    def fail(self, error_details: object = None, error_code: str | None = None, _set_status: bool = True) -> None:
        """Nothing was begun."""

    def cancel(self) -> object:
        """Nothing was begun."""

    def __repr__(self) -> str:
        """It has nothing but its id."""
        return f"OfflineRun({self.id})"


def _say(kind: str, name: str, value: object) -> None:
    print(f"Attempted to log {kind} {name}:\n{value}")

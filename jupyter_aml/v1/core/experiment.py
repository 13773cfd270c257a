"""SDK v1's Experiment: a name under which runs are submitted. Nothing is run here."""

import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from jupyter_aml.entities.names import checked
from jupyter_aml.exceptions import EmptyDirectoryError, UserErrorException
from jupyter_aml.operations import interactive, jobs
from jupyter_aml.store.jobs import Filter
from jupyter_aml.v1.core.run import Run, has_marks, run_of
from jupyter_aml.v1.core.workspace import Workspace

_Run_co = TypeVar("_Run_co", bound=Run, covariant=True)


class Config(Protocol, Generic[_Run_co]):
    """Whatever can be submitted: it makes its job of itself, and knows which kind of run that is."""

    def submitted(self, experiment: "Experiment", tags: Mapping[str, str]) -> _Run_co:
        """The run, which has only just been wished."""
        ...


class Experiment:
    """Runs under one name. It comes into being with its first run.

    Raises ValidationException for a name that Azure would not take.
    """

    def __init__(self, workspace: Workspace, name: str, **_: object) -> None:
        self.workspace = workspace
        self.name = checked("experiment", name)

    @property
    def id(self) -> str:
        """MLflow's id of it."""
        return self.workspace.client.workspace.runs.experiment_id(self.name)

    @property
    def workspace_object(self) -> Workspace:
        """Its workspace, under an older name."""
        return self.workspace

    def submit(self, config: Config[_Run_co], tags: Mapping[str, str] | None = None, **options: Any) -> _Run_co:  # noqa: ANN401 - of a pipeline: its own
        """Submit a ScriptRunConfig, a HyperDriveConfig or a Pipeline; it runs on its own from here."""
        if not hasattr(config, "submitted"):
            raise UserErrorException(
                f"submit: a {type(config).__name__} cannot be submitted.",
                resolution="Give a ScriptRunConfig, a HyperDriveConfig or a Pipeline.",
            )
        return config.submitted(self, tags or {}, **options)

    def start_logging(
        self,
        outputs: object = None,
        snapshot_directory: str | None = ".",
        display_name: str | None = None,
        **_: object,
    ) -> Run:
        """A run that is a part of this process, until it is completed. The folder is frozen as its code."""
        workspace, run_id = self.workspace.client.workspace, str(uuid.uuid4())
        code = Path(snapshot_directory) if snapshot_directory else None
        try:
            made = interactive.begin(workspace, self.name, name=run_id, display_name=display_name or "", code=code)
        except EmptyDirectoryError:
            made = interactive.begin(workspace, self.name, name=run_id, display_name=display_name or "")
        return Run(self, made.name)

    def get_runs(
        self,
        type: str | None = None,
        tags: str | Mapping[str, str] | None = None,
        properties: str | Mapping[str, str] | None = None,
        status: str | None = None,
        include_children: bool = False,
    ) -> Iterator[Run]:
        """Its runs, newest first: of that kind, with these tags and properties, in that status."""
        which = Filter(self.name, status or "", None if include_children else "")
        for job in jobs.select(self.workspace.client.workspace, which):
            run = run_of(self, job.name, job.type)
            if has_marks(job.tags, tags) and has_marks(job.properties, properties) and type in {None, run.type}:
                yield run

    @staticmethod
    def list(workspace: Workspace, experiment_name: str | None = None, **_: object) -> "list[Experiment]":
        """The experiments of a workspace, or the one of that name."""
        return [found for name, found in workspace.experiments.items() if experiment_name in {None, name}]

    def get_portal_url(self) -> str:
        """Where the workspace's runs are kept."""
        return self.workspace.client.workspace.folder.artifact_root.absolute().as_uri()

    def get_docs_url(self) -> str:
        """Azure's own page about it."""
        return "https://learn.microsoft.com/python/api/azureml-core/azureml.core.experiment.experiment"

    def __repr__(self) -> str:
        """As SDK v1 prints it."""
        return f"Experiment(Name: {self.name},\nWorkspace: {self.workspace.name})"

    def _repr_html_(self) -> str:
        """Azure's own small table."""
        head = "".join(f"<th>{name}</th>" for name in ("Name", "Workspace", "Report Page"))
        link = f'<a href="{self.get_portal_url()}">Link to the runs</a>'
        return (
            f"<table><tr>{head}</tr><tr><td>{self.name}</td><td>{self.workspace.name}</td><td>{link}</td></tr></table>"
        )

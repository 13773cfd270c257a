"""SDK v1's Experiment: a name under which runs are submitted. Nothing is run here."""

import uuid
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Any, Final, Generic, Protocol, TypeVar

from jupyter_aml.entities.names import checked
from jupyter_aml.exceptions import EmptyDirectoryError, UserErrorException, did_you_mean
from jupyter_aml.operations import experiments, interactive, jobs
from jupyter_aml.operations.workspaces import Workspace as OpenWorkspace
from jupyter_aml.store.jobs import Filter
from jupyter_aml.v1.arguments import refuse, refuse_others
from jupyter_aml.v1.core.run import Run, has_marks, run_of
from jupyter_aml.v1.core.run_marks import text_of
from jupyter_aml.v1.core.workspace import Workspace

_Run_co = TypeVar("_Run_co", bound=Run, covariant=True)
_VIEWS: Final[Mapping[str, bool | None]] = {"ActiveOnly": False, "ArchivedOnly": True, "All": None}


class Config(Protocol, Generic[_Run_co]):
    """Whatever can be submitted: it makes its job of itself, and knows which kind of run that is."""

    def submitted(self, experiment: "Experiment", tags: Mapping[str, str]) -> _Run_co:
        """The run, which has only just been wished."""
        ...


class Experiment:
    """Runs under one name. It comes into being with its first run.

    Raises ValidationException for a name that Azure would not take.
    """

    def __init__(self, workspace: Workspace, name: str, **others: object) -> None:
        refuse_others("Experiment", others, "workspace", "name")
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
        **others: object,
    ) -> Run:
        """A run that is a part of this process, until it is completed. The folder is frozen as its code.

        UnsupportedFieldError for a folder of `outputs`: nobody watches it.
        """
        refuse_others("start_logging", others, "outputs", "snapshot_directory", "display_name")
        refuse("start_logging", "Keep the folder when it is done: run.upload_folder(name, path).", outputs=outputs)
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
    def list(
        workspace: Workspace,
        experiment_name: str | None = None,
        view_type: str = "ActiveOnly",
        tags: str | Mapping[str, str] | None = None,
    ) -> "list[Experiment]":
        """The experiments of a workspace, or the one of that name: `ActiveOnly`, `ArchivedOnly` or `All`; so tagged."""
        if view_type not in _VIEWS:
            raise UserErrorException(f"view_type: '{view_type}'.", resolution=did_you_mean(view_type, _VIEWS))
        names = experiments.names(workspace.client.workspace, archived=_VIEWS[view_type])
        found = [workspace.experiment(name) for name in names if experiment_name in {None, name}]
        return [one for one in found if tags is None or has_marks(one.tags, tags)]

    # ── what is said of it ──

    @property
    def tags(self) -> dict[str, str]:
        """Its tags."""
        return experiments.tags(self._open, self.name)

    def tag(self, key: str, value: object = None) -> None:
        """Set a tag, with a value or without one."""
        self.set_tags({key: value})

    def set_tags(self, tags: Mapping[str, object]) -> None:
        """Set these tags; the others stay. MLflow sees them too."""
        experiments.set_tags(self._open, self.name, {key: text_of(value) for key, value in tags.items()})

    def remove_tags(self, tags: Iterable[str]) -> None:
        """Take these tags away."""
        experiments.remove_tags(self._open, self.name, tags)

    @property
    def archived_time(self) -> datetime | None:
        """Since when it is archived; None when it is not."""
        since = experiments.archived_at(self._open, self.name)
        return None if since is None else datetime.fromtimestamp(since, UTC)

    def archive(self) -> None:
        """Hide it from lists until it is reactivated, or has another run."""
        experiments.archive(self._open, self.name)

    def reactivate(self, new_name: str | None = None) -> None:
        """Show it in lists again. UnsupportedFieldError for another name: SDK v1 does not take one any more."""
        refuse("experiment.reactivate", "It keeps its name.", new_name=new_name)
        experiments.archive(self._open, self.name, archived=False)

    @staticmethod
    def delete(workspace: Workspace, experiment_id: str) -> None:
        """Delete an experiment that has no runs, by its id. UserErrorException while it has some: archive it."""
        experiments.delete(workspace.client.workspace, str(experiment_id))

    def refresh(self) -> None:
        """Nothing to do: what it tells is read when it is asked for."""

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
        link = f'<a href="{escape(self.get_portal_url())}">Link to the runs</a>'
        row = "".join(f"<td>{cell}</td>" for cell in (escape(self.name), escape(self.workspace.name), link))
        return f"<table><tr>{head}</tr><tr>{row}</tr></table>"

    @property
    def _open(self) -> OpenWorkspace:
        return self.workspace.client.workspace

"""SDK v1's PipelineEndpoint: one name and address over published pipelines. It finds and asks; nothing is run here."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import TYPE_CHECKING, Any

from jupyter_aml.entities.resource_record import ResourceRecord
from jupyter_aml.exceptions import ResourceNotFoundError, UserErrorException
from jupyter_aml.operations import pipeline_endpoints
from jupyter_aml.operations.pipeline_endpoints import ACTIVE, DISABLED
from jupyter_aml.v1.arguments import refuse_others
from jupyter_aml.v1.pipeline.core import endpoint
from jupyter_aml.v1.pipeline.core.pipeline import Pipeline
from jupyter_aml.v1.pipeline.core.published import PublishedPipeline
from jupyter_aml.v1.pipeline.core.run import PipelineRun, check_others

if TYPE_CHECKING:
    from jupyter_aml.v1.core.experiment import Experiment
    from jupyter_aml.v1.core.workspace import Workspace

__all__ = ["PipelineEndpoint", "PipelineIdVersion", "PipelineVersion"]


@dataclass(frozen=True, slots=True)
class PipelineIdVersion:
    """A version of an endpoint, and the id of its published pipeline."""

    version: str
    pipeline_id: str


@dataclass(frozen=True, slots=True)
class PipelineVersion:
    """A version of an endpoint, and its published pipeline."""

    version: str
    pipeline: PublishedPipeline


class PipelineEndpoint:
    """Published pipelines under one name. Made by `PipelineEndpoint.publish`, found by `get` and `list`.

    What it tells is what is kept now, whoever changed it.
    """

    def __init__(self, workspace: "Workspace", id: str) -> None:
        self.workspace, self.id = workspace, id

    # ── which ones there are ──

    @staticmethod
    def publish(
        workspace: "Workspace",
        name: str,
        description: str | None,
        pipeline: Pipeline | PublishedPipeline,
        **others: object,
    ) -> "PipelineEndpoint":
        """A new endpoint; its version 0 is the pipeline, published if need be. UserErrorException for a taken name."""
        refuse_others("PipelineEndpoint.publish", others, "workspace", "name", "description", "pipeline")
        open_ = workspace.client.workspace
        if not name or any(one.spec["name"] == name for one in pipeline_endpoints.every(open_)):
            raise UserErrorException(
                f"name: a pipeline endpoint needs one that no other has; found {name!r}.",
                resolution="PipelineEndpoint.get(ws, name=…).add(pipeline) makes a new version.",
            )
        if isinstance(pipeline, Pipeline):
            called = f"{name}-{datetime.now().astimezone():%m-%d-%Y-%H-%M}-Pipeline"
            pipeline = pipeline.publish(called, f"Description for {called}")
        record = pipeline_endpoints.create(open_, name, description, _id(pipeline))
        return PipelineEndpoint(workspace, record.name)

    @staticmethod
    def get(
        workspace: "Workspace", id: str | None = None, name: str | None = None, **others: object
    ) -> "PipelineEndpoint":
        """The one of that id, or of that name. UserErrorException, with the nearest name, when there is none."""
        refuse_others("PipelineEndpoint.get", others, "workspace", "id", "name")
        if not (id or name):
            raise UserErrorException("PipelineEndpoint.get: either id or name is expected.")
        try:
            record = pipeline_endpoints.get(workspace.client.workspace, id or "", name or "")
        except ResourceNotFoundError as error:
            raise UserErrorException(error.message, resolution=error.resolution) from None
        return PipelineEndpoint(workspace, record.name)

    @staticmethod
    def every(
        workspace: "Workspace", active_only: bool = True, max_results: int = 100, **others: object
    ) -> "list[PipelineEndpoint]":
        """All of them, newest first, `max_results` at most; disabled ones too unless `active_only`."""
        refuse_others("PipelineEndpoint.list", others, "workspace", "active_only", "max_results")
        every = (PipelineEndpoint(workspace, one.name) for one in pipeline_endpoints.every(workspace.client.workspace))
        return [one for one in every if not active_only or one.status == ACTIVE][:max_results]

    # ── what it is ──

    @property
    def _record(self) -> ResourceRecord:
        return pipeline_endpoints.get(self.workspace.client.workspace, self.id)

    @property
    def name(self) -> str:
        """Its name."""
        return str(self._record.spec["name"])

    @property
    def description(self) -> str | None:
        """What was said of it."""
        return self._record.spec["description"]

    @property
    def status(self) -> str:
        """`Active`, or `Disabled`."""
        return str(self._record.spec["status"])

    @property
    def default_version(self) -> str:
        """The version that is run when none is named."""
        return str(self._record.spec["default_version"])

    def get_default_version(self) -> str:
        """The same."""
        return self.default_version

    @property
    def pipeline_version_list(self) -> "list[PipelineIdVersion]":
        """Its versions, the first one first, with the ids of their pipelines."""
        versions: Mapping[str, str] = self._record.spec["versions"]
        return [PipelineIdVersion(version, pipeline) for version, pipeline in versions.items()]

    def list_versions(self, **others: object) -> "list[PipelineVersion]":
        """Its versions, the first one first, with their pipelines."""
        refuse_others("list_versions", others)
        get = PublishedPipeline.get
        return [
            PipelineVersion(one.version, get(self.workspace, one.pipeline_id)) for one in self.pipeline_version_list
        ]

    def list_pipelines(self, active_only: bool = True, **others: object) -> "list[PublishedPipeline]":
        """The pipelines of its versions; disabled ones too unless `active_only`."""
        refuse_others("list_pipelines", others, "active_only")
        every = (one.pipeline for one in self.list_versions())
        return [one for one in every if not active_only or one.status == ACTIVE]

    def get_pipeline(self, version: str | None = None) -> PublishedPipeline:
        """The pipeline of a version, of the default one without. UserErrorException for a version that it lacks."""
        wanted = self.default_version if version is None else str(version)
        known = {one.version: one.pipeline_id for one in self.pipeline_version_list}
        if wanted not in known:
            raise UserErrorException(
                f"'{self.name}' has no version '{wanted}'.", resolution=f"It has {', '.join(known)}."
            )
        return PublishedPipeline.get(self.workspace, known[wanted])

    @property
    def endpoint(self) -> str:
        """Where `requests.post(endpoint, headers=…, json={"ExperimentName": …})` submits the default version.

        It answers while this process lives, to whoever has the whole address.
        """
        return endpoint.url(self, "PipelineEndpointSubmit")

    # ── what can be done ──

    def submit(
        self,
        experiment_name: str,
        pipeline_parameters: Mapping[str, Any] | None = None,
        parent_run_id: str | None = None,
        pipeline_version: str | None = None,
    ) -> PipelineRun:
        """Run a version, the default one if none is named. UserErrorException for an endpoint that is disabled."""
        check_others("submit", {"parent_run_id": parent_run_id})
        experiment = self.workspace.experiment(experiment_name)
        return self.submitted(experiment, {}, pipeline_parameters, pipeline_version=pipeline_version)

    def submitted(
        self,
        experiment: "Experiment",
        tags: Mapping[str, str],
        pipeline_parameters: Mapping[str, Any] | None = None,
        pipeline_version: str | None = None,
        **options: Any,  # noqa: ANN401 - those of a published pipeline
    ) -> PipelineRun:
        """The run of `experiment.submit(endpoint)`."""
        return self._active(pipeline_version).submitted(experiment, tags, pipeline_parameters, **options)

    def posted(self, experiment: str, said: Mapping[str, Any]) -> PipelineRun:
        """The run of a request at its address."""
        return self._active().posted(experiment, said)

    def _active(self, version: str | None = None) -> PublishedPipeline:
        if self.status != ACTIVE:
            raise UserErrorException(f"The endpoint '{self.name}' is disabled.", resolution="endpoint.enable()")
        return self.get_pipeline(version)

    def add(self, pipeline: PublishedPipeline) -> None:
        """One more version: that pipeline."""
        pipeline_endpoints.add(self.workspace.client.workspace, self.id, _id(pipeline))

    def add_default(self, pipeline: PublishedPipeline) -> None:
        """One more version, which is the default from now on."""
        pipeline_endpoints.add(self.workspace.client.workspace, self.id, _id(pipeline), is_default=True)

    def set_default_version(self, version: str) -> None:
        """Run this version when none is named. UserErrorException for one that it lacks."""
        self._change(default_version=str(version))

    def set_default(self, pipeline: PublishedPipeline) -> None:
        """Run the version of this pipeline when none is named. UserErrorException for one that it lacks."""
        found = [one.version for one in self.pipeline_version_list if one.pipeline_id == pipeline.id]
        if not found:
            raise UserErrorException(
                f"'{pipeline.name}' is no version of '{self.name}'.", resolution="endpoint.add_default(pipeline)"
            )
        self.set_default_version(found[-1])

    def set_name(self, name: str) -> None:
        """Call it otherwise. UserErrorException for a name that is taken."""
        self._change(name=name)

    def enable(self) -> None:
        """Let it be submitted."""
        self._change(status=ACTIVE)

    def disable(self) -> None:
        """Let nobody submit it."""
        self._change(status=DISABLED)

    def archive(self) -> None:
        """Disable it and free its name: it gets one that nobody would choose."""
        self._change(name=str(uuid.uuid4()), status=DISABLED)

    def reactivate(self, name: str) -> "PipelineEndpoint":
        """Enable one that was archived, under a name. UserErrorException for a name that is taken."""
        self._change(name=name, status=ACTIVE)
        return self

    def _change(self, **said: str) -> None:
        pipeline_endpoints.change(self.workspace.client.workspace, self.id, **said)

    list = get_all = every
    get_all_versions, get_all_pipelines = list_versions, list_pipelines

    def __repr__(self) -> str:
        """As SDK v1 prints it."""
        pipelines = [(one.version, one.pipeline_id) for one in self.pipeline_version_list]
        said = f"Name: {self.name},\nId: {self.id},\nDescription: {self.description},\nPipelines: {pipelines}"
        return f"PipelineEndpoint({said})"

    def _repr_html_(self) -> str:
        """Azure's own small table."""
        cells = {"Name": self.name, "Id": self.id, "Status": self.status, "Default version": self.default_version}
        head = "".join(f"<th>{escape(text)}</th>" for text in cells)
        row = "".join(f"<td>{escape(text)}</td>" for text in cells.values())
        return f"<table><tr>{head}</tr><tr>{row}</tr></table>"


def _id(pipeline: object) -> str:
    if not isinstance(pipeline, PublishedPipeline):
        raise UserErrorException(
            f"pipeline: a {type(pipeline).__name__} is no published one.", resolution="pipeline.publish(name)"
        )
    return pipeline.id

"""SDK v1's published pipelines: components of SDK v2 with frozen code. Kept and found; nothing is run here."""

import json
import re
import secrets
import shutil
import uuid
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from jupyter_aml.constants import ListViewType
from jupyter_aml.entities.component import Component, PipelineComponent
from jupyter_aml.entities.input_output import as_input
from jupyter_aml.entities.job_draft import plain_inputs
from jupyter_aml.entities.job_record import SNAPSHOT
from jupyter_aml.entities.names import SnapshotId
from jupyter_aml.entities.pipeline_job import PipelineJob
from jupyter_aml.entities.pipeline_plan import STEP
from jupyter_aml.exceptions import UserErrorException
from jupyter_aml.operations import jobs
from jupyter_aml.store.jobs import Filter
from jupyter_aml.v1.arguments import refuse_others
from jupyter_aml.v1.pipeline.core import endpoint
from jupyter_aml.v1.pipeline.core.graph import given
from jupyter_aml.v1.pipeline.core.outline import Graph, graph_of, save
from jupyter_aml.v1.pipeline.core.run import PipelineRun, called, check_others, submitted

if TYPE_CHECKING:
    from jupyter_aml.v1.core.experiment import Experiment
    from jupyter_aml.v1.core.workspace import Workspace

__all__ = ["PublishedPipeline"]

ID: Final = "azureml.pipelineid"
"""Tag of a component, property of a job and of a schedule: which published pipeline it is."""
_VERSION: Final = "azureml.v1.version"
_INPUTS: Final = "azureml.v1.inputs"
_SETTINGS: Final = "azureml.v1.settings"
_PROPERTIES: Final = "azureml.v1.properties"
_KEPT: Final = "code_snapshot"
_ACTIVE: Final = "Active"
_ODD: Final = re.compile(r"[^a-z0-9_]+")


class PublishedPipeline:
    """A pipeline as it was when it was published. `PublishedPipeline.get(workspace, id)` finds it again."""

    def __init__(self, workspace: "Workspace", component: Component) -> None:
        self.workspace, self._component = workspace, component

    # ── which ones there are ──

    @staticmethod
    def get(workspace: "Workspace", id: str, **others: object) -> "PublishedPipeline":
        """The one of that id. UserErrorException when there is none."""
        refuse_others("PublishedPipeline.get", others, "workspace", "id")
        for one in PublishedPipeline.every(workspace, active_only=False):
            if one.id == id:
                return one
        raise UserErrorException(f"There is no published pipeline '{id}'.", resolution="PublishedPipeline.list(ws)")

    @staticmethod
    def every(workspace: "Workspace", active_only: bool = True, **others: object) -> "list[PublishedPipeline]":
        """All of them, newest first; disabled ones too unless `active_only` (ours: SDK v1's `list`)."""
        refuse_others("PublishedPipeline.list", others, "workspace", "active_only")
        client = workspace.client.components
        view = ListViewType.ACTIVE_ONLY if active_only else ListViewType.ALL
        every = [
            one for name in {found.name or "" for found in client.list(list_view_type=view)}
            for one in client.list(name, list_view_type=view) if ID in one.tags
        ]  # fmt: skip
        every.sort(key=lambda one: str(one.creation_context and one.creation_context.created_at), reverse=True)
        return [PublishedPipeline(workspace, one) for one in every]

    # ── what it is ──

    @property
    def id(self) -> str:
        """Its id."""
        return self._component.tags[ID]

    @property
    def name(self) -> str:
        """Its name."""
        return self._component.display_name or self._component.name or ""

    @property
    def description(self) -> str | None:
        """What was said of it."""
        return self._component.description

    @property
    def version(self) -> str | None:
        """The version that somebody gave it."""
        return self._component.tags.get(_VERSION)

    @property
    def status(self) -> str:
        """`Active`, or `Disabled`."""
        name = self._component.name or ""
        active = {one.version for one in self.workspace.client.components.list(name)}
        return _ACTIVE if self._component.version in active else "Disabled"

    @property
    def continue_on_step_failure(self) -> bool:
        """Whether other steps go on when one has failed, if a submit does not say it."""
        return bool(json.loads(self._component.tags[_SETTINGS]).get("continue_on_step_failure"))

    @property
    def total_run_steps(self) -> int:
        """How many steps it has."""
        return len(self.get_step_names())

    def get_step_names(self) -> "list[str]":
        """What its steps are called."""
        return [node.name for node in self.get_graph().nodes]

    def get_graph(self) -> Graph:
        """Its steps, and what they hand on."""
        return graph_of(self.job())

    def save(self, path: str | Path | None = None) -> None:
        """Write its YAML, as SDK v2 reads it: to a file, or as `pipeline.yml` into a folder, here by default."""
        save(self.job(), path)

    @property
    def endpoint(self) -> str:
        """Where `requests.post(endpoint, headers=…, json={"ExperimentName": …})` submits it.

        It answers while this process lives, to whoever has the whole address.
        """
        return endpoint.url(self)

    # ── what can be done ──

    def submit(
        self,
        workspace: "Workspace",
        experiment_name: str,
        pipeline_parameters: Mapping[str, Any] | None = None,
        _workflow_provider: object = None,
        _service_endpoint: object = None,
        parent_run_id: str | None = None,
        continue_on_step_failure: bool | None = None,
        regenerate_outputs: bool | None = None,
        **others: Any,  # noqa: ANN401 - those that `check_others` knows
    ) -> "PipelineRun":
        """Run it, its parameters with these values. UserErrorException for one that is disabled."""
        check_others("submit", {**others, "parent_run_id": parent_run_id})
        asked = (pipeline_parameters, continue_on_step_failure, regenerate_outputs)
        return self._run(workspace, experiment_name, {}, *asked)

    def submitted(
        self,
        experiment: "Experiment",
        tags: Mapping[str, str],
        pipeline_parameters: Mapping[str, Any] | None = None,
        continue_on_step_failure: bool | None = None,
        regenerate_outputs: bool | None = None,
        **others: Any,  # noqa: ANN401 - as above
    ) -> "PipelineRun":
        """The run of `experiment.submit(published)`."""
        check_others("experiment.submit", others)
        asked = (pipeline_parameters, continue_on_step_failure, regenerate_outputs)
        return self._run(experiment.workspace, experiment.name, tags, *asked)

    def posted(self, experiment: str, said: Mapping[str, Any]) -> "PipelineRun":
        """The run of a request at its address."""
        tags = {name: str(value) for name, value in said.get("tags", {}).items()}
        options = {name: value for name, value in said.items() if name != "tags"}
        return self.submitted(self.workspace.experiment(experiment), tags, **options)

    def _run(
        self,
        workspace: "Workspace",
        experiment: str,
        tags: Mapping[str, str],
        values: Mapping[str, Any] | None,
        continue_on_step_failure: bool | None,
        regenerate_outputs: bool | None,
    ) -> "PipelineRun":
        if self.status != _ACTIVE:
            raise UserErrorException(f"The pipeline '{self.name}' is disabled.", resolution="pipeline.enable()")
        draft = self.job(values)
        if continue_on_step_failure is not None:
            draft.settings.continue_on_step_failure = continue_on_step_failure
        if regenerate_outputs is not None:
            draft.settings.force_rerun = regenerate_outputs
        return submitted(workspace.experiment(experiment), draft, tags)

    def disable(self) -> None:
        """Let nobody submit it. Its schedules and runs stay."""
        self.workspace.client.components.archive(self._component.name or "", self._component.version)

    def enable(self) -> None:
        """Show it again."""
        self.workspace.client.components.restore(self._component.name or "", self._component.version)

    def job(self, values: Mapping[str, Any] | None = None) -> PipelineJob:
        """SDK v2's draft of it, its parameters with these values (ours)."""
        steps = _with_code(self.workspace, dict(vars(self._component)["jobs"]), {})
        known = {name: as_input(one) for name, one in json.loads(self._component.tags[_INPUTS]).items()}
        return PipelineJob.of({
            "jobs": steps, "inputs": given(known, values or {}), "display_name": self.name,
            "settings": json.loads(self._component.tags[_SETTINGS]),
            "outputs": {name: {"type": port.type} for name, port in self._component.outputs.items()},
            "properties": {**json.loads(self._component.tags.get(_PROPERTIES, "{}")), ID: self.id},
        })  # fmt: skip

    list = get_all = every

    def __repr__(self) -> str:
        """As SDK v1 prints it."""
        return f"Pipeline(Name: {self.name},\nId: {self.id},\nStatus: {self.status})"

    def _repr_html_(self) -> str:
        """Azure's own small table."""
        cells = {"Name": self.name, "Id": self.id, "Status": self.status}
        head, row = (
            "".join(f"<t{kind}>{escape(text)}</t{kind}>" for text in some)
            for kind, some in zip("hd", (cells, cells.values()), strict=True)
        )
        return f"<table><tr>{head}</tr><tr>{row}</tr></table>"


def published(
    workspace: "Workspace", draft: PipelineJob, name: str, description: str | None, version: str | None
) -> PublishedPipeline:
    """A draft as a published pipeline: a version of the component of its name."""
    spec = draft.spec()
    inputs: Mapping[str, Any] = plain_inputs(draft.inputs)
    tags = {
        ID: str(uuid.uuid4()), _INPUTS: json.dumps(inputs), _SETTINGS: json.dumps(spec.get("settings") or {}),
        **({_VERSION: version} if version else {}), _PROPERTIES: json.dumps(called(draft.properties)),
    }  # fmt: skip
    component = PipelineComponent.of({
        "name": _legal(name), "display_name": name, "description": description, "tags": tags, "jobs": spec["jobs"],
        "inputs": {key: {"type": one.type} for key, one in draft.inputs.items()},
        "outputs": {key: {"type": one.type} for key, one in draft.outputs.items()},
    })  # fmt: skip
    return PublishedPipeline(workspace, workspace.client.components.create_or_update(component))


def published_run(
    run: "PipelineRun", name: str, description: str | None, version: str | None, continue_on_step_failure: bool | None
) -> PublishedPipeline:
    """The pipeline of a run, with the code that its steps ran."""
    workspace = run.experiment.workspace
    draft: Any = workspace.client.jobs.get(run.id)
    draft = draft()
    children = jobs.select(workspace.client.workspace, Filter(parent=run.id))
    ran = {child.properties.get(STEP, ""): child.properties.get(SNAPSHOT, "") for child in children}
    fields = {**draft.spec(), "name": None, "component": None, "jobs": run.whole().spec()["jobs"]}
    again = PipelineJob.of({**fields, "jobs": _with_code(workspace, fields["jobs"], ran)})
    again.settings.force_rerun = None
    again.properties = {**again.properties, **called(run.properties)}
    if continue_on_step_failure is not None:
        again.settings.continue_on_step_failure = continue_on_step_failure
    return published(workspace, again, name, description, version)


def _with_code(workspace: "Workspace", steps: Mapping[str, Any], ran: Mapping[str, str]) -> dict[str, Any]:
    """Steps whose code is a copy of what was frozen of it: when the step ran, or with the component."""
    made = dict[str, Any]()
    for name, step in steps.items():
        held: Any = step.get(_held(step))
        snapshot = ran.get(name) or (held.get(_KEPT) if isinstance(held, dict) else "")
        made[name] = _moved(step, _folder(workspace, snapshot)) if snapshot else step
    return made


def _held(step: Mapping[str, Any]) -> str:
    """Where a step holds its component: a sweep has it as its trial."""
    return "trial" if "trial" in step else "component"


def _moved(step: Mapping[str, Any], code: str) -> dict[str, Any]:
    """A step whose code lies in another folder: that of a parallel step stands in its task, there and within."""
    key = _held(step)
    component: Mapping[str, Any] = step[key]
    if "task" not in component:
        return {**step, key: {**component, "code": code}}
    own = {"task": {**step["task"], "code": code}} if "task" in step else {}
    return {**step, **own, key: {**component, "task": {**component["task"], "code": code}}}


def _folder(workspace: "Workspace", snapshot: str) -> str:
    """The folder with a snapshot's files; it appears whole."""
    open_ = workspace.client.workspace
    place = open_.folder.codes / snapshot
    if not place.exists():
        beside = place.with_name(f".{secrets.token_hex(8)}")
        open_.snapshots.restore(SnapshotId(snapshot), beside)
        try:
            beside.rename(place)
        except OSError:  # somebody else was first
            shutil.rmtree(beside)
    return str(place)


def _legal(name: str) -> str:
    base = _ODD.sub("_", name.lower()).strip("_") or "pipeline"
    return base if base[0].isalpha() else f"pipeline_{base}"

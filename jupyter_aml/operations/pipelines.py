"""Pipeline jobs: checked, frozen step by step, wished. No step is begun here."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Protocol

from jupyter_aml.entities.bindings import binding
from jupyter_aml.entities.input_output import Input
from jupyter_aml.entities.job_folder import pipeline_template
from jupyter_aml.entities.job_record import JobRecord, Spec
from jupyter_aml.entities.launch import InputSpec, Launch
from jupyter_aml.entities.names import ComputeName, JobName, checked, default_experiment
from jupyter_aml.entities.pipeline_plan import OutputOf, PipelinePlan, StepPlan
from jupyter_aml.entities.status import JobStatus
from jupyter_aml.entities.sweep_plan import ANY_TRIAL, Plain
from jupyter_aml.exceptions import UnsupportedFieldError, ValidationException, did_you_mean
from jupyter_aml.operations import inputs, jobs, orchestrators
from jupyter_aml.operations.pipeline_steps import (
    Around,
    at,
    choice_step,
    command_step,
    component_of,
    interface,
    sweep_step,
)
from jupyter_aml.operations.workspaces import Workspace

_STEPS: Final = {"command": command_step, "sweep": sweep_step}


class PipelineDraft(Protocol):
    """What is read of a pipeline job that somebody has edited."""

    name: str | None
    display_name: str | None
    description: str | None
    inputs: Mapping[str, Input]
    tags: Mapping[str, str]
    properties: Mapping[str, str]

    def spec(self) -> dict[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Frozen:
    """A pipeline that passed: its row, its program's launch, and what that is told."""

    record: JobRecord
    launch: Launch
    plan: PipelinePlan


def submit(workspace: Workspace, draft: PipelineDraft) -> JobRecord:
    """Freeze the pipeline and wish it run; what is returned has only just been wished.

    Raises AuthorizationError first, then by its path what is said against a step, and ResourceExistsError when the
    name is taken.
    """
    name = jobs.named(workspace, draft.name, "code")
    found = frozen(workspace, draft, name)
    jobs.free(workspace, name)
    orchestrators.keep(pipeline_template(workspace.folder.jobs, name), found.plan.to_json())
    return jobs.enter(workspace, found.record, found.launch)


def frozen(workspace: Workspace, draft: PipelineDraft, name: JobName) -> Frozen:
    """The pipeline as it will be kept; code and data are kept from now on.

    Raises ValidationException (by the field's path) or ResourceNotFoundError (with the nearest name).
    """
    spec = draft.spec()
    experiment = checked("experiment", spec.get("experiment_name") or default_experiment(Path.cwd().name))
    inputs.check_inputs(workspace, draft.inputs)
    pinned = inputs.pinned(workspace, draft.inputs)
    around = _around(workspace, spec, experiment, "", "")
    plan = replace(_plan(around, spec), inputs=inputs.input_specs(workspace, pinned))
    shown = _shown(spec, pinned, plan.inputs) | {"experiment_name": experiment}
    record = JobRecord(
        name, "pipeline", JobStatus.NOT_STARTED, experiment, draft.display_name or name, _compute(around), shown,
        time.time(), description=draft.description or "", max_attempts=orchestrators.ATTEMPTS, tags=dict(draft.tags),
        properties=dict(draft.properties),
    )  # fmt: skip
    return Frozen(record, orchestrators.launch(workspace, name, "pipeline", experiment), plan)


def _compute(around: Around) -> ComputeName:
    """Where its steps run that do not say."""
    return ComputeName(around.compute.removeprefix("azureml:") or "serverless")


def _shown(spec: Spec, given: Mapping[str, Input], specs: Mapping[str, InputSpec]) -> Plain:
    """The pipeline's YAML from wherever it is read: uploaded data by its URI."""
    paths = {name: inputs.shown_path(one, specs[name]) for name, one in given.items() if one.path}
    own: Plain = dict(spec.get("inputs") or {})
    return {**spec, "inputs": {**own, **{name: {**own[name], "path": path} for name, path in paths.items()}}}


def _around(workspace: Workspace, spec: Spec, experiment: str, compute: str, datastore: str) -> Around:
    settings: Plain = dict(spec.get("settings") or {})
    own = settings.get("default_compute") or spec.get("compute") or compute
    store = settings.get("default_datastore") or datastore
    outputs = {name: dict(given or {}) for name, given in dict(spec.get("outputs") or {}).items()}
    return Around(workspace, experiment, str(own or ""), str(store or "").removeprefix("azureml:"), outputs)


def _plan(around: Around, spec: Spec) -> PipelinePlan:
    nodes: dict[str, Plain] = dict(spec.get("jobs") or {})
    if not nodes:
        raise ValidationException("jobs: required, and empty.", resolution="A pipeline has a step at least.")
    steps = _in_blocks(tuple(_step(around, name, node) for name, node in nodes.items()))
    _check_bindings(steps, spec)
    settings: Plain = dict(spec.get("settings") or {})
    return PipelinePlan(
        steps, outputs=_outputs(nodes),
        continue_on_step_failure=bool(settings.get("continue_on_step_failure")),
        force_rerun=bool(settings.get("force_rerun")),
        initial=_named(settings, "on_init", nodes), final=_named(settings, "on_finalize", nodes),
    )  # fmt: skip


def _step(around: Around, name: str, node: Plain) -> StepPlan:
    kind = str(node.get("type") or "command")
    with at(f"jobs.{name}"):
        if kind == "pipeline":
            return _nested(around, name, node)
        if kind == "if_else":
            return choice_step(around, name, node)
        if kind not in _STEPS:
            known = ", ".join([*_STEPS, "pipeline", "if_else"])
            raise UnsupportedFieldError(f"type: '{kind}' steps do not run here yet.", resolution=f"There is: {known}.")
        component = component_of(around.workspace, node.get("component") or node.get("trial"))
        return _STEPS[kind](around, name, node, component)


def _in_blocks(steps: tuple[StepPlan, ...]) -> tuple[StepPlan, ...]:
    """The steps of a block wait for the decision between it and the other one."""
    names = [step.name for step in steps]
    before = {inner: step.name for step in steps for block in step.blocks.values() for inner in block}
    for inner, step in before.items():
        if inner not in names:
            message = f"jobs.{step}: there is no step '{inner}'."
            raise ValidationException(message, resolution=did_you_mean(inner, names))
    return tuple(
        replace(step, after=(*step.after, before[step.name])) if step.name in before else step for step in steps
    )


def _nested(around: Around, name: str, node: Plain) -> StepPlan:
    """A pipeline within: its own inputs get their values when the step begins."""
    component = component_of(around.workspace, node.get("component"))
    seen = interface(around, node, component)
    spec = {**component, "outputs": seen.outputs, "settings": node.get("settings")}
    compute = str(node.get("compute") or around.compute)
    inner = _around(around.workspace, spec, around.experiment, compute, around.datastore)
    known = inputs.input_specs(around.workspace, inputs.pinned(around.workspace, seen.values))
    plan = replace(_plan(inner, spec), inputs=known)
    launch = orchestrators.launch(around.workspace, JobName(ANY_TRIAL), "pipeline", around.experiment)
    shown = {"type": "pipeline", "jobs": component.get("jobs"), "experiment_name": around.experiment}
    after = tuple(sorted({one.step for one in seen.bound.values() if one.step}))
    return StepPlan(
        name, "pipeline", launch.to_json(), shown, around.experiment, _compute(inner),
        max_attempts=orchestrators.ATTEMPTS,
        bound=seen.bound, after=after, plan=plan.to_json(), is_deterministic=False,
    )  # fmt: skip


def _outputs(nodes: Mapping[str, Plain]) -> dict[str, OutputOf]:
    """Which step's output each of the pipeline's own is."""
    found: dict[str, OutputOf] = {}
    for step, node in nodes.items():
        for output, given in dict(node.get("outputs") or {}).items():
            bound = binding(given)
            if bound and bound.kind == "output":
                found[bound.name] = OutputOf(step, output)
    return found


def _check_bindings(steps: tuple[StepPlan, ...], spec: Spec) -> None:
    """Every binding is to something that there is."""
    names, own = [step.name for step in steps], dict(spec.get("inputs") or {})
    for step in steps:
        for key, bound in step.bound.items():
            if bound.step and bound.step not in names:
                message = f"jobs.{step.name}.inputs.{key}: there is no step '{bound.step}'."
                raise ValidationException(message, resolution=did_you_mean(bound.step, names))
            if not bound.step and bound.name not in own:
                message = f"jobs.{step.name}.inputs.{key}: the pipeline has no input '{bound.name}'."
                raise ValidationException(message, resolution=did_you_mean(bound.name, own))


def _named(settings: Plain, setting: str, nodes: Mapping[str, Plain]) -> str:
    """The step that `on_init` or `on_finalize` names."""
    given = settings.get(setting)
    if not given:
        return ""
    bound = binding(given)
    name = bound.step if bound else str(given)
    if name not in nodes:
        message = f"settings.{setting}: there is no step '{name}'."
        raise ValidationException(message, resolution=did_you_mean(name, nodes))
    return name

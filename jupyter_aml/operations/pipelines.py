"""Pipeline jobs: checked, frozen step by step, wished. No step is begun here."""

import re
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, cast

from jupyter_aml.entities.bindings import binding
from jupyter_aml.entities.draft import DraftError
from jupyter_aml.entities.input_output import Input
from jupyter_aml.entities.job_folder import pipeline_template
from jupyter_aml.entities.job_record import JobRecord, Spec
from jupyter_aml.entities.launch import InputSpec, Launch
from jupyter_aml.entities.names import ComputeName, JobName, checked, default_experiment
from jupyter_aml.entities.pipeline_check import check_pipeline
from jupyter_aml.entities.pipeline_job import PipelineJob
from jupyter_aml.entities.pipeline_plan import OutputOf, PipelinePlan, StepPlan, plan_from_json
from jupyter_aml.entities.status import JobStatus
from jupyter_aml.entities.sweep_plan import ANY_TRIAL, Plain
from jupyter_aml.exceptions import (
    AuthorizationError,
    MlException,
    UnsupportedFieldError,
    ValidationException,
    did_you_mean,
)
from jupyter_aml.operations import computes, inputs, jobs, orchestrators, pipeline_roots
from jupyter_aml.operations.pipeline_loops import for_each_step, opened
from jupyter_aml.operations.pipeline_steps import (
    Around,
    CheckedStep,
    after,
    choice_step,
    command_step,
    component_of,
    compute_of,
    interface,
    loop_step,
    parallel_step,
    sweep_step,
)
from jupyter_aml.operations.workspaces import Workspace

_PATH: Final = re.compile(r"[a-z_]+(?:\.\w+)*: ")
_MISSING: Final = re.compile(r"Not found (compute|environment) with name ")
_STEPS: Final = {"command": command_step, "sweep": sweep_step, "parallel": parallel_step}


@dataclass(frozen=True, slots=True)
class CheckedPipeline:
    """A pipeline that passed. Nothing of it is kept before `freeze` is called."""

    draft: PipelineJob
    spec: Spec
    around: Around
    inputs: Mapping[str, Input]
    freeze: Callable[[], PipelinePlan]


@dataclass(frozen=True, slots=True)
class Frozen:
    """A pipeline as it is kept: its row, its program's launch, and what that is told."""

    record: JobRecord
    launch: Launch
    plan: PipelinePlan


def submit(workspace: Workspace, draft: PipelineJob, again: JobRecord | None = None) -> JobRecord:
    """Freeze the pipeline and wish it run; what is returned has only just been wished. `again`: with that one's code.

    Raises AuthorizationError first, then what `check` raises, and ResourceExistsError when the name is taken.
    """
    name = jobs.named(workspace, draft.name, "code")
    passed = check(workspace, draft, again)
    jobs.free(workspace, name)
    found = frozen(workspace, passed, name)
    orchestrators.keep(pipeline_template(workspace.folder.jobs, name), found.plan.to_json())
    return jobs.enter(workspace, found.record, found.launch)


def check(workspace: Workspace, draft: PipelineJob, again: JobRecord | None = None) -> CheckedPipeline:
    """Everything that can be said against a pipeline, said before anything is stored.

    `again`: steps of the same names run the code that they ran in that pipeline.

    Raises ValidationException (by the field's path) or ResourceNotFoundError (with the nearest name).
    """
    experiment = checked("experiment", draft.experiment_name or default_experiment(Path.cwd().name))
    root = pipeline_roots.opened(workspace, draft)
    spec = root.spec
    for output, wanted in draft.outputs.items():
        inputs.check_place(f"outputs.{output}", wanted.path_on_compute)
    around = replace(
        _around(workspace, spec, experiment, "", ""),
        before=_steps_of(_plan(workspace, again)),
        values=_known(dict(spec.get("inputs") or {}), {}, {}),
    )
    _check_graph(workspace, root.draft, dict(spec.get("jobs") or {}))
    return CheckedPipeline(draft, spec, around, inputs.pinned(workspace, root.inputs), _checked(around, spec))


def _check_graph(workspace: Workspace, draft: PipelineJob, nodes: Mapping[str, Plain]) -> None:
    """How the steps hang together. DraftError with every problem by its path."""
    known: dict[str, Plain] = {}
    for name, node in nodes.items():
        given = node.get("component") or node.get("trial")
        if isinstance(given, str):
            with _at(f"jobs.{name}.component"):
                known[given] = component_of(workspace, given)
    if problems := check_pipeline(draft, known):
        raise DraftError("PipelineJob", problems)


def frozen(workspace: Workspace, passed: CheckedPipeline, name: JobName) -> Frozen:
    """The pipeline as it will be kept; code and data are kept from now on."""
    draft, around = passed.draft, passed.around
    plan = replace(passed.freeze(), inputs=inputs.input_specs(workspace, passed.inputs))
    shown = _shown(passed.spec, passed.inputs, plan.inputs) | {"experiment_name": around.experiment}
    record = JobRecord(
        name, "pipeline", JobStatus.NOT_STARTED, around.experiment, draft.display_name or name, _compute(around), shown,
        time.time(), description=draft.description or "", max_attempts=orchestrators.ATTEMPTS, tags=dict(draft.tags),
        properties=dict(draft.properties),
    )  # fmt: skip
    return Frozen(record, orchestrators.launch(workspace, name, "pipeline", around.experiment), plan)


def _compute(around: Around) -> ComputeName:
    """Where its steps run that do not say."""
    return ComputeName(computes.bare(around.compute) or computes.SERVERLESS)


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


def _known(declared: Plain, given: Plain, outer: Mapping[str, object]) -> dict[str, object]:
    """The inputs whose values are known before the pipeline runs: given, of an input of the one around it, default."""
    found: dict[str, object] = {}
    for name, port in declared.items():
        value = port if given.get(name) is None else given[name]
        if bound := binding(value):
            value = outer.get(bound.name) if bound.kind == "input" else None
        found[name] = cast("Plain", value).get("default") if isinstance(value, Mapping) else value
    return {name: value for name, value in found.items() if value is not None}


def _plan(workspace: Workspace, again: JobRecord | None) -> str:
    kept = pipeline_template(workspace.folder.jobs, again.name) if again else None
    return kept.read_text() if kept and kept.exists() else ""


def _steps_of(plan: str) -> dict[str, StepPlan]:
    """The steps of an earlier pipeline, by name; none of none."""
    return {step.name: step for step in plan_from_json(plan).steps} if plan else {}


def _checked(around: Around, spec: Spec) -> Callable[[], PipelinePlan]:
    """A pipeline whose steps passed, each; called, it is frozen."""
    nodes: dict[str, Plain] = dict(spec.get("jobs") or {})
    if not nodes:
        raise ValidationException("jobs: required, and empty.", resolution="A pipeline has a step at least.")
    given: Plain = dict(spec.get("inputs") or {})
    nodes = opened(around, nodes, given)
    steps = [_step(around, name, nodes, given) for name in nodes]
    _check_bindings(steps, spec)
    settings: Plain = dict(spec.get("settings") or {})
    initial, final = (_named(settings, setting, nodes) for setting in ("on_init", "on_finalize"))
    before = _blocks(steps)

    def freeze() -> PipelinePlan:
        return PipelinePlan(
            _with_bodies([_in_block(step.freeze(), before) for step in steps]), outputs=_outputs(nodes),
            continue_on_step_failure=bool(settings.get("continue_on_step_failure")),
            force_rerun=bool(settings.get("force_rerun")), initial=initial, final=final,
        )  # fmt: skip

    return freeze


def _step(around: Around, name: str, nodes: Mapping[str, Plain], given: Plain) -> CheckedStep:
    node = nodes[name]
    kind = str(node.get("type") or "command")
    with _at(f"jobs.{name}"):
        if kind == "pipeline":
            return _nested(around, name, node)
        if kind == "if_else":
            return choice_step(around, name, node)
        if kind == "do_while":
            return loop_step(around, name, node, nodes)
        if kind == "parallel_for":
            return for_each_step(around, name, nodes, given)
        if kind not in _STEPS:
            known = ", ".join([*_STEPS, "pipeline", "if_else", "do_while", "parallel_for"])
            raise UnsupportedFieldError(f"type: '{kind}' steps do not run here yet.", resolution=f"There is: {known}.")
        component = component_of(around.workspace, node.get("component") or node.get("trial"))
        return _STEPS[kind](around, name, node, component)


@contextmanager
def _at(path: str) -> Generator[None]:
    """What is said against a step begins with its path, in one with that of its field."""
    try:
        yield
    except AuthorizationError:
        raise
    except MlException as error:
        missing = _MISSING.match(error.message)
        joint = "." if _PATH.match(error.message) else f".{missing[1]}: " if missing else ": "
        said = error.message if error.message.startswith(path) else f"{path}{joint}{error.message}"
        raise type(error)(said, resolution=error.resolution) from None


def _blocks(steps: list[CheckedStep]) -> dict[str, str]:
    """The steps that wait for a decision: those of its blocks; of a loop, those that read what its body makes."""
    names = [step.name for step in steps]
    before = {inner: step.name for step in steps for block in step.blocks.values() for inner in block}
    for inner, step in before.items():
        if inner not in names:
            message = f"jobs.{step}: there is no step '{inner}'."
            raise ValidationException(message, resolution=did_you_mean(inner, names))
    loops = {step.loops: step.name for step in steps if step.loops}
    for step in steps:
        for bound in step.bound.values() if not step.loops else ():
            if bound.step in loops:
                before[step.name] = loops[bound.step]
    return before


def _in_block(step: StepPlan, before: Mapping[str, str]) -> StepPlan:
    return replace(step, after=(*step.after, before[step.name])) if step.name in before else step


def _with_bodies(steps: list[StepPlan]) -> tuple[StepPlan, ...]:
    """The same steps; a parallel_for waits for all that its body waits for."""
    before = {step.name: step.after for step in steps}
    return tuple(
        replace(step, after=tuple(dict.fromkeys((*step.after, *before[step.body])))) if step.each else step
        for step in steps
    )


def _nested(around: Around, name: str, node: Plain) -> CheckedStep:
    """A pipeline within: its own inputs get their values when the step begins."""
    component = component_of(around.workspace, node.get("component"))
    seen = interface(around, node, component)
    inputs.check_inputs(around.workspace, seen.values)
    spec = {**component, "outputs": seen.outputs, "settings": node.get("settings")}
    compute = compute_of(around, node.get("compute"))
    inner = _around(around.workspace, spec, around.experiment, compute, around.datastore)
    known_step = around.before.get(name)
    given, declared = (dict(of.get("inputs") or {}) for of in (node, component))
    before = _steps_of(known_step.plan if known_step else "")
    inner = replace(inner, before=before, values=_known(declared, given, around.values))
    passed, known = _checked(inner, spec), inputs.pinned(around.workspace, seen.values)

    def freeze() -> StepPlan:
        plan = replace(passed(), inputs=inputs.input_specs(around.workspace, known))
        launch = orchestrators.launch(around.workspace, JobName(ANY_TRIAL), "pipeline", around.experiment)
        shown = {"type": "pipeline", "jobs": component.get("jobs"), "experiment_name": around.experiment}
        return StepPlan(
            name, "pipeline", launch.to_json(), shown, around.experiment, _compute(inner),
            max_attempts=orchestrators.ATTEMPTS, bound=seen.bound, after=after(seen.bound), plan=plan.to_json(),
            is_deterministic=False,
        )  # fmt: skip

    return CheckedStep(name, freeze, seen.bound)


def _outputs(nodes: Mapping[str, Plain]) -> dict[str, OutputOf]:
    """Which step's output each of the pipeline's own is."""
    found: dict[str, OutputOf] = {}
    for step, node in nodes.items():
        for output, given in dict(node.get("outputs") or {}).items():
            bound = binding(given)
            if bound and bound.kind == "output":
                found[bound.name] = OutputOf(step, output)
    return found


def _check_bindings(steps: list[CheckedStep], spec: Spec) -> None:
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

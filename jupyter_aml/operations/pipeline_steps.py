"""A step of a pipeline, checked and frozen: a node of its YAML in, a plan out. No row is written here."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final, cast

from jupyter_aml.constants import LITERAL_TYPES
from jupyter_aml.entities.bindings import Binding, binding
from jupyter_aml.entities.input_output import Input
from jupyter_aml.entities.job import Command
from jupyter_aml.entities.job_record import SNAPSHOT, JobRecord, Spec
from jupyter_aml.entities.launch import Launch, launch_from_json
from jupyter_aml.entities.names import JobName, SnapshotId
from jupyter_aml.entities.parallel_plan import driver_command
from jupyter_aml.entities.parallel_step import parallel_plan
from jupyter_aml.entities.pipeline_plan import CONDITION, Bound, StepPlan
from jupyter_aml.entities.sweep import SweepJob
from jupyter_aml.entities.sweep_plan import ANY_TRIAL, Plain
from jupyter_aml.exceptions import UserErrorException, ValidationException, did_you_mean
from jupyter_aml.operations import assets, command_jobs, components, sweep_checks, sweeps
from jupyter_aml.operations.included_code import CODE_SNAPSHOT, gathered
from jupyter_aml.operations.inputs import check_literal, check_place
from jupyter_aml.operations.outputs import ARTIFACTS
from jupyter_aml.operations.workspaces import Workspace

_MOST_ROUNDS: Final = 1000
OPEN: Final = "open"
"""Of a step that a parallel_for repeats: the inputs that its items give. No field of a YAML."""
_BOUNDS: Final = ("min", "max", "enum")
"""What a component says of the values that an input may have."""
_OF_NODE: Final = ("environment", "environment_variables", "resources", "distribution", "identity", "queue_settings")
_OF_SWEEP: Final = ("search_space", "objective", "sampling_algorithm", "early_termination", "limits", "resources")


@dataclass(frozen=True, slots=True)
class Around:
    """What a step finds around it: the defaults of its pipeline, and what that has bound to its own outputs."""

    workspace: Workspace
    experiment: str
    compute: str
    datastore: str
    outputs: Mapping[str, Plain]
    before: Mapping[str, StepPlan] = field(default_factory=dict[str, StepPlan])
    """The steps of the pipeline that is run again: they run the code that they ran then."""
    values: Mapping[str, object] = field(default_factory=dict[str, object])
    """The values of the pipeline's inputs that are known before it runs."""

    def properties(self, name: str) -> Mapping[str, str]:
        """Those of the step of that name, when the pipeline is run again."""
        found = self.before.get(name)
        return found.properties if found else {}


@dataclass(frozen=True, slots=True)
class Interface:
    """What a component declares, and what a node gives it: values, and what is bound until the step begins."""

    values: dict[str, Input]
    bound: dict[str, Bound]
    outputs: dict[str, Plain]


@dataclass(frozen=True, slots=True)
class CheckedStep:
    """A step that passed. Nothing of it is kept before `freeze` is called."""

    name: str
    freeze: Callable[[], StepPlan]
    bound: Mapping[str, Bound]
    blocks: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    loops: str = ""


def component_of(workspace: Workspace, given: object) -> Plain:
    """What a step runs: a component of the workspace by its reference, or one that stands in the pipeline itself."""
    if isinstance(given, Mapping):
        return dict(cast("Mapping[str, Any]", given))
    named = _reference(str(given))
    return dict(components.get(workspace, named.name, named.version, named.label).spec)


def _reference(text: str) -> assets.Reference:
    if "//registries/" in text:
        message = f"'{text}' is in a registry, which cannot be reached here."
        raise UserErrorException(message, resolution="Create it in this workspace: aml component create -f FILE")
    if found := assets.parsed("component", text):
        return found
    message = f"'{text}' is no component's reference."
    raise ValidationException(message, resolution="Use 'azureml:name:version' or 'azureml:name@latest'.")


def interface(around: Around, node: Plain, component: Plain) -> Interface:
    """The step's inputs and outputs. ValidationException by their paths, in Azure's words for a missing input."""
    declared, given = _part(component, "inputs"), _part(node, "inputs")
    for name in given:
        if name not in declared:
            raise ValidationException(f"inputs.{name}: unknown. {did_you_mean(name, declared)}")
    values: dict[str, Input] = {}
    bound: dict[str, Bound] = {}
    for name, wanted in declared.items():
        found = binding(given.get(name))
        if name in node.get(OPEN, ()):
            values[name] = Input.of({"type": type_of(wanted), "optional": True})
        elif found:
            check_place(f"inputs.{name}", found.place)
            check_bounds(name, wanted, around.values.get(found.name) if found.kind == "input" else None)
            bound[name] = bound_of(found, wanted)
            values[name] = Input.of({"type": type_of(wanted), "optional": True})
        else:
            values[name] = value_of(name, wanted, given.get(name))
            check_bounds(name, wanted, values[name].default)
    outputs = {
        name: output_of(_beside(around, name), wanted, _part(node, "outputs").get(name))
        for name, wanted in _outputs(component)
    }
    return Interface(values, bound, outputs)


def _beside(around: Around, output: str) -> Around:
    """Around an output: what the step keeps anyway goes to no datastore of the pipeline's."""
    return replace(around, datastore="") if output == ARTIFACTS else around


def _outputs(component: Plain) -> list[tuple[str, Plain]]:
    return [(name, dict(wanted or {})) for name, wanted in _part(component, "outputs").items()]


def type_of(wanted: Plain) -> str:
    """The type of a declared input or output; of what is called a path in old components, a folder."""
    return "uri_folder" if wanted.get("type") == "path" else str(wanted.get("type"))


def bound_of(found: Binding, wanted: Plain) -> Bound:
    """A declared input that is bound."""
    mode = found.mode or str(wanted.get("mode") or "")
    return Bound(found.name, type_of(wanted), found.step, mode, bool(wanted.get("optional")))


def value_of(name: str, wanted: Plain, given: object) -> Input:
    """A value that is known now: given, or the component's default."""
    kind = type_of(wanted)
    if isinstance(given, Mapping):
        return Input.of({"type": kind, **cast("Mapping[str, Any]", given)})
    value = wanted.get("default") if given is None else given
    if value is None:
        if not wanted.get("optional"):
            raise ValidationException(f"inputs.{name}: Required input '{name}' not provided.")
        return Input.of({"type": kind, "optional": True})
    if kind in LITERAL_TYPES:
        return Input.of({"type": kind, "default": value, "optional": wanted.get("optional")})
    mode = {"mode": wanted["mode"]} if wanted.get("mode") else {}
    return Input.of({"type": kind, "path": str(value), **mode})


def check_bounds(name: str, wanted: Plain, value: object) -> None:
    """Refuse a value that is known now (None: it is not) and that the component does not take."""
    if value is not None and type_of(wanted) in LITERAL_TYPES:
        bounds = {bound: wanted[bound] for bound in _BOUNDS if wanted.get(bound) is not None}
        check_literal(name, Input.of({"type": type_of(wanted), "default": value, **bounds}))


def output_of(around: Around, wanted: Plain, given: object) -> Plain:
    """An output's settings: the component's, then the node's, then those of the pipeline's output that it is.

    The component describes every such output, and not this one.
    """
    found = binding(given)
    own: Plain = around.outputs.get(found.name, {}) if found else (dict(cast("Plain", given)) if given else {})
    settings = {key: value for key, value in {**wanted, "description": None, **own}.items() if value is not None}
    if settings.get("type") in LITERAL_TYPES:
        settings["type"] = "uri_file"  # a value is what the step writes to a file
    if "path" not in settings and around.datastore:
        settings["path"] = f"azureml://datastores/{around.datastore}/paths/azureml/${{{{name}}}}/${{{{output_name}}}}"
    return settings


# ── the kinds of steps ──


def command_step(around: Around, name: str, node: Plain, component: Plain) -> CheckedStep:
    """A step that runs a command."""
    seen, component = interface(around, node, component), gathered(component)
    fields: Plain = {key: component[key] for key in ("command", "code", *_OF_NODE) if component.get(key)}
    fields |= {key: node[key] for key in _OF_NODE if node.get(key)}
    variables = "environment_variables"
    fields[variables] = {**_part(component, variables), **_part(node, variables)}
    fields |= {"inputs": seen.values, "outputs": seen.outputs, "compute": _compute(around, name, node)}
    fields |= {key: node[key] for key in ("limits", "tags", "display_name", "description") if node.get(key)}
    draft = Command.of({**fields, "experiment_name": around.experiment})
    passed = command_jobs.check(around.workspace, draft, _snapshot(around, name, component))
    passed = command_jobs.with_commit(passed, around.properties(name))

    def freeze() -> StepPlan:
        record, launch = command_jobs.frozen(around.workspace, passed, JobName(ANY_TRIAL))
        return StepPlan(
            name, "command", launch.to_json(), _without(record.spec, seen.bound), record.experiment, record.compute,
            nodes=record.nodes, properties=dict(record.properties), bound=seen.bound, after=after(seen.bound),
            is_deterministic=bool(component.get("is_deterministic", True)), decides=_decides(record, launch, seen),
        )  # fmt: skip

    return CheckedStep(name, freeze, seen.bound)


def parallel_step(around: Around, name: str, node: Plain, component: Plain) -> CheckedStep:
    """A step that runs a function over mini-batches: a command whose program hands them out."""
    plan = parallel_plan({**node, "component": component})
    command, variables = driver_command(plan)
    task = {**_part(component, "task"), **_part(node, "task")}
    shared = ("inputs", "outputs", "is_deterministic", "resources", CODE_SNAPSHOT)
    driver = {key: component[key] for key in shared if key in component}
    driver |= {"command": command, "code": task.get("code"), "environment": task.get("environment")}
    driver["environment_variables"] = {**_part(component, "environment_variables"), **variables}
    return command_step(around, name, node, driver)


def choice_step(around: Around, name: str, node: Plain) -> CheckedStep:
    """An `if_else`: no job of its own, a decision between two blocks of steps."""
    given = node.get("condition")
    bound = binding(given)
    known = {CONDITION: Bound(bound.name, "boolean", bound.step)} if bound else {}
    blocks = {word: tuple(block_of(node.get(f"{word}_block"))) for word in ("true", "false")}
    plan = StepPlan(
        name, "if_else", "", {"type": "if_else", "condition": given}, around.experiment, "",
        bound=known, after=after(known), blocks=blocks,
    )  # fmt: skip
    return CheckedStep(name, lambda: plan, known, blocks)


def loop_step(around: Around, name: str, node: Plain, nodes: Mapping[str, Plain]) -> CheckedStep:
    """A `do_while`: no job of its own; its body runs again with what it made, while its output says so."""
    body = next(iter(block_of(node.get("body"))), "")
    if body not in nodes:
        raise ValidationException(f"body: there is no step '{body}'.", resolution=did_you_mean(body, nodes))
    most = _part(node, "limits").get("max_iteration_count")
    if not isinstance(most, int) or not 1 <= most <= _MOST_ROUNDS:
        message = f"limits.max_iteration_count: {most} is not 1 to {_MOST_ROUNDS}."
        raise ValidationException(message, resolution="loop.set_limits(max_iteration_count=10)")
    declared = _part(component_of(around.workspace, nodes[body].get("component")), "inputs")
    known = {CONDITION: Bound(str(node.get("condition")), "boolean", body)}
    for output, several in _part(node, "mapping").items():
        for given in _texts(several):
            if given not in declared:
                raise ValidationException(f"mapping.{output}: '{body}' has no input '{given}'.")
            wanted = declared[given]
            known[given] = Bound(output, type_of(wanted), body, str(wanted.get("mode") or ""))
    shown = {key: node[key] for key in ("type", "body", "condition", "mapping", "limits") if key in node}
    plan = StepPlan(
        name, "do_while", "", shown, around.experiment, "", bound=known, after=(body,), body=body, most=most
    )
    return CheckedStep(name, lambda: plan, known, loops=body)


def _texts(given: object) -> list[str]:
    return [str(one) for one in (cast("list[object]", given) if isinstance(given, list) else [given])]


def block_of(given: object) -> list[str]:
    """The steps that a block names: one, or several."""
    several = cast("list[object]", given) if isinstance(given, list) else [given] if given else []
    return [found.step if (found := binding(one)) else str(one) for one in several]


def sweep_step(around: Around, name: str, node: Plain, component: Plain) -> CheckedStep:
    """A step that is a sweep."""
    space, component = _part(node, "search_space"), gathered(component)
    shown = {**component, "inputs": _less(_part(component, "inputs"), space)}
    seen = interface(around, {**node, "inputs": _less(_part(node, "inputs"), space)}, shown)
    trial = {key: component[key] for key in ("command", "code", *_OF_NODE[:4]) if component.get(key)}
    trial |= {key: node[key] for key in _OF_NODE[:4] if node.get(key)}
    fields: Plain = {"trial": trial, "inputs": seen.values, "outputs": seen.outputs}
    fields |= {key: node[key] for key in (*_OF_SWEEP, "tags", "display_name", "description") if node.get(key)}
    fields |= {"compute": _compute(around, name, node), "experiment_name": around.experiment}
    passed = sweep_checks.check(around.workspace, SweepJob.of(fields), _snapshot(around, name, component))
    passed = replace(passed, trial=command_jobs.with_commit(passed.trial, around.properties(name)))

    def freeze() -> StepPlan:
        record, launch, plan = sweeps.frozen(around.workspace, passed, JobName(ANY_TRIAL))
        return StepPlan(
            name, "sweep", launch.to_json(), _without(record.spec, seen.bound), record.experiment, record.compute,
            max_attempts=record.max_attempts, properties=dict(record.properties), bound=seen.bound,
            after=after(seen.bound), plan=plan.to_json(),
            is_deterministic=bool(component.get("is_deterministic", True)),
            decides=_decides_sweep(record, launch_from_json(plan.template.launch), seen),
        )  # fmt: skip

    return CheckedStep(name, freeze, seen.bound)


def _less(given: Plain, taken: Plain) -> Plain:
    return {name: value for name, value in given.items() if name not in taken}


def _compute(around: Around, name: str, node: Plain) -> str:
    compute = compute_of(around, node.get("compute"))
    if not compute:
        raise ValidationException(
            f"jobs.{name}.compute: Compute not set",
            resolution="Set it, or pipeline_job.settings.default_compute (here: 'local-cluster' or 'serverless').",
        )
    return compute


def compute_of(around: Around, given: object) -> str:
    """The compute that a step names, or an input of its pipeline; that of the pipeline where neither does."""
    bound = binding(given)
    if bound is None:
        return str(given or around.compute)
    value = around.values.get(bound.name) if bound.kind == "input" else None
    if value is None:
        raise ValidationException(
            f"compute: {given} has no value before the pipeline runs.",
            resolution="Bind it to an input of the pipeline that has the name of a compute.",
        )
    return str(value)


def _snapshot(around: Around, name: str, component: Plain) -> SnapshotId | None:
    """The code that was frozen before: with its component, or when the pipeline ran that is run again."""
    found = component.get(CODE_SNAPSHOT)
    return SnapshotId(str(found)) if found else command_jobs.snapshot_of(around.properties(name))


def _without(spec: Spec, bound: Mapping[str, Bound]) -> Plain:
    """The step's YAML without the inputs that have no value yet."""
    kept = {key: value for key, value in spec.items() if key != "name"}
    return {**kept, "inputs": _less(_part(kept, "inputs"), dict(bound))}


def after(bound: Mapping[str, Bound]) -> tuple[str, ...]:
    """The steps whose outputs these are."""
    return tuple(sorted({one.step for one in bound.values() if one.step}))


def _decides(record: JobRecord, launch: Launch, seen: Interface) -> str:
    """What else tells two runs of the step apart (§9.4): not where it runs, and not what it is called."""
    outputs = {name: [one.get("type"), one.get("mode"), one.get("path")] for name, one in sorted(seen.outputs.items())}
    what: list[object] = [
        launch.command, record.properties.get(SNAPSHOT, ""), record.properties.get("environment", ""),
        asdict(launch.environment), launch.interpreter, outputs, asdict(launch.distribution), launch.timeout,
    ]  # fmt: skip
    return json.dumps(what, sort_keys=True, default=str)


def _decides_sweep(record: JobRecord, trial: Launch, seen: Interface) -> str:
    """What tells two sweeps apart: the trial, and what is said of the sweep; not a seed that nobody said."""
    said = {key: record.spec.get(key) for key in _OF_SWEEP}
    return json.dumps([_decides(record, trial, seen), said], sort_keys=True, default=str)


def _part(spec: Spec, name: str) -> Plain:
    return dict(spec.get(name) or {})

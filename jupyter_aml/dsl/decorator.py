"""`@pipeline`: a function that calls components becomes a pipeline job, or a step of one. No step is run here."""

import inspect
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import wraps
from types import FrameType
from typing import Any, Final, ParamSpec, cast, overload

from jupyter_aml.dsl.arguments import Parameter, given, parameters_of, type_given
from jupyter_aml.dsl.keys import keyed
from jupyter_aml.entities import building
from jupyter_aml.entities.component import PipelineComponent
from jupyter_aml.entities.input_output import Input, Output
from jupyter_aml.entities.pipeline_job import PipelineJob, pipeline_input
from jupyter_aml.entities.pipeline_node import Pipeline, PipelineJobSettings
from jupyter_aml.entities.ports import NodeInput, NodeOutput, PipelineInput
from jupyter_aml.entities.step import Node, Step
from jupyter_aml.exceptions import UserErrorException, ValidationException, did_you_mean

_P = ParamSpec("_P")
_RETURN: Final = (
    "The return type of dsl.pipeline decorated function should be a mapping from output name to "
    "azure.ai.ml.Output with owner."
)
_KEPT: Final = ("mode", "path", "name", "version", "description", "path_on_compute")
"""What is said of a step's output and becomes the pipeline's."""
_ENDS: Final = ("on_init", "on_finalize")
_COMPONENT: Final = "_aml_component"
"""Where a pipeline's function keeps how it becomes a component."""


@dataclass(frozen=True, slots=True)
class _Said:
    """What the decorator says of the pipeline."""

    name: str
    version: str | None
    display_name: str
    description: str | None
    experiment_name: str | None
    tags: Mapping[str, str]
    compute: str | None
    settings: dict[str, Any] = field(default_factory=dict[str, Any])
    not_inputs: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class _Built:
    """What came of one run of the function."""

    jobs: dict[str, Step]
    outputs: dict[str, Output]
    inputs: dict[str, PipelineInput]
    settings: dict[str, Any]


@overload
def pipeline(func: Callable[_P, object]) -> Callable[_P, PipelineJob]: ...
@overload
def pipeline(
    func: None = None,
    *,
    name: str | None = None,
    version: str | None = None,
    display_name: str | None = None,
    description: str | None = None,
    experiment_name: str | None = None,
    tags: Mapping[str, str] | None = None,
    **settings: object,
) -> Callable[[Callable[_P, object]], Callable[_P, PipelineJob]]: ...
def pipeline(
    func: Callable[..., object] | None = None,
    *,
    name: str | None = None,
    version: str | None = None,
    display_name: str | None = None,
    description: str | None = None,
    experiment_name: str | None = None,
    tags: Mapping[str, str] | None = None,
    **settings: Any,
) -> Any:
    """Make a pipeline of a function: its parameters are the pipeline's inputs, the calls in it the steps.

    A step's key is the variable that holds it; `return {"model": train.outputs.model}` declares outputs. Called
    within another pipeline's function it is a step there. `settings`: compute, default_compute, default_datastore,
    continue_on_step_failure, force_rerun, on_init, on_finalize, non_pipeline_inputs.

    >>> @pipeline(default_compute="serverless")
    ... def nothing(rate: float = 0.1):
    ...     pass
    >>> nothing(rate=0.5).inputs.rate.default
    0.5
    """
    known, not_inputs = _settings(settings), _not_inputs(settings)

    def decorate(func: Callable[..., object]) -> Callable[..., Any]:
        if not callable(func):
            raise UserErrorException(f"Dsl pipeline decorator accept only function type, got {type(func)}.")
        own = name or func.__name__
        doc = inspect.cleandoc(func.__doc__) if func.__doc__ else None
        said = _Said(
            own, version, display_name or own, description or doc, experiment_name, tags or {},
            settings.get("compute"), known, not_inputs,
        )  # fmt: skip
        declared = parameters_of(func, said.not_inputs)

        @wraps(func)
        def wrapper(*args: object, **kwargs: object) -> PipelineJob | Pipeline:
            values = given(func, args, kwargs, said.not_inputs)
            built = _built(func, said, declared, values)
            return _node(said, declared, built, values) if building.site() else _job(said, declared, built, values)

        vars(wrapper)[_COMPONENT] = lambda: _component(said, declared, _built(func, said, declared, {}))
        return wrapper

    return decorate if func is None else decorate(func)


def component_of(func: object) -> PipelineComponent:
    """The component that a pipeline's function stands for; its function runs once, with no values.

    Raises ValidationException for anything else.
    """
    make: Callable[[], PipelineComponent] | None = getattr(func, _COMPONENT, None)
    if make is None:
        raise ValidationException(
            f"a component is expected; found {type(func).__name__}.",
            resolution="Use load_component(source=FILE), CommandComponent(…) or a function with @pipeline.",
        )
    return make()


def set_pipeline_settings(*, on_init: Step | str | None = None, on_finalize: Step | str | None = None) -> None:
    """Within a pipeline's function: the step that runs before all others, and the one after them, come what may."""
    if (here := building.site()) is None:
        raise UserErrorException("set_pipeline_settings is to be called in a @pipeline function.")
    here.said.update({name: value for name, value in zip(_ENDS, (on_init, on_finalize), strict=True) if value})


_SETTINGS: Final = (*PipelineJobSettings.model_fields,)
_OTHERS: Final = ("compute", "default_compute_target", "non_pipeline_inputs", "non_pipeline_parameters")


def _settings(given: Mapping[str, Any]) -> dict[str, Any]:
    """What of the decorator's arguments is a setting. UserErrorException for one that it does not have."""
    for key in given:
        if key not in (*_SETTINGS, *_OTHERS):
            known = (*_SETTINGS, *_OTHERS, "name", "version", "display_name", "description", "experiment_name", "tags")
            raise UserErrorException(f"pipeline() has no argument '{key}'.", resolution=did_you_mean(key, known))
    known = {key: value for key, value in given.items() if key in _SETTINGS and value is not None}
    target = given.get("default_compute_target")
    return {"default_compute": target, **known} if target else known


def _not_inputs(given: Mapping[str, Any]) -> list[str]:
    """The parameters that are plain values while the function runs, and no inputs of the pipeline."""
    found: object = given.get("non_pipeline_inputs") or given.get("non_pipeline_parameters") or []
    if not isinstance(found, list) or not all(isinstance(one, str) for one in cast("list[object]", found)):
        raise UserErrorException("Type of 'non_pipeline_parameter' in dsl.pipeline should be a list of string")
    return cast("list[str]", found)


def _built(
    func: Callable[..., object], said: _Said, declared: Mapping[str, Parameter], values: Mapping[str, object]
) -> _Built:
    """One run of the function: what it called, by what its variables are named, and what it returned."""
    inputs = {name: _parameter(one, values.get(name)) for name, one in declared.items()}
    plain = {name: value for name, value in values.items() if name in said.not_inputs}
    with building.building(said.name) as site:
        returned, variables = _run(func, {**inputs, **plain})
    jobs = keyed(site, variables)
    ends = {name: step.name if isinstance(step, Step) else step for name, step in site.said.items()}
    return _Built(jobs, _outputs(returned), inputs, {**said.settings, **ends})


def _parameter(one: Parameter, value: object) -> PipelineInput:
    now = one.default if value is None else value
    return PipelineInput(one.name, one.type or type_given(now), now)


def _run(func: Callable[..., object], arguments: Mapping[str, object]) -> tuple[object, dict[str, object]]:
    """What the function returned, and its variables as they then were."""
    code = getattr(inspect.unwrap(func), "__code__", None)
    seen: dict[str, object] = {}

    def look(frame: FrameType, event: str, _value: object) -> None:
        if event == "return" and frame.f_code is code:
            seen.clear()
            seen.update(frame.f_locals)

    before = sys.getprofile()
    sys.setprofile(look)
    try:
        returned = func(**arguments)
    finally:
        sys.setprofile(before)
    return returned, seen


def _outputs(returned: object) -> dict[str, Output]:
    """The pipeline's outputs: those of its steps that the function returned. UserErrorException for anything else."""
    if returned is None:
        return {}
    if not isinstance(returned, Mapping):
        raise UserErrorException(_RETURN, resolution=_hint(returned))
    made: dict[str, Output] = {}
    for name, port in cast("Mapping[object, object]", returned).items():
        if not isinstance(name, str) or not isinstance(port, NodeOutput):
            raise UserErrorException(_RETURN, resolution=_hint(port))
        if port.bound:
            raise UserErrorException(f"outputs.{name}: {port} is the output '{port.bound}' already.")
        said = {key: value for key in _KEPT if (value := getattr(port, key)) is not None}
        made[name] = Output.of({"type": port.kind or "uri_folder", **said})
        for key in _KEPT:
            setattr(port, key, None)
        port.bound = name
    return made


def _hint(found: object) -> str:
    example = 'return {"model": train.outputs.model}'
    return f"Found {type(found).__name__}. Write e.g. {example}."


def _job(said: _Said, declared: Mapping[str, Parameter], built: _Built, values: Mapping[str, object]) -> PipelineJob:
    known = {name: values.get(name, one.default) for name, one in declared.items()}
    inputs = {name: _typed(declared[name], value) for name, value in known.items() if value is not None}
    job = PipelineJob(
        display_name=said.display_name, description=said.description, experiment_name=said.experiment_name,
        tags=said.tags, compute=said.compute, settings=built.settings, inputs=inputs, outputs=built.outputs,
        jobs=built.jobs,
    )  # fmt: skip
    job.declare(*declared)
    return job


def _typed(one: Parameter, value: object) -> Input:
    """A value of the type that the function declares: a whole number may stand for a number, and any for a text."""
    made = pipeline_input(value)
    if isinstance(made.default, bool) or not isinstance(made.default, int | float):
        return made
    match one.type:
        case "number":
            return Input.of({"type": "number", "default": float(made.default)})
        case "string":
            return Input.of({"type": "string", "default": str(made.default)})
        case _:
            return made


def _node(said: _Said, declared: Mapping[str, Parameter], built: _Built, values: Mapping[str, object]) -> Pipeline:
    """The pipeline as a step of the one whose function runs now."""
    component = _component(said, declared, built)
    if built.settings:
        on = f"Job settings {built.settings} on pipeline function {said.name!r}"
        told = f"{on} are ignored when using inside PipelineJob."
        warnings.warn(told, stacklevel=3)
    inputs = {name: value for name, value in values.items() if name in declared and value is not None}
    outputs = {name: _beyond(port) for name, port in built.outputs.items()}
    node = Pipeline.of({"component": component, "inputs": inputs, "outputs": outputs})
    node.noted()
    return node


def _component(said: _Said, declared: Mapping[str, Parameter], built: _Built) -> PipelineComponent:
    if any(built.settings.get(name) for name in _ENDS):
        raise UserErrorException("On_init/on_finalize is not supported for pipeline component.")
    return PipelineComponent.of({
        "name": said.name, "version": said.version, "display_name": said.display_name,
        "description": said.description, "tags": dict(said.tags),
        "inputs": {name: _port(one, built) for name, one in declared.items()},
        "outputs": {name: {"type": port.type} for name, port in built.outputs.items()},
        "jobs": {name: step.spec() for name, step in built.jobs.items()},
    })  # fmt: skip


def _beyond(port: Output) -> dict[str, object]:
    """What was said of an output besides its type."""
    return {name: value for name in _KEPT if (value := getattr(port, name)) is not None}


def _port(one: Parameter, built: _Built) -> dict[str, object]:
    """An input that a pipeline declares as a component: of the type that is said, given, or wanted by its steps."""
    kind = one.type or built.inputs[one.name].type or _wanted(one.name, built) or "uri_folder"
    own = one.declared.spec() if one.declared else {}
    known: dict[str, object] = {
        name: own[name] for name in ("mode", "min", "max", "enum", "optional", "description") if name in own
    }
    if isinstance(one.default, bool | int | float | str):
        known["default"] = one.default
    elif "optional" not in known and _is_optional(one.name, built):
        known["optional"] = True
    return {**known, "type": kind}


def _wanted(name: str, built: _Built) -> str:
    """The type of the first input of a step that the parameter was given to."""
    return next((port.kind for _, port in _uses(name, built) if port.kind), "")


def _is_optional(name: str, built: _Built) -> bool:
    """Whether every step that the parameter was given to can do without it (Azure's own rule)."""
    uses = [step.may_lack(port.port_name) for step, port in _uses(name, built)]
    return bool(uses) and all(uses)


def _uses(name: str, built: _Built) -> Iterator[tuple[Node, NodeInput]]:
    for step in (job for job in built.jobs.values() if isinstance(job, Node)):
        for port in step.inputs.values():
            if isinstance(port.value, PipelineInput) and port.value.name == name:
                yield step, port

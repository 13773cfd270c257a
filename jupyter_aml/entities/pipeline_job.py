"""A pipeline job, as the SDK v2 writes it: steps, what they read and make, what holds for all. Nothing is run here."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, ClassVar, Final, cast

from pydantic import Field, GetCoreSchemaHandler, PrivateAttr, field_validator
from pydantic_core import CoreSchema, core_schema

from jupyter_aml.entities.bindings import Binding, binding
from jupyter_aml.entities.component import Component, PipelineComponent
from jupyter_aml.entities.draft import DraftError, Problems, mapping, to_yaml
from jupyter_aml.entities.fields import Choice
from jupyter_aml.entities.input_output import Input, as_input
from jupyter_aml.entities.job_draft import GivenInput, JobDraft, copy_of, in_order, plain_inputs, plain_outputs
from jupyter_aml.entities.nodes import step_of
from jupyter_aml.entities.pipeline_node import PipelineJobSettings
from jupyter_aml.entities.ports import as_node_input
from jupyter_aml.entities.step import Step, spec_of
from jupyter_aml.exceptions import MlException, did_you_mean

_ORDER: Final = ("compute", "inputs", "outputs", "settings", "component", "jobs")
_PREFIXED: Final = ("compute", "default_compute", "default_datastore")
"""What Azure prints with `azureml:` before it."""


class Jobs(dict[str, Step]):
    """The steps by their keys, each checked."""

    def __setitem__(self, name: str, value: object) -> None:
        super().__setitem__(name, step_of(name, value))

    def __missing__(self, name: str) -> Step:
        raise KeyError(f"There is no step '{name}'. {did_you_mean(name, self)}")

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        """A mapping to an editor; here the pipeline's own validator makes it."""
        seen = handler.generate_schema(dict[str, Any])
        return core_schema.json_or_python_schema(seen, core_schema.is_instance_schema(cls))


class PipelineJob(JobDraft):
    """A pipeline that a person is still editing. Made by a `@dsl.pipeline` function, `load_job()` or its keywords.

    Its steps are its `jobs`, or those of a pipeline `component`: of one in the workspace, which its name stands for,
    they are seen at submit.

    >>> pipeline = PipelineJob(jobs={"hello": {"component": "azureml:hello:1"}})
    >>> pipeline.settings.default_compute = "serverless"
    """

    prints_yaml: ClassVar[bool] = True

    type: Annotated[str, Choice("pipeline")] = "pipeline"
    settings: PipelineJobSettings = Field(default_factory=PipelineJobSettings)
    component: str | None = None
    jobs: Jobs = Field(default_factory=Jobs)
    _declared: tuple[str, ...] = PrivateAttr(default=())

    def __init__(self, **fields: object) -> None:
        super().__init__(**_of_component(fields))
        if isinstance(component := fields.get("component"), PipelineComponent):
            self.declare(*component.inputs)

    @field_validator("settings", mode="before")
    @classmethod
    def _settings(cls, value: object) -> object:
        return PipelineJobSettings() if value is None else value

    @field_validator("component")
    @classmethod
    def _reference(cls, value: str | None) -> str | None:
        """As Azure prints it."""
        return value if value is None or value.startswith("azureml:") else f"azureml:{value}"

    @field_validator("jobs", mode="before")
    @classmethod
    def _jobs(cls, value: object) -> Jobs:
        return _steps(value)

    @property
    def missing(self) -> list[str]:
        """What its function or component takes and was not given: what is bound to that is left out of its YAML."""
        return [name for name in self._declared if name not in self.inputs]

    def declare(self, *names: str) -> None:
        """Say which inputs it may have besides those that it was given."""
        self._declared = names

    def __call__(self, **inputs: GivenInput) -> "PipelineJob":
        """A nameless copy of this pipeline with these inputs set."""
        made = copy_of(self, PipelineJob, inputs)
        made.declare(*self._declared)
        return made

    def spec(self) -> dict[str, Any]:
        """The pipeline as its YAML says it: set fields only, literals as literals, every step with its component."""
        fields = self.as_bound()
        jobs = cast("Mapping[str, dict[str, Any]]", fields.get("jobs", {}))
        return fields | ({"jobs": {name: without(step, self.missing) for name, step in jobs.items()}} if jobs else {})

    def as_bound(self) -> dict[str, Any]:
        """The same, with what is bound to parameters that have no value."""
        fields = super().spec()
        fields["inputs"], fields["outputs"] = plain_inputs(self.inputs), plain_outputs(self.outputs)
        fields["settings"] = self.settings.spec()
        fields["jobs"] = {name: _settled(step.spec(), fields["outputs"]) for name, step in self.jobs.items()}
        return in_order(fields, *_ORDER)

    def __str__(self) -> str:
        """The pipeline as YAML, as SDK v2 prints it."""
        return to_yaml(printed(self.spec()))


def _steps(value: object) -> Jobs:
    """The steps of a mapping; every problem of every step is told by its path."""
    made = Jobs()
    problems: Problems = ()
    for name, given in mapping(value).items():
        try:
            made[name] = given
        except DraftError as error:
            problems += tuple((f"{name}.{path}".rstrip("."), text) for path, text in error.problems)
        except MlException as error:
            raise type(error)(f"jobs.{name}: {error.message}", resolution=error.resolution) from None
    if problems:
        raise DraftError("mapping", problems)
    return made


def without(step: dict[str, Any], missing: Sequence[str]) -> dict[str, Any]:
    """The step, less what is bound to an input of its pipeline that has no value."""
    inputs = cast("Mapping[str, object]", step.get("inputs") or {})
    kept = {name: value for name, value in inputs.items() if not _is_to(binding(value), missing)}
    return step if len(kept) == len(inputs) else {**step, "inputs": kept}


def _is_to(found: Binding | None, names: Sequence[str]) -> bool:
    return found is not None and found.kind == "input" and found.name in names


def _settled(step: dict[str, Any], outputs: dict[str, Any]) -> dict[str, Any]:
    """The step, its outputs that are the pipeline's by their binding alone: how they are written is said there."""
    for name, given in step.get("outputs", {}).items():
        found = binding(given)
        if not isinstance(given, Mapping) or not found or found.kind != "output":
            continue
        said = {key: value for key, value in cast("Mapping[str, Any]", given).items() if key not in {"path", "type"}}
        outputs[found.name] = {**said, **outputs.get(found.name, {"type": "uri_folder"})}
        step["outputs"][name] = given["path"]
    return step


def _of_component(fields: Mapping[str, object]) -> dict[str, object]:
    """`component=` of the constructor: a pipeline component's steps and outputs, or its name in the workspace."""
    component = fields.get("component")
    if not isinstance(component, Component):
        return dict(fields)
    if not isinstance(component, PipelineComponent):
        told = f"a pipeline component is expected (found {component.type})."
        raise DraftError("PipelineJob", (("component", told),))
    known = {"display_name": component.display_name or component.name, "description": component.description}
    said = {name: value for name, value in known.items() if value and not fields.get(name)}
    if component.id:
        return {**fields, **said, "component": spec_of(component)}
    _check_known(component, mapping(fields.get("inputs")))
    outputs: dict[str, object] = {name: {"type": port.type} for name, port in component.outputs.items()}
    defaults = {name: port.default for name, port in component.inputs.items() if port.default is not None}
    return {
        **fields, **said, "component": None, "jobs": component.jobs,
        "inputs": {**defaults, **mapping(fields.get("inputs"))},
        "outputs": {**outputs, **mapping(fields.get("outputs"))},
    }  # fmt: skip


def _check_known(component: PipelineComponent, inputs: Iterable[str]) -> None:
    """DraftError for an input that the component does not declare; Azure drops it and says nothing."""
    unknown = [name for name in inputs if name not in component.inputs]
    if unknown:
        told = ((f"inputs.{name}", f"unknown. {did_you_mean(name, component.inputs)}") for name in unknown)
        raise DraftError("PipelineJob", tuple(told))


def as_said(spec: Mapping[str, Any]) -> dict[str, Any]:
    """What the YAML of a submitted pipeline says: the steps of a component of the workspace follow from its name."""
    return {name: value for name, value in spec.items() if name != "jobs" or not isinstance(spec.get("component"), str)}


def printed(spec: Mapping[str, Any]) -> dict[str, Any]:
    """A pipeline's or step's YAML in the words in which Azure prints it: the same to who reads it again."""
    shown: dict[str, Any] = dict(spec)
    for name in _PREFIXED:
        if isinstance(value := shown.get(name), str) and not value.startswith(("azureml:", "${{")):
            shown[name] = f"azureml:{value}"
    for name in ("settings", "component"):
        if isinstance(shown.get(name), Mapping):
            shown[name] = printed(cast("Mapping[str, Any]", shown[name]))
    jobs = cast("Mapping[str, Mapping[str, Any]]", shown.get("jobs") or {})
    if jobs:
        shown["jobs"] = {name: {**printed(step), **_bound(step)} for name, step in jobs.items()}
    return shown


def _bound(step: Mapping[str, Any]) -> dict[str, Any]:
    """The inputs of a step, what is bound as a path."""
    given = cast("Mapping[str, object]", step.get("inputs") or {})
    shown = {
        name: {"path": value} if isinstance(value, str) and binding(value) else value for name, value in given.items()
    }
    return {"inputs": shown} if shown else {}


def pipeline_input(value: object) -> Input:
    """The input of a pipeline from what its function was called with."""
    found = as_node_input(value).value
    return found if isinstance(found, Input) else as_input(found)

"""Components, as the SDK v2 writes them: a step's interface and what it runs. Values only, kept as records."""

import re
from collections.abc import Callable, Mapping
from inspect import Parameter, Signature
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Final, Self, TypeAlias, cast

from pydantic import BeforeValidator, Field, WithJsonSchema, field_validator, model_validator

from jupyter_aml.constants import LITERAL_TYPES
from jupyter_aml.entities.asset import Asset
from jupyter_aml.entities.command_node import CommandNode
from jupyter_aml.entities.draft import Draft, DraftError, each, mapping
from jupyter_aml.entities.environment import Environment
from jupyter_aml.entities.fields import Choice, Loose, PathText, ReadOnly, StrictTexts
from jupyter_aml.entities.input_output import LiteralInput
from jupyter_aml.entities.job_draft import environment_of
from jupyter_aml.entities.job_settings import DistributionConfiguration, QueueSettings, ResourceConfiguration
from jupyter_aml.entities.pipeline_node import Parallel, Pipeline
from jupyter_aml.entities.step import Node
from jupyter_aml.exceptions import (
    UnexpectedKeywordError,
    UnsupportedFieldError,
    ValidationException,
    did_you_mean,
)

_DATA: Final = ("path", "uri_file", "uri_folder", "mltable", "custom_model", "mlflow_model", "triton_model")
_TYPES: Final = (*_DATA, "integer", "number", "string", "boolean")
_MODES: Final = (
    "direct", "download", "eval_download", "eval_mount", "mount", "ro_mount", "rw_mount", "upload", "link",
)  # fmt: skip
_Mode = Annotated[str, Choice(*_MODES)]
_NUMBER_OR_TEXT: Final = WithJsonSchema({"type": ["string", "number"]})
_Text = Annotated[
    str, BeforeValidator(lambda value: str(value) if isinstance(value, int | float) else value), _NUMBER_OR_TEXT
]
_Binding = Annotated[str, Field(pattern=r"^\$\{\{.*\}\}$")]
_EnvironmentGiven: TypeAlias = str | Environment


_OF_FLOW: Final = ("nodes", "flow")
"""What the file of a prompt flow says, or of a run of one."""


class ComponentInput(Draft):
    """An input that a component declares: its type, its default, the values it may have."""

    type: Annotated[str, Choice(*_TYPES)]
    description: str | None = None
    optional: bool | None = None
    default: LiteralInput | None = None
    mode: _Mode | None = None
    min: LiteralInput | None = None
    max: LiteralInput | None = None
    enum: list[LiteralInput] | None = None

    @model_validator(mode="after")
    def _literals(self) -> Self:
        """Azure writes `default: '1.0'` for the number 1: each literal is read as its type says."""
        for name in ("default", "min", "max"):
            vars(self)[name] = _literal(getattr(self, name), self.type, name)
        vars(self)["enum"] = None if self.enum is None else [_literal(one, self.type, "enum") for one in self.enum]
        return self


class ComponentOutput(Draft):
    """An output that a component declares."""

    yaml_requires: ClassVar[tuple[str, ...]] = ("type",)

    type: Annotated[str, Choice(*_TYPES)] = "uri_folder"
    description: str | None = None
    mode: _Mode | None = None


class Component(Asset):
    """What every component has. A component of another type than ours is kept with all that its YAML says."""

    prints_yaml: ClassVar[bool] = True
    yaml_requires: ClassVar[tuple[str, ...]] = ("name",)

    type: str
    display_name: str | None = None
    tags: StrictTexts = Field(default_factory=dict[str, str])
    is_deterministic: bool = True
    inputs: dict[str, ComponentInput] = Field(default_factory=dict[str, ComponentInput])
    outputs: dict[str, ComponentOutput] = Field(default_factory=dict[str, ComponentOutput])
    intellectual_property: ReadOnly[Loose] = None

    @field_validator("inputs", mode="before")
    @classmethod
    def _inputs(cls, value: object) -> dict[str, ComponentInput]:
        return each("inputs", value, _as_input)

    @field_validator("outputs", mode="before")
    @classmethod
    def _outputs(cls, value: object) -> dict[str, ComponentOutput]:
        return each("outputs", value, _as_output)

    @property
    def title(self) -> str:
        """What a call's error names."""
        return f"[component] {self.display_name or self.name}"

    def __call__(self, *args: object, **inputs: object) -> Node:
        """A step of a pipeline that runs this component with these inputs; the types of values are seen at submit.

        Raises UnexpectedKeywordError for an input that it does not declare, ValidationException for positional ones.
        """
        if args:
            example = f"component_func({', '.join(f'{name}=xxx' for name in self.inputs)})"
            message = f"Component function doesn't support positional arguments, got {args} for {self.name}."
            raise ValidationException(f"{message} Please use keyword arguments like: {example}.")
        node = self._node(self._meant(inputs))
        node.noted()
        return node

    def _node(self, inputs: Mapping[str, object]) -> Node:
        """The kind of step that it becomes."""
        del inputs
        raise UnsupportedFieldError(
            f"type: a component of type '{self.type}' does not run here yet.",
            resolution="There is: command, parallel, pipeline.",
        )

    def _meant(self, given: Mapping[str, object]) -> dict[str, object]:
        """The inputs under the names that the component declares, whatever their case (Azure's own rule)."""
        known = {name.lower(): name for name in self.inputs}
        for name in given:
            if name.lower() not in known:
                raise UnexpectedKeywordError.of(self.title, name, self.inputs)
        return {name if name in self.inputs else known[name.lower()]: value for name, value in given.items()}

    @property
    def signature(self) -> Signature:
        """What a call takes, for an editor to show."""
        return Signature(
            [
                Parameter(
                    name,
                    Parameter.KEYWORD_ONLY,
                    annotation=port.type,
                    default=port.default if port.optional or port.default is not None else Parameter.empty,
                )
                for name, port in self.inputs.items()
            ]
        )

    if not TYPE_CHECKING:

        def __getattr__(self, name):  # noqa: ANN001, ANN204 - pydantic's own hook
            """`inspect.signature(component)`, which Jupyter shows on Shift-Tab; `_func`, whose help notebooks show."""
            match name:
                case "__signature__":
                    return self.signature
                case "_func":
                    return _function(self)
            return super().__getattr__(name)


def _function(component: Component) -> Callable[..., Node]:
    """The component as a function that says what it takes."""

    def step(*args: object, **inputs: object) -> Node:
        return component(*args, **inputs)

    told = [f"{name}: {port.description or port.type}" for name, port in component.inputs.items()]
    step.__name__ = step.__qualname__ = component.name or step.__name__
    step.__doc__ = "\n\n".join(filter(None, (component.description, "\n".join(told))))
    step.__signature__ = component.signature
    return step


class CommandComponent(Component):
    """A command with an interface.

    >>> CommandComponent(name="prepare", command="python prepare.py", environment="tools@latest").type
    'command'
    """

    yaml_requires: ClassVar[tuple[str, ...]] = ("name", "command", "environment")

    type: Annotated[str, Choice("command")] = "command"
    command: str | None = None
    code: PathText | None = None
    environment: _EnvironmentGiven | None = None
    environment_variables: dict[str, _Text] | None = None
    distribution: DistributionConfiguration | None = None
    resources: ResourceConfiguration | None = None
    queue_settings: QueueSettings | None = None
    additional_includes: list[str] | None = None

    @model_validator(mode="before")
    @classmethod
    def _instances(cls, given: object) -> object:
        """`instance_count` of the constructor is a resource."""
        return _with_instances(given)

    @field_validator("environment", mode="before")
    @classmethod
    def _environment(cls, value: object) -> object:
        return environment_of(value)

    def __call__(self, *args: object, **inputs: object) -> CommandNode:
        """A step that runs this command with these inputs."""
        return cast("CommandNode", super().__call__(*args, **inputs))

    def _node(self, inputs: Mapping[str, object]) -> CommandNode:
        return CommandNode.of({"component": self, "inputs": inputs})


def _batch(value: object) -> object:
    """A size in files, rows or bytes; `100kb` becomes its bytes, as in Azure, whose 0 is none."""
    if not isinstance(value, str | int):
        return value
    found = re.fullmatch(r"(\d+)(?:([kmg])b)?", str(value).strip().lower())
    if found is None:
        raise ValueError(f"a number, or bytes as '10kb', '10mb', '10gb' is expected (found {value!r})")
    return str(int(found[1]) * 1024 ** " kmg".index(found[2] or " ")) if int(found[1]) else None


class RetrySettings(Draft):
    """How often a mini-batch is tried again, and how many seconds it may take."""

    timeout: int | _Binding | None = None
    max_retries: int | _Binding | None = None


class ParallelTask(Draft):
    """What runs on each mini-batch."""

    yaml_requires: ClassVar[tuple[str, ...]] = ("type", "environment")

    type: Annotated[str, Choice("run_function", "model", "function")] = "run_function"
    code: PathText | None = None
    entry_script: str | None = None
    program_arguments: str | None = None
    model: str | None = None
    append_row_to: str | None = None
    environment: _EnvironmentGiven | None = None

    @field_validator("environment", mode="before")
    @classmethod
    def _environment(cls, value: object) -> object:
        return environment_of(value)


class ParallelComponent(Component):
    """A function over mini-batches of data."""

    type: Annotated[str, Choice("parallel")] = "parallel"
    task: ParallelTask | None = None
    mini_batch_size: Annotated[str | None, BeforeValidator(_batch), _NUMBER_OR_TEXT] = None
    partition_keys: list[str] | None = None
    input_data: str | None = None
    retry_settings: RetrySettings | None = None
    logging_level: Annotated[str, Choice("DEBUG", "INFO", "WARNING")] | None = None
    max_concurrency_per_instance: int | None = None
    error_threshold: int | None = None
    mini_batch_error_threshold: int | None = None
    resources: ResourceConfiguration | None = None

    @model_validator(mode="before")
    @classmethod
    def _instances(cls, given: object) -> object:
        """`instance_count` of the constructor is a resource."""
        return _with_instances(given)

    def __call__(self, *args: object, **inputs: object) -> Parallel:
        """A step that runs this function over mini-batches of these inputs."""
        return cast("Parallel", super().__call__(*args, **inputs))

    def _node(self, inputs: Mapping[str, object]) -> Parallel:
        return Parallel.of({"component": self, "inputs": inputs})


class PipelineComponent(Component):
    """Steps with an interface. The steps are kept as their YAML says them."""

    type: Annotated[str, Choice("pipeline")] = "pipeline"
    jobs: dict[str, Loose] = Field(default_factory=dict[str, Loose])

    def __call__(self, *args: object, **inputs: object) -> Pipeline:
        """A step that is this pipeline with these inputs."""
        return cast("Pipeline", super().__call__(*args, **inputs))

    def _node(self, inputs: Mapping[str, object]) -> Pipeline:
        return Pipeline.of({"component": self, "inputs": inputs})


OTHERS: Final = ("spark", "sweep", "automl", "import", "data_transfer", "flow", "distributed")


class OtherComponent(Component, extra="allow"):
    """A component of a type that Azure ML knows and we keep: spark, sweep, import, …, with all that its YAML says."""

    type: Annotated[str, Choice(*OTHERS)]


COMPONENTS: Final[Mapping[str, type[Component]]] = {
    "command": CommandComponent,
    "parallel": ParallelComponent,
    "pipeline": PipelineComponent,
    **dict.fromkeys(OTHERS, OtherComponent),
}


def component_kind(fields: Mapping[str, Any]) -> type[Component]:
    """The class for a `type` (command when there is none). ValidationException for an unknown one.

    UnsupportedFieldError for a prompt flow, which has no type.
    """
    if (flow := next((key for key in _OF_FLOW if key in fields), None)) and "type" not in fields:
        told = f"{flow}: this is a prompt flow, and those do not run here."
        raise UnsupportedFieldError(told, resolution="What runs here is of type command, parallel or pipeline.")
    kind = str(fields.get("type", "command"))
    if kind not in COMPONENTS:
        raise ValidationException(
            f"type: Unsupported component type: {kind}.", resolution=did_you_mean(kind, COMPONENTS)
        )
    return COMPONENTS[kind]


def component_of(fields: Mapping[str, Any]) -> Component:
    """The component of its `type`. ValidationException for an unknown one."""
    return component_kind(fields).of(fields)


def _as_input(value: object) -> ComponentInput:
    """From an Input, a mapping or what YAML says."""
    if isinstance(value, Draft):
        return ComponentInput.of(value.spec())
    return ComponentInput.of(mapping(value))


def _as_output(value: object) -> ComponentOutput:
    if isinstance(value, Draft):
        return ComponentOutput.of(value.spec())
    return ComponentOutput.of(mapping(value))


def _literal(value: LiteralInput | None, kind: str, name: str) -> LiteralInput | None:
    if value is None or kind not in LITERAL_TYPES:
        return value
    try:
        match kind:
            case "integer":
                return int(value)
            case "number":
                return float(value)
            case "boolean" if str(value).lower() in {"true", "false"}:
                return str(value).lower() == "true"
            case "string":
                return str(value)
            case _:
                raise ValueError(value)
    except ValueError:
        raise DraftError("input", ((name, f"{value!r} is no {kind}"),)) from None


def _with_instances(given: object) -> object:
    if not isinstance(given, Mapping) or "instance_count" not in given:
        return cast("object", given)
    fields = mapping(cast("Mapping[object, object]", given))
    count = fields.pop("instance_count")
    resources = fields.get("resources")
    known = resources.spec() if isinstance(resources, ResourceConfiguration) else mapping(resources)
    return fields if count is None else {**fields, "resources": {**known, "instance_count": count}}

"""The arguments of a pipeline's function: which there are, of which type, what was given. Values in, values out."""

import inspect
import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import EnumMeta
from typing import Any, Final, Union, cast, get_args, get_origin

from jupyter_aml.entities.data import Data
from jupyter_aml.entities.input_output import Input, literal_type
from jupyter_aml.entities.model import Model
from jupyter_aml.entities.ports import NodeInput, NodeOutput, PipelineInput, only_one, outputs_of
from jupyter_aml.exceptions import (
    MultipleValueError,
    ParamValueNotExistsError,
    TooManyPositionalArgsError,
    UnexpectedKeywordError,
    UnsupportedParameterKindError,
    UserErrorException,
)

PRIMITIVES: Final[Mapping[object, str]] = {
    bool: "boolean", int: "integer", float: "number", str: "string",
    "bool": "boolean", "int": "integer", "float": "number", "str": "string",
}  # fmt: skip
_UNTYPED: Final = (inspect.Parameter.empty, Any, object)
"""Annotations that say nothing."""
_GIVEN: Final = (PipelineInput, NodeOutput, NodeInput, Input, Data, Model, str, bool, int, float)


@dataclass(frozen=True, slots=True)
class Parameter:
    """An input of a pipeline as its function declares it. `type` is '' where it does not say."""

    name: str
    type: str = ""
    default: object = None
    declared: Input | None = None

    @property
    def is_optional(self) -> bool:
        """Whether it was said to be optional."""
        return bool(self.declared and self.declared.optional)


def parameters_of(func: Callable[..., object], not_inputs: Sequence[str]) -> dict[str, Parameter]:
    """The inputs that a function declares. UserErrorException for a type that an input cannot have."""
    known = _signature(func).parameters.values()
    kinds = {inspect.Parameter.VAR_KEYWORD, inspect.Parameter.VAR_POSITIONAL}
    return {one.name: _parameter(one) for one in known if one.name not in not_inputs and one.kind not in kinds}


def given(
    func: Callable[..., object], args: Sequence[object], kwargs: Mapping[str, object], not_inputs: Sequence[str]
) -> dict[str, object]:
    """The arguments of a call by name. Azure's errors for what the function does not take."""
    known = inspect.signature(func).parameters
    named = _named_parameters(func, known)
    if missing := [name for name in not_inputs if name not in known]:
        raise ParamValueNotExistsError.of(_name(func), missing)
    if len(args) > len(named):
        least = sum(known[name].default is inspect.Parameter.empty for name in named)
        raise TooManyPositionalArgsError.of(_name(func), least, len(named), len(args))
    found = dict(zip(named, args, strict=False))
    for name, value in kwargs.items():
        if name not in known:
            raise UnexpectedKeywordError.of(_name(func), name, known)
        if name in found:
            raise MultipleValueError.of(_name(func), name)
        found[name] = value
    return {name: value if name in not_inputs else _input(name, value) for name, value in found.items()}


def type_given(value: object) -> str:
    """The type of a value that an input is given; '' where nobody said."""
    match value:
        case NodeOutput():
            return value.kind
        case NodeInput():
            return value.kind or type_given(value.value)
        case PipelineInput() | Input() | Data() | Model():
            return value.type
        case bool() | int() | float() | str():
            return literal_type(value)
        case _:
            return ""


def _named_parameters(func: Callable[..., object], known: Mapping[str, inspect.Parameter]) -> list[str]:
    for one in known.values():
        if one.kind is inspect.Parameter.VAR_POSITIONAL:
            raise UnsupportedParameterKindError.of(_name(func), f"*{one.name}")
        if one.kind is inspect.Parameter.VAR_KEYWORD:
            raise UnsupportedParameterKindError.of(_name(func))
    return list(known)


def _input(name: str, value: object) -> object:
    """A value that an input may have; of a step its only output. UserErrorException for another."""
    if outputs := outputs_of(value):
        return only_one(outputs, name)
    if value is None or isinstance(value, _GIVEN):
        return value
    raise UserErrorException(
        "Pipeline input expected an azure.ai.ml.Input or primitive types (str, bool, int or float), "
        f"but got type {type(value)}."
    )


def _signature(func: Callable[..., object]) -> inspect.Signature:
    """With annotations that were written as texts made out, if their names are known."""
    try:
        return inspect.signature(func, eval_str=True)
    except NameError:
        return inspect.signature(func)


def _parameter(one: inspect.Parameter) -> Parameter:
    default: object = None if one.default is inspect.Parameter.empty else one.default
    if any(one.annotation is untyped for untyped in _UNTYPED):
        return Parameter(one.name, type_given(default), default)
    declared = declared_input(one.name, one.annotation)
    own = declared.default if default is None else default
    return Parameter(one.name, declared.type, own, declared)


def declared_input(name: str, annotation: Any) -> Input:  # noqa: ANN401 - whatever stands behind a colon
    """What an annotation declares: an Input, a primitive type, an Enum of texts. UserErrorException for another."""
    if get_origin(annotation) in {Union, types.UnionType}:
        rest = [one for one in get_args(annotation) if one is not type(None)]
        found = declared_input(name, rest[0]) if len(rest) == 1 else None
        if found:
            return found.model_copy(update={"optional": True})
    if isinstance(annotation, Input):
        return annotation.model_copy()
    if annotation is Input:
        return Input()
    if isinstance(annotation, EnumMeta):
        values = [str(cast("Any", one).value) for one in annotation]
        return Input.of({"type": "string", "enum": values})
    kind = PRIMITIVES.get(annotation) if isinstance(annotation, type | str) else None
    if kind is None:
        raise UserErrorException(
            f"Unsupported annotation type {annotation!r} for parameter {name!r}.",
            resolution="Use bool, int, float, str or Input(type='uri_folder').",
        )
    return Input.of({"type": kind})


def _name(func: Callable[..., object]) -> str:
    return getattr(func, "__name__", type(func).__name__)

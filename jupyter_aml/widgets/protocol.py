"""What a view may ask and how it is told, whichever way that travels: JSON and bytes. Nothing is decided here.

The questions are the methods of `RunViewOperations`; their signatures are the protocol, and `widgets/typescript.py`
writes them down for the front end. Bytes stand in the header as `{"$buffer": n}`; a number that JSON lacks as 'NaN',
'Infinity' or '-Infinity'.
"""

import json
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from inspect import Parameter, signature
from types import NoneType, UnionType
from typing import Any, Final, Literal, TypeAlias, Union, cast, get_args, get_origin, get_type_hints

from jupyter_aml.client.run_views import RunViewOperations
from jupyter_aml.entities.sweep_details import JsonValue, json_number
from jupyter_aml.exceptions import ValidationException, did_you_mean

Type: TypeAlias = Any  # a type as `get_type_hints` gives it: no type of its own says that


_AS_IT_IS: Final = frozenset({str, int, bool, NoneType})


@dataclass(frozen=True, slots=True)
class Question:
    """A question: what must be and what may be said with it, and what is answered."""

    arguments: Mapping[str, Type]
    required: frozenset[str]
    answer: Type


@dataclass(frozen=True, slots=True)
class Answer:
    """What is told: a JSON value, and the bytes that it points to."""

    header: JsonValue
    buffers: tuple[bytes, ...] = ()

    def packed(self) -> bytes:
        """All in one piece: the header's length (uint32, little-endian), the header, the buffers one by one."""
        lengths = [len(one) for one in self.buffers]
        head = json.dumps({"header": self.header, "lengths": lengths}, allow_nan=False).encode()
        return b"".join([struct.pack("<I", len(head)), head, *self.buffers])


@cache
def questions() -> Mapping[str, Question]:
    """Every question by its name."""
    methods = {name: one for name, one in vars(RunViewOperations).items() if callable(one) and name[0] != "_"}
    return {name: _question(method) for name, method in methods.items()}


def _question(method: Callable[..., object]) -> Question:
    hints = get_type_hints(method)
    parameters = [one for name, one in signature(method).parameters.items() if name != "self"]
    required = frozenset(one.name for one in parameters if one.default is Parameter.empty)
    return Question({one.name: hints[one.name] for one in parameters}, required, hints["return"])


def answer(views: RunViewOperations, question: str, args: Mapping[str, JsonValue]) -> Answer:
    """Ask what a front end wants to know. ValidationException for what nobody may ask; else what that raises."""
    known = questions().get(question)
    if known is None:
        raise ValidationException(f"There is no question '{question}'. {did_you_mean(question, questions())}")
    if unknown := sorted(set(args) - set(known.arguments)):
        raise ValidationException(f"{question}: unknown {unknown[0]!r}. {did_you_mean(unknown[0], known.arguments)}")
    if missing := sorted(known.required - set(args)):
        raise ValidationException(f"{question}: {missing[0]!r} is missing.")
    given = {name: read(known.arguments[name], value, name) for name, value in args.items()}
    buffers = list[bytes]()
    header = told(getattr(views, question)(**given), buffers)
    return Answer(header, tuple(buffers))


def told(value: object, buffers: list[bytes]) -> JsonValue:
    """A value as JSON; its bytes are added to `buffers`."""
    if type(value) in _AS_IT_IS:  # nearly all of an answer
        return cast("JsonValue", value)
    if isinstance(value, bytes):
        buffers.append(value)
        return {"$buffer": len(buffers) - 1}
    if isinstance(value, Mapping):
        given = cast("Mapping[str, object]", value)
        return {str(key): told(one, buffers) for key, one in given.items()}
    if isinstance(value, list | tuple):
        return [told(one, buffers) for one in cast("list[object]", value)]
    if is_dataclass(value):
        return {one.name: told(getattr(value, one.name), buffers) for one in fields(value)}
    return _plain(value)


def _plain(value: object) -> JsonValue:
    match value:
        case None | bool() | int():
            return value
        case float():
            return json_number(value)
        case str():
            return str(value)  # of an enum its value
        case _:
            message = f"{type(value).__name__} cannot be told to a view"
            raise TypeError(message)


def read(wanted: Type, value: JsonValue, where: str) -> object:
    """A JSON value as what it is to be. ValidationException by its place when it is something else."""
    origin, among = get_origin(wanted), get_args(wanted)
    if origin in {Union, UnionType}:
        return None if value is None and NoneType in among else _any_of(among, value, where)
    if origin is Literal:
        return value if value in among else _refuse(f"one of {', '.join(map(repr, among))}", value, where)
    if origin in {tuple, list}:
        if not isinstance(value, list):
            return _refuse("a list", value, where)
        return tuple(read(among[0], one, f"{where}[{n}]") for n, one in enumerate(value))
    if is_dataclass(wanted):
        return _read_record(wanted, value, where)
    return _read_plain(wanted, value, where)


def _any_of(among: tuple[Type, ...], value: JsonValue, where: str) -> object:
    kinds = [one for one in among if one is not NoneType]
    for kind in kinds[:-1]:
        try:
            return read(kind, value, where)
        except ValidationException:
            continue
    return read(kinds[-1], value, where)


def _read_record(wanted: Type, value: JsonValue, where: str) -> object:
    if not isinstance(value, dict):
        return _refuse("a mapping", value, where)
    hints = get_type_hints(wanted)
    if unknown := sorted(set(value) - set(hints)):
        raise ValidationException(f"{where}: unknown {unknown[0]!r}. {did_you_mean(unknown[0], hints)}")
    try:
        return wanted(**{key: read(hints[key], one, f"{where}.{key}") for key, one in value.items()})
    except TypeError as error:
        raise ValidationException(f"{where}: {error}") from None


def _read_plain(wanted: Type, value: JsonValue, where: str) -> object:
    kind = getattr(wanted, "__supertype__", wanted)  # the type behind a NewType
    if kind is float and isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    if isinstance(value, kind) and (kind is not int or not isinstance(value, bool)):
        return value
    return _refuse(str(getattr(kind, "__name__", kind)), value, where)


def _refuse(wanted: str, value: JsonValue, where: str) -> object:
    raise ValidationException(f"{where}: {wanted} is wanted, {json.dumps(value)[:80]} was given.")

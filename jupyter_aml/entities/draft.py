"""What a person is still editing: the pydantic base of every draft. Past `operations` only frozen values travel."""

import re
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from enum import Enum
from functools import cache
from pathlib import Path
from typing import IO, Any, ClassVar, Final, Self, TypeAlias, TypeVar, cast

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.fields import FieldInfo

from jupyter_aml.entities import dotted
from jupyter_aml.exceptions import ValidationException, did_you_mean

Problems: TypeAlias = tuple[tuple[str, str], ...]
"""What is wrong with a draft: the path of a field, and what was found there."""
_Made = TypeVar("_Made")


class Mark(Enum):
    """What a field is besides its type."""

    READ_ONLY = "set on what the workspace returned; not part of a YAML that makes one"
    DERIVED = "follows from other fields; not part of a YAML"
    SECRET = "never shown, never in the spec: it goes to the vault"  # noqa: S105 - no password, a mark


class DraftError(ValidationException, ValueError):
    """A draft is not valid. A ValueError too, so that pydantic adds the path when the draft is part of another."""

    def __init__(self, kind: str, problems: Problems) -> None:
        super().__init__(f"This {kind} is not valid:\n  " + "\n  ".join(f"{path}: {text}" for path, text in problems))
        self.problems = problems


class Draft(BaseModel):
    """Checked on construction and on every assignment; an unknown field is refused with the nearest known one.

    `print` shows Azure's `ClassName({...})`, or YAML where Azure does; a secret is in neither.
    Raises ValidationException that names each bad field by its path.
    """

    model_config = ConfigDict(
        validate_assignment=True,
        extra="forbid",
        arbitrary_types_allowed=True,
        hide_input_in_errors=True,
        defer_build=True,
    )
    yaml_requires: ClassVar[tuple[str, ...]] = ()
    """What a YAML file must say, although the constructor lets it be given later (Azure's late checks)."""
    prints_yaml: ClassVar[bool] = False
    stands_alone: ClassVar[bool] = False
    """Whether it has a YAML of its own: inside another's it may be nameless."""

    def __init__(self, **fields: object) -> None:
        try:
            super().__init__(**fields)
        except ValidationError as error:
            raise DraftError(type(self).__name__, _problems(error, type(self))) from None

    @classmethod
    def of(cls, fields: Mapping[Any, Any]) -> Self:
        """The draft with these fields, whatever their types claim to be: the model checks them."""
        return cls(**{str(name): value for name, value in fields.items()})

    def __setattr__(self, name: str, value: object) -> None:
        try:
            super().__setattr__(name, value)
        except ValidationError as error:
            raise DraftError(type(self).__name__, _problems(error, type(self))) from None

    def spec(self) -> dict[str, Any]:
        """The draft as its YAML says it: what differs from the defaults, no secret, nothing the workspace adds."""
        return self.written(frozenset(Mark))

    def written(self, left_out: frozenset[Mark]) -> dict[str, Any]:
        """What differs from the defaults (and `type`) as YAML knows it, less the fields so marked."""
        fields: dict[str, Any] = {}
        for name, marks, default in _known(type(self)):
            if left_out.isdisjoint(marks):
                value = getattr(self, name)
                plain = _plain(value, left_out)
                asked = name == "type" or (name in self.yaml_requires and value is not None)
                nothing = plain in ({}, []) and default is None and not isinstance(value, Draft)
                if asked or (value != default and not nothing):
                    fields[name] = plain
        return self.shaped(fields | {name: _plain(value, left_out) for name, value in (self.model_extra or {}).items()})

    @classmethod
    def shaped(cls, fields: dict[str, Any]) -> dict[str, Any]:
        """The fields in the shape of this kind's YAML, where that is another."""
        return fields

    def unsaid(self) -> Iterator[str]:
        """The paths of what a YAML must say and did not, here and in every draft within."""
        defaults = {name: default for name, _, default in _known(type(self))}
        for name in self.yaml_requires:
            if getattr(self, name) is None or not (name in self.model_fields_set or defaults[name] is None):
                yield name
        for name in type(self).model_fields:
            yield from (f"{name}{below}" for below in _unsaid_in(getattr(self, name)))

    def secrets(self) -> dict[str, str]:
        """The secrets by their dotted path: `{"credentials.account_key": "…"}`; `with_secrets` puts them back."""
        return dict(self._secrets())

    def whole(self) -> dict[str, Any]:
        """The spec with its secrets, as Azure's own YAML has them. Never shown; for the vault's owner alone."""
        return with_secrets(self.spec(), self.secrets())

    def dump(self, dest: str | Path | IO[str], *, include_secrets: bool = False, **_kwargs: object) -> None:
        """Write the YAML that makes this again to a path or an open file.

        Unlike Azure's, it leaves secrets out unless `include_secrets`. ValidationException for a path in no folder.
        """
        text = to_yaml(self.whole() if include_secrets else self.spec())
        if not isinstance(dest, str | Path):
            dest.write(text)
            return
        try:
            Path(dest).write_text(text, encoding="utf-8")
        except OSError as error:
            message = f"No such parent folder path or not a file path: {dest}"
            raise ValidationException(message, resolution="Name a file in a folder that exists.") from error

    def __str__(self) -> str:
        """What `print` shows: YAML of jobs and components, the same as `repr` of everything else (Azure's own rule)."""
        return to_yaml(self.written(frozenset({Mark.SECRET}))) if self.prints_yaml else repr(self)

    def __repr__(self) -> str:
        """Azure's shape, without the secrets."""
        return f"{type(self).__name__}({self.shown()})"

    def __repr_args__(self) -> Iterator[tuple[str | None, object]]:
        """The same fields for pydantic's and rich's own displays."""
        yield from self.shown().items()

    def shown(self) -> dict[str, object]:
        """Every field but the secrets, drafts within as plain mappings: what `repr` shows."""
        names = [name for name, field in type(self).model_fields.items() if Mark.SECRET not in field.metadata]
        return {name: _inside(getattr(self, name)) for name in names}

    def _secrets(self) -> Iterator[tuple[str, str]]:
        for name, field in type(self).model_fields.items():
            value = None if Mark.DERIVED in field.metadata else getattr(self, name)
            if Mark.SECRET in field.metadata and value is not None:
                yield name, value
            yield from ((f"{name}{below}", text) for below, text in _secrets_in(value))


def with_secrets(spec: Mapping[str, Any], secrets: Mapping[str, str]) -> dict[str, Any]:
    """`spec` with each secret back at its dotted path. A path that is no more in the spec is left out."""
    whole = deepcopy(dict(spec))
    for path, text in secrets.items():
        dotted.put(whole, path, text)
    return whole


def to_yaml(fields: Mapping[str, Any]) -> str:
    """A mapping as YAML, in the order in which it was written."""
    return yaml.safe_dump(dict(fields), sort_keys=False, allow_unicode=True)


@cache
def _known(kind: type[Draft]) -> tuple[tuple[str, frozenset[Mark], object], ...]:
    """Each field of a kind: its name, its marks, and its value when it is not given."""
    return tuple(
        (name, frozenset(mark for mark in field.metadata if isinstance(mark, Mark)), _default(field))
        for name, field in kind.model_fields.items()
    )


def _default(field: FieldInfo) -> object:
    return field.get_default(call_default_factory=True, validated_data={})


def each(field: str, values: object, make: Callable[[object], _Made]) -> dict[str, _Made]:
    """A mapping of drafts, each made by `make`; every problem of every draft is told by its path.

    Raises DraftError, or what `make` raises otherwise, its message begun with the path.
    """
    made: dict[str, _Made] = {}
    problems: Problems = ()
    for name, value in mapping(values).items():
        try:
            made[name] = make(value)
        except DraftError as error:
            problems += tuple((f"{name}.{path}", text) for path, text in error.problems)
        except ValidationException as error:
            raise type(error)(f"{field}.{name}: {error.message}", resolution=error.resolution) from None
        except ValueError as error:
            problems += ((name, str(error)),)
    if problems:
        raise DraftError("mapping", problems)
    return made


def mapping(values: object) -> dict[str, object]:
    """A mapping from names; nothing is an empty one. ValueError for anything else."""
    if values is None:
        return {}
    if not isinstance(values, Mapping):
        message = f"a mapping from names is expected (found {values!r})"
        raise ValueError(message)  # noqa: TRY004 - pydantic collects a ValueError, a TypeError it lets through
    return {str(name): value for name, value in cast("Mapping[object, object]", values).items()}


def _plain(value: object, left_out: frozenset[Mark]) -> object:
    """A value as YAML knows it."""
    match value:
        case Draft():
            return value.written(left_out)
        case Mapping():
            items = cast("Mapping[object, object]", value).items()
            return {str(name): _plain(below, left_out) for name, below in items}
        case list() | tuple():
            return [_plain(below, left_out) for below in cast("list[object]", value)]
        case Enum():
            return value.value
        case Path():
            return str(value)
        case _:
            return value


def _inside(value: object) -> object:
    """A draft within a draft, shown as a plain mapping of what is set."""
    match value:
        case Draft():
            return {name: below for name, below in value.shown().items() if below is not None}
        case Mapping():
            return {name: _inside(below) for name, below in cast("Mapping[object, object]", value).items()}
        case list():
            return [_inside(below) for below in cast("list[object]", value)]
        case _:
            return value


def _unsaid_in(value: object) -> Iterator[str]:
    match value:
        case Draft() if not value.stands_alone:
            yield from (f".{path}" for path in value.unsaid())
        case Mapping():
            for name, below in cast("Mapping[object, object]", value).items():
                yield from (f".{name}{path}" for path in _unsaid_in(below))
        case list():
            for place, below in enumerate(cast("list[object]", value)):
                yield from (f".{place}{path}" for path in _unsaid_in(below))
        case _:
            return


def _secrets_in(value: object) -> Iterator[tuple[str, str]]:
    match value:
        case Draft():
            yield from ((f".{name}", text) for name, text in value.secrets().items())
        case list():
            for place, below in enumerate(cast("list[object]", value)):
                yield from ((f"[{place}]{path}", text) for path, text in _secrets_in(below))
        case _:
            return


_PLACE: Final = re.compile(r"function-\w+\[.*?\]|tagged-union\[.*?\]")


def _problems(error: ValidationError, kind: type[Draft]) -> Problems:
    """A pydantic error in our words: each field by its path, what was found, the nearest legal name."""
    problems: Problems = ()
    for issue in error.errors():
        path = ".".join(str(part) for part in issue["loc"] if not _PLACE.match(str(part)))
        match issue["type"]:
            case "extra_forbidden" | "no_such_attribute":
                problems += ((path, f"unknown field. {did_you_mean(path, kind.model_fields)}"),)
            case "missing":
                problems += ((path, "required, and not given."),)
            case "literal_error":
                legal = re.findall("'([^']*)'", str(issue.get("ctx", {}).get("expected")))
                problems += (
                    (path, f"{issue['input']!r} is none of its values. {did_you_mean(str(issue['input']), legal)}"),
                )
            case "value_error":
                problems += _inner(path, issue.get("ctx", {}).get("error"))
            case _:
                problems += ((path, f"{issue['msg']} (found {issue['input']!r})"),)
    return problems


def _inner(path: str, error: object) -> Problems:
    if isinstance(error, DraftError):
        return tuple((f"{path}.{below}" if path else below, text) for below, text in error.problems)
    return ((path, str(error)),)

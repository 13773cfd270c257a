"""What a person is still editing: the pydantic base of every draft. Past `operations` only frozen values travel."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Self, TypeAlias, TypeVar, cast

from pydantic import BaseModel, ConfigDict, ValidationError

from jupyter_aml.exceptions import ValidationException, did_you_mean

Problems: TypeAlias = tuple[tuple[str, str], ...]
"""What is wrong with a draft: the path of a field, and what was found there."""
_Made = TypeVar("_Made")


class DraftError(ValidationException, ValueError):
    """A draft is not valid. A ValueError too, so that pydantic adds the path when the draft is part of another."""

    def __init__(self, kind: str, problems: Problems) -> None:
        super().__init__(f"This {kind} is not valid:\n  " + "\n  ".join(f"{path}: {text}" for path, text in problems))
        self.problems = problems


class Draft(BaseModel):
    """Checked on construction and on every assignment; an unknown field is refused with the nearest known one.

    Raises ValidationException that names each bad field by its path.
    """

    model_config = ConfigDict(validate_assignment=True, extra="forbid", arbitrary_types_allowed=True)

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


def _problems(error: ValidationError, kind: type[Draft]) -> Problems:
    """A pydantic error in our words: each field by its path, what was found, the nearest legal name."""
    problems: Problems = ()
    for issue in error.errors():
        path = ".".join(str(part) for part in issue["loc"])
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
        return tuple((f"{path}.{below}", text) for below, text in error.problems)
    return ((path, str(error)),)

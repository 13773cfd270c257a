"""What a person is still editing: the pydantic base of every draft. Past `operations` only frozen values travel."""

from collections.abc import Mapping
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from jupyter_aml.exceptions import ValidationException, did_you_mean


class Draft(BaseModel):
    """Checked on construction and on every assignment; an unknown field is refused with the nearest known one.

    Raises ValidationException that names each bad field by its path.
    """

    model_config = ConfigDict(validate_assignment=True, extra="forbid", arbitrary_types_allowed=True)

    def __init__(self, **fields: object) -> None:
        try:
            super().__init__(**fields)
        except ValidationError as error:
            raise _explained(error, type(self)) from None

    @classmethod
    def of(cls, fields: Mapping[str, Any]) -> Self:
        """The draft with these fields, whatever their types claim to be: the model checks them."""
        return cls(**fields)

    def __setattr__(self, name: str, value: object) -> None:
        try:
            super().__setattr__(name, value)
        except ValidationError as error:
            raise _explained(error, type(self)) from None


def _explained(error: ValidationError, kind: type[Draft]) -> ValidationException:
    """A pydantic error in our words: each field by its path, what was found, the nearest legal name."""
    lines: list[str] = []
    for issue in error.errors():
        path = ".".join(str(part) for part in issue["loc"])
        if issue["type"] == "extra_forbidden":
            lines.append(f"{path}: unknown field. {did_you_mean(path.rsplit('.', 1)[-1], kind.model_fields)}")
        elif issue["type"] == "missing":
            lines.append(f"{path}: required, and not given.")
        else:
            lines.append(f"{path}: {issue['msg']} (found {issue['input']!r})")
    return ValidationException(f"This {kind.__name__} is not valid:\n  " + "\n  ".join(lines))

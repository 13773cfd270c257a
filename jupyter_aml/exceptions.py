"""The error tree, in Azure's names. Nothing is decided here; rooms raise these and surfaces print them.

MlException
├── ValidationException            a value the user gave cannot be honoured
│   ├── UserErrorException         … in a call's arguments
│   │   └── KeywordError           … in the arguments of a component's or a pipeline's function
│   │       ├── UnexpectedKeywordError, TooManyPositionalArgsError, MultipleValueError, ParamValueNotExistsError
│   │       └── UnexpectedAttributeError
│   ├── AssetPathException         … in a path of data or code
│   │   └── EmptyDirectoryError
│   ├── UnsupportedFieldError      … a field Azure ML knows and we do not honour
│   └── CaptureError               … a notebook cell that cannot become a job
├── NotAvailableError              a part of Azure ML that is not built here, named
├── JobException                   a job failed, or is not in the state that was asked for
├── HttpResponseError              what Azure's service would have answered, with its status code
│   ├── ResourceNotFoundError      nothing has that name
│   ├── ResourceExistsError        something else already has that name
│   └── AuthorizationError         who asked may not do that (403); nothing was done
└── StoreError                     the workspace's files are not what we wrote
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self


class MlException(Exception):
    """Base of every error we raise: what was asked and found, then what to do about it."""

    error_category = "USER_ERROR"

    def __init__(self, message: str, *, resolution: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.resolution = resolution

    def __str__(self) -> str:
        """The message, and the way out on a line of its own."""
        return f"{self.message}\n{self.resolution}" if self.resolution else self.message


@dataclass(frozen=True, slots=True)
class ErrorDetail:
    """What `error.error` is on Azure's HTTP errors."""

    code: str
    message: str


class ValidationException(MlException):
    """A value cannot be honoured; nothing was stored."""


class UserErrorException(ValidationException):
    """A call was made with arguments that do not fit together."""


class KeywordError(UserErrorException):
    """A component's or a pipeline's function was called with arguments that it does not have."""


def _listed(word: str, names: Iterable[str]) -> str:
    """How Azure ends the sentence about a name that is none."""
    known = ", ".join(repr(name) for name in names)
    return f", valid {word}: {known}." if known else "."


class UnexpectedKeywordError(KeywordError):
    """A keyword that the function does not have."""

    @classmethod
    def of(cls, func_name: str, keyword: str, keywords: Iterable[str]) -> Self:
        """In Azure's words."""
        return cls(f"{func_name}() got an unexpected keyword argument {keyword!r}{_listed('keywords', keywords)}")


class UnexpectedAttributeError(KeywordError, AttributeError):
    """An input or output that the component does not declare."""

    @classmethod
    def of(cls, keyword: str, keywords: Iterable[str]) -> Self:
        """In Azure's words, and with the nearest name."""
        names = list(keywords)
        text = f"Got an unexpected attribute {keyword!r}{_listed('attributes', names)}"
        return cls(text, resolution=did_you_mean(keyword, names))


class UnsupportedParameterKindError(UserErrorException):
    """A pipeline's function takes `*args` or `**kwargs`."""

    @classmethod
    def of(cls, func_name: str, parameter_kind: str = "*args or **kwargs") -> Self:
        """In Azure's words."""
        return cls(f"{func_name!r}: dsl pipeline does not accept {parameter_kind} as parameters.")


class TooManyPositionalArgsError(KeywordError):
    """More arguments than the function has."""

    @classmethod
    def of(cls, func_name: str, least: int, most: int, given: int) -> Self:
        """In Azure's words."""
        count = str(least) if least == most else f"{least} to {most}"
        return cls(f"{func_name}() takes {count} positional argument but {given} were given.")


class MultipleValueError(KeywordError):
    """An argument was given by place and by name."""

    @classmethod
    def of(cls, func_name: str, keyword: str) -> Self:
        """In Azure's words."""
        return cls(f"{func_name}() got multiple values for argument {keyword!r}.")


class ParamValueNotExistsError(KeywordError):
    """`non_pipeline_inputs` names what the function does not take."""

    @classmethod
    def of(cls, func_name: str, keywords: Iterable[str]) -> Self:
        """In Azure's words."""
        return cls(f"{func_name}() got unexpected params in non_pipeline_inputs {list(keywords)!r}.")


class AssetPathException(ValidationException):
    """A path of data or code cannot be used."""


class EmptyDirectoryError(AssetPathException):
    """A folder that must hold something holds nothing (after its ignore file was applied)."""


class UnsupportedFieldError(ValidationException):
    """A field that would change the result is not honoured here; named by its path."""


class CaptureError(ValidationException):
    """A notebook cell cannot become a job as it stands."""


class NotAvailableError(MlException, NotImplementedError):
    """A part of Azure ML that does not exist here."""

    @classmethod
    def of(cls, name: str, feature: str) -> Self:
        """`name` was used; it belongs to `feature`, a plural: 'online endpoints'."""
        return cls(f"{name}: {feature} are not available locally.", resolution="The rest of the workspace is as usual.")


class JobException(MlException):
    """A job failed, or is not in the state that the call needs."""


class HttpResponseError(MlException):
    """What Azure's service would have answered."""

    status_code = 400


class ResourceNotFoundError(HttpResponseError):
    """Nothing in this workspace has that name."""

    status_code = 404


class ResourceExistsError(HttpResponseError):
    """Something else in this workspace already has that name."""

    status_code = 409


class AuthorizationError(HttpResponseError):
    """The principal has no role that permits the act; nothing was done. `str()` is Azure's own text, and all of it."""

    status_code = 403
    reason = "Forbidden"

    def __init__(self, text: str, *, resolution: str = "") -> None:
        super().__init__(text, resolution=resolution)
        self.error = ErrorDetail("AuthorizationFailed", text)
        if resolution:
            self.add_note(resolution)  # seen below a traceback

    def __str__(self) -> str:
        """As `azure.core`'s HttpResponseError prints it."""
        return f"({self.error.code}) {self.message}\nCode: {self.error.code}\nMessage: {self.message}"


class StoreError(MlException):
    """The workspace's files are not what this version wrote."""

    error_category = "SYSTEM_ERROR"


_SHOWN = 12


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """The sentence that helps after a typo: the nearest of `known`, else what there is."""
    import difflib  # only a typo waits for it

    names = sorted(known)
    if near := difflib.get_close_matches(name, names, n=1, cutoff=0.6):
        return f"Did you mean '{near[0]}'?"
    shown = ", ".join(names[:_SHOWN]) + (", …" if len(names) > _SHOWN else "")
    return f"There is: {shown}." if names else "There is none yet."

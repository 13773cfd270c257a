"""How a magic says no: a short message instead of a traceback. Nothing is decided here."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from IPython.core.error import UsageError

from jupyter_aml.exceptions import MlException

Given = ParamSpec("Given")
Self = TypeVar("Self")
Result = TypeVar("Result")


def plain(method: Callable[Concatenate[Self, Given], Result]) -> Callable[Concatenate[Self, Given], Result]:
    """A magic whose errors of ours are shown as one message; the cell still counts as failed."""

    @wraps(method)
    def shown(self: Self, *args: Given.args, **kwargs: Given.kwargs) -> Result:
        try:
            return method(self, *args, **kwargs)
        except MlException as error:
            raise UsageError(str(error)) from None

    return shown

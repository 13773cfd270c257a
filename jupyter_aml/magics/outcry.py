"""How a magic says no: a short message instead of a traceback. Nothing is decided here."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from IPython.core.error import UsageError

from jupyter_aml.exceptions import MlException

Given = ParamSpec("Given")
Result = TypeVar("Result")


def plain(magic: Callable[Given, Result]) -> Callable[Given, Result]:
    """A magic whose errors of ours are shown as one message; the cell still counts as failed."""

    @wraps(magic)
    def shown(*args: Given.args, **kwargs: Given.kwargs) -> Result:
        try:
            return magic(*args, **kwargs)
        except MlException as error:
            raise UsageError(str(error)) from None

    return shown

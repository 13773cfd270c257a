"""A function as a program of its own: its source, what it uses from around it, its command line. Text out."""

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator, Mapping
from types import ModuleType
from typing import Any, Final

from jupyter_aml.exceptions import UserErrorException

_PLAIN: Final = (bool, int, float, str, bytes, type(None))
_START: Final = """from __future__ import annotations

import argparse

"""
_CONVERTERS: Final = {
    "boolean": "lambda text: text.strip().lower() in {'true', '1'}", "integer": "int", "number": "float",
}  # fmt: skip


def script_of(func: Callable[..., object], types: Mapping[str, str], *, returns: bool) -> str:
    """The program that calls the function with what its command line says.

    Raises UserErrorException for a name from around it that a program of its own cannot have.
    """
    lines = [_source(func), *_arguments(func, types), *_call(func, returns=returns)]
    return _START + "\n".join([*_around(func), "", *lines]) + "\n"


def _source(func: Callable[..., object]) -> str:
    """The function as it was written, without its decorators."""
    try:
        text = textwrap.dedent(inspect.getsource(func))
    except OSError:
        message = f"{func.__name__}(): its source is not to be found."
        raise UserErrorException(message, resolution="Define it in a notebook's cell or in a file.") from None
    node = ast.parse(text).body[0]
    start = getattr(node, "lineno", 1) - 1
    return "\n".join(text.splitlines()[start:]) + "\n"


def _around(func: Callable[..., object]) -> Iterator[str]:
    """The imports and values that it uses from where it was defined."""
    used = inspect.getclosurevars(func)
    for name, value in {**used.globals, **used.nonlocals}.items():
        if name == func.__name__:
            continue
        yield _line(func.__name__, name, value)


def _line(func: str, name: str, value: Any) -> str:  # noqa: ANN401 - whatever stands around a function
    home, own = getattr(value, "__module__", None), getattr(value, "__qualname__", "")
    if isinstance(value, ModuleType):
        return f"import {value.__name__} as {name}"
    if isinstance(value, _PLAIN):
        return f"{name} = {value!r}"
    if isinstance(home, str) and home != "__main__" and own.isidentifier():
        return f"from {home} import {own} as {name}"
    raise UserErrorException(
        f"{func}(): '{name}' ({type(value).__name__}) is defined around it, and its job would not have it.",
        resolution="Define it in the function, or import it from a module.",
    )


def _arguments(func: Callable[..., object], types: Mapping[str, str]) -> Iterator[str]:
    yield 'if __name__ == "__main__":'
    yield "    parser = argparse.ArgumentParser()"
    parameters = inspect.signature(func).parameters
    for name, kind in types.items():
        default = "None" if name not in parameters or parameters[name].default is inspect.Parameter.empty else None
        kept = default or repr(parameters[name].default)
        convert = _CONVERTERS.get(kind, "str") if name in parameters else "str"
        yield f"    parser.add_argument({f'--{name}'!r}, type={convert}, default={kept})"
    yield "    given = vars(parser.parse_args())"


def _call(func: Callable[..., object], *, returns: bool) -> Iterator[str]:
    if not returns:
        yield f"    {func.__name__}(**given)"
        return
    yield '    place = given.pop("output")'
    yield f"    value = {func.__name__}(**given)"
    yield "    with open(place, 'w', encoding='utf-8') as file:"
    yield "        file.write(str(value))"

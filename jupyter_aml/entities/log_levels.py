"""How bad a line of a log is, by its look: Python's logging, tracebacks, warnings, and what others write. Pure."""

import re
from collections.abc import Callable
from typing import Final

from jupyter_aml.entities.run_logs import Level

_BEGINS: Final = rb"(?:\b|(?<=\dm))"
"""A word begins, or a colour that ends in `31m` stands before it."""


def _pattern(shouted: bytes, said: bytes, raised: bytes) -> re.Pattern[bytes]:
    """A word in capitals; a word in brackets, before a colon at the line's start, or as a `level`; a Python class."""
    return re.compile(
        rb"%b(?:%b)\b|(?i:(?:^\s*|[\[(<|])(?:%b)(?::|[\])>|]))|(?i:\b(?:level|lvl|severity)\W{1,4}(?:%b)\b)|%b"
        % (_BEGINS, shouted, said, said, raised)
    )


_ERROR: Final = _pattern(
    rb"ERROR|CRITICAL|FATAL", rb"error|critical|fatal", rb"^[\w.]*(?:Error|Exception)(?::|\s*$)|^\s*Traceback \(most"
)
_WARNING: Final = _pattern(rb"WARN(?:ING)?", rb"warn(?:ing)?", rb"\b\w*Warning: ")
_ERRORS: Final = (b"error", b"critical", b"fatal", b"traceback (most", b"exception")
HINTS: Final[dict[Level, tuple[bytes, ...]]] = {
    "": (),
    "error": _ERRORS,
    "warning": (*_ERRORS, b"warn"),
}
"""One of these stands, in small letters, in every line of a level. Each costs a look through the whole file."""


def is_error(line: bytes) -> bool:
    """Whether a line tells of an error."""
    return _ERROR.search(line) is not None


def is_warning(line: bytes) -> bool:
    """Whether a line warns, or tells of worse."""
    return _WARNING.search(line) is not None or is_error(line)


JUDGES: Final[dict[Level, Callable[[bytes], bool]]] = {"error": is_error, "warning": is_warning}

"""How bad a line of a log is, by its look: Python's logging, tracebacks, warnings, and what others write. Pure."""

import re
from typing import Final

from jupyter_aml.entities.run_logs import Level

_BEGINS: Final = rb"(?:\b|(?<=\dm))"
"""A word begins, or a colour that ends in `31m` stands before it."""
_FIELDS: Final = (rb"level", rb"lvl", rb"severity")
_IS_FIELD: Final = b"|".join(rb"(?<=\b%b%b)" % (name, rb"\W" * gap) for name in _FIELDS for gap in range(1, 5))
_WORD: Final = bytes(byte for byte in range(128) if chr(byte).isalnum() or chr(byte) == "_")
_CLOSING: Final = rb"[:\])>|]"
_FURTHEST: Final = 200
"""Bytes before a word that are looked at: a longer name is no class's."""


def _look(shouted: bytes, said: bytes, certain: bytes, named: bytes, first: bytes) -> re.Pattern[bytes]:
    """What tells for sure: capitals, a word in brackets, a `level`; what does behind a class's name; what, first."""
    return re.compile(
        rb"(?P<certain>%b(?:%b)\b|(?i:(?<=[\[(<|])(?:%b)%b)|(?i:(?<!\w)(?:%b)(?:%b)\b)|%b)|(?P<named>%b)|(?P<first>(?i:(?:%b)%b)|%b)"
        % (_BEGINS, shouted, said, _CLOSING, _IS_FIELD, said, certain, named, said, _CLOSING, first)
    )


_NEVER: Final = rb"(?!)"
_ERROR: Final = _look(
    rb"ERROR|CRITICAL|FATAL", rb"error|critical|fatal", _NEVER,
    rb"(?:Error|Exception)(?::|[^\S\n]*(?:\n|\Z))", rb"Traceback \(most",
)  # fmt: skip
_WARNING: Final = _look(rb"WARN(?:ING)?", rb"warn(?:ing)?", rb"Warning: ", _NEVER, _NEVER)
_ERRORS: Final[dict[bytes, re.Pattern[bytes]]] = dict.fromkeys(
    (b"error", b"critical", b"fatal", b"traceback (most", b"exception"), _ERROR
)
SIGNS: Final[dict[Level, dict[bytes, re.Pattern[bytes]]]] = {
    "": {},
    "error": _ERRORS,
    "warning": {**_ERRORS, b"warn": _WARNING},
}
"""One of these, of four bytes at least, stands in every line of a level, in small letters; how it looks there."""


def tells(look: re.Pattern[bytes], text: bytes, at: int) -> bool:
    """Whether the sign at `at` makes its line, one of many in `text`, as bad as the sign's level."""
    found = look.match(text, at)
    if found is None or found.lastgroup == "certain":
        return found is not None
    begin = max(at - _FURTHEST, 0)
    newline = text.rfind(b"\n", begin, at)
    if newline < 0 < begin:
        return False
    before = text[max(newline + 1, begin) : at]
    is_first = not before.strip()
    return is_first or (found.lastgroup == "named" and not before.translate(None, _WORD + b"."))


# ── a quick look: what is no sign for sure, by the bytes around a word in small letters ──

BETWEEN: Final = bytes(byte for byte in range(256) if byte not in _WORD)
"""What stands before such a word: nothing of another word."""
BEHIND: Final = b":])>|i"
"""What stands behind one that is no field's value (`i`: of `warning`)."""
ENDS: Final = b"lLyY"
"""How the names of fields end."""
FIELD_GAP: Final = range(2, 6)
"""How far before the word such a name's last letter stands."""

"""The switches among the environment variables (`JUPYTER_AML_…`): on or off, in words that are said here. Sets none."""

from __future__ import annotations  # a job's own Python may be an old one, which has no words for our errors

import sys
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_ON: Final = ("1", "true", "yes", "y", "on")
_OFF: Final = ("0", "false", "no", "n", "off", "")
_WORDS: Final = "On is 1, true, yes, y or on; off is 0, false, no, n, off or nothing."
_VARIABLE: Final = "The environment variable "
_told: set[str] = set()


def is_on(name: str, variables: Mapping[str, str], *, unset: bool = False, within: str = _VARIABLE) -> bool:
    """Whether it is on; `unset` where it is not there. `within` says whose variables they are.

    Raises:
        ValidationException: it says neither.
    """
    if name not in variables:
        return unset
    if _says_neither(variables[name]):
        from jupyter_aml.exceptions import ValidationException

        raise ValidationException(f"{within}{name}: on or off, found '{variables[name]}'.", resolution=_WORDS)
    return _says_on(variables[name])


def is_on_or_told(name: str, variables: Mapping[str, str], *, unset: bool = False) -> bool:
    """The same where a kernel or a Python starts, which must not fail: what says neither is off, and told once."""
    if name not in variables:
        return unset
    if _says_neither(variables[name]) and name not in _told:
        _told.add(name)
        sys.stderr.write(f"{_VARIABLE}{name}: on or off, found '{variables[name]}'; it counts as off. {_WORDS}\n")
    return _says_on(variables[name])


def _says_on(text: str) -> bool:
    return text.strip().lower() in _ON


def _says_neither(text: str) -> bool:
    return text.strip().lower() not in (*_ON, *_OFF)

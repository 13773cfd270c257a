"""The switches among the environment variables (`JUPYTER_AML_…`): on or off, in words that are said here. Sets none."""

from __future__ import annotations  # a job's own Python may be an old one

import sys
from typing import TYPE_CHECKING, Final

from jupyter_aml.exceptions import ValidationException

if TYPE_CHECKING:
    from collections.abc import Mapping

_ON: Final = ("1", "true", "yes", "y", "on")
_OFF: Final = ("0", "false", "no", "n", "off", "")
_WORDS: Final = "On is 1, true, yes, y or on; off is 0, false, no, n, off or nothing."
_VARIABLE: Final = "The environment variable "
_TOLD: Final[set[str]] = set()


def is_on(name: str, variables: Mapping[str, str], *, unset: bool = False, within: str = _VARIABLE) -> bool:
    """Whether it is on; `unset` where it is not there. `within` says whose variables they are.

    Raises:
        ValidationException: it says neither.
    """
    found = variables.get(name)
    if found is None:
        return unset
    word = found.strip().lower()
    if word not in (*_ON, *_OFF):
        raise ValidationException(f"{within}{name}: on or off, found '{found}'.", resolution=_WORDS)
    return word in _ON


def is_on_or_told(name: str, variables: Mapping[str, str], *, unset: bool = False) -> bool:
    """The same where a kernel or a Python starts, which must not fail: what says neither is off, and told once."""
    try:
        return is_on(name, variables, unset=unset)
    except ValidationException as error:
        if name not in _TOLD:
            _TOLD.add(name)
            sys.stderr.write(f"{error.message.rstrip('.')}; it counts as off. {error.resolution}\n")
        return False

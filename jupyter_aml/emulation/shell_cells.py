"""`%%bash`, `%%sh`, `%%script`, `%%system`: a cell of the shell's with lines that install finds our installers.

The cell itself is the user's, and no word of it is changed. Others find what they always found.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Final, Literal

from jupyter_aml.emulation import shim
from jupyter_aml.emulation.pip import names_one

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    Magic = Callable[..., object]

_OF_THE_SHELL: Final[tuple[tuple[Literal["cell", "line"], str], ...]] = (
    ("cell", "bash"), ("cell", "sh"), ("cell", "script"), ("cell", "system"), ("cell", "sx"), ("cell", "!"),
    ("line", "system"), ("line", "sx"),
)  # fmt: skip
"""IPython's magics that run a shell."""


def register(ip: InteractiveShell) -> None:
    """Answer in the shells of this one."""
    for kind, name in _OF_THE_SHELL:
        found = ip.find_magic(name, kind)
        if found and not hasattr(found, "original"):
            ip.magics_manager.register_function(_with_installers(found), kind, name)


def unregister(ip: InteractiveShell) -> None:
    """Answer no more: every magic is what it was."""
    for kind, name in _OF_THE_SHELL:
        magics = ip.magics_manager.magics[kind]
        if original := getattr(magics.get(name), "original", None):
            magics[name] = original


def _with_installers(original: Magic) -> Magic:
    @wraps(original)
    def shell(*given: str) -> object:
        if not any(names_one(text) for text in given):
            return original(*given)
        with shim.installers():
            return original(*given)

    shell.original = original  # pyright: ignore[reportAttributeAccessIssue]
    return shell

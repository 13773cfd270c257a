"""`np.float`, `np.int` and their kin, in a job or a kernel that is named after a Python whose NumPy had them.

NumPy took them away in 1.24; they were Python's own types all along. Names only.
"""

from __future__ import annotations

import builtins
import os
import sys
import warnings
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import TYPE_CHECKING, Final

from jupyter_aml.emulation.finder import give_back
from jupyter_aml.entities.emulation import OLD_NUMPY
from jupyter_aml.entities.switches import is_on_or_told

if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.abc import Loader

_ALIASES: Final = ("bool", "complex", "float", "int", "object", "str")


def install() -> None:
    """Give them to NumPy, now or when it is imported, if the job asks for it."""
    if not is_on_or_told(OLD_NUMPY, os.environ):
        return
    if numpy := sys.modules.get("numpy"):
        _give(numpy)
    elif not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())


def uninstall() -> None:
    """Give them to a NumPy that is imported from now on no more."""
    sys.meta_path[:] = [finder for finder in sys.meta_path if not isinstance(finder, _Finder)]


class _Finder:
    """Finds NumPy as it would have been found. Who only asks whether it is there does not use this up."""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """NumPy's spec with a loader that adds the names; None for every other module."""
        if name != "numpy":
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec and spec.loader:
            spec.loader = _Loader(spec.loader)  # pyright: ignore[reportAttributeAccessIssue] - it does what a loader does
        return spec


class _Loader:
    """NumPy's own loader, and the names after it."""

    def __init__(self, own: Loader) -> None:
        self._own = own

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """As NumPy's own."""
        return self._own.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        """As NumPy's own, then the names."""
        give_back(module, self._own)
        self._own.exec_module(module)
        _give(module)

    def __getattr__(self, name: str) -> object:
        """Whatever else is asked of a loader."""
        if name == "_own":  # of a copy that is still being made
            raise AttributeError(name)
        return getattr(self._own, name)


def _give(numpy: ModuleType) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # NumPy warns of the names that it may take again
        missing = [name for name in _ALIASES if not hasattr(numpy, name)]
    for name in missing:
        setattr(numpy, name, getattr(builtins, name))

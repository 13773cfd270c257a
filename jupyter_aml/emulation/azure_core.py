"""The installed `azure.core`, which datastores elsewhere need as it is: its exceptions become bases of ours.

So `except azure.core.exceptions.ResourceNotFoundError` catches what this package raises, and the storage SDK keeps
its own module. It is not imported for that: it is joined when somebody imports it.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, Final

from jupyter_aml import exceptions
from jupyter_aml.emulation.finder import found_behind, give_back

_MODULE: Final = "azure.core.exceptions"
_SAME: Final = ("HttpResponseError", "ResourceExistsError", "ResourceNotFoundError")


def join() -> None:
    """Join the module that is imported, or will be."""
    if module := sys.modules.get(_MODULE):
        _join(module)
    elif not any(isinstance(finder, _Watch) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Watch())


def part() -> None:
    """Watch no longer; what was joined stays so."""
    sys.meta_path[:] = [finder for finder in sys.meta_path if not isinstance(finder, _Watch)]


def _join(module: ModuleType) -> None:
    """Azure's classes behind ours in the order of resolution: what ours say and keep stays as it is.

    `MlException` itself cannot take another base, being Python's own `Exception` by layout; its kinds can.
    """
    for ours in exceptions.MlException.__subclasses__():
        _add(ours, module.AzureError if ours.__name__ not in _SAME else getattr(module, ours.__name__))
    for name in _SAME:
        _add(getattr(exceptions, name), getattr(module, name))


def _add(ours: type[Any], azures: type[Any]) -> None:
    if not issubclass(ours, azures):
        ours.__bases__ = (*ours.__bases__, type(azures.__name__, (azures,), {"__init__": _as_any_exception}))


def _as_any_exception(self: Exception, *values: object) -> None:
    """Azure's own would ask for a response, and take the status code away."""
    Exception.__init__(self, *values)


class _Watch(MetaPathFinder):
    """Sees one module be imported and leaves all else alone. Who only asks where it is does not use it up."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != _MODULE:
            return None
        spec = found_behind(self, fullname, path, target)
        if spec and spec.loader and spec.origin != "jupyter_aml.emulation":
            spec.loader = _Joining(spec.loader)
        return spec


class _Joining(Loader):
    """The module's own loader, which it keeps; joined once it is there."""

    def __init__(self, loader: Loader) -> None:
        self._loader = loader

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        give_back(module, self._loader)
        self._loader.exec_module(module)
        _join(module)

    def __getattr__(self, name: str) -> object:
        """What else one asks a loader for (its source, its path)."""
        if name == "_loader":  # of a copy that is still being made
            raise AttributeError(name)
        return getattr(self._loader, name)

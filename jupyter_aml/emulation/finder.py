"""The import hook: a module of Azure's is a facade whose names are looked up when used. Nothing is defined."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Final

from jupyter_aml.emulation.absent import placeholder
from jupyter_aml.emulation.names import Home, home_of
from jupyter_aml.exceptions import did_you_mean

_BROUGHT: Final = {"azure.ai.ml": ("urllib.request",), "azureml.core": ("urllib.request",)}
"""What public code finds loaded after such an import, and says `import urllib` only."""


class Facade(ModuleType):
    """A module of Azure's by its name, of this package by what is in it."""

    def __init__(self, name: str, home: Home) -> None:
        super().__init__(name, home.doc)
        self.__dict__["_home"] = home

    def __getattr__(self, name: str) -> object:
        """A name, its room opened now; a placeholder for what is not built. AttributeError for what Azure lacks too."""
        if name == "__all__":
            return list(self.__dict__["_home"].names())
        if name.startswith("__") and name not in self.__dict__["_home"].renamed:
            raise AttributeError(name)
        value = self._found(name)
        self.__dict__[name] = value
        return value

    def _found(self, name: str) -> object:
        home: Home = self.__dict__["_home"]
        if room := home.room_of(name):
            return getattr(import_module(room), home.renamed.get(name, name))
        if feature := home.feature_of(name):
            return placeholder(name, feature, self.__name__)
        if home_of(f"{self.__name__}.{name}"):
            return import_module(f"{self.__name__}.{name}")
        near = did_you_mean(name, home.names())
        raise AttributeError(f"module '{self.__name__}' has no attribute '{name}'. {near}", name=name, obj=self)

    def __dir__(self) -> list[str]:
        """Its public names, for tab completion."""
        return sorted({*self.__dict__["_home"].names(), *self.__dict__})


class _Loader(Loader):
    def __init__(self, home: Home) -> None:
        self.home = home

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return Facade(spec.name, self.home)

    def exec_module(self, module: ModuleType) -> None:
        """Bring what the real package brings along; its names come when they are used."""
        for brought in _BROUGHT.get(module.__name__, ()):
            import_module(brought)


class Finder(MetaPathFinder):
    """Answers for Azure's modules; for packages that only hold them when no installed one does."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The facade's, or None for a module that is none of ours."""
        home = home_of(fullname)
        if home is None:
            return None
        real = self._installed(fullname, path, target) if home.yields or home.shares else None
        if real and home.yields:
            return None
        spec = ModuleSpec(fullname, _Loader(home), origin="jupyter_aml.emulation", is_package=True)
        spec.submodule_search_locations = list((real and real.submodule_search_locations) or ())
        return spec

    def _installed(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None) -> ModuleSpec | None:
        behind = sys.meta_path[sys.meta_path.index(self) + 1 :]  # those before it were asked
        others = (finder.find_spec(fullname, path, target) for finder in behind)
        return next((spec for spec in others if spec), None)


FINDER: Final = Finder()

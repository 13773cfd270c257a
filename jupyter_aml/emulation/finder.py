"""The import hook: a module of Azure's is a facade whose names are looked up when used. Nothing is defined."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module, invalidate_caches
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Final

from jupyter_aml.emulation.absent import placeholder
from jupyter_aml.emulation.names import PARENT, Home, home_of
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
        value = self._of_pythons(name) if name.startswith("__") else self._found(name)
        self.__dict__[name] = value
        return value

    def _of_pythons(self, name: str) -> object:
        """A version; what else begins so is Python's, and there or not before anybody asks."""
        home: Home = self.__dict__["_home"]
        if name != "__version__" or not (room := home.room_of(name)):
            raise AttributeError(f"module '{self.__name__}' has no attribute '{name}'", name=name, obj=self)
        return getattr(import_module(room), home.renamed.get(name, name))

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
            self._look_again(fullname.rpartition(".")[0])
            return None
        real = found_behind(self, fullname, path, target) if home.yields or home.shares else None
        if real and home.yields:
            return None
        spec = ModuleSpec(fullname, _Loader(home), origin="jupyter_aml.emulation", is_package=True)
        spec.submodule_search_locations = list((real and real.submodule_search_locations) or ())
        return spec

    def _look_again(self, parent: str) -> None:
        """What stands for a package that was not installed makes room for one that is by now."""
        if _home(sys.modules.get(parent)) is not PARENT:
            return
        invalidate_caches()
        gone: list[str] = []
        for name, module in list(sys.modules.items()):  # packages stand before what lies in them
            home = _home(module)
            if home and home.yields and (real := found_behind(self, name, _around(name), None)):
                module.__path__[:] = real.submodule_search_locations or ()
                gone += [name] if real.has_location else []
        for name in gone:
            sys.modules.pop(name, None)


def _home(module: ModuleType | None) -> Home | None:
    """Where the names of a facade come from; None for any other module."""
    return module.__dict__["_home"] if isinstance(module, Facade) else None


def _around(name: str) -> Sequence[str] | None:
    """Where the package that a module lies in looks for it."""
    package = sys.modules.get(name.rpartition(".")[0])
    return list(package.__path__) if package else None


def found_behind(
    finder: MetaPathFinder, fullname: str, path: Sequence[str] | None, target: ModuleType | None
) -> ModuleSpec | None:
    """What the finders behind this one say: those before it were asked. Another thread may take it away meanwhile."""
    finders = list(sys.meta_path)
    behind = finders[finders.index(finder) + 1 :] if finder in finders else finders
    others = (one.find_spec(fullname, path, target) for one in behind if hasattr(one, "find_spec"))
    return next((spec for spec in others if spec), None)


def give_back(module: ModuleType, loader: Loader) -> None:
    """Let a module have the loader that it would have had: others tell modules by it, and ask it for files."""
    module.__loader__ = loader
    if module.__spec__:
        module.__spec__.loader = loader


FINDER: Final = Finder()

"""Which module of Azure's is what here: one table. Nothing is imported by it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Final

from jupyter_aml.emulation.cloud import ABSENT, UNBUILT


@dataclass(frozen=True, slots=True)
class Home:
    """Where the names of a module come from."""

    doc: str = "A name of Azure's; jupyter_aml answers for it in this kernel."
    rooms: tuple[str, ...] = ()
    """Modules of this package, in the order in which they are asked."""
    only: frozenset[str] | None = None
    """The names that may come from a room; None: all that the room declares."""
    renamed: Mapping[str, str] = field(default_factory=dict[str, str])
    """Azure's name → ours, where they differ."""
    absent: Mapping[str, str] = field(default_factory=dict[str, str])
    """Feature → the names of it that are not built."""
    unbuilt: str = ""
    """The feature that every name of it belongs to, where nothing of it is built."""
    yields: bool = False
    """Whether an installed package of that name goes first."""
    shares: bool = False
    """Whether submodules that are not answered here come from the installed package of that name."""

    def room_of(self, name: str) -> str:
        """The room that defines it; '' when none does."""
        if self.only is not None and name not in self.only:
            return ""
        ours = self.renamed.get(name, name)
        return next((room for room in self.rooms if hasattr(import_module(room), ours)), "")

    def feature_of(self, name: str) -> str:
        """The feature that a name that is not built belongs to; '' for any other name."""
        return self.unbuilt or next((feature for feature, names in self.absent.items() if name in names.split()), "")

    def names(self) -> Iterable[str]:
        """The public names, built and unbuilt."""
        built = self.only if self.only is not None else {n for room in self.rooms for n in _declared(room)}
        return sorted({*built, *self.renamed, *(name for names in self.absent.values() for name in names.split())})


def _declared(room: str) -> Iterable[str]:
    module = import_module(room)
    return getattr(module, "__all__", None) or [name for name in dir(module) if not name.startswith("_")]


_FRONT: Final = frozenset(
    "Input MLClient MpiDistribution Output PyTorchDistribution TensorFlowDistribution command load_component "
    "load_compute load_connection load_data load_datastore load_environment load_job load_model load_workspace "
    "load_workspace_connection AmlTokenConfiguration ManagedIdentityConfiguration UserIdentityConfiguration".split()
)
_OPERATIONS: Final = {
    "ComponentOperations": "assets", "ComputeOperations": "computes", "DataOperations": "assets",
    "DatastoreOperations": "datastores", "EnvironmentOperations": "assets", "JobOperations": "jobs",
    "ModelOperations": "assets", "ScheduleOperations": "schedules", "WorkspaceOperations": "workspaces",
}  # fmt: skip


def _above(name: str) -> Iterable[str]:
    """The packages that a module lies in."""
    parts = name.split(".")
    return (".".join(parts[:depth]) for depth in range(1, len(parts)))


PARENT: Final = Home("Holds Azure's packages.", yields=True)
_AZURE: Final[dict[str, Home]] = {
    **{parent: PARENT for name in ("azure.ai.ml", *UNBUILT) for parent in _above(name)},
    "azure.ai.ml": Home(
        rooms=("jupyter_aml", "jupyter_aml.emulation.version"), only=_FRONT | {"VERSION", "__version__"},
        renamed={"__version__": "VERSION"}, absent=ABSENT["azure.ai.ml"],
    ),
    "azure.ai.ml._version": Home(rooms=("jupyter_aml.emulation.version",)),
    "azure.ai.ml.entities": Home(
        rooms=("jupyter_aml.entities", "jupyter_aml.client.jobs", "jupyter_aml.emulation.inner"),
        absent=ABSENT["azure.ai.ml.entities"],
    ),
    "azure.ai.ml.constants": Home(rooms=("jupyter_aml.constants",), absent=ABSENT["azure.ai.ml.constants"]),
    "azure.ai.ml.dsl": Home(rooms=("jupyter_aml.dsl",)),
    "azure.ai.ml.sweep": Home(rooms=("jupyter_aml.sweep",)),
    "azure.ai.ml.parallel": Home(rooms=("jupyter_aml.parallel",)),
    "azure.ai.ml.automl": Home(absent=ABSENT["azure.ai.ml.automl"]),
    "azure.ai.ml.finetuning": Home(absent=ABSENT["azure.ai.ml.finetuning"]),
    "azure.ai.ml.model_customization": Home(absent=ABSENT["azure.ai.ml.model_customization"]),
    "azure.ai.ml.data_transfer": Home(absent=ABSENT["azure.ai.ml.data_transfer"]),
    "azure.ai.ml.identity": Home(rooms=("jupyter_aml.emulation.identity",)),
    "azure.ai.ml.exceptions": Home(rooms=("jupyter_aml.exceptions", "jupyter_aml.emulation.exceptions")),
    "azure.ai.ml.operations": Home(
        rooms=tuple(sorted({f"jupyter_aml.client.{room}" for room in _OPERATIONS.values()})),
        only=frozenset({*_OPERATIONS, "WorkspaceConnectionsOperations"}),
        renamed={"WorkspaceConnectionsOperations": "ConnectionOperations"},
        absent=ABSENT["azure.ai.ml.operations"],
    ),
    "azure.identity": Home(rooms=("jupyter_aml.emulation.identity",), shares=True),
    "azure.core": Home(yields=True),
    "azure.core.exceptions": Home(rooms=("jupyter_aml.emulation.exceptions",), yields=True),
    "azure.core.credentials": Home(rooms=("jupyter_aml.emulation.identity",), yields=True),
    "azure.core.polling": Home(rooms=("jupyter_aml.client.poller",), yields=True),
    "mltable": Home(rooms=("jupyter_aml.mltable",)),
    "mldesigner": Home(
        rooms=("jupyter_aml.dsl", "jupyter_aml"), only=frozenset({"command_component", "Input", "Output"})
    ),
    "azureml.fsspec": Home(
        rooms=("jupyter_aml.client.filesystem",), only=frozenset({"AzureMachineLearningFileSystem"})
    ),
    "azureml.mlflow": Home(),
}  # fmt: skip
_OURS: Final = ("azure.ai.ml", "azureml.fsspec", "azureml.mlflow", "mltable", "mldesigner")
"""Below these, a module that the table lacks is its nearest ancestor there, as far as its name is a private one."""
_V1: Final = ("azureml.core", "azureml.data", "azureml.pipeline", "azureml.train", "azureml.widgets")
_V1_NAMES: Final = {"azureml.exceptions": "core.exceptions", "azureml._common.exceptions": "core.exceptions"}


def is_answered(name: str) -> bool:
    """Whether a module of that name is answered here whatever is installed."""
    home = home_of(name)
    return home is not None and not home.yields


@cache
def home_of(name: str) -> Home | None:
    """What is known of a module by its full name; None for one that is none of Azure's, or not one that Azure has."""
    if not name.startswith(("azure", "mltable", "mldesigner")):
        return None
    return _of_v1(name) or _not_built(name) or _AZURE.get(name) or _private(name)


def _of_v1(name: str) -> Home | None:
    """SDK v1's modules are called as ours are, below `v1`."""
    if name in _V1_NAMES:
        return Home(rooms=(f"jupyter_aml.v1.{_V1_NAMES[name]}",))
    if not any(name == package or name.startswith(f"{package}.") for package in _V1):
        return None
    room = f"jupyter_aml.v1.{name.removeprefix('azureml.')}"
    return Home(rooms=(room,), absent=ABSENT.get(name, {})) if _exists(room) else None


def _exists(room: str) -> bool:
    try:
        return find_spec(room) is not None
    except ModuleNotFoundError:  # its package is not there either
        return False


def _not_built(name: str) -> Home | None:
    for package, feature in UNBUILT.items():
        if name == package or name.startswith(f"{package}."):
            return Home(unbuilt=feature, yields=True)
    return None


def _private(name: str) -> Home | None:
    """Public code imports from private modules, where the SDK defines what its public ones only show."""
    parent, _, last = name.rpartition(".")
    is_module = not last[:1].isupper()
    if not is_module or not any(name.startswith(f"{package}.") for package in _OURS):
        return None
    found = _AZURE.get(parent) or _private(parent)
    is_private = last.startswith("_") or parent not in _AZURE
    return replace(found, absent=_anywhere()) if found and is_private else None


@cache
def _anywhere() -> Mapping[str, str]:
    """All that SDK v2 has and is not built: a private module may define what another one shows."""
    found: dict[str, str] = {}
    for features in (absent for module, absent in ABSENT.items() if module.startswith("azure.ai.ml")):
        for feature, names in features.items():
            found[feature] = f"{found.get(feature, '')} {names}"
    return found

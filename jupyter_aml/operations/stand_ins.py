"""Environments that ask for SDK v1 or MLTable, where its names are answered here: who stands for them. None is built.

A script that imports `azureml.core` must find this package, which needs a newer Python than those environments name.
So its Python is this one, and the packages are whatever versions go with that.
"""

import importlib.metadata
import os
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from jupyter_aml.entities import conda_file
from jupyter_aml.entities.emulation import MARK as EMULATED
from jupyter_aml.entities.emulation import OLD_NUMPY, is_of_azure_ml, package_of
from jupyter_aml.entities.switches import is_on

_ASKS: Final = re.compile(
    r"mltable|azureml-(core|defaults|sdk|train|pipeline|widgets|dataset-runtime|dataprep|telemetry|fsspec)\b.*"
)
"""Packages whose names a script of such an environment imports, to reach the workspace."""
_PYTHON: Final = re.compile(r"\d+\.\d+")
_OURS: Final = "jupyter_aml"
_ALIASES_UNTIL: Final = (3, 8)
"""The newest Python that never had a NumPy without `np.float` and its kin."""


@dataclass(frozen=True, slots=True)
class StandIn:
    """What goes in an environment's place: this interpreter, or one with `conda_file`'s packages (None: as it is).

    `note` says what was done; `variables` are what its jobs find besides.
    """

    note: str
    conda_file: Mapping[str, Any] | None = None
    variables: Mapping[str, str] = field(default_factory=dict[str, str])


def of(content: Mapping[str, Any]) -> StandIn | None:
    """The stand-in for a conda file; None for one that asks for nothing of Azure ML's, or where nobody answers it."""
    if not is_on(EMULATED, os.environ):
        return None
    read = conda_file.read(content)
    if not any(_ASKS.fullmatch(package_of(line)) for line in read.lines):
        return None
    wanted = [line for line in read.lines if not is_of_azure_ml(line) and not line.startswith("-")]
    missing = [name for name in _names(wanted) if _version(name) is None]
    found = ", ".join(f"{name} {_version(name)}" for name in _names(wanted) if name not in missing)
    stood_for = " or ".join(read.pythons) or "any"
    said = f"Azure ML's own packages are answered by this one: Python {_own()} stands for {stood_for}"
    around = {OLD_NUMPY: "1"} if _is_old(read.pythons) else {}
    if not missing:
        return StandIn(
            f"{said}; the submitting interpreter has {found or 'all of it'}", None, {**around, **read.variables}
        )
    return StandIn(f"{said}; built with {', '.join(missing)}", _built(content, wanted), {**around, **read.variables})


def _built(content: Mapping[str, Any], wanted: Iterable[str]) -> Mapping[str, Any]:
    """The conda file of an environment with this Python, those packages, and all that this package needs."""
    needed = [
        line.partition(";")[0].strip() for line in importlib.metadata.requires(_OURS) or () if "extra" not in line
    ]
    packages = {**{name: name for name in _names(wanted)}, **{package_of(line): line for line in needed}}
    options = [line for line in conda_file.read(content).lines if line.startswith("-")]
    return {"dependencies": [f"python={_own()}", "pip", {"pip": [*options, *packages.values()]}]}


def _names(lines: Iterable[str]) -> list[str]:
    """The packages without what is asked of their versions: that was said for another Python."""
    return list(dict.fromkeys(name for line in lines if (name := package_of(line)) not in {"", "pip"}))


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _own() -> str:
    return f"{sys.version_info.major}.{sys.version_info.minor}"


def _is_old(pythons: Iterable[str]) -> bool:
    named = [tuple(int(part) for part in request.split(".")[:2]) for request in pythons if _PYTHON.match(request)]
    return bool(named) and max(named) <= _ALIASES_UNTIL

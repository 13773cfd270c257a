"""An environment to build: the frozen plan, its files' names, what is known once it is there. Nothing is built."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, Literal, cast

READY: Final = "jupyter-aml-environment.json"
BUILD_LOG: Final = "azureml-logs/20_image_build_log.txt"
_OLDEST: Final = (3, 11)
OLDEST: Final = "3.11"
"""The oldest Python that this package runs in: as a warm worker, or around a cell."""


@dataclass(frozen=True, slots=True)
class EnvironmentPlan:
    """What to build, and with which tool; all paths are absolute. Without a `target` there is nothing to build.

    `pythons` are requests in the order of preference. `lines` is a requirements file and `options` what
    else uv is told; `conda_file` is the JSON of a conda file, for one of conda's tools.
    `base` is the folder of the submitting interpreter, which is taken where it fits. The last two are what a
    tracking server is started with, if MLflow turns out to be inside.
    """

    target: str = ""
    tool: Literal["uv", "conda"] = "uv"
    program: str = ""
    pythons: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    conda_file: str = ""
    base: str = ""
    server_interpreter: str = ""
    workspace: str = ""

    @property
    def interpreter(self) -> str:
        return f"{self.target}/bin/python"

    @property
    def lock(self) -> Path:
        """Held by whoever builds it, and by every process of the build."""
        return Path(f"{self.target}.lock")

    @property
    def requirements(self) -> Path:
        """What the tool reads."""
        return Path(f"{self.target}.yml" if self.tool == "conda" else f"{self.target}.txt")


@dataclass(frozen=True, slots=True)
class Built:
    """What is known of an environment that is whole: `mlflow` is its version, '' when there is none."""

    python: str
    mlflow: str
    seconds: float

    @property
    def runs_us(self) -> bool:
        """Whether its Python is new enough for this package."""
        major, minor = (int(part) for part in self.python.split(".")[:2])
        return (major, minor) >= _OLDEST

    def to_json(self) -> str:
        return json.dumps(asdict(self))


def plan_from_json(raw: Mapping[str, Any]) -> EnvironmentPlan:
    """The plan that `asdict` gave, read back from JSON."""
    fields: dict[str, Any] = dict(raw)
    for name in ("pythons", "lines", "options"):
        fields[name] = tuple(raw.get(name, ()))
    return EnvironmentPlan(**fields)


def read_built(target: str) -> Built | None:
    """What is known of the environment at `target`; None while it is not whole."""
    try:
        descriptor = os.open(f"{target}/{READY}", os.O_RDONLY | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        return None
    try:
        return Built(**cast("dict[str, Any]", json.loads(os.read(descriptor, 4096))))
    except ValueError:  # a power cut spoiled it
        return None
    finally:
        os.close(descriptor)


def cold_because(plan: EnvironmentPlan) -> str:
    """Why a warm worker cannot live in this environment now; '' when it can."""
    if not plan.target:
        return ""
    built = read_built(plan.target)
    if built is None:
        return "its environment is not built yet"
    return "" if built.runs_us else f"its environment has Python {built.python}; a warm worker needs {OLDEST}"

"""Environments to build without a network: a package whose build waits for a gate. It makes no claim."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from jupyter_aml.engine.executors.subprocess import SubprocessExecutor
from jupyter_aml.entities.environment_build import EnvironmentPlan
from jupyter_aml.entities.workspace import DEFAULT_WORKSPACE
from jupyter_aml.operations.environment_plans import find_uv
from jupyter_aml.operations.workspaces import Workspace, open_workspace
from tests.conftest import AWKWARD
from tests.contracts.executors.yard import Yard

_BACKEND = """
import pathlib, time, zipfile

GATE = {gate!r}

def build_wheel(folder, config_settings=None, metadata_directory=None):
    while GATE and not pathlib.Path(GATE).exists():
        pathlib.Path(GATE + ".asked").touch()
        time.sleep(0.01)
    name = "{name}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(pathlib.Path(folder, name), "w") as wheel:
        wheel.writestr("{name}.py", "VALUE = 1\\n")
        wheel.writestr("{name}-1.0.dist-info/METADATA", "Metadata-Version: 2.1\\nName: {name}\\nVersion: 1.0\\n")
        wheel.writestr("{name}-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\\nTag: py3-none-any\\n")
        wheel.writestr("{name}-1.0.dist-info/RECORD", "")
    return name
"""
_PROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]

[project]
name = "{name}"
version = "1.0"
"""


@pytest.fixture
def workspace(home: Path) -> Iterator[Workspace]:
    """The default workspace of a fresh home."""
    assert home.is_dir()
    opened = open_workspace(DEFAULT_WORKSPACE)
    yield opened
    opened.database.close()
    opened.runs.close()


@pytest.fixture
def yard(tmp_path: Path) -> Iterator[Yard]:
    root = tmp_path / AWKWARD
    root.mkdir()
    made = Yard(root, SubprocessExecutor())
    yield made
    made.close()


def tiny(root: Path, gate: Path | None = None, *, name: str = "tiny") -> str:
    """A requirement that is built from a folder, as soon as `gate` is there."""
    folder = root / name
    folder.mkdir(parents=True)
    (folder / "pyproject.toml").write_text(_PROJECT.format(name=name))
    (folder / "backend.py").write_text(_BACKEND.format(gate=str(gate) if gate else "", name=name))
    return f"{name} @ {folder.as_uri()}"


def plan_of(root: Path, *lines: str, pythons: tuple[str, ...] = ()) -> EnvironmentPlan:
    """A plan for uv, below `root`."""
    own = f"{sys.version_info.major}.{sys.version_info.minor}"
    return EnvironmentPlan(
        target=str(root / "environments" / "one"), program=find_uv(), pythons=pythons or (own,), lines=lines,
        base=str(Path(sys.base_prefix, "bin")), server_interpreter=sys.executable, workspace=str(root / "workspace"),
    )  # fmt: skip


def lent_plan(root: Path) -> EnvironmentPlan:
    """An environment that is whole at once: this interpreter's packages under another name."""
    plan = plan_of(root)
    target = Path(plan.target)
    target.mkdir(parents=True)
    for name in ("bin", "lib"):
        (target / name).symlink_to(Path(sys.prefix, name))
    (target / "pyvenv.cfg").write_bytes(Path(sys.prefix, "pyvenv.cfg").read_bytes())
    version = ".".join(map(str, sys.version_info[:3]))
    ready = {"python": version, "mlflow": "3.0", "seconds": 0.0}
    (target / "jupyter-aml-environment.json").write_text(json.dumps(ready))
    return plan

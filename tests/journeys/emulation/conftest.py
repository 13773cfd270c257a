"""The kernel "Azure ML (local)", installed in a prefix of its own where Jupyter looks first."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from jupyter_client.manager import start_new_kernel

from jupyter_aml.cli.main import run
from tests.journeys.magics.conftest import LIMIT, Kernel

Named = Callable[[str], Kernel]

NOTHING_IS_INSTALLED = {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1", "UV_OFFLINE": "1", "CONDA_OFFLINE": "true"}
"""Should a line reach a real installer after all, that finds no packages: this is somebody's machine."""


@pytest.fixture
def prefix(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where kernels are installed, and Jupyter looks first."""
    found = home.parent / "prefix"
    monkeypatch.setenv("JUPYTER_PATH", str(found / "share" / "jupyter"))
    return found


@pytest.fixture
def installed(prefix: Path) -> Path:
    """The same, with the kernel and its aliases in it."""
    assert run(["kernel", "install", "--prefix", str(prefix), "-o", "none"]) == 0
    return prefix


@pytest.fixture
def named(installed: Path, tmp_path: Path) -> Iterator[Named]:
    """Starts the kernel of that name, installed just now."""
    assert installed
    started = []

    def start(name: str) -> Kernel:
        started.append(start_new_kernel(LIMIT, name, cwd=str(tmp_path), env={**os.environ, **NOTHING_IS_INSTALLED}))
        return Kernel(started[-1][1])

    yield start
    for manager, client in started:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
        manager.cleanup_resources()

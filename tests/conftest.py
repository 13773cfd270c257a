"""The ground every test stands on: a home of its own, a client for it, nothing left behind. It makes no claim."""

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

if TYPE_CHECKING:  # a test of one room loads that room only
    from jupyter_aml import MLClient

_OF_A_WORKSPACE = ("JPY_", "MLFLOW_", "AZUREML_", "JUPYTER_AML_WORKSPACE", "JUPYTER_AML_USER", "JUPYTER_AML_VAULT",
                   "JUPYTER_AML_WAIT")  # fmt: skip
_SET_BY_MAGICS = ("JUPYTER_AML_WORKSPACE", "JUPYTER_AML_USER", "MLFLOW_TRACKING_URI", "MLFLOW_DISABLE_TELEMETRY")
AWKWARD = "a b 'c\" ;é"
GRACE = 60.0  # seconds a process or thread has to leave after it was told to
FOREIGN_THREADS = ("IPythonHistorySavingThread", "asyncio_", "fsspecIO")  # libraries keep these until the process ends


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A fresh JUPYTER_AML_HOME under an awkward name; its supervisors are stopped and its processes gone at the end."""
    yield from made_home(tmp_path, monkeypatch)


def made_home(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Such a home below `folder`, for as long as whoever asks needs it."""
    home = folder / AWKWARD / "home"
    home.mkdir(parents=True)
    for name in {*_SET_BY_MAGICS, *(name for name in os.environ if name.startswith(_OF_A_WORKSPACE))}:
        monkeypatch.setenv(name, "")  # so that it is gone afterwards, whatever the test sets
        monkeypatch.delenv(name)
    monkeypatch.setenv("JUPYTER_AML_HOME", str(home))
    yield home
    _stop_supervisors(home)
    _assert_no_process_left(home)


@pytest.fixture
def ml_client(home: Path) -> "MLClient":
    """The default workspace of a fresh home."""
    from jupyter_aml import MLClient

    assert home.is_dir()
    return MLClient.default()


@pytest.fixture(autouse=True)
def no_thread_left() -> Iterator[None]:
    """A thread that a test started has ended when the test has."""
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + GRACE
    while (left := _threads_left(before)) and time.monotonic() < deadline:
        left[0].join(0.05)
    assert not left, f"threads left behind: {[thread.name for thread in left]}"


def _threads_left(before: set[threading.Thread]) -> list[threading.Thread]:
    return [
        thread
        for thread in threading.enumerate()
        if thread not in before and not thread.name.startswith(FOREIGN_THREADS)
    ]


def _stop_supervisors(folder: Path) -> None:
    databases = list(folder.rglob("workspace.db"))
    if not databases:
        return
    from jupyter_aml.engine import lifecycle
    from jupyter_aml.entities.workspace import WorkspaceFolder

    for database in databases:
        lifecycle.stop(WorkspaceFolder(database.parent))


def _assert_no_process_left(folder: Path) -> None:
    deadline = time.monotonic() + GRACE
    while (left := processes_of(folder)) and time.monotonic() < deadline:
        time.sleep(0.01)
    stories = [_described(process) for process in left]
    for process in left:
        process.kill()
    assert not stories, f"processes left behind: {stories}"


def is_alive(process: psutil.Process | int) -> bool:
    """Whether it lives, a process or the number of one; one that nobody has reaped yet does not."""
    try:
        one = psutil.Process(process) if isinstance(process, int) else process
        return one.is_running() and one.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def processes_of(folder: Path) -> list[psutil.Process]:
    """Every living process but this one whose environment or arguments name `folder`."""
    return [process for process in psutil.process_iter() if process.pid != os.getpid() and _names(process, str(folder))]


def _names(process: psutil.Process, text: str) -> bool:
    try:
        if process.status() == psutil.STATUS_ZOMBIE:  # gone, but for its parent's word
            return False
        return text in process.environ().get("JUPYTER_AML_HOME", "") or any(text in word for word in process.cmdline())
    except psutil.Error:
        return False


def _described(process: psutil.Process) -> str:
    try:
        return f"{process.pid} {process.cmdline()}"
    except psutil.Error:
        return str(process.pid)

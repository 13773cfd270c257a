"""The supervisor's coming and going, seen from outside: started on demand, found, asked to leave. Decides no job."""

import os
import re
import signal
import subprocess
import sys
import time
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from jupyter_aml.engine import lock
from jupyter_aml.entities.emulation import AZ
from jupyter_aml.entities.workspace import WorkspaceFolder
from jupyter_aml.runner.doorbell import ring
from jupyter_aml.runner.process_tree import GUEST

_SYSTEMS_ZONES: Final = Path("/usr/share/zoneinfo")
PACKAGE: Final = Path(__file__).parents[2]
_MAIN: Final = (
    "import gc, sys; gc.disable(); sys.path.append(sys.argv[1]); from jupyter_aml.engine.process import main; "
    "gc.freeze(); gc.enable(); main(sys.argv[2], float(sys.argv[3]), int(sys.argv[4]))"
)
"""Nothing that is imported is garbage: looking for some is a tenth of the start."""
_KEPT: Final = re.compile(
    r"HOME|USER|LOGNAME|SHELL|PATH|LANG|LANGUAGE|LC_\w+|TZ|TERM|TMPDIR|TMP|TEMP|XDG_\w+|JUPYTER_AML_HOME"
    r"|\w+_proxy|\w+_PROXY|SSL_CERT_\w+|\w+_CA_BUNDLE|LD_LIBRARY_PATH|DYLD_\w+|JAVA_HOME|CUDA_\w+|CONDA_EXE|UV_\w+"
    r"|DBUS_SESSION_BUS_ADDRESS|PYTHON_KEYRING_BACKEND"
)
"""Variables of the person and the machine."""
IDLE_SECONDS: Final = float(os.environ.get("JUPYTER_AML_SUPERVISOR_IDLE_SECONDS", "300"))


def ensure(folder: WorkspaceFolder) -> None:
    """Make sure that somebody reads the wishes: wake the supervisor, or start one. Returns at once.

    Several callers at once are harmless: the file lock lets one supervisor live.
    """
    # The lock first: just after a kill, a fork that has yet to close its copy of the doorbell may still answer.
    if is_running(folder):
        ring(str(folder.doorbell))
    else:
        start(folder)


def start(folder: WorkspaceFolder, *, idle_seconds: float = IDLE_SECONDS) -> None:
    """A new supervisor, unless there is one: in a session of its own, so that no kernel takes it along, and no child.

    Without `site`: it needs the standard library and this package, starts in 50 ms and stays near 10 MB.
    """
    held = lock.take(folder.supervisor_lock)
    if held is None:
        return
    words = [str(PACKAGE), str(folder.root), str(idle_seconds), str(held)]
    argv = ["/bin/sh", "-c", '"$@" &', "sh", sys.executable, "-I", "-S", "-c", _MAIN, *words]
    try:
        with folder.supervisor_log.open("ab") as log:
            subprocess.run(
                argv, check=True, cwd="/", start_new_session=True, pass_fds=[held], env=environment(),
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip
    finally:
        os.close(held)


def environment() -> dict[str, str]:
    """What the supervisor, and so every job, starts from: the person and the machine, not this kernel.

    Else a job would find what some kernel happened to hold when the supervisor was started, keys included.
    """
    kept = {name: value for name, value in os.environ.items() if _KEPT.fullmatch(name)}
    return {**kept, **_path(), **_time_zones(), GUEST: "1"}


def _path() -> dict[str, str]:
    """Where programs are found, but for `az` and installers of a kernel that answers Azure's names."""
    places, own = os.environ.get("PATH", os.defpath).split(os.pathsep), os.environ.get(AZ)
    kept = [place for place in places if own is None or own not in {place, str(Path(place).parent)}]
    return {"PATH": os.pathsep.join(kept)}


def _time_zones() -> dict[str, str]:
    """Where the time zones of the `tzdata` package lie, on a machine without its own: there is no `site` to find it."""
    if _SYSTEMS_ZONES.is_dir():
        return {}
    package = find_spec("tzdata")
    folders = package.submodule_search_locations if package else None
    return {"PYTHONTZPATH": str(Path(folders[0], "zoneinfo"))} if folders else {}


def is_running(folder: WorkspaceFolder) -> bool:
    """Whether a supervisor holds this workspace's lock, or is about to begin with it."""
    return lock.is_held(folder.supervisor_lock)


def pid(folder: WorkspaceFolder) -> int | None:
    """The supervisor's process id, or None when there is none."""
    if not is_running(folder):
        return None
    text = folder.supervisor_lock.read_text()
    return int(text) if text.isdigit() else None


def stop(folder: WorkspaceFolder, *, timeout: float = 10.0) -> None:
    """Ask the supervisor to leave and wait until it has; running jobs go on and are adopted by the next one."""
    deadline = time.monotonic() + timeout
    told: set[int] = set()
    while is_running(folder) and time.monotonic() < deadline:
        # Looked up each time: one that is about to begin has not yet written its number.
        if (number := pid(folder)) and number not in told:
            told.add(number)
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGTERM)
        time.sleep(0.01)

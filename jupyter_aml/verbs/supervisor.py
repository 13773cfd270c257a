"""`supervisor`: the process that runs jobs. It comes and goes by itself; here it is looked at, sent away, or kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jupyter_aml.verbs.table import Noun

if TYPE_CHECKING:
    from jupyter_aml import MLClient

NOUN: Final = Noun("supervisor", "The process that runs jobs and keeps schedules.")
COLUMNS: Final = (("Running", "running"), ("Pid", "pid"), ("Service", "service"), ("Log", "log"))


@NOUN.verb("show", columns=COLUMNS)
def show(ml: MLClient) -> dict[str, object]:
    """Whether it runs, its process id, its service if one is installed, its log."""
    from jupyter_aml.engine import lifecycle, service

    folder = ml.workspace.folder
    pid, path = lifecycle.pid(folder), service.installed(folder)
    return {
        "running": pid is not None,
        "pid": pid,
        "service": str(path) if path else None,
        "log": str(folder.supervisor_log),
    }


@NOUN.verb("start")
def start(ml: MLClient) -> None:
    """Start it, if it does not run. It leaves when there is nothing to do; an enabled schedule keeps it."""
    from jupyter_aml.engine import lifecycle

    _ = ml.workspace.database  # a workspace comes into being when it is first used
    lifecycle.ensure(ml.workspace.folder)


@NOUN.verb("stop")
def stop(ml: MLClient) -> None:
    """Send it away. Running jobs go on; the next one takes them over."""
    from jupyter_aml.engine import lifecycle

    lifecycle.stop(ml.workspace.folder)


@NOUN.verb("install", examples=("aml supervisor install",))
def install(ml: MLClient) -> dict[str, object]:
    """Let it begin with your session and stay (systemd, launchd): schedules fire with no notebook open."""
    from jupyter_aml.engine import service

    _ = ml.workspace.database
    return {"service": str(service.install(ml.workspace.folder))}


@NOUN.verb("uninstall")
def uninstall(ml: MLClient) -> None:
    """Let it come and go by itself again."""
    from jupyter_aml.engine import service

    service.uninstall(ml.workspace.folder)

"""`supervisor`: the process that runs jobs. It comes and goes by itself; here it is looked at, or sent away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jupyter_aml.verbs.table import Noun

if TYPE_CHECKING:
    from jupyter_aml import MLClient

NOUN: Final = Noun("supervisor", "The process that runs jobs.")
COLUMNS: Final = (("Running", "running"), ("Pid", "pid"), ("Log", "log"))


@NOUN.verb("show", columns=COLUMNS)
def show(ml: MLClient) -> dict[str, object]:
    """Whether it runs, its process id, its log."""
    from jupyter_aml.engine import lifecycle

    folder = ml.workspace.folder
    pid = lifecycle.pid(folder)
    return {"running": pid is not None, "pid": pid, "log": str(folder.supervisor_log)}


@NOUN.verb("stop")
def stop(ml: MLClient) -> None:
    """Send it away. Running jobs go on; the next one takes them over."""
    from jupyter_aml.engine import lifecycle

    lifecycle.stop(ml.workspace.folder)

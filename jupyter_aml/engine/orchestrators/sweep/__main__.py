"""`python -m jupyter_aml.engine.orchestrators.sweep WORKSPACE_FOLDER`, started by the runner as the sweep's process.

Which sweep it is, and where an error is left in its own words, it finds in its environment like any job.
"""

import os
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Final

from jupyter_aml.engine.orchestrators.sweep.controller import Controller
from jupyter_aml.engine.orchestrators.sweep.ledger import NotWantedError
from jupyter_aml.entities.job_folder import AttemptFolder
from jupyter_aml.entities.names import JobName
from jupyter_aml.exceptions import MlException, StoreError
from jupyter_aml.runner.variables import MARKER

_BEGIN_AGAIN: Final = 128 + signal.SIGKILL
"""The exit code of a program that was killed: the supervisor lets it begin again."""


class _ToldToLeave(BaseException):
    """SIGTERM came."""


def main(root: str) -> int:
    """Be the program of the sweep; 0 when it is over."""
    controller = Controller(Path(root), JobName(os.environ["AZUREML_RUN_ID"]))
    signal.signal(signal.SIGTERM, _leave)
    try:
        _run(controller)
    except _ToldToLeave:
        controller.stop()
    except StoreError as error:
        controller.diary.note("CONTROLLER", f"It begins again: {error}", "WARNING")
        return _BEGIN_AGAIN
    except MlException as error:
        controller.diary.note("CONTROLLER", str(error), "ERROR")
        AttemptFolder(Path(os.environ[MARKER])).error.write_text(str(error))
        controller.stop()
        return 1
    return 0


def _run(controller: Controller) -> None:
    """Until it is over; one that is to be canceled is so by the order to leave, which is on its way."""
    try:
        controller.run()
    except NotWantedError:
        while True:
            signal.pause()


def _leave(_signal: int, _frame: FrameType | None) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise _ToldToLeave


sys.exit(main(*sys.argv[1:]))

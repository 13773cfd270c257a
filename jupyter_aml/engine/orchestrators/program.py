"""What every orchestrator is: a process that runs until its job is over, and can be told to leave. Decides nothing.

Which job it is, and where an error is left in its own words, it finds in its environment like any job's process.
"""

import os
import signal
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Final, Protocol

from jupyter_aml.engine.orchestrators.diary import Diary
from jupyter_aml.entities.job_folder import AttemptFolder
from jupyter_aml.entities.names import JobName
from jupyter_aml.exceptions import MlException, StoreError
from jupyter_aml.runner.variables import MARKER

_BEGIN_AGAIN: Final = 128 + signal.SIGKILL
"""The exit code of a program that was killed: the supervisor lets it begin again."""


class NotWantedError(Exception):
    """The job is over, or about to be: no child of it may begin any more."""


class Orchestrator(Protocol):
    """The program of one job that is made of other jobs."""

    diary: Diary

    def run(self) -> None:
        """Until the job is over. MlException when it failed, NotWantedError when somebody ended it."""
        ...

    def stop(self) -> None:
        """The job is to end: so are its children."""
        ...


class _ToldToLeave(BaseException):
    """SIGTERM came."""


def be(make: Callable[[Path, JobName], Orchestrator], root: str) -> int:
    """Be the program of the job that the environment names; its exit code, 0 when it is over."""
    program = make(Path(root), JobName(os.environ["AZUREML_RUN_ID"]))
    signal.signal(signal.SIGTERM, _leave)
    try:
        _run(program)
    except _ToldToLeave:
        program.stop()
    except StoreError as error:
        program.diary.note("CONTROLLER", f"It begins again: {error}", "WARNING")
        return _BEGIN_AGAIN
    except MlException as error:
        program.diary.note("CONTROLLER", str(error), "ERROR")
        AttemptFolder(Path(os.environ[MARKER])).error.write_text(str(error))
        program.stop()
        return 1
    return 0


def _run(program: Orchestrator) -> None:
    """Until it is over; one that is to be canceled is so by the order to leave, which is on its way."""
    try:
        program.run()
    except NotWantedError:
        while True:
            signal.pause()


def _leave(_signal: int, _frame: FrameType | None) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise _ToldToLeave

"""The switch for lessons and tests: whether a submit returns when the job is over. Kept in the environment; waits.

Notebooks that read a result in the cell after the submit run from top to bottom with it. Children of the kernel
(`!aml job create`) follow it; jobs do not.
"""

import os
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final, TypeVar

from jupyter_aml.client.poller import LROPoller
from jupyter_aml.entities import switches
from jupyter_aml.entities.job import Job
from jupyter_aml.entities.status import JobStatus
from jupyter_aml.exceptions import JobException
from jupyter_aml.operations.streams import Wake

Result = TypeVar("Result")

VARIABLE: Final = "JUPYTER_AML_WAIT"
_AT_ONCE: Final = ContextVar("jupyter_aml.at_once", default=False)


def is_on() -> bool:
    """Whether submits wait here. ValidationException: the switch says neither, even where it does not matter."""
    return switches.is_on(VARIABLE, os.environ) and not _AT_ONCE.get()


def switch(*, on: bool) -> None:
    """Let every submit of this process and its children wait, or none."""
    os.environ[VARIABLE] = "1" if on else "0"


@contextmanager
def at_once() -> Generator[None]:
    """No submit waits in here, whatever the switch says: somebody shows the job while it runs, or serves others."""
    token = _AT_ONCE.set(True)
    try:
        yield
    finally:
        _AT_ONCE.reset(token)


def ended(name: str, wait: Callable[[str], Job]) -> Job:
    """The job once it is over; of a failed one a line says so, as Azure raises nothing at a submit.

    JobException on Ctrl-C: the job goes on.
    """
    try:
        job = wait(name)
    except KeyboardInterrupt:
        raise JobException(
            f"{name} goes on; only the waiting was interrupted.",
            resolution=f"Follow it: ml_client.jobs.stream('{name}'). End it: ml_client.jobs.begin_cancel('{name}').",
        ) from None
    tell(job)
    return job


def tell(job: Job) -> None:
    """One line about a job that failed; nothing about another."""
    if job.status == JobStatus.FAILED:
        reason = (job.error or "Its log says more.").splitlines()[0]
        sys.stderr.write(f"{job.name} failed. {reason}\n")


def begun(look: Callable[[], Result | None], *, wake: Wake = tuple) -> LROPoller[Result]:
    """The poller of something that was begun; where submits wait, it is done when this returns.

    It was begun: a switch that says neither is told, and stops nothing.
    """
    poller = LROPoller(look, wake=wake)
    if switches.is_on_or_told(VARIABLE, os.environ) and not _AT_ONCE.get():
        poller.wait()
    return poller

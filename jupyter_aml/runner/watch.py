"""The wait for a job's processes: until they end, one fails, the time is over, or somebody wants the end."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from jupyter_aml.entities.job_folder import AttemptFolder
from jupyter_aml.runner import ending, process_tree, signals
from jupyter_aml.runner.ranks import Rank


@dataclass(frozen=True, slots=True)
class Ended:
    """Why the wait is over; for `exited` the exit code and the index of the rank that decided it."""

    why: Literal["exited", "canceled", "timeout", "lost"]
    exit_code: int | None = None
    rank: int = 0


def until_end(ranks: Sequence[Rank], pids: Sequence[int], folder: AttemptFolder, timeout: float | None) -> Ended:
    """Wait, asleep; the first rank that fails decides. `timeout` in seconds from now. What still runs is left so."""
    until = None if timeout is None else time.monotonic() + timeout
    left = {pid: rank for rank, pid in enumerate(pids)}
    number: int | None = None
    while True:
        if failed := _failed(left):
            return failed
        if all(ranks[rank].is_server for rank in left.values()):
            return Ended("exited", 0)
        if asked := _asked(folder, number, until):
            return asked
        number = signals.sleep(until)


def _failed(left: dict[int, int]) -> Ended | None:
    """Take those that ended out of `left`; the first that failed."""
    for pid, status in process_tree.reaped().items():
        rank = left.pop(pid, None)
        if rank is not None and status:
            return Ended("exited", ending.exit_code(status), rank)
    return None


def _asked(folder: AttemptFolder, number: int | None, until: float | None) -> Ended | None:
    if folder.cancel.exists():
        return Ended("canceled")
    if number in signals.LEAVE:
        return Ended("lost")
    return Ended("timeout") if until is not None and time.monotonic() >= until else None

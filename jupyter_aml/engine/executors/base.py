"""What an executor promises: the contract in prose, then its names. Nothing is started here.

An executor starts attempts somewhere, and says what it sees of them. It holds no truth: all of it lies in the
attempt's folder (`entities.job_folder`), which outlives executor, supervisor and kernel. So another executor on
the same folders, made after the first was killed, sees the same.

1.  `launch` returns at once. The attempt runs at most once, however often it is launched, by whomever.
2.  An attempt that was launched is never seen ABSENT unless it will never run: it may be launched again then.
3.  Once the attempt's outcome is there, it is ENDED, and none of its processes is left.
4.  `stop` may be called at any time, repeatedly, before the launch too: the attempt ends, with all its processes,
    and its outcome says `canceled`; an outcome that is there already stays as it is.
5.  A runner that was killed leaves its attempt ORPHANED while the user's processes live (`end_orphans` ends them),
    and LOST afterwards. Nothing else makes an attempt LOST.
6.  Neither `close` nor the death of the executor's process touches a running attempt.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from jupyter_aml.entities.job_folder import AttemptFolder
from jupyter_aml.entities.launch import Launch, Outcome


class State(StrEnum):
    """What can be seen of an attempt from its folder."""

    ABSENT = "absent"
    """It never began, and nobody is about to begin it."""
    RUNNING = "running"
    """Its runner lives, or is about to begin."""
    ENDED = "ended"
    """Its outcome is there."""
    ORPHANED = "orphaned"
    """Its runner is gone without an outcome; processes of the user live on."""
    LOST = "lost"
    """It began, and everything of it is gone without an outcome."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """One look at an attempt. Times are seconds since the epoch, None while it has not come to that."""

    state: State
    started_at: float | None = None
    ended_at: float | None = None
    outcome: Outcome | None = None


class Executor(Protocol):
    """Starts attempts, and says what it sees of them."""

    def launch(self, folder: AttemptFolder, launch: Launch) -> None:
        """Start the attempt; nothing happens when it was started before."""
        ...

    def stop(self, folder: AttemptFolder, reason: str) -> None:
        """Ask the attempt to end, for that reason."""
        ...

    def look(self, folder: AttemptFolder) -> Sighting:
        """What there is to see of the attempt now."""
        ...

    def end_orphans(self, folder: AttemptFolder) -> None:
        """End what a killed runner left behind; nothing happens while the runner lives."""
        ...

    def filenos(self) -> Sequence[int]:
        """Descriptors that become readable when a look is worth while; each is given to `drain` then."""
        ...

    def drain(self, descriptor: int) -> None:
        """Take in what that descriptor has to say."""
        ...

    def reap(self) -> None:
        """Take in the ends of this process's own children; cheap, for every turn."""
        ...

    def close(self) -> None:
        """Let go of everything but the attempts."""
        ...

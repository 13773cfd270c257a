"""Interactive runs beside the attempts of an executor: parts of processes that are not ours, and that nobody ends."""

from collections.abc import Sequence
from typing import Final

from jupyter_aml.engine.executors.base import Executor, Sighting, State
from jupyter_aml.engine.executors.pidfds import Pidfds
from jupyter_aml.entities.begun import Begun, read_holders
from jupyter_aml.entities.job_folder import AttemptFolder
from jupyter_aml.entities.launch import Launch, Outcome, read_outcome
from jupyter_aml.tracking.interactive import settle

_GONE: Final = (
    "The run's process (pid {}) is gone, and the run was not ended before: its kernel was restarted or killed, or the "
    "machine went down. What it logged is kept."
)
_UNKNOWN: Final = Begun(0, "", 0.0)


class Attached:
    """The executor `others`, and with it interactive runs, which are known by their folder (contract: `base`).

    They differ in three points. They run before anybody launches them. To stop one ends the run, and leaves its
    process alone, which goes on logging into nothing. One whose processes are all gone is LOST, and says so itself.
    """

    def __init__(self, others: Executor) -> None:
        self._others, self._watched = others, Pidfds()

    def launch(self, folder: AttemptFolder, launch: Launch) -> None:
        """Start the attempt; an interactive run runs already."""
        if not _is_attached(folder):
            self._others.launch(folder, launch)

    def stop(self, folder: AttemptFolder, reason: str) -> None:
        """Ask the attempt to end, for that reason; an interactive run has ended then."""
        if _is_attached(folder):
            settle(folder, Outcome("canceled", error=f"Canceled: {reason}"))
        else:
            self._others.stop(folder, reason)

    def look(self, folder: AttemptFolder) -> Sighting:
        """What there is to see of the attempt now."""
        holders = read_holders(folder.attached)
        return self._others.look(folder) if holders is None else self._look(folder, holders or (_UNKNOWN,))

    def _look(self, folder: AttemptFolder, holders: Sequence[Begun]) -> Sighting:
        # Who is alive is asked before the outcome, which may be its last deed.
        alive = next((one for one in reversed(holders) if one.pid > 0 and one.is_alive), None)
        began_at = holders[0].at
        if outcome := _outcome(folder):
            return Sighting(State.ENDED, began_at, outcome=outcome)
        if alive:
            self._watched.watch(alive)
            return Sighting(State.RUNNING, began_at)
        return Sighting(State.LOST, began_at, outcome=Outcome("lost", error=_GONE.format(holders[-1].pid)))

    def end_orphans(self, folder: AttemptFolder) -> None:
        """End what a killed runner left behind; of an interactive run there is nothing that is ours."""
        self._others.end_orphans(folder)

    def filenos(self) -> Sequence[int]:
        """Descriptors that become readable when a look is worth while; each is given to `drain` then."""
        return [*self._watched.filenos(), *self._others.filenos()]

    def drain(self, descriptor: int) -> None:
        """Take in what that descriptor has to say."""
        if not self._watched.forget(descriptor):
            self._others.drain(descriptor)

    def reap(self) -> None:
        """Take in the ends of our own children, and of no others."""
        self._others.reap()

    def close(self) -> None:
        """Let go of everything but the attempts."""
        self._watched.close()
        self._others.close()


def _is_attached(folder: AttemptFolder) -> bool:
    return folder.attached.exists()


def _outcome(folder: AttemptFolder) -> Outcome | None:
    try:
        return read_outcome(folder.outcome)
    except (ValueError, TypeError):
        return None  # a power cut left an empty file: the run said nothing

"""A look at an attempt's folder: its files, its lease, its runner. Reads only; whoever looks sees the same."""

from jupyter_aml.engine.executors.base import Sighting, State
from jupyter_aml.entities.job_folder import AttemptFolder
from jupyter_aml.entities.launch import Outcome, read_outcome
from jupyter_aml.runner import claim


def look(folder: AttemptFolder) -> Sighting:
    """What there is to see of the attempt now, from its folder alone."""
    if outcome := _outcome(folder):
        return _sighting(State.ENDED, claim.read_begun(folder), outcome)
    begun = claim.read_begun(folder)
    if claim.is_leased(folder):
        return _settled(State.RUNNING if begun is None or begun.is_alive else State.ORPHANED, folder, begun)
    # `begun` again: it may have been made between the two looks, by one who is gone by now.
    begun = claim.read_begun(folder)
    return _settled(State.LOST if begun else State.ABSENT, folder, begun)


def _settled(state: State, folder: AttemptFolder, begun: claim.Begun | None) -> Sighting:
    """`state`, unless the outcome was written while we looked."""
    if state != State.RUNNING and (outcome := _outcome(folder)):
        return _sighting(State.ENDED, claim.read_begun(folder), outcome)
    return _sighting(state, begun, None)


def _sighting(state: State, begun: claim.Begun | None, outcome: Outcome | None) -> Sighting:
    started_at, ended_at = (begun.started_at, begun.ended_at) if begun else (None, None)
    return Sighting(state, started_at, ended_at, outcome)


def _outcome(folder: AttemptFolder) -> Outcome | None:
    try:
        return read_outcome(folder.outcome)
    except (ValueError, TypeError):
        return None  # a power cut left an empty file: the attempt said nothing

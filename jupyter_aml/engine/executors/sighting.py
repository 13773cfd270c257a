"""A look at an attempt's folder: its files, its lease, its runner. Reads only; whoever looks sees the same."""

import json
from pathlib import Path
from typing import cast

from jupyter_aml.engine.executors.base import Sighting, State
from jupyter_aml.entities.job_folder import AttemptFolder
from jupyter_aml.entities.launch import Outcome, read_outcome
from jupyter_aml.runner import claim


def look(folder: AttemptFolder) -> Sighting:
    """What there is to see of the attempt now, from its folder alone."""
    if outcome := _outcome(folder):
        return _sighting(State.ENDED, folder, outcome)
    begun = claim.read_begun(folder)
    leased = claim.is_leased(folder)
    if leased:
        is_run = begun is None or begun.is_alive
        return _settled(State.RUNNING if is_run else State.ORPHANED, folder)
    # `begun` again: it may have been made between the two looks, by one who is gone by now.
    began = begun or claim.read_begun(folder)
    return _settled(State.LOST if began else State.ABSENT, folder)


def _settled(state: State, folder: AttemptFolder) -> Sighting:
    """`state`, unless the outcome was written while we looked."""
    outcome = None if state == State.RUNNING else _outcome(folder)
    return _sighting(State.ENDED if outcome else state, folder, outcome)


def _sighting(state: State, folder: AttemptFolder, outcome: Outcome | None) -> Sighting:
    return Sighting(state, _time(folder.started), _time(folder.ended), outcome)


def _outcome(folder: AttemptFolder) -> Outcome | None:
    try:
        return read_outcome(folder.outcome)
    except (ValueError, TypeError):
        return None  # a power cut left an empty file: the attempt said nothing


def _time(path: Path) -> float | None:
    try:
        return float(cast("dict[str, float]", json.loads(path.read_bytes()))["at"])
    except (FileNotFoundError, ValueError):
        return None

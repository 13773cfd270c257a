"""Several runs side by side, as texts. Values only; nothing is read here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jupyter_aml.entities.status import JobStatus


@dataclass(frozen=True, slots=True)
class RunHead:
    """A run at the top of its column. Times in seconds since the epoch; None: not yet."""

    name: str
    display_name: str
    type: str
    experiment: str
    status: JobStatus
    created: float
    started: float | None
    ended: float | None


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """What each run has under a key, in the order of the runs; '' where it has nothing."""

    key: str
    values: tuple[str, ...]
    differs: bool


@dataclass(frozen=True, slots=True)
class RunComparison:
    """Runs side by side. `code`: the commit, then the files that not all have the same, by their contents' hashes."""

    runs: tuple[RunHead, ...]
    params: tuple[ComparedRow, ...]
    metrics: tuple[ComparedRow, ...]
    tags: tuple[ComparedRow, ...]
    inputs: tuple[ComparedRow, ...]
    environment: tuple[ComparedRow, ...]
    code: tuple[ComparedRow, ...]


def side_by_side(columns: Sequence[Mapping[str, str]], *, is_sorted: bool = False) -> tuple[ComparedRow, ...]:
    """A row for each key that any of these has, in the order in which they came unless they are sorted."""
    found = dict.fromkeys(key for column in columns for key in column)
    rows = {key: tuple(column.get(key, "") for column in columns) for key in (sorted(found) if is_sorted else found)}
    return tuple(ComparedRow(key, values, len(set(values)) > 1) for key, values in rows.items())

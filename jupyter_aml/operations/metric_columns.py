"""The metrics of runs as columns of numbers, kept from one question to the next and extended by what is new.

Nothing is chosen or thinned here.
"""

from collections import OrderedDict
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from operator import itemgetter
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Final, TypeAlias, TypeVar

from jupyter_aml.operations.workspaces import Workspace
from jupyter_aml.tracking.runs import LARGEST, MetricRow, Runs

if TYPE_CHECKING:  # whoever asks for a run without metrics waits for no numpy
    import numpy as np
    from numpy.typing import NDArray

    Integers: TypeAlias = NDArray[np.int64]
    Numbers: TypeAlias = NDArray[np.float64]
    Number = TypeVar("Number", np.int64, np.float64)

MOST_POINTS: Final = 4_000_000
"""Points that are kept of all runs together, 32 bytes each; the runs that nobody asked for the longest go first."""
_AT_ONCE: Final = 50_000
_IN_CACHE: Final = 2_000
"""Rows that Python holds at a time: more of them leave the processor's cache before they are looked at."""
_ROW, _KEY, _STEP, _TIME, _VALUE = range(5)
_FIRST_SIZE: Final = 64


class Column:
    """Every point of one metric, by step, then time, then row: the order of MLflow's history."""

    def __init__(self, key: str) -> None:
        import numpy as np

        self.key, self.count, self.row = key, 0, 0
        self.least: float | None = None
        self.most: float | None = None
        self.is_finite = self.is_by_time = True
        self._whole: NDArray[np.int64] = np.empty((3, _FIRST_SIZE), np.int64)
        self._values = np.empty(_FIRST_SIZE, np.float64)

    @property
    def steps(self) -> "Integers":
        """Each point's step."""
        return self._whole[0, : self.count]

    @property
    def times(self) -> "Integers":
        """When, in milliseconds since 1970; in order where `is_by_time`."""
        return self._whole[1, : self.count]

    @property
    def rows(self) -> "Integers":
        """Each point's row: the order in which they were logged."""
        return self._whole[2, : self.count]

    @property
    def values(self) -> "Numbers":
        """What was logged, NaN and ±inf among it unless `is_finite`."""
        return self._values[: self.count]

    def append(self, whole: "Integers", values: "Numbers") -> None:
        """Add points: their steps, times and rows as three rows, in the order in which they were logged."""
        before, self.count = self.count, self.count + len(values)
        self._make_room()
        self._whole[:, before : self.count], self._values[before : self.count] = whole, values
        self.row = int(whole[2, -1])
        self._sort(before)
        self._summarize(values)

    def _make_room(self) -> None:
        """Twice the size when it is full."""
        size = len(self._values)
        if self.count > size:
            size = max(2 * size, self.count)
            self._whole, self._values = _wider(self._whole, size), _wider(self._values, size)

    def _sort(self, before: int) -> None:
        """Bring the points from number `before` on into their places; those before the first of them stay."""
        import numpy as np

        since = slice(max(0, before - 1), None)
        if _in_order(self.steps[since], self.times[since]):
            self.is_by_time = self.is_by_time and _never_falls(self.times[since])
            return
        first = int(np.searchsorted(self.steps[:before], int(self.steps[before:].min())))
        order = first + np.lexsort((self.times[first:], self.steps[first:]))
        self._whole[:, first : self.count] = self._whole[:, order]
        self._values[first : self.count] = self._values[order]
        self.is_by_time = _never_falls(self.times)

    def _summarize(self, values: "Numbers") -> None:
        import numpy as np

        finite = values[np.isfinite(values)]
        self.is_finite = self.is_finite and len(finite) == len(values)
        if len(finite):
            least, most = float(finite.min()), float(finite.max())
            self.least = least if self.least is None else min(self.least, least)
            self.most = most if self.most is None else max(self.most, most)


def _wider(array: "NDArray[Number]", size: int) -> "NDArray[Number]":
    import numpy as np

    wider = np.empty((*array.shape[:-1], size), array.dtype)
    wider[..., : array.shape[-1]] = array
    return wider


def _never_falls(times: "Integers") -> bool:
    return bool((times[1:] >= times[:-1]).all())


def _in_order(steps: "Integers", times: "Integers") -> bool:
    later = steps[1:] > steps[:-1]
    return bool((later | ((steps[1:] == steps[:-1]) & (times[1:] >= times[:-1]))).all())


class Columns:
    """The metrics of one run. Whoever looks at them holds `lock`: another thread may be bringing them up to date."""

    def __init__(self) -> None:
        self.lock = Lock()
        self._begin()

    def _begin(self) -> None:
        self.by_key = dict[str, Column]()
        self.count = 0
        self._last: MetricRow | None = None

    @property
    def row(self) -> int:
        """The last row that was read."""
        return self._last[0] if self._last else 0

    def refresh(self, runs: Runs, run: str, most: int | None = None) -> bool:
        """Read what was logged since; at most so many rows. Whether everything was read.

        The last known row is read again: where it is no longer what it was, the database was made anew, and so is this.
        """
        rows = runs.rows(run, self.row)
        if self._last and next(rows, None) != self._last:
            self._begin()
            rows = runs.rows(run)
        wanted = rows if most is None else islice(rows, most)
        before = self.count
        while found := _read(wanted):
            self._append(found)
        return most is None or self.count - before < most

    def _append(self, read: "_Read") -> None:
        self._last = read.last
        for key, places in _places(read.keys):
            if key not in self.by_key:
                self.by_key[key] = Column(key)
            self.by_key[key].append(read.whole[:, places], read.values[places])
        self.count += len(read.keys)


@dataclass(frozen=True, slots=True)
class _Read:
    """Rows as they were read: their keys, their steps, times and rows as three rows, and what was logged."""

    keys: list[str]
    whole: "Integers"
    values: "Numbers"
    last: MetricRow


def _read(rows: Iterator[MetricRow]) -> _Read | None:
    """The next rows; None when there are none."""
    some = list(islice(rows, _IN_CACHE))
    return _gathered(some, rows) if some else None


def _gathered(some: list[MetricRow], more: Iterator[MetricRow]) -> _Read:
    import numpy as np

    whole, values, keys, last = np.empty((3, _AT_ONCE), np.int64), np.empty(_AT_ONCE), list[str](), some[-1]
    while some:
        part, last = slice(len(keys), len(keys) + len(some)), some[-1]
        for number, which in enumerate((_STEP, _TIME, _ROW)):
            whole[number, part] = _taken(some, which, np.int64)
        values[part] = _taken(some, _VALUE, np.float64)
        keys += map(itemgetter(_KEY), some)
        some = list(islice(more, min(_IN_CACHE, _AT_ONCE - len(keys))))
    return _Read(keys, whole[:, : len(keys)], _as_logged(values[: len(keys)]), last)


def _taken(rows: list[MetricRow], which: int, kind: "type[Number]") -> "NDArray[Number]":
    import numpy as np

    return np.fromiter(map(itemgetter(which), rows), kind, len(rows))


def _as_logged(values: "Numbers") -> "Numbers":
    """Numbers as they were before MLflow's database took them."""
    import numpy as np

    values[np.isposinf(values)] = np.nan
    infinite = np.abs(values) >= LARGEST
    values[infinite] = np.copysign(np.inf, values[infinite])
    return values


def _places(keys: list[str]) -> Iterator[tuple[str, "NDArray[np.intp] | slice"]]:
    """Each key and where it stands, in order."""
    import numpy as np

    if keys.count(keys[0]) == len(keys):
        yield keys[0], slice(None)
        return
    numbers = {key: number for number, key in enumerate(dict.fromkeys(keys))}
    which = np.fromiter(map(numbers.__getitem__, keys), np.int32, len(keys))
    order = np.argsort(which, kind="stable")
    ends = np.cumsum(np.bincount(which))
    for key, number in numbers.items():
        yield key, order[ends[number - 1] if number else 0 : ends[number]]


class Kept:
    """The columns of the runs that were asked for last."""

    def __init__(self, most: int = MOST_POINTS) -> None:
        self._most, self._lock = most, Lock()
        self._runs: OrderedDict[tuple[Path, str], Columns] = OrderedDict()

    def of(self, database: Path, run: str) -> Columns:
        """The run's columns, as they were left or empty. Those of others are forgotten when there are too many."""
        with self._lock:
            columns = self._runs.setdefault((database, run), Columns())
            self._runs.move_to_end((database, run))
            while len(self._runs) > 1 and sum(one.count for one in self._runs.values()) > self._most:
                self._runs.popitem(last=False)
            return columns


_KEPT: Final = Kept()


@contextmanager
def columns(workspace: Workspace, run: str) -> Generator[Columns]:
    """The run's metrics as they were left, for one reader at a time; `refresh` brings them up to date."""
    found = _KEPT.of(workspace.folder.tracking_database, run)
    with found.lock:
        yield found

"""Points of a run's metrics, as many as a screen has pixels for. Numbers out; nothing is painted here."""

from collections.abc import Iterable
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from jupyter_aml.entities.job_record import JobRecord
from jupyter_aml.entities.pipeline_plan import REUSED_RUN
from jupyter_aml.entities.run_changes import SeriesSummary
from jupyter_aml.entities.run_series import Axis, Curve, PointRows, SeriesWindow
from jupyter_aml.entities.sweep_details import json_number
from jupyter_aml.exceptions import ValidationException, did_you_mean
from jupyter_aml.operations import access
from jupyter_aml.operations.metric_columns import Column, Columns, columns
from jupyter_aml.operations.workspaces import Workspace
from jupyter_aml.store import jobs

if TYPE_CHECKING:
    from collections.abc import Generator

    import numpy as np
    from numpy.typing import NDArray

    from jupyter_aml.operations.metric_columns import Integers, Numbers

MOST_PIXELS: Final = 4_096
MOST_ROWS: Final = 10_000
_AXES: Final[tuple[Axis, ...]] = ("step", "time", "relative")


def series(workspace: Workspace, name: str, curves: Iterable[Curve]) -> tuple[SeriesWindow, ...]:
    """Each curve's points from `low` to `high`, and the next ones outside; at most two a pixel (of 4,096 at most).

    Too many points are thinned: of each pixel's the least and the most stay, and the first of those that are no
    numbers; so do both ends. The first `after` points are left out where the receiver has them already: of a metric
    that is sent as a whole, unthinned, when no point was logged into their midst. A metric that nobody logged is empty.
    ResourceNotFoundError when there is no such run; ValidationException for an unknown `x`.
    """
    wanted = tuple(curves)
    for x in {one.x for one in wanted} - set(_AXES):
        raise ValidationException(f"x: '{x}' is no axis.", resolution=did_you_mean(x, _AXES))
    access.require(workspace, "jobs/read", f"jobs/{name}")
    job = jobs.get(workspace.database, name)
    with _columns(workspace, job) as found:
        return tuple(_window(found.by_key.get(one.key), one, _origin(job)) for one in wanted)


def points(workspace: Workspace, name: str, key: str, first: int, count: int) -> PointRows:
    """Rows of the metric's table from `first` on, by step; at most 10,000. ResourceNotFoundError as above."""
    access.require(workspace, "jobs/read", f"jobs/{name}")
    with _columns(workspace, jobs.get(workspace.database, name)) as found:
        column = found.by_key.get(key)
        if column is None:
            return PointRows(key, 0, 0, (), (), ())
        begin = min(max(0, first), column.count)
        part = slice(begin, begin + max(0, min(count, MOST_ROWS)))
        values = tuple(map(json_number, column.values[part].tolist()))
        steps, times = column.steps[part].tolist(), column.times[part].tolist()
        return PointRows(key, column.count, begin, tuple(steps), tuple(times), values)


def summaries(workspace: Workspace, names: Iterable[str]) -> dict[str, tuple[SeriesSummary, ...]]:
    """Every metric of these runs in a line each, for many runs side by side: no point of them is read."""
    access.require(workspace, "jobs/read", "jobs")
    found = [jobs.get(workspace.database, name) for name in names]
    counted = workspace.runs.summaries(ran(job) for job in found)
    return {
        job.name: tuple(
            SeriesSummary(one.key, one.count, json_number(one.last), one.least, one.most, one.first_step, one.last_step)
            for one in counted[ran(job)]
        )
        for job in found
    }


def ran(job: JobRecord) -> str:
    """The run whose metrics are a job's: of a step that did not run again, the one that did."""
    return job.properties.get(REUSED_RUN, job.name)


@contextmanager
def _columns(workspace: Workspace, job: JobRecord) -> "Generator[Columns]":
    with columns(workspace, ran(job)) as found:
        found.refresh(workspace.runs, ran(job))
        yield found


def _origin(job: JobRecord) -> float:
    """When relative times begin, in milliseconds."""
    return 1000 * (job.started_at or job.created_at)


class _Placed:
    """A column along an axis: its points from left to right."""

    def __init__(self, column: Column, axis: Axis, origin: float) -> None:
        import numpy as np

        self.is_finite = column.is_finite
        self._origin, self._unit = {"step": (0.0, 1.0), "time": (0.0, 1e3), "relative": (origin, 1e3)}[axis]
        self._along, self.values, self.rows = column.times, column.values, column.rows
        if axis == "step":
            self._along = column.steps
        elif not column.is_by_time:
            order = np.argsort(column.times, kind="stable")
            self._along, self.values, self.rows = column.times[order], column.values[order], column.rows[order]

    def part(self, low: float | None, high: float | None) -> slice:
        """The points from `low` to `high`, and the next one on each side: a line goes on to the edge."""
        import numpy as np

        count = len(self._along)
        first = 0 if low is None else int(np.searchsorted(self._along, self._along_at(low), "left")) - 1
        last = count if high is None else int(np.searchsorted(self._along, self._along_at(high), "right")) + 1
        return slice(max(0, first), max(0, min(count, last)))

    def _along_at(self, x: float) -> float:
        return x * self._unit + self._origin

    def x(self, part: "slice | Integers") -> "Numbers":
        """Where these points are."""
        import numpy as np

        return (self._along[part].astype(np.float64) - self._origin) / self._unit


def _window(column: Column | None, curve: Curve, origin: float) -> SeriesWindow:
    import numpy as np

    if column is None:
        return SeriesWindow(curve.key, 0, 0.0, 0.0, 0, b"", b"")
    placed, pixels = _Placed(column, curve.x, origin), max(1, min(curve.pixels, MOST_PIXELS))
    part = placed.part(curve.low, curve.high)
    is_thinned = part.stop - part.start > 2 * pixels
    is_whole = curve.low is curve.high is None and not is_thinned
    first = curve.after if is_whole and _has(placed.rows, curve.after) else 0
    kept = np.arange(part.start + first, part.stop, dtype=np.intp)
    if is_thinned:
        kept = part.start + _thinned(placed.x(part), placed.values[part], pixels, is_finite=placed.is_finite)
    y = placed.values[kept].astype("<f8")
    odd: list[int] = [] if placed.is_finite else np.flatnonzero(~np.isfinite(y)).tolist()
    marks = tuple((at, str(json_number(float(y[at])))) for at in odd)
    y[odd] = np.nan
    ends = placed.x(np.array([0, len(placed.values) - 1]))
    return SeriesWindow(
        curve.key, len(placed.values), float(ends[0]), float(ends[1]), first,
        placed.x(kept).astype("<f8").tobytes(), y.tobytes(), marks, is_thinned,
    )  # fmt: skip


def _has(rows: "Integers", after: int) -> bool:
    """Whether the first `after` points are those that were logged first: what came later, came behind them."""
    return 0 < after <= len(rows) and (after == len(rows) or int(rows[:after].max()) < int(rows[after:].min()))


def _thinned(x: "Numbers", values: "Numbers", pixels: int, *, is_finite: bool) -> "NDArray[np.intp]":
    """Which points stay: of each of equally wide parts the least and the most, both ends, and gaps."""
    import numpy as np

    parts = pixels - 1 if is_finite else (2 * pixels - 2) // 3
    edges = np.searchsorted(x, np.linspace(float(x[0]), float(x[-1]), max(2, parts + 1))[1:-1])
    begins = np.unique(np.concatenate([[0], edges])).astype(np.intp)
    kept = np.array([0, len(x) - 1])
    if parts > 0:
        low, high, odd = (values, values, kept) if is_finite else _apart(values, begins)
        kept = np.concatenate([kept, _firsts(low, np.minimum, begins), _firsts(high, np.maximum, begins), odd])
    return np.unique(kept)


def _firsts(values: "Numbers", best: "np.ufunc", begins: "NDArray[np.intp]") -> "NDArray[np.intp]":
    """Where the best value stands first in each of the parts that begin there: ten times a loop's speed."""
    import numpy as np

    found = best.reduceat(values, begins)
    hits = np.flatnonzero(values == np.repeat(found, np.diff(begins, append=len(values))))
    return hits[np.searchsorted(hits, begins)]


def _apart(values: "Numbers", begins: "NDArray[np.intp]") -> "tuple[Numbers, Numbers, NDArray[np.intp]]":
    """The values without what is no number, for the least and for the most; and the first gap after each begin."""
    import numpy as np

    finite = np.isfinite(values)
    odd = np.flatnonzero(~finite)
    nearest = np.unique(np.searchsorted(odd, begins))
    return (
        np.where(finite, values, np.inf),
        np.where(finite, values, -np.inf),
        odd[nearest[nearest < len(odd)]],
    )

"""Points of a metric as charts and tables want and take them: plain data. Nothing is read or chosen here."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

Axis: TypeAlias = Literal["step", "time", "relative"]
"""What a chart's x is: the step, seconds since 1970 (UTC), or seconds since the run began."""


@dataclass(frozen=True, slots=True)
class Curve:
    """What a chart of so many pixels wants of a metric: its points from `low` to `high` along `x`.

    `after`: the first so many need not be sent again, the receiver has them already.
    """

    key: str
    x: Axis = "step"
    low: float | None = None
    high: float | None = None
    pixels: int = 1_000
    after: int = 0


@dataclass(frozen=True, slots=True)
class SeriesWindow:
    """Part of a metric, thinned to the pixels. `x` and `y` are float64, little-endian, as long as each other.

    `count` and `x_low` … `x_high`: of the whole metric (all 0 where it has no point). `first`: how many of its points
    come before those that are sent, where none was left out; the receiver keeps as many. `is_thinned`: some were left
    out. A value that is no number is NaN in `y`, and its word (NaN, Infinity, -Infinity) stands in `marks` beside its
    index.
    """

    key: str
    count: int
    x_low: float
    x_high: float
    first: int
    x: bytes
    y: bytes
    marks: tuple[tuple[int, str], ...] = ()
    is_thinned: bool = False


@dataclass(frozen=True, slots=True)
class PointRows:
    """Rows of a metric's table, in its order. `total`: how many it has; a value that JSON lacks is a word."""

    key: str
    total: int
    first: int
    steps: tuple[int, ...]
    timestamps_ms: tuple[int, ...]
    values: tuple[float | str, ...]

"""Metrics as the store would tell of them, held in lists: what `series` and `points` answer. No store, no page."""

import math
import struct
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from jupyter_aml.entities.run_changes import SeriesSummary
from jupyter_aml.entities.run_series import PointRows, SeriesWindow
from jupyter_aml.entities.sweep_details import json_number

BEGAN = 1_790_000_000.0
EVERY = 0.1  # seconds between two points


class Metrics:
    """Metrics by key: their values, one a step; more may be appended."""

    def __init__(self, values: Mapping[str, Sequence[float]], *, first_step: int = 0) -> None:
        self.values = {key: list(one) for key, one in values.items()}
        self.first_step = first_step

    def summaries(self) -> list[SeriesSummary]:
        return [self._summary(key, values) for key, values in self.values.items()]

    def answers(self) -> dict[str, Any]:
        return {"series": self._series, "points": self._points}

    def _summary(self, key: str, values: Sequence[float]) -> SeriesSummary:
        finite = list(filter(math.isfinite, values))
        last, first = self.first_step + len(values) - 1, self.first_step
        least, most = (min(finite), max(finite)) if finite else (None, None)
        return SeriesSummary(key, len(values), json_number(values[-1]), least, most, first, last)

    def _series(self, args: Mapping[str, Any]) -> list[SeriesWindow]:
        return [self._window(curve) for curve in args["curves"]]

    def _window(self, args: Mapping[str, Any]) -> SeriesWindow:
        values = self.values[args["key"]]
        starts = {"step": (self.first_step, 1.0), "time": (BEGAN, EVERY), "relative": (0.0, EVERY)}
        begin, by = starts[args["x"]]
        low = 0 if args["low"] is None else max(0, math.ceil((args["low"] - begin) / by) - 1)
        high = len(values) if args["high"] is None else min(len(values), math.floor((args["high"] - begin) / by) + 2)
        is_thinned = high - low > 2 * args["pixels"]
        first = 0 if is_thinned or args["low"] is not None else args["after"]
        kept = thinned(values, low, high, args["pixels"]) if is_thinned else range(low + first, high)
        ys = [values[n] for n in kept]
        marks = tuple((at, str(json_number(y))) for at, y in enumerate(ys) if not math.isfinite(y))
        xs = [begin + n * by for n in kept]
        ends = (begin, begin + by * (len(values) - 1))
        finite = [y if math.isfinite(y) else math.nan for y in ys]
        return SeriesWindow(args["key"], len(values), *ends, first, _doubles(xs), _doubles(finite), marks, is_thinned)

    def _points(self, args: Mapping[str, Any]) -> PointRows:
        values, first = self.values[args["key"]], args["first"]
        part = range(first, min(len(values), first + args["count"]))
        times = tuple(int(1000 * (BEGAN + EVERY * n)) for n in part)
        steps = tuple(self.first_step + n for n in part)
        return PointRows(args["key"], len(values), first, steps, times, tuple(json_number(values[n]) for n in part))


def thinned(values: Sequence[float], low: int, high: int, pixels: int) -> list[int]:
    """The places of the least and the most of each of `pixels` parts."""
    edges = [low + (high - low) * n // pixels for n in range(pixels + 1)]
    kept = {low, high - 1}
    for begin, end in pairwise(edges):
        kept |= {min(range(begin, end), key=values.__getitem__), max(range(begin, end), key=values.__getitem__)}
    return sorted(kept)


def _doubles(values: Sequence[float]) -> bytes:
    return struct.pack(f"<{len(values)}d", *values)

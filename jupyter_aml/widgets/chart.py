"""A metric as an inline SVG line chart. One series in, markup out; no script, and nothing is read here."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from jupyter_aml.entities.metric import MetricPoint, MetricSeries
from jupyter_aml.widgets.figures import number, tick_texts
from jupyter_aml.widgets.markup import EMPTY, Markup, esc, glue
from jupyter_aml.widgets.scale import Axis, Dot, axis, thinned

MOST_POINTS: Final = 400
WIDTH: Final = 300
HEIGHT: Final = 132
LEFT: Final = 44
TOP: Final = 8
PLOT_WIDTH: Final = WIDTH - LEFT - 10
PLOT_HEIGHT: Final = HEIGHT - TOP - 20
SMALL_WIDTH: Final = 240
SMALL_HEIGHT: Final = 60
STEP: Final = "step"
_MILLISECONDS: Final = {"h": 3_600_000, "min": 60_000, "s": 1_000}
SCALE: Final = 10  # the curve is drawn in tenths, so that its path needs no decimal points


@dataclass(frozen=True, slots=True)
class Curve:
    """A series made ready to draw: finite stretches of (x, value), and the places of other values.

    `unit` is what x counts: 'step', or 's', 'min' or 'h' since the first point.
    """

    stretches: tuple[tuple[Dot, ...], ...]
    broken: tuple[float, ...]
    unit: str

    @property
    def dots(self) -> list[Dot]:
        return [dot for stretch in self.stretches for dot in stretch]

    @property
    def xs(self) -> list[float]:
        return [x for x, _ in self.dots] + list(self.broken)


@dataclass(frozen=True, slots=True)
class Plot:
    """A series with at least one point, looked at once. `lowest` and `highest` are None when no value is finite."""

    key: str
    curve: Curve
    count: int
    last: MetricPoint
    lowest: MetricPoint | None
    highest: MetricPoint | None
    broken: int

    @property
    def is_curve(self) -> bool:
        """Whether there is more to see than one number."""
        return self.count > 1


def plot(series: MetricSeries) -> Plot:
    """The series, thinned to what a chart can show, and what it comes to."""
    points = series.points
    values = [float(point.value) for point in points]
    is_finite = all(map(math.isfinite, values))
    finite = values if is_finite else list(filter(math.isfinite, values))
    unit = _unit(points)
    dots = list(zip(_xs(points, unit), values, strict=True))
    broken = () if is_finite else tuple(x for x, value in dots if not math.isfinite(value))
    drawn = Curve((tuple(dots),) if is_finite else _stretches(dots), broken, unit)
    return Plot(
        key=series.key,
        curve=thin_curve(drawn, MOST_POINTS),
        count=len(points),
        last=points[-1],
        lowest=points[values.index(min(finite))] if finite else None,
        highest=points[values.index(max(finite))] if finite else None,
        broken=len(broken),
    )


def _unit(points: Sequence[MetricPoint]) -> str:
    """Steps, unless every point has the same one and time tells them apart. They are in order, so the ends tell."""
    took = points[-1].timestamp_ms - points[0].timestamp_ms
    if points[0].step != points[-1].step or took <= 0:
        return STEP
    return next((unit for unit, length in _MILLISECONDS.items() if took >= 3 * length), "s")


def _xs(points: Sequence[MetricPoint], unit: str) -> list[float]:
    """Where points stand: by time, by step, or as a last resort by the order of logging."""
    start = points[0].timestamp_ms
    if unit != STEP:
        return [(point.timestamp_ms - start) / _MILLISECONDS[unit] for point in points]
    if points[0].step == points[-1].step:
        return [float(n) for n in range(len(points))]
    return [float(point.step) for point in points]


def _stretches(dots: list[Dot]) -> tuple[tuple[Dot, ...], ...]:
    stretches: list[list[Dot]] = [[]]
    for dot in dots:
        if math.isfinite(dot[1]):
            stretches[-1].append(dot)
        elif stretches[-1]:
            stretches.append([])
    return tuple(tuple(stretch) for stretch in stretches if stretch)


def thin_curve(drawn: Curve, most: int) -> Curve:
    """The same curve with at most `most` dots, shared among its longest stretches, and as many broken places."""
    total = sum(map(len, drawn.stretches))
    if total <= most and len(drawn.broken) <= most:
        return drawn
    longest = sorted(drawn.stretches, key=len, reverse=True)[: max(1, most // 8)]
    fair = most / max(1, sum(map(len, longest)))
    thin = [tuple(thinned(list(one), max(2, int(len(one) * fair)))) for one in longest]
    return Curve(tuple(sorted(thin)), drawn.broken[:: 1 + len(drawn.broken) // most], drawn.unit)


def line_chart(shown: Plot, most: int = MOST_POINTS, *, hints: int = 0) -> Markup:
    """The chart, with at most `most` points; each has a tooltip when there are no more than `hints`."""
    return _chart(shown.key, shown.count, thin_curve(shown.curve, most), hints)


@lru_cache(maxsize=512)
def _chart(key: str, count: int, drawn: Curve, hints: int) -> Markup:
    across = axis(drawn.xs, PLOT_WIDTH)
    up = axis([value for _, value in drawn.dots] or [0.0, 1.0], PLOT_HEIGHT, margin=0.06)
    parts = [
        _rules(up),
        _foot(across, drawn.unit),
        _line(drawn, across, up),
        _breaks(drawn.broken, across),
        _hints(drawn, across, up, hints),
    ]
    label = esc(f"{key}, {count:,} points", 200)
    return Markup(f"<svg class=ch viewBox='0 0 {WIDTH} {HEIGHT}' role=img aria-label='{label}'>{glue(parts)}</svg>")


def _rules(up: Axis) -> Markup:
    """Horizontal rules at round values, each with its number."""
    ticks = up.ticks(4)
    places = [round(_y(up, tick)) for tick in ticks]
    path = "".join(f"M{LEFT} {y}h{PLOT_WIDTH}" for y in places)
    texts = "".join(
        f"<text x={LEFT - 6} y={y + 3}>{text}</text>" for y, text in zip(places, tick_texts(ticks), strict=True)
    )
    return Markup(f"<path class=gr d='{path}'/><g class=ty>{texts}</g>")


def _foot(across: Axis, unit: str) -> Markup:
    """Which step, or how long after the start, is below the curve."""
    ticks = [tick for tick in across.ticks(4) if unit != STEP or tick == int(tick)]
    kind = "" if unit == STEP else f" {unit}"
    texts = [
        f"<text x={round(_x(across, tick))} y={HEIGHT - 4}>{said}{kind if tick else ''}</text>"
        for tick, said in zip(ticks, tick_texts(ticks), strict=True)
    ]
    return Markup(f"<g class=tx>{''.join(texts)}</g>")


def _line(drawn: Curve, across: Axis, up: Axis) -> Markup:
    """The curve; a stretch of one dot is a dot; so is the curve's end."""
    path = "".join(_path(stretch, across, up) for stretch in drawn.stretches if len(stretch) > 1)
    lone = [stretch[0] for stretch in drawn.stretches[:-1] if len(stretch) == 1]
    dots = [*lone, *(stretch[-1] for stretch in drawn.stretches[-1:])]
    circles = "".join(f"<circle class=dt cx={_x(across, x)} cy={_y(up, y)} r=2.6 />" for x, y in dots)
    line = f"<path class=ln transform='translate({LEFT} {TOP})scale({1 / SCALE:g})' d='{path}'/>" if path else ""
    return Markup(line + circles)


def _path(stretch: tuple[Dot, ...], across: Axis, up: Axis) -> str:
    return relative([(round(across.at(x) * SCALE), round((PLOT_HEIGHT - up.at(y)) * SCALE)) for x, y in stretch])


def relative(places: list[tuple[int, int]]) -> str:
    """One absolute move, then relative ones in whole units: as short as a path can be."""
    (x, y), text = places[0], ""
    for next_x, next_y in places[1:]:
        text += _signed(next_x - x) + _signed(next_y - y)
        x, y = next_x, next_y
    return f"M{places[0][0]} {places[0][1]}l{text.lstrip() or '0 0'}"


def _signed(move: int) -> str:
    return str(move) if move < 0 else f" {move}"


def _breaks(broken: tuple[float, ...], across: Axis) -> Markup:
    """A cross at the foot wherever a value was NaN or infinite."""
    foot = TOP + PLOT_HEIGHT - 3
    path = "".join(f"M{_x(across, x)} {foot}m-2.5-2.5l5 5m0-5l-5 5" for x in broken)
    return Markup(f"<path class=nf d='{path}'/>") if path else EMPTY


def _hints(drawn: Curve, across: Axis, up: Axis, most: int) -> Markup:
    """A tooltip for each point, on a circle larger than the eye sees."""
    if len(drawn.dots) > most:
        return EMPTY
    said = [f"<title>{place(drawn.unit, x)}: {number(y, 6)}</title>" for x, y in drawn.dots]
    circles = [f"<circle class=ht cx={_x(across, x)} cy={_y(up, y)} r=6>" for x, y in drawn.dots]
    return Markup("".join(f"{circle}{title}</circle>" for circle, title in zip(circles, said, strict=True)))


def place(unit: str, x: float) -> str:
    """`step 12`, or `after 3.5 min`."""
    return f"step {number(x)}" if unit == STEP else f"after {number(x)} {unit}"


def small_chart(shown: Plot, most: int) -> Markup:
    """The curve alone, for one of many small cards: its numbers stand around it."""
    drawn = thin_curve(shown.curve, most)
    across, up = axis(drawn.xs, SMALL_WIDTH), axis([y for _, y in drawn.dots] or [0.0, 1.0], SMALL_HEIGHT)
    path = "".join(_small_path(stretch, across, up) for stretch in drawn.stretches)
    label = esc(f"{shown.key}, {shown.count:,} points", 200)
    box = f"-3 -3 {SMALL_WIDTH + 6} {SMALL_HEIGHT + 6}"
    return Markup(f"<svg class=cs viewBox='{box}' role=img aria-label='{label}'><path d='{path}'/></svg>")


def sparkline(shown: Plot) -> Markup:
    """The curve as a word in a line of text. Decoration: the numbers stand beside it."""
    dots = thin_curve(shown.curve, 24).dots
    if len(dots) <= 1:
        return EMPTY
    across, up = axis([x for x, _ in dots], 60), axis([y for _, y in dots], 16)
    places = relative([(round(across.at(x)), round(17 - up.at(y))) for x, y in dots])
    return Markup(f"<svg class=sp viewBox='-1 0 62 18' aria-hidden=true><path d='{places}'/></svg>")


def _small_path(stretch: tuple[Dot, ...], across: Axis, up: Axis) -> str:
    return relative([(round(across.at(x)), round(SMALL_HEIGHT - up.at(y))) for x, y in stretch])


def _x(across: Axis, value: float) -> float:
    return round(LEFT + across.at(value), 1)


def _y(up: Axis, value: float) -> float:
    return round(TOP + PLOT_HEIGHT - up.at(value), 1)

"""Parameters and metric as parallel axes, a line for each trial: inline SVG. Trials in, markup out; nothing is read."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from jupyter_aml.entities.sweep_details import JsonValue, Parameter, Trial
from jupyter_aml.widgets.figures import number, tick_texts
from jupyter_aml.widgets.markup import EMPTY, Markup, clean, esc, glue
from jupyter_aml.widgets.scale import Axis, axis
from jupyter_aml.widgets.trials import Board, bounds, sortable, spread, word

WIDTH: Final = 760
HEIGHT: Final = 250
TOP: Final = 34
LEFT: Final = 64
RIGHT: Final = 70
PLOT_HEIGHT: Final = HEIGHT - TOP - 12
MOST_AXES: Final = 7  # parameters; more would leave no room between them
SHADES: Final = 6
_LABELS: Final = 9
_NAME: Final = 16
_NUMBERS: Final = (int, float)


@dataclass(frozen=True, slots=True)
class Rail:
    """One axis: where a value stands on it (pixels from the low end, None: nowhere), and what is written beside it."""

    name: str
    place: Callable[[JsonValue], float | None]
    labels: tuple[tuple[float, str], ...]


class Parallels:
    """A sweep's axes, and the line of each trial, made when it is first drawn."""

    def __init__(self, ready: Board) -> None:
        self.ready = ready
        self.parameters = _chosen(ready)
        inner = [_rail(one, _values(ready, one)) for one in self.parameters]
        self.rails = [*inner, _metric(ready)] if ready.scored else inner
        self._lines = dict[int, str]()

    def line(self, trial: Trial) -> str:
        """The trial's line as a path, in units of one axis across."""
        if trial.number not in self._lines:
            self._lines[trial.number] = _line(self.places(trial))
        return self._lines[trial.number]

    def places(self, trial: Trial) -> list[int | None]:
        """Where the trial stands on each axis, in pixels from its top."""
        params = self.ready.params[trial.number]
        *inner, last = self.rails
        found = [*(rail.place(params.get(rail.name)) for rail in inner), last.place(trial.value)]
        return [None if place is None else round(PLOT_HEIGHT - place) for place in found]

    @property
    def gap(self) -> float:
        """Pixels from axis to axis."""
        return (WIDTH - LEFT - RIGHT) / max(1, len(self.rails) - 1)


def parallel_chart(shown: Parallels, most: int) -> Markup:
    """The chart, with at most `most` lines: those of the best trials, and others evenly chosen."""
    ready, scored = shown.ready, shown.ready.scored
    if not scored or not shown.parameters:
        return EMPTY
    drawn = spread(scored, most)
    names = ", ".join(one.name for one in shown.parameters)
    label = esc(f"{len(drawn):,} trials by {names} and {ready.sweep.metric}", 300)
    parts = [_lines(shown, drawn), _rails(shown), _best(shown)]
    return Markup(
        f"<div class=sc tabindex=0 role=group aria-label='Parallel coordinates'>"
        f"<svg class='ch pc' viewBox='0 0 {WIDTH} {HEIGHT}' role=img aria-label='{label}'>{glue(parts)}</svg></div>"
        f"{_legend(ready, len(drawn), len(scored), len(shown.parameters))}"
    )


def _chosen(ready: Board) -> list[Parameter]:
    """The parameters that matter most where there are too many, in the order of the search space."""
    every, weight = ready.sweep.parameters, ready.sweep.importance
    kept = sorted(every, key=lambda one: -weight.get(one.name, 0.0))[:MOST_AXES]
    return [one for one in every if one in kept]


def _values(ready: Board, one: Parameter) -> list[JsonValue]:
    found = (ready.params[trial.number].get(one.name) for trial in ready.ordered)
    return [value for value in found if value is not None]


def _rail(one: Parameter, values: list[JsonValue]) -> Rail:
    numbers = [float(value) for value in values if isinstance(value, _NUMBERS) and not isinstance(value, bool)]
    finite = [value for value in numbers if math.isfinite(value)]
    if one.scale == "choice" or len(numbers) < len(values) or not finite:
        return _choices(one, values)
    if one.scale == "log" and min(finite) > 0:
        return _logarithmic(one.name, finite)
    return _linear(one.name, axis(finite, PLOT_HEIGHT))


def _choices(one: Parameter, values: list[JsonValue]) -> Rail:
    """Every choice at a place of its own, the first one at the top."""
    found = sorted({word(value) for value in values} - set(one.choices))
    words = [*one.choices, *found] or [""]
    gap = PLOT_HEIGHT / len(words)
    places = {said: PLOT_HEIGHT - gap * (n + 0.5) for n, said in enumerate(words)}
    every = -(-len(words) // _LABELS)
    labels = tuple((places[said], _number_or(said)) for said in words[::every])
    return Rail(one.name, lambda value: None if value is None else places.get(word(value)), labels)


def _number_or(said: str) -> str:
    """A choice's label: a long number shortened."""
    try:
        return number(float(said))
    except ValueError:
        return said


def _linear(name: str, scale: Axis) -> Rail:
    ticks = scale.ticks(5)
    labels = tuple(zip(map(scale.at, ticks), tick_texts(ticks), strict=True))
    return Rail(name, lambda value: _at(scale, value), labels)


def _logarithmic(name: str, values: list[float]) -> Rail:
    scale = axis([math.log10(value) for value in values], PLOT_HEIGHT)
    powers = [float(n) for n in range(math.ceil(scale.low - 1e-9), math.floor(scale.high + 1e-9) + 1)]
    ticks = powers[:: -(-len(powers) // _LABELS)] if len(powers) > 1 else [scale.low, scale.high]
    labels = tuple((scale.at(tick), number(10**tick, 2)) for tick in ticks)

    def place(value: JsonValue) -> float | None:
        known = sortable(value)
        return _at(scale, math.log10(known)) if isinstance(known, float) and known > 0 else None

    return Rail(name, place, labels)


def _metric(ready: Board) -> Rail:
    values = [trial.value for trial in ready.scored if trial.value is not None]
    low, high, _ = bounds(values, highest=ready.sweep.goal == "maximize")
    return _linear(ready.sweep.metric, axis([low, high], PLOT_HEIGHT))


def _at(scale: Axis, value: JsonValue) -> float | None:
    known = sortable(value)
    if not isinstance(known, float) or not math.isfinite(known):
        return None
    return min(max(scale.at(known), 0.0), scale.pixels)


def _lines(shown: Parallels, drawn: list[Trial]) -> Markup:
    """The worst first, so that the best lie on top; all lines of one shade are one path."""
    paths, size = list[Markup](), -(-len(drawn) // SHADES)
    for shade in reversed(range(SHADES)):
        path = "".join(map(shown.line, drawn[shade * size : (shade + 1) * size]))
        paths.append(Markup(f"<path class=q{shade} d='{path}'/>") if path else EMPTY)
    return Markup(f"<g class=q transform='translate({LEFT} {TOP})scale({shown.gap:g} 1)'>{glue(paths)}</g>")


def _line(places: list[int | None]) -> str:
    """Where a trial lacks a parameter, its line has a gap."""
    text, before = "", None
    for n, y in enumerate(places):
        if y is None:
            before = None
        elif before is None:
            text, before = f"{text}M{n} {y}", y
        else:
            step = y - before
            text, before = f"{text}l1{'' if step < 0 else ' '}{step}", y
    return text


def _best(shown: Parallels) -> Markup:
    """The best trial once more, thicker and with a knot at every axis."""
    best = shown.ready.best
    if best is None or best.value is None or not math.isfinite(best.value):
        return EMPTY
    places = [(round(LEFT + n * shown.gap, 1), TOP + y) for n, y in enumerate(shown.places(best)) if y is not None]
    knots = "".join(f"<circle cx={x} cy={y} r=3.5 />" for x, y in places)
    line = " ".join(f"{x},{y}" for x, y in places)
    return Markup(f"<g class=qb><title>trial {best.number}, the best</title><polyline points='{line}'/>{knots}</g>")


def _rails(shown: Parallels) -> Markup:
    last = len(shown.rails) - 1
    return glue(_drawn(rail, round(LEFT + n * shown.gap), is_last=n == last) for n, rail in enumerate(shown.rails))


def _drawn(rail: Rail, x: int, *, is_last: bool) -> Markup:
    name = clean(rail.name)
    short = name if len(name) <= _NAME else f"{name[: _NAME - 1]}…"
    side = 6 if is_last else -6
    labels = "".join(
        f"<text x={x + side} y={round(TOP + PLOT_HEIGHT - y + 3)}>{esc(_short(said))}</text>" for y, said in rail.labels
    )
    return Markup(
        f"<path class=ax d='M{x} {TOP}v{PLOT_HEIGHT}'/><g class='tx nm'>"
        f"<text x={x} y={TOP - 12}>{esc(short)}<title>{esc(name, 200)}</title></text></g>"
        f"<g class='{'te' if is_last else 'ty'}'>{labels}</g>"
    )


def _short(said: str) -> str:
    return said if len(said) <= _LABELS + 1 else f"{said[:_LABELS]}…"


def _legend(ready: Board, drawn: int, scored: int, parameters: int) -> Markup:
    swatches = "".join(f"<i class=q{shade}></i>" for shade in reversed(range(SHADES)))
    said = [f"<span>worst <span class=qs aria-hidden=true>{swatches}</span> best, by rank</span>"]
    said.append(f"<span><i class=qb>━●━</i> trial {ready.best.number}, the best</span>" if ready.best else "")
    said.append(f"<span>{drawn:,} of {scored:,} trials drawn</span>" if drawn < scored else "")
    every = len(ready.sweep.parameters)
    said.append(f"<span>{parameters} of {every} parameters</span>" if parameters < every else "")
    return Markup(f"<p class='st lgd'>{' '.join(filter(None, said))}</p>")

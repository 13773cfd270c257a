"""Trials in their order, each a mark by its fate, and the best so far as a line of steps: inline SVG. Markup only."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from jupyter_aml.entities.sweep_details import Fate, Trial
from jupyter_aml.widgets.figures import number, tick_texts
from jupyter_aml.widgets.markup import EMPTY, Markup, esc, glue
from jupyter_aml.widgets.scale import Axis, axis
from jupyter_aml.widgets.trials import Board, bounds, spread

WIDTH: Final = 350
HEIGHT: Final = 170
LEFT: Final = 46
TOP: Final = 10
PLOT_WIDTH: Final = WIDTH - LEFT - 12
PLOT_HEIGHT: Final = HEIGHT - TOP - 34
SCALE: Final = 2  # marks stand on half units, so that their path needs no decimal points
Place: TypeAlias = tuple[int, int]

_SIGNS: Final = {
    Fate.COMPLETED: ("mc", "●"),
    Fate.STOPPED: ("ms", "✕"),
    Fate.FAILED: ("mf", "▲"),
    Fate.CANCELED: ("mf", "▲"),
    Fate.RUNNING: ("mr", "○"),
    Fate.WAITING: ("mr", "○"),
}


@dataclass(frozen=True, slots=True)
class Stair:
    """A sweep's chart made ready: its axes, the trials that were the best when they came, how many lie beyond."""

    metric: str
    across: Axis
    up: Axis
    steps: tuple[Trial, ...]
    beyond: int


def stair(ready: Board) -> Stair | None:
    """Nothing while no trial has a number."""
    if not ready.scored:
        return None
    highest = ready.sweep.goal == "maximize"
    low, high, beyond = bounds((_value(one) for one in ready.scored), highest=highest)
    last = max(1, *(trial.number for trial in ready.ordered))
    across = axis([0.0, float(last)], PLOT_WIDTH, margin=0.01)
    up = axis([low, high], PLOT_HEIGHT, margin=0.05)
    return Stair(ready.sweep.metric, across, up, _steps(ready.scored, highest=highest), beyond)


def best_chart(ready: Board, shown: Stair | None, most: int, *, hints: int = 0) -> Markup:
    """The chart of all trials that logged a number, with at most `most` marks; its steps tell their numbers."""
    if shown is None:
        return EMPTY
    drawn = spread(ready.scored, most)
    parts = [_rules(shown.up), _foot(shown.across), _marks(drawn, shown), _line(shown), _best(shown)]
    parts.append(_hints(shown, hints))
    return Markup(
        f"<svg class='ch bc' viewBox='0 0 {WIDTH} {HEIGHT}' role=img aria-label='{_told(shown, len(ready.scored))}'>"
        f"{glue(parts)}</svg>{_legend(drawn, len(ready.scored), shown.beyond)}"
    )


def _told(shown: Stair, scored: int) -> Markup:
    best = shown.steps[-1]
    said = f"{scored:,} trials in their order; the best, {number(_value(best), 6)}, is trial {best.number}"
    return Markup(f"{esc(shown.metric, 100)} of {said}")


def _value(trial: Trial) -> float:
    """Of a trial that has one."""
    return math.nan if trial.value is None else trial.value


def _steps(scored: Sequence[Trial], *, highest: bool) -> tuple[Trial, ...]:
    steps = list[Trial]()
    for trial in sorted(scored, key=lambda one: one.number):
        if not steps or (_value(trial) > _value(steps[-1]) if highest else _value(trial) < _value(steps[-1])):
            steps.append(trial)
    return tuple(steps)


def _rules(up: Axis) -> Markup:
    ticks = up.ticks(4)
    places = [round(_y(up, tick) / SCALE) for tick in ticks]
    path = "".join(f"M{LEFT} {y}h{PLOT_WIDTH}" for y in places)
    texts = "".join(
        f"<text x={LEFT - 6} y={y + 3}>{said}</text>" for y, said in zip(places, tick_texts(ticks), strict=True)
    )
    return Markup(f"<path class=gr d='{path}'/><g class=ty>{texts}</g>")


def _foot(across: Axis) -> Markup:
    ticks = [tick for tick in across.ticks(5) if tick == int(tick)]
    texts = [
        f"<text x={round(_x(across, tick) / SCALE)} y={HEIGHT - 20}>{said}</text>"
        for tick, said in zip(ticks, tick_texts(ticks), strict=True)
    ]
    title = f"<text x={LEFT + PLOT_WIDTH // 2} y={HEIGHT - 5}>trial</text>"
    return Markup(f"<g class=tx>{''.join(texts)}{title}</g>")


def _marks(drawn: list[Trial], shown: Stair) -> Markup:
    """All marks of one kind are one path: a thousand cost no more than their places."""
    by_kind = dict[str, list[Place]]()
    for trial in sorted(drawn, key=lambda one: one.number):
        by_kind.setdefault(_SIGNS[trial.fate][0], []).append(_place(shown, trial))
    return _scaled(glue(_path(kind, places) for kind, places in by_kind.items()))


def _path(kind: str, places: list[Place]) -> Markup:
    match kind:
        case "ms":  # a cross begins at its corner and ends at another
            path = _chain([(x - 5, y - 5) for x, y in places], "l10 10m0-10l-10 10", (0, 10))
        case "mf":  # a triangle ends where it began
            path = _chain([(x, y - 6) for x, y in places], "l-6 11h12z", (0, 0))
        case "mr":  # a ring is a dot with a hole
            path = _chain(places, "h0", (0, 0))
            return Markup(f"<path class=mr d='{path}'/><path class=mh d='{path}'/>")
        case _:
            path = _chain(places, "h0", (0, 0))
    return Markup(f"<path class={kind} d='{path}'/>")


def _chain(places: Iterable[Place], mark: str, ends: Place) -> str:
    """Marks one after the other, each told by how far it lies from where the last one ended."""
    text, at = "", (0, 0)
    for x, y in places:
        dx, dy = x - at[0], y - at[1]
        text += f"m{dx}{'' if dy < 0 else ' '}{dy}{mark}"
        at = (x + ends[0], y + ends[1])
    return text


def _line(shown: Stair) -> Markup:
    first, *later = (_place(shown, one) for one in shown.steps)
    path = f"M{first[0]} {first[1]}" + "".join(f"H{x}V{y}" for x, y in later)
    return _scaled(Markup(f"<path class=mb d='{path}H{_x(shown.across, shown.across.high)}'/>"))


def _best(shown: Stair) -> Markup:
    x, y = _place(shown, shown.steps[-1])
    return Markup(f"<circle class=mk cx={x / SCALE:g} cy={y / SCALE:g} r=5.5 />")


def _hints(shown: Stair, most: int) -> Markup:
    if len(shown.steps) > most:
        return EMPTY
    return glue(_hint(shown, one) for one in shown.steps)


def _hint(shown: Stair, one: Trial) -> Markup:
    x, y = _place(shown, one)
    said = f"trial {one.number}: {number(_value(one), 6)}"
    return Markup(f"<circle class=ht cx={x / SCALE:g} cy={y / SCALE:g} r=7><title>{said}</title></circle>")


def _legend(drawn: list[Trial], scored: int, beyond: int) -> Markup:
    kinds = dict[str, Fate]()
    fates = {trial.fate for trial in drawn}
    for fate in filter(fates.__contains__, Fate):
        kinds.setdefault(_SIGNS[fate][0], fate)
    said = [f"<span><i class={kind}>{_SIGNS[fate][1]}</i> {fate}</span>" for kind, fate in kinds.items()]
    said.append("<span><i class=mb>━</i> best so far</span>")
    said.append(f"<span>{len(drawn):,} of {scored:,} drawn</span>" if len(drawn) < scored else "")
    said.append(f"<span>{beyond:,} beyond the edge</span>" if beyond else "")
    return Markup(f"<p class='st lgd'>{' '.join(filter(None, said))}</p>")


def _scaled(parts: Markup) -> Markup:
    return Markup(f"<g transform=scale({1 / SCALE:g})>{parts}</g>")


def _place(shown: Stair, trial: Trial) -> Place:
    return _x(shown.across, trial.number), _y(shown.up, _value(trial))


def _x(across: Axis, value: float) -> int:
    return round((LEFT + across.at(value)) * SCALE)


def _y(up: Axis, value: float) -> int:
    """Half units from the top; what lies beyond the axis stands at its edge."""
    return round((TOP + PLOT_HEIGHT - min(max(up.at(value), 0.0), up.pixels)) * SCALE)

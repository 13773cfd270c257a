"""A sweep's trials made ready to paint: which are shown, in what order, by which columns. Plain data in and out."""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from jupyter_aml.entities.sweep_details import Fate, JsonValue, Parameter, SweepDetails, Trial, flat
from jupyter_aml.widgets.scale import axis

MOST_PARAMS: Final = 12  # columns of parameters in the table
FATE_KINDS: Final = {
    Fate.COMPLETED: "ok",
    Fate.STOPPED: "stop",
    Fate.FAILED: "bad",
    Fate.CANCELED: "stop",
    Fate.RUNNING: "run",
    Fate.WAITING: "wait",
}
"""The style sheet's word for each fate."""
_ENOUGH: Final = 10  # values, before some of them can be called wild
_WILD: Final = 3  # times as far from the best as nine tenths of the others

Sortable: TypeAlias = float | str | None


@dataclass(frozen=True, slots=True)
class Board:
    """A sweep looked at once: its trials from the best to the worst, and each one's parameters by one name each.

    `scored` are those whose value can be drawn; `shares`: how near each came to the best, in percent of the way from
    the worst.
    """

    sweep: SweepDetails
    ordered: tuple[Trial, ...]
    params: Mapping[int, Mapping[str, JsonValue]]
    best: Trial | None
    scored: tuple[Trial, ...]
    shares: Mapping[int, int]

    @property
    def columns(self) -> tuple[Parameter, ...]:
        """The parameters that have a column."""
        return self.sweep.parameters[:MOST_PARAMS]


def board(sweep: SweepDetails) -> Board:
    """The sweep, ordered once for all that is painted of it."""
    ordered = tuple(sweep.best_first())
    scored = tuple(trial for trial in ordered if trial.value is not None and math.isfinite(trial.value))
    params = {trial.number: flat(trial.params) for trial in ordered}
    return Board(sweep, ordered, params, sweep.best_trial, scored, _shares(scored, highest=sweep.goal == "maximize"))


def _shares(scored: Sequence[Trial], *, highest: bool) -> dict[int, int]:
    values = {trial.number: trial.value for trial in scored if trial.value is not None}
    if not values:
        return {}
    low, high, _ = bounds(values.values(), highest=highest)
    up = axis([low, high], 100)
    shares = {number: min(max(up.at(value), 0.0), 100.0) for number, value in values.items()}
    return {number: round(share if highest else 100 - share) for number, share in shares.items()}


def shown(ready: Board, most: int) -> tuple[list[Trial], int, int]:
    """At most `most` trials, best first, then how many of them are the best and how many the newest of the others.

    All trials where they fit; else a sixth of the rows is kept for the newest: what runs now is among them.
    """
    ordered = ready.ordered
    if len(ordered) <= most:
        return list(ordered), len(ordered), 0
    newest = most // 6
    best = ordered[: most - newest]
    late = sorted(trial.number for trial in ordered[len(best) :])[-newest:] if newest else []
    numbers = {*late, *(trial.number for trial in best)}
    return [trial for trial in ordered if trial.number in numbers], len(best), newest


def ranks(values: Sequence[Sortable]) -> list[int]:
    """The place of each value among all of them, from 1; equal ones share theirs; 0: it has no value.

    Numbers stand before words.
    """
    known = sorted({_key(value) for value in values if value is not None})
    places = {key: place for place, key in enumerate(known, 1)}
    return [0 if value is None else places[_key(value)] for value in values]


def _key(value: float | str) -> tuple[bool, float, str]:
    return (True, 0.0, value) if isinstance(value, str) else (False, value, "")


def sortable(value: JsonValue) -> Sortable:
    """A parameter's value as it is sorted: numbers as numbers, all else as its text."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return None if math.isnan(value) else float(value)
    return None if value is None else word(value)


def word(value: JsonValue) -> str:
    """A choice as text."""
    if isinstance(value, str):
        return value
    return json.dumps(value) if isinstance(value, bool | list | dict | None) else str(value)


def spread(trials: Sequence[Trial], most: int) -> list[Trial]:
    """At most `most` of these: two thirds from the front, the others evenly from what follows."""
    if len(trials) <= most:
        return list(trials)
    front = most * 2 // 3
    rest, wanted = trials[front:], most - front
    return [*trials[:front], *(rest[n * len(rest) // wanted] for n in range(wanted))]


def bounds(values: Iterable[float], *, highest: bool) -> tuple[float, float, int]:
    """Low and high of an axis for values of a metric, and how many lie beyond: a few wild ones must not flatten it."""
    ordered = sorted(values, reverse=highest)
    best, worst = ordered[0], ordered[-1]
    usual = ordered[len(ordered) * 9 // 10]
    edge = best + (usual - best) * 1.5
    is_wild = len(ordered) >= _ENOUGH and abs(worst / 2 - best / 2) > _WILD * abs(usual / 2 - best / 2) > 0
    last = edge if is_wild and math.isfinite(edge) else worst
    beyond = sum((value < last) if highest else (value > last) for value in ordered)
    return min(best, last), max(best, last), beyond

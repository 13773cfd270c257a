"""The best of values. Pure."""

import math
from collections.abc import Iterable

from jupyter_aml.entities.sweep_plan import Goal


def best(values: Iterable[float], goal: Goal) -> float | None:
    """The largest (smallest) of them, infinities included; NaN is none, and so is nothing."""
    most = max if goal == "maximize" else min
    found = tuple(values)  # of a tuple it is the same one
    top = most(found, default=None)
    if top is None or not math.isnan(top):  # `max` passes over NaN, unless it is the first
        return top
    return most((value for value in found if not math.isnan(value)), default=None)


def is_better(one: float, other: float, goal: Goal) -> bool:
    """Whether `one` is strictly better than `other`."""
    return one > other if goal == "maximize" else one < other

"""The best of values. Pure."""

import math
from collections.abc import Iterable

from jupyter_aml.entities.sweep_plan import Goal


def best(values: Iterable[float], goal: Goal) -> float | None:
    """The largest (smallest) of them; NaN is none, and so is nothing."""
    numbers = [value for value in values if not math.isnan(value)]
    return (max if goal == "maximize" else min)(numbers, default=None)


def is_better(one: float, other: float, goal: Goal) -> bool:
    """Whether `one` is strictly better than `other`."""
    return one > other if goal == "maximize" else one < other

"""What Optuna is told of a parameter: its axis, and where a value lies there. Nothing is drawn here."""

import json
import math
from typing import Any, Final

from jupyter_aml.entities.distributions import Choice, Distribution, QUniform, Uniform

_MANY: Final = 1_000_000


class NoPlaceError(Exception):
    """A value lies outside of the axis."""


def axis(found: Distribution) -> Any:  # noqa: ANN401 - Optuna's own
    """The axis on which bayesian sampling moves. TypeError for a distribution that has none."""
    from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

    match found:
        case Choice():
            return CategoricalDistribution(range(len(found.values)))
        case Uniform():
            return FloatDistribution(found.min_value, math.nextafter(found.max_value, -math.inf))
        case QUniform():
            low, high = _steps(found)
            return (FloatDistribution if _is_smooth(found) else IntDistribution)(low, high)
        case _:
            message = f"bayesian sampling does not support '{found.type}'"
            raise TypeError(message)


def value_at(found: Distribution, at: Any) -> Any:  # noqa: ANN401 - a value of the user's
    """The value at a place of the axis."""
    match found:
        case Choice():
            return found.values[at]
        case QUniform():
            return round(at) * found.q
        case _:
            return at


def place(found: Distribution, value: Any) -> Any:  # noqa: ANN401 - as above
    """Where a value lies on its axis. NoPlaceError when it does not."""
    match found:
        case Choice():
            return _index(found, value)
        case QUniform():
            low, high = _steps(found)
            at = round(_number(value) / found.q)  # also where the axis is smooth: there a step is next to nothing
        case _:
            here = axis(found)
            low, high, at = here.low, here.high, _number(value)
    if low <= at <= high:
        return at
    raise NoPlaceError


def _steps(found: QUniform) -> tuple[int, int]:
    """The least and the most that round(U / q) comes to, but for what has no chance at all."""
    low, high = math.floor(found.min_value / found.q + 0.5), math.ceil(found.max_value / found.q - 0.5)
    return low, max(low, high)


def _is_smooth(found: QUniform) -> bool:
    """Whether it has so many steps that Optuna would take the chance of one for 0."""
    low, high = _steps(found)
    return high - low > _MANY


def _index(found: Choice, value: object) -> int:
    """Which of the values it is, as JSON says it: 1 and True are two."""
    texts = [json.dumps(one, sort_keys=True) for one in found.values]
    try:
        return texts.index(json.dumps(value, sort_keys=True))
    except ValueError:
        raise NoPlaceError from None


def _number(value: object) -> float:
    if isinstance(value, int | float) and math.isfinite(value):
        return value
    raise NoPlaceError

"""SDK v1's parameter expressions, `uniform(0, 1)`: SDK v2's distributions, checked when made. Nothing is drawn here."""

import math
from collections.abc import Iterable, Mapping
from typing import cast

from jupyter_aml import sweep
from jupyter_aml.v1.train.hyperdrive.exceptions import HyperDriveConfigException


def choice(*options: object) -> sweep.Choice:
    """One of the options, given one by one, as a list, or as a range."""
    given = options
    if len(options) == 1 and isinstance(options[0], Iterable) and not isinstance(options[0], str | bytes | Mapping):
        given = tuple(cast("Iterable[object]", options[0]))
    if not given:
        raise HyperDriveConfigException("choice: it needs something to choose from.", resolution="choice(16, 32, 64)")
    return sweep.Choice(list(given))


def randint(upper: int) -> sweep.Randint:
    """An integer in [0, upper)."""
    if not _is_whole(upper) or upper <= 0:
        raise HyperDriveConfigException(f"randint: upper is a whole number above 0; found {upper!r}.")
    return sweep.Randint(upper)


def uniform(min_value: float, max_value: float) -> sweep.Uniform:
    """A number between the two."""
    _check_bounds("uniform", min_value, max_value)
    return sweep.Uniform(min_value, max_value)


def quniform(min_value: float, max_value: float, q: int) -> sweep.QUniform:
    """round(uniform / q) × q."""
    _check_bounds("quniform", min_value, max_value)
    _check_step("quniform", q)
    return sweep.QUniform(min_value, max_value, q)


def loguniform(min_value: float, max_value: float) -> sweep.LogUniform:
    """exp(uniform): the bounds are exponents."""
    _check_bounds("loguniform", min_value, max_value, may_be_equal=True)
    return sweep.LogUniform(min_value, max_value)


def qloguniform(min_value: float, max_value: float, q: int) -> sweep.QLogUniform:
    """round(exp(uniform) / q) × q: the bounds are exponents."""
    _check_bounds("qloguniform", min_value, max_value, may_be_equal=True)
    _check_step("qloguniform", q)
    return sweep.QLogUniform(min_value, max_value, q)


def normal(mu: float, sigma: float) -> sweep.Normal:
    """A normal number."""
    _check_deviation("normal", mu, sigma)
    return sweep.Normal(mu, sigma)


def qnormal(mu: float, sigma: float, q: int) -> sweep.QNormal:
    """round(normal / q) × q."""
    _check_deviation("qnormal", mu, sigma)
    _check_step("qnormal", q)
    return sweep.QNormal(mu, sigma, q)


def lognormal(mu: float, sigma: float) -> sweep.LogNormal:
    """exp(normal)."""
    _check_deviation("lognormal", mu, sigma)
    return sweep.LogNormal(mu, sigma)


def qlognormal(mu: float, sigma: float, q: int) -> sweep.QLogNormal:
    """round(exp(normal) / q) × q."""
    _check_deviation("qlognormal", mu, sigma)
    _check_step("qlognormal", q)
    return sweep.QLogNormal(mu, sigma, q)


def _check_bounds(name: str, low: float, high: float, *, may_be_equal: bool = False) -> None:
    _check_numbers(name, min_value=low, max_value=high)
    if low > high or (low == high and not may_be_equal):
        raise HyperDriveConfigException(
            f"{name}: min_value, which is {low!r}, is not below max_value, which is {high!r}."
        )


def _check_deviation(name: str, mu: float, sigma: float) -> None:
    _check_numbers(name, mu=mu, sigma=sigma)
    if sigma < 0:
        raise HyperDriveConfigException(f"{name}: sigma is not negative; found {sigma!r}.")


def _check_step(name: str, q: int) -> None:
    if not _is_whole(q) or q <= 0:
        raise HyperDriveConfigException(
            f"{name}: q is a whole number above 0 in SDK v1; found {q!r}.", resolution="SDK v2's takes any above 0."
        )


def _check_numbers(name: str, **given: object) -> None:
    for argument, value in given.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise HyperDriveConfigException(f"{name}: {argument} is a number; found {value!r}.")


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)

"""A search space as YAML says it: read, checked, and refused by path. The mathematics is next door, in `draws`."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any, Final, TypeVar, cast

from jupyter_aml.entities.draws import (
    FURTHEST,
    KINDS,
    Choice,
    Distribution,
    LogNormal,
    LogUniform,
    Normal,
    QLogNormal,
    QLogUniform,
    QNormal,
    QUniform,
    Randint,
    Space,
    Uniform,
    Value,
    combination,
    combinations,
    nested,
    point,
    width,
)
from jupyter_aml.exceptions import ValidationException, did_you_mean

__all__ = [
    "Choice",
    "Distribution",
    "LogNormal",
    "LogUniform",
    "Normal",
    "QLogNormal",
    "QLogUniform",
    "QNormal",
    "QUniform",
    "Randint",
    "Space",
    "Uniform",
    "Value",
    "check",
    "combination",
    "combinations",
    "distribution",
    "log_base",
    "point",
    "rebased",
    "space",
    "width",
]

_T = TypeVar("_T")
_R = TypeVar("_R")
_BAYESIAN: Final = ("choice", "uniform", "quniform")
_MOST: Final = math.log(math.nextafter(math.inf, 0))
"""The logarithm of the largest number there is (709.8)."""
_MORE_PLACES: Final = "Its values are e to the power of a draw: give the logarithm of the bound that you mean."


# ── a whole space ──


def space(spec: Mapping[str, object]) -> Space:
    """The space that a YAML's `search_space` describes. ValidationException by the path of what is wrong."""
    return {name: _at_path(f"search_space.{name}", given, _distribution) for name, given in spec.items()}


def check(space: Space, algorithm: str | Mapping[str, object]) -> None:
    """Refuse what the algorithm (its name, or its YAML) cannot sample. ValidationException by path."""
    spec: Mapping[str, object] = {"type": algorithm} if isinstance(algorithm, str) else algorithm
    for path, found in _everywhere(space):
        if spec["type"] == "grid" and found.type != "choice":
            raise ValidationException(
                f"{path}: grid sampling tries every value, and '{found.type}' has no end of them.",
                resolution=f"Make '{path.rpartition('.')[2]}' a choice, or use random sampling.",
            )
        if spec["type"] == "bayesian" and (found.type not in _BAYESIAN or not _is_at_the_top(path, space)):
            kind = f"'{found.type}'" if found.type not in _BAYESIAN else "distributions within a choice"
            raise ValidationException(
                f"{path}: bayesian sampling does not support {kind}.",
                resolution=f"Use {', '.join(_BAYESIAN)} at the top of the space, or random sampling.",
            )
    rebased(space, spec.get("logbase"))


def _everywhere(space: Space) -> Iterator[tuple[str, Distribution]]:
    """Every distribution with its path, those within choices too."""
    for name, found in space.items():
        yield from _below(f"search_space.{name}", found)


def _below(path: str, found: Distribution) -> Iterator[tuple[str, Distribution]]:
    yield path, found
    for place, value in enumerate(found.values) if isinstance(found, Choice) else ():
        for name, inner in nested(value):
            yield from _below(f"{path}.values.{place}.{name}", inner)


def _is_at_the_top(path: str, space: Space) -> bool:
    return path.removeprefix("search_space.") in space


# ── the base of logarithms ──


def log_base(given: object) -> float:
    """What `sampling_algorithm.logbase` says: 'e' (and nothing) or a positive number. ValidationException if not."""
    if given is None or given == "e":
        return math.e
    try:
        base = math.nan if isinstance(given, bool) else float(cast("float | str", given))
    except (TypeError, ValueError):
        base = math.nan
    if not 0 < base < math.inf or base == 1:
        message = f"sampling_algorithm.logbase: a positive number other than 1, or 'e', is expected; found {given!r}."
        raise ValidationException(message)
    return base


def rebased(space: Space, logbase: object) -> Space:
    """The space whose `log…` distributions are powers of another base: b^U is e^(U × log b), so its bounds stretch.

    Azure's reference says only "the base for log based random sampling"; this is what it changes if it changes a thing.
    """
    base = log_base(logbase)
    if base == math.e:
        return space
    return {name: _at_path(f"search_space.{name}", found, _stretching(math.log(base))) for name, found in space.items()}


def _stretching(by: float) -> Callable[[Value], Value]:
    """What makes a value the same one in another base; of a choice, whatever it holds."""

    def stretched(value: Value) -> Value:
        match value:
            case LogUniform() | QLogUniform():
                low, high = sorted((value.min_value * by, value.max_value * by))
                return _checked(replace(value, min_value=low, max_value=high))
            case LogNormal() | QLogNormal():
                return _checked(replace(value, mu=value.mu * by, sigma=value.sigma * abs(by)))
            case Choice():
                return Choice(tuple(stretched(one) for one in value.values))
            case dict():
                return {name: stretched(one) for name, one in cast("dict[str, Value]", value).items()}
            case _:
                return value

    return stretched


# ── one distribution from its spec ──


def distribution(spec: Mapping[str, object]) -> Distribution:
    """The distribution that a YAML describes. ValidationException that begins with the field's name."""
    kind = _kind(spec)
    if kind is None:
        found = spec.get("type")
        if found is None:
            known = ", ".join(KINDS)
            raise ValidationException("type: required, and not given.", resolution=f"There is: {known}.")
        raise ValidationException(f"type: '{found}' is no distribution.", resolution=did_you_mean(str(found), KINDS))
    names = [field.name for field in fields(kind)]
    for name in spec:
        if name not in ("type", *names):
            message = f"{name}: '{kind.type}' has no such field."
            raise ValidationException(message, resolution=did_you_mean(name, names))
    if kind is Choice:
        return Choice(_choices(spec))
    given = {name: _number(name, spec) for name in names}
    if "upper" in given:
        given["upper"] = _upper(given["upper"])
    return _checked(kind(**given))


def _distribution(given: object) -> Distribution:
    if not isinstance(given, Mapping):
        raise ValidationException(f": a distribution is expected; found {given!r}.", resolution=_FOR_EXAMPLE)
    return distribution(cast("Mapping[str, object]", given))


_FOR_EXAMPLE: Final = "E.g. {type: choice, values: [1, 2]} or {type: uniform, min_value: 0, max_value: 1}."


def _kind(spec: Mapping[str, object]) -> type[Any] | None:
    """Which of the ten; capitals do not matter, as in Azure's client."""
    word = spec.get("type")
    return KINDS.get(word.lower()) if isinstance(word, str) else None


def _at_path(path: str, given: _T, make: Callable[[_T], _R]) -> _R:
    """What is made of it; what it cannot be made of is told by its path."""
    try:
        return make(given)
    except ValidationException as error:
        between = "" if error.message.startswith(":") else "."
        raise ValidationException(f"{path}{between}{error.message}", resolution=error.resolution) from None


# ── choices ──


def _choices(spec: Mapping[str, object]) -> tuple[Value, ...]:
    values = spec.get("values")
    if not isinstance(values, list | tuple) or not values:
        raise ValidationException(f"values: a list of at least one value is expected; found {values!r}.")
    some = cast("Sequence[object]", values)
    return tuple(_at_path(f"values.{place}", value, _literal_or_mapping) for place, value in enumerate(some))


def _literal_or_mapping(value: object) -> Value:
    """A value to choose; of a mapping, what is a distribution's YAML is one."""
    if not isinstance(value, Mapping):
        return _literal(value)
    given = cast("Mapping[object, object]", value)
    return {_key(name): _at_path(str(name), one, _inner) for name, one in given.items()}


def _inner(value: object) -> Value:
    given: Mapping[str, object] = cast("Mapping[str, object]", value) if isinstance(value, Mapping) else {}
    return distribution(given) if _kind(given) else _literal_or_mapping(cast("object", value))


def _literal(value: object) -> Value:
    """What JSON can say, for a trial's values travel as JSON."""
    match value:
        case None | bool() | int() | float() | str():
            return value
        case list() | tuple():
            return [_at_path(str(place), one, _literal) for place, one in enumerate(cast("list[object]", value))]
        case dict():
            given = cast("dict[object, object]", value)
            return {_key(name): _at_path(str(name), one, _literal) for name, one in given.items()}
        case _:
            told = f": a text, number, true, false, list or mapping is expected; found {value!r}."
            raise ValidationException(told)


def _key(name: object) -> str:
    if isinstance(name, str):
        return name
    raise ValidationException(f"{name}: the name of a value is a text; found {name!r}.", resolution="Put it in quotes.")


# ── numbers ──


def _number(name: str, spec: Mapping[str, object]) -> float:
    if name not in spec or spec[name] is None:
        raise ValidationException(f"{name}: required, and not given.")
    value = spec[name]
    if isinstance(value, bool) or not isinstance(value, int | float):
        hint = "YAML reads 1e-3 as text: write 1.0e-3." if isinstance(value, str) else ""
        raise ValidationException(f"{name}: a number is expected; found {value!r}.", resolution=hint)
    if not -_HUGE <= value <= _HUGE:
        raise ValidationException(f"{name}: a number between -1e300 and 1e300 is expected; found {value!r}.")
    return value


_HUGE: Final = 1e300


def _upper(value: float) -> int:
    if value <= 0 or value != int(value):
        raise ValidationException(f"upper: a whole number above 0 is expected; found {value!r}.")
    return int(value)


def _checked(found: Distribution) -> Distribution:
    """Azure's rules for arguments (v1's client says them), and that every value is a number at all."""
    match found:
        case Uniform(low, high) | QUniform(low, high) if low >= high:
            raise ValidationException(f"min_value: {low!r} is not below max_value, which is {high!r}.")
        case LogUniform(low, high) | QLogUniform(low, high) if low > high:
            raise ValidationException(f"min_value: {low!r} is above max_value, which is {high!r}.")
        case LogUniform(_, high) | QLogUniform(_, high) if high > _MOST:
            raise ValidationException(f"max_value: e^{high:g} is more than a number can be.", resolution=_MORE_PLACES)
        case Normal(_, sigma) | QNormal(_, sigma) | LogNormal(_, sigma) | QLogNormal(_, sigma) if sigma < 0:
            raise ValidationException(f"sigma: a deviation is not negative; found {sigma!r}.")
        case LogNormal(mu, sigma) | QLogNormal(mu, sigma) if mu + FURTHEST * sigma > _MOST:
            told = f"sigma: e^({mu:g} + {FURTHEST:.2g} × {sigma:g}) is more than a number can be."
            raise ValidationException(told, resolution="Give mu and sigma of the logarithm.")
        case QUniform() | QNormal() | QLogUniform() | QLogNormal():
            _check_step(found)
        case _:
            pass
    return found


def _check_step(found: QUniform | QNormal | QLogUniform | QLogNormal) -> None:
    if found.q <= 0:
        raise ValidationException(f"q: a step is above 0; found {found.q!r}.")
    furthest = max(abs(found.at(0.0)), abs(found.at(1.0))) if found.q >= _LEAST_STEP else math.inf
    if furthest / found.q > 1 / _LEAST_STEP:
        raise ValidationException(f"q: a step of {found.q:g} is too small to count values up to {furthest:g} in.")


_LEAST_STEP: Final = 1e-300

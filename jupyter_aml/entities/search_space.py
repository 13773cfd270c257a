"""A search space as the SDK v2 writes it: `Choice([1, 2])`, `Uniform(0, 1)`. Drafts only; no value is drawn here.

As with Azure's own, bounds are not compared here: what cannot be sampled is refused at submit (`distributions.py`).
"""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, ClassVar, Final, NoReturn, TypeAlias, cast

from pydantic import BeforeValidator, field_validator

from jupyter_aml.entities import fields
from jupyter_aml.entities.draft import Draft, DraftError, mapping
from jupyter_aml.exceptions import did_you_mean


def _native(value: object) -> object:
    """Numpy's scalars and arrays as Python's own."""
    plain = getattr(value, "tolist", None)
    return plain() if callable(plain) else value


def _number(value: object) -> object:
    """A number; YAML reads 1e-3, which has no point, as a text."""
    plain = _native(value)
    if plain is None or isinstance(plain, int | float):
        return plain
    try:
        return float(plain) if isinstance(plain, str) else _no_number(plain)
    except ValueError:
        return _no_number(plain)


def _no_number(value: object) -> NoReturn:
    raise ValueError(f"a number is expected (found {value!r})")


_Number: TypeAlias = Annotated[int | float | None, BeforeValidator(_number)]


class SweepDistribution(Draft):
    """What every distribution is: a kind, and its arguments by position or by name."""

    type: str

    def __init__(self, **given: object) -> None:
        super().__init__(**given)

    def __repr__(self) -> str:
        """As it is made: `Uniform(0, 1)`."""
        given = (getattr(self, name) for name in type(self).model_fields if name != "type")
        return f"{type(self).__name__}({', '.join(repr(value) for value in given)})"


class Choice(SweepDistribution):
    """One of `values`. A value may be a mapping, whose items may be distributions again.

    >>> Choice([16, 32]).spec()
    {'type': 'choice', 'values': [16, 32]}
    """

    type: Annotated[str, fields.Choice("choice")] = "choice"
    values: list[Any] | None = None  # Any: what a person chooses among

    def __init__(self, values: Iterable[object] | None = None, **others: object) -> None:
        super().__init__(values=values, **others)

    @field_validator("values", mode="before")
    @classmethod
    def _values(cls, given: object) -> object:
        plain = _native(given)
        if plain is None:
            return None
        if isinstance(plain, str | Mapping) or not isinstance(plain, Iterable):
            message = f"a list of values is expected (found {plain!r})"
            raise ValueError(message)  # noqa: TRY004 - pydantic collects a ValueError, a TypeError it lets through
        return [_item(place, value) for place, value in enumerate(cast("Iterable[object]", plain))]


class Randint(SweepDistribution):
    """An integer from 0 on, below `upper`."""

    yaml_requires: ClassVar[tuple[str, ...]] = ("upper",)

    type: Annotated[str, fields.Choice("randint")] = "randint"
    upper: Annotated[int | None, BeforeValidator(_native)] = None

    def __init__(self, upper: float | None = None, **others: object) -> None:
        super().__init__(upper=upper, **others)


class Uniform(SweepDistribution):
    """A number between `min_value` and `max_value`."""

    yaml_requires: ClassVar[tuple[str, ...]] = ("min_value", "max_value")

    type: Annotated[str, fields.Choice("uniform")] = "uniform"
    min_value: _Number = None
    max_value: _Number = None

    def __init__(self, min_value: float | None = None, max_value: float | None = None, **others: object) -> None:
        super().__init__(min_value=min_value, max_value=max_value, **others)


class LogUniform(Uniform):
    """exp(U): the bounds are those of the logarithm."""

    type: Annotated[str, fields.Choice("loguniform")] = "loguniform"

    __init__ = Uniform.__init__


class QUniform(Uniform):
    """round(U / q) × q."""

    yaml_requires: ClassVar[tuple[str, ...]] = ("min_value", "max_value", "q")

    type: Annotated[str, fields.Choice("quniform")] = "quniform"
    q: _Number = None

    def __init__(
        self, min_value: float | None = None, max_value: float | None = None, q: float | None = None, **others: object
    ) -> None:
        super().__init__(min_value=min_value, max_value=max_value, q=q, **others)


class QLogUniform(QUniform):
    """round(exp(U) / q) × q: the bounds are those of the logarithm."""

    type: Annotated[str, fields.Choice("qloguniform")] = "qloguniform"

    __init__ = QUniform.__init__


class Normal(SweepDistribution):
    """A normal number: `mu` in the middle, `sigma` wide."""

    yaml_requires: ClassVar[tuple[str, ...]] = ("mu", "sigma")

    type: Annotated[str, fields.Choice("normal")] = "normal"
    mu: _Number = None
    sigma: _Number = None

    def __init__(self, mu: float | None = None, sigma: float | None = None, **others: object) -> None:
        super().__init__(mu=mu, sigma=sigma, **others)


class LogNormal(Normal):
    """exp(N): `mu` and `sigma` are those of the logarithm."""

    type: Annotated[str, fields.Choice("lognormal")] = "lognormal"

    __init__ = Normal.__init__


class QNormal(Normal):
    """round(N / q) × q."""

    yaml_requires: ClassVar[tuple[str, ...]] = ("mu", "sigma", "q")

    type: Annotated[str, fields.Choice("qnormal")] = "qnormal"
    q: _Number = None

    def __init__(
        self, mu: float | None = None, sigma: float | None = None, q: float | None = None, **others: object
    ) -> None:
        super().__init__(mu=mu, sigma=sigma, q=q, **others)


class QLogNormal(QNormal):
    """round(exp(N) / q) × q: `mu` and `sigma` are those of the logarithm."""

    type: Annotated[str, fields.Choice("qlognormal")] = "qlognormal"

    __init__ = QNormal.__init__


DISTRIBUTIONS: Final[Mapping[str, type[SweepDistribution]]] = {
    kind.model_fields["type"].default: kind
    for kind in (
        Choice, Randint, Uniform, QUniform, LogUniform, QLogUniform, Normal, QNormal, LogNormal, QLogNormal,
    )
}  # fmt: skip


def distribution_of(value: object) -> SweepDistribution:
    """The distribution that a person gave: a draft, or what YAML says of one.

    Raises DraftError by the field, ValueError for what is neither.
    """
    if isinstance(value, SweepDistribution):
        return value.model_copy(deep=True)
    if not isinstance(value, Mapping):
        message = f"a distribution is expected, like Choice([1, 2]) or Uniform(0, 1) (found {value!r})"
        raise ValueError(message)  # noqa: TRY004 - pydantic collects a ValueError, a TypeError it lets through
    given = mapping(cast("Mapping[object, object]", value))
    kind = _kind(given)
    if kind is None:
        found = str(given.get("type", ""))
        told = (
            f"{found!r} is no distribution. {did_you_mean(found, DISTRIBUTIONS)}" if found else "required, not given."
        )
        raise DraftError("distribution", (("type", told),))
    return kind.of(given)


def _kind(given: Mapping[str, object]) -> type[SweepDistribution] | None:
    word = given.get("type")
    return DISTRIBUTIONS.get(word.lower()) if isinstance(word, str) else None


def _is_distribution(value: object) -> bool:
    if isinstance(value, Mapping):
        return _kind(mapping(cast("Mapping[object, object]", value))) is not None
    return isinstance(value, SweepDistribution)


def _item(place: int, value: object) -> object:
    """A value to choose; of a mapping, each item that is a distribution is a draft."""
    value = _native(value)
    if not isinstance(value, Mapping):
        return value
    try:
        return {name: _inner(name, one) for name, one in mapping(cast("Mapping[object, object]", value)).items()}
    except DraftError as error:
        raise DraftError("choice", tuple((f"{place}.{path}", told) for path, told in error.problems)) from None


def _inner(name: str, value: object) -> object:
    value = _native(value)
    if not _is_distribution(value):
        return value
    try:
        return distribution_of(value)
    except DraftError as error:
        raise DraftError("choice", tuple((f"{name}.{path}", told) for path, told in error.problems)) from None

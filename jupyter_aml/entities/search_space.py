"""What a sweep varies, as the SDK v2 writes it: `Choice`, `Uniform` and their kin. Drafts only; nothing is drawn here.

What they mean is in `entities.distributions`. As in Azure ML, bounds are looked at when the sweep is submitted.
"""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, ClassVar, Final, Literal, TypeAlias, cast

from pydantic import BeforeValidator

from jupyter_aml.entities.draft import Draft, DraftError, each
from jupyter_aml.exceptions import did_you_mean

Number: TypeAlias = float | int


class SweepDistribution(Draft):
    """A distribution of a search space. Its fields may be given by position."""

    type: str
    positions: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *values: object, **fields: object) -> None:
        if len(values) > len(self.positions):
            message = f"takes {', '.join(self.positions)}; {len(values)} values were given"
            raise DraftError(type(self).__name__, (("values", message),))
        super().__init__(**dict(zip(self.positions, values, strict=False)), **fields)


def _listed(values: object) -> object:
    """A list from what Azure takes for one: a list, a range, words between commas."""
    if isinstance(values, str):
        return [word.strip() for word in values.split(",")]
    if isinstance(values, Iterable) and not isinstance(values, Mapping):
        return [_inner(value) for value in cast("Iterable[object]", values)]
    return values


def _inner(value: object) -> object:
    """A value to choose; in a mapping, what is a distribution's YAML becomes one."""
    if not isinstance(value, Mapping):
        return value
    fields = cast("Mapping[str, object]", value)
    return {name: as_distribution(one) if _is_distribution(one) else _inner(one) for name, one in fields.items()}


class Choice(SweepDistribution):
    """One of `values`. One that is a mapping may hold distributions again, drawn when it is chosen."""

    type: Literal["choice"] = "choice"
    positions: ClassVar[tuple[str, ...]] = ("values",)
    yaml_requires: ClassVar[tuple[str, ...]] = ("values",)

    values: Annotated[list[Any] | None, BeforeValidator(_listed)] = None  # Any: whatever a person chooses among


class Randint(SweepDistribution):
    """A whole number in [0, upper)."""

    type: Literal["randint"] = "randint"
    positions: ClassVar[tuple[str, ...]] = ("upper",)
    yaml_requires: ClassVar[tuple[str, ...]] = ("upper",)

    upper: int | None = None


class Uniform(SweepDistribution):
    """A number in [min_value, max_value)."""

    type: Literal["uniform"] = "uniform"
    positions: ClassVar[tuple[str, ...]] = ("min_value", "max_value")
    yaml_requires: ClassVar[tuple[str, ...]] = ("min_value", "max_value")

    min_value: Number | None = None
    max_value: Number | None = None


class LogUniform(Uniform):
    """exp(U): the bounds are those of the logarithm."""

    type: Literal["loguniform"] = "loguniform"  # pyright: ignore[reportIncompatibleVariableOverride] - a kind of its own


class QUniform(Uniform):
    """round(U / q) × q."""

    type: Literal["quniform"] = "quniform"  # pyright: ignore[reportIncompatibleVariableOverride] - as above
    positions: ClassVar[tuple[str, ...]] = ("min_value", "max_value", "q")
    yaml_requires: ClassVar[tuple[str, ...]] = ("min_value", "max_value", "q")

    q: Number | None = None


class QLogUniform(QUniform):
    """round(exp(U) / q) × q."""

    type: Literal["qloguniform"] = "qloguniform"  # pyright: ignore[reportIncompatibleVariableOverride] - as above


class Normal(SweepDistribution):
    """A normal number."""

    type: Literal["normal"] = "normal"
    positions: ClassVar[tuple[str, ...]] = ("mu", "sigma")
    yaml_requires: ClassVar[tuple[str, ...]] = ("mu", "sigma")

    mu: Number | None = None
    sigma: Number | None = None


class LogNormal(Normal):
    """exp(N): mean and deviation are those of the logarithm."""

    type: Literal["lognormal"] = "lognormal"  # pyright: ignore[reportIncompatibleVariableOverride] - as above


class QNormal(Normal):
    """round(N / q) × q."""

    type: Literal["qnormal"] = "qnormal"  # pyright: ignore[reportIncompatibleVariableOverride] - as above
    positions: ClassVar[tuple[str, ...]] = ("mu", "sigma", "q")
    yaml_requires: ClassVar[tuple[str, ...]] = ("mu", "sigma", "q")

    q: Number | None = None


class QLogNormal(QNormal):
    """round(exp(N) / q) × q."""

    type: Literal["qlognormal"] = "qlognormal"  # pyright: ignore[reportIncompatibleVariableOverride] - as above


KINDS: Final[dict[str, type[SweepDistribution]]] = {
    "choice": Choice, "randint": Randint, "uniform": Uniform, "quniform": QUniform, "loguniform": LogUniform,
    "qloguniform": QLogUniform, "normal": Normal, "qnormal": QNormal, "lognormal": LogNormal,
    "qlognormal": QLogNormal,
}  # fmt: skip


def _is_distribution(value: object) -> bool:
    return isinstance(value, Mapping) and cast("Mapping[str, object]", value).get("type") in KINDS


def as_distribution(value: object) -> SweepDistribution:
    """A distribution from what a person may give: one, or its YAML."""
    if isinstance(value, SweepDistribution):
        return value
    if not isinstance(value, Mapping):
        message = f"a distribution is expected, like Choice([1, 2]) (found {value!r})"
        raise ValueError(message)  # noqa: TRY004 - pydantic collects a ValueError, a TypeError it lets through
    fields = cast("Mapping[str, object]", value)
    kind = str(fields.get("type"))
    if kind not in KINDS:
        raise DraftError("search space", (("type", f"{kind!r} is no distribution. {did_you_mean(kind, KINDS)}"),))
    return KINDS[kind].of(fields)


def as_space(value: object) -> dict[str, SweepDistribution]:
    """A search space from a mapping; every problem is told by its path."""
    return each("search_space", value, as_distribution)


Space: TypeAlias = Annotated[dict[str, SweepDistribution], BeforeValidator(as_space)]

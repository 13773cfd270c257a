"""How a sweep tries, judges and ends its trials: samplers, early termination, objective, limits. Drafts only."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Final, TypeAlias, cast

from pydantic import BeforeValidator, field_validator

from jupyter_aml.entities.draft import Draft, DraftError, mapping
from jupyter_aml.entities.fields import Choice
from jupyter_aml.exceptions import did_you_mean

_LEAST: Final = 60
"""Seconds: Azure's service would read less as sixty days, so its client says a minute."""


class Objective(Draft):
    """Which metric decides, and which way. The metric is named exactly as the trial logs it."""

    yaml_requires: ClassVar[tuple[str, ...]] = ("goal", "primary_metric")

    goal: str | None = None
    primary_metric: str | None = None

    def __init__(self, goal: str | None = None, primary_metric: str | None = None, **others: object) -> None:
        super().__init__(goal=goal, primary_metric=primary_metric, **others)

    @field_validator("goal")
    @classmethod
    def _lower(cls, given: str | None) -> str | None:
        """Any word passes here, as in Azure's client; the submit knows two."""
        return given if given is None else given.lower()


class SweepJobLimits(Draft):
    """How many trials, how many at once, and the seconds for all (`timeout`) and for each (`trial_timeout`).

    Seconds from 1 to 59 become 60 (Azure's rule); 0 and None stay.
    """

    yaml_requires: ClassVar[tuple[str, ...]] = ("max_total_trials",)

    max_total_trials: int | None = None
    max_concurrent_trials: int | None = None
    timeout: int | None = None
    trial_timeout: int | None = None

    @field_validator("timeout", "trial_timeout")
    @classmethod
    def _at_least_a_minute(cls, given: int | None) -> int | None:
        return max(given, _LEAST) if given else given


class SamplingAlgorithm(Draft):
    """How the next values are found."""

    type: str


class RandomSamplingAlgorithm(SamplingAlgorithm):
    """Any distribution; `rule` 'sobol' spreads the trials more evenly; with a `seed` they are the same again."""

    type: Annotated[str, Choice("random")] = "random"
    rule: Annotated[str, Choice("random", "sobol")] | None = None
    seed: int | None = None
    logbase: int | float | str | None = None


class GridSamplingAlgorithm(SamplingAlgorithm):
    """Every combination of choices."""

    type: Annotated[str, Choice("grid")] = "grid"


class BayesianSamplingAlgorithm(SamplingAlgorithm):
    """Learns from the trials that ended where to look next."""

    type: Annotated[str, Choice("bayesian")] = "bayesian"


def _none_is_zero(given: object) -> object:
    """Azure's YAML may say null, which says nothing."""
    return 0 if given is None else given


_Steps: TypeAlias = Annotated[int, BeforeValidator(_none_is_zero)]
_Slack: TypeAlias = Annotated[float, BeforeValidator(_none_is_zero)]


class EarlyTerminationPolicy(Draft):
    """When a trial that promises little ends. An interval is one logged value of the primary metric."""

    type: str
    evaluation_interval: _Steps = 0
    delay_evaluation: _Steps = 0


class BanditPolicy(EarlyTerminationPolicy):
    """Ends a trial whose best is worse than the best of all by more than a factor or an amount."""

    type: Annotated[str, Choice("bandit")] = "bandit"
    slack_factor: _Slack = 0
    slack_amount: _Slack = 0


class MedianStoppingPolicy(EarlyTerminationPolicy):
    """Ends a trial whose best is worse than the median of the running averages of all."""

    type: Annotated[str, Choice("median_stopping")] = "median_stopping"
    evaluation_interval: Annotated[int, BeforeValidator(lambda given: 1 if given is None else given)] = 1


class TruncationSelectionPolicy(EarlyTerminationPolicy):
    """Ends the worst `truncation_percentage` of the trials at each interval."""

    yaml_requires: ClassVar[tuple[str, ...]] = ("truncation_percentage",)

    type: Annotated[str, Choice("truncation_selection")] = "truncation_selection"
    truncation_percentage: int = 0
    exclude_finished_jobs: bool | None = None


ALGORITHMS: Final[Mapping[str, type[SamplingAlgorithm]]] = {
    "random": RandomSamplingAlgorithm,
    "grid": GridSamplingAlgorithm,
    "bayesian": BayesianSamplingAlgorithm,
}
POLICIES: Final[Mapping[str, type[EarlyTerminationPolicy]]] = {
    "bandit": BanditPolicy,
    "median_stopping": MedianStoppingPolicy,
    "truncation_selection": TruncationSelectionPolicy,
}


def algorithm_of(value: object) -> str | SamplingAlgorithm | None:
    """A sampling algorithm by its name, or with its options. ValueError for an unknown one."""
    if value is None:
        return None
    if isinstance(value, SamplingAlgorithm):
        return value.model_copy()
    given = mapping(cast("object", value)) if isinstance(value, Mapping) else {"type": value}
    word = str(given.get("type"))
    if word.lower() not in ALGORITHMS:
        raise ValueError(f"unsupported sampling algorithm: {word}. {did_you_mean(word.lower(), ALGORITHMS)}")
    return ALGORITHMS[word.lower()].of(given) if isinstance(value, Mapping) else word.lower()


def policy_of(value: object) -> EarlyTerminationPolicy | None:
    """An early termination policy from a draft, its mapping, or the word 'bandit' (Azure's client knows no other)."""
    if value is None or isinstance(value, EarlyTerminationPolicy):
        return value.model_copy() if value else None
    if isinstance(value, str) and value.lower() == "bandit":
        return BanditPolicy()
    if not isinstance(value, Mapping):
        example = "BanditPolicy(slack_factor=0.1), MedianStoppingPolicy(), TruncationSelectionPolicy(…)"
        raise ValueError(f"Received unsupported value {value!r} as the early termination policy. Give one: {example}.")  # noqa: TRY004 - as above
    given = mapping(cast("Mapping[object, object]", value))
    try:
        word = Choice(*POLICIES)(str(given.get("type", "")))
    except ValueError as error:
        raise DraftError("policy", (("type", str(error)),)) from None
    return POLICIES[word].of(given)

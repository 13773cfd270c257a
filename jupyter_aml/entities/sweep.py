"""A sweep job, as the SDK v2 writes it: a trial, what varies, what is wanted. Drafts only; nothing is drawn here."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Final, TypeAlias, cast

import yaml
from pydantic import BeforeValidator, Field, field_validator

from jupyter_aml.entities.draft import Draft, DraftError, each
from jupyter_aml.entities.environment import Environment
from jupyter_aml.entities.fields import Choice as Word
from jupyter_aml.entities.fields import PathText, Texts
from jupyter_aml.entities.input_output import as_input, as_output
from jupyter_aml.entities.job import (
    OUR_SERVICES,
    Command,
    DistributionConfiguration,
    Inputs,
    JobService,
    Outputs,
    QueueSettings,
    ResourceConfiguration,
    Submitted,
    as_identity,
    plain_inputs,
    told_properties,
)
from jupyter_aml.entities.search_space import Space
from jupyter_aml.exceptions import ValidationException, did_you_mean

_LEAST_SECONDS: Final = 60


class Objective(Draft):
    """What is wanted: the metric, as trials log it, and whether more or less of it is better."""

    yaml_requires: ClassVar[tuple[str, ...]] = ("goal", "primary_metric")

    goal: str | None = None
    primary_metric: str | None = None

    @field_validator("goal")
    @classmethod
    def _lower(cls, value: str | None) -> str | None:
        return value.lower() if value else value


def _whole(value: object) -> object:
    """Azure's own: what is no whole number is as good as not said."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _seconds(value: object) -> object:
    """Azure's own: what is said below a minute is a minute."""
    number = _whole(value)
    return _LEAST_SECONDS if isinstance(number, int) and 0 < number < _LEAST_SECONDS else number


_Count: TypeAlias = Annotated[int | None, BeforeValidator(_whole)]
_Seconds: TypeAlias = Annotated[int | None, BeforeValidator(_seconds)]


class SweepJobLimits(Draft):
    """How many trials, how many at once, and for how long: times in seconds, a minute at least."""

    max_total_trials: _Count = None
    max_concurrent_trials: _Count = None
    timeout: _Seconds = None
    trial_timeout: _Seconds = None


class SamplingAlgorithm(Draft):
    """How parameters are drawn."""

    type: str


class RandomSamplingAlgorithm(SamplingAlgorithm):
    """Each trial for itself; by `rule='sobol'` so that all of them fill the space evenly. A `seed` repeats them."""

    type: Annotated[str, Word("random")] = "random"
    rule: Annotated[str, Word("random", "sobol")] | None = None
    seed: int | None = None
    logbase: float | int | str | None = None


class GridSamplingAlgorithm(SamplingAlgorithm):
    """Every combination of choices."""

    type: Annotated[str, Word("grid")] = "grid"


class BayesianSamplingAlgorithm(SamplingAlgorithm):
    """Where earlier trials were good."""

    type: Annotated[str, Word("bayesian")] = "bayesian"


class EarlyTerminationPolicy(Draft):
    """When a trial is ended. An interval is one logged value of the primary metric."""

    type: str
    delay_evaluation: int = 0
    evaluation_interval: int = 0


class BanditPolicy(EarlyTerminationPolicy):
    """Ends what falls behind the best trial by more than a slack, as a factor or an amount."""

    type: Annotated[str, Word("bandit")] = "bandit"
    slack_amount: float | int = 0
    slack_factor: float | int = 0


class MedianStoppingPolicy(EarlyTerminationPolicy):
    """Ends what is worse than the median of all trials' running averages."""

    type: Annotated[str, Word("median_stopping")] = "median_stopping"
    evaluation_interval: int = 1


class TruncationSelectionPolicy(EarlyTerminationPolicy):
    """Ends the lowest part of the trials, in percent."""

    type: Annotated[str, Word("truncation_selection")] = "truncation_selection"
    truncation_percentage: int = 0
    exclude_finished_jobs: bool = False


_ALGORITHMS: Final[dict[str, type[SamplingAlgorithm]]] = {
    "random": RandomSamplingAlgorithm, "grid": GridSamplingAlgorithm, "bayesian": BayesianSamplingAlgorithm,
}  # fmt: skip
_POLICIES: Final[dict[str, type[EarlyTerminationPolicy]]] = {
    "bandit": BanditPolicy,
    "median_stopping": MedianStoppingPolicy,
    "truncation_selection": TruncationSelectionPolicy,
}


def as_algorithm(value: object) -> object:
    """An algorithm from what a person may give: one, its name, or its YAML. Azure's words for an unknown one."""
    if isinstance(value, str):
        if value.lower() not in _ALGORITHMS:
            raise ValidationException(
                f"unsupported sampling algorithm: {value}", resolution=did_you_mean(value, _ALGORITHMS)
            )
        return value
    return _made(value, _ALGORITHMS, "sampling algorithm")


def as_policy(value: object) -> object:
    """A policy from what a person may give: one, its name, or its YAML."""
    return (
        _POLICIES[_known(value, _POLICIES, "policy")]() if isinstance(value, str) else _made(value, _POLICIES, "policy")
    )


def _made(value: object, kinds: Mapping[str, type[Draft]], what: str) -> object:
    if not isinstance(value, Mapping):
        return value
    fields = cast("Mapping[str, object]", value)
    return kinds[_known(str(fields.get("type")), kinds, what)].of(fields)


def _known(kind: str, kinds: Mapping[str, type[Draft]], what: str) -> str:
    try:
        return Word(*kinds)(kind)
    except ValueError as error:
        raise DraftError(what, (("type", str(error)),)) from None


class ParameterizedCommand(Draft):
    """What each trial runs."""

    yaml_requires: ClassVar[tuple[str, ...]] = ("command", "environment")

    command: str | None = None
    code: PathText | None = None
    environment: str | Environment | None = None
    environment_variables: Texts = Field(default_factory=dict[str, str])
    distribution: DistributionConfiguration | None = None
    resources: ResourceConfiguration | None = None

    @field_validator("environment", mode="before")
    @classmethod
    def _environment(cls, value: object) -> object:
        return Environment.of(cast("Mapping[str, object]", value)) if isinstance(value, Mapping) else value


_OF_TRIAL: Final = tuple(ParameterizedCommand.model_fields)


def as_trial(value: object) -> object:
    """A trial from what a person may give: one, its YAML, or a command job or component, of which it is a part."""
    if isinstance(value, Draft) and not isinstance(value, ParameterizedCommand):
        given = {name: getattr(value, name, None) for name in _OF_TRIAL}
        return ParameterizedCommand.of({name: one for name, one in given.items() if one is not None})
    return value


class SweepJob(Draft):
    """A sweep that a person is still editing. Made by `command(…)(…).sweep(…)`, `SweepJob(…)` or `load_job()`.

    `resume_from` is ours: the name of a finished sweep, whose trials this one knows and goes on from.
    """

    prints_yaml: ClassVar[bool] = True
    yaml_requires: ClassVar[tuple[str, ...]] = ("trial", "objective", "limits")

    type: Annotated[str, Word("sweep")] = "sweep"
    name: str | None = None
    display_name: str | None = None
    experiment_name: str | None = None
    description: str | None = None
    compute: str | None = None
    trial: Annotated[ParameterizedCommand, BeforeValidator(as_trial)] | None = None
    inputs: Inputs = Field(default_factory=Inputs)
    outputs: Outputs = Field(default_factory=Outputs)
    sampling_algorithm: (
        Annotated[
            str | RandomSamplingAlgorithm | GridSamplingAlgorithm | BayesianSamplingAlgorithm,
            BeforeValidator(as_algorithm),
        ]
        | None
    ) = None
    search_space: Space = Field(default_factory=dict)
    objective: Objective | None = None
    early_termination: (
        Annotated[BanditPolicy | MedianStoppingPolicy | TruncationSelectionPolicy, BeforeValidator(as_policy)] | None
    ) = None
    limits: SweepJobLimits | None = None
    queue_settings: QueueSettings | None = None
    resources: ResourceConfiguration | None = None
    services: dict[str, JobService] | None = None
    identity: dict[str, Any] | None = None
    tags: Texts = Field(default_factory=dict[str, str])
    properties: Texts = Field(default_factory=dict[str, str])
    resume_from: str | None = None

    @field_validator("inputs", mode="before")
    @classmethod
    def _inputs(cls, value: object) -> object:
        return each("inputs", value, as_input)

    @field_validator("outputs", mode="before")
    @classmethod
    def _outputs(cls, value: object) -> object:
        return each("outputs", value, as_output)

    @field_validator("identity", mode="before")
    @classmethod
    def _identity(cls, value: object) -> object:
        return as_identity(value)

    def set_limits(
        self,
        *,
        max_concurrent_trials: int | None = None,
        max_total_trials: int | None = None,
        timeout: int | None = None,
        trial_timeout: int | None = None,
    ) -> None:
        """Change limits; what is None stays. Times in seconds."""
        given = {
            "max_concurrent_trials": max_concurrent_trials, "max_total_trials": max_total_trials,
            "timeout": timeout, "trial_timeout": trial_timeout,
        }  # fmt: skip
        before = self.limits.spec() if self.limits else {}
        self.limits = SweepJobLimits.of(before | {key: value for key, value in given.items() if value is not None})

    def set_objective(self, *, goal: str | None = None, primary_metric: str | None = None) -> None:
        """Change what is wanted; what is None stays."""
        before = self.objective.spec() if self.objective else {}
        given = {"goal": goal, "primary_metric": primary_metric}
        self.objective = Objective.of(before | {key: value for key, value in given.items() if value})

    def set_resources(self, **resources: object) -> None:
        """Change what each trial asks for, e.g. `set_resources(instance_count=2)`."""
        before = self.resources.spec() if self.resources else {}
        self.resources = ResourceConfiguration.of(before | resources)

    def spec(self) -> dict[str, Any]:
        """The sweep as its YAML says it: set fields, literals as literals, an algorithm without options by name."""
        fields = super().spec()
        if self.inputs:
            fields["inputs"] = plain_inputs(self.inputs)
        if self.outputs:
            fields["outputs"] = {name: given.model_dump(exclude_none=True) for name, given in self.outputs.items()}
        algorithm = fields.get("sampling_algorithm")
        if isinstance(algorithm, dict) and list(cast("dict[str, object]", algorithm)) == ["type"]:
            fields["sampling_algorithm"] = algorithm["type"]
        return fields

    def __str__(self) -> str:
        """The sweep as YAML, as SDK v2 prints it."""
        return yaml.safe_dump(self.spec(), sort_keys=False, allow_unicode=True)


class Sweep(Submitted, SweepJob):
    """A sweep as the workspace returned it. Its `status` is a snapshot: get it again to see it move."""

    def __call__(self) -> SweepJob:
        """A new draft of the same sweep."""
        fields = {name: getattr(self, name) for name in SweepJob.model_fields} | {"name": None}
        fields["display_name"] = None if self.display_name == self.name else self.display_name
        fields["services"] = None
        fields["properties"] = told_properties(self.properties)
        fields["tags"] = {key: text for key, text in self.tags.items() if not key.startswith(f"{self.name}_")}
        return SweepJob.of(fields).model_copy(deep=True)

    def spec(self) -> dict[str, Any]:
        """The sweep as its YAML says it, without what the workspace added."""
        fields = SweepJob.spec(SweepJob.model_construct(**{n: getattr(self, n) for n in SweepJob.model_fields}))
        services = {name: given for name, given in fields.pop("services", {}).items() if name not in OUR_SERVICES}
        return fields | ({"services": services} if services else {})

    def __str__(self) -> str:
        """The sweep as YAML, as SDK v2 prints it."""
        return yaml.safe_dump(
            {"name": self.name, "status": self.status, **self.spec()}, sort_keys=False, allow_unicode=True
        )


def of_command(job: Command, space: Mapping[str, object], **fields: object) -> SweepJob:
    """The sweep of a command job over a space: what `Command.sweep` makes."""
    kept = {name: given for name, given in job.inputs.items() if name not in space}
    shared = {name: getattr(job, name) for name in ("compute", "identity", "queue_settings", "experiment_name")}
    described = {name: getattr(job, name) for name in ("display_name", "description", "tags", "properties")}
    given = {name: value for name, value in {**shared, **described, **fields}.items() if value is not None}
    trial = {name: getattr(job, name) for name in _OF_TRIAL}
    return SweepJob.of({
        "trial": {name: value for name, value in trial.items() if value not in (None, ResourceConfiguration())},
        "inputs": kept, "outputs": dict(job.outputs), "search_space": space, **given,
    })  # fmt: skip

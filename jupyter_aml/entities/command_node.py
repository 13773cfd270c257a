"""Steps that run a command, or a sweep over one. Drafts only; nothing is drawn or run here."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Final, TypeVar

from pydantic import Field, PrivateAttr, field_validator

from jupyter_aml.entities.draft import Draft, each
from jupyter_aml.entities.environment import Environment
from jupyter_aml.entities.fields import Choice
from jupyter_aml.entities.job_draft import environment_of, texts
from jupyter_aml.entities.job_settings import (
    CommandJobLimits,
    DistributionConfiguration,
    JobService,
    QueueSettings,
    ResourceConfiguration,
)
from jupyter_aml.entities.search_space import SweepDistribution, distribution_of
from jupyter_aml.entities.step import Node
from jupyter_aml.entities.sweep_settings import (
    EarlyTerminationPolicy,
    Objective,
    SamplingAlgorithm,
    SweepJobLimits,
    algorithm_of,
    policy_of,
)

_Kind = TypeVar("_Kind", bound=Draft)
_OF_COMPONENT: Final = ("resources", "distribution")
"""What a step has from its component until it says otherwise (Azure's own rule)."""
_BAKED: Final = ("environment", "environment_variables", "resources", "distribution")
"""What a trial takes from the step that it was."""


class CommandNode(Node):
    """A step that runs a command: what it says wins over its component. Made by calling a component."""

    type: Annotated[str, Choice("command")] = "command"
    environment: str | Environment | None = None
    environment_variables: dict[str, str] = Field(default_factory=dict[str, str])
    resources: ResourceConfiguration | None = None
    limits: CommandJobLimits | None = None
    distribution: DistributionConfiguration | None = None
    queue_settings: QueueSettings | None = None
    services: dict[str, JobService] | None = None
    _swept: bool = PrivateAttr(default=False)

    def __init__(self, **fields: object) -> None:
        component = fields.get("component")
        known = {name: getattr(component, name, None) for name in _OF_COMPONENT} if isinstance(component, Draft) else {}
        copies = {name: value.model_copy(deep=True) for name, value in known.items() if isinstance(value, Draft)}
        super().__init__(**{**copies, **fields})

    @property
    def is_swept(self) -> bool:
        """Whether it has become the trial of a sweep: it is no step of its own any more."""
        return self._swept

    @field_validator("environment_variables", mode="before")
    @classmethod
    def _texts(cls, value: object) -> dict[str, str]:
        return texts(value)

    @field_validator("environment", mode="before")
    @classmethod
    def _environment(cls, value: object) -> object:
        return environment_of(value)

    def set_resources(self, **resources: object) -> None:
        """Change what the step asks for, e.g. `set_resources(instance_count=2)`; what is not given stays."""
        self.resources = _with(ResourceConfiguration, self.resources, resources)

    def set_limits(self, *, timeout: float | None = None) -> None:
        """Cancel the step after `timeout` seconds."""
        self.limits = CommandJobLimits(timeout=timeout)

    def set_queue_settings(self, *, job_tier: str | None = None, priority: str | None = None) -> None:
        """Kept and shown."""
        self.queue_settings = QueueSettings(job_tier=job_tier, priority=priority)

    def sweep(
        self,
        *,
        primary_metric: str,
        goal: str,
        sampling_algorithm: str | SamplingAlgorithm = "random",
        compute: str | None = None,
        max_concurrent_trials: int | None = None,
        max_total_trials: int | None = None,
        timeout: int | None = None,
        trial_timeout: int | None = None,
        early_termination_policy: EarlyTerminationPolicy | str | None = None,
        search_space: Mapping[str, SweepDistribution] | None = None,
        identity: object = None,
        queue_settings: QueueSettings | None = None,
        job_tier: str | None = None,
        priority: str | None = None,
    ) -> "SweepNode":
        """A step that sweeps this one: inputs that are distributions vary. It stands in this one's stead."""
        inputs = {name: port.value for name, port in self.inputs.items() if port.value is not None}
        found = {name: value for name, value in inputs.items() if isinstance(value, SweepDistribution)}
        queue = (queue_settings or self.queue_settings or QueueSettings()).model_dump()
        queue |= {name: given for name, given in (("job_tier", job_tier), ("priority", priority)) if given}
        kept = {name: getattr(self, name) for name in ("display_name", "description", "tags", "properties")}
        node = SweepNode(
            trial=self._trial(), compute=compute or self.compute, sampling_algorithm=sampling_algorithm,
            search_space={**found, **(search_space or {})}, objective={"goal": goal, "primary_metric": primary_metric},
            early_termination=early_termination_policy, identity=identity or self.identity,
            inputs={name: port for name, port in self.inputs.items() if name in inputs and name not in found},
            outputs=dict(self.outputs), queue_settings=queue if any(queue.values()) else None, **kept,
        )  # fmt: skip
        node.set_limits(
            max_concurrent_trials=max_concurrent_trials, max_total_trials=max_total_trials,
            timeout=timeout, trial_timeout=trial_timeout,
        )  # fmt: skip
        self._swept = True
        node.noted()
        return node

    def _trial(self) -> str | Draft | None:
        """The component with what this step says itself."""
        if not isinstance(self.component, Draft):
            return self.component
        known_variables: Mapping[str, str] = getattr(self.component, "environment_variables", None) or {}
        said: dict[str, object] = {name: value for name in _BAKED if (value := getattr(self, name))}
        if variables := {**known_variables, **self.environment_variables}:
            said["environment_variables"] = variables
        known = {name: getattr(self.component, name, None) for name in said}
        return self.component if said == known else self.component.model_copy(update={**said, "id": None}, deep=True)


class SweepNode(Node):
    """A step that is a sweep; `trial` is the component that varies. Made by `node.sweep(…)`."""

    holds: ClassVar[str] = "trial"
    yaml_requires: ClassVar[tuple[str, ...]] = ("objective", "limits")

    type: Annotated[str, Choice("sweep")] = "sweep"
    search_space: dict[str, SweepDistribution] = Field(default_factory=dict[str, SweepDistribution])
    sampling_algorithm: str | SamplingAlgorithm | None = None
    objective: Objective | None = None
    limits: SweepJobLimits | None = None
    early_termination: EarlyTerminationPolicy | None = None
    resources: ResourceConfiguration | None = None
    queue_settings: QueueSettings | None = None

    def __init__(self, **fields: object) -> None:
        trial = fields.pop("trial", None)
        super().__init__(**{**fields, "component": fields.get("component", trial)})

    @property
    def trial(self) -> str | Draft | None:
        """The component that varies."""
        return self.component

    @field_validator("search_space", mode="before")
    @classmethod
    def _space(cls, value: object) -> dict[str, SweepDistribution]:
        return each("search_space", value, distribution_of)

    @field_validator("sampling_algorithm", mode="before")
    @classmethod
    def _algorithm(cls, value: object) -> str | SamplingAlgorithm | None:
        return algorithm_of(value)

    @field_validator("early_termination", mode="before")
    @classmethod
    def _policy(cls, value: object) -> EarlyTerminationPolicy | None:
        return policy_of(value)

    def set_objective(self, *, goal: str | None = None, primary_metric: str | None = None) -> None:
        """Say which metric decides, or which way; what is not given stays."""
        self.objective = _with(Objective, self.objective, {"goal": goal, "primary_metric": primary_metric})

    def set_limits(
        self,
        *,
        max_concurrent_trials: int | None = None,
        max_total_trials: int | None = None,
        timeout: int | None = None,
        trial_timeout: int | None = None,
    ) -> None:
        """Say how many trials, how many at once, and the seconds for all and for each; what is not given stays."""
        said = {
            "max_concurrent_trials": max_concurrent_trials, "max_total_trials": max_total_trials,
            "timeout": timeout, "trial_timeout": trial_timeout,
        }  # fmt: skip
        self.limits = _with(SweepJobLimits, self.limits, said)

    def set_resources(self, **resources: object) -> None:
        """Change what each trial asks for; what is not given stays."""
        self.resources = _with(ResourceConfiguration, self.resources, resources)


def _with(kind: type[_Kind], known: _Kind | None, said: Mapping[str, object]) -> _Kind:
    """A draft with what is said now in place of what it said before."""
    before = known.model_dump(exclude_none=True) if known else {}
    return kind.of(before | {name: value for name, value in said.items() if value is not None})

"""A sweep job, as the SDK v2 writes it: a trial, what varies in it, what decides. Nothing is drawn or run here."""

import math
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, ClassVar, Final, cast

from pydantic import Field, field_validator

from jupyter_aml.entities.draft import Draft, each, mapping
from jupyter_aml.entities.environment import Environment
from jupyter_aml.entities.fields import Choice
from jupyter_aml.entities.input_output import space_of
from jupyter_aml.entities.job_draft import (
    GivenInput,
    JobDraft,
    copy_of,
    environment_of,
    in_order,
    plain_inputs,
    plain_outputs,
    texts,
)
from jupyter_aml.entities.job_settings import DistributionConfiguration, QueueSettings, ResourceConfiguration
from jupyter_aml.entities.search_space import SweepDistribution, distribution_of
from jupyter_aml.entities.sweep_settings import (
    EarlyTerminationPolicy,
    Objective,
    SamplingAlgorithm,
    SweepJobLimits,
    algorithm_of,
    policy_of,
)

_INHERITED: Final = ("compute", "inputs", "outputs", "queue_settings")
"""What a sweep takes from a command that is its trial, unless it says it itself (Azure's own rule)."""
_ORDER: Final = (
    "trial", "compute", "inputs", "outputs", "search_space", "sampling_algorithm", "objective", "limits",
    "early_termination",
)  # fmt: skip


class ParameterizedCommand(Draft):
    """What each trial runs: `${{search_space.lr}}` or `${{inputs.lr}}` in `command` is its value of `lr`."""

    yaml_requires: ClassVar[tuple[str, ...]] = ("command",)

    command: str | None = None
    code: str | None = None
    environment: str | Environment | None = None
    environment_variables: dict[str, str] = Field(default_factory=dict[str, str])
    distribution: DistributionConfiguration | None = None
    resources: ResourceConfiguration | None = None
    queue_settings: QueueSettings | None = None

    @field_validator("environment_variables", mode="before")
    @classmethod
    def _texts(cls, value: object) -> dict[str, str]:
        return texts(value)

    @field_validator("code", mode="before")
    @classmethod
    def _path(cls, value: object) -> object:
        return os.fspath(value) if isinstance(value, Path) else value

    @field_validator("environment", mode="before")
    @classmethod
    def _environment(cls, value: object) -> object:
        return environment_of(value)


class SweepJob(JobDraft):
    """A sweep that a person is still editing. Made by `job.sweep(…)`, `load_job()` or by its keywords.

    `trial` is a mapping, a command job, or a command component. `resume_from` is ours: the name of an earlier sweep
    of the same space, from whose trials this one goes on.

    >>> sweep = SweepJob(trial={"command": "python a.py ${{search_space.lr}}"}, search_space={"lr": Choice([1, 2])})
    >>> sweep.set_limits(max_total_trials=2)
    """

    yaml_requires: ClassVar[tuple[str, ...]] = ("type", "trial", "objective", "limits")

    type: Annotated[str, Choice("sweep")] = "sweep"
    trial: ParameterizedCommand | None = None
    search_space: dict[str, SweepDistribution] = Field(default_factory=dict[str, SweepDistribution])
    sampling_algorithm: str | SamplingAlgorithm | None = None
    objective: Objective | None = None
    limits: SweepJobLimits | None = None
    early_termination: EarlyTerminationPolicy | None = None
    resources: ResourceConfiguration | None = None
    resume_from: str | None = None

    def __init__(self, **fields: object) -> None:
        super().__init__(**_with_space(_with_trial(fields)))

    @field_validator("trial", mode="before")
    @classmethod
    def _trial(cls, value: object) -> object:
        """Of a command or a component, what runs."""
        if not isinstance(value, Draft) or isinstance(value, ParameterizedCommand):
            return value
        runs = [name for name in ParameterizedCommand.model_fields if name not in _INHERITED]
        return ParameterizedCommand.of({name: getattr(value, name, None) for name in runs})

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

    def __call__(self, **inputs: GivenInput) -> "SweepJob":
        """A nameless copy of this sweep with these inputs set; one that is a distribution varies."""
        return copy_of(self, SweepJob, inputs)

    def set_objective(self, *, goal: str | None = None, primary_metric: str | None = None) -> None:
        """Say which metric decides, or which way; what is not given stays."""
        given = self.objective.model_dump() if self.objective else {}
        self.objective = Objective.of(given | _given(goal=goal, primary_metric=primary_metric))

    def set_limits(
        self,
        *,
        max_concurrent_trials: int | None = None,
        max_total_trials: int | None = None,
        timeout: int | None = None,
        trial_timeout: int | None = None,
    ) -> None:
        """Say how many trials, how many at once, and the seconds for all and for each; what is not given stays."""
        said = _given(
            max_concurrent_trials=max_concurrent_trials, max_total_trials=max_total_trials,
            timeout=timeout, trial_timeout=trial_timeout,
        )  # fmt: skip
        self.limits = SweepJobLimits.of((self.limits.model_dump() if self.limits else {}) | said)

    def set_resources(self, **resources: object) -> None:
        """Change what each trial asks for, e.g. `set_resources(instance_count=2)`; what is not given stays."""
        given = self.resources.model_dump(exclude_none=True) if self.resources else {}
        self.resources = ResourceConfiguration.of(given | _given(**resources))

    def spec(self) -> dict[str, Any]:
        """The sweep as its YAML says it: set fields only, literals as literals."""
        fields = super().spec()
        fields["inputs"], fields["outputs"] = plain_inputs(self.inputs), plain_outputs(self.outputs)
        return in_order(fields, *_ORDER)


def searching(sweep: SweepJob) -> SweepJob:
    """The same sweep; its command takes what varies from the search space instead of the inputs, as Azure writes it."""
    if sweep.trial and sweep.trial.command:
        for name in sweep.search_space:
            found = f"${{{{inputs.{name}}}}}"
            sweep.trial.command = sweep.trial.command.replace(found, f"${{{{search_space.{name}}}}}")
    return sweep


def _given(**said: object) -> dict[str, object]:
    return {name: value for name, value in said.items() if value is not None}


def _with_trial(fields: Mapping[str, object]) -> dict[str, object]:
    """What the sweep does not say and its trial, a command, does."""
    trial = fields.get("trial")
    if not isinstance(trial, JobDraft):
        return dict(fields)
    inherited = {name: getattr(trial, name) for name in _INHERITED if not fields.get(name)}
    seconds = trial.spec().get("limits", {}).get("timeout")
    limits = fields.get("limits")
    known = limits.model_dump() if isinstance(limits, SweepJobLimits) else mapping(limits)
    if seconds and not known.get("trial_timeout"):
        inherited["limits"] = {**known, "trial_timeout": math.ceil(seconds)}
    return {**fields, **inherited}


def _with_space(fields: Mapping[str, object]) -> dict[str, object]:
    """Inputs that are distributions are the search space; what `search_space` says itself wins."""
    given = fields.get("inputs")
    inputs = dict(cast("Mapping[str, object]", given)) if isinstance(given, Mapping) else {}
    found = {name: space for name, value in inputs.items() if (space := space_of(value)) is not None}
    if not found:
        return dict(fields)
    rest = {name: value for name, value in inputs.items() if name not in found}
    return {**fields, "inputs": rest, "search_space": {**found, **mapping(fields.get("search_space"))}}

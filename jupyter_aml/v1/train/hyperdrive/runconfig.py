"""SDK v1's HyperDriveConfig: a ScriptRunConfig, what varies in it, and what is wanted. Nothing is run here."""

import uuid
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

from jupyter_aml.exceptions import UnsupportedFieldError
from jupyter_aml.sweep import SweepJob
from jupyter_aml.v1.arguments import meaningless
from jupyter_aml.v1.core.binding import check_bound
from jupyter_aml.v1.core.experiment import Experiment
from jupyter_aml.v1.core.script_run_config import ScriptRunConfig
from jupyter_aml.v1.train.hyperdrive.exceptions import HyperDriveConfigException
from jupyter_aml.v1.train.hyperdrive.policy import EarlyTerminationPolicy, NoTerminationPolicy
from jupyter_aml.v1.train.hyperdrive.run import HyperDriveRun
from jupyter_aml.v1.train.hyperdrive.sampling import HyperParameterSampling

__all__ = ["HyperDriveConfig", "PrimaryMetricGoal"]

LONGEST: Final = 10080
"""Minutes that a sweep may take at most: a week."""
_NO_WAY: Final = "Give run_config=ScriptRunConfig(…)."


class PrimaryMetricGoal(StrEnum):
    """Whether more or less of the metric is better."""

    MAXIMIZE = "MAXIMIZE"
    MINIMIZE = "MINIMIZE"


class HyperDriveConfig:
    """A sweep: `experiment.submit(HyperDriveConfig(…))`.

    The metric is named as the script logs it. Each run's script gets the values of the space as arguments behind its
    own. Raises HyperDriveConfigException when it is made, as SDK v1 does.
    """

    def __init__(  # noqa: PLR0917 - SDK v1's signature
        self,
        hyperparameter_sampling: HyperParameterSampling,
        primary_metric_name: str,
        primary_metric_goal: PrimaryMetricGoal | str,
        max_total_runs: int,
        max_concurrent_runs: int | None = None,
        max_duration_minutes: int = LONGEST,
        policy: EarlyTerminationPolicy | None = None,
        estimator: object = None,
        run_config: ScriptRunConfig | None = None,
        resume_from: HyperDriveRun | None = None,
        resume_child_runs: object = None,
        pipeline: object = None,
        debug_flag: object = None,
        custom_run_id: str | None = None,
    ) -> None:
        meaningless("the switches of Azure's own service switch nothing here", debug_flag=debug_flag)
        self.run_config = _only_script(run_config, estimator=estimator, pipeline=pipeline)
        if resume_child_runs is not None:
            raise UnsupportedFieldError(
                "resume_child_runs: no run goes on where it was cut.", resolution="resume_from goes on with new runs."
            )
        self.hyperparameter_sampling = hyperparameter_sampling
        self.primary_metric_name = primary_metric_name
        self.primary_metric_goal = _goal(primary_metric_goal)
        self.max_total_runs, self.max_concurrent_runs = max_total_runs, max_concurrent_runs
        self.max_duration_minutes = max_duration_minutes
        self.policy = policy or NoTerminationPolicy()
        self.resume_from, self.custom_run_id = resume_from, custom_run_id
        self._check()

    @property
    def source_directory(self) -> str:
        """The folder of the script."""
        return self.run_config.source_directory

    def job(self, experiment: str) -> SweepJob:
        """SDK v2's draft of the same sweep (ours)."""
        trial = self.run_config.job(experiment, self.hyperparameter_sampling.arguments())
        draft = trial.sweep(**self.options(), compute=trial.compute)
        draft.early_termination = self.policy.draft()
        draft.resume_from = self.resume_from.id if self.resume_from else None
        return draft

    def options(self) -> dict[str, Any]:
        """What SDK v2's `sweep` is told of it, less the policy (ours)."""
        seconds = self.run_config.max_run_duration_seconds
        return {
            "primary_metric": self.primary_metric_name, "goal": self.primary_metric_goal.lower(),
            "sampling_algorithm": self.hyperparameter_sampling.draft(),
            "search_space": self.hyperparameter_sampling.parameter_space,
            "max_total_trials": self.max_total_runs, "max_concurrent_trials": self.max_concurrent_runs,
            "timeout": self.max_duration_minutes * 60,
            "trial_timeout": seconds if self.run_config.has_own_limit else None,
        }  # fmt: skip

    def submitted(self, experiment: Experiment, tags: Mapping[str, str]) -> HyperDriveRun:
        """The run: `HD_<guid>`, as SDK v1 names it, or `custom_run_id`."""
        draft = self.job(experiment.name)
        check_bound(draft.inputs)
        draft.name = self.custom_run_id or f"HD_{uuid.uuid4()}"
        draft.tags = dict(tags)
        made = experiment.workspace.client.jobs.create_or_update(draft)
        return HyperDriveRun(experiment, made.name or "", self)

    def _check(self) -> None:
        _check_between("max_total_runs", self.max_total_runs, 1000)
        _check_between("max_duration_minutes", self.max_duration_minutes, LONGEST)
        if self.max_concurrent_runs is not None:
            _check_between("max_concurrent_runs", self.max_concurrent_runs, self.max_total_runs)
        if self.hyperparameter_sampling.algorithm == "bayesian" and self.policy.draft() is not None:
            raise HyperDriveConfigException(
                "policy: bayesian sampling learns from whole runs; a policy would cut them.",
                resolution="Leave the policy out, or use RandomParameterSampling.",
            )


def _only_script(run_config: ScriptRunConfig | None, **others: object) -> ScriptRunConfig:
    given = [name for name, value in {"run_config": run_config, **others}.items() if value is not None]
    if len(given) != 1:
        raise HyperDriveConfigException(
            f"Exactly one of run_config, estimator and pipeline is expected; found {', '.join(given) or 'none'}.",
            resolution=_NO_WAY,
        )
    if not isinstance(run_config, ScriptRunConfig):
        raise UnsupportedFieldError(f"{given[0]}: only a ScriptRunConfig is swept here.", resolution=_NO_WAY)
    return run_config


def _goal(goal: PrimaryMetricGoal | str) -> PrimaryMetricGoal:
    try:
        return PrimaryMetricGoal(goal.upper())
    except (AttributeError, ValueError):
        raise HyperDriveConfigException(
            f"primary_metric_goal: found {goal!r}.",
            resolution="Use PrimaryMetricGoal.MAXIMIZE or PrimaryMetricGoal.MINIMIZE.",
        ) from None


def _check_between(name: str, value: object, most: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
        raise HyperDriveConfigException(f"{name}: a whole number from 1 to {most} is expected; found {value!r}.")

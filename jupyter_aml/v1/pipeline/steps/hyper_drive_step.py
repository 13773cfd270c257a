"""SDK v1's HyperDriveStep: a sweep as a step of a pipeline, as SDK v2's sweep step. Nothing is drawn or run here."""

import copy
from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

from jupyter_aml.entities.command_node import CommandNode
from jupyter_aml.entities.step import Node
from jupyter_aml.exceptions import UserErrorException
from jupyter_aml.v1.arguments import refuse
from jupyter_aml.v1.core.script_run_config import ScriptRunConfig
from jupyter_aml.v1.pipeline.core.builder import PipelineStep, Ports
from jupyter_aml.v1.pipeline.core.run import StepRun
from jupyter_aml.v1.pipeline.steps.python_script_step import bound, said_version
from jupyter_aml.v1.train.hyperdrive.run import HyperDriveRun
from jupyter_aml.v1.train.hyperdrive.runconfig import HyperDriveConfig

__all__ = ["HyperDriveStep", "HyperDriveStepRun"]

_METRICS: Final = "HyperDriveStepRun(step_run).get_metrics() has them."
_OWN: Final = "A step belongs to its pipeline, which names it and begins it."


class HyperDriveStep(PipelineStep):
    """A step that is a sweep: what it makes is what its best run made.

    The script's arguments are those of its ScriptRunConfig, or `estimator_entry_script_arguments`. UserErrorException
    for both; UnsupportedFieldError for `metrics_output`, and for a config that goes on with another sweep.
    """

    def __init__(
        self,
        name: str,
        hyperdrive_config: HyperDriveConfig,
        estimator_entry_script_arguments: Sequence[Any] | None = None,
        inputs: Sequence[Any] | None = None,
        outputs: Sequence[Any] | None = None,
        metrics_output: object = None,
        allow_reuse: bool = True,
        version: str | None = None,
    ) -> None:
        refuse("HyperDriveStep", _METRICS, metrics_output=metrics_output)
        config = hyperdrive_config
        refuse("HyperDriveConfig", _OWN, resume_from=config.resume_from, custom_run_id=config.custom_run_id)
        run = config.run_config
        if run.command is not None:
            raise UserErrorException("hyperdrive_config: a step sweeps a script; found a command.")
        if estimator_entry_script_arguments and run.arguments:
            raise UserErrorException(
                "Only one of estimator_entry_script_arguments and ScriptRunConfig.arguments may be given."
            )
        given = estimator_entry_script_arguments or run.arguments
        super().__init__(name, inputs, outputs, given, run.compute_target, allow_reuse)
        self.hyperdrive_config, self.version = config, version

    def node(self, ports: Ports, values: Mapping[str, Any]) -> Node:
        """SDK v2's step, its bound inputs still open (ours)."""
        del values  # nothing of how it runs is a parameter
        config = self.hyperdrive_config
        run: ScriptRunConfig = copy.copy(config.run_config)
        run.arguments = self.arguments
        draft = bound(run.job("pipeline", config.hyperparameter_sampling.arguments()), ports)
        draft.environment_variables = {**draft.environment_variables, **said_version(self.version)}
        draft.is_deterministic, draft.display_name = self.allow_reuse, self.name
        trial = cast("CommandNode", draft.as_step({}))
        made = trial.sweep(**config.options(), compute=draft.compute)
        made.early_termination = config.policy.draft()
        return made


class HyperDriveStepRun(HyperDriveRun):
    """The run of such a step, as a sweep: its best run, its children. HyperDriveConfigException for another step's."""

    def __init__(self, step_run: StepRun) -> None:
        super().__init__(step_run.experiment, step_run.id)
        self.pipeline_run_id = step_run.pipeline_run_id

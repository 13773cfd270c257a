"""SDK v1's ParallelRunStep: a function over mini-batches, as SDK v2's parallel step. Nothing is cut or run here."""

import os
from collections.abc import Mapping, Sequence
from typing import Any

from jupyter_aml.entities.parallel_function import RunFunction, parallel_run_function
from jupyter_aml.entities.step import Node
from jupyter_aml.exceptions import UnsupportedFieldError
from jupyter_aml.v1.core.environment import Environment
from jupyter_aml.v1.core.script_run_config import Line
from jupyter_aml.v1.pipeline.core.builder import PipelineStep, Ports
from jupyter_aml.v1.pipeline.core.graph import PipelineParameter
from jupyter_aml.v1.pipeline.steps.parallel_run_config import APPEND, ParallelRunConfig

__all__ = ["ParallelRunConfig", "ParallelRunStep"]


class ParallelRunStep(PipelineStep):
    """A step that runs `init()` and `run(mini_batch)` of a script over the files, or the rows, of a dataset."""

    def __init__(
        self,
        name: str,
        parallel_run_config: ParallelRunConfig,
        inputs: Sequence[Any],
        output: Any = None,  # noqa: ANN401 - an OutputFileDatasetConfig or a PipelineData
        side_inputs: Sequence[Any] | None = None,
        arguments: Sequence[Any] | None = None,
        allow_reuse: bool = True,
    ) -> None:
        if len(inputs) != 1:
            raise UnsupportedFieldError(
                f"inputs: exactly one is cut into mini-batches here; found {len(inputs)}.",
                resolution="Give one dataset; others as side_inputs.",
            )
        config = parallel_run_config
        sides, outputs = [*inputs, *(side_inputs or ())], [output] if output is not None else []
        super().__init__(name, sides, outputs, arguments, config.compute_target, allow_reuse)
        self.config, self.source_directory = config, config.source_directory

    @property
    def settings(self) -> dict[str, PipelineParameter]:
        """The parameters that say how it runs, by name (ours)."""
        return {value.name: value for value in vars(self.config).values() if isinstance(value, PipelineParameter)}

    def node(self, ports: Ports, values: Mapping[str, Any]) -> Node:
        """SDK v2's step, its bound inputs still open (ours)."""
        config, cut = self.config.settled(values), self._cut(ports)
        output = next(iter(ports.outputs), "")
        environment: Any = config.environment
        task = RunFunction(
            code=os.fspath(self.source_directory or "."), entry_script=config.entry_script,
            environment=environment.draft() if isinstance(environment, Environment) else environment,
            program_arguments=Line().words(self.arguments) or None,
            append_row_to=f"${{{{outputs.{output}}}}}" if output and config.output_action == APPEND else None,
        )  # fmt: skip
        function = parallel_run_function(
            display_name=self.name, description=config.description, compute=self.compute_target, task=task,
            inputs=ports.inputs, outputs=ports.outputs, input_data=f"${{{{inputs.{cut}}}}}",
            is_deterministic=self.allow_reuse, **_settings(config),
            environment_variables={**(config.environment_variables or {}), **ports.tables()},
        )  # fmt: skip
        return function()

    def _cut(self, ports: Ports) -> str:
        """The input that is cut: files that nobody said how to bring are where they are.

        UnsupportedFieldError for rows of another step's files.
        """
        name = self.inputs[0].binding().name
        if name in ports.links and ports.links[name].table:
            raise UnsupportedFieldError(
                f"inputs: the rows of '{name}' are cut nowhere here, its files are.",
                resolution="Give the output itself, and read each file in run(mini_batch).",
            )
        if ports.inputs[name].mode == "direct":
            ports.inputs[name] = ports.inputs[name].model_copy(update={"mode": "ro_mount"})
        return name


def _settings(config: ParallelRunConfig) -> dict[str, Any]:
    size = config.mini_batch_size
    said = {
        "instance_count": config.node_count, "mini_batch_size": None if size is None else str(size),
        "max_concurrency_per_instance": config.process_count_per_node,
        "error_threshold": config.error_threshold, "mini_batch_error_threshold": config.allowed_failed_count,
        "logging_level": config.logging_level, "partition_keys": config.partition_keys,
        "retry_settings": {"max_retries": config.run_max_try - 1, "timeout": config.run_invocation_timeout},
    }  # fmt: skip
    return {name: value for name, value in said.items() if value is not None}

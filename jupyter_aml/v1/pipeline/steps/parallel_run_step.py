"""SDK v1's ParallelRunStep: a function over mini-batches, as SDK v2's parallel step. Nothing is cut or run here."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from jupyter_aml.entities.parallel_function import RunFunction, parallel_run_function
from jupyter_aml.entities.parallel_plan import ROWS_FILE
from jupyter_aml.entities.step import Node
from jupyter_aml.exceptions import NotAvailableError, UnsupportedFieldError, UserErrorException
from jupyter_aml.v1.core.environment import Environment
from jupyter_aml.v1.core.script_run_config import Line
from jupyter_aml.v1.pipeline.core.builder import PipelineStep, Ports
from jupyter_aml.v1.pipeline.core.graph import PipelineParameter

_APPEND: Final = "append_row"
_ACTIONS: Final = (_APPEND, "summary_only")


@dataclass
class ParallelRunConfig:
    """How a ParallelRunStep runs: its script and environment, how data is cut, how often a batch is tried.

    `mini_batch_size`: files ('10') or bytes of a table ('100KB'). A threshold of -1 ignores all failures;
    `run_invocation_timeout` is in seconds. UserErrorException, UnsupportedFieldError by the field that cannot be.
    """

    environment: Environment
    entry_script: str
    error_threshold: int
    output_action: str
    compute_target: Any
    node_count: Any
    process_count_per_node: Any = None
    mini_batch_size: Any = None
    source_directory: str | os.PathLike[str] | None = None
    description: str | None = None
    logging_level: str = "INFO"
    run_invocation_timeout: Any = 60
    run_max_try: int = 3
    append_row_file_name: str | None = None
    allowed_failed_count: int | None = None
    allowed_failed_percent: float | None = None
    partition_keys: list[str] | None = None
    environment_variables: Mapping[str, str] | None = field(default=None)

    def __post_init__(self) -> None:
        """Refuse what cannot be honoured."""
        if self.output_action not in _ACTIONS:
            raise UserErrorException(
                f"output_action: '{self.output_action}' is none.", resolution=" or ".join(_ACTIONS)
            )
        if self.append_row_file_name not in {None, ROWS_FILE}:
            raise UnsupportedFieldError(
                f"append_row_file_name: the rows are in {ROWS_FILE} here.", resolution="Leave it out, and read that."
            )
        if self.allowed_failed_percent is not None:
            raise NotAvailableError.of("allowed_failed_percent", "thresholds in percent")


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
        self.config = config

    def node(self, ports: Ports) -> Node:
        """SDK v2's step, its bound inputs still open (ours)."""
        config, cut = self.config, self._cut(ports)
        output = next(iter(ports.outputs), "")
        environment = config.environment
        task = RunFunction(
            code=os.fspath(config.source_directory or "."), entry_script=config.entry_script,
            environment=environment.draft() if isinstance(environment, Environment) else environment,
            program_arguments=Line().words(self.arguments) or None,
            append_row_to=f"${{{{outputs.{output}}}}}" if output and config.output_action == _APPEND else None,
        )  # fmt: skip
        function = parallel_run_function(
            display_name=self.name, description=config.description, compute=self.compute_target, task=task,
            inputs=ports.inputs, outputs=ports.outputs, input_data=f"${{{{inputs.{cut}}}}}",
            is_deterministic=self.allow_reuse, **self._settings(),
            environment_variables={**(config.environment_variables or {}), **ports.tables()},
        )  # fmt: skip
        return function()

    def _cut(self, ports: Ports) -> str:
        """The input that is cut: files that nobody said how to bring are where they are."""
        name = self.inputs[0].binding().name
        if ports.inputs[name].mode == "direct":
            ports.inputs[name] = ports.inputs[name].model_copy(update={"mode": "ro_mount"})
        return name

    def _settings(self) -> dict[str, Any]:
        config = self.config
        said = {
            "instance_count": _now(config.node_count), "mini_batch_size": _text(config.mini_batch_size),
            "max_concurrency_per_instance": _now(config.process_count_per_node),
            "error_threshold": config.error_threshold, "mini_batch_error_threshold": config.allowed_failed_count,
            "logging_level": config.logging_level, "partition_keys": config.partition_keys,
            "retry_settings": {
                "max_retries": max(config.run_max_try - 1, 0), "timeout": _now(config.run_invocation_timeout)
            },
        }  # fmt: skip
        return {name: value for name, value in said.items() if value is not None}


def _now(value: Any) -> Any:  # noqa: ANN401 - a number, or a parameter with one
    """A setting that is fixed when the pipeline is submitted: of a parameter, its default."""
    return value.default_value if isinstance(value, PipelineParameter) else value


def _text(value: Any) -> str | None:  # noqa: ANN401 - as above
    found = _now(value)
    return None if found is None else str(found)

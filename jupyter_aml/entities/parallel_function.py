"""`parallel_run_function`, as the SDK v2 writes it: a function over mini-batches, to be called in a pipeline.

Drafts only; nothing is cut or run here.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Final, cast

from jupyter_aml.entities.component import ParallelComponent, ParallelTask, RetrySettings
from jupyter_aml.entities.draft import DraftError, each
from jupyter_aml.entities.fields import Choice
from jupyter_aml.entities.input_output import Input, Output, as_input, as_output
from jupyter_aml.entities.pipeline_node import Parallel
from jupyter_aml.exceptions import did_you_mean

_DECLARED: Final = ("default", "optional", "min", "max", "enum", "description", "mode")
_STEP: Final = (
    "task", "mini_batch_size", "partition_keys", "input_data", "retry_settings", "logging_level",
    "max_concurrency_per_instance", "error_threshold", "mini_batch_error_threshold", "resources",
)  # fmt: skip
"""What a component has and its steps repeat, so that each can be changed (Azure's own way)."""
_IGNORED: Final = ("item_error_treshold", "progress_update_timeout")
"""Keywords of Azure's own notebooks that its function takes and forgets."""


class RunFunction(ParallelTask):
    """What runs on each mini-batch: `init()` once in every worker process, then `run(mini_batch)`.

    `append_row_to`: the output `${{outputs.<name>}}` that all results are written to, a line each.
    """

    type: Annotated[str, Choice("run_function")] = "run_function"


class ParallelJob(Parallel):
    """A parallel step written out whole, without a component."""


class ParallelFunction(Parallel):
    """What `parallel_run_function` returns: called with inputs, it makes steps of a pipeline."""

    def __call__(self, *args: object, **inputs: object) -> Parallel:
        """A step that runs this over mini-batches of these inputs.

        Raises UnexpectedKeywordError for an input that it does not have, ValidationException for positional ones.
        """
        component = cast("ParallelComponent", self.component)
        node = component(*args, **inputs)
        for name, port in self.inputs.items():
            if port.value is not None and name not in inputs:
                node.inputs[name] = port.value
        for name, port in self.outputs.items():
            node.outputs[name] = port.model_copy()
        for name in (*_STEP, "compute", "display_name", "description", "tags", "identity", "environment_variables"):
            value = getattr(self, name)
            setattr(node, name, value.model_copy(deep=True) if hasattr(value, "model_copy") else value)
        return node


def parallel_run_function(
    *,
    name: str | None = None,
    description: str | None = None,
    tags: Mapping[str, str] | None = None,
    properties: Mapping[str, str] | None = None,
    display_name: str | None = None,
    experiment_name: str | None = None,  # noqa: ARG001 - Azure's keyword; a step belongs to its pipeline's experiment
    compute: str | None = None,
    retry_settings: RetrySettings | Mapping[str, Any] | None = None,
    environment_variables: Mapping[str, str] | None = None,
    logging_level: str | None = None,
    max_concurrency_per_instance: int | None = None,
    error_threshold: int | None = None,
    mini_batch_error_threshold: int | None = None,
    task: ParallelTask | Mapping[str, Any] | None = None,
    mini_batch_size: str | int | None = None,
    partition_keys: list[str] | str | None = None,
    input_data: str | None = None,
    inputs: Mapping[str, Any] | None = None,
    outputs: Mapping[str, Any] | None = None,
    instance_count: int | None = None,
    instance_type: str | None = None,
    docker_args: str | None = None,
    shm_size: str | None = None,
    identity: object = None,
    is_deterministic: bool = True,
    version: str | None = None,
    **others: object,
) -> ParallelFunction:
    """A function over mini-batches of data, for `@dsl.pipeline`: call it there with its inputs.

    `input_data` names the input that is cut: a folder into `mini_batch_size` files each, a table into rows ('10'),
    bytes ('100kb') or by `partition_keys`. A threshold of -1 ignores every failure. ValidationException by the path
    of what cannot be.

    >>> score = parallel_run_function(
    ...     inputs={"images": Input(type="uri_folder")}, outputs={"rows": Output(type="uri_file")},
    ...     input_data="${{inputs.images}}", mini_batch_size="10",
    ...     task=RunFunction(code="src", entry_script="score.py", append_row_to="${{outputs.rows}}"),
    ... )
    >>> score.type
    'parallel'
    """
    _check(others)
    asked = {
        "instance_count": instance_count, "instance_type": instance_type, "docker_args": docker_args,
        "shm_size": shm_size,
    }  # fmt: skip
    keys = [partition_keys] if isinstance(partition_keys, str) else partition_keys
    given, made = each("inputs", inputs, as_input), each("outputs", outputs, as_output)
    component = ParallelComponent.of(_said({
        "name": name, "version": version, "display_name": display_name, "description": description,
        "tags": dict(tags or {}), "is_deterministic": is_deterministic, "task": task,
        "mini_batch_size": mini_batch_size, "partition_keys": keys,
        "input_data": input_data, "retry_settings": retry_settings, "logging_level": logging_level,
        "max_concurrency_per_instance": max_concurrency_per_instance, "error_threshold": error_threshold,
        "mini_batch_error_threshold": mini_batch_error_threshold, "resources": _said(asked) or None,
        "inputs": {name: _declared(one) for name, one in given.items()},
        "outputs": {name: {"type": one.type} for name, one in made.items()},
    }))  # fmt: skip
    return ParallelFunction.of(_said({
        **{name: getattr(component, name) for name in _STEP}, "component": component, "compute": compute,
        # As it was written: '100kb' is bytes of a table or of files, and as the component's number it is no more.
        "mini_batch_size": None if component.mini_batch_size is None else str(mini_batch_size),
        "display_name": display_name, "description": description, "tags": tags, "properties": properties,
        "identity": identity, "environment_variables": environment_variables,
        "inputs": {name: one for name, one in given.items() if one.path is not None},
        "outputs": {name: one for name, one in made.items() if _is_placed(one)},
    }))  # fmt: skip


def _check(others: Mapping[str, object]) -> None:
    """Azure's function takes any keyword; we help with typos."""
    names = (*_STEP, "inputs", "outputs", "compute", "instance_count", "environment_variables", "display_name")
    unknown = [name for name in others if name not in _IGNORED]
    if unknown:
        raise DraftError(
            "parallel_run_function", tuple((name, f"unknown field. {did_you_mean(name, names)}") for name in unknown)
        )


def _said(fields: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in fields.items() if value is not None}


def _declared(given: Input) -> dict[str, object]:
    """An input as the component declares it."""
    said = {name: getattr(given, name) for name in _DECLARED}
    return {"type": given.type, **_said(said)}


def _is_placed(made: Output) -> bool:
    return bool(made.model_dump(exclude_none=True, exclude={"type"}))

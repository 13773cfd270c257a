"""Control flow within a pipeline's function: if_else, do_while, parallel_for. Drafts are made; nothing is decided."""

from collections.abc import Mapping, Sequence
from typing import Any

from jupyter_aml.entities.control_flow import DoWhile, IfElse, Items, ParallelFor
from jupyter_aml.entities.ports import NodeInput, NodeOutput, PipelineInput
from jupyter_aml.entities.step import Node
from jupyter_aml.exceptions import UserErrorException

_Block = Node | str | Sequence[Node | str] | None


def if_else(
    condition: str | bool | NodeOutput | PipelineInput | Node,  # noqa: FBT001 - Azure's own signature
    *,
    true_block: _Block = None,
    false_block: _Block = None,
) -> IfElse:
    """Run one step, or some, when `condition` is true, and others when it is not.

    The condition is a boolean output of a step, a step that has no other output, or a boolean input of the pipeline.
    """
    if isinstance(condition, Node):
        if len(condition.outputs) != 1:
            count = len(condition.outputs)
            raise UserErrorException(f"Exactly one output is expected for condition node, {count} outputs found.")
        condition = next(iter(condition.outputs.values()))
    node = IfElse.of({"condition": condition, "true_block": true_block, "false_block": false_block})
    node.noted()
    return node


condition = if_else
"""Azure's own name of it."""


def do_while(
    body: Node,
    mapping: Mapping[Any, Any],
    max_iteration_count: int,
    condition: NodeOutput | str | None = None,
) -> DoWhile:
    """Run `body` again while its boolean output `condition` is true, `max_iteration_count` times at most.

    `mapping` says which input gets which output of the time before: `{body.outputs.model: body.inputs.model}`.
    """
    pairs = {_name(output): _names(inputs) for output, inputs in mapping.items()}
    node = DoWhile.of({"body": body, "mapping": pairs, "condition": condition})
    node.set_limits(max_iteration_count=max_iteration_count)
    node.noted()
    return node


def parallel_for(*, body: Node, items: Items, max_concurrency: int | None = None, **others: object) -> ParallelFor:
    """Run `body` once for each of `items`, `max_concurrency` at once (all, if it is left out).

    Items are a list of mappings of the body's inputs, a mapping of such mappings by name, the JSON text of either, or
    what has such a text when the step begins: an input of the pipeline, an output of a step. Data in an item is an
    asset or a URI. `.outputs` are those of all rounds: of data a folder with an entry a round (type mltable), of
    values their JSON list (type string), in the order of the items.

    >>> body = train(data=raw)
    >>> each = parallel_for(body=body, items=[{"lr": 0.1}, {"lr": 0.01}], max_concurrency=2)
    >>> choose(models=each.outputs.model)
    """
    node = ParallelFor.of({"body": body, "items": items, "max_concurrency": max_concurrency, **others})
    node.noted()
    return node


def _name(port: object) -> str:
    return port.port_name if isinstance(port, NodeInput | NodeOutput) else str(port)


def _names(ports: object) -> list[str]:
    return [_name(port) for port in ports] if isinstance(ports, list) else [_name(ports)]

"""Steps that decide which others run, and how often: if_else, do_while, parallel_for. Drafts; nothing is decided."""

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final, TypeAlias, cast

from pydantic import Field, field_validator

from jupyter_aml.entities.draft import Draft, DraftError, Mark, mapping
from jupyter_aml.entities.fields import Choice
from jupyter_aml.entities.input_output import Input
from jupyter_aml.entities.job_draft import plain_input
from jupyter_aml.entities.loop_items import collected, parsed
from jupyter_aml.entities.ports import NodeInput, NodeOutput, NodeOutputs, PipelineInput, plain
from jupyter_aml.entities.step import Node, Step, put

MOST_ROUNDS: Final = 1000
"""Azure's own limit of a do_while."""
Items: TypeAlias = (
    Sequence[Mapping[str, object]] | Mapping[str, Mapping[str, object]] | str | PipelineInput | NodeOutput
)
_PORT: Final = re.compile(r"\$\{\{\s*parent\.jobs\.\w+\.(?:inputs|outputs)\.(\w+)\s*\}\}")


class ControlFlow(Step):
    """A step that runs nothing itself."""

    @property
    def called(self) -> str:
        """Azure's own name of its class."""
        return {"if_else": "conditionnode", "do_while": "dowhile", "parallel_for": "parallelfor"}[self.type]


class IfElse(ControlFlow):
    """Steps that run when `condition` is true, and others when it is not."""

    type: Annotated[str, Choice("if_else")] = "if_else"
    condition: object = None
    true_block: list[Node | str] | None = None
    false_block: list[Node | str] | None = None

    @field_validator("true_block", "false_block", mode="before")
    @classmethod
    def _blocks(cls, value: object) -> object:
        return [value] if isinstance(value, Node | str) else value

    def spec(self) -> dict[str, Any]:
        """As a pipeline's YAML says it: the steps by their keys, one of them without a list."""
        said = {"type": self.type, "condition": _text(self.condition)}
        for name in ("true_block", "false_block"):
            steps = [_text(step) for step in getattr(self, name) or ()]
            said[name] = steps if len(steps) > 1 else next(iter(steps), None)
        return {name: value for name, value in said.items() if value is not None}


class DoWhileJobLimits(Draft):
    """How often at most: 1 to 1000."""

    max_iteration_count: int | None = None


class DoWhile(ControlFlow):
    """A step that runs again while its boolean output `condition` is true, given what it made the time before."""

    type: Annotated[str, Choice("do_while")] = "do_while"
    body: Node | str
    condition: object = None
    mapping: Any = None
    limits: DoWhileJobLimits | None = None

    def set_limits(self, *, max_iteration_count: int) -> None:
        """Say how often the body runs at most."""
        self.limits = DoWhileJobLimits(max_iteration_count=max_iteration_count)

    def spec(self) -> dict[str, Any]:
        """As a pipeline's YAML says it: outputs and inputs of the body by their names."""
        given = cast("Mapping[object, object]", self.mapping or {})
        said = {
            "type": self.type, "body": _text(self.body), "condition": _port(self.condition),
            "mapping": {str(_port(output)): _ports(inputs) for output, inputs in given.items()},
            "limits": self.limits.spec() if self.limits else None,
        }  # fmt: skip
        return {name: value for name, value in said.items() if value is not None}


class ParallelFor(ControlFlow):
    """A step that runs another once for each of `items`, `max_concurrency` at once; its outputs are those of all.

    What the rounds made is collected: of a data output a table (type mltable), a folder with an entry a round, in the
    order of the items; of a value (type string) the JSON list of the values.
    """

    type: Annotated[str, Choice("parallel_for")] = "parallel_for"
    body: Node | str
    items: Any = None
    max_concurrency: int | None = None
    outputs: Annotated[NodeOutputs, Mark.DERIVED] = Field(default_factory=NodeOutputs)

    def __init__(self, **fields: object) -> None:
        outputs = mapping(fields.pop("outputs", None))
        Step.__init__(self, **fields)
        ports = NodeOutputs(self._place, self._declared())
        problems = put(ports, "outputs", outputs)
        if problems:
            raise DraftError(type(self).__name__, problems)
        vars(self).update(outputs=ports)

    def _declared(self) -> dict[str, str] | None:
        """The outputs of its body as they are when collected; None where that is seen at submit."""
        if not isinstance(self.body, Node) or not isinstance(self.body.component, Draft):
            return None
        return {name: collected(port.kind) for name, port in self.body.outputs.items()}

    def spec(self) -> dict[str, Any]:
        """As a pipeline's YAML says it; `items` in the form in which they were given."""
        said = {"type": self.type, "body": _text(self.body), "items": _items(self.items)}
        said["max_concurrency"] = self.max_concurrency
        said["outputs"] = plain(self.outputs) or None
        return {name: value for name, value in said.items() if value is not None}


def _text(value: object) -> object:
    """A step by its key, a port as it is bound, a literal as it is."""
    if isinstance(value, Step):
        return f"${{{{parent.jobs.{value.name}}}}}"
    return str(value) if isinstance(value, NodeInput | NodeOutput | PipelineInput) else value


def _port(value: object) -> object:
    """The name of an input or output of the body."""
    if isinstance(value, NodeInput | NodeOutput):
        return value.port_name
    found = _PORT.fullmatch(value) if isinstance(value, str) else None
    return found[1] if found else value


def _ports(value: object) -> list[object]:
    return [_port(one) for one in cast("list[object]", value)] if isinstance(value, list) else [_port(value)]


def _items(value: object) -> object:
    value = parsed(value)  # what is no JSON is told by the check
    if isinstance(value, list):
        return [_item(one) for one in cast("list[object]", value)]
    if isinstance(value, Mapping):
        return {str(name): _item(one) for name, one in cast("Mapping[object, object]", value).items()}
    return _text(value)


def _item(value: object) -> object:
    if not isinstance(value, Mapping):
        return value
    given = cast("Mapping[object, object]", value)
    return {str(name): plain_input(one) if isinstance(one, Input) else _text(one) for name, one in given.items()}

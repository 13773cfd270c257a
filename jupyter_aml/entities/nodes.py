"""The steps of a pipeline from what its YAML says of them. Fields in, drafts out; no file is read here."""

from collections.abc import Mapping
from typing import Any, Final, cast

from jupyter_aml.entities.command_node import CommandNode, SweepNode
from jupyter_aml.entities.component import component_of
from jupyter_aml.entities.control_flow import DoWhile, IfElse, ParallelFor
from jupyter_aml.entities.draft import DraftError
from jupyter_aml.entities.pipeline_node import Parallel, Pipeline
from jupyter_aml.entities.step import Step
from jupyter_aml.exceptions import UnsupportedFieldError, did_you_mean

NODES: Final[Mapping[str, type[Step]]] = {
    "command": CommandNode,
    "sweep": SweepNode,
    "pipeline": Pipeline,
    "parallel": Parallel,
    "if_else": IfElse,
    "do_while": DoWhile,
    "parallel_for": ParallelFor,
}
_KEPT: Final = "code_snapshot"
"""What the workspace notes in a component that it keeps."""
_OTHERS: Final = ("spark", "automl", "import", "data_transfer", "finetuning", "distillation")


def step_of(name: str, given: object) -> Step:
    """A step from a mapping, or the step itself; its name is its key. ValidationException by what is wrong with it."""
    if isinstance(given, Step):
        given.name = name
        return given
    if not isinstance(given, Mapping):
        raise DraftError("step", (("", f"a step is a mapping (found {given!r})"),))
    fields = {str(key): value for key, value in cast("Mapping[object, Any]", given).items()}
    kind = kind_of(fields)
    for key in ("component", "trial"):
        if isinstance(fields.get(key), Mapping):
            runs = cast("Mapping[str, Any]", fields[key])
            fields[key] = component_of({part: value for part, value in runs.items() if part != _KEPT})
    return NODES[kind].of({**fields, "type": kind, "name": name})


def kind_of(fields: Mapping[str, Any]) -> str:
    """The type of a step; command when it says none. ValidationException for another."""
    kind = str(fields.get("type") or "command").lower()
    if kind in _OTHERS:
        known = ", ".join(NODES)
        raise UnsupportedFieldError(f"type: '{kind}' steps do not run here yet.", resolution=f"There is: {known}.")
    if kind not in NODES:
        raise DraftError("step", (("type", f"{kind!r} is no type of a step. {did_you_mean(kind, NODES)}"),))
    return kind

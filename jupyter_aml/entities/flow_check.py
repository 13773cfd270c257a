"""What can be said against if_else, do_while and parallel_for. Pure; nothing is decided here."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, Protocol, TypeAlias, cast

from jupyter_aml.constants import LITERAL_TYPES
from jupyter_aml.entities.bindings import binding
from jupyter_aml.entities.control_flow import MOST_ROUNDS
from jupyter_aml.entities.loop_items import problems, rounds
from jupyter_aml.exceptions import did_you_mean

Plain: TypeAlias = Mapping[str, Any]  # Any: parts of a YAML, whose values are the user's
Found: TypeAlias = Iterator[tuple[str, str]]
_BLOCKS: Final = ("true_block", "false_block")


class Around(Protocol):
    """The steps beside it, and what they declare."""

    @property
    def inputs(self) -> Mapping[str, str]: ...
    @property
    def jobs(self) -> Mapping[str, Plain]: ...
    @property
    def missing(self) -> frozenset[str]: ...
    def component(self, step: str) -> Plain | None: ...


def check_flow(job: Plain, around: Around) -> Found:
    """Every problem by its path below the step's."""
    match job.get("type"):
        case "if_else":
            yield from _if_else(job, around)
        case "do_while":
            yield from _loop(job, around)
            yield from _do_while(job, around)
        case _:
            yield from _loop(job, around)
            yield from _parallel_for(job, around)


def _if_else(job: Plain, around: Around) -> Found:
    condition = job.get("condition")
    if condition is None:
        yield "condition", "required, and not given."
    elif not isinstance(condition, bool):
        yield from _condition(condition, around)
    if not any(job.get(name) for name in _BLOCKS):
        yield "true_block", "required, and not given: say which steps run, there or in false_block."
    for name in _BLOCKS:
        given: object = job.get(name)
        for block in cast("list[object]", given) if isinstance(given, list) else [given]:
            if block is not None:
                yield from ((name, text) for text in _step(block, around, "dsl.condition", name))


def _condition(condition: object, around: Around) -> Found:
    found = binding(condition)
    if found is None or found.kind not in {"input", "step"}:
        hint = "for example, ${{parent.jobs.xxx.outputs.output}}"
        yield "condition", f"'condition' of dsl.condition has invalid binding expression: {condition}, {hint}"
    elif found.kind == "input":
        if found.name not in around.inputs:
            yield "condition", f"the pipeline has no input '{found.name}'. {did_you_mean(found.name, around.inputs)}"
        elif (kind := around.inputs[found.name]) != "boolean":
            yield "condition", f"a condition is of type boolean; the input '{found.name}' is of type {kind}."
    else:
        yield from (("condition", text) for text in _output(found.step, found.name, around))


def _output(step: str, name: str, around: Around) -> Iterator[str]:
    """What is wrong with an output that is a condition."""
    if step not in around.jobs:
        yield f"there is no step '{step}'. {did_you_mean(step, around.jobs)}"
        return
    component = around.component(step)
    if component is None:
        return
    made = _part(component.get("outputs"))
    if name not in made:
        yield f"step '{step}' has no output '{name}'. {did_you_mean(name, made)}"
    elif (kind := _part(made[name]).get("type")) not in LITERAL_TYPES:
        yield f"a condition is of type boolean; the output '{name}' of step '{step}' is of type {kind}."


def _step(given: object, around: Around, what: str, name: str) -> Iterator[str]:
    found = binding(given)
    if found is None or found.kind != "job":
        yield f"'{name}' of {what} has invalid binding expression: {given}, for example, ${{{{parent.jobs.xxx}}}}"
    elif found.step not in around.jobs:
        yield f"there is no step '{found.step}'. {did_you_mean(found.step, around.jobs)}"


def _loop(job: Plain, around: Around) -> Found:
    if not job.get("body"):
        yield "body", "required, and not given."
        return
    yield from (("body", text) for text in _step(job["body"], around, str(job.get("type")), "body"))
    same = [one for one in around.jobs.values() if one.get("body") == job["body"]]
    if same[0] is not job:
        yield "body", "The body of loop node cannot be promoted as another loop again."


def _do_while(job: Plain, around: Around) -> Found:
    most = _part(job.get("limits")).get("max_iteration_count")
    if most is None:
        yield "limits.max_iteration_count", f"required, and not given: 1 to {MOST_ROUNDS}."
    elif not 0 < most <= MOST_ROUNDS:
        told = f"The max iteration count cannot be less than 0 or larger than {MOST_ROUNDS}."
        yield "limits.max_iteration_count", told
    body = binding(job.get("body"))
    component = around.component(body.step) if body and body.step in around.jobs else None
    if not body or component is None:
        return
    if condition := job.get("condition"):
        yield from (("condition", text) for text in _output(body.step, str(condition), around))
    for output, inputs in _part(job.get("mapping")).items():
        yield from _port("output", str(output), body.step, _part(component.get("outputs")))
        for name in cast("list[object]", inputs) if isinstance(inputs, list) else [inputs]:
            yield from _port("input", str(name), body.step, _part(component.get("inputs")))


def _port(what: str, name: str, body: str, known: Plain) -> Found:
    if name not in known:
        told = f"The {what} of mapping {name} does not exist in {body} {what}. {did_you_mean(name, known)}"
        yield "mapping", told


def _parallel_for(job: Plain, around: Around) -> Found:
    most = job.get("max_concurrency")
    if most is not None and most < 1:
        yield "max_concurrency", f"{most} is less than 1. Leave it out to run all items at once."
    body = binding(job.get("body"))
    component = around.component(body.step) if body and body.step in around.jobs else None
    declared = None if component is None else _part(component.get("inputs"))
    items: object = job.get("items")
    yield from (("items", text) for text in problems(items, declared))
    for given in (items, *_values(items)):
        yield from (("items", text) for text in _bound_item(given, around, is_all=given is items))
    made = _part(component.get("outputs")) if component is not None else None
    for name in _part(job.get("outputs")):
        if made is not None and name not in made:
            yield f"outputs.{name}", f"unknown. {did_you_mean(name, made)}"


def _values(items: object) -> list[object]:
    return [value for one in rounds(items).values() for value in _part(one).values()]


def _bound_item(given: object, around: Around, *, is_all: bool) -> Iterator[str]:
    """What is wrong with a binding of the items, or of a value in one of them."""
    found = binding(given)
    match found.kind if found else "":
        case "input" if found and found.name not in around.inputs and found.name not in around.missing:
            yield f"the pipeline has no input '{found.name}'. {did_you_mean(found.name, around.inputs)}"
        case "input" if found and is_all and around.inputs.get(found.name, "") not in {"", "string"}:
            kind = around.inputs[found.name]
            yield f"items are a JSON text; the input '{found.name}' is of type {kind}."
        case "step" if found:
            yield from _items_of_step(found.step, found.name, around, is_all=is_all)
        case "output" | "job":
            yield "items are bound to the pipeline's inputs or to a step's outputs."
        case _:
            return


def _items_of_step(step: str, name: str, around: Around, *, is_all: bool) -> Iterator[str]:
    if step not in around.jobs:
        yield f"there is no step '{step}'. {did_you_mean(step, around.jobs)}"
        return
    component = around.component(step)
    made: Plain = {} if component is None else _part(component.get("outputs"))
    if component is not None and name not in made:
        yield f"step '{step}' has no output '{name}'. {did_you_mean(name, made)}"
    elif component is not None and is_all and (kind := _part(made[name]).get("type")) not in LITERAL_TYPES:
        yield f"items are a JSON text; the output '{name}' of step '{step}' is of type {kind}."


def _part(value: object) -> Plain:
    return cast("Plain", value) if isinstance(value, Mapping) else {}

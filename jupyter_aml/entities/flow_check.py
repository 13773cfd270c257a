"""What can be said against if_else, do_while and parallel_for. Pure; nothing is decided here."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, Protocol, TypeAlias, cast

from jupyter_aml.constants import LITERAL_TYPES
from jupyter_aml.entities.bindings import binding
from jupyter_aml.entities.control_flow import MOST_ROUNDS
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
            yield from _items(job, around)


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


def _items(job: Plain, around: Around) -> Found:
    items: object = job.get("items")
    if items is None:
        yield "items", "Items is required for parallel_for node"
        return
    if isinstance(items, str):
        found = binding(items)
        if found is None:
            yield "items", "Items is neither a valid JSON string nor a binding string."
        return
    rounds = list(_part(cast("object", items)).values()) if isinstance(items, Mapping) else cast("list[object]", items)
    if not rounds:
        yield "items", "Items is an empty list/dict."
    body = binding(job.get("body"))
    component = around.component(body.step) if body and body.step in around.jobs else None
    for one in rounds:
        yield from (("items", text) for text in _item(one, rounds[0], component))


def _item(one: object, first: object, component: Plain | None) -> Iterator[str]:
    if not isinstance(one, Mapping):
        yield f"Items has to be list/dict of dict as value, but got {type(one)} for {one}."
        return
    keys = list(_part(cast("object", one)))
    if set(keys) != set(_part(first)):
        yield f"Items should have same keys with body inputs, but got {keys} and {list(_part(first))}."
    for name in keys:
        if component is not None and name not in _part(component.get("inputs")):
            yield f"the body has no input '{name}'. {did_you_mean(name, _part(component.get('inputs')))}"


def _part(value: object) -> Plain:
    return cast("Plain", value) if isinstance(value, Mapping) else {}

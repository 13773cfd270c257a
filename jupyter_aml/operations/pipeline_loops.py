"""A parallel_for of a pipeline, checked and frozen: its items, its body's open inputs, where its outputs come together.

No row is written here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, cast

from jupyter_aml.data import uri
from jupyter_aml.entities.bindings import Binding, binding
from jupyter_aml.entities.input_output import Input, Output
from jupyter_aml.entities.launch import OutputSpec
from jupyter_aml.entities.loop_items import collected, given_by, problems, rounds
from jupyter_aml.entities.pipeline_plan import ITEMS, Bound, Collected, ForEach, Item, StepPlan
from jupyter_aml.entities.sweep_plan import ANY_TRIAL, Plain
from jupyter_aml.exceptions import UnsupportedFieldError, ValidationException, did_you_mean
from jupyter_aml.operations import inputs, outputs
from jupyter_aml.operations.pipeline_steps import (
    OPEN,
    Around,
    CheckedStep,
    after,
    block_of,
    bound_of,
    check_bounds,
    component_of,
    output_of,
    type_of,
    value_of,
)

_HERE: Final = "workspaceblobstore"


@dataclass(frozen=True, slots=True)
class _Round:
    """An item that passed: values that are known now, and what is bound until the round begins."""

    values: dict[str, Input]
    bound: dict[str, Bound]


def opened(around: Around, nodes: Mapping[str, Plain], given: Plain) -> dict[str, Plain]:
    """The same steps, those that a parallel_for repeats with the inputs that its items give (`OPEN`)."""
    found = dict(nodes)
    for node in nodes.values():
        body = next(iter(block_of(node.get("body"))), "")
        if node.get("type") != "parallel_for" or body not in nodes:
            continue
        names = given_by(_items(node, given)) or _unprovided(around, nodes[body])
        found[body] = {**nodes[body], OPEN: tuple(sorted(names))}
    return found


def _items(node: Plain, given: Plain) -> object:
    """The items as far as they are known now: those of a pipeline's input are, where that has its value."""
    items: object = node.get("items")
    found = binding(items)
    value: object = given.get(found.name) if found and found.kind == "input" else None
    return items if value is None or isinstance(value, Mapping) else value


def _unprovided(around: Around, body: Plain) -> frozenset[str]:
    """The inputs that only items can give, when these are not known yet."""
    declared = _declared(around, body)
    own = dict(body.get("inputs") or {})
    return frozenset(name for name, wanted in declared.items() if name not in own and _is_needed(wanted))


def _is_needed(wanted: Plain) -> bool:
    return wanted.get("default") is None and not wanted.get("optional")


def _declared(around: Around, body: Plain, what: str = "inputs") -> dict[str, Plain]:
    component = component_of(around.workspace, body.get("component") or body.get("trial"))
    return {str(name): dict(wanted or {}) for name, wanted in dict(component.get(what) or {}).items()}


def for_each_step(around: Around, name: str, nodes: Mapping[str, Plain], given: Plain) -> CheckedStep:
    """A `parallel_for`: no job of its own; its body runs once for each item."""
    node = nodes[name]
    body = next(iter(block_of(node.get("body"))), "")
    if body not in nodes:
        raise ValidationException(f"body: there is no step '{body}'.", resolution=did_you_mean(body, nodes))
    items, declared = _items(node, given), _declared(around, nodes[body])
    if told := next(problems(items, declared), ""):
        raise ValidationException(f"items: {told}")
    found = binding(items)
    known = {ITEMS: Bound(found.name, "string", found.step)} if found else {}
    passed = {} if found else {key: _round(around, key, one, declared) for key, one in rounds(items).items()}
    places = _places(around, node, _declared(around, nodes[body], "outputs"))
    takes = {key: bound_of(Binding("input", key), wanted) for key, wanted in declared.items()}
    shown = {key: node[key] for key in ("type", "body", "items", "max_concurrency", "outputs") if key in node}

    def freeze() -> StepPlan:
        each = ForEach(_frozen(around, passed), takes, tuple(nodes[body].get(OPEN, ())), places)
        return StepPlan(
            name, "parallel_for", "", shown, around.experiment, "", bound=known, after=after(_read(known, passed)),
            body=body, most=int(node.get("max_concurrency") or 0), each=each,
        )  # fmt: skip

    return CheckedStep(name, freeze, _read(known, passed))


def _read(known: Mapping[str, Bound], passed: Mapping[str, _Round]) -> dict[str, Bound]:
    """All that the loop itself is bound to, by where that stands."""
    several = {f"{key}.{name}": bound for key, one in passed.items() for name, bound in one.bound.items()}
    return {**known, **several}


def _round(around: Around, key: str, one: object, declared: Mapping[str, Plain]) -> _Round:
    """One item. ValidationException by its path."""
    found = _Round({}, {})
    with inputs.by_path(f"items.{key}"):
        for name, given in cast("Mapping[str, Any]", one).items():
            if bound := binding(given):
                inputs.check_place(f"inputs.{name}", bound.place)
                found.bound[name] = bound_of(bound, declared[name])
            else:
                found.values[name] = _remote(value_of(name, declared[name], given))
                check_bounds(name, declared[name], found.values[name].default)
        inputs.check_inputs(around.workspace, found.values)
    return found


def _remote(given: Input) -> Input:
    """Data in an item is where every round finds it: Azure uploads none of it."""
    if given.path and uri.is_local(given.path):
        message = f"Local file input {given.path} is not supported, please create it as a dataset."
        raise ValidationException(message, resolution="ml_client.data.create_or_update(Data(path=…)), then its URI.")
    return given


def _frozen(around: Around, passed: Mapping[str, _Round]) -> tuple[Item, ...]:
    workspace = around.workspace
    return tuple(
        Item(inputs.input_specs(workspace, inputs.pinned(workspace, one.values)), one.bound) for one in passed.values()
    )


def _places(around: Around, node: Plain, made: Mapping[str, Plain]) -> dict[str, Collected]:
    """Where the outputs of the rounds come together."""
    given = dict(node.get("outputs") or {})
    return {
        name: Collected(type_of(wanted), _place(around, name, collected(type_of(wanted)), given.get(name)))
        for name, wanted in made.items()
    }


def _place(around: Around, name: str, kind: str, given: object) -> OutputSpec:
    """On this machine, even where the default datastore is elsewhere. ValidationException where it cannot be."""
    settings = output_of(around, {"type": kind}, given)
    if settings.get("name"):
        raise UnsupportedFieldError(
            f"outputs.{name}.name: what a parallel_for puts together is not registered by itself here.",
            resolution="Give it to a step whose output has a name, or register it when the pipeline is done.",
        )
    place = _spec(around, name, settings)
    if place.is_remote:
        place = _spec(around, name, output_of(replace(around, datastore=_HERE), {"type": kind}, given))
    if place.is_remote:
        message = f"outputs.{name}: what a parallel_for puts together stays on this machine; found {place.path}."
        raise UnsupportedFieldError(message, resolution="Leave its path and its mode out.")
    return place


def _spec(around: Around, name: str, settings: Plain) -> OutputSpec:
    found = {name: Output.of(settings)}
    outputs.check_outputs(around.workspace, found)
    return outputs.output_specs(around.workspace, found, ANY_TRIAL)[name]

"""What can be said against a pipeline by itself: its steps, what they are given, how they hang together. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from typing import Any, Final, TypeAlias, cast

from jupyter_aml.constants import LITERAL_TYPES
from jupyter_aml.entities.bindings import Binding, binding
from jupyter_aml.entities.draft import Problems
from jupyter_aml.entities.flow_check import check_flow
from jupyter_aml.entities.input_output import literal_type
from jupyter_aml.entities.loop_items import collected, given_by, rounds
from jupyter_aml.entities.node_names import LEGAL
from jupyter_aml.entities.pipeline_ends import check_ends
from jupyter_aml.entities.pipeline_job import PipelineJob
from jupyter_aml.exceptions import did_you_mean

Plain: TypeAlias = Mapping[str, Any]  # Any: parts of a YAML, whose values are the user's
Found: TypeAlias = Iterator[tuple[str, str]]

_FLOW: Final = frozenset({"if_else", "do_while", "parallel_for"})
_ANY: Final = frozenset({"*"})
"""Inputs that nobody can name yet."""
_NUMBERS: Final = frozenset({"integer", "number"})
_NO_LISTS: Final = _NUMBERS | {"boolean"}
_NO_TABLES: Final = frozenset({"string", "uri_file"})
_REPEATED: Final = "step '{0}' runs once for each item of '{1}': read ${{{{parent.jobs.{1}.outputs.{2}}}}}."


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the steps of one pipeline may bind to, and what their components declare."""

    inputs: Mapping[str, str]
    """The types of the pipeline's inputs; '' where nobody said."""
    outputs: frozenset[str]
    jobs: Mapping[str, Plain]
    known: Mapping[str, Plain]
    missing: frozenset[str] = frozenset()
    """Inputs that the pipeline declares and was not given."""
    given_by_loops: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    repeated: Mapping[str, str] = field(default_factory=dict[str, str])
    """The bodies of parallel_for steps, by what repeats them."""

    def component(self, step: str) -> Plain | None:
        """What a step runs; None where only the workspace knows, or nobody."""
        job = self.jobs.get(step, {})
        if job.get("type") == "parallel_for":
            body = binding(job.get("body"))
            return self.component(body.step) if body and body.step != step else None
        found = job.get("component") or job.get("trial")
        return self.known.get(found) if isinstance(found, str) else cast("Plain | None", found)


def check_pipeline(job: PipelineJob, known: Mapping[str, Plain] | None = None) -> Problems:
    """Every problem by its path, in Azure's words where it has some; nothing when there is none.

    `known` are components of the workspace by the text that names them; what they declare is not looked at otherwise.
    """
    spec = job.as_bound()
    if job.component:
        return (*_both(job), *check_ends(spec))
    known = known or {}
    around = _around(spec, known, frozenset(job.missing))
    found = dict(_unprovided(job, around))
    return (*found.items(), *dict(_steps(around, "")).items(), *check_ends(spec))


def _both(job: PipelineJob) -> Found:
    if job.jobs:
        yield "component", "a pipeline has either jobs or a component, not both."


def _around(pipeline: Plain, known: Mapping[str, Plain], missing: frozenset[str]) -> Surroundings:
    jobs = {name: part(node) for name, node in part(pipeline.get("jobs")).items()}
    inputs = {name: _type_of(given) for name, given in part(pipeline.get("inputs")).items()}
    return Surroundings(
        inputs, frozenset(part(pipeline.get("outputs"))), jobs, known, missing, _fed(jobs), _repeated(jobs)
    )


def _fed(jobs: Mapping[str, Plain]) -> dict[str, frozenset[str]]:
    """The inputs of the bodies of loops that the loops give them."""
    fed: dict[str, frozenset[str]] = {}
    for job in jobs.values():
        body = binding(job.get("body"))
        if not body or body.kind != "job":
            continue
        items: object = job.get("items")
        given = {name for ports in part(job.get("mapping")).values() for name in cast("list[str]", ports)}
        fed[body.step] = _ANY if binding(items) else given_by(items) | given
    return fed


def _repeated(jobs: Mapping[str, Plain]) -> dict[str, str]:
    loops = {name: binding(job.get("body")) for name, job in jobs.items() if job.get("type") == "parallel_for"}
    return {body.step: name for name, body in loops.items() if body}


def _unprovided(job: PipelineJob, around: Surroundings) -> Found:
    """Inputs of the pipeline that a step needs and nobody gave."""
    called = job.name or job.display_name
    name = f"{called!r} " if called else ""
    for missing in sorted(job.missing):
        if any(_needs(around, step, missing) for step in around.jobs):
            yield f"inputs.{missing}", f"Required input {missing!r} for pipeline {name}not provided."


def _needs(around: Surroundings, step: str, missing: str) -> bool:
    declared = part((around.component(step) or {}).get("inputs"))
    for port, given in part(around.jobs[step].get("inputs")).items():
        found = binding(given)
        if found and found.kind == "input" and found.name == missing and not part(declared.get(port)).get("optional"):
            return True
    return False


def _steps(around: Surroundings, path: str) -> Found:
    if not around.jobs:
        yield f"{path}jobs", "required, and empty: a pipeline has a step at least."
    taken: dict[str, str] = {}
    for name, job in around.jobs.items():
        here = f"{path}jobs.{name}"
        if not LEGAL.fullmatch(name):
            told = "Node name must start with a lower letter or underscore, and can only contain lower letters,"
            yield here, f"Invalid node name found: {name!r}. {told} numbers and underscore."
        if job.get("type") in _FLOW:
            yield from ((f"{here}.{below}", text) for below, text in check_flow(job, around))
            continue
        yield from ((f"{here}.{below}", text) for below, text in _step(name, job, around))
        yield from _twice(here, job, taken)
        if job.get("type") == "pipeline":
            yield from _within(job, around, here)
    yield from _cycle(around, path)


def _step(name: str, job: Plain, around: Surroundings) -> Found:
    component = around.component(name)
    what = "trial" if job.get("type") == "sweep" else "component"
    if not job.get("component") and not job.get("trial"):
        yield what, "required, and not given."
    inputs = part(job.get("inputs"))
    declared = part(component.get("inputs")) if component else None
    for port, given in inputs.items():
        if declared is not None and port not in declared and port not in part(job.get("search_space")):
            yield f"inputs.{port}", f"unknown. {did_you_mean(port, declared)}"
        elif found := binding(given):
            wanted = str(part((declared or {}).get(port)).get("type", ""))
            yield from ((f"inputs.{port}", text) for text in _bound(found, wanted, around))
    given_elsewhere = {*inputs, *part(job.get("search_space"))}
    for port, wanted in (declared or {}).items():
        may_lack = part(wanted).get("optional") or part(wanted).get("default") is not None
        if port not in given_elsewhere and not may_lack and not _is_fed(around, name, port):
            yield f"inputs.{port}", f"Required input {port!r} for component {name!r} not provided."
    yield from _outputs(name, job, component, around)


def _is_fed(around: Surroundings, step: str, port: str) -> bool:
    fed = around.given_by_loops.get(step, frozenset())
    return port in fed or fed is _ANY


def _bound(found: Binding, wanted: str, around: Surroundings) -> Iterator[str]:
    """What is wrong with a binding of an input."""
    match found.kind:
        case "input" if found.name in around.inputs:
            yield from mismatch(around.inputs[found.name], wanted, f"the pipeline's input '{found.name}'")
        case "input" if found.name not in around.missing:
            yield f"the pipeline has no input '{found.name}'. {did_you_mean(found.name, around.inputs)}"
        case "step" if found.step not in around.jobs:
            yield f"there is no step '{found.step}'. {did_you_mean(found.step, around.jobs)}"
        case "step":
            yield from _from_step(found, wanted, around)
        case "output" | "job":
            yield "an input is bound to the pipeline's inputs or to a step's outputs."
        case _:
            return


def _from_step(found: Binding, wanted: str, around: Surroundings) -> Iterator[str]:
    component = around.component(found.step)
    own = part(around.jobs[found.step].get("outputs"))
    if component is None:
        return
    made = part(component.get("outputs"))
    if found.name not in made and found.name not in own:
        yield f"step '{found.step}' has no output '{found.name}'. {did_you_mean(found.name, made)}"
        return
    if loop := around.repeated.get(found.step):
        yield _REPEATED.format(found.step, loop, found.name)
        return
    kind = str(part(own.get(found.name)).get("type") or part(made.get(found.name)).get("type") or "uri_folder")
    what = f"the output '{found.name}' of step '{found.step}'"
    if around.jobs[found.step].get("type") != "parallel_for":
        yield from mismatch(kind, wanted, what)
    elif wanted in _NO_LISTS or (wanted in _NO_TABLES and collected(kind) == "mltable"):
        yield f"an input of type {wanted} is given {what}, which is that of all rounds, of type {collected(kind)}."


def mismatch(given: str, wanted: str, what: str) -> Iterator[str]:
    """Data where a literal is wanted, or a literal of another type; a text may hold any."""
    if not given or wanted not in LITERAL_TYPES or given == wanted or {given, wanted} <= _NUMBERS:
        return
    if given not in LITERAL_TYPES or "string" not in {given, wanted}:
        yield f"an input of type {wanted} is given {what}, which is of type {given}."


def _outputs(name: str, job: Plain, component: Plain | None, around: Surroundings) -> Found:
    declared = part(component.get("outputs")) if component else None
    for port, given in part(job.get("outputs")).items():
        if declared is not None and port not in declared:
            yield f"outputs.{port}", f"unknown. {did_you_mean(port, declared)}"
        found = binding(given)
        if found and found.kind == "output" and (loop := around.repeated.get(name)):
            yield f"outputs.{port}", _REPEATED.format(name, loop, port)
        elif found and found.kind == "output" and found.name not in around.outputs:
            yield (
                f"outputs.{port}",
                f"the pipeline has no output '{found.name}'. {did_you_mean(found.name, around.outputs)}",
            )


def _twice(here: str, job: Plain, taken: dict[str, str]) -> Found:
    """A pipeline's output is that of one step."""
    for port, given in part(job.get("outputs")).items():
        found = binding(given)
        if found and found.kind == "output":
            if found.name in taken:
                yield f"{here}.outputs.{port}", f"the pipeline's output '{found.name}' is {taken[found.name]} already."
            taken.setdefault(found.name, f"{here}.outputs.{port}")


def _within(job: Plain, around: Surroundings, here: str) -> Found:
    """The steps of a pipeline that is a step."""
    settings = part(job.get("settings"))
    for end, word in (("on_init", "On_init"), ("on_finalize", "On_finalize")):
        if settings.get(end):
            yield f"{here}.settings.{end}", f"{word} is not supported for pipeline component."
    component = job.get("component")
    if isinstance(component, Mapping):
        inner = cast("Plain", component)
        yield from _steps(_around(inner, around.known, frozenset()), f"{here}.")


def _cycle(around: Surroundings, path: str) -> Found:
    """Steps that wait for each other."""
    graph = {name: _before(job) & set(around.jobs) for name, job in around.jobs.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        circle = cast("list[str]", error.args[1])
        yield f"{path}jobs.{circle[0]}", f"the steps wait for each other: {' → '.join(circle)}."


def _before(job: Plain) -> set[str]:
    if job.get("type") in _FLOW:
        values = [value for one in rounds(job.get("items")).values() for value in part(one).values()]
        found = [binding(given) for given in (*(job.get(name) for name in ("condition", "body", "items")), *values)]
    else:
        found = [binding(given) for given in part(job.get("inputs")).values()]
    return {one.step for one in found if one and one.step}


def _type_of(given: object) -> str:
    if isinstance(given, Mapping):
        return str(part(cast("object", given)).get("type") or "uri_folder")
    return literal_type(given) if isinstance(given, bool | int | float | str) else ""


def part(value: object) -> Plain:
    """A mapping as it is; nothing of anything else."""
    return cast("Plain", value) if isinstance(value, Mapping) else {}

"""What flows where in a pipeline: its edges, read from its YAML, and the order they give. Pure; nothing is run here."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from typing import Final, cast

from jupyter_aml.entities.bindings import binding
from jupyter_aml.entities.job_record import Spec

CHOICE: Final = "if_else"
LOOPS: Final = frozenset({"do_while", "parallel_for"})
CONTROL_FLOW: Final = LOOPS | {CHOICE}
"""The steps that have no job of their own."""
_BLOCKS: Final = ("true", "false")


@dataclass(frozen=True, slots=True)
class Edge:
    """From a step's output to another's input. No `source`: the pipeline's own input; no `target`: its own output.

    Where nothing is read but the order matters `is_data` is False; `output` then says why: `true`, `false`, `while`.
    """

    source: str
    target: str
    output: str = ""
    input: str = ""
    is_data: bool = True


def nodes_of(spec: Spec) -> dict[str, Spec]:
    """The steps of a pipeline by their keys, as its YAML has them."""
    return {str(name): _part(node) for name, node in _part(spec.get("jobs")).items()}


def edges_of(spec: Spec) -> tuple[Edge, ...]:
    """Every edge between steps that there are, each once."""
    nodes = nodes_of(spec)
    found = [edge for name, node in nodes.items() for edge in _of(name, node)]
    found += [edge for name, node in nodes.items() for edge in _behind(name, node, found)]
    known = [edge for edge in found if {edge.source, edge.target} <= {*nodes, ""}]
    return tuple(dict.fromkeys([*known, *_ends(_part(spec.get("settings")), nodes, known)]))


def _of(name: str, node: Spec) -> Iterator[Edge]:
    kind = node.get("type")
    for key, value in _part(node.get("inputs")).items():
        if bound := binding(value):
            yield Edge(bound.step, name, bound.name, str(key))
    for key, value in _part(node.get("outputs")).items():
        if (bound := binding(value)) and bound.kind == "output":
            yield Edge(name, "", str(key), bound.name)
    if kind == CHOICE:
        yield from _choice(name, node)
    elif kind in LOOPS:
        yield from _loop(name, node)


def _choice(name: str, node: Spec) -> Iterator[Edge]:
    if bound := binding(node.get("condition")):
        yield Edge(bound.step, name, bound.name, "condition")
    for word, steps in blocks_of(node).items():
        yield from (Edge(name, step, word, is_data=False) for step in steps)


def _loop(name: str, node: Spec) -> Iterator[Edge]:
    body = body_of(node)
    condition = node.get("condition")
    yield Edge(body, name, str(condition or ""), "while" if condition else "", is_data=bool(condition))
    if bound := binding(node.get("items")):
        yield Edge(bound.step, body, bound.name, "items")


def blocks_of(node: Spec) -> dict[str, tuple[str, ...]]:
    """The steps of an `if_else`: those for true, those for false."""
    return {word: tuple(_steps(node.get(f"{word}_block"))) for word in _BLOCKS}


def body_of(node: Spec) -> str:
    """The step that a loop repeats."""
    return next(iter(_steps(node.get("body"))), "")


def _steps(given: object) -> Iterator[str]:
    for one in cast("list[object]", given) if isinstance(given, list) else [given]:
        if one:
            bound = binding(one)
            yield bound.step if bound else str(one)


def _behind(name: str, node: Spec, edges: Iterable[Edge]) -> list[Edge]:
    """What reads the output of a loop's body waits for the loop."""
    if node.get("type") not in LOOPS:
        return []
    body = body_of(node)
    readers = [edge.target for edge in edges if edge.source == body and edge.target not in {"", name}]
    return [Edge(name, reader, is_data=False) for reader in readers]


def _ends(settings: Spec, nodes: Iterable[str], edges: Sequence[Edge]) -> Iterator[Edge]:
    """The first step stands before those that wait for nobody, the last one behind those nobody waits for."""
    first, last = (end_of(settings, name) for name in ("on_init", "on_finalize"))
    follow = {edge.target for edge in edges if edge.source}
    lead = {edge.source for edge in edges if edge.target}
    inner = [name for name in nodes if name not in {first, last}]
    if first in nodes:
        yield from (Edge(first, name, is_data=False) for name in inner if name not in follow)
    if last in nodes:
        yield from (Edge(name, last, is_data=False) for name in inner if name not in lead)


def end_of(settings: Spec, name: str) -> str:
    """The step that `on_init` or `on_finalize` names, or ''."""
    return next(_steps(settings.get(name)), "")


def in_order(names: Sequence[str], edges: Iterable[Edge]) -> list[str]:
    """The steps so that each stands behind what it waits for, else in their own order; those in a circle last."""
    place = {name: n for n, name in enumerate(names)}
    after = {name: set[str]() for name in names}
    before = {name: set[str]() for name in names}
    for edge in edges:
        if edge.source in place and edge.target in place and edge.source != edge.target:
            after[edge.source].add(edge.target)
            before[edge.target].add(edge.source)
    left = {name: len(some) for name, some in before.items()}
    ready = [place[name] for name in names if not left[name]]
    heapify(ready)
    found = dict[str, None]()
    while ready:
        name = names[heappop(ready)]
        found[name] = None
        for one in after[name]:
            left[one] -= 1
            if not left[one]:
                heappush(ready, place[one])
    return [*found, *(name for name in names if name not in found)]


def depths(ordered: Sequence[str], edges: Iterable[Edge]) -> dict[str, int]:
    """How many steps at least stand before each."""
    found = dict.fromkeys(ordered, 0)
    leads = dict[str, list[str]]()
    for edge in edges:
        if edge.source in found and edge.target in found:
            leads.setdefault(edge.source, []).append(edge.target)
    place = {name: n for n, name in enumerate(ordered)}
    for name in ordered:
        for one in leads.get(name, ()):
            if place[one] > place[name]:
                found[one] = max(found[one], found[name] + 1)
    return found


def _part(value: object) -> Spec:
    return cast("Spec", value) if isinstance(value, Mapping) else {}

"""A pipeline made ready to paint: its boxes and lines, and where they stand. Plain data in and out; no markup here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from jupyter_aml.entities.pipeline_details import PipelineDetails, Step
from jupyter_aml.entities.pipeline_graph import Edge
from jupyter_aml.entities.pipeline_states import DONE, State
from jupyter_aml.widgets.graph_layers import Link, layers_of
from jupyter_aml.widgets.graph_layout import GAP, Layout, laid_out
from jupyter_aml.widgets.graph_words import TYPES

HEIGHT: Final = 44
"""Of a step's box, in pixels; what belongs to the pipeline itself is lower."""
PORT_HEIGHT: Final = 26
BETWEEN: Final = 38
MARGIN: Final = 8
Key: TypeAlias = tuple[Literal["in", "step", "out"], str]
LETTER: Final = 7.3
"""How wide a letter of a step's name is, about."""
_WIDEST: Final = 178
NARROW: Final = 112
"""Narrower boxes have smaller letters."""
_LEAST: Final = 92
_NOTEBOOK: Final = 640
_PAGE: Final = 1034


@dataclass(frozen=True, slots=True)
class Box:
    """What stands in the graph: a step by its number, or an input or output of the pipeline (`port`)."""

    x: int
    y: int
    width: int
    height: int
    step: int | None = None
    port: str = ""

    @property
    def middle(self) -> int:
        """How far its middle is from the left."""
        return self.x + self.width // 2


@dataclass(frozen=True, slots=True)
class Line:
    """An edge: the boxes that it joins, and the bends between them as places from the left and layers."""

    source: int
    target: int
    bends: tuple[tuple[int, int], ...]
    edges: tuple[Edge, ...]
    is_done: bool

    @property
    def is_data(self) -> bool:
        """Whether anything flows along it, or only the order matters."""
        return any(edge.is_data for edge in self.edges)


@dataclass(frozen=True, slots=True)
class Graph:
    """Boxes and lines in their places, in pixels. `wide`: a step's box."""

    details: PipelineDetails
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    width: int
    height: int
    wide: int


def graph(details: PipelineDetails) -> Graph:
    """The pipeline in its places: its inputs above its steps, its outputs below."""
    numbers = _numbered(details)
    joined = _joined(details.edges, numbers)
    wide = _wide(details, layers_of(len(numbers), joined))
    widths = tuple(wide if kind == "step" else min(wide, 30 + 7 * len(name)) for kind, name in numbers)
    layout = laid_out(widths, tuple(joined))
    steps = {step.name: n for n, step in enumerate(details.steps)}
    states = {("step", step.name): step.state for step in details.steps}
    done = {number for key, number in numbers.items() if states.get(key, State.COMPLETED) in DONE}
    return Graph(
        details,
        tuple(_box(layout, number, widths[number], key, steps) for key, number in numbers.items()),
        tuple(_line(layout, link, edges, done) for link, edges in joined.items() if link in layout.routes),
        layout.width + 2 * MARGIN,
        layout.layers * (HEIGHT + BETWEEN) - BETWEEN + 2 * MARGIN,
        wide,
    )


def _numbered(details: PipelineDetails) -> dict[Key, int]:
    """The boxes: data that the pipeline is given, its steps, what it makes; a line leads to a higher number."""
    keys: list[Key] = [("in", port.name) for port in details.inputs if port.is_data and _is_read(details, port.name)]
    keys.extend(("step", step.name) for step in details.steps)
    keys.extend(("out", edge.input) for edge in details.edges if not edge.target)
    return {key: number for number, key in enumerate(dict.fromkeys(keys))}


def _is_read(details: PipelineDetails, name: str) -> bool:
    return any(not edge.source and edge.output == name for edge in details.edges)


def _joined(edges: Iterable[Edge], numbers: Mapping[Key, int]) -> dict[Link, tuple[Edge, ...]]:
    """The edges between the same two boxes are one line."""
    found = dict[Link, tuple[Edge, ...]]()
    for edge in edges:
        source = numbers.get(("step", edge.source) if edge.source else ("in", edge.output))
        target = numbers.get(("step", edge.target) if edge.target else ("out", edge.input))
        if source is not None and target is not None:
            found[source, target] = (*found.get((source, target), ()), edge)
    return found


def _wide(details: PipelineDetails, layers: Sequence[int]) -> int:
    """The width of a step's box: as its name needs, less where many stand side by side."""
    most = max((layers.count(layer) for layer in set(layers)), default=1)
    needed = max([NARROW, *map(_needed, details.steps)])
    room, least = (_NOTEBOOK, NARROW) if most * (NARROW + GAP) <= _NOTEBOOK + GAP else (_PAGE, _LEAST)
    return min(needed, _WIDEST, max(least, (room + GAP) // most - GAP))


def _needed(step: Step) -> int:
    """For its name, and for what is said below it: whatever that will be, so that boxes keep their places."""
    said = TYPES.get(step.type, "") if step.type in {"sweep", "parallel"} else ""
    return round(max(34 + LETTER * len(step.name), 48 + 6 * len(f"{said} · not started") if said else 0))


def _box(layout: Layout, number: int, width: int, key: Key, steps: Mapping[str, int]) -> Box:
    kind, name = key
    x = layout.x[number] - width // 2 + MARGIN
    y = MARGIN + layout.layer[number] * (HEIGHT + BETWEEN)
    if kind == "step":
        return Box(x, y, width, HEIGHT, steps[name])
    return Box(x, y + (HEIGHT - PORT_HEIGHT if kind == "in" else 0), width, PORT_HEIGHT, port=name)


def _line(layout: Layout, link: Link, edges: tuple[Edge, ...], done: set[int]) -> Line:
    bends = tuple((layout.x[one] + MARGIN, layout.layer[one]) for one in layout.routes[link])
    return Line(*link, bends, edges, link[0] in done)

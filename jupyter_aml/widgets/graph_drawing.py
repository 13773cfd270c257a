"""The graph of a pipeline: lines as inline SVG, boxes as links to the rows of its table. Markup only.

Assistive technology meets one picture that is told in words; the boxes are there for the eye and the pointer, as what
they link to stands in the table below.
"""

from collections.abc import Container, Iterable
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from jupyter_aml.entities.pipeline_details import Step
from jupyter_aml.entities.pipeline_graph import CONTROL_FLOW
from jupyter_aml.entities.pipeline_states import State
from jupyter_aml.widgets.detail import Detail
from jupyter_aml.widgets.graph import BETWEEN, HEIGHT, LETTER, MARGIN, NARROW, Graph, Line
from jupyter_aml.widgets.graph_words import SIGNS, cut, described, short, told
from jupyter_aml.widgets.markup import EMPTY, Markup, esc, glue

Point: TypeAlias = tuple[int, int]
Title: TypeAlias = Literal["all", "rest", "none"]
_PULL: Final = 20
"""How far a line leaves its box straight down before it bends aside."""
_EDGES: Final = 16
_NAME: Final = 80


@dataclass(frozen=True, slots=True)
class Eye:
    """Who looks at the graph: in which view, when, how finely; `rows`: the steps whose rows are there to lead to."""

    view: str
    now: float
    detail: Detail
    rows: Container[int]


def drawing(shown: Graph, eye: Eye) -> Markup:
    """The whole graph in a box that scrolls."""
    boxes = glue(_box(shown, number, eye) for number in range(len(shown.boxes)))
    kind = "gw" if shown.wide >= NARROW else "'gw gx'"
    size = f"width={shown.width} height={shown.height} viewBox='0 0 {shown.width} {shown.height}'"
    return Markup(
        "<div class=gb tabindex=0 role=group aria-label=Graph>"
        f"<div class={kind} style=--w:{shown.width}px;--bw:{shown.wide}px>"
        f"<svg {size} role=img aria-label='{_told(shown, eye.detail)}'>{_lines(shown)}</svg>"
        f"<div aria-hidden=true>{boxes}</div></div></div>"
    )


def _told(shown: Graph, detail: Detail) -> Markup:
    said = f"Graph of {len(shown.details.steps):,} steps. {told(shown.details, 1500 if detail.hints else 500)}"
    return esc(said, 4_000)


# ── lines ──


def _lines(shown: Graph) -> Markup:
    """One path for all lines of a kind; where lines of one box run together they are drawn once."""
    kinds: dict[str, dict[str, None]] = {"eo": {}, "ew": {}, "ed": {}}
    heads: dict[str, dict[str, None]] = {"aw": {}, "ad": {}}
    for line in sorted(shown.lines, key=lambda one: one.is_done):
        kind = ("ed" if line.is_done else "ew") if line.is_data else "eo"
        kinds[kind] |= dict.fromkeys(_pieces(shown, line))
        target = shown.boxes[line.target]
        heads["ad" if line.is_done else "aw"][f"M{target.middle - 4} {target.y - 7}h8l-4 6z"] = None
    parts = [_path(kind, pieces) for kind, pieces in {**kinds, **heads}.items()]
    return glue([*parts, *_labels(shown)])


def _path(kind: str, pieces: Iterable[str]) -> Markup:
    path = "".join(pieces)
    return Markup(f"<path class={kind} d='{path}'/>") if path else EMPTY


def _pieces(shown: Graph, line: Line) -> list[str]:
    """From box to box, straight through the layers that it passes."""
    source, target = shown.boxes[line.source], shown.boxes[line.target]
    at, pieces = (source.middle, source.y + source.height), list[str]()
    for x, layer in line.bends:
        top = MARGIN + layer * (HEIGHT + BETWEEN)
        pieces.append(f"{_curve(at, (x, top))}v{HEIGHT}")
        at = x, top + HEIGHT
    return [*pieces, _curve(at, (target.middle, target.y - 6))]


def _curve(start: Point, end: Point) -> str:
    (x, y), across, down = start, end[0] - start[0], end[1] - start[1]
    if abs(across) <= 1:
        return f"M{x} {y}v{down}"
    return f"M{x} {y}c0 {_PULL} {across} {down - _PULL} {across} {down}"


def _labels(shown: Graph) -> list[Markup]:
    """Which way of a decision a line is."""
    return [
        Markup(f"<text x={box.middle + 7} y={box.y - 8}>{esc(edge.output, 12)}</text>")
        for line in shown.lines
        for edge in line.edges
        for box in [shown.boxes[line.target]]
        if not edge.is_data and edge.output
    ]


# ── boxes ──


def _titled(number: int, detail: Detail) -> Title:
    """What a box says to a pointer: all of its step, what does not stand in it, nothing."""
    return "all" if number < detail.hints else ("rest" if detail.titles else "none")


def _box(shown: Graph, number: int, eye: Eye) -> Markup:
    box = shown.boxes[number]
    place = f"--x:{box.x};--y:{box.y}"
    if box.step is None:
        return Markup(f"<span class=gp style={place};--bw:{box.width}px>{esc(box.port, _NAME)}</span>")
    step = shown.details.steps[box.step]
    name = cut(step.name, int((box.width - _EDGES) / LETTER))
    link = f" href=#{eye.view}-s{box.step} tabindex=-1" if box.step in eye.rows else ""
    title = _title(step, name, eye.now, _titled(number, eye.detail))
    word = esc(short(shown.details, step, eye.now), 60)
    return Markup(f"<a{link} class={_kind(step)} style={place}{title}>{esc(name, _NAME)}<small>{word}</small></a>")


def _title(step: Step, name: str, now: float, titled: Title) -> Markup:
    if titled == "all":
        return Markup(f" title='{esc(described(step, now), 300)}'")
    if titled == "none" or not (step.reused or name != step.name):
        return EMPTY
    return Markup(f" title='{esc(step.name, 150)}{esc(step.reused and f', from {step.reused}', 150)}'")


def _kind(step: Step) -> str:
    kinds = [SIGNS[step.state][0], *_shape(step.type), *(["live"] if step.state is State.RUNNING else [])]
    return kinds[0] if len(kinds) == 1 else f"'{' '.join(kinds)}'"


def _shape(kind: str) -> list[str]:
    if kind in CONTROL_FLOW:
        return ["gf"]
    return {"sweep": ["gs"], "parallel": ["gs"], "pipeline": ["gg"]}.get(kind, [])

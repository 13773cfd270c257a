"""The Graph tab of a pipeline: how far it is, its graph, the same as a table, the pipelines within it. Markup only."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from jupyter_aml.entities.pipeline_details import PipelineDetails, Step
from jupyter_aml.entities.pipeline_states import DONE, State
from jupyter_aml.entities.run_details import RunTabs
from jupyter_aml.widgets.detail import Detail, Look
from jupyter_aml.widgets.graph import Graph, graph
from jupyter_aml.widgets.graph_drawing import Eye, drawing
from jupyter_aml.widgets.graph_table import rows_of, steps_table
from jupyter_aml.widgets.graph_words import SIGNS, progress
from jupyter_aml.widgets.markup import EMPTY, Markup, esc, glue
from jupyter_aml.widgets.parts import block, code, none, pairs

_MOST: Final = 400
"""Steps beyond which no places are sought: such a graph cannot be read."""


@dataclass(frozen=True, slots=True)
class Steps:
    """A pipeline made ready to paint, however finely: what takes its time is done once."""

    details: PipelineDetails
    ran: float | None
    drawn: Graph | None
    inner: dict[int, "Steps"]
    now: float


def steps_of(tabs: RunTabs, look: Look) -> Steps | None:
    """The pipeline, looked at once; None for another run."""
    return None if tabs.pipeline is None else _ready(tabs.pipeline, tabs.times.ran(look.now), look.now)


def _ready(details: PipelineDetails, ran: float | None, now: float) -> Steps:
    inner = {
        n: _ready(step.inner, step.ran(now), now) for n, step in enumerate(details.steps) if step.inner is not None
    }
    drawn = graph(details) if len(details.steps) <= _MOST else None
    return Steps(details, ran, drawn, inner, now)


def graph_panel(shown: Steps, detail: Detail, look: Look, job: str) -> Markup:
    """Everything of the pipeline."""
    if not shown.details.steps:
        return none("This pipeline has no steps.")
    settings = pairs((key.capitalize(), esc(value, 200)) for key, value in shown.details.settings.items())
    return glue(
        [
            _progress(shown),
            *_parts(shown, detail, look.view),
            *_within(shown, detail, look.view, detail.levels),
            _own(shown.details, job),
            block("Settings", settings),
        ]
    )


def _parts(shown: Steps, detail: Detail, view: str) -> Iterator[Markup]:
    """The graph and the table."""
    rows = rows_of(shown.details, detail.steps)
    if shown.drawn and len(shown.details.steps) <= detail.boxes:
        yield drawing(shown.drawn, Eye(view, shown.now, detail, set(rows)))
    else:
        yield none(f"The graph of {len(shown.details.steps):,} steps is not drawn here; the table lists them.")
    yield block("Steps", steps_table(shown.details, rows, view, shown.now, compact=detail.compact))


def _within(shown: Steps, detail: Detail, view: str, levels: int) -> Iterator[Markup]:
    """The pipelines within, each as one of its own."""
    for n, inner in shown.inner.items():
        step = shown.details.steps[n]
        place = f"{view}-i{n}"
        parts = [*_parts(inner, detail, place), *_within(inner, detail, place, levels - 1)] if levels > 0 else []
        title = f"<h5 class=tocSkip>Within {esc(step.name, 80)} <small>{esc(_far(inner, step), 200)}</small></h5>"
        yield Markup(f"<div class='bk gi' id={place}>{title}{glue(parts)}</div>")


def _far(inner: Steps, step: Step) -> str:
    said = progress(inner.details, inner.ran)
    return f"{said}. RunDetails('{step.job}').show() shows it" if step.job else said


def _progress(shown: Steps) -> Markup:
    """A bar of all steps by how they stand, and the same in words."""
    details = shown.details
    counts = details.counts()
    most = max(1, details.total)
    parts = "".join(
        f"<i class={SIGNS[state][0]} style=--w:{100 * count / most:.4g}%></i>"
        for state, count in counts.items()
        if state in DONE or state in {State.FAILED, State.CANCELED, State.RUNNING, State.QUEUED}
    )
    return Markup(
        f"<p class=su>{esc(progress(details, shown.ran), 300)}</p><div class=pg aria-hidden=true>{parts}</div>"
    )


def _own(details: PipelineDetails, job: str) -> Markup:
    """How a step is looked at by itself."""
    step = next((one for one in details.steps if one.job), None)
    if step is None:
        return EMPTY
    show = code(f"RunDetails('{step.job}').show()", 300)
    return Markup(f"<p class=mu>Step <i>s</i> is the job <code>{esc(job, 200)}_<i>s</i></code>; {show} shows one.</p>")

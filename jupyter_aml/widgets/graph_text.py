"""A pipeline as plain text: how far it is, its steps with their marks, each as deep as it stands. Pure."""

from typing import Final

from jupyter_aml.entities.pipeline_details import PipelineDetails, Step
from jupyter_aml.entities.pipeline_graph import depths
from jupyter_aml.entities.pipeline_states import State
from jupyter_aml.widgets.graph_table import rows_of
from jupyter_aml.widgets.graph_words import SIGNS, progress, short
from jupyter_aml.widgets.markup import clean

LINES: Final = 30
_DEEPEST: Final = 8
_NAME: Final = 32


def graph_text(details: PipelineDetails, ran: float | None, now: float) -> str:
    """The steps in their order; of many those that failed or run, and the first of the others."""
    most = LINES - 2
    lines = _lines(details, now, most)
    return "\n".join([progress(details, ran), *lines[:most], *_more(details, lines, most)])


def _more(details: PipelineDetails, lines: list[str], most: int) -> list[str]:
    left = max(len(details.steps), len(lines)) - min(len(lines), most)
    return [f"  … and {left:,} more"] if left > 0 and len(details.steps) > most else []


def _lines(details: PipelineDetails, now: float, most: int, above: int = 0) -> list[str]:
    deep = depths([step.name for step in details.steps], details.edges)
    rows = [details.steps[n] for n in rows_of(details, most)]
    indents = [min(deep[step.name], _DEEPEST) + above for step in rows]
    wide = max((2 * deep + len(_name(step)) for deep, step in zip(indents, rows, strict=True)), default=0)
    found = list[str]()
    for step, indent in zip(rows, indents, strict=True):
        name = f"{'  ' * indent}{SIGNS[step.state][1]} {_name(step)}"
        found.append(f"  {name:<{wide + 2}}  {_said(details, step, now)}".rstrip())
        if step.inner is not None and len(details.steps) + len(step.inner.steps) <= most:
            found += _lines(step.inner, now, most, indent + 1)
    return found


def _name(step: Step) -> str:
    name = clean(step.name[: 2 * _NAME]).replace("\n", " ")
    return name if len(name) <= _NAME else f"{name[: _NAME - 1]}…"


def _said(details: PipelineDetails, step: Step, now: float) -> str:
    said = short(details, step, now)
    return f"{said} from {clean(step.reused[:80])}" if step.state is State.REUSED else said

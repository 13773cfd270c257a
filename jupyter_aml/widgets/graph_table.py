"""The steps of a pipeline as a table: how each stands, how long it took, its job, what it reads. Markup only."""

from collections.abc import Sequence
from typing import Final

from jupyter_aml.entities.pipeline_details import PipelineDetails, Step
from jupyter_aml.entities.pipeline_states import State
from jupyter_aml.widgets.figures import span
from jupyter_aml.widgets.graph_words import SIGNS, TYPES, reads
from jupyter_aml.widgets.markup import EMPTY, Markup, esc, glue
from jupyter_aml.widgets.parts import code

_FIRST: Final = (State.FAILED, State.RUNNING, State.CANCELED, State.QUEUED, State.COMPLETED, State.WAITING)
_NAME: Final = 80


def rows_of(details: PipelineDetails, most: int) -> list[int]:
    """At most `most` steps by their numbers, in their order: those first that failed or run."""
    if len(details.steps) <= most:
        return list(range(len(details.steps)))
    urgent = {state: n for n, state in enumerate(_FIRST)}
    numbers = range(len(details.steps))
    return sorted(sorted(numbers, key=lambda n: urgent.get(details.steps[n].state, len(_FIRST)))[:most])


def steps_table(details: PipelineDetails, rows: Sequence[int], view: str, now: float, *, compact: bool) -> Markup:
    """The rows, and in words how many others there are. `compact`: without what each step reads."""
    is_reused = any(details.steps[n].reused for n in rows)
    heads = ["Step", "Status", "Duration", "Job"]
    heads += (["Reused from"] if is_reused else []) + ([] if compact else ["Reads"])
    head = "".join(f"<th scope=col>{one}" for one in heads)
    body = glue(_row(details, n, view, now, is_reused=is_reused, compact=compact) for n in rows)
    more = len(details.steps) - len(rows)
    left = f"<p class=mu>{more:,} more of {len(details.steps):,} steps are not listed.</p>" if more else ""
    return Markup(
        f"<div class=sc tabindex=0 role=group aria-label=Steps><table class='gt n3'><thead><tr>{head}<tbody>{body}"
        f"</table></div>{left}"
    )


def _row(details: PipelineDetails, n: int, view: str, now: float, *, is_reused: bool, compact: bool) -> Markup:
    step = details.steps[n]
    ran = step.ran(now)
    cells = [_name(step, n, view), Markup("—") if ran is None else esc(span(ran)), code(step.job, 300) or Markup("—")]
    cells += [code(step.reused, 300)] if is_reused else []
    cells += [] if compact else [glue((esc(one, 160) for one in reads(details, step)), "<br>")]
    head, *rest = cells
    status = f"<td class={SIGNS[step.state][0]}>{step.state.capitalize()}"
    return Markup(f"<tr id={view}-s{n}><th scope=row>{head}{status}<td>{'<td>'.join(rest)}")


def _name(step: Step, n: int, view: str) -> Markup:
    """The step's key; below it what it is, and a way to the pipeline that it is."""
    said = [TYPES.get(step.type, ""), step.component, f"{step.rounds} rounds" if step.rounds > 1 else ""]
    more = [esc(one, _NAME) for one in said if one]
    if step.inner is not None:
        more.append(Markup(f"<a href=#{view}-i{n}>{step.inner.done} of {step.inner.total} steps</a>"))
    below = Markup(f"<br><small>{glue(more, ' · ')}</small>") if more else EMPTY
    return Markup(f"{esc(step.name, _NAME)}{below}")

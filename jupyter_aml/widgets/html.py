"""A run as static HTML: no script, nothing fetched, below 60 kB. Frame and body, so that a body is replaced alone.

The frame holds the tabs' radio buttons and the rules that show one tab; it is displayed once and never replaced. The
body holds captions and panels. As a page's styles reach across both (`body:has(#…:checked)`), the tab that somebody
chose, and the keyboard's focus, outlive every repaint. Where such rules can't work (no styles, an old browser, print)
all tabs show.
"""

from dataclasses import replace

from jupyter_aml.entities.pipeline_details import PipelineDetails
from jupyter_aml.entities.run_details import RunTabs, Tab, caption, in_order
from jupyter_aml.entities.status import JobStatus
from jupyter_aml.entities.sweep_details import SweepDetails
from jupyter_aml.widgets.chart import Plot, plot
from jupyter_aml.widgets.detail import (
    IMAGE_SHARE,
    LADDER,
    MOST_BYTES,
    PIPELINE_LADDER,
    SMALL_IMAGE_SHARE,
    SWEEP_LADDER,
    Detail,
    Look,
)
from jupyter_aml.widgets.figures import span
from jupyter_aml.widgets.graph_panel import steps_of
from jupyter_aml.widgets.log_progress import progress_html
from jupyter_aml.widgets.markup import EMPTY, Markup, esc, glue, saved_bytes
from jupyter_aml.widgets.panels import PAINTERS, Sheet, counted, place
from jupyter_aml.widgets.parts import badge, code
from jupyter_aml.widgets.pictures import inlined, room_for
from jupyter_aml.widgets.style import PIPELINE, STYLE, SWEEP
from jupyter_aml.widgets.trials_panel import made_ready
from jupyter_aml.widgets.trials_table import rules as order_rules
from jupyter_aml.widgets.trials_table import switches as order_switches


def page(tabs: RunTabs, look: Look) -> Markup:
    """Frame and body in one: a run that can be read anywhere."""
    first = Tab.METRICS if tabs.metrics and tabs.identity.status != JobStatus.FAILED else Tab.DETAILS
    return Markup(frame(look.view, first, tabs.sweep, tabs.pipeline) + body(tabs, look))


def frame(
    view: str,
    first: Tab = Tab.DETAILS,
    sweep: SweepDetails | None = None,
    pipeline: PipelineDetails | None = None,
) -> Markup:
    """The view's switches, out of sight but in reach of the keyboard, and what each of them shows.

    A sweep opens at its trials, and has switches for their order: its columns are known before its first trial is. A
    pipeline opens at its graph.
    """
    first = first if sweep is None and pipeline is None else Tab.CHILD_RUNS
    order = in_order(pipeline)
    tabs = [_radio(view, "tab", str(place(tab)), caption(tab, sweep, pipeline), chosen=tab is first) for tab in order]
    forms = [_radio(view, "form", "c", "Charts", chosen=True), _radio(view, "form", "t", "Table", chosen=False)]
    orders = EMPTY if sweep is None else order_switches(view, sweep)
    more = "" if sweep is None else f"@media screen{{{order_rules(view, sweep)}}}"
    return Markup(
        f"<style>{_rules(view)}{more}</style><div id={view}-f data-lm-suppress-shortcuts=true>"
        f"<div role=radiogroup aria-label='Tabs of the run'>{glue(tabs)}</div>"
        f"<div role=radiogroup aria-label='Form of the metrics'>{glue(forms)}</div>{orders}</div>"
    )


def _radio(view: str, group: str, key: str, label: str, *, chosen: bool) -> Markup:
    mark = " checked" if chosen else ""
    return Markup(f"<input type=radio name={view}-{group} id={view}-{key} aria-label='{label}'{mark}>")


def _rules(view: str) -> str:
    keys = [str(place(tab)) for tab in Tab]
    shown = "".join(f"body:has(#{view}-{key}:checked) #{view} .p:not(.p{key})," for key in keys)
    forms = f"body:has(#{view}-c:checked) #{view} .vt,body:has(#{view}-t:checked) #{view} .vc"
    every = [*keys, "c", "t"]
    chosen = ",".join(f"body:has(#{view}-{key}:checked) #{view} [for={view}-{key}]" for key in every)
    focused = ",".join(f"body:has(#{view}-{key}:focus-visible) #{view} [for={view}-{key}]" for key in every)
    return (
        f"#{view}-f{{position:absolute;width:1px;height:1px;overflow:hidden;opacity:0}}"
        f"@media screen{{{shown}{forms}{{display:none}}{chosen}{{--on:1;color:var(--fg);border-color:var(--run)}}"
        f"{focused}{{outline:2px solid var(--run)}}}}"
    )


def body(tabs: RunTabs, look: Look) -> Markup:
    """Header, captions and panels, as finely as fits beside the frame; pictures take what is left."""
    plots = tuple(plot(series) for series in tabs.metrics if series.points)
    room = MOST_BYTES - saved_bytes(frame(look.view, sweep=tabs.sweep, pipeline=tabs.pipeline))
    sheet, painted = _finest(tabs, look, plots, room)
    pictures = inlined(tabs.images, room - saved_bytes(painted), shrink=tabs.is_final)
    return _paint(replace(sheet, pictures=pictures)) if pictures else painted


def _finest(tabs: RunTabs, look: Look, plots: tuple[Plot, ...], room: int) -> tuple[Sheet, Markup]:
    """The first rung of the ladder that fits, with room for pictures but without them yet; else the last.

    Most runs fit on the first. Where one does not, the rung is sought by halves: each is lighter than the one above.
    """
    trials = None if tabs.sweep is None else made_ready(tabs.sweep, tabs.identity.status, look)
    steps = steps_of(tabs, look)
    ladder = SWEEP_LADDER if trials else (PIPELINE_LADDER if steps else LADDER)
    whole = Sheet(tabs, look, ladder[0], plots, {}, trials, steps)
    if _fits(whole, painted := _paint(whole), room):
        return whole, painted
    low, high, found = 1, len(ladder) - 1, dict[int, tuple[Sheet, Markup]]()
    while low < high:
        middle = (low + high) // 2
        sheet = replace(whole, detail=ladder[middle])
        found[middle] = sheet, _paint(sheet)
        low, high = (low, middle) if _fits(*found[middle], room) else (middle + 1, high)
    sheet = replace(whole, detail=ladder[low])
    return found.get(low) or (sheet, _paint(sheet))


def _fits(sheet: Sheet, painted: Markup, room: int) -> bool:
    share = SMALL_IMAGE_SHARE if sheet.detail.compact else IMAGE_SHARE
    return saved_bytes(painted) <= room - room_for(sheet.tabs.images, share, shrink=sheet.tabs.is_final)


def _paint(sheet: Sheet) -> Markup:
    view = sheet.look.view
    captions = glue((_caption(sheet, tab) for tab in in_order(sheet.tabs.pipeline)), " ")
    panels = glue(_panel(sheet, tab) for tab in in_order(sheet.tabs.pipeline))
    style = STYLE + (SWEEP if sheet.trials else "") + (PIPELINE if sheet.steps else "")
    return Markup(
        f"<style>{style}</style><article class=aml-run id={view} data-lm-suppress-shortcuts=true>{_header(sheet)}"
        f"<div class=tb>{captions}</div>{panels}</article>"
    )


def _caption(sheet: Sheet, tab: Tab) -> Markup:
    count = counted(sheet.tabs, tab)
    said = f" <small>{count:,}</small>" if count else ""
    return Markup(
        f"<label for={sheet.look.view}-{place(tab)}>{caption(tab, sheet.tabs.sweep, sheet.tabs.pipeline)}{said}</label>"
    )


def _panel(sheet: Sheet, tab: Tab) -> Markup:
    content, name = PAINTERS[tab](sheet), caption(tab, sheet.tabs.sweep, sheet.tabs.pipeline)
    return Markup(
        f"<section class='p p{place(tab)}' aria-label='{name}'><h4 class=tocSkip>{name}</h4>{content}</section>"
    )


def _header(sheet: Sheet) -> Markup:
    run = sheet.tabs.identity
    title = esc(run.display_name or run.name, 120)
    return Markup(
        f"<header><h3 class=tocSkip>{title}</h3>{badge(run.status)}<span class=du>{_spent(sheet)}</span>"
        f"<p class=mu>{esc(run.experiment, 120)} · {code(run.name, 120)}{_on(run.compute)}</p>"
        f"{progress_html(sheet.tabs.progress)}</header>"
        f"{_box('no', 'Note', sheet.look.notice, sheet.detail)}{_failure(sheet)}"
    )


def _on(compute: str) -> Markup:
    return Markup(f" · {esc(compute, 60)}") if compute else EMPTY


def _spent(sheet: Sheet) -> Markup:
    times, now = sheet.tabs.times, sheet.look.now
    if reused := sheet.tabs.identity.reused:
        return Markup(f"reused from {code(reused, 120)}")
    ran = times.ran(now)
    waited = f"waited {span(times.waited(now))}"
    return Markup(waited if ran is None else f"{waited} · ran <b>{span(ran)}</b>")


def _failure(sheet: Sheet) -> Markup:
    failed = sheet.tabs.identity.status == JobStatus.FAILED
    return _box("er", "The run failed" if failed else "The run ended early", sheet.tabs.error, sheet.detail)


def _box(kind: str, title: str, text: str, detail: Detail) -> Markup:
    if not text:
        return EMPTY
    shown = esc(text.strip(), detail.text, lines=True)
    return Markup(f"<div class='bx {kind}' role=note><b>{title}</b><pre tabindex=0>{shown}</pre></div>")

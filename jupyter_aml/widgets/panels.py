"""The tabs of a run, painted: a run's plain data in, one tab's markup out. Nothing is fetched here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from jupyter_aml.entities.run_details import NamedValue, RunImage, RunTabs, Tab
from jupyter_aml.widgets import ansi
from jupyter_aml.widgets.chart import Plot, sparkline
from jupyter_aml.widgets.detail import Detail, Look
from jupyter_aml.widgets.figures import number, size, span
from jupyter_aml.widgets.graph_panel import Steps, graph_panel
from jupyter_aml.widgets.markup import EMPTY, Markup, esc, glue
from jupyter_aml.widgets.metrics_panel import metrics
from jupyter_aml.widgets.parts import badge, block, code, file_name, none, pairs, some, table, time_of
from jupyter_aml.widgets.pictures import Drawing
from jupyter_aml.widgets.trials_panel import Trials, trials_panel

_TILES: Final = 8
_LATEST: Final = 8


@dataclass(frozen=True, slots=True)
class Sheet:
    """What every tab is painted from: the run, who looks, how finely, its metrics and pictures made ready."""

    tabs: RunTabs
    look: Look
    detail: Detail
    plots: tuple[Plot, ...]
    pictures: Mapping[str, Drawing]
    trials: Trials | None = None
    steps: Steps | None = None


def details(sheet: Sheet) -> Markup:
    """General properties at the left; what came out of it at the right."""
    left = [block("Properties", _properties(sheet)), block("Tags", _chips(sheet))]
    right = [_glance(sheet), _latest(sheet)]
    given = [
        block("Inputs", _values("Inputs", sheet.tabs.inputs, sheet.detail)),
        block("Parameters", _params(sheet)),
        block("Outputs", _values("Outputs", sheet.tabs.outputs, sheet.detail)),
    ]
    columns = [_columns([glue(left), glue(right)]), block("Command", _command(sheet)), _columns(given)]
    return glue(columns)


def _columns(parts: list[Markup]) -> Markup:
    filled = [Markup(f"<div>{part}</div>") for part in parts if part]
    return Markup(f"<div class=co>{glue(filled)}</div>") if filled else EMPTY


def _properties(sheet: Sheet) -> Markup:
    run, times, look = sheet.tabs.identity, sheet.tabs.times, sheet.look
    ran = times.ran(look.now)
    return pairs(
        [
            ("Status", badge(run.status)),
            ("Name", code(run.name, 300)),
            ("Experiment", esc(run.experiment, 300)),
            ("Type", esc(run.type, 100)),
            ("Compute", esc(run.compute, 300)),
            ("Environment", esc(run.environment, 300)),
            ("Workspace", esc(run.workspace, 300)),
            ("Parent", code(run.parent, 300)),
            ("Reused from", code(run.reused, 300)),
            ("Description", esc(run.description, sheet.detail.text)),
            ("Created", time_of(times.created, look)),
            ("Started", time_of(times.started, look)),
            ("Ended", time_of(times.ended, look)),
            ("Waited", esc(span(times.waited(look.now)))),
            ("Ran", EMPTY if ran is None else esc(span(ran))),
        ]
    )


def _chips(sheet: Sheet) -> Markup:
    shown, more = some(list(sheet.tabs.tags.items()), sheet.detail.items)
    chips = [Markup(f"<li><b>{esc(key, 100)}</b> {esc(value, 200)}") for key, value in shown]
    return Markup(f"<ul class=tg>{glue(chips)}</ul>{more}") if chips else EMPTY


def _glance(sheet: Sheet) -> Markup:
    """The first few metrics, each with its last value."""
    rows = [
        Markup(f"<li><span>{esc(one.key, 80)}</span>{sparkline(one)}<b>{number(one.last.value)}</b>")
        for one in sheet.plots[:_TILES]
    ]
    more = _more(sheet, Tab.METRICS, len(sheet.plots) - _TILES)
    return block("Metrics", Markup(f"<ul class=gl>{glue(rows)}</ul>{more}")) if rows else EMPTY


def _more(sheet: Sheet, tab: Tab, count: int) -> Markup:
    """A way to the whole tab."""
    return Markup(f"<label class=mo for={sheet.look.view}-{place(tab)}>{count:,} more</label>") if count > 0 else EMPTY


def place(tab: Tab) -> int:
    """A tab's number, from 1."""
    return list(Tab).index(tab) + 1


def _latest(sheet: Sheet) -> Markup:
    log = sheet.tabs.log
    if log is None or not log.text.strip():
        return EMPTY
    lines = ansi.painted(ansi.last_lines(log.text, _LATEST), sheet.detail.width)
    return block("Latest log lines", _terminal(lines, "Latest log lines"))


def _terminal(lines: Markup, label: str) -> Markup:
    """Log lines in a box that stands at its end."""
    return Markup(f"<div class=lg tabindex=0 role=region aria-label='{esc(label)}'><pre>{lines}</pre></div>")


def _command(sheet: Sheet) -> Markup:
    text = sheet.tabs.command
    return Markup(f"<pre class=cm tabindex=0>{esc(text, sheet.detail.text, lines=True)}</pre>") if text else EMPTY


def _values(caption: str, values: tuple[NamedValue, ...], detail: Detail) -> Markup:
    shown, more = some(values, detail.items)
    rows = [
        (esc(one.name, 200), esc(one.type, 60), Markup(code(one.value, detail.text) + _also(one)))
        for one in shown
    ]  # fmt: skip
    return Markup(table(caption, ("Name", "Type", "Value"), rows) + more) if rows else EMPTY


def _also(one: NamedValue) -> Markup:
    """The local path, where it says more than the value."""
    return Markup(f"<br><small>{code(one.path, 400)}</small>") if one.path and one.path != one.value else EMPTY


def _params(sheet: Sheet) -> Markup:
    shown, more = some(list(sheet.tabs.params.items()), sheet.detail.items)
    rows = [(esc(key, 200), code(value, 300)) for key, value in shown]
    return Markup(table("Parameters", ("Parameter", "Value"), rows) + more) if rows else EMPTY


def images(sheet: Sheet) -> Markup:
    """Each logged image; one that does not fit is named with its size and place."""
    shown, more = some(sheet.tabs.images, sheet.detail.items)
    if not shown:
        return none("No images. Log one with mlflow.log_figure, mlflow.log_image or run.log_image.")
    drawn = [_picture(image, sheet.pictures[image.name]) for image in shown if image.name in sheet.pictures]
    left = [image for image in shown if image.name not in sheet.pictures]
    return Markup(f"{_gallery(drawn)}{_not_drawn(left)}{more}")


def _gallery(drawn: list[Markup]) -> Markup:
    return Markup(f"<div class='gd im'>{glue(drawn)}</div>") if drawn else EMPTY


def _picture(image: RunImage, drawing: Drawing) -> Markup:
    name = esc(image.name, 200)
    lost = ", reduced" if drawing.is_lighter else ""
    said = f"<figcaption>{name} <small>{size(image.size)}{lost}</small></figcaption>"
    return Markup(f"<figure class=cd><img alt='{name}' src='{drawing.source}'>{said}</figure>")


def _not_drawn(left: list[RunImage]) -> Markup:
    if not left:
        return EMPTY
    rows = [(file_name(image.name), esc(size(image.size)), code(image.path, 400)) for image in left]
    listed = table("Images kept as files", ("Image", "Size", "Path"), rows, (2,))
    return block("Kept as files: a saved view holds 60 kB", listed)


def child_runs(sheet: Sheet) -> Markup:
    """The children, with the last value of the metrics most of them have; of a sweep or pipeline in their own way."""
    if sheet.trials is not None:
        return trials_panel(sheet.trials, sheet.detail)
    if sheet.steps is not None:
        return graph_panel(sheet.steps, sheet.detail, sheet.look, sheet.tabs.identity.name)
    shown, more = some(sheet.tabs.children, sheet.detail.items)
    if not shown:
        return none("No child runs. Sweeps, pipelines and nested mlflow runs have them.")
    keys = list(dict.fromkeys(key for child in shown for key in child.metrics))[:5]
    rows = [
        (
            Markup(f"{esc(child.display_name or child.name, 200)}"),
            badge(child.status),
            *(esc(number(child.metrics[key])) if key in child.metrics else Markup("—") for key in keys),
        )
        for child in shown
    ]
    heads = ("Run", "Status", *keys)
    return Markup(table("Child runs", heads, rows, range(3, len(heads) + 1)) + more)


def outputs_and_logs(sheet: Sheet) -> Markup:
    """The end of the log, then every file, then where they are."""
    parts = [_log(sheet), block("Files", _files(sheet)), block("Folders", _folders(sheet))]
    return glue(parts) or none("No outputs and no logs yet. What the job writes to ./outputs or ./logs appears here.")


def _log(sheet: Sheet) -> Markup:
    log = sheet.tabs.log
    if log is None:
        return EMPTY
    lines = ansi.last_lines(log.text, sheet.detail.lines)
    if not log.text.strip():
        return block(log.name, none("Nothing was printed."))
    whole = len(log.text.encode("utf-8", "replace")) >= log.size and len(lines) < sheet.detail.lines
    said = f"{size(log.size)}" if whole else f"last {len(lines)} lines of {size(log.size)}"
    shown = _terminal(ansi.painted(lines, sheet.detail.width), f"End of {log.name}")
    return Markup(f"<div class=bk><h5 class=tocSkip>{file_name(log.name)} <small>{said}</small></h5>{shown}</div>")


def _files(sheet: Sheet) -> Markup:
    shown, more = some(sheet.tabs.files, sheet.detail.items)
    rows = [(file_name(file.name), esc(size(file.size))) for file in shown]
    return Markup(table("Files", ("Name", "Size"), rows, (2,)) + more) if rows else EMPTY


def _folders(sheet: Sheet) -> Markup:
    return pairs((one.label, code(one.path, 600)) for one in sheet.tabs.folders[: sheet.detail.items])


def snapshot(sheet: Sheet) -> Markup:
    """The files of the code folder as it was frozen at the submit."""
    shown, more = some(sheet.tabs.snapshot, sheet.detail.items)
    if not shown:
        return none("No snapshot: the job was submitted without a code folder.")
    rows = [(file_name(file.name), esc(size(file.size)), code(file.hash[:12])) for file in shown]
    return Markup(table("Snapshot", ("File", "Size", "Content"), rows, (2,)) + more)


def explanations(sheet: Sheet) -> Markup:
    """What this tab will hold."""
    del sheet
    return none(
        "No explanations. This tab is for the features that drive the model, over all rows and for one: they come from "
        "explanations uploaded to the run (ExplanationClient.upload_model_explanation)."
    )


def fairness(sheet: Sheet) -> Markup:
    """What this tab will hold."""
    del sheet
    return none(
        "No fairness assessment. This tab is for metrics by group and the disparity between groups: they come from "
        "dashboards uploaded to the run (upload_dashboard_dictionary)."
    )


def metrics_tab(sheet: Sheet) -> Markup:
    """Charts and the same numbers as a table."""
    return metrics(sheet.plots, sheet.detail, sheet.look.view)


Painter: TypeAlias = Callable[[Sheet], Markup]

PAINTERS: Final[Mapping[Tab, Painter]] = {
    Tab.DETAILS: details,
    Tab.METRICS: metrics_tab,
    Tab.IMAGES: images,
    Tab.CHILD_RUNS: child_runs,
    Tab.OUTPUTS_AND_LOGS: outputs_and_logs,
    Tab.SNAPSHOT: snapshot,
    Tab.EXPLANATIONS: explanations,
    Tab.FAIRNESS: fairness,
}


def counted(tabs: RunTabs, tab: Tab) -> int:
    """How many things a tab holds, for its caption; 0 where a count says nothing."""
    match tab:
        case Tab.METRICS:
            return len(tabs.metrics)
        case Tab.IMAGES:
            return len(tabs.images)
        case Tab.CHILD_RUNS:
            return _children(tabs)
        case Tab.OUTPUTS_AND_LOGS:
            return len(tabs.files)
        case Tab.SNAPSHOT:
            return len(tabs.snapshot)
        case _:
            return 0


def _children(tabs: RunTabs) -> int:
    if tabs.pipeline is not None:
        return tabs.pipeline.total
    return len(tabs.children) if tabs.sweep is None else len(tabs.sweep.trials)

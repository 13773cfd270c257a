"""A run as plain text: what a terminal, a log or a mail shows where there is no HTML. Pure; at most about 3 kB."""

from collections.abc import Iterable
from typing import Final

from jupyter_aml.entities.run_details import RunTabs
from jupyter_aml.widgets import ansi
from jupyter_aml.widgets.chart import Plot, plot, thin_curve
from jupyter_aml.widgets.detail import Look
from jupyter_aml.widgets.figures import number, size, span
from jupyter_aml.widgets.graph_text import LINES, graph_text
from jupyter_aml.widgets.log_progress import progress_text
from jupyter_aml.widgets.markup import clean, cut
from jupyter_aml.widgets.trials_text import trials_text

BARS: Final = "▁▂▃▄▅▆▇█"
_METRICS: Final = 12
_LINES: Final = 10
_WIDTH: Final = 100


def text(tabs: RunTabs, look: Look) -> str:
    """Status, metrics with their course, what was written, and the end of the log."""
    parts = [
        _head(tabs, look),
        progress_text(tabs.progress),
        look.notice,
        tabs.error,
        _trials(tabs, look),
        _metrics(tabs),
        _written(tabs),
        _log(tabs),
    ]
    shown = [_short(part.strip("\n"), 12) for part in parts if part]
    shown[1:1] = _steps(tabs, look)
    return "\n\n".join(shown)


def _head(tabs: RunTabs, look: Look) -> str:
    run, ran = tabs.identity, tabs.times.ran(look.now)
    spent = f"waited {span(tabs.times.waited(look.now))}" + ("" if ran is None else f", ran {span(ran)}")
    spent = f"reused from {run.reused}" if run.reused else spent
    title = f"{run.display_name} ({run.name})" if run.display_name not in {"", run.name} else run.name
    return f"{title}\n{run.status} · {spent} · experiment {run.experiment} · compute {run.compute or '-'}"


def _trials(tabs: RunTabs, look: Look) -> str:
    return "" if tabs.sweep is None else trials_text(tabs.sweep, tabs.identity.status, look.now)


def _steps(tabs: RunTabs, look: Look) -> list[str]:
    """A pipeline's steps, directly below its head: they are what it is."""
    if tabs.pipeline is None:
        return []
    return [_short(graph_text(tabs.pipeline, tabs.times.ran(look.now), look.now), LINES)]


def _metrics(tabs: RunTabs) -> str:
    plots = [plot(series) for series in tabs.metrics[:_METRICS] if series.points]
    wide = min(32, max((len(one.key) for one in plots), default=0))
    more = len(tabs.metrics) - _METRICS
    lines = ["Metrics", *(_metric(one, wide) for one in plots), f"  … and {more} more" if more > 0 else ""]
    return "\n".join(filter(None, lines)) if plots else ""


def _metric(one: Plot, wide: int) -> str:
    name, last = cut(clean(one.key), 32), number(one.last.value)
    if not one.is_curve or not (one.lowest and one.highest):
        return f"  {name:<{wide}}  {last}"
    return f"  {name:<{wide}}  {last:<9}  {_bars(one)}  min {number(one.lowest.value)}, max {number(one.highest.value)}"


def _bars(one: Plot) -> str:
    """The curve in block characters."""
    values = [y for _, y in thin_curve(one.curve, 16).dots]
    low, high = min(values), max(values)
    top = len(BARS) - 1
    return "".join(BARS[round((value / 2 - low / 2) / ((high / 2 - low / 2) or 1) * top)] for value in values)


def _written(tabs: RunTabs) -> str:
    total = sum(file.size for file in tabs.files)
    counts = {"files": len(tabs.files), "images": len(tabs.images), "child runs": len(tabs.children)}
    said = ", ".join(f"{many} {what}" for what, many in counts.items() if many)
    return f"Written: {said} ({size(total)})" if said else ""


def _log(tabs: RunTabs) -> str:
    if tabs.log is None or not tabs.log.text.strip():
        return ""
    lines = ansi.last_lines(tabs.log.text, _LINES)
    return "\n".join([f"Last lines of {tabs.log.name}", *(f"  {ansi.plain(line)}" for line in lines)])


def _short(part: str, lines: int) -> str:
    """A part's last `lines` lines beside its first, each cut to the width of a terminal."""
    first, *rest = part.split("\n")
    return "\n".join(_narrow([first, *rest[-(lines + 1) :]]))


def _narrow(lines: Iterable[str]) -> list[str]:
    return [cut(clean(line), _WIDTH) for line in lines]

"""How far a run's log says that it is, in HTML and as text. Pure; what the log says is read elsewhere."""

from typing import Final

from jupyter_aml.entities.log_progress import LogProgress
from jupyter_aml.widgets.figures import number, span
from jupyter_aml.widgets.markup import EMPTY, Markup, clean, cut, esc

_LABEL: Final = 60
_BAR: Final = 20


def progress_html(told: LogProgress | None) -> Markup:
    """A line with a bar; nothing where the log says nothing."""
    if told is None:
        return EMPTY
    percent = f"{100 * told.fraction:.0f}"
    label = esc(told.label, _LABEL)
    return Markup(
        f"<p class=lp>{label} <span role=progressbar aria-label='{label or 'Progress'}' aria-valuemin=0"
        f" aria-valuemax=100 aria-valuenow={percent}><i style='width:{percent}%'></i></span> {esc(_figures(told))}</p>"
    )


def progress_text(told: LogProgress | None) -> str:
    """The same for a terminal."""
    if told is None:
        return ""
    filled = int(_BAR * told.fraction)
    label = cut(clean(told.label), _LABEL)
    return f"{label} {'█' * filled}{'░' * (_BAR - filled)} {_figures(told)}".strip()


def _figures(told: LogProgress) -> str:
    """`45 of 100, about 12 s left`."""
    left = "" if told.eta_seconds is None else f", about {span(told.eta_seconds)} left"
    return f"{number(told.done)} of {number(told.total)}{left}"

"""Small pieces that several tabs are made of: badge, list, table, empty. Plain data in, markup out."""

from collections.abc import Iterable, Sequence
from typing import Final, TypeVar

from jupyter_aml.entities.status import FINISHED, WAITING, JobStatus
from jupyter_aml.widgets.detail import Look
from jupyter_aml.widgets.figures import iso, moment
from jupyter_aml.widgets.markup import EMPTY, Markup, esc, glue

Row = TypeVar("Row")

_LOOKS: Final = {
    JobStatus.COMPLETED: ("ok", "✓"),
    JobStatus.FAILED: ("bad", "✕"),
    JobStatus.CANCELED: ("stop", "■"),
    JobStatus.CANCEL_REQUESTED: ("stop", "■"),
    JobStatus.NOT_RESPONDING: ("bad", "?"),
}


def badge(status: JobStatus) -> Markup:
    """A status told by word, sign and colour."""
    kind, sign = _LOOKS.get(status, ("wait", "○") if status in WAITING else ("run", "●"))
    if status not in FINISHED and kind == "run":
        kind = "run live"
    return Markup(f"<span class='bd {kind}'><i aria-hidden=true>{sign}</i>{esc(status)}</span>")


def time_of(seconds: float | None, look: Look) -> Markup:
    """A moment, also for machines; a dash before it has come."""
    if seconds is None:
        return Markup("—")
    return Markup(f"<time datetime={iso(seconds)}>{esc(moment(seconds, look.zone))}</time>")


def pairs(rows: Iterable[tuple[str, Markup]]) -> Markup:
    """A description list of the rows that have a value."""
    shown = [Markup(f"<dt>{esc(name, 200)}<dd>{value}") for name, value in rows if value]
    return Markup(f"<dl>{glue(shown)}</dl>") if shown else EMPTY


def table(caption: str, heads: Sequence[str], rows: Sequence[Sequence[Markup]], numbers: Iterable[int] = ()) -> Markup:
    """A table with a spoken caption; a row's first cell is its head; `numbers` are columns (from 1) set right."""
    head = "".join(f"<th scope=col>{esc(name, 200)}" for name in heads)
    body = "".join(f"<tr><th scope=row>{'<td>'.join(row)}" for row in rows)
    kind = " ".join(f"n{column}" for column in numbers)
    return Markup(
        f"<div class=sc tabindex=0 role=group aria-label='{esc(caption, 200)}'>"
        f"<table class='{kind}'><thead><tr>{head}<tbody>{body}</table></div>"
    )


def some(things: Sequence[Row], most: int) -> tuple[Sequence[Row], Markup]:
    """The first `most` things, and the sentence that counts the others."""
    more = len(things) - most
    return things[:most], Markup(f"<p class=mu>… and {more:,} more</p>") if more > 0 else EMPTY


def code(text: str, limit: int = 2_000) -> Markup:
    """Text to copy, in the code's font."""
    return Markup(f"<code>{esc(text, limit)}</code>") if text else EMPTY


def block(title: str, content: Markup) -> Markup:
    """A titled part of a tab; nothing when it is empty."""
    return Markup(f"<div class=bk><h5 class=tocSkip>{esc(title)}</h5>{content}</div>") if content else EMPTY


def none(what: str) -> Markup:
    """What an empty tab says."""
    return Markup(f"<p class=no>{esc(what)}</p>")


def file_name(name: str) -> Markup:
    """A path with its folder stepping back."""
    folder, slash, leaf = name.rpartition("/")
    return Markup(f"<span class=mu>{esc(folder + slash, 300)}</span>{esc(leaf, 300)}" if slash else esc(leaf, 300))

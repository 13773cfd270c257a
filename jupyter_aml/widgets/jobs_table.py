"""A list of jobs as a table that shows itself, in HTML and as text. Rows in, markup out; no job is looked up here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import Final

from jupyter_aml.entities.names import JobName
from jupyter_aml.entities.status import JobStatus
from jupyter_aml.widgets.figures import moment, span
from jupyter_aml.widgets.markup import Markup, clean, cut, esc
from jupyter_aml.widgets.parts import badge, code, some, table
from jupyter_aml.widgets.style import BASE

MOST_ROWS: Final = 100
_HEADS: Final = ("Name", "Display name", "Experiment", "Status", "Compute", "Created", "Duration", "Tags")
_NONE: Final = "No jobs."


@dataclass(frozen=True, slots=True)
class JobRow:
    """A job in a list: `created` in seconds since the epoch, `duration` in seconds or None before it started."""

    name: JobName
    display_name: str
    experiment: str
    status: JobStatus
    compute: str
    created: float
    duration: float | None = None
    tags: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class JobsTable:
    """Jobs as `%aml_jobs` shows them, newest first as they were given."""

    rows: Sequence[JobRow]
    zone: tzinfo | None = None

    def _repr_html_(self) -> str:
        shown, more = some(self.rows, MOST_ROWS)
        cells = [_cells(row, self.zone) for row in shown]
        content = Markup(table("Jobs", _HEADS, cells, (7,)) + more) if cells else esc(_NONE)
        return f"<style>{BASE}</style><div class='aml-run pl'>{content}</div>"

    def __str__(self) -> str:
        """Columns of text, as wide as what they hold."""
        if not self.rows:
            return _NONE
        lines = [_HEADS, *(_words(row, self.zone) for row in self.rows)]
        wide = [max(len(line[n]) for line in lines) for n in range(len(_HEADS))]
        return "\n".join("  ".join(f"{word:<{wide[n]}}" for n, word in enumerate(line)).rstrip() for line in lines)

    def __repr__(self) -> str:
        return str(self)


def _cells(row: JobRow, zone: tzinfo | None) -> tuple[Markup, ...]:
    return (
        code(row.name, 120),
        esc(row.display_name, 80),
        esc(row.experiment, 80),
        badge(row.status),
        esc(row.compute, 60),
        esc(moment(row.created, zone)),
        esc(_duration(row)),
        esc(_tags(row), 120),
    )


def _words(row: JobRow, zone: tzinfo | None) -> tuple[str, ...]:
    words = (row.name, row.display_name, row.experiment, row.status, row.compute)
    said = (*words, moment(row.created, zone), _duration(row), _tags(row))
    return tuple(cut(clean(word).replace("\n", " "), 40) for word in said)


def _duration(row: JobRow) -> str:
    return "" if row.duration is None else span(row.duration)


def _tags(row: JobRow) -> str:
    return " ".join(f"{key}={value}" if value else key for key, value in row.tags.items())

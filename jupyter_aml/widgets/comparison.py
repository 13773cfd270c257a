"""Runs side by side as static HTML: no script, below 60 kB. What they have in common shows when it is asked for.

The switch is a checkbox and a rule of style (`:not(:has(:checked))`); where such rules do not work all rows show.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from jupyter_aml.entities.run_comparison import ComparedRow, RunComparison, RunHead
from jupyter_aml.entities.run_diff import FileDiff, RunDiff
from jupyter_aml.widgets.detail import Look
from jupyter_aml.widgets.figures import moment, span
from jupyter_aml.widgets.markup import EMPTY, Markup, esc, glue, saved_bytes
from jupyter_aml.widgets.parts import badge, code
from jupyter_aml.widgets.style import COMPARE

SECTIONS: Final = (
    ("Parameters", "params"),
    ("Metrics", "metrics"),
    ("Tags", "tags"),
    ("Inputs", "inputs"),
    ("Environment", "environment"),
    ("Code", "code"),
)
"""What is set side by side, in the order of the live view."""
CHANGES: Final = {"added": "+", "removed": "−", "changed": "≠", "same": "="}
_MOST_BYTES: Final = 50_000
"""With the text and the notebook's own words 60 kB."""
_LINES: Final = {"+": "ad", "-": "rm", "@": "at", " ": ""}


@dataclass(frozen=True, slots=True)
class _Rung:
    """How much is shown: runs, rows of a section, characters of a value, lines of all code."""

    runs: int
    rows: int
    width: int
    lines: int


_LADDER: Final = (
    _Rung(100, 200, 300, 400),
    _Rung(100, 100, 160, 200),
    _Rung(60, 60, 100, 120),
    _Rung(40, 40, 80, 60),
    _Rung(24, 25, 60, 30),
    _Rung(12, 15, 48, 20),
    _Rung(8, 10, 40, 10),
    _Rung(6, 6, 30, 0),
    _Rung(3, 3, 20, 0),
)


def comparison_html(found: RunComparison, diffs: Sequence[RunDiff], look: Look, *, show_all: bool = False) -> Markup:
    """The runs in columns, as finely as fits; `diffs`: the code of others against that of the first."""
    painted = EMPTY
    for rung in _LADDER:
        painted = _paint(found, diffs, look, rung, is_all=show_all)
        if saved_bytes(painted) <= _MOST_BYTES:
            break
    return painted


def count(found: RunComparison) -> tuple[int, int]:
    """How many rows differ, of how many."""
    every = [row for _, rows in sections(found) for row in rows]
    return sum(row.differs for row in every), len(every)


def sections(found: RunComparison) -> Iterator[tuple[str, Sequence[ComparedRow]]]:
    """The rows, by what they are about."""
    for title, field in SECTIONS:
        rows: tuple[ComparedRow, ...] = getattr(found, field)
        yield title, rows


def _paint(found: RunComparison, diffs: Sequence[RunDiff], look: Look, rung: _Rung, *, is_all: bool) -> Markup:
    differ, every = count(found)
    runs = found.runs[: rung.runs]
    checked = " checked" if is_all else ""
    left_out = f" · the first {len(runs)} are shown" if len(runs) < len(found.runs) else ""
    heads = glue(Markup(f"<th scope=col>{_head(head, look)}") for head in runs)
    bodies = glue(_section(title, rows, len(runs), rung) for title, rows in sections(found))
    return Markup(
        f"<style>{COMPARE}</style><article class='aml-run cv' data-lm-suppress-shortcuts=true>"
        f"<div class=hd><h3 class=tocSkip>{len(found.runs)} runs side by side</h3>"
        f"<label><input type=checkbox class=al{checked}>Also what is the same</label>"
        f"<small>{differ:,} of {every:,} rows differ{left_out}</small></div>"
        f"<div class='sc cs' tabindex=0 role=group aria-label='Comparison'><table><thead><tr><td>{heads}"
        f"{bodies}</table></div>{_code(diffs, rung)}</article>"
    )


def _head(head: RunHead, look: Look) -> Markup:
    name = code(head.name, 120) if head.display_name not in {"", head.name} else EMPTY
    ran = None if head.started is None else span(max(0.0, (head.ended or look.now) - head.started))
    when = esc(" · ".join(filter(None, (moment(head.created, look.zone), ran))))
    return Markup(f"<b>{esc(head.display_name or head.name, 120)}</b>{name}{badge(head.status)}<small>{when}</small>")


def _section(title: str, rows: Sequence[ComparedRow], runs: int, rung: _Rung) -> Markup:
    if not rows:
        return EMPTY
    differ = [row for row in rows if row.differs]
    same = [row for row in rows if not row.differs]
    said = f"{len(differ):,} of {len(rows):,} differ" if differ else f"{len(rows):,}, the same in all"
    shown = glue(_row(row, runs, rung.width) for row in (*differ[: rung.rows], *same[: rung.rows // 2]))
    more = glue((_more("ne", len(differ) - rung.rows, runs), _more("eq", len(same) - rung.rows // 2, runs)))
    return Markup(
        f"<tbody><tr class=se><th scope=rowgroup colspan={runs + 1}>{title} <small>{said}</small>{shown}{more}"
    )


def _row(row: ComparedRow, runs: int, width: int) -> Markup:
    """A row; what is the same in all runs is said once."""
    key = esc(row.key, max(60, width))
    if not row.differs:
        return Markup(f"<tr class=eq><th scope=row>{key}<td colspan={runs}>{_value(row.values[0], width)}")
    values = glue(Markup(f"<td>{_value(value, width)}") for value in row.values[:runs])
    return Markup(f"<tr class=ne><th scope=row><i role=img aria-label=differs>≠</i>{key}{values}")


def _value(value: str, width: int) -> Markup:
    return code(value, width) or Markup("—")


def _more(kind: str, many: int, runs: int) -> Markup:
    return Markup(f"<tr class={kind}><td colspan={runs + 1}>… and {many:,} more") if many > 0 else EMPTY


def _code(diffs: Sequence[RunDiff], rung: _Rung) -> Markup:
    """Line by line, what others changed of the first one's code."""
    left, parts = rung.lines, list[Markup]()
    for diff in diffs:
        changed = [file for file in diff.files if file.change != "same"]
        if not changed or left <= 0:
            continue
        files = list[Markup]()
        for file in changed[:20]:
            files.append(_file(file, left, rung.width))
            left -= min(left, len(file.lines) + 2)
        more = Markup(f"<p class=mu>… and {len(changed) - 20:,} more files</p>") if len(changed) > 20 else EMPTY  # noqa: PLR2004 - as above
        is_open = " open" if len(diffs) == 1 else ""
        title = f"{code(diff.run, 120)} changes the code of {code(diff.against, 120)}"
        parts.append(Markup(f"<details class=cc{is_open}><summary>{title}</summary>{glue(files)}{more}</details>"))
    return glue(parts)


def _file(file: FileDiff, most: int, width: int) -> Markup:
    title = f"<h5 class=tocSkip>{CHANGES[file.change]} {esc(file.name, 200)}</h5>"
    if not file.is_text:
        return Markup(f"{title}<p class=mu>It is no text.</p>")
    lines = glue(
        Markup(f"<span class='{_LINES[sign]}'>{sign} {esc(line.rstrip(), width)}</span>")
        for sign, line in file.lines[:most]
    )
    is_cut = file.is_cut or len(file.lines) > most
    cut = Markup("<p class=mu>… the rest is left out</p>") if is_cut else EMPTY
    return Markup(f"{title}{f'<pre tabindex=0>{lines}</pre>' if lines else ''}{cut}")

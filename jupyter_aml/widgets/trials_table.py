"""Trials as a table that any column sorts, without script. Markup only; which rows there are is decided elsewhere.

Each column has two radio buttons, one a direction, that stand in the view's frame and so outlive repaints. Each row
carries its place in every column as a variable; the checked button says which of them is the row's `order`. Where such
rules can't work, the rows stand as they are written: the best first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from jupyter_aml.entities.sweep_details import Fate, JsonValue, SweepDetails, Trial
from jupyter_aml.widgets.figures import number, span
from jupyter_aml.widgets.markup import Markup, esc, glue
from jupyter_aml.widgets.trials import FATE_KINDS, MOST_PARAMS, Board, Sortable, ranks, shown, sortable, word

_FIRST: Final = ord("g")  # the rows' variables are --g, --h, …: clear of those that the style sheet has
_METRIC: Final = 2
_WHY: Final = "Why it was stopped"
_FATES: Final = {fate: Markup(fate.capitalize()) for fate in Fate}


@dataclass(frozen=True, slots=True)
class Column:
    """A column's cells and what they are sorted by, row by row; `is_down`: the first order is from high to low."""

    title: str
    cells: Sequence[Markup]
    keys: Sequence[Sortable]
    is_down: bool = False


def titles(sweep: SweepDetails) -> list[str]:
    """The captions of the columns; they are there before the first trial is."""
    params = [one.name for one in sweep.parameters[:MOST_PARAMS]]
    return ["Trial", "Status", sweep.metric, "Duration", *params, *([_WHY] if sweep.policy else [])]


def switches(view: str, sweep: SweepDetails) -> Markup:
    """The radio buttons, the best first checked: they belong into the frame, which is painted once."""
    buttons = glue(
        _radio(view, f"{way}{n}", f"{title}, {said}", chosen=(n, way) == (_METRIC, "k"))
        for n, title in enumerate(titles(sweep))
        for way, said in zip("kl", _directions(n), strict=True)
    )
    return Markup(f"<div role=radiogroup aria-label='Order of the trials'>{buttons}</div>")


def _directions(column: int) -> tuple[str, str]:
    return ("best first", "worst first") if column == _METRIC else ("ascending", "descending")


def _radio(view: str, key: str, label: str, *, chosen: bool) -> Markup:
    mark = " checked" if chosen else ""
    return Markup(f"<input type=radio name={view}-order id={view}-{key} aria-label='{esc(label, 120)}'{mark}>")


def rules(view: str, sweep: SweepDetails) -> str:
    """Which variable is the rows' order, and whether from its end; what that looks like is the style sheet's."""
    return "".join(_rule(view, n) for n in range(len(titles(sweep)))) + (
        f"body:has([id^={view}-l]:checked) #{view}{{--s:-1}}"
        f"body:has([name={view}-order]:focus-visible) #{view}{{--fo:2px}}"
    )


def _rule(view: str, n: int) -> str:
    chosen = f"body:has(:is(#{view}-k{n},#{view}-l{n}):checked) #{view} .tt"
    return f"{chosen}{{tr{{--v:var(--{_name(n)})}}th:nth-child({n + 1}){{--on:1}}}}"


def _name(column: int) -> str:
    return chr(_FIRST + column)


@dataclass(frozen=True, slots=True)
class Table:
    """The table made ready: its head, its columns' kinds, and the row of every trial that may be shown, by number."""

    board: Board
    head: Markup
    kinds: str
    width: int
    rows: Mapping[int, Markup]


def table_of(ready: Board, view: str, now: float, most: int) -> Table:
    """All that `most` rows need; fewer of them are among these."""
    rows, _, _ = shown(ready, most)
    columns = _columns(ready, rows, now)
    places = [ranks([_turned(key, column) for key in column.keys]) for column in columns]
    return Table(
        ready,
        glue(_head(view, n, column) for n, column in enumerate(columns)),
        " ".join(f"n{n + 1}" for n, column in enumerate(columns) if _is_numeric(column)),
        len(columns),
        {trial.number: _row(ready, trial, n, columns, places) for n, trial in enumerate(rows)},
    )


def trials_table(table: Table, most: int) -> Markup:
    """At most `most` trials, and in words which ones they are."""
    rows, best, newest = shown(table.board, most)
    body = glue(table.rows[trial.number] for trial in rows)
    return Markup(
        f"<div class=sc tabindex=0 role=group aria-label=Trials>"
        f"<table class='tt {table.kinds}' style=--cols:{table.width}><thead><tr>{table.head}<tbody>{body}</table></div>"
        f"{_left_out(table.board, best, newest)}"
    )


def _left_out(ready: Board, best: int, newest: int) -> Markup:
    every, parameters = len(ready.ordered), len(ready.sweep.parameters)
    said = f"The {best:,} best and the {newest:,} newest others of {every:,} trials. " if best + newest < every else ""
    more = parameters - MOST_PARAMS
    said += f"{more:,} more parameters are not shown. " if more > 0 else ""
    name = ready.ordered[0].name.rpartition("_")[0] if ready.ordered else ""
    return Markup(f"<p class=mu>{said}Trial <i>n</i> is the job <code>{esc(name, 200)}_<i>n</i></code>.</p>")


def _head(view: str, n: int, column: Column) -> Markup:
    """The caption; above it, while its column is the order, a label for the other direction."""
    turned = " class=dn" if column.is_down else ""
    return Markup(
        f"<th scope=col{turned}><label for={view}-k{n}>{esc(column.title, 60)}</label><label for={view}-l{n}></label>"
    )


def _columns(ready: Board, rows: list[Trial], now: float) -> list[Column]:
    ran = [trial.ran(now) for trial in rows]
    spans = [Markup("—") if seconds is None else esc(span(seconds)) for seconds in ran]
    title = titles(ready.sweep)
    return [
        Column(title[0], [_number(ready, trial) for trial in rows], [float(trial.number) for trial in rows]),
        Column(title[1], [_FATES[trial.fate] for trial in rows], [trial.fate for trial in rows]),
        Column(title[2], _values(rows), [sortable(one.value) for one in rows], ready.sweep.goal == "maximize"),
        Column(title[3], spans, ran),
        *(_parameter(ready, rows, one.name) for one in ready.columns),
        *([_why(rows)] if ready.sweep.policy else []),
    ]


def _turned(key: Sortable, column: Column) -> Sortable:
    return -key if column.is_down and isinstance(key, float) else key


def _number(ready: Board, trial: Trial) -> Markup:
    is_best = ready.best is not None and trial.number == ready.best.number
    return Markup(f"★ {trial.number} <small>best</small>" if is_best else f"{trial.number}")


def _why(rows: list[Trial]) -> Column:
    return Column(_WHY, [esc(trial.stopped, 80) for trial in rows], [trial.stopped or None for trial in rows])


def _values(rows: list[Trial]) -> list[Markup]:
    return [Markup("—") if one.value is None else Markup(number(one.value, 6)) for one in rows]


def _parameter(ready: Board, rows: list[Trial], name: str) -> Column:
    values = [ready.params[trial.number].get(name) for trial in rows]
    return Column(name, [_cell(value) for value in values], [sortable(value) for value in values])


def _cell(value: JsonValue) -> Markup:
    if value is None:
        return Markup("—")
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Markup(number(value))
    return esc(word(value), 60)


def _is_numeric(column: Column) -> bool:
    return not any(isinstance(key, str) for key in column.keys)


def _row(ready: Board, trial: Trial, n: int, columns: list[Column], places: list[list[int]]) -> Markup:
    known = [(column, place[n]) for column, place in enumerate(places) if place[n]]
    style = ";".join(f"--{_name(column)}:{place}" for column, place in known)
    cells = [column.cells[n] for column in columns]
    is_best = ready.best is not None and trial.number == ready.best.number
    mark = " class=bt" if is_best else ""
    head, status, value, *rest = cells
    bar = f" style=--w:{ready.shares.get(trial.number, 0)}%" if trial.value is not None else ""
    kind = FATE_KINDS[trial.fate]
    return Markup(
        f"<tr{mark} style={style}><th scope=row>{head}<td class={kind}>{status}<td{bar}>{value}<td>{'<td>'.join(rest)}"
    )

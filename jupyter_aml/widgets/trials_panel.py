"""The Trials tab of a sweep: how far it is, what is the best, charts, and the same again as a table. Markup only."""

from dataclasses import dataclass

from jupyter_aml.entities.status import FINISHED, JobStatus
from jupyter_aml.entities.sweep_details import Fate, SweepDetails
from jupyter_aml.widgets.best_chart import Stair, best_chart, stair
from jupyter_aml.widgets.detail import SWEEP_LADDER, Detail, Look
from jupyter_aml.widgets.figures import number, span
from jupyter_aml.widgets.markup import EMPTY, Markup, esc, glue
from jupyter_aml.widgets.parallel_chart import Parallels, parallel_chart
from jupyter_aml.widgets.parts import block, code, none, pairs
from jupyter_aml.widgets.trials import FATE_KINDS, MOST_PARAMS, Board, board, word
from jupyter_aml.widgets.trials_table import Table, table_of, trials_table


@dataclass(frozen=True, slots=True)
class Trials:
    """A sweep made ready to paint, however finely: what takes its time is done once."""

    board: Board
    head: Markup
    stair: Stair | None
    parallels: Parallels
    table: Table


def made_ready(sweep: SweepDetails, status: JobStatus, look: Look) -> Trials:
    """The sweep, looked at once."""
    ready = board(sweep)
    head = glue([_progress(sweep, status, look.now), _warnings(sweep), _heads(ready)])
    table = table_of(ready, look.view, look.now, SWEEP_LADDER[0].trials)
    return Trials(ready, head, stair(ready), Parallels(ready), table)


def trials_panel(trials: Trials, detail: Detail) -> Markup:
    """Everything of the sweep; before its first trial, what it will do."""
    ready = trials.board
    if not ready.ordered:
        return glue([trials.head, none("No trials yet. The first one appears here as soon as it is drawn.")])
    charts = [
        block(f"{ready.sweep.metric} of each trial", best_chart(ready, trials.stair, detail.dots, hints=detail.hints)),
        block("Parameter importance", _importance(ready.sweep)),
    ]
    return glue(
        [
            trials.head,
            _beside(charts),
            block("Parameters and metric", parallel_chart(trials.parallels, detail.trials)),
            block("All trials", trials_table(trials.table, detail.trials)),
        ]
    )


def _beside(parts: list[Markup]) -> Markup:
    filled = [Markup(f"<div>{part}</div>") for part in parts if part]
    return Markup(f"<div class=co>{glue(filled)}</div>") if filled else EMPTY


def _progress(sweep: SweepDetails, status: JobStatus, now: float) -> Markup:
    """A bar of all trials by what became of them, and the same in words."""
    counts, most = sweep.counts(), max(sweep.max_total_trials, len(sweep.trials), 1)
    parts = "".join(
        f"<i class={FATE_KINDS[fate]} style=--w:{100 * count / most:.4g}%></i>" for fate, count in counts.items()
    )
    return Markup(
        f"<p class=su>{esc(progress(sweep, status, now), 300)}</p><div class=pg aria-hidden=true>{parts}</div>"
    )


def progress(sweep: SweepDetails, status: JobStatus, now: float) -> str:
    """How far a sweep is: `12 of 40 trials are over: 10 completed, 2 stopped early. 4 running. About 3 min left.`."""
    counts = sweep.counts()
    going = [f"{counts[fate]:,} {fate}" for fate in (Fate.RUNNING, Fate.WAITING) if fate in counts]
    over = [f"{count:,} {fate}" for fate, count in counts.items() if fate not in {Fate.RUNNING, Fate.WAITING}]
    done = sum(count for fate, count in counts.items() if fate not in {Fate.RUNNING, Fate.WAITING})
    said = f"{done:,} of {sweep.max_total_trials:,} trials are over"
    said += f": {', '.join(over)}." if over else "."
    said += f" {', '.join(going)}." if going else ""
    left = None if status in FINISHED else sweep.left(now)
    return f"{said} About {span(max(1.0, left))} left." if left else said


def _warnings(sweep: SweepDetails) -> Markup:
    said = [Markup(f"<p>{esc(text, 400)}</p>") for text in dict.fromkeys(sweep.warnings)]
    return Markup(f"<div class='bx sn' role=note><b>Note</b>{glue(said[:5])}</div>") if said else EMPTY


def _heads(ready: Board) -> Markup:
    return _beside([_best(ready), block("Sweep", _rules(ready.sweep))])


def _best(ready: Board) -> Markup:
    """The best trial: its value, its number, its parameters to copy."""
    best = ready.best
    if best is None or best.value is None:
        return EMPTY
    params = list(ready.params[best.number].items())[: 2 * MOST_PARAMS]
    chips = [Markup(f"<li><b>{esc(name, 60)}</b> {_value(value)}") for name, value in params]
    return block(
        f"Best {ready.sweep.metric}",
        Markup(
            f"<p class=bv><b>{number(best.value, 6)}</b> <span>trial {best.number} · {code(best.name, 120)}</span></p>"
            f"<ul class=tg>{glue(chips)}</ul>"
        ),
    )


def _value(value: object) -> Markup:
    if isinstance(value, float):
        return Markup(number(value, 6))
    return esc(word(value), 80)  # pyright: ignore[reportArgumentType] - JSON, by its type


def _rules(sweep: SweepDetails) -> Markup:
    beside = sweep.max_concurrent_trials
    most = f"{sweep.max_total_trials:,} at most" + (f", {beside:,} at a time" if beside else "")
    return pairs(
        [
            ("Goal", esc(f"{sweep.goal} {sweep.metric}", 200)),
            ("Sampling", esc(sweep.algorithm, 200)),
            ("Early termination", esc(sweep.policy or "none", 200)),
            ("Trials", esc(most)),
        ]
    )


def _importance(sweep: SweepDetails) -> Markup:
    ordered = sorted(sweep.importance.items(), key=lambda one: -one[1])[:MOST_PARAMS]
    top = max((value for _, value in ordered), default=0.0) or 1.0
    bars = [
        Markup(f"<li><span>{esc(name, 60)}</span><i style=--w:{100 * max(value, 0) / top:.3g}%></i><b>{value:.2f}</b>")
        for name, value in ordered
    ]
    return Markup(f"<ul class=ip>{glue(bars)}</ul>") if bars else EMPTY

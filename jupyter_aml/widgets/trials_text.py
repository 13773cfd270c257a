"""A sweep as plain text: how far it is, its best trials as a small table. Pure; at most a dozen lines."""

from typing import Final

from jupyter_aml.entities.status import JobStatus
from jupyter_aml.entities.sweep_details import SweepDetails, Trial, flat
from jupyter_aml.widgets.figures import number
from jupyter_aml.widgets.markup import clean
from jupyter_aml.widgets.trials import word
from jupyter_aml.widgets.trials_panel import progress

_TRIALS: Final = 8
_PARAMS: Final = 6
_CELL: Final = 16


def trials_text(sweep: SweepDetails, status: JobStatus, now: float) -> str:
    """The best trials first; those without a value are only counted."""
    said = [progress(sweep, status, now), *_best(sweep), *map(_note, dict.fromkeys(sweep.warnings[:2]))]
    scored = [trial for trial in sweep.best_first() if trial.value is not None]
    return "\n".join([*said, *(_table(sweep, scored[:_TRIALS]) if scored else [])])


def _best(sweep: SweepDetails) -> list[str]:
    best = sweep.best_trial
    if best is None or best.value is None:
        return []
    return [f"  Best {_cell(sweep.metric)} ({sweep.goal}): {number(best.value, 6)} in {best.name}"]


def _note(text: str) -> str:
    return f"  Note: {text}".replace("\n", " ")


def _table(sweep: SweepDetails, trials: list[Trial]) -> list[str]:
    names = [one.name for one in sweep.parameters[:_PARAMS]]
    lines = [["Trial", sweep.metric, *names, "Status"], *(_words(trial, names) for trial in trials)]
    cells = [[_cell(word) for word in line] for line in lines]
    wide = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return ["  " + "  ".join(f"{said:<{wide[n]}}" for n, said in enumerate(line)).rstrip() for line in cells]


def _words(trial: Trial, names: list[str]) -> list[str]:
    params = flat(trial.params)
    values = [params.get(name) for name in names]
    shown = [number(one) if isinstance(one, float) else ("-" if one is None else word(one)) for one in values]
    return [str(trial.number), "-" if trial.value is None else number(trial.value, 6), *shown, trial.fate]


def _cell(said: str) -> str:
    """One word of the table; a long one loses its end."""
    short = clean(said[: 2 * _CELL]).replace("\n", " ")
    return short if len(short) <= _CELL else f"{short[: _CELL - 1]}…"

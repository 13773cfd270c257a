"""Runs side by side as plain text. Pure; at most about 6 kB."""

from collections.abc import Iterator, Sequence
from typing import Final

from jupyter_aml.entities.run_comparison import RunComparison
from jupyter_aml.entities.run_diff import RunDiff
from jupyter_aml.widgets.comparison import CHANGES, count, sections
from jupyter_aml.widgets.markup import clean

_RUNS: Final = 6
_ROWS: Final = 12
_LINES: Final = 30
_WIDTH: Final = 24
_KEY: Final = 28
_LONGEST: Final = 100


def comparison_text(found: RunComparison, diffs: Sequence[RunDiff], *, show_all: bool = False) -> str:
    """A column a run, a row a key; what is the same in all of them only if `show_all`."""
    differ, every = count(found)
    shown, runs = min(_RUNS, len(found.runs)), found.runs[:_RUNS]
    more = f"; the first {shown} are shown" if shown < len(found.runs) else ""
    table = [["", *(head.name for head in runs)], ["", *(head.display_name for head in runs)]]
    table.append(["", *(str(head.status) for head in runs)])
    if all(head.display_name in {"", head.name} for head in runs):
        del table[1]
    for title, rows in sections(found):
        wanted = [row for row in rows if row.differs or show_all]
        table += [[title]] if wanted else []
        table += [[f"  {row.key}", *(value or "-" for value in row.values[:shown])] for row in wanted[:_ROWS]]
        table += [[f"  … and {len(wanted) - _ROWS:,} more"]] if len(wanted) > _ROWS else []
    said = f"{len(found.runs)} runs side by side; {differ:,} of {every:,} rows differ{more}"
    return "\n".join([said, "", *_aligned(table), *_code(diffs)])


def _aligned(table: Sequence[Sequence[str]]) -> Iterator[str]:
    lines = [[_word(word, _KEY if place == 0 else _WIDTH) for place, word in enumerate(row)] for row in table]
    columns = max(map(len, lines))
    wide = [max((len(row[n]) for row in lines if n < len(row) > 1), default=0) for n in range(columns)]
    for row in lines:
        yield "  ".join(f"{word:<{wide[n]}}" for n, word in enumerate(row)).rstrip()


def _word(word: str, width: int) -> str:
    plain = clean(word[: width + 1]).replace("\n", " ")
    return plain if len(plain) <= width else f"{plain[: width - 1]}…"


def _code(diffs: Sequence[RunDiff]) -> Iterator[str]:
    left = _LINES
    for diff in diffs:
        for file in diff.files:
            if file.change == "same" or left <= 0:
                continue
            about = f"({_word(diff.run, _WIDTH)} against {_word(diff.against, _WIDTH)})"
            yield f"\n{CHANGES[file.change]} {_word(file.name, _LONGEST)}  {about}"
            yield from (_word(f"{sign} {line.rstrip()}", _LONGEST) for sign, line in file.lines[:left])
            if len(file.lines) > left or file.is_cut:
                yield "…"
            left -= len(file.lines) + 1

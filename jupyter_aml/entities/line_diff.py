"""Two texts, line by line: what one has and the other has not. Pure; hostile texts cost no more than a moment."""

from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import islice
from typing import Final, TypeAlias

from jupyter_aml.entities.run_diff import Sign

MOST_LINES: Final = 2_000
"""Lines of an answer."""
_MOST_PAIRS: Final = 4_000_000
"""Lines of one side times lines of the other, between equal ends: what is more is shown as a whole, uncompared."""
_LONGEST: Final = 1_000
_AROUND: Final = 3

Line: TypeAlias = tuple[Sign, str]
_Act: TypeAlias = tuple[str, int, int, int, int]


def line_diff(mine: str, theirs: str) -> tuple[tuple[Line, ...], bool]:
    """The lines that differ with three around them, and whether some were left out: '+' are mine, '-' are theirs."""
    new, old = mine.split("\n"), theirs.split("\n")
    found = list(islice(_lines(new, old), MOST_LINES + 1))
    return tuple(found[:MOST_LINES]), len(found) > MOST_LINES


def _lines(new: Sequence[str], old: Sequence[str]) -> Iterator[Line]:
    before, after = _same_ends(new, old)
    old_part, new_part = old[before : len(old) - after], new[before : len(new) - after]
    begin = max(0, before - _AROUND)
    if begin:
        yield "@", f"line {begin + 1}"
    yield from _shown(" ", new[begin:before])
    for group in _groups(old_part, new_part):
        if group[0][3] > 0:
            yield "@", f"line {before + group[0][3] + 1}"
        for tag, old_from, old_to, new_from, new_to in group:
            if tag == "equal":
                yield from _shown(" ", new[before + new_from : before + new_to])
                continue
            yield from _shown("-", old[before + old_from : before + old_to])
            yield from _shown("+", new[before + new_from : before + new_to])
    yield from _shown(" ", new[len(new) - after : len(new) - after + _AROUND])


def _groups(old: Sequence[str], new: Sequence[str]) -> Iterable[Sequence[_Act]]:
    if len(old) * len(new) > _MOST_PAIRS:
        return [[("replace", 0, len(old), 0, len(new))]]
    return SequenceMatcher(None, old, new).get_grouped_opcodes(_AROUND)


def _same_ends(new: Sequence[str], old: Sequence[str]) -> tuple[int, int]:
    """How many lines are the same at the beginning, and how many others at the end: most files differ in few places."""
    least = min(len(new), len(old))
    before = next((place for place in range(least) if new[place] != old[place]), least)
    most = least - before
    return before, next((place for place in range(most) if new[-1 - place] != old[-1 - place]), most)


def _shown(sign: Sign, lines: Sequence[str]) -> Iterator[Line]:
    for line in lines:
        yield sign, line if len(line) <= _LONGEST else f"{line[:_LONGEST]} …"

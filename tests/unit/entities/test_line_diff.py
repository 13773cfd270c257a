"""Two texts side by side: what differs with three lines around, in no time whatever they are."""

import random
import time
from difflib import ndiff

import pytest

from jupyter_aml.entities.line_diff import MOST_LINES, line_diff

LETTERS = [f"line {number}" for number in range(40)]


def _text(lines: list[str]) -> str:
    return "\n".join(lines)


def test_a_changed_line_has_three_around_it() -> None:
    changed = [*LETTERS[:20], "new", *LETTERS[21:]]
    lines, is_cut = line_diff(_text(changed), _text(LETTERS))
    around = [*((" ", line) for line in LETTERS[17:20]), ("-", "line 20"), ("+", "new")]
    assert list(lines) == [("@", "line 18"), *around, *((" ", line) for line in LETTERS[21:24])]
    assert not is_cut


def test_places_far_apart_are_told_apart() -> None:
    changed = [*LETTERS]
    changed[5], changed[30] = "a", "b"
    lines, _ = line_diff(_text(changed), _text(LETTERS))
    assert [text for sign, text in lines if sign == "@"] == ["line 3", "line 28"]


@pytest.mark.parametrize("seed", range(30))
def test_what_is_shown_is_all_that_differs(seed: int) -> None:
    chance = random.Random(seed)
    old = [chance.choice("abc") for _ in range(chance.randrange(30))]
    new = [line for line in old if chance.random() > 0.2] + [chance.choice("xyz") for _ in range(chance.randrange(4))]
    lines, _ = line_diff(_text(new), _text(old))
    plus, minus = (sum(sign == wanted for sign, _ in lines) for wanted in "+-")
    before, after = _text(old).split("\n"), _text(new).split("\n")
    assert plus - minus == len(after) - len(before)
    assert bool(lines and plus + minus) is (before != after)
    assert plus <= 2 * sum(line.startswith("+ ") for line in ndiff(before, after)) + 8


def test_the_same_text_shows_nothing_that_differs() -> None:
    assert {sign for sign, _ in line_diff("a\nb", "a\nb")[0]} <= {"@", " "}


def test_long_lines_and_many_lines_are_cut() -> None:
    lines, is_cut = line_diff("x" * 5_000, "")
    assert (lines[-1], is_cut) == (("+", "x" * 1_000 + " …"), False)
    lines, is_cut = line_diff("a\n" * 90_000, "")
    assert (len(lines), is_cut) == (MOST_LINES, True)


def test_hostile_texts_cost_no_more_than_a_moment() -> None:
    chance = random.Random(0)
    few = [_text([str(chance.randrange(150)) for _ in range(2_000)]) for _ in range(2)]
    many = [_text([chance.choice("ab") for _ in range(200_000)]) for _ in range(2)]
    for mine, theirs in (few, many, ["a\n" * 199, "a\n" * 9_999]):
        began = time.process_time()
        line_diff(mine, theirs)
        assert time.process_time() - began < 5

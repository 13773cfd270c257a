"""Runs side by side, painted: what differs stands first, nobody else's text becomes markup, and it stays small."""

import re

import pytest

from jupyter_aml.widgets.comparison import comparison_html
from jupyter_aml.widgets.comparison_text import comparison_text
from jupyter_aml.widgets.detail import Look
from jupyter_aml.widgets.markup import saved_bytes
from jupyter_aml.widgets.style import COMPARE
from tests.unit.widgets import sample_comparisons
from tests.unit.widgets.reading import Page
from tests.unit.widgets.sample_runs import CREATED
from tests.unit.widgets.test_page import HOSTILE

LOOK = Look("", CREATED + 9)
LIMIT = 60_000


def test_the_text_has_a_column_a_run_and_only_what_differs() -> None:
    said = comparison_text(*sample_comparisons.two())
    assert "2 runs side by side; 4 of 7 rows differ" in said
    assert re.search(r"^ +calm_oak +brave_fig$", said, re.MULTILINE)
    assert re.search(r"^Parameters\n  depth +3 +4$", said, re.MULTILINE)
    assert "seed" not in said
    assert "≠ train.py  (brave_fig against calm_oak)\n@ line 1\n  import sys\n- print('old')\n+ print('new')" in said


def test_all_is_there_when_it_is_asked_for() -> None:
    said = comparison_text(*sample_comparisons.two(), show_all=True)
    assert re.search(r"^  seed +1 +1$", said, re.MULTILINE)
    assert re.search(r"^  team +x +x$", said, re.MULTILINE)


def test_the_page_holds_every_row_and_says_the_same_ones_once() -> None:
    shown = comparison_html(*sample_comparisons.two(), LOOK)
    text = Page(shown).text
    for word in ("First try", "calm_oak", "Completed", "depth", "seed", "0.95", "1 of 2 differ", "print('new')"):
        assert word in text, word
    assert shown.count("<tr class=ne>") == 4
    assert shown.count("<tr class=eq>") == 3
    assert "Inputs" not in text
    assert "checked" not in shown.partition("</style>")[2]
    assert " checked>" in comparison_html(*sample_comparisons.two(), LOOK, show_all=True)


@pytest.mark.parametrize("bad", HOSTILE.values(), ids=HOSTILE.keys())
def test_text_of_others_is_text(bad: str) -> None:
    harmless = comparison_html(*sample_comparisons.hostile("word"), LOOK)
    shown = comparison_html(*sample_comparisons.hostile(bad), LOOK)
    found = Page(shown)
    assert set(found.tags) <= set(Page(harmless).tags) | {"p"}
    assert (found.handlers(), found.fetched()) == ([], [])
    assert saved_bytes(shown) <= LIMIT
    said = comparison_text(*sample_comparisons.hostile(bad))
    assert len(said) < 10_000
    assert "\x1b" not in said


@pytest.mark.parametrize(("runs", "keys"), [(2, 2_000), (100, 60), (12, 300)])
def test_many_runs_and_keys_stay_below_the_limit(runs: int, keys: int) -> None:
    found, diffs = sample_comparisons.large(runs, keys)
    shown, said = comparison_html(found, diffs, LOOK), comparison_text(found, diffs)
    assert saved_bytes(shown) + saved_bytes(said) <= LIMIT
    assert re.search(r"… and [\d,]+ more", shown)
    assert f"{runs} runs side by side" in shown


def test_its_styles_reach_nothing_but_our_own_elements() -> None:
    outermost = re.findall(r"(?:^|\})([^{}@]*)\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*", COMPARE)
    assert [rule for rule in outermost if rule.strip() and not rule.startswith(".aml-run")] == []

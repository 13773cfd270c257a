"""Terminal colours: what becomes a colour, and that nothing else of a terminal's language is shown."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_aml.widgets.ansi import SPANS_PER_LINE, last_lines, painted, plain

CODES = st.sampled_from(
    ["\x1b[", "\x1b]", "\x1b", "m", ";", "31", "0", "38;5;", "38;2;1;2;3m", "\x07", "\r", "<b>", "x", "\x9b"]
)


@pytest.mark.parametrize(
    ("line", "html"),
    [
        ("plain", "plain"),
        ("\x1b[31mred\x1b[0m on", "<span class='k1'>red</span> on"),
        ("\x1b[1;32mok\x1b[m.", "<span class='k2 kb'>ok</span>."),
        ("\x1b[91mbright\x1b[39m.", "<span class='k9'>bright</span>."),
        ("\x1b[38;5;196mcube\x1b[0m", "<span class='k9'>cube</span>"),
        ("\x1b[38;2;20;20;120mnavy\x1b[0m", "<span class='k4'>navy</span>"),
        ("\x1b[48;5;196mground\x1b[0m", "ground"),
        ("\x1b[3;4mboth\x1b[23m under", "<span class='ki ku'>both</span><span class='ku'> under</span>"),
        ("\x1b]0;title\x07shown", "shown"),
        ("\x1b]8;;https://example.org\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1b[2K\x1b[1Gcleared", "cleared"),
        ("\x1b[31m<b>&'\x1b[0m", "<span class='k1'>&lt;b&gt;&amp;&#x27;</span>"),
    ],
)
def test_a_line_is_painted(line: str, html: str) -> None:
    assert painted([line], 100) == html


def test_a_colour_goes_on_until_it_is_ended() -> None:
    assert painted(["\x1b[31ma", "b\x1b[0m", "c"], 9) == "<span class='k1'>a</span>\n<span class='k1'>b</span>\nc"


def test_a_progress_bar_shows_its_last_state() -> None:
    assert last_lines("a\n 10%\r 50%\r100%\r\nb\n", 5) == ["a", "100%", "b"]


def test_only_the_last_lines_are_kept() -> None:
    assert last_lines("".join(f"{n}\n" for n in range(1_000)), 3) == ["997", "998", "999"]


def test_a_long_line_is_cut_and_its_rest_counted() -> None:
    assert painted(["x" * 1_000_000], 10) == "xxxxxxxxxx… (+999,990 characters)"


def test_a_line_has_a_bounded_number_of_spans() -> None:
    assert painted(["\x1b[31mx\x1b[32my" * 10_000], 4_000).count("<span") <= SPANS_PER_LINE


@given(st.lists(CODES, max_size=80).map("".join), st.integers(1, 40))
def test_no_text_breaks_the_painter_or_leaves_a_control_code(text: str, width: int) -> None:
    shown = painted(last_lines(text, 9), width)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", shown)
    assert shown.count("<span class='") == shown.count("</span>") == shown.count("<") / 2
    assert "\x1b" not in plain(text)

"""Claims about a list in a notebook: a sequence of its things, a table to look at, safe and short."""

from collections.abc import Callable

import pytest

from jupyter_aml.widgets.fields import fields_html, fields_text
from jupyter_aml.widgets.listing import MOST_ROWS, Listing

HOSTILE = "<script>alert(1)</script>\x1b[31m\u202e"


def listing(count: int) -> Listing:
    return Listing("things", list(range(count)), ["Name", "Size"], [[f"n{number}", "1"] for number in range(count)])


def test_a_listing_is_a_sequence_of_its_things() -> None:
    found = listing(5)
    assert (len(found), found[0], found[-1], list(found), 3 in found) == (5, 0, 4, [0, 1, 2, 3, 4], True)
    part = found[1:3]
    assert (list(part), repr(part)) == ([1, 2], "Name  Size\nn1    1\nn2    1")


def test_an_empty_listing_says_so() -> None:
    assert repr(listing(0)) == "No things."
    assert "No things." in listing(0)._repr_html_()


def test_a_long_listing_counts_what_it_does_not_show() -> None:
    found = listing(MOST_ROWS + 20)
    assert repr(found).splitlines()[-1] == "… and 20 more"
    assert "… and 20 more" in found._repr_html_()
    assert len(found.to_frame()) == MOST_ROWS + 20


@pytest.mark.parametrize(
    "show",
    [
        lambda text: Listing("x", [1], ["Name"], [[text]])._repr_html_(),
        lambda text: fields_html("Data", {"name": text, "tags": {text: text}}),
    ],
)
def test_no_text_becomes_markup(show: Callable[[str], str]) -> None:
    page = show(HOSTILE)
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "\x1b" not in page


@pytest.mark.parametrize(
    "text", [repr(Listing("x", [1], ["Name"], [[HOSTILE + "\nsecond"]])), fields_text({"name": HOSTILE + "\nsecond"})]
)
def test_no_text_moves_the_cursor_or_begins_a_line(text: str) -> None:
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "\nsecond" not in text


def test_fields_that_hold_nothing_are_not_shown() -> None:
    assert fields_text({"a": 1, "b": None, "c": {}, "d": (), "e": False}) == "a  1\ne  False"
    page = fields_html("Data", {"a": 1, "b": None, "c": {}, "e": False})
    assert ("<dt>a" in page, "<dt>b" in page, "<dt>e" in page) == (True, False, True)


def test_who_created_it_when_is_a_sentence() -> None:
    context = {"created_at": "2026-11-25T20:23:00.848084Z", "created_by": "ann <b>", "created_by_type": "User"}
    assert "2026-11-25 20:23:00 by ann &lt;b&gt;<" in fields_html("Data", {"creation_context": context})
    assert "2026-11-25 20:23:00<" in fields_html("Data", {"creation_context": {**context, "created_by": ""}})

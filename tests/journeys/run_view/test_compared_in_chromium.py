"""Runs side by side in a real browser, the network cut: the switch, themes, narrow windows."""

import pytest

from jupyter_aml.widgets.comparison import comparison_html
from jupyter_aml.widgets.detail import Look
from tests.journeys.run_view.browsing import CONTRAST, Opened
from tests.unit.widgets import sample_comparisons
from tests.unit.widgets.sample_runs import CREATED

pytestmark = pytest.mark.browser
LOOK = Look("", CREATED + 9)


def test_what_is_the_same_shows_by_a_switch_without_script(opened: Opened) -> None:
    shown = opened(comparison_html(*sample_comparisons.two(), LOOK))
    same, differing = shown.get_by_role("row", name="seed"), shown.get_by_role("row", name="depth")
    assert (differing.is_visible(), same.is_visible()) == (True, False)
    shown.keyboard.press("Tab")
    shown.keyboard.press("Space")
    assert (differing.is_visible(), same.is_visible()) == (True, True)
    assert shown.get_by_text("print('new')").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_word_can_be_read(opened: Opened, scheme: str) -> None:
    shown = opened(comparison_html(*sample_comparisons.two(), LOOK, show_all=True), scheme=scheme, width=360)
    assert shown.evaluate(CONTRAST) == []
    assert shown.evaluate("document.documentElement.scrollWidth") <= 360

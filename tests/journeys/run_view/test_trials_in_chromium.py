"""A sweep's trials in a real browser: sorted by mouse and keyboard, in every width and theme, with any names."""

from dataclasses import replace

import pytest
from playwright.sync_api import Page

from jupyter_aml.entities.run_details import RunTabs, Tab
from jupyter_aml.entities.status import JobStatus
from jupyter_aml.widgets.detail import Look
from jupyter_aml.widgets.html import body, frame, page
from tests.journeys.run_view.browsing import CONTRAST, Opened, visible
from tests.unit.widgets import sample_sweeps

pytestmark = pytest.mark.browser
LOOK = Look("aml1", sample_sweeps.CREATED + 370)
SEEN = """column => [...document.querySelectorAll('.tt tbody tr')]
  .sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)
  .map(row => row.children[column].textContent)"""
OUT = """() => [...document.querySelectorAll('.p4, .p4 *')].filter(node => {
  if (!node.checkVisibility() || node.closest('.sc') && !node.matches('.sc')) return false;
  const box = node.getBoundingClientRect(), all = document.querySelector('.aml-run').getBoundingClientRect();
  return box.width && (box.right > all.right + 1 || box.left < all.left - 1);
}).map(node => node.outerHTML.slice(0, 80))"""
TREE = """() => {
  const inner = box => box.getBoundingClientRect();
  const head = [...document.querySelectorAll('.tt thead th')], row = document.querySelector('.tt tbody tr').children;
  return head.map((cell, n) => Math.abs(inner(cell).left - inner(row[n]).left)).filter(gap => gap > 1);
}"""


def finished(count: int = 30) -> RunTabs:
    return sample_sweeps.sweep(count, count, status=JobStatus.COMPLETED, running=0)


def column(shown: Page, number: int) -> list[float]:
    """What stands in a column from top to bottom, as numbers; a dash is none."""
    cells: list[str] = shown.evaluate(SEEN, number)
    return [float(cell.split()[-1 if "★" not in cell else 1].replace(",", "")) for cell in cells if cell != "—"]


def test_a_sweep_opens_at_its_trials_the_best_first(opened: Opened) -> None:
    shown = opened(page(finished(), LOOK))
    assert visible(shown) == ["Trials"]
    assert column(shown, 2) == sorted(column(shown, 2), reverse=True)
    assert shown.locator(".tt tbody tr").first.get_attribute("class") == "bt"


def test_a_click_sorts_by_a_column_and_the_next_one_turns_it(opened: Opened) -> None:
    shown = opened(page(finished(), LOOK))
    for caption, number in (("Trial", 0), ("learning_rate", 4), ("subsample", 6), ("max_depth", 5)):
        head = shown.locator(".tt thead th", has_text=caption).first
        head.click()
        assert column(shown, number) == sorted(column(shown, number)), caption
        head.click()
        assert column(shown, number) == sorted(column(shown, number), reverse=True), caption
        head.click()
        assert column(shown, number) == sorted(column(shown, number)), caption


def test_words_sort_too_and_what_has_no_value_stays_last(opened: Opened) -> None:
    shown = opened(page(sample_sweeps.sweep(40), LOOK))
    shown.locator(".tt thead th", has_text="booster").click()
    words: list[str] = shown.evaluate(SEEN, 7)
    assert words == sorted(words)
    why = shown.locator(".tt thead th", has_text="Why it was stopped")
    for _ in range(2):
        why.click()
        reasons: list[str] = shown.evaluate(SEEN, 9)
        assert [bool(reason) for reason in reasons] == [True] * 6 + [False] * 34


def test_the_keyboard_alone_sorts_by_every_column(opened: Opened) -> None:
    shown = opened(page(finished(), LOOK))
    for _ in range(3):  # tabs, form of the metrics, order of the trials
        shown.keyboard.press("Tab")
    orders = set[tuple[str, ...]]()
    for _ in range(20):
        shown.keyboard.press("ArrowRight")
        orders.add(tuple(shown.evaluate(SEEN, 0)))
        outline = "[...document.querySelectorAll('.tt label')].filter(l => getComputedStyle(l).outlineWidth == '2px')"
        assert shown.evaluate(f"{outline}.length") == 1
    assert len(orders) >= 12


def test_a_repaint_keeps_the_order_and_new_trials_take_their_place(opened: Opened) -> None:
    first, later = sample_sweeps.sweep(12), sample_sweeps.sweep(30)
    shown = opened(f"<div>{frame('aml1', sweep=first.sweep)}</div><div id=output>{body(first, LOOK)}</div>")
    shown.locator(".tt thead th", has_text="learning_rate").click()
    shown.evaluate("markup => { document.getElementById('output').innerHTML = markup }", body(later, LOOK))
    assert len(column(shown, 4)) == 30
    assert column(shown, 4) == sorted(column(shown, 4))


def test_two_sweeps_in_a_page_are_sorted_apart(opened: Opened) -> None:
    shown = opened(page(finished(), LOOK) + page(finished(), replace(LOOK, view="aml2")))
    shown.locator("#aml2 .tt thead th", has_text="Trial").first.click()
    rows = ".map(row => [row.getBoundingClientRect().top, row.children[0].textContent]).sort((a, b) => a[0] - b[0])"
    first, second = (
        [cell for _, cell in shown.evaluate(f"[...document.querySelectorAll('#{view} .tt tbody tr')]{rows}")]
        for view in ("aml1", "aml2")
    )
    assert "★" in first[0]
    assert second[:3] == ["0", "1", "2"]


@pytest.mark.parametrize("width", [360, 700, 1400])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_sticks_out_and_every_text_stands_out(opened: Opened, scheme: str, width: int) -> None:
    for tabs in (sample_sweeps.sweep(18), sample_sweeps.new()):
        shown = opened(page(tabs, LOOK), scheme=scheme, width=width)
        for tab in (Tab.CHILD_RUNS, Tab.DETAILS):
            shown.locator(f"[for=aml1-{list(Tab).index(tab) + 1}]").first.click()
            assert shown.evaluate("document.documentElement.scrollWidth") <= width
            assert shown.evaluate(OUT) == []
            assert shown.evaluate(CONTRAST) == []


def test_captions_stand_above_their_columns_and_stay_while_rows_scroll(opened: Opened) -> None:
    shown = opened(page(finished(40), LOOK))
    assert shown.evaluate(TREE) == []
    stays = """() => {
      const box = document.querySelector('.tt').closest('.sc'); box.scrollTop = 400;
      const head = document.querySelector('.tt thead th').getBoundingClientRect();
      return [box.scrollTop, Math.abs(head.top - box.getBoundingClientRect().top)];
    }"""
    scrolled, gap = shown.evaluate(stays)
    assert scrolled > 100
    assert gap <= 1


def test_assistive_technology_meets_a_table_named_charts_and_buttons(opened: Opened) -> None:
    shown = opened(page(finished(), LOOK))
    session = shown.context.new_cdp_session(shown)
    session.send("Accessibility.enable")
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    roles = [node["role"]["value"] for node in nodes if "role" in node and not node.get("ignored")]
    names = {node["name"]["value"] for node in nodes if node.get("name", {}).get("value")}
    assert roles.count("columnheader") == 10
    assert roles.count("row") == 31
    assert roles.count("rowheader") == 30
    assert "accuracy, best first" in names
    assert any(name.startswith("accuracy of 30 trials in their order") for name in names)
    assert any(name.startswith("30 trials by learning_rate, max_depth") for name in names)


def test_forced_colours_keep_bars_and_marks(opened: Opened) -> None:
    shown = opened(page(sample_sweeps.sweep(), LOOK))
    shown.emulate_media(forced_colors="active")
    drawn = "node => getComputedStyle(document.querySelector(node)).backgroundImage"
    for bar in (".ip i", ".tt td:nth-child(3)"):
        assert "gradient" in shown.evaluate(drawn, bar)
    assert shown.evaluate("getComputedStyle(document.querySelector('.pg .ok')).backgroundColor") != "rgba(0, 0, 0, 0)"


def test_hostile_names_of_parameters_run_nothing(opened: Opened) -> None:
    act = "document.title='owned'"
    text = f"""'"><script>{act}</script><img src=x onerror="{act}"><svg onload="{act}"></style>{{}}</label>"""
    shown = opened(page(sample_sweeps.hostile(text), LOOK))
    for head in shown.locator(".tt thead th").all():
        head.click(force=True)
    assert shown.title() == "run"
    assert shown.locator("script").count() == 0


def test_print_shows_the_trials_as_they_are_written(opened: Opened) -> None:
    shown = opened(page(finished(), LOOK))
    shown.emulate_media(media="print")
    assert len(visible(shown)) == len(Tab)
    assert column(shown, 2) == sorted(column(shown, 2), reverse=True)

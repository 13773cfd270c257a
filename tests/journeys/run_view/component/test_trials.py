"""The trials of a sweep, live: sorted, kept by axes, opened and compared, by mouse and by keyboard."""

from typing import Any

import pytest
from playwright.sync_api import Page

from jupyter_aml.entities.status import JobStatus
from tests.journeys.run_view.component.conftest import Show
from tests.journeys.run_view.component.work import work
from tests.unit.widgets import sample_sweeps

pytestmark = pytest.mark.browser
BAD = "<img src=x onerror=alert(1)>\u202egnp\x1b[31m' \" & " + "W" * 200
ROWS = ".virtual tbody tr[data-row]"


def rows(page: Page, column: int) -> list[str]:
    return page.eval_on_selector_all(ROWS, "(all, n) => all.map(row => row.children[n].textContent)", column)


def numbers(page: Page, column: int) -> list[float]:
    return [float(text.split()[-1].replace(",", "")) for text in rows(page, column) if text != "—"]


def finished(count: int = 60) -> Any:
    return sample_sweeps.sweep(count, count, status=JobStatus.COMPLETED, running=0)


def test_a_sweep_opens_at_its_trials_and_nothing_is_wrong_with_them(show: Show) -> None:
    view = show(finished(20), look="forced", is_final=True)
    view.page.get_by_text("Keep a part of an axis").click()
    assert view.axe() == []
    assert "★ best" in rows(view.page, 0)[0]
    assert numbers(view.page, 3) == sorted(numbers(view.page, 3), reverse=True)


def test_a_click_sorts_by_a_column_and_the_next_one_turns_it(show: Show) -> None:
    view = show(finished(), is_final=True)
    for caption, column in (("Trial", 0), ("learning_rate", 5), ("max_depth", 6)):
        head = view.page.locator(".virtual th button", has_text=caption)
        head.click()
        assert numbers(view.page, column) == sorted(numbers(view.page, column)), caption
        head.click()
        assert numbers(view.page, column) == sorted(numbers(view.page, column), reverse=True), caption


def test_a_sort_fills_the_rows_that_are_there_and_scrolling_leaves_each_trial_in_its_own(show: Show) -> None:
    page = show(sample_sweeps.thousand(), is_final=True).page
    mark = "all => all.forEach(row => { row.dataset.was = row.children[0].textContent; })"
    marks = "all => all.filter(row => row.dataset.was).map(row => [row.dataset.was, row.children[0].textContent])"
    page.eval_on_selector_all(ROWS, mark)
    before = rows(page, 0)
    page.locator(".virtual th button", has_text="Duration").click()
    assert rows(page, 0) != before
    assert len(page.eval_on_selector_all(ROWS, marks)) == len(before)
    page.eval_on_selector_all(ROWS, mark)
    page.locator(f"{ROWS} button").first.focus()
    page.keyboard.press("PageDown")
    page.keyboard.press("PageDown")
    page.locator(f"{ROWS}[data-row='26']").wait_for()
    stayed = page.eval_on_selector_all(ROWS, marks)
    assert 0 < len(stayed) < page.locator(ROWS).count()
    assert all(was == now for was, now in stayed)


def test_of_a_thousand_trials_those_in_sight_are_in_the_page_and_the_last_is_a_key_away(show: Show) -> None:
    view = show(sample_sweeps.thousand(), is_final=True)
    page = view.page
    page.locator(f"{ROWS} button").first.focus()
    assert page.locator(ROWS).count() < 40
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.querySelector('#place').shadowRoot.activeElement.closest('tr').dataset.row") == "1"
    page.keyboard.press("End")
    page.locator(f"{ROWS}[data-row='999']").wait_for()
    assert page.evaluate("document.querySelector('#place').shadowRoot.activeElement.closest('tr').dataset.row") == "999"
    assert page.locator(".virtual").get_attribute("aria-rowcount") == "1001"


def test_a_thousand_trials_are_there_and_sorted_at_once(show: Show) -> None:
    """A sort and a choice are far less work than what a person waits for; none of it is much."""
    view = show(finished(3))
    page = view.page
    page.locator(ROWS).first.wait_for()
    page.get_by_text("Keep a part of an axis").click()
    spent = work(page)
    view.push(details=sample_sweeps.thousand(JobStatus.RUNNING))
    page.locator("[aria-rowcount='1001']").wait_for()
    assert spent() < 8
    page.locator(".virtual th button", has_text="learning_rate").click()
    assert spent() < 4
    page.get_by_role("slider", name="learning_rate from").fill("40")
    page.locator("[role=status]", has_text="trials are kept").wait_for()
    assert spent() < 4


def test_what_is_kept_of_an_axis_is_kept_in_the_table_too(show: Show) -> None:
    view = show(finished(), is_final=True)
    page = view.page
    page.get_by_text("Keep a part of an axis").click()
    page.get_by_role("slider", name="learning_rate from").focus()
    for _ in range(3):
        page.keyboard.press("PageUp")  # a tenth each
    page.get_by_role("checkbox", name="gbtree").uncheck()
    said = page.locator("[role=status]", has_text="trials are kept").inner_text()
    kept = int(said.split()[0])
    assert 0 < kept < 60
    assert page.locator(".virtual").get_attribute("aria-rowcount") == str(kept + 1)
    assert "gbtree" not in rows(page, 8)
    page.get_by_role("button", name="Keep all").click()
    assert page.locator(".virtual").get_attribute("aria-rowcount") == "61"


def test_a_drag_along_an_axis_keeps_what_it_passes(show: Show) -> None:
    view = show(finished(), is_final=True)
    grip = view.page.locator(".grip").last
    grip.scroll_into_view_if_needed()
    box = grip.bounding_box()
    assert box is not None
    x, top = box["x"] + box["width"] / 2, box["y"]
    view.page.mouse.move(x, top + 4)
    view.page.mouse.down()
    view.page.mouse.move(x, top + 60, steps=4)
    view.page.mouse.up()
    view.page.locator("[role=status]", has_text="trials are kept").wait_for()
    assert len(rows(view.page, 0)) < 60


def test_a_trial_opens_and_two_are_compared(show: Show) -> None:
    view = show(
        finished(),
        {"compare": {"runs": [], "params": [], "metrics": [], "tags": [], "inputs": [], "environment": [], "code": []}},
        options={"notes": ["onOpen"]},
        is_final=True,
    )
    page = view.page
    page.locator(f"{ROWS} button").nth(2).click()
    assert page.evaluate("view.called[0][0]") == "onOpen"
    for n in (0, 3):
        page.locator(f"{ROWS} input[type=checkbox]").nth(n).check()
    page.get_by_role("button", name="Compare 2 runs").click()
    page.get_by_role("article", name="2 runs side by side").wait_for()
    while not (compared := [args["runs"] for question, args in view.asked if question == "compare"]):
        page.wait_for_timeout(10)
    assert list(map(len, compared)) == [2]


def test_names_from_anywhere_are_only_text(show: Show) -> None:
    view = show(sample_sweeps.hostile(BAD), is_final=True, width=700)
    view.page.locator(ROWS).first.wait_for()
    assert view.page.locator("img").count() == 0
    assert view.page.evaluate("document.documentElement.scrollWidth") <= 700
    assert "\u202e" not in view.page.locator(".aml-run").inner_text()
    assert view.axe() == []


def test_before_the_first_trial_it_says_what_it_will_do(show: Show) -> None:
    view = show(sample_sweeps.new())
    view.page.get_by_text("No trials yet").wait_for()
    view.page.get_by_text("Sampling").wait_for()

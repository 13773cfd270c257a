"""The log in the view: any line of a million, the end as it grows, whatever is written in it."""

import re
from collections.abc import Mapping
from typing import Any, Final

import pytest
from playwright.sync_api import Page, expect

from jupyter_aml.entities.run_logs import LogLines
from jupyter_aml.entities.status import JobStatus
from tests.journeys.run_view.component.conftest import Show, View
from tests.journeys.run_view.component.logs import OTHER, STD, FakeLog, counting, in_sight, piece, run
from tests.journeys.run_view.component.work import work

pytestmark = pytest.mark.browser

TAB: Final = "Outputs + logs"
MILLION: Final = 1_000_000
SCROLL: Final = """(one, top) => {
  one.scrollTop = top;
  return new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
}"""


def log_of(page: Page):  # noqa: ANN201
    return page.locator(".log .lines")


def live(show: Show, text: str = "one\n", answers: Mapping[str, object] | None = None, **more: Any) -> View:
    known = {**FakeLog(0, counting).answers(), **(answers or {})}
    return show(run(JobStatus.RUNNING), known, tab=TAB, **piece(text, is_new=True), **more)


def test_a_log_of_a_million_lines_holds_a_screenful_of_them(show: Show) -> None:
    view = show(run(), FakeLog(MILLION, counting).answers(), tab=TAB, is_final=True)
    expect(log_of(view.page)).to_contain_text("step 5 ")
    assert len(in_sight(view.page)) < 40
    log_of(view.page).focus()
    view.page.keyboard.press("End")
    expect(log_of(view.page)).to_contain_text("step 999,999 ")
    view.page.keyboard.press("Home")
    expect(log_of(view.page)).to_contain_text("step 0 ")
    assert len([one for one in view.asked if one[0] == "lines"]) < 20


@pytest.mark.parametrize("total", [10_000_000, 3_000, 5])
def test_every_line_can_be_reached_by_wheel_and_keys(show: Show, total: int) -> None:
    view = show(run(), FakeLog(total, counting).answers(), tab=TAB, is_final=True)
    expect(log_of(view.page)).to_contain_text("step 0 ")
    seen = set(in_sight(view.page))
    log_of(view.page).hover()
    for _ in range(4):
        before = in_sight(view.page)
        view.page.mouse.wheel(0, 200)
        while total > len(before) and in_sight(view.page) == before:
            view.page.evaluate(PAINTED)
        seen |= set(before) | set(in_sight(view.page))
        while (now := in_sight(view.page)) != before:  # the wheel glides
            seen |= set(before := now)
            view.page.evaluate(PAINTED)
    assert seen == set(range(1, max(seen) + 1))
    log_of(view.page).focus()
    view.page.keyboard.press("PageDown")
    view.page.keyboard.press("End")
    expect(log_of(view.page)).to_contain_text(f"step {total - 1:,} ")


def test_lines_that_wrap_are_all_reached_too(show: Show) -> None:
    view = show(run(), FakeLog(26, lambda n: f"{counting(n)} " + "word " * 400).answers(), tab=TAB, is_final=True)
    view.page.get_by_label("Wrap").check()
    log_of(view.page).focus()
    view.page.keyboard.press("End")
    expect(log_of(view.page)).to_contain_text("step 25 ")
    last = view.page.locator(".line", has_text="step 25 ").bounding_box()
    box = log_of(view.page).bounding_box()
    assert last is not None
    assert box is not None
    assert abs(last["y"] + last["height"] - box["y"] - box["height"]) < 3  # its end is at the view's end
    seen = set[int]()
    for top in range(0, 26 * 18, 18):
        log_of(view.page).evaluate(SCROLL, top)
        seen |= set(in_sight(view.page))
    assert seen == set(range(1, 27))


def test_the_end_is_followed_until_somebody_looks_back(show: Show) -> None:
    view = live(show, "".join(f"{counting(n)}\n" for n in range(100)))
    expect(log_of(view.page)).to_contain_text("step 99 ")
    view.push(**piece("step 100 is here\n", 100))
    expect(log_of(view.page)).to_contain_text("step 100 is here")
    log_of(view.page).hover()
    view.page.mouse.wheel(0, -600)
    expect(view.page.get_by_label("Follow")).not_to_be_checked()
    view.push(**piece("step 101 is here\n", 101))
    expect(view.page.locator(".sum")).to_contain_text("102 lines")
    assert "step 101" not in log_of(view.page).inner_text()
    view.page.get_by_label("Follow").check()
    expect(log_of(view.page)).to_contain_text("step 101 is here")


def test_a_slow_finger_leaves_the_end_as_well(show: Show) -> None:
    view = live(show, "".join(f"{counting(n)}\n" for n in range(100)))
    expect(log_of(view.page)).to_contain_text("step 99 ")
    log_of(view.page).hover()
    view.page.mouse.wheel(0, -4)
    expect(view.page.get_by_label("Follow")).not_to_be_checked()
    view.page.mouse.wheel(0, 4)
    expect(view.page.get_by_label("Follow")).to_be_checked()


def test_a_line_goes_on_where_it_ended_and_is_rewritten_after_a_return(show: Show) -> None:
    view = live(show, "first\nhalf of", {})
    view.push(**piece(" a line\n", 1))
    view.push(**piece("10 %|#    |\r", 2))
    view.push(**piece("20 %|##   |\r", 2))
    view.push(**piece("30 %|###  |", 2))
    expect(log_of(view.page)).to_contain_text("30 %")
    shown = log_of(view.page).inner_text()
    assert "half of a line" in shown
    assert "20 %" not in shown
    assert len(in_sight(view.page)) == 3


def test_another_log_is_followed_when_it_is_chosen(show: Show) -> None:
    view = live(show)
    view.page.get_by_role("combobox", name="Log", exact=True).select_option(OTHER)
    view.push(**piece("the other one\n", name=OTHER, is_new=True))
    expect(log_of(view.page)).to_contain_text("the other one")
    assert OTHER in view.page.evaluate("() => view.cursors.map(one => one.follow)")


def test_twenty_thousand_lines_are_appended_with_little_work(show: Show) -> None:
    view = live(show)
    batches = [
        {"log": {"name": STD, "size": n, "start": 0, "first_line": 1 + n * 200, "is_new": False,
                 "text": "".join(f"{counting(n * 200 + k)}\n" for k in range(200))}}
        for n in range(100)
    ]  # fmt: skip
    took = work(view.page)
    view.page.evaluate(
        """async batches => {
          const sum = document.getElementById('place').shadowRoot;
          for (const one of batches) {
            view.push('happy_frog', {cursor: {}, details: null, series: [], is_final: false, ...one});
            await new Promise(done => setTimeout(done));
          }
          while (!sum.querySelector('.sum').textContent.startsWith('20,001 lines')) {
            await new Promise(requestAnimationFrame);
          }
        }""",
        batches,
    )
    expect(log_of(view.page)).to_contain_text("step 19,999 ")
    assert took() < 50


def test_next_and_previous_go_through_what_is_found(show: Show) -> None:
    log = FakeLog(
        MILLION, lambda n: "a needle here" if n in {7, 500_000, 999_998} else counting(n), (7, 500_000, 999_998)
    )
    view = show(run(), log.answers(), tab=TAB, is_final=True)
    view.page.get_by_label("Search in the log").fill("NEEDLE")
    current = view.page.locator(".current")
    for number in ("8", "500001", "999999", "8"):
        expect(current.locator(".number")).to_have_attribute("data-number", number)
        expect(current.locator("mark")).to_have_text("needle")
        view.page.keyboard.press("Enter")
    expect(view.page.get_by_text("2 of 3 lines")).to_be_visible()
    view.page.keyboard.press("Shift+Enter")
    expect(current.locator(".number")).to_have_attribute("data-number", "8")
    view.page.get_by_label("Matches only").check()
    expect(log_of(view.page).locator(".line")).to_have_count(3)


def test_who_follows_is_not_taken_away_by_a_search_that_is_answered_later(show: Show) -> None:
    lines = "".join(f"step {n}\n" for n in range(200))
    view = live(show, lines, FakeLog(200, counting, (0, 1)).answers())
    page = view.page
    page.get_by_label("Search in the log").fill("step")
    expect(page.get_by_text("1 of 2 lines")).to_be_visible()
    page.get_by_label("Which lines").select_option("errors")
    expect(page.get_by_text("1 of 2 lines")).to_be_visible()
    page.get_by_label("Which lines").select_option("")
    expect(page.get_by_text("Searching …")).to_be_visible()
    page.get_by_label("Follow").check()
    expect(page.get_by_text("1 of 2 lines")).to_be_visible()
    expect(page.get_by_label("Follow")).to_be_checked()


FOLLOW_AT_ONCE = """moment => {
  // ticked as soon as the log is painted so, before a painting's later effects
  const log = document.getElementById('place').shadowRoot.querySelector('.log'), was = log.querySelector('.lines');
  const moments = {
    asked: () => log.querySelector('.told').textContent.startsWith('Searching'),
    answered: () => log.querySelector('.told').textContent.endsWith('60 lines'),
    drawn: () => log.querySelector('.lines') && log.querySelector('.lines') !== was,
  };
  const watch = new MutationObserver(() => {
    if (moments[moment]()) {
      watch.disconnect();
      [...log.querySelectorAll('label')].find(one => one.textContent === 'Follow').querySelector('input').click();
    }
  });
  watch.observe(log, {childList: true, subtree: true, characterData: true});
}"""
PAINTED = "() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 50)))"


@pytest.mark.parametrize("moment", ["asked", "answered", "drawn"])
def test_who_follows_at_once_is_not_taken_away_by_what_was_wanted_before(show: Show, moment: str) -> None:
    view = live(show, "".join(f"step {n}\n" for n in range(200)), FakeLog(200, counting, tuple(range(60))).answers())
    page = view.page
    page.get_by_label("Search in the log").fill("step")
    expect(page.get_by_text("1 of 60 lines")).to_be_visible()
    page.get_by_label("Which lines").select_option("errors")
    expect(page.get_by_text("1 of 60 lines")).to_be_visible()
    expect(page.get_by_label("Follow")).not_to_be_checked()
    page.evaluate(FOLLOW_AT_ONCE, moment)
    page.get_by_label("Which lines").select_option("")
    expect(page.get_by_text("1 of 60 lines")).to_be_visible()
    page.evaluate(PAINTED)
    expect(page.get_by_label("Follow")).to_be_checked()


def test_who_follows_again_is_not_brought_back_to_what_was_found(show: Show) -> None:
    view = live(show, "".join(f"step {n}\n" for n in range(200)), FakeLog(200, counting, tuple(range(60))).answers())
    page = view.page
    page.get_by_label("Search in the log").fill("step")
    expect(page.get_by_text("1 of 60 lines")).to_be_visible()
    page.get_by_label("Search in the log").fill("")
    page.get_by_label("Follow").check()
    page.get_by_label("Which lines").select_option("errors")
    expect(page.locator(".sum")).to_contain_text("60 of 200 lines")
    page.get_by_label("Which lines").select_option("")
    expect(log_of(page)).to_contain_text("step 199")
    page.evaluate(PAINTED)
    expect(page.get_by_label("Follow")).to_be_checked()


def test_what_was_found_near_the_end_stays_in_sight_while_the_log_grows(show: Show) -> None:
    view = live(show, "".join(f"step {n}\n" for n in range(200)), FakeLog(200, counting, (195, 198)).answers())
    view.page.get_by_label("Search in the log").fill("step")
    expect(view.page.get_by_text("1 of 2 lines")).to_be_visible()
    expect(view.page.get_by_label("Follow")).not_to_be_checked()
    view.push(**piece("".join(f"step {n}\n" for n in range(200, 300)), 200))
    expect(view.page.locator(".sum")).to_contain_text("300 lines")
    expect(view.page.locator(".current")).to_contain_text("step 195")


def test_only_what_is_bad_is_shown_when_that_is_asked_for(show: Show) -> None:
    log = FakeLog(MILLION, lambda n: f"ERROR number {n}", tuple(range(0, MILLION, 100)))
    view = show(run(), log.answers(), tab=TAB, is_final=True)
    expect(log_of(view.page)).to_contain_text("ERROR number 5")
    view.page.get_by_label("Which lines").select_option("errors")
    expect(view.page.locator(".sum")).to_contain_text("10,000 of 1,000,000 lines")
    expect(log_of(view.page)).to_contain_text("ERROR number 100")
    log_of(view.page).focus()
    view.page.keyboard.press("End")
    expect(log_of(view.page)).to_contain_text("ERROR number 999900")
    searched = [args for question, args in view.asked if question == "search"]
    assert [(one["text"], one["level"]) for one in searched] == [("", "error")]


def test_a_line_is_reached_by_its_number(show: Show) -> None:
    view = show(run(), FakeLog(MILLION, counting).answers(), tab=TAB, is_final=True)
    view.page.get_by_label("Search in the log").fill(":765432")
    view.page.keyboard.press("Enter")
    expect(view.page.locator(".current")).to_contain_text("step 765,431 ")
    assert "search" not in {question for question, _ in view.asked}


def test_what_is_shown_is_copied_whole(show: Show) -> None:
    view = show(run(), FakeLog(6_000, counting).answers(), tab=TAB, is_final=True)
    expect(log_of(view.page)).to_contain_text("step 5 ")
    copied = "document.addEventListener('copy', event => { window.copied = event.target.value; }, true)"
    view.page.evaluate(copied)
    view.page.get_by_role("button", name="Copy", exact=True).click()
    expect(view.page.get_by_text("Copied.")).to_be_visible()
    assert view.page.evaluate("() => window.copied.split('\\n')") == [counting(n) for n in range(6_000)]


HOSTILE: Final = [
    "<script>document.title = 'gone'</script><img src=x onerror=\"document.title='gone'\">",
    "\x1b]0;title\x07\x1b]8;;javascript:alert(1)\x1b\\link\x1b]8;;\x1b\\ after",
    "".join(f"\x1b[3{n % 8}mx" for n in range(700)),
    "\x1b[" + "1;" * 1_900 + "m still here",
    "\x1b[2J\x1b[H\x1b[?1049h cleared? \x1b[31mred\x1b[0m \x1b[38;2;0;200;0mgreen\x1b[0m",
    "left \u202e right \u2066 \x00\x07\x08 end",
    "\ud800 half".encode("utf-8", "surrogatepass").decode("utf-8", "replace"),
    "W" * 4_000 + " … 104,853,600 bytes more",
]  # fmt: skip


def test_whatever_is_written_in_a_log_stays_text(show: Show) -> None:
    answers = FakeLog(len(HOSTILE), HOSTILE.__getitem__).answers()
    view = show(run(), answers, tab=TAB, is_final=True)
    expect(log_of(view.page)).to_contain_text("<script>document.title")
    assert view.page.title() == "run"
    assert log_of(view.page).locator("script, img, a").count() == 0
    shown = log_of(view.page).inner_text()
    assert re.findall("[\x00-\x08\x0b-\x1f\u202a-\u202e\u2066]", shown) == []
    assert "link after" in shown
    assert "still here" in shown
    assert log_of(view.page).locator(".k1", has_text="red").count() == 1
    assert log_of(view.page).locator(".k2", has_text="green").count() == 1
    assert log_of(view.page).locator("span:not(.number)").count() < 100


def test_a_line_that_never_ends_neither_freezes_nor_fills_the_view(show: Show) -> None:
    view = live(show)
    took = work(view.page)
    view.page.evaluate(
        """async () => {
          const text = 'x'.repeat(1_000_000);
          const log = {name: 'user_logs/std_log.txt', size: 1, start: 0, first_line: 1, is_new: false, text};
          for (let n = 0; n < 100; n += 1) {
            view.push('happy_frog', {cursor: {}, details: null, series: [], is_final: false, log});
            await new Promise(done => setTimeout(done));
          }
          const shadow = document.getElementById('place').shadowRoot;
          while (!shadow.querySelector('.lines').textContent.includes('99,996,000 bytes more')) {
            await new Promise(requestAnimationFrame);
          }
        }"""
    )
    assert took() < 50


def test_what_cannot_be_read_is_said(show: Show) -> None:
    def refused(args: Mapping[str, Any]) -> LogLines:
        message = f"The run has no file '{args['file']}'."
        raise LookupError(message)

    answers = {**FakeLog(5, counting).answers(), "lines": refused}
    view = show(run(), answers, tab=TAB, is_final=True)
    expect(view.page.locator(".told")).to_contain_text("The run has no file")
    assert len([one for one in view.asked if one[0] == "lines"]) < 5


def test_a_log_is_sound_for_everybody(show: Show) -> None:
    colours = "".join(f"\x1b[{n}mcolour {n}\x1b[0m " for n in (2, *range(30, 38), *range(90, 98)))
    lines = [colours, "WARNING: low", "ERROR: all is lost", *HOSTILE, *map(counting, range(90))]
    log = FakeLog(len(lines), lines.__getitem__, (1, 2))
    view = show(run(), log.answers(), tab=TAB, look="light", is_final=True)
    view.page.get_by_label("Search in the log").fill("a")
    expect(view.page.locator(".current")).to_have_count(1)
    assert view.axe() == []

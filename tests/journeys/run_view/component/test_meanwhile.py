"""What the reader did is never undone by what comes later: an answer, a change of the run, a painting's effects."""

from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Page, expect

from jupyter_aml.entities.run_details import RunFile
from jupyter_aml.entities.status import JobStatus
from tests.journeys.run_view.component.conftest import FIRST, Show, View, told
from tests.journeys.run_view.component.logs import OTHER, FakeLog, counting, piece, run
from tests.journeys.run_view.component.metric_answers import Metrics
from tests.unit.widgets import sample_runs, sample_sweeps

pytestmark = pytest.mark.browser
LOGS: Final = "Outputs + logs"
RUNNING: Final = sample_runs.ordinary(JobStatus.RUNNING)
METRICS: Final = Metrics({"loss": [4.0, 2.0, 1.0], "accuracy": [0.1, 0.5, 0.7]})
PAINTED: Final = "() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 50)))"
HELD: Final = """question => {
  // the answer to that question is on its way until `arrive` is called
  const {answer} = view;
  view.answer = async (...asked) => {
    const said = await answer(...asked);
    return asked[1] === question ? new Promise(done => { window.arrive = () => done(said); }) : said;
  };
}"""
ON_ITS_WAY: Final = "() => window.arrive"
ARRIVE: Final = "() => { window.arrive(); window.arrive = undefined; }"


def held(view: View, question: str) -> None:
    view.page.evaluate(HELD, question)


def arrive(page: Page) -> None:
    page.wait_for_function(ON_ITS_WAY)
    page.evaluate(ARRIVE)
    page.evaluate(PAINTED)


def images(folder: Path, count: int) -> Any:
    return replace(RUNNING, images=sample_runs.drawn_images(folder, count))


def test_who_cancels_and_submits_again_is_told_of_each(show: Show) -> None:
    answers = {"cancel": {"name": "happy_frog", "status": "CancelRequested"}, "resubmit": {"run": "happy_toad"}}
    view = show(RUNNING, answers)
    for question, name in (("cancel", "Cancel"), ("resubmit", "Resubmit")):
        held(view, question)
        view.page.get_by_role("button", name=name).click()
        view.page.wait_for_function(ON_ITS_WAY)
        view.page.evaluate("name => { window[name] = window.arrive; window.arrive = undefined; }", question)
    expect(view.page.locator(".acts")).to_contain_text("Canceling … Submitting …")
    view.page.evaluate("() => window.cancel()")
    expect(view.page.locator(".acts")).not_to_contain_text("Canceling …")
    expect(view.page.locator(".acts")).to_contain_text("Submitting …")


def test_the_focus_stays_where_it_was_taken_after_a_key_at_the_last_row(show: Show) -> None:
    view = show(sample_sweeps.sweep(12))
    view.page.locator("tr[data-row] button").first.focus()
    for _ in range(2):
        view.page.keyboard.press("End")
    view.page.get_by_text("Keep a part of an axis").focus()
    view.push(details=sample_sweeps.sweep(14))
    view.page.locator("[aria-rowcount='15']").wait_for()
    expect(view.page.get_by_text("Keep a part of an axis")).to_be_focused()


def test_a_folder_stays_closed_while_files_are_added(show: Show) -> None:
    many = tuple(RunFile(f"epoch_{n % 3}/shard_{n}.bin", n) for n in range(61))
    view = show(run(JobStatus.RUNNING, many[:60]), FakeLog(9, counting).answers(), tab=LOGS)
    folder = view.page.get_by_role("treeitem", name="epoch_1")
    folder.click()
    expect(folder).to_have_attribute("aria-expanded", "false")
    view.push(details=run(JobStatus.RUNNING, many))
    expect(view.page.get_by_role("tab", name=LOGS)).to_contain_text("61")
    expect(folder).to_have_attribute("aria-expanded", "false")


def test_an_image_stays_open_when_it_becomes_one_of_several(show: Show, tmp_path: Path) -> None:
    view = show(images(tmp_path, 1), tab="Images", options={"files": True}, answers={"fileUrl": sample_runs.png(9, 9)})
    view.page.get_by_role("button", name="Open figures/confusion_00.png").click()
    view.page.get_by_role("dialog", name="confusion_00.png").wait_for()
    view.push(details=images(tmp_path, 2))
    expect(view.page.get_by_text("1 of 2")).to_be_visible()
    expect(view.page.get_by_role("dialog", name="confusion_00.png")).to_be_visible()


AT_ONCE: Final = """() => {
  // clicked before the page does anything else
  const root = document.getElementById('place').shadowRoot, next = root.querySelectorAll('button.shot')[1];
  const watch = new MutationObserver(() => {
    if (!root.querySelector('dialog')) {
      watch.disconnect();
      next.click();
    }
  });
  watch.observe(root, {childList: true, subtree: true});
}"""


def test_an_image_that_is_opened_when_another_was_closed_stays_open(show: Show, tmp_path: Path) -> None:
    (one,) = sample_runs.drawn_images(tmp_path, 1)
    given = replace(RUNNING, images=(replace(one, name="roc.png"), replace(one, name="loss.png")))
    view = show(given, {"fileUrl": sample_runs.png(9, 9)}, tab="Images", options={"files": True})
    view.page.get_by_role("button", name="Open roc.png").click()
    view.page.get_by_role("dialog", name="roc.png").wait_for()
    view.page.evaluate(AT_ONCE)
    view.page.get_by_role("button", name="Close").click()
    view.page.get_by_role("dialog", name="loss.png").wait_for()
    view.page.evaluate(PAINTED)
    expect(view.page.get_by_role("dialog", name="loss.png")).to_be_visible()


def test_the_tab_that_somebody_reads_stays_when_metrics_come(show: Show) -> None:
    view = show(RUNNING, METRICS.answers())
    view.page.get_by_role("tabpanel", name="Details").click()
    view.push(series=METRICS.summaries())
    expect(view.page.get_by_role("tab", name="Metrics")).to_contain_text("2")
    expect(view.page.get_by_role("tab", name="Details")).to_have_attribute("aria-selected", "true")


def test_metrics_that_somebody_looks_at_stay_when_the_run_fails(show: Show) -> None:
    view = show(RUNNING, METRICS.answers(), series=METRICS.summaries())
    view.page.get_by_role("application", name="loss").press("+")
    view.page.get_by_role("button", name="Show all loss").wait_for()
    view.push(details=sample_runs.ordinary(JobStatus.FAILED), is_final=True)
    expect(view.page.locator(".head .badge")).to_contain_text("Failed")
    expect(view.page.get_by_role("button", name="Show all loss")).to_be_visible()


def test_a_part_of_one_axis_is_not_sought_along_another(show: Show) -> None:
    view = show(RUNNING, METRICS.answers(), series=METRICS.summaries())
    view.page.get_by_role("application", name="loss").press("+")
    view.page.get_by_role("button", name="Show all loss").wait_for()
    view.page.get_by_label("Along").select_option("time")
    expect(view.page.get_by_role("button", name="Show all loss")).to_have_count(0)


def test_the_log_that_somebody_reads_stays_when_another_begins(show: Show) -> None:
    answers = FakeLog(50, counting, (0,)).answers()
    view = show(run(JobStatus.RUNNING), answers, tab=LOGS, **piece("step one\n", name=OTHER, is_new=True))
    view.page.get_by_label("Search in the log").fill("one")
    expect(view.page.locator("mark")).to_have_text("one")
    view.push(**piece("step two\n", is_new=True))
    view.page.evaluate(PAINTED)
    expect(view.page.get_by_role("region", name=f"Lines of {OTHER}")).to_be_visible()
    assert OTHER in view.page.evaluate("() => view.cursors.map(one => one.follow)")


def test_who_scrolls_is_not_taken_away_by_a_search_that_is_answered_later(show: Show) -> None:
    view = show(run(), FakeLog(900, counting, (700,)).answers(), tab=LOGS, is_final=True)
    lines = view.page.locator(".log .lines")
    expect(lines).to_contain_text("step 5 ")
    held(view, "search")
    view.page.get_by_label("Search in the log").fill("step")
    view.page.wait_for_function(ON_ITS_WAY)
    lines.evaluate("one => { one.scrollTop = 18 * 100; }")
    expect(lines).to_contain_text("step 105 ")
    arrive(view.page)
    expect(view.page.locator(".told").first).to_contain_text("1 line")
    expect(lines).to_contain_text("step 105 ")


def test_who_went_to_another_run_is_not_taken_to_the_one_that_is_submitted_again(show: Show) -> None:
    given = replace(RUNNING, identity=replace(RUNNING.identity, parent="big_sweep"))
    view = show(given, {"resubmit": {"run": "happy_toad", "status": "Queued"}}, tab="Details")
    held(view, "resubmit")
    view.page.get_by_role("button", name="Resubmit").click()
    view.page.get_by_role("button", name="big_sweep").click()
    view.push(run="big_sweep", details=sample_runs.ordinary())
    view.page.get_by_role("article", name="Run big_sweep").wait_for()
    arrive(view.page)
    expect(view.page.get_by_role("article", name="Run big_sweep")).to_be_visible()


def test_the_focus_is_not_brought_back_to_who_left_it_on_purpose(show: Show) -> None:
    view = show(RUNNING)
    view.page.get_by_role("button", name="Cancel").focus()
    view.page.mouse.click(500, 790)
    focused = "() => document.activeElement === document.body"
    assert view.page.evaluate(focused)
    view.push(details=sample_runs.ordinary(), is_final=True)
    expect(view.page.get_by_role("button", name="Cancel")).to_have_count(0)
    view.page.evaluate(PAINTED)
    assert view.page.evaluate(focused)


WIDGET: Final = """async told => {
  // a kernel that has told of a run, and hears what its view asks; it tells of logs as of everything else
  const {default: widget} = await import('./run.js');
  window.view.close();
  window.sent = [];
  const heard = [], model = {get: () => 'happy_frog', on: (_, hear) => heard.push(hear), off() {}, send};
  const say = said => heard[0](said, []);
  function send(one) {
    sent.push(one);
    if (one.question === 'logs') say({id: one.id, header: told.logs});
    if (one.question === 'lines') say({id: one.id, header: told.lines});
  }
  window.push = header => say({since: sent.findLast(one => one.question === 'changes').args.cursor, header});
  window.view.close = widget.render({model, el: document.getElementById('place')});
  push(told.changes);
}"""
CURSORS: Final = "() => sent.filter(one => one.question === 'changes').map(one => one.args.cursor.follow)"


def test_a_kernel_hears_at_once_which_log_is_chosen_and_what_it_says_then_is_shown(show: Show) -> None:
    page = show(None).page
    fake = FakeLog(1, lambda _: "the other one")
    begun = FIRST | piece("step one\n", is_new=True) | {"details": run(JobStatus.RUNNING)}
    answers = {
        "changes": begun,
        "logs": fake.answers()["logs"],
        "lines": fake.lines({"file": OTHER, "first": 0, "count": 9}),
    }
    page.evaluate(WIDGET, told(answers))
    page.get_by_role("tab", name=LOGS).click()
    page.get_by_role("combobox", name="Log", exact=True).select_option(OTHER)
    page.wait_for_function(f"({CURSORS})().includes('{OTHER}')")
    page.evaluate("more => push(more)", told(FIRST | piece("step two\n", name=OTHER, is_new=True)))
    expect(page.locator(".log .lines")).to_contain_text("step two")

"""The whole view with no mouse: every tab, every action; the focus is always seen, never caught and never lost."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from jupyter_aml.entities.run_details import RunTabs
from jupyter_aml.entities.run_diff import FileDiff, RunDiff
from jupyter_aml.entities.status import JobStatus
from tests.journeys.run_view.component.conftest import Show, View
from tests.journeys.run_view.component.keys import Keys
from tests.journeys.run_view.component.logs import FakeLog, counting, piece
from tests.journeys.run_view.component.metric_answers import Metrics
from tests.journeys.run_view.component.test_compare import compared
from tests.journeys.run_view.component.test_files import FILES, PREVIEWS, SNAPSHOT, preview
from tests.unit.widgets import sample_pipelines, sample_runs, sample_sweeps
from tests.unit.widgets.sample_runs import png

pytestmark = pytest.mark.browser
TABS = ("Details", "Metrics", "Images", "Child runs", "Outputs + logs", "Snapshot", "Explanations", "Fairness")
METRICS = Metrics({"loss": [1 / n for n in range(1, 300)], "accuracy": [n / 300 for n in range(299)], "auc": [0.9]})
CODE = {"yaml": "type: command", "python": "job = command()", "cli": "az ml job create", "magic": "%%aml_job"}
DIFF = RunDiff("happy_frog", "happy_dog", (FileDiff("notes.txt", "changed", (("-", "one"), ("+", "two"))),))
LOGGED = "samples/digit%step%{}%timestamp%1790000000{}%0a1b-2c.png"


def file(args: Mapping[str, Any]) -> Any:
    if args["name"] in PREVIEWS:
        return preview(args)
    shown = {"text": "", "columns": [], "rows": [], "is_cut": False, "cells": [], "size": 9}
    return {"kind": "image", "media_type": "image/png", "data": png(30, 20), "name": args["name"], **shown}


ANSWERS: Mapping[str, object] = {
    **FakeLog(2_000, counting, hits=(5, 700, 1_500)).answers(),
    **METRICS.answers(),
    "file": file,
    "diff": DIFF,
    "code": CODE,
    "compare": compared,
    "cancel": {"name": "happy_frog", "status": "CancelRequested"},
    "resubmit": {"run": "happy_toad", "status": "Queued"},
}


def everything(folder: Path, status: JobStatus = JobStatus.RUNNING) -> RunTabs:
    """A run that has something in every tab."""
    told = sample_runs.ordinary(status)
    (image,) = sample_runs.drawn_images(folder, 1)
    steps = tuple(replace(image, name=LOGGED.format(step, step)) for step in (0, 10, 20))
    identity = replace(told.identity, parent="big_sweep")
    return replace(told, log=None, files=FILES, snapshot=SNAPSHOT, images=(image, *steps), identity=identity)


def shown(show: Show, tabs: RunTabs, **more: Any) -> tuple[View, Keys]:
    changes = {"series": METRICS.summaries(), "options": {"notes": ["onOpen", "onRestore"], "page": "/run"}, **more}
    view = show(tabs, ANSWERS, **changes)
    view.page.get_by_role("tablist").wait_for()
    keys = Keys(view.page)
    keys.begin()
    return view, keys


def opened(show: Show, folder: Path, tab: str, **more: Any) -> tuple[View, Keys]:
    """The run at that tab, which was opened by keys."""
    view, keys = shown(show, everything(folder), **more)
    open_tab(view.page, keys, tab)
    return view, keys


def open_tab(page: Page, keys: Keys, tab: str) -> None:
    for _ in range(MOST_STOPS):
        keys.press("Tab")
        if page.evaluate("document.getElementById('place').shadowRoot.activeElement?.role") == "tab":
            break
    keys.press("Home")
    for _ in range(TABS.index(tab) if tab in TABS else 0):
        keys.press("ArrowRight")
    expect(page.get_by_role("tab", name=tab)).to_be_focused()


MOST_STOPS = 40
VIEWS = [*TABS, "trials", "graph", "compare"]
WHOLE: Mapping[str, str] = {
    "Metrics": "canvas >> nth=1",
    "Outputs + logs": ".sum >> text=2,000 lines",
    "Explanations": ".none .pre",
    "Fairness": ".none .pre",
    "compare": ".diff .lines",
}
PAINTED = "() => new Promise(done => requestAnimationFrame(() => setTimeout(done)))"


@pytest.mark.parametrize("what", VIEWS)
def test_tab_goes_through_all_of_it_and_back_again(show: Show, tmp_path: Path, what: str) -> None:
    if what == "compare":
        view = show(None, ANSWERS, options={"beside": ["second", "third"]})
        keys = Keys(view.page)
    elif what == "trials":
        view, keys = shown(show, sample_sweeps.sweep(30, 30, status=JobStatus.COMPLETED, running=0), is_final=True)
        view.page.get_by_text("Keep a part of an axis").click()
    elif what == "graph":
        view, keys = shown(show, sample_pipelines.flowing(), is_final=True)
        view.page.get_by_text("Within train_them").click()
    else:
        view, keys = opened(show, tmp_path, what)
    if what in WHOLE:  # what is answered later would be no stop yet
        view.page.locator(WHOLE[what]).wait_for()
    stops = keys.through()
    names = [stop.name for stop in stops]
    assert len({stop.number for stop in stops}) == len(stops), names
    assert [stop.name for stop in stops if not stop.is_ringed] == []
    assert [stop.name for stop in stops if not stop.is_in_sight] == []
    assert "" not in names
    assert keys.missed() == []
    assert [stop.number for stop in keys.back()][::-1] == [stop.number for stop in stops]


def test_each_tab_is_an_arrow_away(show: Show, tmp_path: Path) -> None:
    view, keys = opened(show, tmp_path, "Details")
    for name in (*TABS[1:], TABS[0]):
        keys.press("ArrowRight")
        expect(view.page.get_by_role("tab", name=name)).to_be_focused()
        expect(view.page.get_by_role("tabpanel", name=name)).to_be_visible()
    keys.press("End")
    expect(view.page.get_by_role("tab", name=TABS[-1])).to_be_focused()


def test_a_run_is_canceled_and_the_focus_stays_where_it_was(show: Show, tmp_path: Path) -> None:
    view, keys = shown(show, everything(tmp_path))
    keys.to("Cancel")
    keys.press("Enter")
    while ("cancel", {"run": "happy_frog"}) not in view.asked:
        view.page.evaluate(PAINTED)
    view.push(details=everything(tmp_path, JobStatus.CANCELED), is_final=True)
    expect(view.page.get_by_role("button", name="Cancel")).to_have_count(0)
    assert keys.at() is not None
    keys.to("Resubmit")


def test_a_job_is_submitted_again_and_the_focus_goes_to_the_new_run(show: Show, tmp_path: Path) -> None:
    view, keys = shown(show, everything(tmp_path), options={})
    keys.to("Resubmit")
    keys.press("Enter")
    view.page.get_by_text("Looking for happy_toad").wait_for()
    view.push(run="happy_toad", details=everything(tmp_path), series=METRICS.summaries())
    view.page.get_by_role("article", name="Run happy_toad").wait_for()
    assert keys.at() is not None
    keys.press("Tab")
    stop = keys.at()
    assert stop is not None
    assert stop.name == "Cancel"


def test_each_form_of_the_job_is_copied(show: Show, tmp_path: Path) -> None:
    view, keys = shown(show, everything(tmp_path))
    view.page.evaluate("() => { document.execCommand = () => window.copied = document.activeElement.value; }")
    keys.to("Copy as")
    keys.press("Enter")
    for name, text in (("YAML", "yaml"), ("Python", "python"), ("command line", "cli"), ("notebook cell", "magic")):
        keys.to(name)
        keys.press("Enter")
        view.page.wait_for_function("text => window.copied === text", arg=CODE[text])
    keys.press("Escape")
    expect(view.page.get_by_role("button", name="YAML")).not_to_be_visible()
    stop = keys.at()
    assert stop is not None
    assert stop.name.startswith("Copy as")
    keys.to("Open in a new tab")


def test_charts_are_smoothed_scaled_zoomed_reset_and_kept(show: Show, tmp_path: Path) -> None:
    view, keys = opened(show, tmp_path, "Metrics")
    page = view.page
    page.locator("canvas").nth(1).wait_for()
    keys.to("Along")
    keys.press("ArrowDown")
    expect(page.get_by_label("Along")).to_have_value("relative")
    keys.press("ArrowUp")
    keys.to("Smoothing")
    keys.press("PageUp", "ArrowRight")
    expect(page.locator(".bar output")).to_have_text("0.11")
    keys.to("log y")
    keys.press("Space")
    expect(page.get_by_label("log y")).to_be_checked()
    for caption, kept in (("CSV loss", "loss.csv"), ("SVG loss", "loss.svg")):
        keys.to(caption)
        with page.expect_download() as download:
            keys.press("Enter")
        assert download.value.suggested_filename == kept
    keys.to("loss: 299 points")
    keys.press("Home", "ArrowRight")
    expect(page.locator(".said").first).to_contain_text("0.5")
    keys.press("+")
    keys.to("Show all loss", "Shift+Tab")
    keys.press("Enter")
    expect(page.get_by_role("button", name="Show all")).to_have_count(0)
    assert keys.at() is not None
    keys.to("loss: 299 points")
    keys.press("+")
    page.get_by_role("button", name="Show all loss").wait_for()
    keys.press("0")
    expect(page.get_by_role("button", name="Show all")).to_have_count(0)
    keys.to("Table loss", "Shift+Tab")
    keys.press("Space")
    keys.to("Points of loss")
    keys.press("End")
    page.get_by_text("0.0033").first.wait_for()


def test_the_steps_of_an_image_are_gone_through_and_one_is_opened(show: Show, tmp_path: Path) -> None:
    view, keys = opened(show, tmp_path, "Images")
    keys.to("Step of samples/digit")
    keys.press("Home")
    expect(view.page.locator(".steps")).to_contain_text("step 0 · 1/3")
    keys.press("ArrowRight")
    expect(view.page.locator(".steps")).to_contain_text("step 10 · 2/3")
    keys.to("Open samples/digit", "Shift+Tab")
    keys.press("Enter")
    view.page.get_by_role("dialog").wait_for()
    keys.press("ArrowRight")
    view.page.get_by_text("3 of 3").wait_for()
    keys.press("Escape")
    expect(view.page.get_by_role("dialog")).to_have_count(0)
    stop = keys.at()
    assert stop is not None
    assert stop.name.startswith("Open samples/digit")


def test_trials_are_sorted_chosen_compared_and_opened(show: Show) -> None:
    view, keys = shown(show, sample_sweeps.sweep(30, 30, status=JobStatus.COMPLETED, running=0), is_final=True)
    page = view.page
    keys.to("Keep a part of an axis")
    keys.press("Enter")
    keys.to("learning_rate from")
    keys.press("PageUp", "PageUp", "PageUp")
    page.get_by_text("trials are kept").wait_for()
    keys.to("Keep all")
    keys.press("Enter")
    expect(page.get_by_text("trials are kept")).to_have_count(0)
    assert keys.at() is not None
    keys.to("Trial")
    keys.press("Enter")
    expect(page.get_by_role("columnheader", name="Trial", exact=True)).to_have_attribute("aria-sort", "ascending")
    for _ in range(2):
        keys.to("Compare ")
        keys.press("Space", "ArrowDown", "Shift+Tab")
    page.get_by_role("button", name="Compare 2 runs").wait_for()
    keys.to("Compare 2 runs", "Shift+Tab")
    keys.press("Enter")
    page.get_by_text("rows differ").wait_for()
    keys.press("Enter")
    keys.to("Open trial 2")
    keys.press("End", "Enter")
    assert page.evaluate("view.called[0]")[0] == "onOpen"


def test_a_log_is_searched_filtered_and_left_to_follow(show: Show, tmp_path: Path) -> None:
    view, keys = opened(show, tmp_path, "Outputs + logs")
    view.push(**piece("step 1,999\n", 1_999))
    page = view.page
    keys.to("Search in the log")
    page.keyboard.type("step")
    page.get_by_text("1 of 3 lines").wait_for()
    keys.press("Enter")
    page.get_by_text("2 of 3 lines").wait_for()
    keys.to("Next match")
    keys.press("Enter")
    page.get_by_text("3 of 3 lines").wait_for()
    keys.to("Which lines")
    keys.press("ArrowDown")
    expect(page.get_by_label("Which lines")).to_have_value("warning")
    keys.press("ArrowUp")
    keys.to("Follow")
    keys.press("Space")
    expect(page.get_by_label("Follow")).to_be_checked()
    keys.to("Lines of ")
    keys.press("Home")
    expect(page.get_by_label("Follow")).not_to_be_checked()


def test_files_are_found_shown_and_kept(show: Show, tmp_path: Path) -> None:
    view, keys = opened(show, tmp_path, "Outputs + logs")
    page = view.page
    page.get_by_role("tree").wait_for()
    keys.to("▾")
    while (stop := keys.at()) is not None and not stop.name.startswith("notes.txt"):
        keys.press("ArrowDown")
        assert keys.at() != stop
    keys.press("Enter")
    keys.to("Download")
    with page.expect_download() as download:
        keys.press("Enter")
    assert download.value.suggested_filename == "notes.txt"


def test_a_snapshot_is_held_against_another_and_its_cell_restored(show: Show, tmp_path: Path) -> None:
    view, keys = opened(show, tmp_path, "Snapshot")
    page = view.page
    keys.to("Compare with")
    page.keyboard.type("another")
    keys.to("Name of the job")
    page.keyboard.type("happy_dog")
    keys.press("Enter")
    page.get_by_text("Files: 1 changed.").wait_for()
    keys.to("notes.txt")
    keys.press("Enter")
    keys.to("Lines of notes.txt that differ")
    keys.to("Restore the cell", "Shift+Tab")
    keys.press("Enter")
    page.get_by_text("It is in the notebook.").wait_for()


def test_a_step_of_a_graph_is_opened(show: Show) -> None:
    view, keys = shown(show, sample_pipelines.running())
    keys.to("Larger")
    keys.press("Enter")
    keys.to("Graph")
    keys.to("↺prepare")
    keys.press("ArrowDown")
    stop = keys.at()
    assert stop is not None
    assert stop.is_ringed
    assert stop.is_in_sight
    keys.press("Enter")
    assert view.page.evaluate("view.called[0]") == ["onOpen", "cheerful_guava_x3kq7bdw1m_split"]

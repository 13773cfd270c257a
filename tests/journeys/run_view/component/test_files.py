"""The run's files in the view: a tree by keyboard, previews of every kind, how a snapshot differs from others."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import pytest
from playwright.sync_api import expect

from jupyter_aml.entities.run_details import RunFile, SnapshotFile
from jupyter_aml.entities.run_diff import Difference, FileDiff, RunDiff
from jupyter_aml.entities.run_files import FilePreview, NotebookCell
from jupyter_aml.entities.status import JobStatus
from tests.journeys.run_view.component.conftest import Show, View
from tests.journeys.run_view.component.logs import FakeLog, counting, run
from tests.journeys.run_view.component.work import work
from tests.unit.widgets.sample_runs import png

pytestmark = pytest.mark.browser

EVIL: Final = "<img src=x onerror=\"document.title='gone'\">\u202egnp.exe/../\x00"
SVG: Final = (
    b"<svg xmlns='http://www.w3.org/2000/svg' onload='document.title=1'><script>document.title=1</script>"
    b"<image href='http://run.test/asked'/></svg>"
)
PREVIEWS: Final[Mapping[str, Mapping[str, Any]]] = {
    "notes.txt": {"kind": "text", "media_type": "text/plain", "text": "one\ntwo\r\nthree\n"},
    "table.csv": {"kind": "table", "media_type": "text/csv", "columns": ("a", EVIL), "rows": (("1", EVIL), ("2", "x"))},
    "deep/er/config.json": {
        "kind": "json",
        "media_type": "application/json",
        "text": json.dumps({"rate": 0.1, EVIL: [1, {"inner": None}]}),
    },
    "cut.json": {"kind": "json", "media_type": "application/json", "text": '{"rate": [1, 2', "is_cut": True},
    "train.ipynb": {
        "kind": "notebook",
        "media_type": "application/x-ipynb+json",
        "cells": (
            NotebookCell("markdown", "# Title"),
            NotebookCell("code", "1/0", ("\x1b[31mZeroDivisionError\x1b[0m", EVIL)),
        ),
    },
    "plot.png": {"kind": "image", "media_type": "image/png", "data": png(40, 20)},
    "page.svg": {"kind": "image", "media_type": "image/svg+xml", "data": SVG},
    "model.bin": {"kind": "binary", "media_type": "application/octet-stream", "size": 12_000_000, "is_cut": True},
    EVIL: {"kind": "text", "media_type": "text/plain", "text": EVIL},
}  # fmt: skip
FILES: Final = tuple(RunFile(name, 10 * n, f"/data/{name}") for n, name in enumerate(PREVIEWS))
SNAPSHOT: Final = tuple(SnapshotFile(file.name, file.size, "ab" * 20) for file in FILES)
DIFF: Final = RunDiff(
    "happy_frog",
    "big_sweep",
    (
        FileDiff("notes.txt", "changed", (("@", "1"), (" ", "one"), ("-", "two"), ("+", EVIL))),
        FileDiff("new.py", "added", (("+", "import os"),)),
        FileDiff("old.bin", "removed", is_text=False),
        FileDiff("table.csv", "same"),
    ),
    params=(Difference("rate", "0.1", EVIL),),
    environment=(Difference("python", "3.11", ""),),
)


def preview(args: Mapping[str, Any]) -> FilePreview:
    known = PREVIEWS.get(args["name"])
    if known is None:
        message = f"The run has no file '{args['name']}'."
        raise LookupError(message)
    return FilePreview(**{"name": args["name"], "area": args["area"], "size": 10, **known})


ANSWERS: Final[Mapping[str, object]] = {**FakeLog(20, counting).answers(), "file": preview, "diff": DIFF}


def outputs(show: Show, files: tuple[RunFile, ...] = FILES, **more: Any) -> View:
    return show(run(files=files), ANSWERS, tab="Outputs + logs", is_final=True, **more)


def snapshot(show: Show, *, parent: str = "", **more: Any) -> View:
    told = run(JobStatus.COMPLETED)
    told = replace(told, snapshot=SNAPSHOT, identity=replace(told.identity, parent=parent))
    return show(told, ANSWERS, tab="Snapshot", is_final=True, **more)


def choose(view: View, name: str) -> None:
    view.page.get_by_role("treeitem", name=name).click()


def test_each_kind_of_file_is_shown_in_its_own_way(show: Show) -> None:
    view = outputs(show)
    shown = view.page.locator(".preview")
    choose(view, "notes.txt")
    expect(shown.locator(".line")).to_have_count(3)
    choose(view, "table.csv")
    expect(shown.get_by_role("columnheader", name="a", exact=True)).to_be_visible()
    choose(view, "config.json")
    expect(shown.get_by_text("0.1")).to_be_visible()
    shown.locator("summary", has_text="[2]").click()
    shown.locator("summary", has_text="1: ").click()
    expect(shown.get_by_text("null")).to_be_visible()
    choose(view, "cut.json")
    expect(shown.locator(".line")).to_contain_text('{"rate": [1, 2')
    expect(shown.get_by_text("Only its beginning is shown. The whole file: /data/cut.json")).to_be_visible()
    choose(view, "train.ipynb")
    expect(shown.locator(".k1")).to_have_text("ZeroDivisionError")
    choose(view, "model.bin")
    expect(shown.get_by_text("No text: 12 MB")).to_be_visible()
    choose(view, "plot.png")
    wide = "one => one.decode().then(() => one.naturalWidth)"
    assert shown.get_by_role("img", name="plot.png").evaluate(wide) > 0


def test_no_name_and_no_file_is_more_than_text(show: Show) -> None:
    view = outputs(show)
    for item in view.page.get_by_role("treeitem").all():
        if item.get_attribute("aria-expanded") is None:
            item.click()
            view.page.locator(".preview .none", has_text="Reading").wait_for(state="detached")
    assert view.page.title() == "run"
    assert "\u202e" not in view.page.locator(".tree").inner_text()
    assert view.page.locator(".preview script, .preview iframe").count() == 0


def test_the_tree_is_walked_by_keyboard(show: Show) -> None:
    view = outputs(show)
    view.page.get_by_role("treeitem").first.focus()
    focused = "() => document.getElementById('place').shadowRoot.activeElement.textContent"
    assert "deep" in view.page.evaluate(focused) or "<img" in view.page.evaluate(focused)
    view.page.keyboard.press("End")
    last = view.page.evaluate(focused)
    view.page.keyboard.press("Enter")
    expect(view.page.locator(".preview h5")).to_contain_text(last.partition(".")[0])
    view.page.keyboard.press("Home")
    folders = view.page.locator("[aria-expanded]")
    count = view.page.get_by_role("treeitem").count()
    view.page.keyboard.press("ArrowLeft")
    assert view.page.get_by_role("treeitem").count() < count
    view.page.keyboard.press("ArrowRight")
    assert view.page.get_by_role("treeitem").count() == count
    assert folders.count() >= 2


def test_ten_thousand_files_are_found_by_a_few_letters(show: Show) -> None:
    many = tuple(RunFile(f"epoch_{n % 100}/shard_{n}.bin", n) for n in range(10_000))
    view = outputs(show, (*many, RunFile("report/final.txt", 5)))
    assert view.page.get_by_role("treeitem").count() == 101  # folders are closed where there are many
    view.page.get_by_label("Filter files of the run").fill("FINAL")
    expect(view.page.get_by_role("treeitem")).to_have_count(2)


HUGE: Final[Mapping[str, Mapping[str, Any]]] = {
    "one_line": {"kind": "text", "text": "x" * 1_000_000},
    "no_text": {"kind": "text", "text": "\n" * 1_000_000},
    "wide": {"kind": "table", "columns": ("c",) * 2_000, "rows": (("1",) * 2_000,) * 40},
    "deep": {"kind": "json", "text": "[" * 400_000 + "]" * 400_000},
    "keys": {"kind": "json", "text": json.dumps({f"key {n}": n for n in range(50_000)})},
    "cells": {"kind": "notebook", "cells": (NotebookCell("code", "y" * 900_000, ("z\n" * 40_000,)),)},
}


@pytest.mark.parametrize("name", HUGE)
def test_what_is_huge_is_shown_in_part_and_at_once(show: Show, name: str) -> None:
    told = FilePreview(**{"name": name, "area": "outputs", "media_type": "", "size": 1_000_000, **HUGE[name]})
    view = show(run(files=(RunFile(name, 1),)), {**ANSWERS, "file": told}, tab="Outputs + logs", is_final=True)
    took = work(view.page)
    choose(view, name)
    view.page.locator(".preview :is(.lines, .scroll, .cells)").wait_for()
    assert took() < 25
    assert view.page.locator(".preview *").count() < 25_000


def test_a_file_that_is_gone_is_said_to_be(show: Show) -> None:
    view = outputs(show, (RunFile("gone.txt", 1),))
    choose(view, "gone.txt")
    expect(view.page.locator(".preview .problem")).to_contain_text("The run has no file 'gone.txt'.")


def test_a_file_can_be_kept_with_and_without_an_address(show: Show) -> None:
    view = outputs(show)
    choose(view, "notes.txt")
    with view.page.expect_download() as download:
        view.page.locator(".preview").get_by_text("Download").click()
    assert download.value.suggested_filename == "notes.txt"
    view = outputs(show, options={"files": True})
    choose(view, "model.bin")
    link = view.page.locator(".preview").get_by_role("link", name="Download")
    assert "model.bin" in (link.get_attribute("href") or "")


def test_a_snapshot_is_compared_with_whatever_is_named(show: Show) -> None:
    view = snapshot(show)
    said = view.page.get_by_text("Files: 1 changed, 1 added, 1 removed, 1 same.")
    for kind, told in (("another job", "happy_dog"), ("a folder", "./src"), ("a cell", "%%aml_job\nprint(1)")):
        view.page.get_by_label("Compare with").select_option(kind)
        expect(said).to_have_count(0)
        view.page.locator("form input, form textarea").fill(told)
        view.page.get_by_role("button", name="Compare", exact=True).click()
        expect(said).to_be_visible()
        against = next(args["against"] for question, args in reversed(view.asked) if question == "diff")
        assert told in {against["name"], against["path"], against["text"]}
    choose(view, "notes.txt")
    expect(view.page.locator(".line.removed")).to_contain_text("- two")
    expect(view.page.locator(".line.added")).to_contain_text("+ <img")
    expect(view.page.get_by_role("table", name="Parameters")).to_contain_text("rate")
    assert view.page.get_by_role("treeitem").count() == 3
    view.page.get_by_label("Only what differs").uncheck()
    expect(view.page.get_by_role("treeitem")).to_have_count(4)


def test_where_nothing_differs_there_is_no_list_and_no_word_of_a_missing_file(show: Show) -> None:
    same = RunDiff("happy_frog", "the cell", (FileDiff("notes.txt", "same"),))
    view = show(replace(run(), snapshot=SNAPSHOT), {**ANSWERS, "diff": same}, tab="Snapshot", options={"cell": "x"})
    view.page.get_by_label("Compare with").select_option("the current cell")
    expect(view.page.get_by_text("Nothing differs.")).to_be_visible()
    expect(view.page.get_by_role("tree")).to_have_count(0)
    expect(view.page.get_by_text("No such file.")).to_have_count(0)
    view.page.get_by_label("Only what differs").uncheck()
    expect(view.page.get_by_role("treeitem")).to_have_count(1)


def test_lines_that_were_left_out_of_many_are_asked_for_when_they_are_wanted(show: Show) -> None:
    left = FileDiff("notes.txt", "changed", is_cut=True)
    told = replace(run(), snapshot=SNAPSHOT)
    whole = FileDiff("notes.txt", "changed", (("-", "two"), ("+", "three")))
    view = show(
        told, {**ANSWERS, "diff": RunDiff("happy_frog", "happy_dog", (left,)), "file_diff": whole}, tab="Snapshot"
    )
    view.page.get_by_label("Compare with").select_option("another job")
    view.page.get_by_label("Name of the job").fill("happy_dog")
    view.page.get_by_role("button", name="Compare", exact=True).click()
    choose(view, "notes.txt")
    expect(view.page.locator(".line.added")).to_contain_text("+ three")
    asked = next(args for question, args in view.asked if question == "file_diff")
    assert (asked["file"], asked["against"]["name"]) == ("notes.txt", "happy_dog")
    assert [question for question, _ in view.asked].count("file_diff") == 1


def test_a_parent_is_offered_where_there_is_one(show: Show) -> None:
    view = snapshot(show, parent="big_sweep")
    view.page.get_by_label("Compare with").select_option("its parent")
    expect(view.page.get_by_text("Files: 1 changed")).to_be_visible()
    assert snapshot(show).page.get_by_role("option", name="its parent").count() == 0


def test_the_current_cell_is_compared_at_once_where_it_is_known(show: Show) -> None:
    view = snapshot(show, options={"cell": "%%aml_job\nprint(2)"})
    view.page.get_by_label("Compare with").select_option("the current cell")
    expect(view.page.get_by_text("Files: 1 changed")).to_be_visible()
    against = next(args["against"] for question, args in view.asked if question == "diff")
    assert (against["kind"], against["text"]) == ("cell", "%%aml_job\nprint(2)")
    assert snapshot(show).page.get_by_role("option", name="the current cell").count() == 0


def test_the_cell_goes_back_to_the_notebook_by_one_click(show: Show) -> None:
    told = run()
    answers = {**ANSWERS, "code": {"yaml": "", "python": "", "cli": "", "magic": "%%aml_job\nprint(1)"}}
    view = show(told, answers, tab="Snapshot", is_final=True, options={"notes": ["onRestore"]})
    view.page.get_by_role("button", name="Restore the cell").click()
    expect(view.page.get_by_text("It is in the notebook.")).to_be_visible()
    assert view.page.evaluate("() => view.called") == [["onRestore", "%%aml_job\nprint(1)"]]


def test_files_and_snapshots_are_sound_for_everybody(show: Show) -> None:
    view = outputs(show, look="dark")
    for name in ("table.csv", "config.json", "train.ipynb"):
        choose(view, name)
        view.page.locator(f".preview [aria-label$='{name}'], .preview .json").first.wait_for()
        assert view.axe() == []
    view = snapshot(show, parent="one", look="dark")
    view.page.get_by_label("Compare with").select_option("its parent")
    choose(view, "notes.txt")
    view.page.locator(".diff").wait_for()
    assert view.axe() == []

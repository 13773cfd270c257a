"""The Images tab in a real browser: a gallery, steps under a slider, one in full, bytes let go; nothing runs."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from jupyter_aml.entities.run_details import RunImage, RunTabs
from tests.journeys.run_view.component.conftest import Show, View
from tests.unit.widgets import sample_runs

pytestmark = pytest.mark.browser
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>top.bad = 1</script><circle r='9' onload='top.bad = 1'/></svg>"
HOSTILE = "<img src=x onerror=window.bad=1>.png"
LOGGED = "samples/digit%step%{step}%timestamp%1790000000{step}%0a1b-2c{end}"


def logged(folder: Path) -> tuple[RunTabs, dict[str, Any]]:
    """A run with images of every kind, and what `file` answers."""
    drawn = sample_runs.drawn_images(folder, 3)
    files = {one.name: Path(one.path).read_bytes() for one in drawn}
    for step in (0, 10, 200):
        files[LOGGED.format(step=step, end=".png")] = sample_runs.png(60, 40, seed=step)
        files[LOGGED.format(step=step, end="%compressed.webp")] = b"webp"
    files |= {"roc.svg": SVG, HOSTILE: sample_runs.png(30, 30), "broken.png": b"no image", "scan.tiff": b"II*\0"}
    kinds = {"svg": "image/svg+xml", "tiff": "image/tiff", "webp": "image/webp"}
    images = [
        RunImage(name, kinds.get(name.rpartition(".")[2], "image/png"), len(content), f"/run/{name}")
        for name, content in files.items()
    ]

    def file(args: dict[str, Any]) -> dict[str, Any]:
        plain: dict[str, Any] = {"text": "", "columns": [], "rows": [], "is_cut": False}
        content = files[args["name"]]
        return {"kind": "image", "media_type": "image/png", "size": len(content), "data": content, **plain}

    return replace(sample_runs.ordinary(), images=tuple(images)), {"file": file}


def loaded(view: View) -> int:
    return view.page.locator(".shot img").evaluate_all("all => all.filter(one => one.naturalWidth > 0).length")


def shown(show: Show, folder: Path, **more: Any) -> View:
    tabs, answers = logged(folder)
    view = show(tabs, answers, tab="Images", is_final=True, height=1600, **more)
    view.page.get_by_text("This file is no image that can be drawn.").wait_for()
    view.page.wait_for_function(
        "() => [...document.querySelector('#place').shadowRoot.querySelectorAll('.shot img')]"
        ".filter(one => one.naturalWidth > 0).length === 4"
    )
    return view


def test_the_gallery_is_sound_for_everybody(show: Show, tmp_path: Path) -> None:
    view = shown(show, tmp_path, look="forced")
    assert view.axe() == []
    view.page.get_by_role("button", name="Open roc.svg").click()
    view.page.get_by_role("dialog").wait_for()
    assert view.axe() == []


def test_images_of_one_name_are_one_with_a_slider(show: Show, tmp_path: Path) -> None:
    view = shown(show, tmp_path)
    names = view.page.locator("figcaption bdi").all_inner_texts()
    assert names == ["figures/confusion.png", "samples/digit.png", "roc.svg", HOSTILE, "broken.png", "scan.tiff"]
    slider = view.page.get_by_label("Step of samples/digit.png")
    assert slider.get_attribute("aria-valuetext") == "step 200"
    slider.press("ArrowLeft")
    assert slider.get_attribute("aria-valuetext") == "step 10"
    wanted = {LOGGED.format(step=step, end=".png") for step in (10, 200)}
    while not wanted <= {args["name"] for question, args in view.asked if question == "file"}:
        view.page.wait_for_timeout(10)
    assert not [args for _, args in view.asked if "compressed" in str(args)]


def test_one_opens_in_full_and_the_keyboard_goes_on_and_back(show: Show, tmp_path: Path) -> None:
    view = shown(show, tmp_path)
    view.page.get_by_role("button", name="Open figures/confusion.png, step 2").press("Enter")
    dialog = view.page.get_by_role("dialog")
    assert dialog.get_attribute("aria-label") == "figures/confusion_02.png"
    view.page.keyboard.press("ArrowLeft")
    view.page.get_by_role("dialog", name="figures/confusion_01.png").wait_for()
    view.page.keyboard.press("Escape")
    dialog.wait_for(state="detached")
    focused = view.page.evaluate("document.querySelector('#place').shadowRoot.activeElement.innerText")
    assert focused.startswith("Open figures/confusion.png")


def test_no_image_runs_anything(show: Show, tmp_path: Path) -> None:
    view = shown(show, tmp_path)
    assert view.page.evaluate("window.bad") is None


def test_an_image_is_downloaded_as_it_is(show: Show, tmp_path: Path) -> None:
    view = shown(show, tmp_path / "run")
    with view.page.expect_download() as found:
        view.page.get_by_role("button", name="Download roc.svg").click()
    found.value.save_as(tmp_path / "saved.svg")
    assert (tmp_path / "saved.svg").read_bytes() == SVG


def test_bytes_are_let_go_when_the_tab_is_left(show: Show, tmp_path: Path) -> None:
    view = shown(show, tmp_path)
    urls = view.page.locator(".shot img").evaluate_all("all => all.map(one => one.src)")
    assert all(url.startswith("blob:") for url in urls)
    view.tab("Details")
    view.page.locator(".shot").first.wait_for(state="detached")
    gone = "urls => Promise.all(urls.map(url => fetch(url).then(() => false, () => true)))"
    while not all(view.page.evaluate(gone, urls)):
        view.page.wait_for_timeout(50)
    view.complaints[:] = [said for said in view.complaints if "blob:" not in said and "ERR_FILE_NOT_FOUND" not in said]


def test_where_files_have_addresses_nothing_is_asked(show: Show, tmp_path: Path) -> None:
    tabs, answers = logged(tmp_path)
    answers["fileUrl"] = sample_runs.png(50, 50)
    view = show(tabs, answers, tab="Images", options={"files": True}, height=1600)
    view.page.locator(".shot img").first.wait_for()
    view.page.wait_for_function(
        "() => [...document.querySelector('#place').shadowRoot.querySelectorAll('.shot img')]"
        ".every(one => one.naturalWidth > 0)"
    )
    assert [question for question, _ in view.asked if question == "file"] == []

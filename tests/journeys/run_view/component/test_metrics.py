"""The Metrics tab in a real browser: drawn, zoomed, smoothed, read by keyboard, exported, followed; never frozen."""

import math
import random
import re
import time
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from jupyter_aml.entities.status import JobStatus
from tests.journeys.run_view.component.conftest import Show, View
from tests.journeys.run_view.component.metric_answers import Metrics
from tests.journeys.run_view.component.work import processor_time, work
from tests.unit.widgets import sample_runs

pytestmark = pytest.mark.browser
RUNNING = sample_runs.ordinary(JobStatus.RUNNING)
HOSTILE = "<script>window.bad=1</script><img src=x onerror=window.bad=1>"
INKED = """canvas => {
  // how many pixels are drawn on; read from a copy, for a canvas that is read is drawn on slowly ever after
  const {width, height} = canvas;
  const copy = new OffscreenCanvas(width, height).getContext('2d', {willReadFrequently: true});
  copy.drawImage(canvas, 0, 0);
  return copy.getImageData(0, 0, width, height).data.filter((one, n) => n % 4 === 3 && one > 0).length;
}"""
MILLION = """() => {
  const count = 1_000_000, x = new Float64Array(count), y = new Float64Array(count);
  for (let n = 0; n < count; n++) { x[n] = n; y[n] = Math.sin(n / 9e4) + (n * 7919 % 1000) / 900; }
  view.answer = async () => ({answer: [{key: 'loss', count, x_low: 0, x_high: count - 1, first: 0, marks: [],
    is_thinned: false, x: x.buffer, y: y.buffer}]});
}"""


def curves(**more: list[float]) -> Metrics:
    rng = random.Random(5)
    loss, accuracy = sample_runs.falling(rng, 200), [1 - one for one in sample_runs.falling(rng, 900)]
    return Metrics({"loss": loss, "accuracy": accuracy, "auc": [0.93], "n_params": [1_234_567.0], **more})


def odd() -> Metrics:
    """What a careless or hostile job logs."""
    return Metrics({
        HOSTILE: [1, 2, 3],
        "x" * 5_000: [1, 2, 3],
        "\u202egnitirw tfel ot thgir": [4, 5, 6],
        "holes": [0.1, math.nan, 0.4, math.inf, 0.3, -math.inf, 0.2],
        "nothing": [math.nan] * 5,
        "huge": [1.7e308, -1.7e308, 1e300, 5e-324],
        "near": [1e17, 1e17 + 16, 1e17 + 32],
        "flat": [2.0] * 40,
        "below": [-1.0, 0.0, -3.0],
        "one nan": [math.nan],
    })  # fmt: skip


def shown(show: Show, metrics: Metrics, **more: Any) -> View:
    return show(RUNNING, metrics.answers(), tab="Metrics", series=metrics.summaries(), **more)


def card(view: View, name: str) -> Locator:
    return view.page.locator("figure.card").filter(has=view.page.locator("figcaption", has_text=name)).first


def drawn(view: View, name: str) -> Locator:
    """A metric's chart, once something is drawn."""
    card(view, name).scroll_into_view_if_needed()
    canvas = card(view, name).locator("canvas")
    canvas.wait_for()
    until(view, lambda: canvas.evaluate(INKED) > 100)
    return card(view, name).locator(".canvas")


def until(view: View, is_so: Any, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, view.asked[-3:]
        view.page.wait_for_timeout(20)


def asked(view: View, key: str) -> list[dict[str, Any]]:
    return [curve for curve in curves_asked(view) if curve["key"] == key]


def curves_asked(view: View, before: int = 0) -> list[dict[str, Any]]:
    """Of every question but so many at first."""
    return [curve for question, args in view.asked[before:] if question == "series" for curve in args["curves"]]


def test_every_way_of_showing_is_sound_for_everybody(show: Show) -> None:
    view = shown(show, curves(), look="forced")
    drawn(view, "loss")
    view.page.get_by_role("button", name="Table accuracy").click()
    assert view.axe() == []
    view.page.locator(".switch").get_by_role("button", name="Table").click()
    view.page.get_by_role("button", name="loss").click()
    view.page.get_by_role("region", name="Points of loss").wait_for()
    assert view.axe() == []


def test_curves_are_charts_and_single_values_are_bars(show: Show) -> None:
    view = shown(show, curves())
    drawn(view, "loss")
    drawn(view, "accuracy")
    assert view.page.locator(".bars li").all_inner_texts() == ["auc\n0.93", "n_params\n1,234,567"]
    assert view.page.locator("canvas").count() == 2


def test_a_drag_zooms_and_asks_again_for_that_part_only(show: Show) -> None:
    view = shown(show, curves())
    box = drawn(view, "loss").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + 60
    view.page.mouse.move(x, y)
    view.page.mouse.down()
    view.page.mouse.move(x + 60, y, steps=3)
    view.page.mouse.up()
    until(view, lambda: asked(view, "loss")[-1]["low"] is not None)
    part = asked(view, "loss")[-1]
    assert 60 < part["low"] < part["high"] < 180
    assert part["after"] == 0
    assert view.page.evaluate("document.documentElement.scrollWidth <= innerWidth")  # the cursor went with the drawing
    view.page.get_by_role("button", name="Show all loss").click()
    until(view, lambda: asked(view, "loss")[-1]["low"] is None)


def test_the_keyboard_reads_points_zooms_and_comes_back(show: Show) -> None:
    view = shown(show, curves(few=[3.0, 2.0, 1.5]))
    chart, said = drawn(view, "few"), card(view, "few").locator(".said")
    chart.focus()
    chart.press("ArrowRight")
    assert said.inner_text().split() == ["step", "0", "3"]
    chart.press("End")
    assert said.inner_text().split() == ["step", "2", "1.5"]
    chart.press("+")
    until(view, lambda: asked(view, "few")[-1]["low"] == 1.5)
    chart.press("0")
    until(view, lambda: asked(view, "few")[-1]["low"] is None)


def test_smoothing_and_axes_change_the_drawing_not_the_data(show: Show) -> None:
    view = shown(show, curves(few=[4.0, 2.0, 1.0]))
    chart, said = drawn(view, "few"), card(view, "few").locator(".said")
    before = len(view.asked)
    view.page.get_by_label("Smoothing").fill("0.5")
    view.page.get_by_label("log y").check()
    view.page.get_by_label("log x").check()
    chart.focus()
    chart.press("End")
    assert said.inner_text().split() == ["step", "2", "1", "smoothed", "1.714"]
    assert len(view.asked) == before
    view.page.get_by_label("Along").select_option("relative")
    until(view, lambda: asked(view, "few")[-1]["x"] == "relative")


def test_what_has_no_number_is_marked_and_said(show: Show) -> None:
    view = shown(show, odd())
    chart, said = drawn(view, "holes"), card(view, "holes").locator(".said")
    chart.focus()
    chart.press("Home")
    seen = list[str]()
    for _ in range(7):
        seen.append(said.inner_text().split()[2])
        chart.press("ArrowRight")
    assert seen == ["0.1", "NaN", "0.4", "∞", "0.3", "−∞", "0.2"]


def test_no_metric_freezes_the_page_or_runs_in_it(show: Show) -> None:
    view = shown(show, odd())
    for name in ("huge", "near", "flat", "below", "nothing"):
        drawn(view, name)
    for way in ("log y", "log x"):
        view.page.get_by_label(way).check()
    for name in ("huge", "below", "nothing"):
        drawn(view, name)
    assert view.page.get_by_text("3 at or below 0").count() == 0  # nothing of it is above: its axis stays linear
    view.page.get_by_role("searchbox").fill("(a+)+$[")
    assert view.page.locator("figure.card").count() == 0
    view.page.get_by_role("searchbox").fill("script")
    assert view.page.locator("figcaption bdi").inner_text() == HOSTILE
    assert view.page.evaluate("window.bad") is None


def test_points_are_a_table_of_which_only_a_part_is_there(show: Show) -> None:
    view = shown(show, Metrics({"loss": [n / 7 for n in range(1_000_000)]}))
    drawn(view, "loss")
    view.page.get_by_role("button", name="Table loss").click()
    table = view.page.get_by_role("region", name="Points of loss")
    table.get_by_text("0.14285714285714285").wait_for()
    table.focus()
    table.press("End")
    expect(table.get_by_role("row").last).to_have_text(re.compile(r"999,999.*142857"))
    table.press("ArrowUp")
    assert table.get_by_role("row").first.is_visible()
    assert table.get_by_role("row").count() < 20
    assert max(args["count"] for question, args in view.asked if question == "points") <= 200


def test_csv_has_every_point_and_svg_is_the_drawing(show: Show, tmp_path: Path) -> None:
    view = shown(show, Metrics({HOSTILE: [1.0, math.nan, 0.1 + 0.2]}))
    drawn(view, "script")
    texts = list[str]()
    for form in ("CSV", "SVG"):
        with view.page.expect_download() as found:
            view.page.get_by_role("button", name=form).click()
        assert re.fullmatch(r"[\w.-]+", found.value.suggested_filename)
        found.value.save_as(tmp_path / form)
        texts.append((tmp_path / form).read_text())
    lines = texts[0].split()
    assert lines[0] == "step,timestamp_ms,value"
    assert [line.split(",")[2] for line in lines[1:]] == ["1", "NaN", "0.30000000000000004"]
    assert "<path" in texts[1]
    assert "<script" not in texts[1]
    assert "&lt;script" in texts[1]


def test_a_theme_that_changes_changes_the_ink(show: Show) -> None:
    view = shown(show, curves())
    drawn(view, "loss")
    ink = "canvas => canvas.getContext('2d').fillStyle"
    canvas = card(view, "loss").locator("canvas")
    before = canvas.evaluate(ink)
    view.page.emulate_media(color_scheme="dark")
    until(view, lambda: canvas.evaluate(ink) != before)


def test_charts_that_come_into_sight_together_are_asked_for_together(show: Show) -> None:
    view = shown(show, Metrics({f"metric {n}": [float(n), 1.0] for n in range(4)}))
    drawn(view, "metric 3")
    (together,) = [args["curves"] for question, args in view.asked if question == "series"]
    assert [(curve["key"], curve["pixels"]) for curve in together] == [(f"metric {n}", 300) for n in range(4)]


def test_only_what_is_new_is_asked_for_and_only_in_sight(show: Show) -> None:
    metrics = Metrics({f"metric {n:02}": [float(n), 1.0] for n in range(50)})
    view = shown(show, metrics)
    drawn(view, "metric 00")
    before = len(view.asked)

    def tick() -> None:
        for values in metrics.values.values():
            values.append(math.sin(len(values) / 5))
        view.push(series=metrics.summaries())
        view.page.wait_for_timeout(100)

    worked, began = processor_time(view.page), time.monotonic()
    for _ in range(8):
        tick()
    took, busy = time.monotonic() - began, worked()
    later = curves_asked(view, before)
    seen = {args["key"] for args in later}
    assert 0 < len(seen) <= 18
    assert len(later) <= len(seen) * (2 * took + 2)
    assert all(args["after"] > 0 for args in later[len(seen) :])
    until(view, lambda: tick() or asked(view, "metric 00")[-1]["after"] >= 6)
    assert busy < 0.6 * took


@pytest.mark.parametrize("is_sent_whole", [False, True])
def test_a_million_points_cost_little(show: Show, *, is_sent_whole: bool) -> None:
    values = [math.sin(n / 9e4) + (n * 7919 % 1000) / 900 for n in range(1_000_000)]
    metrics = Metrics({"loss": values})
    view = show(RUNNING, metrics.answers(), tab="Details")
    if is_sent_whole:
        view.page.evaluate(MILLION)
    view.push(series=metrics.summaries())
    view.page.get_by_role("tab", name="Metrics 1").wait_for()
    spent = work(view.page)
    view.tab("Metrics")
    canvas = card(view, "loss").locator("canvas")
    canvas.wait_for()
    view.page.wait_for_function(
        "() => document.querySelector('#place').shadowRoot.querySelector('canvas').width !== 300"
    )
    assert 0.05 < spent() < (16 if is_sent_whole else 4)

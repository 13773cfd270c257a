"""A pipeline's graph, live: its steps open, arrows move between them, and the table says the same."""

from dataclasses import replace

import pytest

from tests.journeys.run_view.component.conftest import Show
from tests.unit.widgets import sample_pipelines

pytestmark = pytest.mark.browser
BAD = "<img src=x onerror=alert(1)>\u202egnp\x1b[31m' \" & " + "W" * 200
FOCUS = "document.querySelector('#place').shadowRoot.activeElement.dataset.box"


def test_a_pipeline_opens_at_its_graph_and_nothing_is_wrong_with_it(show: Show) -> None:
    view = show(sample_pipelines.flowing(), look="light")
    view.page.get_by_role("tab", name="Graph", selected=True).wait_for()
    view.page.get_by_text("Within train_them").click()
    view.page.get_by_role("group", name="Graph within train_them").wait_for()
    assert view.axe() == []


def test_arrows_go_from_step_to_step_and_enter_opens_one(show: Show) -> None:
    view = show(sample_pipelines.running(), options={"notes": ["onOpen"]})
    page = view.page
    page.locator(".step", has_text="prepare").focus()
    page.keyboard.press("ArrowDown")
    assert page.evaluate(FOCUS) == "step split"
    page.keyboard.press("ArrowDown")
    assert page.evaluate(FOCUS) == "step featurize"
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    assert page.evaluate("view.called[0]") == ["onOpen", "cheerful_guava_x3kq7bdw1m_split"]
    assert page.locator(".step[tabindex='0']").count() == 1


def test_boxes_keep_their_places_while_the_steps_run(show: Show) -> None:
    before = sample_pipelines.running()
    view = show(before)
    places = "all => all.map(one => [one.dataset.box, one.style.left, one.style.top])"
    seen = view.page.locator(".step").evaluate_all(places)
    assert before.pipeline is not None
    done = tuple(replace(step, state=sample_pipelines.State.COMPLETED) for step in before.pipeline.steps)
    view.push(details=replace(before, pipeline=replace(before.pipeline, steps=done)))
    view.page.get_by_text("7 of 7 steps").wait_for()
    assert view.page.locator(".step").evaluate_all(places) == seen


def test_no_box_lies_on_another_and_none_beside_the_sheet(show: Show) -> None:
    view = show(sample_pipelines.large(), width=1280)
    boxes = view.page.locator(".step").evaluate_all(
        "all => all.map(one => [one.offsetLeft, one.offsetTop, one.offsetWidth, one.offsetHeight])"
    )
    width = view.page.locator(".sheet").evaluate("one => one.offsetWidth")
    assert len(boxes) == 100
    for n, (x, y, wide, high) in enumerate(boxes):
        assert 0 <= x <= x + wide <= width
        for left, top, other, tall in boxes[n + 1 :]:
            assert x + wide <= left or left + other <= x or y + high <= top or top + tall <= y


def test_larger_and_smaller(show: Show) -> None:
    view = show(sample_pipelines.running(), width=360)
    sheet = "document.querySelector('#place').shadowRoot.querySelector('.sheet').getBoundingClientRect().width"
    view.page.wait_for_function(f"{sheet} < 360")  # it fits
    first = view.page.evaluate(sheet)
    view.page.get_by_role("button", name="Larger").click()
    assert view.page.evaluate(sheet) > first
    view.page.get_by_role("button", name="Fit").click()
    assert view.page.evaluate(sheet) == first


def test_names_from_anywhere_are_only_text(show: Show) -> None:
    view = show(sample_pipelines.hostile(BAD), is_final=True, width=700)
    view.page.locator(".step").first.wait_for()
    assert view.page.locator("img").count() == 0
    assert view.page.evaluate("document.documentElement.scrollWidth") <= 700

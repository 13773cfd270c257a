"""A pipeline's graph in a real browser: read by eye, keyboard and screen reader, in every width and theme."""

import pytest
from playwright.sync_api import Page

from jupyter_aml.entities.run_details import Tab
from jupyter_aml.widgets.detail import Look
from jupyter_aml.widgets.html import body, frame, page
from tests.journeys.run_view.browsing import CONTRAST, Opened, visible
from tests.unit.widgets import sample_pipelines

pytestmark = pytest.mark.browser
LOOK = Look("aml1", sample_pipelines.CREATED + 28)
SAMPLES = (sample_pipelines.running, sample_pipelines.failed, sample_pipelines.flowing, sample_pipelines.large)
OUT = """() => [...document.querySelectorAll('.p4, .p4 *')].filter(node => {
  const box = node.closest('.sc, .gb');
  if (!node.checkVisibility() || box && box !== node) return false;
  const own = node.getBoundingClientRect(), all = document.querySelector('.aml-run').getBoundingClientRect();
  return own.width && (own.right > all.right + 1 || own.left < all.left - 1);
}).map(node => node.outerHTML.slice(0, 80))"""
BOXES = """() => [...document.querySelectorAll('.gw')].flatMap(graph => {
  const whole = graph.getBoundingClientRect();
  const all = [...graph.querySelectorAll('a, .gp')].map(box => [box.textContent, box.getBoundingClientRect()]);
  const wrong = all.filter(([_, a]) => a.left < whole.left || a.right > whole.right || a.bottom > whole.bottom);
  const over = all.filter(([_, a], n) => all.slice(n + 1).some(([_, b]) =>
    a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom));
  return [...wrong, ...over].map(([text]) => text);
})"""
CUT = """() => [...document.querySelectorAll('.gw a, .gw small, .gp')]
  .filter(node => node.scrollWidth > node.clientWidth).map(node => node.textContent)"""
MARK = "(node) => getComputedStyle(node, '::before').content"


def marks(shown: Page) -> dict[str, str]:
    """The mark of each box by its step's name."""
    boxes = shown.locator(".gw a").all()
    return {str(box.evaluate("node => node.firstChild.data")): box.locator("small").evaluate(MARK)[1] for box in boxes}


def test_a_pipeline_opens_at_its_graph(opened: Opened) -> None:
    shown = opened(page(sample_pipelines.running(), LOOK))
    assert visible(shown) == ["Graph"]
    assert shown.locator(".tb label").first.inner_text().startswith("Graph")
    assert shown.get_by_text("3 of 7 steps, 2 reused, 2 running, 2 waiting, 28 s").is_visible()


def test_every_state_has_its_mark(opened: Opened) -> None:
    shown = opened(page(sample_pipelines.failed(), LOOK))
    assert marks(shown) == {
        "prepare": "↺", "split": "↺", "featurize": "✓", "train": "✕", "tune": "■", "score_all": "–", "compare": "–",
    }  # fmt: skip


def test_a_click_on_a_box_leads_to_the_row_of_its_step(opened: Opened) -> None:
    shown = opened(page(sample_pipelines.large(), LOOK))
    shown.locator(".gw a").nth(73).click()
    row = shown.locator("tr:target")
    assert row.locator("th").inner_text() == "train_part_7_3"
    assert row.evaluate("row => getComputedStyle(row).boxShadow") != "none"
    seen = """row => {
      const box = row.closest('.sc').getBoundingClientRect(), own = row.getBoundingClientRect();
      return own.top >= box.top + 20 && own.bottom <= box.bottom + 1;
    }"""
    shown.wait_for_function(seen, arg=row.element_handle())  # the browser scrolls with its next frame


def test_a_pipeline_within_is_one_click_away(opened: Opened) -> None:
    shown = opened(page(sample_pipelines.flowing(), LOOK))
    shown.get_by_role("link", name="1 of 3 steps").click()
    assert shown.locator(":target").inner_text().startswith("Within train_them")
    assert set(marks(shown)) >= {"fit", "check", "register"}


@pytest.mark.parametrize("width", [360, 700, 1400])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_sticks_out_and_every_text_stands_out(opened: Opened, scheme: str, width: int) -> None:
    for sample in SAMPLES:
        shown = opened(page(sample(), LOOK), scheme=scheme, width=width)
        assert shown.evaluate("document.documentElement.scrollWidth") <= width
        assert shown.evaluate(OUT) == []
        if sample is not sample_pipelines.large:  # as its boxes are those of the others
            assert shown.evaluate(CONTRAST) == []


def test_no_box_hides_another_and_what_they_say_fits(opened: Opened) -> None:
    for sample in SAMPLES:
        shown = opened(page(sample(), LOOK))
        assert shown.evaluate(BOXES) == []
        assert shown.evaluate(CUT) == []


def test_a_running_step_is_in_sight_after_every_repaint(opened: Opened) -> None:
    tabs = sample_pipelines.large()
    shown = opened(f"<div>{frame('aml1', pipeline=tabs.pipeline)}</div><div id=output></div>", width=500)
    seen = """markup => {
      document.getElementById('output').innerHTML = markup;
      const box = document.querySelector('.gb').getBoundingClientRect();
      return [...document.querySelectorAll('.gw .live')].some(node => {
        const own = node.getBoundingClientRect(); return own.left >= box.left && own.right <= box.right;
      });
    }"""
    for _ in range(2):
        assert shown.evaluate(seen, body(tabs, LOOK))


def test_assistive_technology_meets_a_picture_told_in_words_and_a_table(opened: Opened) -> None:
    shown = opened(page(sample_pipelines.running(), LOOK))
    session = shown.context.new_cdp_session(shown)
    session.send("Accessibility.enable")
    nodes = [node for node in session.send("Accessibility.getFullAXTree")["nodes"] if not node.get("ignored")]
    named = [(node["role"]["value"], node.get("name", {}).get("value", "")) for node in nodes if "role" in node]
    roles = [role for role, _ in named]
    assert any(name.startswith("Graph of 7 steps. prepare (reused) leads to split.") for _, name in named)
    assert (roles.count("columnheader"), roles.count("rowheader")) == (6, 7)
    assert "link" not in roles  # boxes are for the pointer: what they lead to is in the table
    assert not any(name in {"✓", "↺", "●"} for _, name in named)


def test_the_keyboard_reaches_the_graph_and_the_table_and_stops_at_no_box(opened: Opened) -> None:
    shown = opened(page(sample_pipelines.running(), LOOK))
    stops = list[str]()
    for _ in range(5):
        shown.keyboard.press("Tab")
        stops.append(str(shown.evaluate("document.activeElement.ariaLabel || document.activeElement.tagName")))
    assert stops[2:4] == ["Graph", "Steps"]
    assert "A" not in stops


def test_forced_colours_keep_lines_boxes_and_marks(opened: Opened) -> None:
    shown = opened(page(sample_pipelines.running(), LOOK))
    shown.emulate_media(forced_colors="active")
    line = shown.locator(".gw .ed").first.evaluate("node => getComputedStyle(node).stroke")
    assert line == shown.evaluate("getComputedStyle(document.body).color")
    assert marks(shown)["train"] == "●"
    styles = {
        shown.locator(f".gw .{kind}").first.evaluate("n => getComputedStyle(n).borderStyle") for kind in ("ok", "wt")
    }
    assert styles == {"solid", "dashed"}


def test_hostile_names_of_steps_run_nothing(opened: Opened) -> None:
    act = "document.title='owned'"
    text = f"""'"><script>{act}</script><img src=x onerror="{act}"><svg onload="{act}"></style>{{}}</a>"""
    shown = opened(page(sample_pipelines.hostile(text), LOOK))
    for box in shown.locator(".gw a[href]").all():
        box.click(force=True)
    assert shown.title() == "run"
    assert shown.locator("script").count() == 0


def test_print_shows_the_whole_graph(opened: Opened) -> None:
    shown = opened(page(sample_pipelines.large(), LOOK))
    shown.emulate_media(media="print")
    assert len(visible(shown)) == len(Tab)
    assert shown.evaluate("(b => b.scrollHeight <= b.clientHeight)(document.querySelector('.gb'))")

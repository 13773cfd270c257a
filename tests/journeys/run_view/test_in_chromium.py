"""A page in a real browser, the network cut: tabs by mouse and keyboard, repaints, themes, narrow windows, print."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from jupyter_aml.entities.run_details import RunTabs, Tab
from jupyter_aml.entities.status import JobStatus
from jupyter_aml.widgets.detail import Look
from jupyter_aml.widgets.html import body, frame, page
from tests.journeys.run_view.browsing import CONTRAST, Opened, visible
from tests.unit.widgets import sample_runs, sample_sweeps

pytestmark = pytest.mark.browser
LOOK = Look("aml1", sample_runs.CREATED + 9)
LAYOUT = """() => [...document.querySelectorAll('.aml-run, .aml-run *')].map(node => {
  const style = getComputedStyle(node), sides = ['Top', 'Right', 'Bottom', 'Left'];
  const keys = ['fontSize', 'lineHeight', 'fontWeight', 'textAlign', 'listStyleType', 'display', 'whiteSpace'];
  const all = [...keys, ...sides.map(side => 'padding' + side), ...sides.map(side => 'border' + side + 'Width')];
  if (!['FIGURE', 'ARTICLE'].includes(node.tagName)) all.push('marginTop', 'marginBottom');
  const name = node.tagName + '.' + (node.className.baseVal ?? node.className);
  return [name, ...all.map(key => key + ' ' + style[key]), node.tagName === 'CODE' ? style.backgroundColor : ''];
})"""


def ordinary(folder: Path) -> RunTabs:
    return sample_runs.ordinary(folder=folder)


def test_one_tab_shows_at_a_time_and_a_click_changes_it(opened: Opened, tmp_path: Path) -> None:
    shown = opened(page(ordinary(tmp_path), LOOK))
    assert visible(shown) == [Tab.METRICS]
    for tab in Tab:
        shown.locator(".tb label", has_text=tab).click()
        assert visible(shown) == [tab]


def test_the_keyboard_alone_reaches_every_tab(opened: Opened, tmp_path: Path) -> None:
    shown = opened(page(ordinary(tmp_path), LOOK))
    shown.keyboard.press("Tab")
    seen = list[str]()
    for _ in Tab:
        shown.keyboard.press("ArrowRight")
        seen += visible(shown)
    assert sorted(seen) == sorted(Tab)
    outline = "getComputedStyle(document.querySelector('[for=aml1-2]')).outlineStyle"
    assert shown.evaluate(outline) == "solid"


def test_metrics_are_charts_or_a_table(opened: Opened, tmp_path: Path) -> None:
    shown = opened(page(ordinary(tmp_path), LOOK))
    assert shown.locator(".ch").first.is_visible()
    shown.get_by_text("Table", exact=True).click()
    assert not shown.locator(".ch").first.is_visible()
    assert shown.locator("th[scope=row]", has_text="val_loss").is_visible()


def test_a_repaint_keeps_the_tab_and_the_focus(opened: Opened, tmp_path: Path) -> None:
    running = sample_runs.ordinary(JobStatus.RUNNING)
    shown = opened(f"<div>{frame('aml1')}</div><div id=output>{body(running, LOOK)}</div>")
    assert visible(shown) == [Tab.DETAILS]
    shown.get_by_text("Snapshot").first.click()
    for later in range(3):
        again = body(running, replace(LOOK, now=LOOK.now + later))
        shown.evaluate("markup => { document.getElementById('output').innerHTML = markup }", again)
        assert visible(shown) == [Tab.SNAPSHOT]
        assert shown.evaluate("document.activeElement.id") == f"aml1-{list(Tab).index(Tab.SNAPSHOT) + 1}"


def test_two_views_in_a_page_do_not_disturb_each_other(opened: Opened, tmp_path: Path) -> None:
    shown = opened(page(ordinary(tmp_path), LOOK) + page(sample_runs.new(), replace(LOOK, view="aml2")))
    shown.locator("#aml2 .tb label", has_text="Fairness").click()
    assert visible(shown) == [Tab.METRICS, Tab.FAIRNESS]


def test_styles_leave_the_rest_of_the_page_alone(opened: Opened, tmp_path: Path) -> None:
    probe = "<div id=probe><h3>a</h3><table><tr><td class='p n2'>b</table><pre>c</pre><code>d</code></div>"
    style = """[...document.querySelectorAll('#probe, #probe *')].map(
      node => JSON.stringify([...getComputedStyle(node)].map(key => getComputedStyle(node)[key])))"""
    assert opened(probe).evaluate(style) == opened(probe + page(ordinary(tmp_path), LOOK)).evaluate(style)


@pytest.mark.parametrize("width", [360, 700, 1400])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_sticks_out_and_every_text_stands_out(opened: Opened, tmp_path: Path, scheme: str, width: int) -> None:
    for tabs in (ordinary(tmp_path), sample_runs.failed()):
        shown = opened(page(tabs, LOOK), scheme=scheme, width=width)
        for tab in Tab:
            shown.locator(".tb label", has_text=tab).click()
            assert shown.evaluate("document.documentElement.scrollWidth") <= width, tab
            assert shown.evaluate(CONTRAST) == [], tab


def test_a_notebooks_styles_do_not_change_the_view(opened: Opened, tmp_path: Path) -> None:
    """nbconvert's page brings JupyterLab's own style sheets, and `.jp-RenderedHTMLCommon` around each output."""
    markup = page(ordinary(tmp_path), LOOK) + page(sample_sweeps.sweep(8), replace(LOOK, view="aml2"))
    alone, inside = opened(markup).evaluate(LAYOUT), opened(exported(markup)).evaluate(LAYOUT)
    assert len(alone) > 200
    assert [pair for pair in zip(alone, inside, strict=True) if pair[0] != pair[1]] == []


def exported(markup: str) -> str:
    import nbformat
    from nbconvert import HTMLExporter

    output = nbformat.v4.new_output("display_data", {"text/html": markup})
    cell = nbformat.v4.new_code_cell("1", outputs=[output])
    text, _ = HTMLExporter(embed_images=True).from_notebook_node(nbformat.v4.new_notebook(cells=[cell]))
    return re.sub(r"<script.*?</script>", "", text, flags=re.DOTALL)


def test_jupyterlabs_own_colours_are_taken(opened: Opened) -> None:
    dark = "<style>:root{--jp-layout-color0:#111;--jp-ui-font-color0:#eee}</style>"
    shown = opened(dark + page(sample_runs.failed(), LOOK))
    assert shown.evaluate("getComputedStyle(document.querySelector('.aml-run')).backgroundColor") == "rgb(17, 17, 17)"
    assert shown.evaluate(CONTRAST) == []


def test_hostile_text_runs_nothing(opened: Opened) -> None:
    act = "document.title='owned'"
    text = f"""'"><script>{act}</script><img src=x onerror="{act}"><svg onload="{act}">"""
    shown = opened(page(sample_runs.hostile(text), LOOK))
    for tab in Tab:
        shown.locator(".tb label", has_text=tab).click()
    assert shown.title() == "run"


def test_a_log_opens_at_its_end(opened: Opened) -> None:
    tabs = sample_runs.ordinary()
    shown = opened(page(tabs, LOOK), width=700)
    shown.locator(".tb label", has_text="Outputs + logs").click()
    end = "(() => { const box = document.querySelector('.p5 .lg'), pre = box.firstChild.getBoundingClientRect();"
    assert shown.evaluate(end + " return pre.bottom <= box.getBoundingClientRect().bottom + 2 })()")


def test_print_shows_every_tab_with_its_title(opened: Opened, tmp_path: Path) -> None:
    shown = opened(page(ordinary(tmp_path), LOOK))
    shown.emulate_media(media="print")
    assert visible(shown) == list(Tab)
    assert not shown.locator(".tb").is_visible()
    assert shown.locator("h4").first.bounding_box()["height"] > 10  # pyright: ignore[reportOptionalSubscript] - it is shown


def test_pictures_are_drawn_from_the_page_itself(opened: Opened, tmp_path: Path) -> None:
    shown = opened(page(ordinary(tmp_path), LOOK))
    shown.locator(".tb label", has_text="Images").click()
    widths = shown.eval_on_selector_all(".im img", "all => all.map(image => image.naturalWidth)")
    assert widths
    assert all(width > 0 for width in widths)

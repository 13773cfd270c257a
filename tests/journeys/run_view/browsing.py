"""A page in a real browser, the network cut, and what is asked of it. No kernel starts here."""

from collections.abc import Callable, Iterator
from shutil import which

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_APPS = ("Google Chrome", "Chromium")
_KNOWN = (*_NAMES, *(f"/Applications/{name}.app/Contents/MacOS/{name}" for name in _APPS))
CHROMIUM = next((found for name in _KNOWN if (found := which(name))), "chromium")  # as .ci/chromium.sh looks for it
PATIENCE = 120_000  # milliseconds until a test gives up: of a browser that starts on a cold disk, too
expect.set_options(timeout=PATIENCE)
HEAD = "<!doctype html><html lang=en><meta charset=utf-8><title>run</title>"
SHEET = f"{HEAD}<body style='background:Canvas;color-scheme:light dark'>"
CONTRAST = """() => {
  // the ratio of WCAG 2 between every text of the view and what lies behind it
  const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const paint = (ground, colour) => {
    canvas.fillStyle = ground; canvas.fillRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const light = (rgb) => rgb.map(c => c / 255).map(c => c <= .03928 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4)
    .reduce((sum, c, n) => sum + c * [.2126, .7152, .0722][n], 0);
  const ground = (node) => {
    let colour = 'rgb(255,255,255)';
    const above = [];
    for (let at = node; at; at = at.parentElement) above.unshift(getComputedStyle(at).backgroundColor);
    for (const one of above) colour = 'rgb(' + paint(colour, one).join(',') + ')';
    return colour;
  };
  const found = [];
  for (const node of document.querySelectorAll('.aml-run *')) {
    const said = [...node.childNodes].some(one => one.nodeType === 3 && one.data.trim());
    if (!said || !node.checkVisibility()) continue;
    const style = getComputedStyle(node), behind = ground(node);
    const ink = node.namespaceURI.endsWith('svg') ? style.fill : style.color;
    const [a, b] = [light(paint(behind, ink)), light(paint(behind, behind))].sort((x, y) => y - x);
    const ratio = (a + .05) / (b + .05);
    const name = node.className.baseVal ?? node.className;
    if (ratio < 4.5) found.push([name, node.textContent.slice(0, 30), ratio.toFixed(2)]);
  }
  return found;
}"""

Opened = Callable[..., Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments, timeout=PATIENCE)
        yield started
        started.close()


@pytest.fixture
def opened(browser: Browser) -> Iterator[Opened]:
    """Opens markup as a page; fails when it asked for anything or complained."""
    asked, said, contexts = list[str](), list[str](), list[Page]()

    def open_page(markup: str, *, scheme: str = "light", width: int = 1000) -> Page:
        shown = browser.new_page(color_scheme=scheme, viewport={"width": width, "height": 700})  # pyright: ignore[reportArgumentType] - a test's own two words
        shown.set_default_timeout(PATIENCE)
        shown.on("request", lambda request: asked.append(request.url))
        shown.on("console", lambda message: said.append(message.text))
        shown.on("pageerror", lambda error: said.append(str(error)))
        shown.route("**/*", lambda route: route.abort())
        shown.set_content(SHEET + markup)
        contexts.append(shown)
        return shown

    yield open_page
    for one in contexts:
        one.close()
    assert [url for url in asked if not url.startswith("data:")] == []
    assert said == []


def visible(shown: Page) -> list[str]:
    return shown.eval_on_selector_all("section", "all => all.filter(s => s.checkVisibility()).map(s => s.ariaLabel)")

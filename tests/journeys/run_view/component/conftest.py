"""The view's own bundle in a real browser, the network cut: what it is told, the test says. No kernel, no server."""

import base64
import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, is_dataclass
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, Page, Route

from jupyter_aml.entities.run_details import RunTabs
from jupyter_aml.entities.sweep_details import JsonValue, json_number
from tests.journeys.run_view.browsing import PATIENCE
from tests.oracles.package import alone

ROOT: Final = Path(__file__).parents[4]
SOURCES: Final = ROOT / "labextension"
BUNDLE: Final = ROOT / "jupyter_aml/widgets/static/run.js"
RUN: Final = "happy_frog"
HOST: Final = "http://run.test/"
HTML: Final = """<!doctype html><html lang=en><meta charset=utf-8><title>run</title>
<body style='background:Canvas;color:CanvasText;color-scheme:light dark;margin:8px'>
<main id=place></main><script type=module src=page.js></script>"""
FIRST: Final = {"cursor": {}, "details": None, "series": [], "log": None, "is_final": False, "progress": None}
LOOKS: Final[Mapping[str, Any]] = {
    "light": {"color_scheme": "light", "forced_colors": "none"},
    "dark": {"color_scheme": "dark", "forced_colors": "none"},
    "forced": {"color_scheme": "dark", "forced_colors": "active"},
}
"""How a person may see it. Each view is looked at in one of them, so that together they are seen in all."""
AXE: Final = """async () => (await axe.run(document))
  .violations.filter(one => ['serious', 'critical'].includes(one.impact))
  .map(one => [one.id, ...one.nodes.map(node => node.html.slice(0, 200) + ' | ' + node.failureSummary)])"""

Answers = Mapping[str, object]
"""By question: what is answered, or a function of the arguments that answers, or raises the refusal."""


def told(value: object) -> Any:
    """A value as the page takes it: dataclasses as records, bytes as ArrayBuffers, what JSON lacks as words."""
    if isinstance(value, bytes):
        return {"$base64": base64.b64encode(value).decode()}
    if isinstance(value, RunTabs):
        return told(asdict(value) | {"metrics": []})
    if is_dataclass(value) and not isinstance(value, type):
        return told(asdict(value))
    if isinstance(value, Mapping):
        return {str(key): told(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [told(one) for one in value]
    return json_number(value) if isinstance(value, float) else value


@dataclass
class View:
    """A page that shows a run, and what it asked so far."""

    page: Page
    answers: Answers = field(default_factory=dict[str, object])
    number: int = 0
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list[tuple[str, dict[str, Any]]])
    complaints: list[str] = field(default_factory=list[str])

    def push(self, **changes: object) -> None:
        """Something changed: fields of `Changes`; the rest of them are as if nothing had. `run`: of another run."""
        run = changes.pop("run", RUN)
        change = json.dumps(told(FIRST | changes))  # as text: the driver looks at every value of anything else
        self.page.evaluate("([run, change]) => view.push(run, JSON.parse(change))", [run, change])

    def tab(self, caption: str) -> None:
        self.page.get_by_role("tab", name=caption).click()

    def answer(self, question: str, args: dict[str, Any]) -> JsonValue:
        """What the page asks by way of `window.answer`."""
        self.asked.append((question, args))
        known = self.answers.get(question)
        if known is None:
            self.complaints.append(f"nobody told the test's page how to answer {question} {args}")
            return {"refusal": "unknown question"}
        try:
            return {"answer": told(known(args) if callable(known) else known)}
        except LookupError as error:
            return {"refusal": str(error.args[0]), "is_gone": isinstance(error, KeyError)}

    def axe(self) -> list[list[str]]:
        """What axe-core finds serious or critical; nothing is well."""
        self.page.evaluate((SOURCES / "node_modules/axe-core/axe.min.js").read_text())
        return self.page.evaluate(AXE)

    def route(self, route: Route) -> None:
        """What is fetched: the view, the test's page, files that have addresses; nothing else is there."""
        name = route.request.url.removeprefix(HOST)
        pages = {"run.js": BUNDLE, "page.js": Path(__file__).with_name("page.js")}
        if not name:
            route.fulfill(body=HTML, content_type="text/html")
        elif name in pages:
            route.fulfill(path=pages[name], content_type="text/javascript")
        elif name == "favicon.ico" or (name.startswith("file?") and not name.startswith(f"file?{self.number}/")):
            route.fulfill(status=204)  # the latter: of a view that is gone
        elif name.startswith("file?") and "fileUrl" in self.answers:
            route.fulfill(body=bytes(self.answers["fileUrl"]), content_type="image/png")  # pyright: ignore[reportArgumentType] - a test's own
        else:
            self.complaints.append(f"asked for {name}")
            route.abort()


@dataclass
class Screen:
    """The one page of all tests of a module: a page of its own for each test would take a second."""

    page: Page
    view: View

    def connect(self) -> None:
        """Let the page ask the view that it shows at the time."""
        self.page.on("console", lambda message: self.view.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.view.complaints.append(str(error)))
        self.page.route("**/*", self._route)
        self.page.expose_function("answer", self._answer)
        self.page.goto(HOST)
        self.page.wait_for_function("() => window.view")

    def _route(self, route: Route) -> None:
        self.view.route(route)

    def _answer(self, number: int, question: str, args: dict[str, Any]) -> str:
        return json.dumps(self.view.answer(question, args) if number == self.view.number else {"refusal": "gone"})

    def show(self, answers: Answers, look: str, size: tuple[int, int], options: Mapping[str, object]) -> View:
        """A view of the run, alone in the page."""
        self.view = View(self.page, answers, self.view.number + 1)
        self.page.emulate_media(**LOOKS[look])
        self.page.set_viewport_size({"width": size[0], "height": size[1]})
        self.page.mouse.move(0, 0)
        self.page.evaluate("given => view.open(...given)", [self.view.number, RUN, options])
        return self.view


Show = Callable[..., View]


@pytest.fixture(scope="session")
def bundle() -> Path:
    """The view, built anew when a source is younger."""
    with alone("run-view"):  # other tests of the view may begin beside these
        _build()
    return BUNDLE


def _build() -> None:
    node = Path(sys.executable).parent
    if not (SOURCES / "node_modules/axe-core").is_dir():
        _say([str(node / "jlpm"), "install", "--immutable"])
    sources = [SOURCES / "esbuild.mjs", *SOURCES.glob("src/**/*.ts*")]
    if not BUNDLE.exists() or BUNDLE.stat().st_mtime < max(one.stat().st_mtime for one in sources):
        _say([str(node / "node"), "esbuild.mjs"])


def _say(words: Sequence[str]) -> None:
    done = subprocess.run(words, cwd=SOURCES, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def screen(browser: Browser, bundle: Path) -> Iterator[Screen]:
    """A page with the view's bundle."""
    assert bundle.exists()
    page = browser.new_page()
    page.set_default_timeout(PATIENCE)
    made = Screen(page, View(page))
    made.connect()
    yield made
    page.close()


@pytest.fixture
def show(screen: Screen) -> Iterator[Show]:
    """Shows a run: `show(tabs, answers, tab="Metrics", series=…)`. A complaint of the page fails the test at its end.

    `look`: light, dark or forced colours; `options`: `beside`, `notes` (callbacks that are noted in `view.called`),
    `files` (there are addresses of files; `answers["fileUrl"]` holds what is behind them). A second view takes the
    place of the first.
    """
    views = list[View]()

    def show_run(
        tabs: RunTabs | Mapping[str, object] | None,
        answers: Answers | None = None,
        *,
        tab: str = "",
        look: str = "light",
        width: int = 1000,
        height: int = 800,
        options: Mapping[str, object] | None = None,
        **changes: object,
    ) -> View:
        view = screen.show(answers or {}, look, (width, height), options or {})
        views.append(view)
        if tabs is not None:
            view.push(details=tabs, **changes)
        if tab:
            view.tab(tab)
        return view

    yield show_run
    assert [said for one in views for said in one.complaints] == []

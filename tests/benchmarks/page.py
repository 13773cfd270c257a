"""A run's page in Chromium, served by a real Jupyter server from a home of its own; what its page works. No row."""

import json
import statistics
import tempfile
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from jupyter_aml import MLClient
from jupyter_aml.entities.workspace import DEFAULT_WORKSPACE
from jupyter_aml.operations.workspaces import Workspace
from tests.benchmarks.row import Row
from tests.conftest import made_home
from tests.journeys.lab.conftest import TOKEN, Server
from tests.journeys.run_view.browsing import CHROMIUM

LIMIT: Final = 60.0
"""Seconds: what takes longer is broken, not slow."""
WHERE: Final = {
    "subscription_id": DEFAULT_WORKSPACE.subscription_id,
    "resource_group": DEFAULT_WORKSPACE.resource_group,
    "workspace": DEFAULT_WORKSPACE.name,
}
_QUIET: Final = 0.002
"""Seconds of work between two looks in which a page is at rest."""
_WATCH: Final = """window.painted = test => new Promise(done => {
  // what the view's own root holds, looked for in each frame; then when that frame was on the screen
  const holds = new Function('root', `return ${test}`);
  const look = () => {
    const root = document.getElementById('run')?.shadowRoot;
    if (root && holds(root)) requestAnimationFrame(() => setTimeout(() => done(performance.now())));
    else requestAnimationFrame(look);
  };
  look();
});"""
_ASKED: Final = "() => performance.getEntriesByType('resource').find(one => one.name.includes('run.js')).fetchStart"
_AGAIN: Final = """async test => {
  // another view in a page whose module is loaded: what JupyterLab does when an output is shown
  const { open } = await import(document.querySelector('link[rel=modulepreload]').href);
  const { first, ...asked } = JSON.parse(document.getElementById('asked').textContent);
  const element = document.createElement('main');
  document.getElementById('run').replaceWith(element);
  element.id = 'run';
  await new Promise(done => setTimeout(done, 100));
  const began = performance.now();
  const close = open(element, asked);
  const took = (await window.painted(test)) - began;
  close();
  return took;
}"""
CLICK: Final = """what => {
  const root = document.getElementById('run').shadowRoot;
  const button = new Function('root', `return ${what}`)(root);
  const began = performance.now();
  button.click();
  return began;
}"""
_CLICKED: Final = f"""async ([what, test]) => {{
  const began = ({CLICK})(what);
  return (await window.painted(test)) - began;
}}"""


@dataclass
class Bench:
    """Where pages are opened: a server and a browser, and the client that fills their home."""

    client: MLClient
    server: Server
    chromium: Browser

    @property
    def workspace(self) -> Workspace:
        """For what is written straight into the stores."""
        return self.client.workspace

    def address(self, *runs: str) -> str:
        """Of the page that shows these runs."""
        query = urlencode([("run", run) for run in runs] + [*WHERE.items(), ("token", TOKEN)])
        return f"{self.server.base}/jupyter-aml/run?{query}"

    @contextmanager
    def page(self, *runs: str, until: str = "true", height: int = 1000) -> Iterator[Page]:
        """A fresh window with these runs, once what is asked of `root` is on the screen; nothing disturbs it."""
        context = self.chromium.new_context(viewport={"width": 1400, "height": height})
        try:
            page = context.new_page()
            page.set_default_timeout(LIMIT * 1000)
            page.add_init_script(f"{_WATCH} window.first = window.painted({json.dumps(until)})")
            page.goto(self.address(*runs), wait_until="commit")
            page.evaluate("window.first")
            yield page
        finally:
            context.close()

    def mounted(self, *runs: str, until: str) -> float:
        """Milliseconds until what is asked of `root` is on the screen, from when a fresh page asks for the module.

        Fetching and compiling it is in it, and what the server answers.
        """
        with self.page(*runs, until=until) as page:
            return float(page.evaluate("window.first")) - float(page.evaluate(_ASKED))

    def mounted_again(self, run: str, until: str, repeats: int) -> list[float]:
        """The same from when the module, already there, is told to show the run; its questions are in it."""
        with self.page(run, until=until) as page:
            return [float(page.evaluate(_AGAIN, until)) for _ in range(repeats)]


@contextmanager
def bench() -> Generator[Bench]:
    """A server, a browser and a client over a home of their own; nothing of them is left."""
    import pytest

    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as monkeypatch:
        homes = made_home(Path(folder), monkeypatch)
        server = Server(Path(folder) / "server", next(homes), "server")
        server.start()
        try:
            with sync_playwright() as playwright:
                arguments = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
                chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
                yield Bench(MLClient.default(), server, chromium)
                chromium.close()
        finally:
            server.stop()
            next(homes, None)


def log(workspace: Workspace, run: str, values: Iterable[tuple[str, int, float]]) -> None:
    """Metrics (key, step, value) written as MLflow's store holds them: through its API a million would take minutes."""
    now = int(time.time() * 1000)
    rows = ((key, value, now + step, run, step) for key, step, value in values)
    with workspace.runs._connections.writing() as connection:  # noqa: SLF001 - see above
        connection.executemany("INSERT INTO metrics VALUES (?, ?, ?, ?, ?, 0)", rows)
        connection.execute(
            "INSERT INTO latest_metrics (key, value, timestamp, run_uuid, step, is_nan) "
            "SELECT key, value, max(timestamp), run_uuid, step, 0 FROM metrics WHERE run_uuid = ? GROUP BY key",
            (run,),
        )


class Work:
    """How long a page's main thread works, by its own processor time; what we ask it meanwhile is left out."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._session: CDPSession = page.context.new_cdp_session(page)
        self._session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def of(self, act: Callable[[], object]) -> float:
        """The milliseconds that an act costs, until the page is at rest again."""
        before = self._rest()
        act()
        return 1000 * (self._rest() - before)

    def _rest(self) -> float:
        until, last = time.monotonic() + LIMIT, -1.0
        while (now := self._seconds()) - last > _QUIET:
            assert time.monotonic() < until, "a page that never rests"
            last = now
            time.sleep(0.5)
        return now

    def _seconds(self) -> float:
        told = {one["name"]: one["value"] for one in self._session.send("Performance.getMetrics")["metrics"]}
        return float(told["TaskDuration"] - told["DevToolsCommandDuration"])


def clicked(page: Page, what: str, until: str = "true") -> float:
    """Milliseconds from a click on what is said of `root` until what is asked is on the screen."""
    return float(page.evaluate(_CLICKED, [what, until]))


def at_most(name: str, ours: float, limit: float, unit: str = "ms") -> Row:
    """A row that is held to a figure."""
    return Row(name, ours, limit, unit, ours / limit, f"≤ {limit:g} {unit}", ours <= limit)


def p95(values: Iterable[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


def alive(pids: Iterable[int]) -> list[int]:
    """Which of these processes are still there; one that is dead and not yet reaped is not."""
    return [pid for pid in pids if _state(pid) not in "ZX"]


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return "X"

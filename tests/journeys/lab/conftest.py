"""JupyterLab and Notebook 7 as a person meets them: a real server, a real kernel, Chromium; the network is cut."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal
from urllib.request import Request, urlopen

import nbformat
import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from jupyter_aml import MLClient
from tests.conftest import made_home
from tests.journeys.run_view.browsing import CHROMIUM, PATIENCE

TOKEN: Final = "a-test-of-ours"  # noqa: S105 - of a server that lives as long as its test
LIMIT: Final = 120.0  # seconds: nothing here takes longer on a cold and busy machine
App = Literal["lab", "notebook", "server"]
_QUIET: Final = {"fetchNews": "false", "checkForUpdates": False}
_EXPOSE: Final[dict[App, list[str]]] = {
    "lab": ["--LabApp.expose_app_in_browser=True"],
    "notebook": ["--JupyterNotebookApp.expose_app_in_browser=True"],
    "server": [],
}
_READY: Final = """async path => {
  await window.jupyterapp.restored;
  const { shell } = window.jupyterapp;
  while (shell.currentWidget?.context?.path !== path) await new Promise(done => setTimeout(done, 50));
  await shell.currentWidget.context.ready;
  await shell.currentWidget.sessionContext.ready;
}"""

_STILL: Final = """async () => {
  // nothing fades or moves any more, but what never stops
  const moving = () => document.getAnimations().filter(one => one.effect.getComputedTiming().endTime !== Infinity);
  do {
    await Promise.allSettled(moving().map(one => one.finished));
    await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  } while (moving().length);
}"""


@dataclass
class Server:
    """A Jupyter server of its own: folders, port and token; its kernels see the test's home."""

    folder: Path
    home: Path
    app: App = "lab"
    without_extension: bool = False
    port: int = 0  # it finds one itself, and keeps it: what is free now may be taken when it has started
    process: subprocess.Popen[bytes] | None = None

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def root(self) -> Path:
        return self.folder / "notebooks"

    def start(self) -> None:
        """Return when it answers."""
        self.root.mkdir(parents=True, exist_ok=True)
        settings = self.folder / "settings/@jupyterlab/apputils-extension/notification.jupyterlab-settings"
        settings.parent.mkdir(parents=True, exist_ok=True)
        settings.write_text(json.dumps(_QUIET))
        if self.without_extension:
            page = self.folder / "config/labconfig/page_config.json"
            page.parent.mkdir(parents=True, exist_ok=True)
            page.write_text(json.dumps({"disabledExtensions": {"jupyter-aml": True}}))
        own = {
            "JUPYTER_CONFIG_DIR": "config", "JUPYTER_DATA_DIR": "data", "JUPYTER_RUNTIME_DIR": "runtime",
            "IPYTHONDIR": "ipython", "JUPYTERLAB_SETTINGS_DIR": "settings", "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
        }  # fmt: skip
        env = {**os.environ, **{name: str(self.folder / value) for name, value in own.items()}}
        words = [
            "--allow-root", "--no-browser", "--ServerApp.ip=127.0.0.1", f"--ServerApp.port={self.port}",
            "--ServerApp.port_retries=0", f"--IdentityProvider.token={TOKEN}", f"--ServerApp.root_dir={self.root}",
            *_EXPOSE[self.app],
        ]  # fmt: skip
        module = {"lab": "jupyterlab", "notebook": "notebook", "server": "jupyter_server"}[self.app]
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", module, *words],
                env={**env, "JUPYTER_AML_HOME": str(self.home)},
                cwd=self.root,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        self._until_it_answers()

    def _until_it_answers(self) -> None:
        until = time.monotonic() + LIMIT
        while True:
            try:
                self._learn_port()
                self.api("/api/status")
            except (OSError, ValueError):  # no file yet, half of it, or nobody who answers
                assert self.process is not None
                assert self.process.poll() is None, (self.folder / "server.log").read_text()[-3000:]
                assert time.monotonic() < until, (self.folder / "server.log").read_text()[-3000:]
                time.sleep(0.1)
            else:
                return

    def _learn_port(self) -> None:
        assert self.process is not None
        told = self.folder / f"runtime/jpserver-{self.process.pid}.json"
        self.port = int(json.loads(told.read_text())["port"])

    def api(self, path: str, method: str = "GET") -> Any:
        request = Request(self.base + path, method=method, headers={"Authorization": f"token {TOKEN}"})
        with urlopen(request, timeout=LIMIT) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def kill(self) -> None:
        """End it hard, as a power cut would; its kernels are left behind."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(LIMIT)

    def stop(self) -> None:
        """End its kernels, then itself."""
        if self.process is None or self.process.poll() is not None:
            return
        for kernel in self.api("/api/kernels"):
            self.api(f"/api/kernels/{kernel['id']}", "DELETE")
        self.process.terminate()
        self.process.wait(LIMIT)


@dataclass
class Notebook:
    """A notebook in the browser."""

    page: Page
    server: Server
    name: str
    outside: list[str]

    @property
    def path(self) -> Path:
        return self.server.root / self.name

    @property
    def view(self) -> Locator:
        """The view of the first run that is shown."""
        return self.page.locator(".jp-OutputArea-output article.aml-run").first

    def open(self) -> None:
        """Load the page; return when the notebook and its kernel are there."""
        where = "lab/tree" if self.server.app == "lab" else "notebooks"
        self.page.goto(f"{self.server.base}/{where}/{self.name}?token={TOKEN}&reset")
        self.page.wait_for_function("window.jupyterapp !== undefined", timeout=LIMIT * 1000)
        self.page.evaluate(_READY, self.name)

    def shows(self, text: str) -> None:
        """Return when the view says that."""
        expect(self.view).to_contain_text(text, timeout=LIMIT * 1000)

    def last_step(self) -> int:
        """The last step that the log in sight tells of; -1 while it tells of none."""
        rows = " ".join(self.view.get_by_text("step ").all_inner_texts())
        return max(map(int, re.findall(r"step (\d+)", rows)), default=-1)

    def goes_on(self) -> None:
        """Return when the log in sight has grown."""
        seen, until = self.last_step(), time.monotonic() + LIMIT
        while self.last_step() <= seen:
            assert time.monotonic() < until, f"still at step {seen}"
            self.page.wait_for_timeout(50)

    def command(self, name: str, **args: str) -> None:
        """A command of JupyterLab, begun and not awaited."""
        self.page.evaluate("([name, args]) => void window.jupyterapp.commands.execute(name, args)", [name, args])

    def theme(self, name: str) -> None:
        """Put on that theme; return when it has faded in."""
        self.command("apputils:change-theme", theme=name)
        expect(self.page.locator("body")).to_have_attribute("data-jp-theme-name", name)
        self.page.evaluate(_STILL)

    def restart_kernel(self) -> None:
        """The kernel of this notebook, as its menu does it; nothing is run again."""
        self.page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")

    def run_all(self) -> None:
        self.command("notebook:run-all-cells")

    def is_busy(self) -> bool:
        """Whether a cell runs. The kernel's own word is of no use: messages of widgets are answered beside a cell."""
        return self.page.locator(".jp-InputPrompt", has_text="[*]").count() > 0

    def save(self) -> None:
        self.page.evaluate("() => window.jupyterapp.shell.currentWidget.context.save()")

    def saved(self) -> Any:
        return nbformat.read(self.path, as_version=4)


OpenNotebook = Callable[..., Notebook]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments, timeout=PATIENCE)
        yield started
        started.close()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One home for all tests of a file: a server takes its time to start."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        yield from made_home(tmp_path_factory.mktemp("lab"), monkeypatch)


@pytest.fixture(scope="module")
def app() -> App:
    """What is started; a file may say something else."""
    return "lab"


@pytest.fixture(scope="module")
def without_extension() -> bool:
    """Whether the front end is one that never heard of us; a file may say so."""
    return False


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, home: Path, app: App, without_extension: bool) -> Iterator[Server]:
    one = Server(tmp_path_factory.mktemp("server"), home, app, without_extension)
    one.start()
    yield one
    one.stop()


@pytest.fixture
def notebook(server: Server, chromium: Browser) -> Iterator[OpenNotebook]:
    """Opens a notebook of these cells; fails when its page asked for anything elsewhere."""
    pages = list[Notebook]()

    def open_one(*cells: str, name: str = "run.ipynb", **options: Any) -> Notebook:
        made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
        made.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
        if not (server.root / name).exists():
            nbformat.write(made, server.root / name)
        page = chromium.new_page(viewport={"width": 1400, "height": 1000}, **options)
        page.set_default_timeout(LIMIT * 1000)
        outside = list[str]()

        def cut(route: Any) -> None:
            if route.request.url.startswith((server.base, "data:", "blob:")):
                route.continue_()
            else:
                outside.append(route.request.url)
                route.abort()

        page.route("**/*", cut)
        pages.append(Notebook(page, server, name, outside))
        pages[-1].open()
        return pages[-1]

    yield open_one
    for one in pages:
        one.page.close()
        assert one.outside == []


@pytest.fixture
def client(home: Path) -> MLClient:
    return MLClient.default()

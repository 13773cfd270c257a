"""A run in JupyterLab: live, through restarts, in any theme; in the saved notebook, and long after."""

import subprocess
import sys
from pathlib import Path
from typing import Final

import nbformat
import pytest
from playwright.sync_api import Browser, Route, expect

from jupyter_aml import MLClient
from tests.journeys.lab.conftest import LIMIT, OpenNotebook, Server
from tests.journeys.lab.jobs import SETUP, running
from tests.journeys.run_view.component.conftest import AXE, SOURCES

pytestmark = [pytest.mark.browser, pytest.mark.slow]
IN_FRONT: Final = """async path => {
  const { commands, shell } = window.jupyterapp;
  await commands.execute('docmanager:open', { path });
  while (shell.currentWidget?.context?.path !== path) await new Promise(done => setTimeout(done, 50));
  await shell.currentWidget.context.ready;
}"""
CELLS: Final = """() => Object.fromEntries([...window.jupyterapp.shell.widgets('main')].map(one =>
  [one.context.path, [...one.context.model.cells].map(cell => cell.sharedModel.getSource())]))"""


def test_a_view_outlives_its_kernel_and_tells_of_the_end(notebook: OpenNotebook, tmp_path: Path) -> None:
    shown = notebook(SETUP, running("outliving", flag := tmp_path / "stop"), name="outliving.ipynb")
    shown.run_all()
    shown.shows("Running")
    expect(shown.view.locator("canvas, svg").first).to_be_visible()
    shown.view.get_by_role("tab", name="Outputs + logs").click()
    shown.goes_on()
    shown.restart_kernel()
    shown.goes_on()
    flag.touch()
    shown.shows("Completed")
    expect(shown.page.get_by_text("outliving: Completed")).to_be_visible()
    expect(shown.view.get_by_role("tab", name="Outputs + logs")).to_have_attribute("aria-selected", "true")


def test_cancel_works_while_a_cell_keeps_the_kernel_busy(
    notebook: OpenNotebook, client: MLClient, tmp_path: Path
) -> None:
    job, busy = running("unwanted", tmp_path / "stop"), "import time\ntime.sleep(600)"
    shown = notebook(SETUP, job, busy, name="busy.ipynb")
    shown.run_all()
    shown.shows("Running")
    shown.view.get_by_role("button", name="Cancel").click()
    shown.shows("Canceled")
    assert shown.is_busy()
    assert client.jobs.get("unwanted").status == "Canceled"


def test_a_cell_goes_back_to_the_notebook_that_was_in_front_when_it_was_asked_for(
    notebook: OpenNotebook, server: Server
) -> None:
    shown = notebook(SETUP, "%%aml_job --name restored\nprint(1)", name="restored.ipynb")
    shown.run_all()
    shown.shows("Completed")
    nbformat.write(nbformat.v4.new_notebook(metadata=shown.saved().metadata), server.root / "other.ipynb")
    shown.page.evaluate(IN_FRONT, "other.ipynb")
    shown.page.evaluate(IN_FRONT, "restored.ipynb")
    shown.view.get_by_role("tab", name="Snapshot").click()
    on_its_way = list[Route]()

    def hold(route: Route) -> None:
        on_its_way.append(route)

    shown.page.route("**/ask/code*", hold)
    shown.view.get_by_role("button", name="Restore the cell").click()
    while not on_its_way:
        shown.page.wait_for_timeout(50)
    shown.page.evaluate(IN_FRONT, "other.ipynb")
    before = shown.page.evaluate(CELLS)
    on_its_way[0].continue_()
    shown.page.wait_for_function(f"before => JSON.stringify(({CELLS})()) !== JSON.stringify(before)", arg=before)
    after = shown.page.evaluate(CELLS)
    assert after.pop("other.ipynb") == before["other.ipynb"]
    heads = [text.split()[0] for text in after["restored.ipynb"]]
    assert heads == ["%load_ext", "%%aml_job", "%%aml_job"]


def test_a_server_that_was_killed_shows_the_run_again_and_runs_no_cell(
    notebook: OpenNotebook, server: Server, tmp_path: Path
) -> None:
    shown = notebook(SETUP, running("surviving", flag := tmp_path / "stop"), name="surviving.ipynb")
    shown.run_all()
    shown.shows("Running")
    shown.save()
    before = shown.path.read_bytes()
    for kernel in server.api("/api/kernels"):
        server.api(f"/api/kernels/{kernel['id']}", "DELETE")
    server.kill()
    server.start()
    shown.open()
    shown.shows("Running")
    shown.view.get_by_role("tab", name="Outputs + logs").click()
    shown.goes_on()
    flag.touch()
    shown.shows("Completed")
    assert shown.path.read_bytes() == before


def test_the_saved_notebook_is_small_and_is_read_with_no_kernel_and_no_network(
    notebook: OpenNotebook, chromium: Browser, tmp_path: Path
) -> None:
    shown = notebook(SETUP, running("kept", flag := tmp_path / "stop"), name="kept.ipynb")
    shown.run_all()
    shown.shows("Running")
    flag.touch()
    shown.shows("Completed")
    shown.page.wait_for_function(
        """() => window.jupyterapp.shell.currentWidget.content.widgets[1].model.sharedModel.outputs
          .some(output => JSON.stringify(output).includes('Completed'))""",
        timeout=LIMIT * 1000,
    )
    shown.save()
    outputs = shown.saved().cells[1].outputs
    assert len(shown.path.read_bytes()) < 60_000
    assert "widgets" not in shown.saved().metadata
    assert any("Completed" in "".join(one.data["text/html"]) for one in outputs)
    words = [sys.executable, "-m", "nbconvert", "--to", "html", "--output-dir", str(tmp_path), str(shown.path)]
    subprocess.run(words, check=True, capture_output=True)
    page = chromium.new_page()
    asked = list[str]()
    page.on("request", lambda request: asked.append(request.url))
    page.route("**/*", lambda route: route.continue_() if route.request.url.startswith("file:") else route.abort())
    page.goto((tmp_path / "kept.html").as_uri())
    expect(page.locator(".aml-run").first).to_contain_text("Completed")
    ours = [url for url in asked if not url.startswith(("file:", "data:"))]
    page.close()
    assert [url for url in ours if "mathjax" not in url.lower() and "require" not in url] == []


def test_nothing_is_hard_to_read_or_reach_in_any_theme(notebook: OpenNotebook, tmp_path: Path) -> None:
    shown = notebook(SETUP, running("themed", flag := tmp_path / "stop"), name="themed.ipynb")
    shown.run_all()
    shown.shows("Running")
    flag.touch()
    shown.shows("Completed")
    shown.page.evaluate((SOURCES / "node_modules/axe-core/axe.min.js").read_text())
    grounds = set[str]()
    for theme in ("JupyterLab Light", "JupyterLab Dark", "JupyterLab Dark High Contrast"):
        shown.theme(theme)
        grounds.add(str(shown.view.evaluate("node => getComputedStyle(node).backgroundColor")))
        for tab in ("Details", "Metrics", "Outputs + logs", "Snapshot"):
            shown.view.get_by_role("tab", name=tab).click()
            found = shown.page.evaluate(AXE.replace("document)", "{include: [['.jp-AMLRun']]})"))
            assert found == [], (theme, tab)
    assert len(grounds) > 1

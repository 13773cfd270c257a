"""A front end that never heard of us: the view comes as a widget, goes on while cells run, and ends as static HTML."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from jupyter_aml import MLClient
from tests.journeys.lab.conftest import LIMIT, OpenNotebook
from tests.journeys.lab.jobs import SETUP, running

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def without_extension() -> bool:
    return True


def test_a_widget_follows_its_run_while_a_cell_keeps_the_kernel_busy(
    notebook: OpenNotebook, client: MLClient, tmp_path: Path
) -> None:
    busy = f"import os\nwhile not os.path.exists({str(tmp_path / 'idle')!r}): pass"
    shown = notebook(SETUP, running("pushed", flag := tmp_path / "stop"), busy, name="busy.ipynb")
    shown.run_all()
    shown.shows("Running")
    shown.view.get_by_role("tab", name="Outputs + logs").click()
    shown.goes_on()
    assert shown.is_busy()
    flag.touch()
    expect(shown.page.locator(".jp-OutputArea-output").get_by_role("tablist")).to_have_count(0, timeout=LIMIT * 1000)
    expect(shown.page.locator(".jp-OutputArea-output .aml-run").last).to_contain_text("Completed")
    (tmp_path / "idle").touch()
    client.jobs.wait("pushed", LIMIT)
    shown.save()
    kinds = {kind for output in shown.saved().cells[1].outputs for kind in output.data}
    assert "application/vnd.jupyter.widget-view+json" not in kinds
    assert "widgets" not in shown.saved().metadata


def test_a_widget_answers_what_is_asked(notebook: OpenNotebook, tmp_path: Path) -> None:
    shown = notebook(SETUP, running("asked", flag := tmp_path / "stop"), name="asked.ipynb")
    shown.run_all()
    shown.shows("Running")
    shown.view.get_by_role("tab", name="Metrics").click()
    expect(shown.view.get_by_text("loss", exact=True).first).to_be_visible()
    shown.view.get_by_role("tab", name="Snapshot").click()
    shown.view.get_by_role("button", name="Cancel").click()
    expect(shown.page.locator(".jp-OutputArea-output .aml-run").last).to_contain_text("Canceled", timeout=LIMIT * 1000)
    flag.touch()
